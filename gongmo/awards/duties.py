"""The days on which an agreement's duties fall, from the definition's rules. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from gongmo.calls.due import works
from gongmo.definition.agreement import Duty
from gongmo.definition.model import Definition

LAST_MONTH, LAST_DAY = 12, 31


@dataclass(frozen=True, slots=True)
class DueDuty:
    """A duty on its day. `day` lies on a working day: a last day on which offices are closed moves on."""

    duty: Duty
    day: date
    of_year: int | None = None


def duties_of(definition: Definition, starts: date, ends: date) -> list[DueDuty]:
    """Every duty of an agreement of that period, by day. Yearly ones fall in each calendar year that the period touches."""
    terms = definition.agreement
    found: list[DueDuty] = []
    for duty in terms.duties if terms is not None else ():
        due, days = duty.due, timedelta(days=duty.due.days or 0)
        if due.kind == "on" and due.on is not None:
            found.append(DueDuty(duty, _working(due.on)))
        elif due.kind == "after_start":
            found.append(DueDuty(duty, _working(starts + days)))
        elif due.kind == "after_end":
            found.append(DueDuty(duty, _working(ends + days)))
        else:
            for year in range(starts.year, ends.year + 1):
                end = date(year, LAST_MONTH, LAST_DAY)
                day = end - days if due.kind == "before_year_end" else min(end, ends) + days
                if due.kind == "after_year_end" or starts <= day <= ends:
                    found.append(DueDuty(duty, _working(day), year))
    return sorted(found, key=lambda each: (each.day, each.duty.id))


def _working(day: date) -> date:
    while not works(day):
        day += timedelta(days=1)
    return day
