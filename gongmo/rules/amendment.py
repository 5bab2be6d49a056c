"""What a change of an agreement touches, and whether it is approved or only told. Pure: no clock, no database."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from gongmo.definition.agreement import AmendmentKind, Aspect
from gongmo.definition.application import Cell


@dataclass(frozen=True, slots=True)
class Facts:
    """What of an agreement an amendment can change, as plain values. `parties`, `heads` and `addresses` by organisation."""

    parties: tuple[tuple[int, str], ...]
    """Organisation and role."""
    period: tuple[date, date]
    director: str
    scope: str
    goals: str
    conditions: tuple[str, ...]
    heads: tuple[tuple[int, str], ...]
    addresses: tuple[tuple[int, str], ...]
    budget: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """Which kinds a change falls under. `needs` is "approval" where one kind of it does, or where a changed aspect falls under none.

    `loose` are changed aspects that no kind names. `late` are kinds that had to be asked for earlier.
    """

    aspects: tuple[Aspect, ...]
    kinds: tuple[AmendmentKind, ...]
    loose: tuple[Aspect, ...]
    needs: str
    signed: bool
    late: tuple[AmendmentKind, ...]


def aspects_of(before: Facts, after: Facts) -> tuple[Aspect, ...]:
    """What differs between two states of an agreement.

    Money: an organisation's total ("organisation_total"), a year's sum of one source while totals stay ("carry_over"), or else only
    within an organisation and year ("money"). Where parties come or go ("parties"), heads and addresses of those who stay are compared.
    """
    found: list[Aspect] = []
    stay = {each for each, _ in before.parties} & {each for each, _ in after.parties}
    plain: tuple[tuple[Aspect, object, object], ...] = (
        ("parties", sorted(before.parties), sorted(after.parties)),
        ("period", before.period, after.period),
        ("director", before.director, after.director),
        ("scope", before.scope, after.scope),
        ("goals", before.goals, after.goals),
        ("conditions", before.conditions, after.conditions),
        ("representative", _of(stay, before.heads), _of(stay, after.heads)),
        ("address", _of(stay, before.addresses), _of(stay, after.addresses)),
    )
    found += [aspect for aspect, was, now in plain if was != now]
    was, now = _cells(before.budget), _cells(after.budget)
    if was != now:
        totals = _sums(before.budget, "organisation") != _sums(after.budget, "organisation")
        years = _sums(before.budget, "year", "source") != _sums(after.budget, "year", "source")
        if totals:
            found.append("organisation_total")
        if years:
            found.append("carry_over")
        if not totals and not years:
            found.append("money")
    return tuple(found)


def judge(kinds: Sequence[AmendmentKind], before: Facts, after: Facts, *, on: date) -> Judged:
    """How a change is handled by the definition's kinds, asked for on the day `on`."""
    aspects = aspects_of(before, after)
    hit = tuple(kind for kind in kinds if any(aspect in kind.changes for aspect in aspects))
    named = {aspect for kind in hit for aspect in kind.changes}
    loose = tuple(aspect for aspect in aspects if aspect not in named)
    # Whoever comes or goes changes who is bound: no kind can make that a mere notice.
    parties = "parties" in aspects
    approval = parties or bool(loose) or any(kind.needs == "approval" for kind in hit)
    end = before.period[1]
    return Judged(
        aspects=aspects,
        kinds=hit,
        loose=loose,
        needs="approval" if approval else "notice",
        # What nobody foresaw changes what all have signed.
        signed=parties or bool(loose) or any(kind.signed for kind in hit),
        late=tuple(
            kind
            for kind in hit
            if kind.days_before_end is not None and on > end - timedelta(days=kind.days_before_end)
        ),
    )


def _of(stay: set[int], rows: Iterable[tuple[int, str]]) -> list[tuple[int, str]]:
    return sorted(row for row in rows if row[0] in stay)


def _cells(budget: Iterable[Cell]) -> dict[str, int]:
    return {cell.key: cell.amount for cell in budget if cell.amount}


def _sums(budget: Iterable[Cell], *axes: str) -> dict[tuple[object, ...], int]:
    found: dict[tuple[object, ...], int] = {}
    for cell in budget:
        key = tuple(getattr(cell, axis) for axis in axes)
        found[key] = found.get(key, 0) + cell.amount
    return {key: amount for key, amount in found.items() if amount}
