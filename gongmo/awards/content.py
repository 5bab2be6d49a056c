"""What an agreement says, as one plain value: the content of a version, of a proposed amendment, and of the printed paper."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from gongmo.definition.application import Application, Cell, Kpi
from gongmo.definition.base import Model, Text
from gongmo.definition.form import QuestionKind
from gongmo.definition.model import Definition
from gongmo.kernel.canonical import canonical_json
from gongmo.kernel.korean import day
from gongmo.rules.amendment import Facts


class PartyValue(Model):
    """A party as the agreement names it. `role` is a role of the call or an actor of its programme."""

    organisation: int
    name: str
    role: str
    head_title: str = ""
    head_name: str = ""
    business_number: str = ""
    address: str = ""


class Content(Model):
    """An agreement's content (format gongmo/agreement/1). Money stands in cells: organisation, year, field, category, source, form."""

    format: Literal["gongmo/agreement/1"] = "gongmo/agreement/1"
    call_version: int
    """The frozen version of the call whose text the agreement has."""
    number: str
    title: str
    operator: str
    applicant: str
    lead: str
    region: Text | None = None
    period_starts: date
    period_ends: date
    drawn_up: date
    director: str = ""
    scope: Annotated[str, Field(max_length=20_000)] = ""
    goals: tuple[Kpi, ...] = ()
    goals_text: Annotated[str, Field(max_length=20_000)] = ""
    conditions: tuple[str, ...] = ()
    parties: tuple[PartyValue, ...]
    budget: tuple[Cell, ...] = ()


def content_text(content: Content) -> str:
    """Canonical JSON of a content, as it is kept and hashed."""
    return canonical_json(content)


def read_content(text: str) -> Content:
    """A kept content. Raises ValueError."""
    return Content.model_validate_json(text)


def sums(content: Content) -> dict[tuple[int, str, str], int]:
    """Won by year, source and form, in order, without zeros."""
    found: dict[tuple[int, str, str], int] = {}
    for cell in content.budget:
        key = (cell.year, cell.source, cell.form.value)
        found[key] = found.get(key, 0) + cell.amount
    return {key: amount for key, amount in sorted(found.items()) if amount}


def director_of(definition: Definition, application: Application) -> str:
    """The project director as the application names it: the first question of the form that asks for a person."""
    answers = application.answers or {}
    for section in definition.form.sections if definition.form is not None else ():
        for question in section.questions:
            if question.kind is QuestionKind.PERSON:
                parts = (answers.get(f"{question.id}.{part}", "").strip() for part in ("position", "name"))
                return " ".join(part for part in parts if part)
    return ""


def readable(
    content: Content, definition: Definition, names: Mapping[int, str]
) -> Iterator[tuple[str, Text, str]]:
    """The content as rows "key, name, value" in Korean, so that two contents can be compared row by row.

    Keys begin with what the row belongs to: "period", "money/…", "party/…", "director", "scope", "goals", "conditions". `names` are
    the organisations' names by id.
    """
    yield (
        "period",
        Text(ko="협약 기간", en="Period"),
        f"{day(content.period_starts)} ~ {day(content.period_ends)}",
    )
    yield "director", Text(ko="총괄책임자", en="Project director"), content.director
    yield "scope", Text(ko="사업의 범위", en="Scope"), content.scope
    goals = "\n".join(
        f"{goal.name}: {'' if goal.baseline is None else goal.baseline} → {'' if goal.target is None else goal.target} {goal.unit}".strip()
        for goal in content.goals
    )
    yield (
        "goals",
        Text(ko="목표", en="Goals"),
        "\n".join(part for part in (goals, content.goals_text) if part),
    )
    yield "conditions", Text(ko="특약", en="Special conditions"), "\n".join(content.conditions)
    # Who left or is to come is named by the content itself.
    names = {**{party.organisation: party.name for party in content.parties}, **names}
    roles = {each.id: each.name for each in definition.actors}
    roles |= {each.id: each.name for each in definition.consortium.roles}
    for party in content.parties:
        name = names.get(party.organisation, party.name)
        yield (
            f"party/{party.organisation}",
            Text(ko=f"당사자 {name}", en=f"Party {name}"),
            roles[party.role].ko if party.role in roles else party.role,
        )
        head = " ".join(part for part in (party.head_title, party.head_name) if part)
        yield f"party/{party.organisation}/head", Text(ko=f"{name} 대표자", en=f"Head of {name}"), head
        yield (
            f"party/{party.organisation}/address",
            Text(ko=f"{name} 주소", en=f"Address of {name}"),
            party.address,
        )
    sources = {source.id: source.name for source in definition.budget.sources}
    categories = {each.id: each.name for each in definition.budget.categories}
    fields = {each.id: each.name for each in definition.fields}
    for cell in content.budget:
        organisation = names.get(int(cell.organisation), cell.organisation)
        form = Text(ko="현물", en="in kind") if cell.form.value == "in_kind" else Text(ko="현금", en="cash")
        source = sources.get(cell.source, Text(ko=cell.source, en=cell.source))
        category = categories.get(cell.category, Text(ko=cell.category, en=cell.category))
        field = fields.get(cell.field, Text(ko=cell.field, en=cell.field))
        yield (
            f"money/{cell.key}",
            Text(
                ko=f"{organisation} · {cell.year} · {field.ko} · {category.ko} · {source.ko} {form.ko}",
                en=f"{organisation} · {cell.year} · {field.en} · {category.en} · {source.en} {form.en}",
            ),
            f"{cell.amount:,}",
        )


def facts_of(content: Content) -> Facts:
    """What the rule on amendments looks at."""
    return Facts(
        parties=tuple((party.organisation, party.role) for party in content.parties),
        period=(content.period_starts, content.period_ends),
        director=content.director,
        scope=content.scope,
        goals=canonical_json([content.goals, content.goals_text]),
        conditions=content.conditions,
        heads=tuple(
            (party.organisation, f"{party.head_title} {party.head_name}") for party in content.parties
        ),
        addresses=tuple((party.organisation, party.address) for party in content.parties),
        budget=content.budget,
    )


class Difference(Model):
    """One place in which two contents differ. Money has its change in won."""

    key: str
    name: Text
    before: str
    after: str
    change: int | None = None


def differences(
    before: Content, after: Content, definition: Definition, names: Mapping[int, str]
) -> list[Difference]:
    """Where two contents differ, in the order of the later one; what only the earlier one has comes last."""
    was = {key: (name, value) for key, name, value in readable(before, definition, names)}
    now = {key: (name, value) for key, name, value in readable(after, definition, names)}
    found = []
    for key in [*now, *(key for key in was if key not in now)]:
        old, new = was.get(key, (None, ""))[1], now.get(key, (None, ""))[1]
        if old != new:
            name = (now.get(key) or was[key])[0]
            change = _won(new) - _won(old) if key.startswith("money/") else None
            found.append(Difference(key=key, name=name, before=old, after=new, change=change))
    return found


def _won(text: str) -> int:
    return int(text.replace(",", "")) if text else 0
