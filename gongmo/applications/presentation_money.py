"""What the money page shows: rows under their organisations, findings at their cells and columns, sums by organisation."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gongmo.applications.budget_form import FormRow, name_of
from gongmo.applications.commands.money import Key
from gongmo.applications.presentation import KINDS, Bar, Column, Row, Where, bars, columns
from gongmo.applications.proposals import Proposed
from gongmo.applications.queries.versions import cell_name
from gongmo.definition.application import Application, Cell
from gongmo.definition.base import Form, Severity, Text
from gongmo.definition.model import Definition
from gongmo.definition.rules import (
    AmountCeiling,
    AmountFloor,
    CashOnly,
    InKindCap,
    Part,
    ShareCeiling,
    ShareFloor,
)
from gongmo.rules.finding import Finding, Status, SubjectKind
from gongmo.rules.fit import Room
from gongmo.rules.values import Group, SumTable

PER_PAGE = 50
"""Organisations on one page of the sums."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A finding that needs something, and where it stands: paths of cells, names of columns, an organisation's id."""

    number: int
    finding: Finding
    where: Text
    href: str
    cells: tuple[str, ...]
    columns: tuple[str, ...]
    organisation: str

    @property
    def short(self) -> Text:
        """The finding in a sentence or two without naming its cell, which is where this is shown."""
        finding = self.finding
        if not self.cells:
            return finding.message
        remedy = finding.remedy or finding.required
        return Text(
            ko=f"{finding.title.ko}: {finding.observed.ko}. {remedy.ko}",
            en=f"{finding.title.en}: {finding.observed.en}. {remedy.en}",
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """The money judged, as the page shows it."""

    total: int
    sources: list[dict[str, Any]]
    bars: list[Bar]
    faults: list[Fault]
    kept: int

    @property
    def blocking(self) -> int:
        """How many findings stand in the way of submitting."""
        return sum(1 for fault in self.faults if fault.finding.severity is Severity.BLOCKING)

    @property
    def by_cell(self) -> dict[str, list[Fault]]:
        """Faults by the path of their cell."""
        return _by(self.faults, "cells")

    @property
    def by_column(self) -> dict[str, list[Fault]]:
        """Faults by the name of their column."""
        return _by(self.faults, "columns")


def _by(faults: Iterable[Fault], axis: str) -> dict[str, list[Fault]]:
    found: dict[str, list[Fault]] = {}
    for fault in faults:
        for name in getattr(fault, axis):
            found.setdefault(name, []).append(fault)
    return found


def verdict_of(
    definition: Definition, value: Application, table: SumTable, findings: Iterable[Finding], *, one: str = ""
) -> Verdict:
    """The verdict on the money. `one`: the only organisation on the page, so that links to others' cells lead to theirs."""
    shown = columns_of(definition, table)
    rules = {rule.id: rule for rule in definition.rules}
    where = Where(definition, value)
    faults: list[Fault] = []
    kept = 0
    for finding in findings:
        if finding.status is Status.PASS:
            kept += 1
        if finding.status in (Status.PASS, Status.NOT_APPLICABLE):
            continue
        cells, names, organisation = _places(rules.get(finding.rule), finding, shown)
        faults.append(
            Fault(
                len(faults) + 1,
                finding,
                where(finding),
                _href(cells, names, organisation, one),
                cells,
                names,
                organisation,
            )
        )
    faults.sort(key=lambda fault: (fault.finding.severity is not Severity.BLOCKING, fault.number))
    sources = [
        {
            "label": source.name,
            "amount": sum(amount for group, amount in table.groups.items() if group.source == source.id),
            "kind": KINDS[place % len(KINDS)],
        }
        for place, source in enumerate(definition.budget.sources)
    ]
    total = sum(table.groups.values())
    return Verdict(total, sources, bars(definition, value, table), faults, kept)


def columns_of(definition: Definition, table: SumTable) -> list[Column]:
    """The columns of the budget (presentation.columns) from its sums."""
    return columns(definition, table.groups)


def column_sums(table: SumTable) -> dict[str, int]:
    """Won by the name of the column."""
    found: dict[str, int] = {}
    for group, amount in table.groups.items():
        name = f"{group.source}-{group.form.value}"
        found[name] = found.get(name, 0) + amount
    return found


def path_of_key(key: str) -> str:
    """The path of a cell by its key in findings: "a/2025/f/c/s/cash/direct" → "cell:a:2025:f:c:s:cash:1"."""
    parts = key.split("/")
    direct = parts[-1] == "direct"
    return ":".join(["cell", *(parts[:-1] if direct else parts), "1" if direct else "0"])


def _places(
    rule: object, finding: Finding, shown: Sequence[Column]
) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    organisation = finding.subject.organisation or ""
    if finding.subject.kind is SubjectKind.CELL:
        return (path_of_key(finding.subject.id),), (), organisation
    part = Part()
    if isinstance(rule, InKindCap):
        part = rule.part.model_copy(update={"forms": (Form.IN_KIND,)})
    elif isinstance(rule, ShareFloor | ShareCeiling | AmountFloor | AmountCeiling | CashOnly):
        part = rule.part
    if part.sources is None and part.forms is None:
        return (), (), organisation
    names = tuple(
        name_of(column)
        for column in shown
        if (part.sources is None or column.source in part.sources)
        and (part.forms is None or Form(column.form) in part.forms)
    )
    return (), names, organisation


def _href(cells: Sequence[str], names: Sequence[str], organisation: str, one: str) -> str:
    page = f"?organisation={organisation}" if organisation and one and organisation != one else ""
    if cells:
        return f"{page}#{cells[0]}"
    if organisation:
        return f"{page}#organisation-{organisation}"
    return f"#column-{names[0]}" if names else "#budget"


@dataclass(frozen=True, slots=True)
class Block:
    """An organisation's rows on the page."""

    organisation: str
    name: str
    role: Text | None
    writable: bool
    rows: list[FormRow]

    @property
    def total(self) -> int:
        """The sum of what its rows say, in won."""
        return sum(row.total for row in self.rows)


def blocks(
    rows: Iterable[FormRow],
    organisations: Mapping[str, tuple[str, Text | None]],
    writable: Iterable[str],
) -> list[Block]:
    """Stored rows under their organisations, in the order given; an organisation that may be written stands there without rows too."""
    may = set(writable)
    by: dict[str, list[FormRow]] = {}
    for row in rows:
        by.setdefault(row.organisation, []).append(row)
    return [
        Block(key, name, role, key in may, by.get(key, []))
        for key, (name, role) in organisations.items()
        if key in by or key in may
    ]


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums by organisation: one page of them, how many there are, and the totals over all."""

    columns: list[Column]
    rows: list[Row]
    totals: Row
    faults: dict[str, int]
    found: int
    page: int
    pages: int
    query: str


@dataclass(frozen=True, slots=True)
class AllRows:
    """The sums of every organisation and over all, under the budget's columns."""

    columns: list[Column]
    rows: list[Row]
    totals: Row


def all_rows(definition: Definition, value: Application, table: SumTable) -> AllRows:
    """The sums by organisation, in the order of the application."""
    shown = columns_of(definition, table)
    rows = [
        _row(item.id, item.name, shown, table.by_organisation.get(item.id, {}))
        for item in value.organisations
    ]
    return AllRows(shown, rows, _row("", "", shown, table.groups))


def sums_of(every: AllRows, faults: Iterable[Fault], *, query: str = "", page: str = "1") -> Sums:
    """One page of the organisations whose name holds the query."""
    rows = every.rows
    query = " ".join(query.split())[:100]
    wanted = [row for row in rows if query.casefold() in row.name.casefold()] if query else rows
    pages = max(1, -(-len(wanted) // PER_PAGE))
    number = min(max(int(page), 1), pages) if page.isascii() and page.isdecimal() and len(page) < 7 else 1
    counts: dict[str, int] = {}
    for fault in faults:
        if fault.organisation:
            counts[fault.organisation] = counts.get(fault.organisation, 0) + 1
    return Sums(
        every.columns,
        wanted[(number - 1) * PER_PAGE : number * PER_PAGE],
        every.totals,
        counts,
        len(wanted),
        number,
        pages,
        query,
    )


def _row(key: str, name: str, shown: Sequence[Column], groups: Mapping[Group, int]) -> Row:
    sums: dict[tuple[str, str], int] = {}
    for group, amount in groups.items():
        place = (group.source, group.form.value)
        sums[place] = sums.get(place, 0) + amount
    amounts = tuple(sums.get((column.source, column.form), 0) for column in shown)
    return Row(key, name, amounts, sum(amounts))


@dataclass(frozen=True, slots=True)
class ShownChange:
    """A proposed cell in words."""

    name: Text
    path: str
    before: int
    after: int
    is_new: bool

    @property
    def difference(self) -> int:
        """After minus before, in won."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """Proposed cells that are accepted as one: their number, the row of the file they come from, what speaks against them."""

    number: int
    row: str
    note: str
    changes: list[ShownChange]


def changes_of(
    definition: Definition,
    value: Application,
    groups: Sequence[Sequence[Proposed]],
    rows: Sequence[str] = (),
    notes: Mapping[int, str] | None = None,
) -> list[ShownGroup]:
    """Proposed cells as the page shows them."""
    names = {organisation.id: organisation.name for organisation in value.organisations}
    found: list[ShownGroup] = []
    for number, group in enumerate(groups):
        shown = [
            ShownChange(
                cell_name(definition, names, _cell_of(item.key)),
                item.path,
                item.before,
                item.after,
                item.before == 0,
            )
            for item in group
        ]
        found.append(
            ShownGroup(
                number, rows[number] if number < len(rows) else "", (notes or {}).get(number, ""), shown
            )
        )
    return found


def cell_names(definition: Definition, value: Application, keys: Iterable[str]) -> list[Text]:
    """Cells in words by their keys in findings."""
    names = {organisation.id: organisation.name for organisation in value.organisations}
    wanted = set(keys)
    return [cell_name(definition, names, cell) for cell in value.budget if cell.key in wanted]


@dataclass(frozen=True, slots=True)
class ShownRoom:
    """What a rule leaves in a fitted budget, and for what: an organisation's name, a year, or "" for the whole."""

    room: Room
    scope: str


def rooms_of(value: Application, rooms: Iterable[Room]) -> list[ShownRoom]:
    """Rooms with their scopes in words."""
    names = {organisation.id: organisation.name for organisation in value.organisations}
    return [
        ShownRoom(room, names.get(room.organisation or "", "") or (str(room.year) if room.year else ""))
        for room in rooms
    ]


def _cell_of(key: Key) -> Cell:
    return Cell.model_construct(
        organisation=str(key.organisation_id),
        year=key.year,
        field=key.field,
        category=key.category,
        source=key.source,
        form=Form(key.form) if key.form in FORMS else Form.CASH,
        amount=0,
        direct_support=key.direct_support,
    )


FORMS = frozenset(form.value for form in Form)
