"""Checks that the names inside a definition fit together: everything used is declared, nothing is declared twice."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from gongmo.definition.agreement import agreement_problems
from gongmo.definition.base import Based, Model, Wrong
from gongmo.definition.form import form_problems
from gongmo.definition.rules import (
    AllowedKinds,
    AmountCeiling,
    AmountFloor,
    ApplicantRegions,
    CashOnly,
    Exclusion,
    InKindCap,
    Part,
    RequiredRole,
    ShareCeiling,
    ShareFloor,
)
from gongmo.definition.similar import similar_problems

if TYPE_CHECKING:
    from gongmo.definition.model import Definition

Loc = tuple[str | int, ...]


def path_text(loc: Loc) -> str:
    """("rules", 3, "at_least") → "rules.3.at_least"."""
    return ".".join(str(step) for step in loc)


def all_based(value: object, loc: Loc = ()) -> Iterator[tuple[Loc, Based]]:
    """Every settled thing inside a definition with its path."""
    if isinstance(value, Based):
        yield loc, value
    if isinstance(value, Model):
        for name in type(value).model_fields:
            yield from all_based(getattr(value, name), (*loc, name))
    elif isinstance(value, tuple):
        for number, item in enumerate(value):
            yield from all_based(item, (*loc, number))


def misnamed(call: "Definition") -> list[Wrong]:
    """What does not fit together in a definition whose parts are each right."""
    return [
        *_twice(call),
        *_clauses(call),
        *_roles_and_documents(call),
        *_rules(call),
        *_money(call),
        *_blind(call),
        *form_problems(call),
        *agreement_problems(call),
        *similar_problems(call),
    ]


def _undeclared(loc: Loc, name: object, known: Iterable[object]) -> Iterator[Wrong]:
    listed = list(known)
    if name not in listed:
        choices = ", ".join(str(item) for item in listed) or "–"
        yield Wrong(
            loc,
            f"‘{name}’은(는) 이 정의에 없는 이름입니다. 정의된 이름: {choices}",
            f"“{name}” is not declared in this definition. Declared: {choices}",
        )


def _twice(call: "Definition") -> Iterator[Wrong]:
    lists: tuple[tuple[Loc, str, Iterable[object]], ...] = (
        (("clauses",), "id", (item.id for item in call.clauses)),
        (("actors",), "id", (item.id for item in call.actors)),
        (("fields",), "id", (item.id for item in call.fields)),
        (("milestones",), "id", (item.id for item in call.milestones)),
        (("intake", "channels"), "id", (item.id for item in call.intake.channels)),
        (("consortium", "roles"), "id", (item.id for item in call.consortium.roles)),
        (("facts",), "id", (item.id for item in call.facts)),
        (("rules",), "id", (item.id for item in call.rules)),
        (("budget", "years"), "year", (item.year for item in call.budget.years)),
        (("budget", "sources"), "id", (item.id for item in call.budget.sources)),
        (("budget", "categories"), "id", (item.id for item in call.budget.categories)),
        (("documents",), "id", (item.id for item in call.documents)),
        (("documents",), "number", (item.number for item in call.documents)),
        (("periods",), "id", (item.id for item in call.periods)),
        (("baselines",), "id", (item.id for item in call.baselines)),
        (("settings",), "id", (item.id for item in call.settings)),
    )
    for loc, key, values in lists:
        seen: set[object] = set()
        for number, value in enumerate(values):
            if value in seen:
                yield Wrong(
                    (*loc, number, key),
                    f"‘{value}’이(가) 두 번 나옵니다. 서로 다른 이름을 써 주세요.",
                    f"“{value}” stands twice. Give each its own name.",
                )
            seen.add(value)


def _clauses(call: "Definition") -> Iterator[Wrong]:
    known = [clause.id for clause in call.clauses]
    for loc, based in all_based(call):
        if based.clause is not None:
            yield from _undeclared((*loc, "clause"), based.clause, known)
    for number, clause in enumerate(call.clauses):
        if clause.under is not None:
            yield from _undeclared(("clauses", number, "under"), clause.under, known[:number])


def _roles_and_documents(call: "Definition") -> Iterator[Wrong]:
    roles = [role.id for role in call.consortium.roles]
    sources = [source.id for source in call.budget.sources]
    yield from _undeclared(("consortium", "lead_role"), call.consortium.lead_role, roles)
    yield from _undeclared(("consortium", "applicant_role"), call.consortium.applicant_role, roles)
    categories = [category.id for category in call.budget.categories]
    for number, document in enumerate(call.documents):
        for place, role in enumerate(document.roles):
            yield from _undeclared(("documents", number, "roles", place), role, roles)
        if document.when.kind == "contributes":
            yield from _undeclared(("documents", number, "when", "source"), document.when.source, sources)
        elif document.when.kind == "spends_on":
            for place, category in enumerate(document.when.categories):
                yield from _undeclared(
                    ("documents", number, "when", "categories", place), category, categories
                )
        if document.paper is not None and document.paper.source is not None:
            loc = ("documents", number, "paper", "source")
            yield from _undeclared(loc, document.paper.source, sources)


def _blind(call: "Definition") -> Iterator[Wrong]:
    """What a blind stage leaves out exists."""
    kinds = [document.id for document in call.documents]
    questions = (
        [question.id for section in call.form.sections for question in section.questions] if call.form else []
    )
    for number, stage in enumerate(call.evaluation.stages):
        if stage.blind is None:
            continue
        loc: Loc = ("evaluation", "stages", number, "blind")
        for place, name in enumerate(stage.blind.documents):
            yield from _undeclared((*loc, "documents", place), name, kinds)
        for place, name in enumerate(stage.blind.questions):
            yield from _undeclared((*loc, "questions", place), name, questions)


def _rules(call: "Definition") -> Iterator[Wrong]:
    roles = [role.id for role in call.consortium.roles]
    for number, rule in enumerate(call.rules):
        loc: Loc = ("rules", number)
        if isinstance(rule, ApplicantRegions):
            yield from _undeclared((*loc, "role"), rule.role, roles)
            if rule.from_parent == bool(rule.regions):
                yield Wrong(
                    loc,
                    "regions와 from_parent 가운데 하나만 적어 주세요.",
                    "Give either regions or from_parent.",
                )
            if rule.from_parent and call.second_level is None:
                yield Wrong(
                    (*loc, "from_parent"),
                    "from_parent는 second_level이 있는 공고에서만 쓸 수 있습니다.",
                    "from_parent needs a call with second_level.",
                )
        if isinstance(rule, RequiredRole | AllowedKinds):
            for place, role in enumerate(rule.roles):
                yield from _undeclared((*loc, "roles", place), role, roles)
        if isinstance(rule, RequiredRole) and rule.at_most is not None and rule.at_most < rule.at_least:
            yield Wrong(
                (*loc, "at_most"), "at_most는 at_least 이상이어야 합니다.", "at_most is below at_least."
            )
        if isinstance(rule, Exclusion):
            yield from _undeclared((*loc, "fact"), rule.fact, [fact.id for fact in call.facts])
            for place, role in enumerate(rule.roles or ()):
                yield from _undeclared((*loc, "roles", place), role, roles)
        if isinstance(rule, ShareFloor | ShareCeiling):
            yield from _part(call, (*loc, "whole"), rule.whole)
        if isinstance(rule, ShareFloor | ShareCeiling | InKindCap | CashOnly | AmountCeiling | AmountFloor):
            yield from _part(call, (*loc, "part"), rule.part)


def _part(call: "Definition", loc: Loc, part: Part) -> Iterator[Wrong]:
    budget = call.budget
    axes: tuple[tuple[str, Iterable[object], Iterable[object]], ...] = (
        ("sources", part.sources or (), [item.id for item in budget.sources]),
        ("forms", part.forms or (), budget.forms),
        ("fields", part.fields or (), [item.id for item in call.fields]),
        ("categories", part.categories or (), [item.id for item in budget.categories]),
        ("years", part.years or (), [item.year for item in budget.years]),
        ("roles", part.roles or (), [item.id for item in call.consortium.roles]),
    )
    for axis, used, known in axes:
        for place, name in enumerate(used):
            yield from _undeclared((*loc, axis, place), name, known)
    if part.direct_support is not None and budget.direct_support is None:
        yield Wrong(
            (*loc, "direct_support"),
            "budget.direct_support에 직접지원이 무엇인지 먼저 적어 주세요.",
            "Say in budget.direct_support what direct support means first.",
        )


def _money(call: "Definition") -> Iterator[Wrong]:
    budget = call.budget
    if budget.period_starts > budget.period_ends:
        yield Wrong(
            ("budget", "period_ends"),
            "사업기간의 끝이 시작보다 앞섭니다. 날짜를 확인해 주세요.",
            "The project period ends before it starts.",
        )
    for number, year in enumerate(budget.years):
        if not budget.period_starts <= year.starts <= year.ends <= budget.period_ends:
            yield Wrong(
                ("budget", "years", number),
                f"{year.year}년의 기간이 사업기간({budget.period_starts} ~ {budget.period_ends}) 안에 있지 않습니다.",
                f"The span of {year.year} does not lie within the project period ({budget.period_starts} to {budget.period_ends}).",
            )
    sources = [source.id for source in budget.sources]
    if call.allocation is not None:
        yield from _undeclared(("allocation", "source"), call.allocation.source, sources)
        if call.allocation.year is not None:
            yield from _undeclared(
                ("allocation", "year"), call.allocation.year, [year.year for year in budget.years]
            )
        if call.allocation.ceiling is not None and call.allocation.ceiling < call.allocation.floor:
            yield Wrong(
                ("allocation", "ceiling"),
                "ceiling은 floor 이상이어야 합니다.",
                "The ceiling lies below the floor.",
            )
    if call.second_level is not None:
        for place, source in enumerate(call.second_level.sources):
            yield from _undeclared(("second_level", "sources", place), source, sources)
