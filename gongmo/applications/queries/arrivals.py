"""What has arrived by other channels, and what has not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from gongmo.applications.models import Application, Arrival, Submission
from gongmo.applications.papers import read_arrival_code
from gongmo.applications.queries.reading import visible_applications
from gongmo.calls.models import Call
from gongmo.definition import application as plain
from gongmo.definition.model import Channel, Definition
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.clock import SEOUL
from gongmo.kernel.states import Family, Shown
from gongmo.rules.exclusions import closing_day


class ArrivalState(StrEnum):
    ARRIVED = "arrived"
    LATE = "late"
    WAITING = "waiting"
    MISSING = "missing"
    NOT_NEEDED = "not_needed"


SHOWN = {
    ArrivalState.ARRIVED: Shown("도착", "Arrived", Family.DONE),
    ArrivalState.LATE: Shown("기한 뒤 도착", "Arrived late", Family.STOPPED),
    ArrivalState.WAITING: Shown("기다림", "Awaited", Family.PROGRESS),
    ArrivalState.MISSING: Shown("오지 않음", "Missing", Family.ATTENTION),
    ArrivalState.NOT_NEEDED: Shown("해당하면 보냄", "Only if needed", Family.PREPARING),
}


@dataclass(frozen=True, slots=True)
class ChannelState:
    """One channel of one application: until which day it must arrive, what is registered (a row, or the plain value of one; None: nothing)."""

    channel: Channel
    due_on: date
    arrival: Any
    state: ArrivalState

    @property
    def shown(self) -> Shown:
        return SHOWN[self.state]


def channel_states(
    definition: Definition, arrivals: Iterable[Arrival | plain.Arrival], today: date | None = None
) -> tuple[ChannelState, ...]:
    """Every channel of the call for one application, in the definition's order. `today` is the day in Seoul, now when missing."""
    today = today or clock.now().astimezone(SEOUL).date()
    by_channel = {arrival.channel: arrival for arrival in arrivals}
    found: list[ChannelState] = []
    for channel in definition.intake.channels:
        due = channel.due_on or closing_day(definition)
        arrival = by_channel.get(channel.id)
        if arrival is not None:
            state = ArrivalState.ARRIVED if arrival.arrived_on <= due else ArrivalState.LATE
        elif not channel.required:
            state = ArrivalState.NOT_NEEDED
        else:
            state = ArrivalState.WAITING if today <= due else ArrivalState.MISSING
        found.append(ChannelState(channel, due, arrival, state))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One application in the register of arrivals, with the receipt number of the submission that stands ("" without one)."""

    application: Application
    receipt_number: str
    states: tuple[ChannelState, ...]


def register_of(actor: Actor, call: Call, definition: Definition, today: date) -> list[RegisterRow]:
    """Every application of the call that the actor may see, with its channels. Three statements."""
    found = list(visible_applications(actor, call).order_by("pk"))
    arrivals: dict[int, list[Arrival]] = {}
    for arrival in Arrival.objects.filter(application__in=found).select_related("registered_by"):
        arrivals.setdefault(arrival.application_id, []).append(arrival)
    receipts = dict(
        Submission.objects.filter(application__in=found, withdrawn_at__isnull=True).values_list(
            "application_id", "receipt_number"
        )
    )
    return [
        RegisterRow(
            item, receipts.get(item.pk, ""), channel_states(definition, arrivals.get(item.pk, ()), today)
        )
        for item in found
    ]


def applications_by_code(actor: Actor, call: Call, codes: Sequence[str]) -> dict[str, int]:
    """Which application each code names: a cover sheet's code or a receipt number of this call. Two statements."""
    wanted = {code: _tidy(code) for code in codes if code.strip()}
    receipts = {
        number.upper(): application
        for number, application in Submission.objects.filter(
            application__call=call,
            receipt_number__in={form for code in wanted for form in (code.strip(), wanted[code].lower())},
        ).values_list("receipt_number", "application_id")
    }
    read = {code: read_arrival_code(tidy) for code, tidy in wanted.items()}
    visible = set(
        visible_applications(actor, call)
        .filter(pk__in=[number for number in read.values() if number is not None])
        .values_list("pk", flat=True)
    )
    found: dict[str, int] = {}
    for code, tidy in wanted.items():
        number = read[code]
        if number is not None and number in visible:
            found[code] = number
        elif tidy in receipts:
            found[code] = receipts[tidy]
    return found


def _tidy(code: str) -> str:
    """A code as a hand scanner or a person types it: an address's last part, upper case, without spaces."""
    last = code.strip().rstrip("/").rsplit("/", 1)[-1]
    return "".join(last.split()).upper()
