"""The money page's form: rows of organisation, year, field and category, a column for each source and form.

What people type is kept as they typed it until every amount can be read.
"""

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gongmo.applications.models import BudgetCell
from gongmo.applications.presentation import Column
from gongmo.applications.values import CellInput

BLANK_ROWS = 3
MOST_CELLS = 400
"""Beyond so many cells the page shows one organisation at a time."""
MOST_ROWS = 1000
"""More rows than any form of ours sends."""


@dataclass(slots=True)
class FormRow:
    """A row: its key as typed, its amounts by column name ("national-cash") as typed, and what is wrong by input name."""

    number: int
    organisation: str
    year: str
    field: str
    category: str
    direct: bool
    amounts: dict[str, str]
    stored: bool
    errors: dict[str, str] = dataclasses.field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """A blank row that nobody filled in."""
        return not self.stored and not any(text.strip() for text in self.amounts.values())


def stored_rows(cells: Iterable[BudgetCell], shown: list[Column]) -> list[FormRow]:
    """The stored cells as rows, one for each organisation, year, field, category and mark."""
    rows: dict[tuple[object, ...], FormRow] = {}
    for cell in cells:
        key = (cell.organisation_id, cell.year, cell.field, cell.category, cell.direct_support)
        row = rows.get(key)
        if row is None:
            row = rows[key] = FormRow(
                number=len(rows),
                organisation=str(cell.organisation_id),
                year=str(cell.year),
                field=cell.field,
                category=cell.category,
                direct=cell.direct_support,
                amounts={name_of(column): "" for column in shown},
                stored=True,
            )
        row.amounts[f"{cell.source}-{cell.form}"] = f"{cell.amount:,}"
    return list(rows.values())


def blank_rows(first: int, count: int, organisation: str, shown: list[Column]) -> list[FormRow]:
    """Rows to fill in."""
    return [
        FormRow(first + n, organisation, "", "", "", False, {name_of(column): "" for column in shown}, False)
        for n in range(count)
    ]


def typed_rows(posted: Mapping[str, str], shown: list[Column]) -> list[FormRow]:
    """The rows of a sent form, as they were typed."""
    found: list[FormRow] = []
    count = posted.get("rows", "")
    for number in range(min(int(count), MOST_ROWS) if count.isdecimal() else 0):
        prefix = f"row-{number}-"
        found.append(
            FormRow(
                number=number,
                organisation=posted.get(prefix + "organisation", ""),
                year=posted.get(prefix + "year", ""),
                field=posted.get(prefix + "field", ""),
                category=posted.get(prefix + "category", ""),
                direct=posted.get(prefix + "direct", "") == "yes",
                amounts={name_of(column): posted.get(prefix + name_of(column), "") for column in shown},
                stored=posted.get(prefix + "stored", "") == "yes",
            )
        )
    return found


def read_rows(rows: Iterable[FormRow], shown: list[Column]) -> list[tuple[FormRow, Column, CellInput]]:
    """The cells that the rows say, each with its row and column; what cannot be read is noted on the row.

    A stored row names every column (an emptied one is 0 won); a new row only those that were filled in.
    """
    cells: list[tuple[FormRow, Column, CellInput]] = []
    for row in rows:
        if row.empty:
            continue
        for name, value in (("year", row.year), ("field", row.field), ("category", row.category)):
            if not value:
                row.errors[name] = "missing"
        if not row.organisation.isdecimal() or not row.year.isdecimal():
            row.errors.setdefault("year", "missing")
        key_readable = not row.errors
        for column in shown:
            text = row.amounts[name_of(column)].strip()
            if not text and not row.stored:
                continue
            amount = amount_of(text)
            if amount is None:
                row.errors[name_of(column)] = "amount"
            if amount is None or not key_readable:
                continue
            cells.append(
                (
                    row,
                    column,
                    CellInput(
                        int(row.organisation),
                        int(row.year),
                        row.field,
                        row.category,
                        column.source,
                        column.form,
                        amount,
                        row.direct,
                    ),
                )
            )
    return cells


def amount_of(text: str) -> int | None:
    """Whole won as people type it ("1,000,000", "1000000원", ""), None when it cannot be read."""
    digits = text.replace(",", "").replace(" ", "").removesuffix("원")
    if not digits:
        return 0
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) <= 16 else None


def name_of(column: Column) -> str:
    """The name of a column's inputs."""
    return f"{column.source}-{column.form}"
