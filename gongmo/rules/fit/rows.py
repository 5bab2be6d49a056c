"""The money rules as exact linear rows over budget cells: sum(coefficient x cell) >= least, all integers.

A row belongs to a rule and a scope (the total, one year, one organisation). Rows read a cell only through its `Group` (what no
rule tells apart) and its organisation, so cells with equal coefficients in every row can be moved together.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from gongmo.definition.application import Application, Cell
from gongmo.definition.base import Form, Severity
from gongmo.definition.model import Definition
from gongmo.definition.rules import (
    AmountCeiling,
    AmountFloor,
    CashOnly,
    InKindCap,
    Part,
    Rule,
    ShareCeiling,
    ShareFloor,
)
from gongmo.rules.fit.values import Room
from gongmo.rules.values import Group, holds

Limit = ShareFloor | ShareCeiling | InKindCap | AmountFloor | AmountCeiling
EMPTY_BUDGET = "budget_given"
"""The id under which an empty budget is told: shares of nothing would all be kept, and no call means that."""
Key = tuple[tuple[int, int], ...]
"""(row, coefficient) of every row that reads a cell."""


@dataclass(frozen=True, slots=True)
class Row:
    """sum over cells >= least. `rule` None: the row that keeps the budget from vanishing."""

    rule: Limit | None
    least: int
    year: int | None = None
    organisation: str | None = None

    @property
    def rule_id(self) -> str:
        return EMPTY_BUDGET if self.rule is None else self.rule.id

    def coefficient(self, group: Group) -> int:
        """How the row counts a won of a group (its year and organisation are checked by `Rows`)."""
        rule = self.rule
        if rule is None:
            return 1
        if isinstance(rule, AmountFloor):
            return int(holds(rule.part, group))
        if isinstance(rule, AmountCeiling):
            return -int(holds(rule.part, group))
        if isinstance(rule, InKindCap):
            top, bottom = rule.at_most.numerator, rule.at_most.denominator
            inside = int(holds(rule.part, group))
            return inside * (top - bottom * int(group.form is Form.IN_KIND))
        part, whole = int(holds(rule.part, group)), int(holds(rule.whole, group))
        if isinstance(rule, ShareFloor):
            return rule.at_least.denominator * part - rule.at_least.numerator * whole
        return rule.at_most.numerator * whole - rule.at_most.denominator * part


class Rows:
    """All rows of a definition's blocking money rules for an application, and which cells may hold no money at all."""

    def __init__(self, definition: Definition, application: Application) -> None:
        self.definition = definition
        self.roles = {organisation.id: organisation.role for organisation in application.organisations}
        blocking = [rule for rule in definition.rules if rule.severity is Severity.BLOCKING]
        self.cash_only = [rule for rule in blocking if isinstance(rule, CashOnly)]
        self.rows: list[Row] = [Row(None, 1)]
        for rule in blocking:
            self.rows += _rows(definition, application, rule)
        self._by_organisation: dict[str, list[int]] = {}
        self._common: list[int] = []
        for number, row in enumerate(self.rows):
            if row.organisation is None:
                self._common.append(number)
            else:
                self._by_organisation.setdefault(row.organisation, []).append(number)
        self._keys: dict[Group, Key] = {}
        self._banned: dict[Group, tuple[str, ...]] = {}

    @cached_property
    def leasts(self) -> list[int]:
        return [row.least for row in self.rows]

    def group(self, cell: Cell) -> Group:
        """The cell as the rules see it."""
        return Group(
            cell.source,
            cell.form,
            cell.field,
            cell.category,
            cell.year,
            self.roles.get(cell.organisation, ""),
            cell.direct_support,
        )

    def key(self, group: Group, organisation: str) -> Key:
        """The coefficients of a cell in every row that reads it."""
        found = self._keys.get(group)
        if found is None:
            found = self._coefficients(self._common, group)
            self._keys[group] = found
        own = self._by_organisation.get(organisation)
        return found if own is None else found + self._coefficients(own, group)

    def _coefficients(self, numbers: list[int], group: Group) -> Key:
        return tuple(
            (number, value)
            for number in numbers
            if self.rows[number].year in (None, group.year)
            and (value := self.rows[number].coefficient(group))
        )

    def banned_by(self, group: Group) -> tuple[str, ...]:
        """The cash-only rules under which cells of the group may hold no money."""
        found = self._banned.get(group)
        if found is None:
            found = ()
            if group.form is Form.IN_KIND:
                found = tuple(rule.id for rule in self.cash_only if holds(rule.part, group))
            self._banned[group] = found
        return found

    def sums(self, cells: tuple[Cell, ...]) -> list[int]:
        """The exact left side of every row."""
        total = [0] * len(self.rows)
        for cell in cells:
            for number, value in self.key(self.group(cell), cell.organisation):
                total[number] += value * cell.amount
        return total

    def rooms(self, cells: tuple[Cell, ...]) -> tuple[Room, ...]:
        """What each rule leaves. Share rows where the budget has neither part nor whole are left out."""
        parts = [0] * len(self.rows)
        wholes = [0] * len(self.rows)
        counted: dict[tuple[Group, str | None], int] = {}
        for cell in cells:
            organisation = cell.organisation if cell.organisation in self._by_organisation else None
            place = (self.group(cell), organisation)
            counted[place] = counted.get(place, 0) + cell.amount
        for (group, organisation), amount in counted.items():
            for number in [*self._common, *self._by_organisation.get(organisation or "", ())]:
                row = self.rows[number]
                if row.year in (None, group.year) and row.rule is not None:
                    part, whole = _parts(row.rule)
                    parts[number] += amount * int(holds(part, group) and _in_kind_only(row.rule, group))
                    wholes[number] += amount * int(whole is not None and holds(whole, group))
        return tuple(
            _room(row, row.rule, part, whole)
            for row, part, whole in zip(self.rows, parts, wholes, strict=True)
            if row.rule is not None and (part or whole or isinstance(row.rule, AmountFloor | AmountCeiling))
        )


def _in_kind_only(rule: Limit, group: Group) -> bool:
    return not isinstance(rule, InKindCap) or group.form is Form.IN_KIND


def _parts(rule: Limit) -> tuple[Part, Part | None]:
    if isinstance(rule, ShareFloor | ShareCeiling):
        return rule.part, rule.whole
    return rule.part, rule.part if isinstance(rule, InKindCap) else None


def _room(row: Row, rule: Limit, part: int, whole: int) -> Room:
    if isinstance(rule, AmountFloor):
        left = part - rule.at_least
    elif isinstance(rule, AmountCeiling):
        left = rule.at_most - part
    elif isinstance(rule, ShareFloor):
        left = part - -(-rule.at_least.numerator * whole // rule.at_least.denominator)
    else:
        left = rule.at_most.numerator * whole // rule.at_most.denominator - part
    is_amount = isinstance(rule, AmountFloor | AmountCeiling)
    return Room(
        rule=rule.id,
        title=rule.title,
        clause=rule.clause,
        year=row.year,
        organisation=row.organisation,
        part=part,
        whole=None if is_amount else whole,
        left=left,
    )


def _rows(definition: Definition, application: Application, rule: Rule) -> Iterator[Row]:
    """One row for the total, or one a declared year, or one an organisation that the rule's roles name."""
    if not isinstance(rule, ShareFloor | ShareCeiling | InKindCap | AmountFloor | AmountCeiling):
        return
    least = 0
    if isinstance(rule, AmountFloor):
        least = rule.at_least
    elif isinstance(rule, AmountCeiling):
        least = -rule.at_most
    if rule.per == "total":
        yield Row(rule, least)
    elif rule.per == "year":
        for year in definition.budget.years:
            yield Row(rule, least, year=year.year)
    else:
        for organisation in application.organisations:
            if rule.part.roles is None or organisation.role in rule.part.roles:
                yield Row(rule, least, organisation=organisation.id)
