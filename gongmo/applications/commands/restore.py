"""Going back: to a kept version, or to what one field held before a change. What stood until then stays in the journal and as a version."""

from typing import Any

from django.db import transaction

from gongmo.applications.commands.autosave import write_values
from gongmo.applications.commands.base import changed, locked, require_editable
from gongmo.applications.commands.journal import Change
from gongmo.applications.commands.money import Key, key_of, path_of
from gongmo.applications.fields.base import Place
from gongmo.applications.fields.form import KPI_COLUMNS, kpi_value
from gongmo.applications.models import Application, DraftVersion, FieldChange, Kpi, Member
from gongmo.applications.policies import PRESENT, may_edit
from gongmo.applications.queries.regions import asks_region, eligible_regions
from gongmo.applications.queries.versions import content_of
from gongmo.calls.queries import definition_of
from gongmo.definition import application as plain
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import NotFound
from gongmo.rules.form import question_at

ACT = "applications.restore_version"


def restore_version(*, actor: Actor, application_id: int, revision: int) -> Application:
    """Bring back title, region, summary, fields, answers, indicators and money of a kept version, as a new revision.

    Money of organisations that are no longer in the consortium and answers to questions that the call no longer asks stay out.
    Self-checks, consents and documents are acts of their own and stay as they are.
    """
    with transaction.atomic():
        application = locked(actor, application_id)
        may_edit.require(actor, application)
        require_editable(application)
        version = DraftVersion.objects.filter(application=application, revision=revision).first()
        if version is None:
            raise NotFound
        value, summary = content_of(version)
        at = Place(actor, application, definition_of(application.call))
        what = f"{revision}번째 저장본으로 되돌림"
        payload: dict[str, Any] = {"restored": revision, "sha256": version.sha256}
        _fit_kpis(at, value)
        if not write_values(at, _wanted(at, value, summary), keep=what, act=ACT, payload=payload):
            changed(actor, application, ACT, payload, keep=what, fields=at.dropped)
    return application


def _wanted(at: Place, value: plain.Application, summary: str) -> dict[str, Any]:
    known = {field.id for field in at.definition.fields}
    wanted: dict[str, Any] = {
        "title": value.title,
        "summary": summary,
        "fields": [field for field in value.fields if field in known],
    }
    if asks_region(at.definition) and value.region in dict(eligible_regions(at.definition)):
        wanted["region"] = value.region
    if value.answers is not None:
        stored = at.application.answers.values_list("question", flat=True)
        for place in dict.fromkeys([*stored, *value.answers]):
            if question_at(at.definition, place) is not None:
                wanted[f"answer:{place}"] = value.answers.get(place, "")
    if value.kpis is not None:
        for stored_kpi, kpi in zip(at.kpis.values(), value.kpis, strict=True):
            for column in KPI_COLUMNS:
                wanted[f"kpi:{stored_kpi.pk}:{column}"] = getattr(kpi, column) or ""
    return wanted | _money(at, value)


def _money(at: Place, value: plain.Application) -> dict[str, int]:
    present = set(
        Member.objects.filter(application=at.application, state__in=PRESENT).values_list(
            "organisation_id", flat=True
        )
    )
    amounts = {path_of(key_of(cell)): 0 for cell in at.application.cells.all()}
    axes = _axes(at)
    for cell in value.budget:
        key = Key(
            int(cell.organisation),
            cell.year,
            cell.field,
            cell.category,
            cell.source,
            cell.form.value,
            cell.direct_support,
        )
        if key.organisation_id in present and all(
            getattr(key, axis) in known for axis, known in axes.items()
        ):
            amounts[path_of(key)] = cell.amount
    return amounts


def _axes(at: Place) -> dict[str, set[Any]]:
    budget = at.definition.budget
    return {
        "year": {year.year for year in budget.years},
        "field": {field.id for field in at.definition.fields},
        "category": {category.id for category in budget.categories},
        "source": {source.id for source in budget.sources},
        "form": {form.value for form in budget.forms},
        "direct_support": {False, budget.direct_support is not None},
    }


def _fit_kpis(at: Place, value: plain.Application) -> None:
    """As many lines for indicators as the version has; those that go are told to the journal."""
    if value.kpis is None:
        return
    rows = list(at.kpis.values())
    gone = rows[len(value.kpis) :]
    for kpi in gone:
        held = [Change(f"kpi:{kpi.pk}:{column}", kpi_value(kpi, column), None) for column in KPI_COLUMNS]
        at.dropped += (change for change in held if change.before)
        del at.kpis[kpi.pk]
        kpi.delete()
    last = max((kpi.position for kpi in rows), default=0)
    for number in range(len(rows), len(value.kpis)):
        kpi = Kpi.objects.create(application=at.application, position=last + number + 1)
        at.kpis[kpi.pk] = kpi


def restore_field(*, actor: Actor, application_id: int, change_id: int) -> Application:
    """Bring back what a field held before one change of the journal, as a new change."""
    with transaction.atomic():
        application = locked(actor, application_id)
        require_editable(application)
        line = FieldChange.objects.filter(pk=change_id, application=application).first()
        if line is None:
            raise NotFound
        at = Place(actor, application, definition_of(application.call))
        write_values(
            at,
            {line.path: line.before},
            keep="한 칸을 앞선 내용으로 되돌림",
            act="applications.restore_field",
        )
    return application
