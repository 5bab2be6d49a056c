"""What is asked and what is answered, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from gongmo.kernel.canonical import digest
from gongmo.registers.outcomes import Outcome, Register
from gongmo.registers.trouble import Trouble


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to ask a register: the number that it is about, and what else the question holds (name, value), sorted.

    business_status: number is the business number. business_validation: the same, with `start_dt` (YYYYMMDD) and `p_nm`.
    accounts: the corporate number, with `year`. outline: the corporate number, with `name` and `founded` (YYYYMMDD) to compare.
    holidays: the year as number, with `month`.
    """

    register: Register
    number: str
    details: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, register: Register, number: str, **details: str) -> "Question":
        return cls(register, number, tuple(sorted((name, value) for name, value in details.items() if value)))

    def detail(self, name: str) -> str:
        return dict(self.details).get(name, "")

    @property
    def digest(self) -> str:
        """What makes two questions the same. Details may name a person: only their hash is kept with the answer."""
        return digest([self.register.value, self.number, self.details])


@dataclass(frozen=True, slots=True)
class Said:
    """What a register said to one question. `as_of` is the day for which it speaks; `payload` holds the documented fields that were kept."""

    question: Question
    outcome: Outcome
    payload: Mapping[str, Any]
    as_of: date


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it is known: kept (with its `id`), or none (`outcome` UNAVAILABLE, with its trouble).

    `cached`: it was known already and still fresh, so that nothing was asked.
    """

    register: Register
    number: str
    outcome: Outcome
    asked_at: datetime
    as_of: date | None = None
    payload: Mapping[str, Any] | None = None
    id: int | None = None
    trouble: Trouble | None = None
    detail: str = ""
    cached: bool = False
