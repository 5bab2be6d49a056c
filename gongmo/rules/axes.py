"""The axes of a budget: every cell lies within the years, fields, categories, sources and forms of the call, and stands once."""

from collections.abc import Iterator

from gongmo.definition.application import Application, Cell
from gongmo.definition.base import Form, Text
from gongmo.definition.model import Definition
from gongmo.definition.rules import BudgetAxes
from gongmo.kernel.korean import particle
from gongmo.rules.finding import Finding, Status, Subject, SubjectKind
from gongmo.rules.values import BUDGET, Ground, SumTable, money_en, money_ko, text

AXES_REQUIRED = text(
    "정해진 연도·분야·비목·재원·형태 안에서 한 칸에 한 번씩", "within the declared axes, each cell once"
)


def cell_subject(cell: Cell) -> Subject:
    """The subject of a finding about one budget cell."""
    return Subject(SubjectKind.CELL, cell.key, cell.organisation)


def check_axes(
    definition: Definition,
    application: Application,
    rule: BudgetAxes | None,
    *,
    table: SumTable | None = None,
) -> Iterator[Finding]:
    """One finding a cell outside the axes or given twice, or one finding that all are well. `rule` gives the ground where the call has one.

    `table` may carry the budget's sums when the caller has them already.
    """
    title = text("예산 칸의 구분", "Axes of the budget")
    ground = Ground.of(rule) if rule else Ground.under("budget_axes", title, definition.budget)
    required = AXES_REQUIRED
    budget = definition.budget
    axes: tuple[tuple[str, str, dict[object, str]], ...] = (
        ("organisation", "기관", {item.id: item.name for item in application.organisations}),
        ("year", "연도", {item.year: item.name.ko for item in budget.years}),
        ("field", "분야", {item.id: item.name.ko for item in definition.fields}),
        ("category", "비목", {item.id: item.name.ko for item in budget.categories}),
        ("source", "재원", {item.id: item.name.ko for item in budget.sources}),
        ("form", "형태", {form: "현금" if form is Form.CASH else "현물" for form in budget.forms}),
    )
    marks = (False, True) if budget.direct_support is not None else (False,)
    seen: set[tuple[object, ...]] = set()
    faults = 0
    # Large budgets are nearly always sound: the sums tell it without a look at every cell.
    sums = SumTable.of(application) if table is None else table
    sound = _sound(len(application.budget), sums, [known for _, _, known in axes], marks)
    for cell in () if sound else application.budget:
        key = (
            cell.organisation,
            cell.year,
            cell.field,
            cell.category,
            cell.source,
            cell.form,
            cell.direct_support,
        )
        if key in seen:
            faults += 1
            yield ground.finding(
                Status.FAIL,
                cell_subject(cell),
                observed=text("같은 칸이 두 번 이상", "the same cell more than once"),
                required=required,
                message=text(
                    f"‘{cell.key}’ 칸이 두 번 이상 적혀 있습니다.",
                    f"The cell ‘{cell.key}’ stands more than once.",
                ),
                remedy=text("같은 칸은 하나로 합쳐 주세요.", "Merge the equal cells into one."),
                numbers={"axis": "key", "cell": cell.key, "amount": cell.amount},
            )
        seen.add(key)
        for (axis, label, known), value in zip(axes, key, strict=False):
            if value not in known:
                faults += 1
                yield _unknown_axis(ground, cell, axis, label, value, known, required)
        if cell.direct_support not in marks:
            faults += 1
            yield _unknown_axis(ground, cell, "direct_support", "직접지원 표시", True, {False: ""}, required)
    if faults:
        return
    total = sum(sums.groups.values())
    yield ground.finding(
        Status.PASS if application.budget else Status.NOT_APPLICABLE,
        BUDGET,
        observed=text(
            f"{len(application.budget):,}칸, {money_ko(total)}",
            f"{len(application.budget):,} cells, {money_en(total)}",
        ),
        required=required,
        message=text(
            "모든 예산 칸이 정해진 구분 안에 있습니다." if application.budget else "예산 칸이 아직 없습니다.",
            "Every budget cell lies within the declared axes."
            if application.budget
            else "There are no budget cells yet.",
        ),
        numbers={"cells": len(application.budget), "whole": total},
    )


def _sound(cells: int, table: SumTable, known: list[dict[object, str]], marks: tuple[bool, ...]) -> bool:
    """Whether every cell lies within the axes and stands once: then every one has a sum of its own within its organisation."""
    organisations, years, fields, categories, sources, forms = known
    return (
        sum(map(len, table.by_organisation.values())) == cells
        and all(organisation in organisations for organisation in table.by_organisation)
        and all(
            group.year in years
            and group.field in fields
            and group.category in categories
            and group.source in sources
            and group.form in forms
            and group.direct in marks
            for group in table.groups
        )
    )


def _unknown_axis(
    ground: Ground, cell: Cell, axis: str, label: str, value: object, known: dict[object, str], required: Text
) -> Finding:
    allowed = [str(name) for name in known]
    shown = ", ".join(allowed[:10]) + (" …" if len(allowed) > 10 else "")
    return ground.finding(
        Status.FAIL,
        cell_subject(cell),
        observed=text(f"{label} {value}", f"{axis} {value}"),
        required=required,
        message=text(
            f"‘{cell.key}’ 칸의 {particle(label, '은', '는')} 이 공고에서 쓸 수 없는 값입니다: {value}.",
            f"The cell ‘{cell.key}’ has the {axis} ‘{value}’, which this call does not have.",
        ),
        remedy=text(
            f"{particle(label, '을', '를')} 다음 가운데 하나로 바꿔 주세요: {shown or '없음'}.",
            f"Use one of these: {shown or 'none'}.",
        ),
        numbers={"axis": axis, "value": str(value), "allowed": allowed[:50], "cell": cell.key},
    )
