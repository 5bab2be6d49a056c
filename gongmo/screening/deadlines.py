"""By when an exclusion may be objected to, and by when the operator answers: the periods that the call's definition gives."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from gongmo.calls.due import due_day
from gongmo.definition.model import Definition, Period
from gongmo.kernel.clock import SEOUL

OBJECTION = ("exclusion_objection", "objection")
ANSWER = ("exclusion_objection_answer", "objection_answer")
"""Ids of the periods, the first that a definition has: one for exclusions alone, or the one for every decision."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day of a period (Seoul), the instant that ends it (excluded), and the period it comes from."""

    day: date
    ends: datetime
    period: Period


def objection_deadline(definition: Definition, told_at: datetime) -> Deadline | None:
    """Until when an exclusion told at that instant may be objected to. None where the call gives no such right."""
    return _deadline(definition, OBJECTION, told_at)


def answer_deadline(definition: Definition, filed_at: datetime) -> Deadline | None:
    """Until when an objection filed at that instant is to be answered. None where the call promises no day."""
    return _deadline(definition, ANSWER, filed_at)


def last_day(ends: datetime) -> date:
    """The last day (Seoul) before an excluded end."""
    return (ends - timedelta(microseconds=1)).astimezone(SEOUL).date()


def _deadline(definition: Definition, ids: tuple[str, ...], since: datetime) -> Deadline | None:
    periods = {period.id: period for period in definition.periods}
    period = next((periods[each] for each in ids if each in periods), None)
    if period is None:
        return None
    day = due_day(period, since)
    return Deadline(day, datetime.combine(day + timedelta(days=1), time(), SEOUL), period)
