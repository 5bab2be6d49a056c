"""Tables of money: sums of the budget's cells by one axis against the sources."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from gongmo.applications.papers.data import Money, PaperData
from gongmo.applications.papers.wording import Tongue
from gongmo.kernel.korean import percent
from gongmo.papers import Column, Table


def matrix(
    data: PaperData,
    tongue: Tongue,
    *,
    label: str,
    caption: str,
    rows: Sequence[tuple[Any, str]],
    axis: Callable[[Money], Any],
    cells: Iterable[Money] | None = None,
) -> Table:
    """A row for each value of an axis (in the order given; those without money are left out), a column for each source, sums at both ends."""
    sources = data.definition.budget.sources
    sums: dict[tuple[Any, str], int] = {}
    for cell in data.cells if cells is None else cells:
        key = (axis(cell), cell.source)
        sums[key] = sums.get(key, 0) + cell.amount
    known = {row for row, _ in rows}
    strays = sorted({str(row) for row, _ in sums if row not in known})
    lines: list[tuple[str, ...]] = []
    for row, name in (*rows, *((stray, stray) for stray in strays)):
        amounts = [sums.get((row, source.id), 0) for source in sources]
        if any(amounts):
            lines.append((name, *(f"{amount:,}" for amount in amounts), f"{sum(amounts):,}"))
    totals = [sum(v for (_, source), v in sums.items() if source == item.id) for item in sources]
    whole = sum(totals)
    return Table(
        columns=(
            Column(label, "head", 30),
            *(Column(tongue.say(source.name), "number", 20) for source in sources),
            Column(tongue.t("계", "Total"), "number", 22),
        ),
        rows=tuple(lines),
        caption=caption,
        foot=(
            (tongue.t("합계", "Total"), *(f"{amount:,}" for amount in totals), f"{whole:,}"),
            (
                tongue.t("비율", "Share"),
                *(percent(amount, whole) for amount in totals),
                percent(whole, whole),
            ),
        ),
        note=tongue.unit(),
    )


def by_source(data: PaperData, tongue: Tongue) -> Table:
    """A row for each source: each year, the sum, its share, and what of it is in kind."""
    years = data.definition.budget.years
    whole = sum(cell.amount for cell in data.cells)
    lines, foot = [], [0] * (len(years) + 2)
    for source in data.definition.budget.sources:
        own = [cell for cell in data.cells if cell.source == source.id]
        amounts = [sum(cell.amount for cell in own if cell.year == year.year) for year in years]
        total = sum(cell.amount for cell in own)
        in_kind = sum(cell.amount for cell in own if cell.form == "in_kind")
        lines.append(
            (
                tongue.say(source.name),
                *(f"{amount:,}" for amount in amounts),
                f"{total:,}",
                percent(total, whole),
                f"{in_kind:,}",
            )
        )
        foot = [have + more for have, more in zip(foot, (*amounts, total, in_kind), strict=True)]
    *sums, total, in_kind = foot
    return Table(
        columns=(
            Column(tongue.t("재원", "Source"), "head", 20),
            *(
                Column(
                    tongue.t(f"{year.name.ko} ({year.year})", f"{year.name.en} ({year.year})"), "number", 22
                )
                for year in years
            ),
            Column(tongue.t("계", "Total"), "number", 24),
            Column(tongue.t("비율", "Share"), "number", 13),
            Column(tongue.t("그 가운데 현물", "In kind"), "number", 20),
        ),
        rows=tuple(lines),
        caption=tongue.t("재원별·연도별", "By source and year"),
        foot=(
            (
                tongue.t("합계", "Total"),
                *(f"{amount:,}" for amount in sums),
                f"{total:,}",
                percent(total, whole),
                f"{in_kind:,}",
            ),
        ),
        note=tongue.unit(),
    )


def by_organisation(data: PaperData, tongue: Tongue) -> Table:
    """A row for each organisation that has money in the budget."""
    return matrix(
        data,
        tongue,
        label=tongue.t("기관", "Organisation"),
        caption=tongue.t("기관별", "By organisation"),
        rows=[(party.organisation, party.name) for party in data.parties],
        axis=lambda cell: cell.organisation,
    )


def by_field(data: PaperData, tongue: Tongue) -> Table:
    """A row for each field of support."""
    return matrix(
        data,
        tongue,
        label=tongue.t("지원 분야", "Field"),
        caption=tongue.t("분야별", "By field"),
        rows=[(item.id, tongue.say(item.name)) for item in data.definition.fields],
        axis=lambda cell: cell.field,
    )


def by_category(data: PaperData, tongue: Tongue) -> Table:
    """A row for each budget category."""
    return matrix(
        data,
        tongue,
        label=tongue.t("비목", "Category"),
        caption=tongue.t("비목별", "By category"),
        rows=[(item.id, tongue.say(item.name)) for item in data.definition.budget.categories],
        axis=lambda cell: cell.category,
    )
