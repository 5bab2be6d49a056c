"""An agreement's money arranged for tables and bars."""

from dataclasses import dataclass

from gongmo.awards.models import Agreement
from gongmo.definition.base import Text
from gongmo.definition.model import Definition


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One source and form: won by year (in the order of the years) and their sum."""

    source: str
    name: Text
    form: Text
    by_year: tuple[int, ...]
    total: int


@dataclass(frozen=True, slots=True)
class MoneyTable:
    years: tuple[int, ...]
    rows: tuple[SourceRow, ...]
    year_totals: tuple[int, ...]
    total: int


FORMS = {"cash": Text(ko="현금", en="cash"), "in_kind": Text(ko="현물", en="in kind")}


def agreement_money(agreement: Agreement, definition: Definition) -> MoneyTable:
    """Yearly money by source and form, in won. Uses prefetched rows."""
    sums: dict[tuple[str, str], dict[int, int]] = {}
    for row in agreement.money.all():
        sums.setdefault((row.source, row.form), {})[row.year] = row.amount
    years = tuple(sorted({year for found in sums.values() for year in found}))
    order = {source.id: place for place, source in enumerate(definition.budget.sources)}
    names = {source.id: source.name for source in definition.budget.sources}
    rows = tuple(
        SourceRow(
            source=source,
            name=names.get(source, Text(ko=source, en=source)),
            form=FORMS[form],
            by_year=tuple(found.get(year, 0) for year in years),
            total=sum(found.values()),
        )
        for (source, form), found in sorted(
            sums.items(), key=lambda item: (order.get(item[0][0], 99), item[0][1])
        )
    )
    year_totals = tuple(sum(row.by_year[place] for row in rows) for place in range(len(years)))
    return MoneyTable(years, rows, year_totals, sum(year_totals))


def source_totals(agreement: Agreement) -> dict[str, int]:
    """Won by source, all years and forms; "total" is their sum. Uses prefetched rows."""
    sums: dict[str, int] = {}
    for row in agreement.money.all():
        sums[row.source] = sums.get(row.source, 0) + row.amount
    return {**sums, "total": sum(sums.values())}
