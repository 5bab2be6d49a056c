"""The nearest budget that keeps every blocking money rule, or why there is none."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from gongmo.definition.application import Application, Cell
from gongmo.definition.base import Form, Text
from gongmo.definition.model import Definition
from gongmo.kernel.errors import BadInput
from gongmo.rules.axes import check_axes
from gongmo.rules.finding import Status
from gongmo.rules.fit.rows import EMPTY_BUDGET, Key, Rows
from gongmo.rules.fit.solve import Variable, solve
from gongmo.rules.fit.values import Change, Fitted, Impossible


def fit(
    definition: Definition,
    application: Application,
    *,
    keep: Collection[str] = frozenset(),
    new_cells: bool | Callable[[Cell], bool] = True,
    most_named: int | None = None,
) -> Fitted | Impossible:
    """The budget nearest to the application's that keeps every blocking money rule of the definition.

    Nearest: the least sum of changes in won, whole won, no amount below 0, cells whose key is in `keep` untouched. Among equal
    sums, large existing groups of cells move first. With `new_cells` a cell that the budget lacks may be proposed (an existing
    cell's organisation, year, field, category and mark with another source or form), but only of a sort that no existing
    cell is of, as far as the rules can tell, and only where that makes the total change smaller. A function there says which
    cells may be proposed, also beside kept ones of their sort.

    An impossible answer names a smallest set of kept cells in conflict; with more than `most_named` kept cells it names the rules
    alone, because looking for that set solves the budget anew for every cell it names.

    Raises BadInput for a budget that is empty, lies outside the declared axes or names a cell twice, and for a kept cell that
    the budget does not have.
    """
    _check(definition, application, keep)
    rows = Rows(definition, application)
    budget = _Groups(rows, application, frozenset(keep))
    if budget.banned_kept:
        return _banned(budget.banned_kept[0], rows)
    if new_cells:
        budget.add_new(definition, application, new_cells if callable(new_cells) else None)
    changes = budget.solve(frozenset(budget.kept))
    if changes is None:
        return _explain(budget, most_named)
    return _fitted(rows, application, budget, changes)


@dataclass(slots=True)
class _Bucket:
    """Cells with the same coefficients in every row: free ones, kept ones, and the new cell that may stand for the sort."""

    free: list[Cell] = field(default_factory=list)
    kept: list[Cell] = field(default_factory=list)
    new: Cell | None = None
    new_rank: tuple[bool, int, str] = (False, 0, "")


class _Groups:
    """A budget in buckets, and the question "can it be mended while these cells are kept?"."""

    def __init__(self, rows: Rows, application: Application, keep: frozenset[str]) -> None:
        self.rows = rows
        self.buckets: dict[Key, _Bucket] = {}
        self.kept: dict[str, tuple[Key, int]] = {}
        self.banned_kept: list[Cell] = []
        self.banned: list[Cell] = []
        for cell in application.budget:
            group = rows.group(cell)
            name = cell.key if keep else ""
            if rows.banned_by(group):
                if name in keep and cell.amount:
                    self.banned_kept.append(cell)
                elif cell.amount:
                    self.banned.append(cell)
                continue
            key = rows.key(group, cell.organisation)
            bucket = self.buckets.setdefault(key, _Bucket())
            if keep and name in keep:
                bucket.kept.append(cell)
                self.kept[name] = (key, cell.amount)
            else:
                bucket.free.append(cell)

    def add_new(
        self, definition: Definition, application: Application, allowed: Callable[[Cell], bool] | None = None
    ) -> None:
        """One possible new cell for every sort of cell that the budget has none of: beside the largest cell, cash first."""
        beside: dict[tuple[str, int, str, str, bool], int] = {}
        there = {cell.key for cell in application.budget} if allowed is not None else frozenset()
        for cell in application.budget:
            place = (cell.organisation, cell.year, cell.field, cell.category, cell.direct_support)
            beside[place] = beside.get(place, 0) + cell.amount
        for (organisation, year, in_field, category, direct), amount in beside.items():
            for source in definition.budget.sources:
                for form in definition.budget.forms:
                    cell = Cell.model_construct(
                        organisation=organisation,
                        year=year,
                        field=in_field,
                        category=category,
                        source=source.id,
                        form=form,
                        amount=0,
                        direct_support=direct,
                    )
                    group = self.rows.group(cell)
                    if self.rows.banned_by(group):
                        continue
                    if allowed is not None and (cell.key in there or not allowed(cell)):
                        continue
                    bucket = self.buckets.setdefault(self.rows.key(group, organisation), _Bucket())
                    # A kept cell says that its sort stays, where nobody has said which new cells may stand beside it.
                    if bucket.free or (bucket.kept and allowed is None):
                        continue
                    rank = (form is Form.IN_KIND, -amount, cell.key)
                    if bucket.new is None or rank < bucket.new_rank:
                        bucket.new, bucket.new_rank = cell, rank

    def ordered(self) -> list[Key]:
        """Sorts of cells by preference: the largest existing ones first, new ones last."""

        def rank(key: Key) -> tuple[object, ...]:
            bucket = self.buckets[key]
            if bucket.new is not None:
                return (1, *bucket.new_rank)
            amount = sum(cell.amount for cell in bucket.free) + sum(cell.amount for cell in bucket.kept)
            return (0, False, -amount, min(cell.key for cell in (*bucket.free, *bucket.kept)))

        return sorted(self.buckets, key=rank)

    def solve(self, keep: frozenset[str], without: Collection[str] = frozenset()) -> dict[Key, int] | None:
        """Changes by sort of cell while these cells are kept and some rules are left out; None: impossible."""
        live = [n for n, row in enumerate(self.rows.rows) if row.rule_id not in without]
        place = {row: n for n, row in enumerate(live)}
        leasts = [self.rows.rows[n].least for n in live]
        kept: dict[Key, int] = {}
        fixed: dict[Key, int] = {}
        for name in keep:
            key, amount = self.kept[name]
            kept[key] = kept.get(key, 0) + 1
            fixed[key] = fixed.get(key, 0) + amount
        keys: list[Key] = []
        variables: list[Variable] = []
        for preference, key in enumerate(self.ordered()):
            bucket = self.buckets[key]
            total = sum(cell.amount for cell in bucket.free) + sum(cell.amount for cell in bucket.kept)
            live_key = tuple((place[n], value) for n, value in key if n in place)
            for n, value in live_key:
                leasts[n] -= value * total
            is_new = bucket.new is not None
            if is_new or bucket.free or len(bucket.kept) > kept.get(key, 0):
                keys.append(key)
                weight = preference + 10 * len(self.buckets) * is_new
                variables.append(Variable(live_key, total - fixed.get(key, 0), True, weight))
        found = solve(variables, leasts)
        return None if found is None else dict(zip(keys, found, strict=True))


def _check(definition: Definition, application: Application, keep: Collection[str]) -> None:
    faults = [f for f in check_axes(definition, application, None) if f.status is Status.FAIL]
    if faults:
        first = faults[0].message
        raise BadInput(
            "bad_budget",
            f"먼저 고쳐야 할 예산 칸이 {len(faults)}개 있습니다. {first.ko}",
            f"{len(faults)} budget cell(s) have to be mended first. {first.en}",
            field="budget",
            details={
                "cells": [{"cell": f.subject.id, "ko": f.message.ko, "en": f.message.en} for f in faults]
            },
        )
    if not any(cell.amount for cell in application.budget):
        raise BadInput(
            "empty_budget",
            "사업비가 비어 있습니다. 금액을 적은 뒤에 맞추어 주세요.",
            "The budget is empty; enter amounts first.",
            field="budget",
        )
    if keep:
        unknown = sorted(set(keep) - {cell.key for cell in application.budget})
        if unknown:
            raise BadInput(
                "unknown_cell",
                f"그대로 둘 칸이 사업비에 없습니다: {', '.join(unknown)}. 칸 이름을 확인해 주세요.",
                f"The budget has no such cell to keep: {', '.join(unknown)}.",
                field="keep",
                details={"cells": unknown},
            )


def _spread(bucket: _Bucket, change: int) -> list[tuple[Cell, int]]:
    """A sort's change on as few cells as can be: all on its largest cell, falling ones from the largest on."""
    if bucket.new is not None:
        return [(bucket.new, change)]
    largest = sorted(bucket.free, key=lambda cell: (-cell.amount, cell.key))
    if change > 0:
        return [(largest[0], change)]
    found: list[tuple[Cell, int]] = []
    for cell in largest:
        less = min(cell.amount, -change)
        if less:
            found.append((cell, -less))
            change += less
    return found


def _fitted(rows: Rows, application: Application, budget: _Groups, changes: Mapping[Key, int]) -> Fitted:
    differences = {cell.key: -cell.amount for cell in budget.banned}
    added: list[Change] = []
    for key, change in changes.items():
        for cell, difference in _spread(budget.buckets[key], change) if change else ():
            if budget.buckets[key].new is not None:
                made = cell.model_copy(update={"amount": difference})
                added.append(Change(made, 0, difference, is_new=True))
            else:
                differences[cell.key] = difference
    found: list[Change] = []
    cells: list[Cell] = []
    for cell in application.budget:
        difference = differences.get(cell.key, 0) if differences else 0
        if not difference:
            cells.append(cell)
            continue
        after = cell.amount + difference
        found.append(Change(cell, cell.amount, after))
        if after:
            cells.append(cell.model_copy(update={"amount": after}))
    found += sorted(added, key=lambda change: change.cell.key)
    budget_after = (*cells, *(change.cell for change in found if change.is_new))
    unmet = [
        row.rule_id
        for row, total in zip(rows.rows, rows.sums(budget_after), strict=True)
        if total < row.least
    ]
    if unmet:
        raise AssertionError(f"the fitted budget breaks {unmet}")
    return Fitted(
        changes=tuple(found),
        cells=budget_after,
        total_change=sum(abs(change.difference) for change in found),
        before=sum(cell.amount for cell in application.budget),
        after=sum(cell.amount for cell in budget_after),
        rooms=rows.rooms(budget_after),
    )


def _least_conflict(items: Sequence[str], conflicts: Callable[[Sequence[str]], bool]) -> list[str]:
    """A smallest part of `items` that still conflicts (none can be left out), by halving (QuickXplain)."""

    def search(background: list[str], added: bool, rest: Sequence[str]) -> list[str]:
        if added and conflicts(background):
            return []
        if len(rest) == 1:
            return list(rest)
        middle = len(rest) // 2
        first, second = rest[:middle], rest[middle:]
        from_second = search([*background, *first], bool(first), second)
        from_first = search([*background, *from_second], bool(from_second), first)
        return [*from_first, *from_second]

    return [] if conflicts([]) or not items else search([], False, items)


def _explain(budget: _Groups, most_named: int | None = None) -> Impossible:
    ordered = sorted(budget.kept, key=lambda name: (budget.kept[name][0], name))
    named = most_named is None or len(ordered) <= most_named
    keep = (
        sorted(_least_conflict(ordered, lambda names: budget.solve(frozenset(names)) is None))
        if named
        else []
    )
    fixed = frozenset(keep if named else ordered)
    ids = sorted({row.rule_id for row in budget.rows.rows})
    without: set[str] = set()
    for rule in ids:
        if budget.solve(fixed, {*without, rule}) is None:
            without.add(rule)
    rules = tuple(rule for rule in ids if rule not in without)
    return Impossible(
        tuple(keep), rules, _message(budget.rows, keep, rules, unnamed=0 if named else len(ordered))
    )


def _banned(cell: Cell, rows: Rows) -> Impossible:
    rules = rows.banned_by(rows.group(cell))
    return Impossible((cell.key,), rules, _message(rows, [cell.key], rules))


def _message(rows: Rows, keep: Sequence[str], rules: Sequence[str], *, unnamed: int = 0) -> Text:
    known = {rule.id: rule for rule in rows.definition.rules}
    named = [known[rule] for rule in rules if rule in known]
    ko = ", ".join(f"‘{rule.title.ko}’" + (f"({rule.clause})" if rule.clause else "") for rule in named)
    en = ", ".join(f"“{rule.title.en}”" + (f" ({rule.clause})" if rule.clause else "") for rule in named)
    if EMPTY_BUDGET in rules:
        ko += ", 사업비가 0원보다 커야 한다는 것" if ko else "사업비가 0원보다 커야 한다는 것"
        en += ", and that the budget is not empty" if en else "that the budget is not empty"
    if keep:
        cells = ", ".join(keep)
        return Text(
            ko=f"그대로 두기로 한 칸 {cells} 때문에 다음 규칙을 함께 지킬 수 없습니다: {ko}. "
            "이 칸 가운데 하나라도 바꿀 수 있게 해 주세요.",
            en=f"With the kept cells {cells} these rules cannot be kept together: {en}. Free at least one of these cells.",
        )
    if unnamed:
        return Text(
            ko=f"그대로 두기로 한 {unnamed:,}칸 때문에 다음 규칙을 함께 지킬 수 없습니다: {ko}. 바꿀 수 있는 칸을 늘려 주세요.",
            en=f"With the {unnamed:,} kept cells these rules cannot be kept together: {en}. Let more cells change.",
        )
    return Text(
        ko=f"어떤 금액으로도 다음 규칙을 함께 지킬 수 없습니다: {ko}. 필요한 재원이나 형태의 칸을 더하거나 규칙을 확인해 주세요.",
        en=f"No amounts keep these rules together: {en}. Add cells of the needed source or form, or look at the rules.",
    )
