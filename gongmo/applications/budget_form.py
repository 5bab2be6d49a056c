"""The money page's form: rows of organisation, year, field and category, a column for each source and form.

What people type is kept as they typed it until every amount can be read.
"""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from gongmo.applications.amounts import FAULTS, NotAnAmount, read_amount
from gongmo.applications.commands.money import Key, path_of
from gongmo.applications.presentation import Column
from gongmo.applications.values import CellInput
from gongmo.definition.application import Cell
from gongmo.definition.base import Text

BLANK_ROWS = 3
MOST_CELLS = 160
"""Beyond so many cells the page shows one organisation at a time."""
MOST_ROWS = 1000
"""More rows than any form of ours sends."""

MISSING = Text(ko="골라 주세요.", en="Please choose.")
NO_AMOUNT = Text(
    ko="금액이 없는 줄은 저장되지 않습니다. 금액을 적거나 연도·분야·비목을 ‘고르기’로 되돌려 주세요.",
    en="A row without an amount is not saved. Write one, or set year, field and category back.",
)
TWICE = Text(
    ko="같은 기관·연도·분야·비목의 줄이 위에 이미 있습니다. 그 줄에 적어 주세요.",
    en="There is a row of the same organisation, year, field and category already. Write there.",
)


@dataclass(slots=True)
class FormRow:
    """A row: its key as typed, its amounts by column name ("national-cash") as typed, and what is wrong by input name.

    `seen` holds the won that its writer saw in each column, so that what others have changed meanwhile is not overwritten;
    `bases` the revisions of its cells by column name.
    """

    number: int
    organisation: str
    year: str
    field: str
    category: str
    direct: bool
    amounts: dict[str, str]
    stored: bool
    seen: dict[str, int] = dataclasses.field(default_factory=dict)
    bases: dict[str, int] = dataclasses.field(default_factory=dict)
    errors: dict[str, Text] = dataclasses.field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """A blank row that nobody touched."""
        touched = self.year or self.field or self.category or self.direct
        return not self.stored and not touched and not any(text.strip() for text in self.amounts.values())

    @property
    def total(self) -> int:
        """The sum of what can be read, in won."""
        return sum(_readable(text) for text in self.amounts.values())

    def path(self, column: Column) -> str:
        """The path under which a stored row's cell is saved."""
        return path_of(
            Key(
                int(self.organisation),
                int(self.year),
                self.field,
                self.category,
                column.source,
                column.form,
                self.direct,
            )
        )


def stored_rows(
    cells: Iterable[Cell], shown: Sequence[Column], revisions: Mapping[str, int] | None = None
) -> list[FormRow]:
    """The stored cells as rows, one for each organisation, year, field, category and mark, by year, else as first written."""
    rows: dict[tuple[object, ...], FormRow] = {}
    names = [name_of(column) for column in shown]
    for cell in sorted(cells, key=lambda item: item.year):
        key = (cell.organisation, cell.year, cell.field, cell.category, cell.direct_support)
        row = rows.get(key)
        if row is None:
            row = rows[key] = FormRow(
                number=len(rows),
                organisation=cell.organisation,
                year=str(cell.year),
                field=cell.field,
                category=cell.category,
                direct=cell.direct_support,
                amounts=dict.fromkeys(names, ""),
                stored=True,
                seen=dict.fromkeys(names, 0),
            )
        name = f"{cell.source}-{cell.form.value}"
        row.amounts[name] = f"{cell.amount:,}"
        row.seen[name] = cell.amount
    if revisions:
        for row in rows.values():
            row.bases = {name_of(column): revisions.get(row.path(column), 0) for column in shown}
    return list(rows.values())


def blank_rows(first: int, count: int, organisation: str, shown: Sequence[Column]) -> list[FormRow]:
    """Rows to fill in."""
    return [
        FormRow(first + n, organisation, "", "", "", False, {name_of(column): "" for column in shown}, False)
        for n in range(count)
    ]


def typed_rows(posted: Mapping[str, str], shown: Sequence[Column]) -> list[FormRow]:
    """The rows of a sent form, as they were typed."""
    found: list[FormRow] = []
    count = posted.get("rows", "")
    for number in range(min(int(count), MOST_ROWS) if count.isascii() and count.isdecimal() else 0):
        prefix = f"row-{number}-"
        names = [name_of(column) for column in shown]
        seen = posted.get(prefix + "seen", "").split(",")
        found.append(
            FormRow(
                number=number,
                organisation=posted.get(prefix + "organisation", ""),
                year=posted.get(prefix + "year", ""),
                field=posted.get(prefix + "field", ""),
                category=posted.get(prefix + "category", ""),
                direct=posted.get(prefix + "direct", "") == "yes",
                amounts={name: posted.get(prefix + name, "") for name in names},
                stored=posted.get(prefix + "stored", "") == "yes",
                seen={name: int(text) for name, text in zip(names, seen, strict=False) if _number(text)},
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class Typed:
    """A cell that a row says: the row, the column's name, the cell, and the won that its writer saw there (None: not told)."""

    row: FormRow
    column: str
    cell: CellInput
    seen: int | None


def read_rows(rows: Iterable[FormRow], shown: Sequence[Column]) -> list[Typed]:
    """The cells that the rows say; what cannot be read is noted on the row.

    A stored row names every column that was changed (an emptied one is 0 won); a new row those that were filled in.
    """
    cells: list[Typed] = []
    keys: set[tuple[object, ...]] = set()
    for row in rows:
        if row.empty:
            continue
        for name, value in (("year", row.year), ("field", row.field), ("category", row.category)):
            if not value:
                row.errors[name] = MISSING
        if not _number(row.year):
            row.errors.setdefault("year", MISSING)
        if not _number(row.organisation):
            row.errors["organisation"] = MISSING
        key = (row.organisation, row.year, row.field, row.category, row.direct)
        if not row.errors and key in keys:
            row.errors["row"] = TWICE
        keys.add(key)
        readable = not row.errors
        if not row.stored and not any(text.strip() for text in row.amounts.values()):
            row.errors["row"] = NO_AMOUNT
            continue
        for column in shown:
            name = name_of(column)
            text = row.amounts[name].strip()
            if not text and not row.stored:
                continue
            try:
                amount = read_amount(text)
            except NotAnAmount as fault:
                row.errors[name] = FAULTS[fault.fault]
                continue
            seen = row.seen.get(name)
            if not readable or seen == amount:
                continue
            cell = CellInput(
                int(row.organisation),
                int(row.year),
                row.field,
                row.category,
                column.source,
                column.form,
                amount,
                row.direct,
            )
            cells.append(Typed(row, name, cell, seen))
    return cells


def amount_of(text: str) -> int | None:
    """Whole won as people type it, None when it cannot be read."""
    try:
        return read_amount(text)
    except NotAnAmount:
        return None


def name_of(column: Column) -> str:
    """The name of a column's inputs."""
    return f"{column.source}-{column.form}"


def _readable(text: str) -> int:
    return amount_of(text) or 0


def _number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 18
