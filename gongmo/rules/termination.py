"""What money follows when an agreement ends before its time. Pure: no clock, no database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from gongmo.definition.base import Text
from gongmo.kernel.errors import BadInput
from gongmo.kernel.korean import won
from gongmo.rules.values import text

DAYS_A_YEAR = 365


@dataclass(frozen=True, slots=True)
class Agreed:
    """Won of one source and form in one year of the agreement."""

    year: int
    source: str
    form: str
    amount: int


@dataclass(frozen=True, slots=True)
class Paid:
    """What was paid of one source for one year, on which day, and how much of it was spent and accepted."""

    year: int
    source: str
    paid: int
    spent: int
    paid_on: date | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """What follows for one source in one year.

    `dropped` is cash that was agreed and will not be paid any more; `returned` what was paid and not spent for the purpose;
    `interest` simple interest on that (None where no rate or no day of payment is known). `known` is False where nobody has
    established yet what was paid: then only `agreed` is told.
    """

    year: int
    source: str
    agreed: int
    paid: int
    spent: int
    dropped: int
    returned: int
    interest: int | None
    days: int | None
    further: bool
    known: bool
    why: Text


@dataclass(frozen=True, slots=True)
class Consequences:
    """All lines by year and source, and their sums. `complete` where every line is known and every return has its interest."""

    lines: tuple[Line, ...]
    dropped: int
    returned: int
    interest: int
    complete: bool


def consequences(
    agreed: Sequence[Agreed], paid: Sequence[Paid], *, on: date, annual: Fraction | None
) -> Consequences:
    """The money that follows when the agreement ends on the day `on`.

    Cash of years after that day's year is dropped whole; in its year and before, what was agreed and not paid is dropped, and what was
    paid and not accepted as spent is returned. Interest is simple: returned x annual x days / 365 from the day of payment, cut
    to whole won. What is in kind is neither paid nor returned. Raises BadInput for more spent than paid, sums below zero,
    a payment twice, or one that lies after `on`.
    """
    cash: dict[tuple[int, str], int] = {}
    for row in agreed:
        if row.form == "cash":
            cash[row.year, row.source] = cash.get((row.year, row.source), 0) + row.amount
    known: dict[tuple[int, str], Paid] = {}
    for entry in paid:
        _check(entry, known, on)
        known[entry.year, entry.source] = entry
    lines = tuple(
        _line(year, source, cash.get((year, source), 0), known.get((year, source)), on, annual)
        for year, source in sorted({*cash, *known})
    )
    return Consequences(
        lines=lines,
        dropped=sum(line.dropped for line in lines),
        returned=sum(line.returned for line in lines),
        interest=sum(line.interest or 0 for line in lines),
        complete=all(line.known and (not line.returned or line.interest is not None) for line in lines),
    )


def interest_on(amount: int, annual: Fraction, days: int) -> int:
    """Simple interest in whole won, cut off: amount x annual x days / 365."""
    return int(amount * annual * days / DAYS_A_YEAR)


def _line(year: int, source: str, agreed: int, paid: Paid | None, on: date, annual: Fraction | None) -> Line:
    further = year > on.year
    if paid is None and not further:
        why = text(
            "얼마를 지급했는지 아직 확인하지 않았습니다. 지급액과 인정된 집행액을 적어 주세요.",
            "Nobody has established yet what was paid. Enter what was paid and what spending is accepted.",
        )
        return Line(year, source, agreed, 0, 0, 0, 0, None, None, further, False, why)
    gave = paid.paid if paid else 0
    spent = paid.spent if paid else 0
    returned, dropped = gave - spent, max(0, agreed - gave)
    days = (on - paid.paid_on).days if paid is not None and paid.paid_on is not None else None
    interest = (
        0
        if not returned
        else interest_on(returned, annual, days)
        if annual is not None and days is not None
        else None
    )
    said: list[tuple[str, str]] = []
    if further:
        said.append((f"{year}년 이후의 사업비는 주지 않습니다", f"money of {year} is not paid any more"))
    if dropped and not further:
        said.append(
            (f"아직 주지 않은 {won(dropped)}은 주지 않습니다", f"{dropped:,} won not yet paid stay unpaid")
        )
    if returned:
        said.append(
            (
                f"지급한 {won(gave)}에서 인정된 집행액 {won(spent)}을 뺀 {won(returned)}을 돌려줍니다",
                f"of {gave:,} won paid, {spent:,} were spent and accepted, {returned:,} are returned",
            )
        )
        if interest is None:
            said.append(
                (
                    "이자를 셈하려면 지급한 날과 이율이 있어야 합니다",
                    "interest needs a day of payment and a rate",
                )
            )
        elif interest:
            said.append(
                (f"이자는 {days}일 치 {won(interest)}입니다", f"interest of {days} days: {interest:,} won")
            )
    if not said:
        said.append(("돌려줄 돈이 없습니다", "nothing is to be returned"))
    ko = ". ".join(part[0] for part in said) + "."
    en = "; ".join(part[1] for part in said) + "."
    return Line(
        year, source, agreed, gave, spent, dropped, returned, interest, days, further, True,
        text(ko, en[0].upper() + en[1:]),
    )  # fmt: skip


def _check(entry: Paid, known: dict[tuple[int, str], Paid], on: date) -> None:
    where_ko, where_en = f"{entry.year}년 {entry.source}", f"{entry.source} of {entry.year}"
    if (entry.year, entry.source) in known:
        raise BadInput(
            "paid_twice", f"{where_ko}이 두 번 나옵니다.", f"{where_en} stands twice.", field="paid"
        )
    if min(entry.paid, entry.spent) < 0 or entry.spent > entry.paid:
        raise BadInput(
            "spent_beyond_paid",
            f"{where_ko}: 인정된 집행액은 지급액보다 클 수 없고, 둘 다 0 이상이어야 합니다. 금액을 확인해 주세요.",
            f"{where_en}: accepted spending lies between 0 and what was paid. Check the sums.",
            field="paid",
        )
    if entry.paid_on is not None and entry.paid_on > on:
        raise BadInput(
            "paid_later",
            f"{where_ko}: 지급한 날이 해약하는 날보다 늦습니다. 날짜를 확인해 주세요.",
            f"{where_en}: the day of payment lies after the end of the agreement.",
            field="paid",
        )
