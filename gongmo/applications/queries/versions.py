"""What differs between two kept states of an application, in words."""

import json
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Any

from gongmo.applications.models import DraftVersion
from gongmo.applications.values import Difference
from gongmo.definition.application import Application, Cell, Kpi
from gongmo.definition.base import Text
from gongmo.definition.model import Definition
from gongmo.parties.queries import region_table
from gongmo.rules.form import asked, told_answer
from gongmo.rules.values import FORM_NAMES, money_en, money_ko

NOTHING = Text(ko="(없음)", en="(none)")


def content_of(version: DraftVersion) -> tuple[Application, str]:
    """The application value and the summary kept in a version."""
    kept: Mapping[str, Any] = json.loads(version.content)
    value = Application.model_validate_json(json.dumps(kept["application"]))
    return value, str(kept["summary"])


def differences_from(
    definition: Definition, version: DraftVersion, now: Application, summary: str
) -> list[Difference]:
    """What has changed from a kept version to what stands: title, region, summary, fields, answers, indicators, organisations, money,
    documents."""
    return between(definition, content_of(version), (now, summary))


def between(
    definition: Definition, old: tuple[Application, str], new: tuple[Application, str]
) -> list[Difference]:
    """The same between any two values, each with its summary."""
    (before, summary_before), (now, summary) = old, new
    found: list[Difference] = []
    for where, one, other in (
        (Text(ko="사업명", en="Title"), before.title, now.title),
        (Text(ko="개요", en="Summary"), summary_before, summary),
    ):
        if one != other:
            found.append(Difference(where, _text(one), _text(other)))
    if before.region != now.region:
        names = region_table()
        places = [names.name(each) if each else NOTHING for each in (before.region, now.region)]
        found.append(Difference(Text(ko="신청 지역", en="Region"), *places))
    if before.fields != now.fields:
        found.append(
            Difference(
                Text(ko="지원 분야", en="Fields"), _fields(definition, before), _fields(definition, now)
            )
        )
    found += _answers(definition, before, now)
    found += _indicators(before, now)
    found += _organisations(before, now)
    found += _money(definition, before, now)
    found += _documents(definition, before, now)
    return found


def _answers(definition: Definition, before: Application, after: Application) -> Iterator[Difference]:
    if before.answers is None:
        return
    fields = [field.id for field in definition.fields]
    for item in asked(definition, fields):
        for place in item.places:
            one, other = before.answers.get(place, ""), (after.answers or {}).get(place, "")
            if one != other:
                part = place.rpartition(".")[2] if len(item.places) > 1 else ""
                yield Difference(
                    item.name, told_answer(item.question, part, one), told_answer(item.question, part, other)
                )


def _indicators(before: Application, after: Application) -> Iterator[Difference]:
    if before.kpis is None:
        return
    for number, (one, other) in enumerate(zip_longest(before.kpis, after.kpis or ()), 1):
        if one != other:
            where = Text(ko=f"성과지표 {number}", en=f"Indicator {number}")
            yield Difference(where, _indicator(one), _indicator(other))


def _indicator(kpi: Kpi | None) -> Text:
    if kpi is None:
        return NOTHING
    way = f"{kpi.baseline or '–'} → {kpi.target or '–'} {kpi.unit}".strip()
    return _text(" · ".join(part for part in (kpi.name, way, kpi.measured_by) if part))


def _text(value: str) -> Text:
    return Text(ko=value, en=value) if value else NOTHING


def _fields(definition: Definition, value: Application) -> Text:
    names = [field.name for field in definition.fields if field.id in value.fields]
    if not names:
        return NOTHING
    return Text(ko=", ".join(name.ko for name in names), en=", ".join(name.en for name in names))


def _organisations(before: Application, after: Application) -> Iterator[Difference]:
    old = {organisation.id: organisation.name for organisation in before.organisations}
    new = {organisation.id: organisation.name for organisation in after.organisations}
    where = Text(ko="컨소시엄", en="Consortium")
    for key in [*old, *(key for key in new if key not in old)]:
        if key not in new:
            yield Difference(where, _text(old[key]), NOTHING)
        elif key not in old:
            yield Difference(where, NOTHING, _text(new[key]))


def cell_name(definition: Definition, names: Mapping[str, str], cell: Cell) -> Text:
    """A budget cell in words: organisation, year, field, category, source, form."""
    field = next((item.name for item in definition.fields if item.id == cell.field), _text(cell.field))
    category = next(
        (item.name for item in definition.budget.categories if item.id == cell.category), _text(cell.category)
    )
    source = next(
        (item.name for item in definition.budget.sources if item.id == cell.source), _text(cell.source)
    )
    form_ko, form_en = FORM_NAMES[cell.form]
    name = names.get(cell.organisation, cell.organisation)
    direct = (" · 직접지원", " · direct support") if cell.direct_support else ("", "")
    return Text(
        ko=f"{name} · {cell.year} · {field.ko} · {category.ko} · {source.ko} {form_ko}{direct[0]}",
        en=f"{name} · {cell.year} · {field.en} · {category.en} · {source.en} {form_en}{direct[1]}",
    )


def _money(definition: Definition, before: Application, after: Application) -> Iterator[Difference]:
    names = {item.id: item.name for item in (*before.organisations, *after.organisations)}
    old = {cell.key: cell for cell in before.budget}
    new = {cell.key: cell for cell in after.budget}
    for key in [*old, *(key for key in new if key not in old)]:
        one, other = old.get(key), new.get(key)
        amounts = (one.amount if one else 0, other.amount if other else 0)
        if amounts[0] == amounts[1]:
            continue
        cell = other or one
        if cell is None:  # pragma: no cover - a key comes from one of the two
            continue
        yield Difference(
            cell_name(definition, names, cell),
            Text(ko=money_ko(amounts[0]), en=money_en(amounts[0])),
            Text(ko=money_ko(amounts[1]), en=money_en(amounts[1])),
        )


def _documents(definition: Definition, before: Application, after: Application) -> Iterator[Difference]:
    kinds = {kind.id: kind.name for kind in definition.documents}
    names = {item.id: item.name for item in (*before.organisations, *after.organisations)}
    old = {(item.kind, item.organisation): item for item in before.documents}
    new = {(item.kind, item.organisation): item for item in after.documents}
    for key in [*old, *(key for key in new if key not in old)]:
        one, other = old.get(key), new.get(key)
        if one is not None and other is not None and one.sha256 == other.sha256:
            continue
        kind = kinds.get(key[0], _text(key[0]))
        owner = f" · {names.get(key[1], key[1])}" if key[1] else ""
        yield Difference(
            Text(ko=f"{kind.ko}{owner}", en=f"{kind.en}{owner}"),
            _text(one.file) if one else NOTHING,
            _text(other.file) if other else NOTHING,
        )
