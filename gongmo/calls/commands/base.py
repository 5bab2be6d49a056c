"""What the call commands share: locking a call, freezing a version."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from pydantic import ValidationError

from gongmo.calls.cards import write_card
from gongmo.calls.models import Call, CallVersion
from gongmo.calls.tasks import print_version
from gongmo.calls.values import ANNOUNCEMENT_LIMIT, Announcement
from gongmo.definition.model import Definition
from gongmo.kernel.canonical import canonical_json, sha256_hex
from gongmo.kernel.clock import SEOUL
from gongmo.kernel.errors import BadInput, NotFound
from gongmo.ledger.locks import lock

EARLIEST, LATEST = 1900, 2200
"""The years of a definition's instants (definition.base.Instant)."""


def locked(call_id: int) -> Call:
    """The call, locked until the end of the transaction. Raises NotFound."""
    if not lock(Call, call_id):
        raise NotFound
    call = Call.objects.select_related("operator", "version", "parent").get(pk=call_id)
    if call.version is None:
        raise NotFound
    return call


def freeze(
    call: Call,
    definition: Definition,
    *,
    number: int,
    at: datetime,
    reason: str = "",
    changes: Sequence[dict[str, Any]] = (),
    announcement: Announcement | None = None,
) -> CallVersion:
    """Keep a definition as the call's version in force. The frozen text carries the call's slug and the version number.

    Without an announcement the one of the version before stays. The call's card is renewed. Raises BadInput for one that could not be read back: every page of the call, and the lists that show it, would fail for good.
    """
    frozen = definition.model_copy(update={"id": call.slug, "version": number})
    text = canonical_json(frozen.model_dump(mode="json"))
    try:
        Definition.model_validate_json(text)
    except ValidationError as error:
        raise _unreadable() from error
    if announcement is None:
        before = call.version
        announcement = (
            Announcement(before.announcement_ko, before.announcement_en) if before else Announcement()
        )
    version = CallVersion.objects.create(
        announcement_ko=announcement.ko,
        announcement_en=announcement.en,
        call=call,
        number=number,
        definition=text,
        sha256=sha256_hex(text),
        published_at=at,
        reason=reason,
        changes=list(changes),
    )
    call.version = version
    call.title_ko, call.title_en = definition.title.ko, definition.title.en
    call.save(update_fields=["version", "title_ko", "title_en"])
    write_card(call, frozen)
    print_version.enqueue(key=f"calls.print:{version.pk}", version=version.pk)
    return version


def with_window(definition: Definition, opens: datetime, closes: datetime) -> Definition:
    """The definition with another intake window. Milestones and channels that stood for its old days move with it.

    Raises BadInput for instants that no definition can hold.
    """
    if not all(EARLIEST <= each.year <= LATEST for each in (opens, closes)):
        raise _unreadable()
    intake = definition.intake
    old_start, old_end = _day(intake.opens), _day(intake.closes)
    start, end = _day(opens), _day(closes)
    channels = tuple(
        channel.model_copy(update={"due_on": end}) if channel.due_on == old_end else channel
        for channel in intake.channels
    )
    milestones = tuple(
        milestone.model_copy(update={"starts": start, "ends": end})
        if (milestone.starts, milestone.ends) == (old_start, old_end)
        else milestone
        for milestone in definition.milestones
    )
    changed = intake.model_copy(
        update={"opens": opens.astimezone(SEOUL), "closes": closes.astimezone(SEOUL), "channels": channels}
    )
    return definition.model_copy(update={"intake": changed, "milestones": milestones})


def _unreadable() -> BadInput:
    return BadInput(
        "window_unreadable",
        "이 날짜로는 공고를 낼 수 없습니다. 접수 시작과 마감의 연도를 확인해 주세요.",
        "The call cannot be published with these days. Check the years in which intake opens and closes.",
        field="closes_at",
    )


def _day(instant: datetime) -> date:
    return instant.astimezone(SEOUL).date()


def said(value: str, *, field: str, ko: str, en: str, limit: int = 4000) -> str:
    """A text that a person must give, trimmed. Raises BadInput where it is empty or longer than `limit` letters."""
    # Forms send each line's end as two letters, while browsers (and people) count one.
    text = value.replace("\r\n", "\n").strip()
    if not text:
        raise BadInput(f"{field}_missing", ko, en, field=field)
    if len(text) > limit:
        raise BadInput(
            f"{field}_too_long",
            f"{limit:,}자 이내로 줄여 주세요. 지금은 {len(text):,}자입니다.",
            f"Shorten this to {limit:,} letters; it has {len(text):,}.",
            field=field,
        )
    return text


def readable(announcement: Announcement) -> Announcement:
    """The announcement with plain line ends. Raises BadInput where a text is too long or holds what no page can show."""
    texts = []
    for field, text in (("announcement_ko", announcement.ko), ("announcement_en", announcement.en)):
        kept = text.replace("\r\n", "\n").strip()
        if "\0" in kept or len(kept) > ANNOUNCEMENT_LIMIT:
            raise BadInput(
                "announcement_unreadable",
                f"안내문은 글자로만 {ANNOUNCEMENT_LIMIT:,}자까지 실을 수 있습니다. 파일을 확인해 주세요.",
                f"An announcement is plain text of at most {ANNOUNCEMENT_LIMIT:,} letters. Check the file.",
                field=field,
            )
        texts.append(kept)
    return Announcement(*texts)
