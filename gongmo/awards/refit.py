"""A submitted budget fitted to the money that was allocated."""

from gongmo.definition.application import Application, Cell
from gongmo.definition.base import Severity, Text
from gongmo.definition.model import Definition
from gongmo.definition.rules import AmountCeiling, Part
from gongmo.kernel.errors import Refused
from gongmo.rules.fit import Impossible, fit


def asked_of(definition: Definition, application: Application) -> int:
    """Won of the allocation's source in its year that an application asks for."""
    rule = definition.allocation
    return sum(
        cell.amount
        for cell in application.budget
        if rule is not None and cell.source == rule.source and (rule.year is None or cell.year == rule.year)
    )


def refit(
    definition: Definition, application: Application, allocated: int | None
) -> tuple[list[dict[str, object]], tuple[Cell, ...]]:
    """The cells of the agreement and what was changed for it.

    `allocated` is won of the allocation's source in its year; None or at least the sum asked leaves the budget as it is.
    Otherwise the budget becomes the nearest one that keeps every money rule and asks no more than that. Raises Refused
    when no lawful budget exists.
    """
    rule = definition.allocation
    if rule is None or allocated is None:
        return [], application.budget
    years = None if rule.year is None else (rule.year,)
    if asked_of(definition, application) <= allocated:
        return [], application.budget
    ceiling = AmountCeiling(
        kind="amount_ceiling",
        id="allocated_sum",
        title=Text(ko="배분액", en="Allocated sum"),
        clause=rule.clause,
        default=rule.default,
        severity=Severity.BLOCKING,
        part=Part(sources=(rule.source,), years=years),
        at_most=allocated,
    )
    found = fit(definition.model_copy(update={"rules": (*definition.rules, ceiling)}), application)
    if isinstance(found, Impossible):
        raise Refused(
            "cannot_refit",
            "배분액에 맞는 사업비를 만들 수 없습니다. 신청기관과 사업비를 다시 협의해 주세요.",
            "No lawful budget fits the allocated sum; negotiate the budget again.",
        )
    changes: list[dict[str, object]] = [
        {"cell": change.cell.key, "before": change.before, "after": change.after} for change in found.changes
    ]
    return changes, found.cells
