"""What a register's answer says of a call's question, as of which day. Pure: the same answer gives the same fact.

A register speaks of the day on which it was asked, seldom of the closing day. So each fact says on which day it rests (`basis`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from gongmo.definition.application import Truth
from gongmo.definition.base import Text
from gongmo.definition.registers import AccountsLookup, StatusLookup
from gongmo.kernel.korean import day, won
from gongmo.rules.values import text


class Basis(StrEnum):
    """On which day a fact rests: the closing day itself, a day that the register names, or the day on which it was asked."""

    CLOSING = "closing"
    DATED = "dated"
    ASKED = "asked"


@dataclass(frozen=True, slots=True)
class Heard:
    """What a register answered: its outcome, the documented fields that were kept, the day (Seoul) on which it was asked."""

    outcome: str
    payload: Mapping[str, Any]
    asked_on: date


@dataclass(frozen=True, slots=True)
class Drawn:
    """The fact that follows: "yes" holds from `since` (None: open). `because` says it in words."""

    value: Truth
    as_of: date
    basis: Basis
    because: Text
    since: date | None = None


_WORDS = {
    "match": text("계속사업자", "in business"),
    "suspended": text("휴업", "suspended"),
    "closed": text("폐업", "closed"),
    "unregistered": text("등록되지 않은 번호", "number not registered"),
}


def from_status(lookup: StatusLookup, heard: Heard, *, judged_on: date) -> Drawn | None:
    """The fact that a business status gives for the day on which facts are judged; None where it gives none (unavailable, mismatch)."""
    told = _WORDS.get(heard.outcome)
    if told is None:
        return None
    basis = Basis.CLOSING if heard.asked_on == judged_on else Basis.ASKED
    asked = text(f"{day(heard.asked_on)} 조회: {told.ko}", f"asked on {heard.asked_on}: {told.en}")
    if heard.outcome == "match":
        return Drawn(Truth.NO, heard.asked_on, basis, asked)
    if heard.outcome in lookup.unsettled:
        return Drawn(Truth.UNKNOWN, heard.asked_on, basis, asked)
    if heard.outcome not in lookup.excludes:
        return None
    since = _day(heard.payload.get("end_dt"))
    if since is not None:
        because = text(f"{asked.ko}, {day(since)}부터", f"{asked.en}, since {since}")
        return Drawn(Truth.YES, heard.asked_on, Basis.DATED, because, since)
    if heard.asked_on <= judged_on:
        return Drawn(Truth.YES, heard.asked_on, basis, asked)
    because = text(
        f"{asked.ko}. 언제부터인지 알 수 없어 {day(judged_on)} 기준으로는 증명서 확인이 필요합니다.",
        f"{asked.en}. Since when is not told: for {judged_on} a certificate is needed.",
    )
    return Drawn(Truth.UNKNOWN, heard.asked_on, Basis.ASKED, because)


def decided(lookup: StatusLookup, answers: Sequence[Heard], *, judged_on: date) -> Drawn | None:
    """The fact of several answers on one business, oldest first.

    A day that the register names outweighs all (a closing may be registered after the fact); then the first answer of the day on which facts
    are judged; then the newest.
    """
    drawn = [
        found for heard in answers if (found := from_status(lookup, heard, judged_on=judged_on)) is not None
    ]
    if not drawn or drawn[-1].basis is Basis.DATED:
        return drawn[-1] if drawn else None
    return next((each for each in drawn if each.basis is Basis.CLOSING), drawn[-1])


def from_accounts(lookup: AccountsLookup, heard: Heard) -> Drawn | None:
    """The fact that a summary of accounts gives; None where there is none. The latest closed accounts are the same whenever they are asked for."""
    statements = heard.payload.get("statements") or {}
    kind = next((each for each in lookup.statements if each in statements), None)
    if heard.outcome != "match" or kind is None:
        return None
    equity = int(statements[kind]["equity"])
    names = {"separate": text("별도", "separate"), "consolidated": text("연결", "consolidated")}
    year = heard.payload.get("bizYear", "")
    because = text(
        f"{year}년 {names[kind].ko}재무제표 자본총계 {won(equity)}",
        f"total equity in the {names[kind].en} accounts of {year}: KRW {equity:,}",
    )
    value = Truth.YES if equity <= lookup.equity_at_most else Truth.NO
    return Drawn(value, heard.asked_on, Basis.DATED, because)


def accounts_year(lookup: AccountsLookup, closing: date) -> int:
    """The year whose accounts are the latest closed ones on the closing day."""
    return closing.year - lookup.years_before


def _day(value: object) -> date | None:
    told = str(value or "")
    if len(told) != 8 or not told.isdecimal():
        return None
    try:
        return date.fromisoformat(told)
    except ValueError:
        return None
