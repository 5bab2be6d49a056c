"""Reading what a form brought: days, instants and choices, or BadInput at their field."""

from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from gongmo.kernel import numbers
from gongmo.kernel.clock import SEOUL
from gongmo.kernel.errors import BadInput

E = TypeVar("E", bound=StrEnum)


def day(text: str, field: str) -> date | None:
    """A day as browsers send it ("2030-03-15"); None when the field is empty."""
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise BadInput(
            "not_a_day", "날짜를 2030-03-15처럼 적어 주세요.", "Give the day as 2030-03-15.", field=field
        ) from None


def needed_day(text: str, field: str) -> date:
    """The same, where a day is needed."""
    found = day(text, field)
    if found is None:
        raise BadInput("day_missing", "날짜를 골라 주세요.", "Choose a day.", field=field)
    return found


def instant(text: str, field: str) -> datetime:
    """A day and time in Seoul as browsers send it ("2030-03-15T17:00")."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise BadInput(
            "not_an_instant", "기한의 날짜와 시각을 골라 주세요.", "Choose day and time.", field=field
        ) from None
    return found if found.tzinfo is not None else found.replace(tzinfo=SEOUL)


def choice(kind: type[E], text: str, field: str) -> E:
    """One of the values of an enumeration."""
    try:
        return kind(text)
    except ValueError:
        raise BadInput("not_chosen", "하나를 골라 주세요.", "Choose one.", field=field) from None


def row(text: str, kind: numbers.Kind, field: str) -> int:
    """The number of the row of that kind whose token was chosen from a list."""
    found = numbers.sent(text, kind)
    if found is None:
        raise BadInput("not_chosen", "하나를 골라 주세요.", "Choose one.", field=field)
    return found


def number(text: str, field: str) -> int:
    """The id of something chosen from a list."""
    if not text.isdecimal():
        raise BadInput("not_chosen", "하나를 골라 주세요.", "Choose one.", field=field)
    return int(text)
