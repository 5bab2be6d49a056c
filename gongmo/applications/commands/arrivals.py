"""What comes by letter, post and e-mail, registered by the operator."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db import transaction

from gongmo.applications.commands.base import locked
from gongmo.applications.models import Application, Arrival
from gongmo.applications.policies import may_register_arrival
from gongmo.applications.queries.arrivals import applications_by_code
from gongmo.calls.models import Call
from gongmo.calls.policies import operates
from gongmo.calls.queries import definition_of
from gongmo.files.names import safe_name
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.clock import SEOUL
from gongmo.kernel.errors import BadInput, NotFound
from gongmo.ledger.commands import append

MOST_FILES = 50
MOST_AT_ONCE = 500


class Taken(StrEnum):
    """What became of one line of a register."""

    REGISTERED = "registered"
    KNOWN = "known"
    OTHER_DAY = "other_day"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a register as somebody scanned or typed it: a code (of the cover sheet, or a receipt number) and a note."""

    code: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a line; `arrival` is what stands now, `application` the one that the code names (None: none)."""

    line: Line
    taken: Taken
    application: Application | None = None
    arrival: Arrival | None = None


def register_arrival(
    *,
    actor: Actor,
    application_id: int,
    channel: str,
    arrived_on: date,
    note: str = "",
    files: Sequence[str] = (),
) -> Arrival:
    """Register what came by another channel, with the day in Seoul on which it came. Registering again corrects it.

    `files` names the files that came with it (too large for an upload). Earlier and later day stay in the record. Raises
    BadInput for a channel that the call does not have and for a day to come.
    """
    with transaction.atomic():
        application = locked(actor, application_id)
        may_register_arrival.require(actor, application)
        _require_channel(application.call, channel)
        _require_day(arrived_on)
        names = _names(files)
        if len(note) > 300:
            raise BadInput(
                "note_too_long",
                "메모는 300자 이내로 적어 주세요.",
                "Keep the note within 300 letters.",
                field="note",
            )
        return _write(actor, application, channel, arrived_on, note.strip(), names)


def register_arrivals(
    *, actor: Actor, call_id: int, channel: str, arrived_on: date, lines: Sequence[Line]
) -> list[Outcome]:
    """Register many at once by their codes; each line is judged alone, and its outcome told in the same order.

    What is registered already is left as it is: on the same day it is known, on another day both days are told.
    """
    call = Call.objects.select_related("version").filter(pk=call_id).first()
    if call is None or not operates(actor, call):
        raise NotFound
    _require_channel(call, channel)
    _require_day(arrived_on)
    if len(lines) > MOST_AT_ONCE:
        raise BadInput(
            "too_many_lines",
            f"한 번에 {MOST_AT_ONCE}줄까지 등록할 수 있습니다. 나누어 붙여 넣어 주세요.",
            f"Up to {MOST_AT_ONCE} lines at once. Paste them in parts.",
            field="codes",
        )
    named = applications_by_code(actor, call, [line.code for line in lines])
    found: list[Outcome] = []
    for line in lines:
        application_id = named.get(line.code)
        if application_id is None:
            found.append(Outcome(line, Taken.UNKNOWN))
            continue
        with transaction.atomic():
            application = locked(actor, application_id)
            may_register_arrival.require(actor, application)
            standing = Arrival.objects.filter(application=application, channel=channel).first()
            if standing is not None:
                taken = Taken.KNOWN if standing.arrived_on == arrived_on else Taken.OTHER_DAY
                found.append(Outcome(line, taken, application, standing))
                continue
            arrival = _write(actor, application, channel, arrived_on, line.note.strip()[:300], [])
            found.append(Outcome(line, Taken.REGISTERED, application, arrival))
    return found


def undo_arrival(*, actor: Actor, application_id: int, channel: str, reason: str) -> Application:
    """Take back what was registered by mistake. The record keeps both acts and the reason. Raises NotFound where nothing is registered."""
    with transaction.atomic():
        application = locked(actor, application_id)
        may_register_arrival.require(actor, application)
        standing = Arrival.objects.filter(application=application, channel=channel).first()
        if standing is None:
            raise NotFound
        said = reason.strip()
        if not said or len(said) > 300:
            raise BadInput(
                "reason_missing",
                "무엇이 잘못되었는지 300자 이내로 적어 주세요.",
                "Say what was wrong, within 300 letters.",
                field="reason",
            )
        arrived_on = standing.arrived_on
        standing.delete()
        append(
            actor=actor,
            act="applications.undo_arrival",
            subject=("application", application.pk),
            call=application.call.slug,
            payload={"channel": channel, "arrived_on": arrived_on, "reason": said},
        )
    return application


def _write(
    actor: Actor, application: Application, channel: str, arrived_on: date, note: str, files: list[str]
) -> Arrival:
    earlier = (
        Arrival.objects.filter(application=application, channel=channel)
        .values_list("arrived_on", flat=True)
        .first()
    )
    arrival, _ = Arrival.objects.update_or_create(
        application=application,
        channel=channel,
        defaults={
            "arrived_on": arrived_on,
            "note": note,
            "files": files,
            "registered_at": clock.now(),
            "registered_by_id": actor.person,
        },
    )
    append(
        actor=actor,
        act="applications.register_arrival",
        subject=("application", application.pk),
        call=application.call.slug,
        payload={"channel": channel, "arrived_on": arrived_on, "earlier": earlier, "files": files},
    )
    return arrival


def _require_channel(call: Call, channel: str) -> None:
    if channel not in {item.id for item in definition_of(call).intake.channels}:
        raise BadInput(
            "channel_unknown",
            "이 공고에 없는 접수 방법입니다.",
            "The call has no such channel.",
            field="channel",
        )


def _require_day(arrived_on: date) -> None:
    if arrived_on > clock.now().astimezone(SEOUL).date():
        raise BadInput(
            "arrival_in_future",
            "도착일은 오늘이나 그 전이어야 합니다.",
            "The day of arrival is today or earlier.",
            field="arrived_on",
        )


def _names(files: Sequence[str]) -> list[str]:
    names = [safe_name(name) for name in files if name.strip()]
    if len(names) > MOST_FILES:
        raise BadInput(
            "too_many_files",
            f"파일 이름은 {MOST_FILES}개까지 적을 수 있습니다.",
            f"Up to {MOST_FILES} file names.",
            field="files",
        )
    return names
