"""By when something is due that a definition gives so many days for."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import lru_cache

import holidays

from gongmo.definition.model import Definition, Period
from gongmo.kernel.clock import SEOUL

ANSWER = "question_answer"
"""The period's id under which a definition says in how many days questions are answered."""


@lru_cache(maxsize=16)
def _holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("KR", years=year))


_further: list[Callable[[int], frozenset[date]]] = []


def further_days_off(of_year: Callable[[int], frozenset[date]]) -> None:
    """Have a floor above name further days off of a year (holidays declared at short notice, which the library cannot know)."""
    _further.append(of_year)


def works(day: date) -> bool:
    """Whether offices work on that day in Korea: neither a weekend nor a public holiday."""
    if day.weekday() >= 5 or day in _holidays(day.year):
        return False
    return all(day not in of_year(day.year) for of_year in _further)


def due_day(period: Period, since: datetime) -> date:
    """The last day of the period, Seoul. The day on which it begins does not count; where the definition says so, an end on a day off
    moves to the next working day."""
    day = since.astimezone(SEOUL).date()
    if period.unit == "working":
        left = period.days
        while left:
            day += timedelta(days=1)
            left -= works(day)
        return day
    day += timedelta(days=period.days)
    while period.roll_to_working_day and not works(day):
        day += timedelta(days=1)
    return day


def answer_due(definition: Definition, asked_at: datetime) -> date | None:
    """The day by which a question is to be answered, None where the call promises none."""
    for period in definition.periods:
        if period.id == ANSWER:
            return due_day(period, asked_at)
    return None
