"""The one place that turns an application's rows into the plain value that the rules read."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from gongmo.applications.models import (
    Answer,
    Application,
    ApplicationDocument,
    Arrival,
    BudgetCell,
    Declaration,
    Kpi,
    Member,
)
from gongmo.applications.policies import PRESENT
from gongmo.applications.queries.reading import standing_submission
from gongmo.applications.queries.regions import region_of
from gongmo.applications.states import ApplicationState
from gongmo.applications.values import plain_figure
from gongmo.calls.queries import definition_of
from gongmo.definition import application as plain
from gongmo.definition.base import Form, OrganisationKind
from gongmo.kernel import clock
from gongmo.kernel.clock import SEOUL
from gongmo.kernel.errors import Refused
from gongmo.ledger.prepared import hold, prepared
from gongmo.parties.queries import region_table
from gongmo.rules.check import check
from gongmo.rules.finding import Finding


def present_members(application: Application) -> list[Member]:
    """The consortium's organisations, invited or joined, the lead first; organisations and declarations at hand (2 queries)."""
    members = _members(application=application.pk)
    declared: dict[int, list[Declaration]] = {member.pk: [] for member in members}
    for declaration in _declarations(application=application.pk):
        # A member that comes between the two statements is not told of.
        declared.setdefault(declaration.member_id, []).append(declaration)
    for member in members:
        hold(member, "declarations", declared[member.pk])
    return sorted(members, key=lambda member: (member.organisation_id != application.lead_id, member.pk))


def snapshot(
    application: Application, *, received_at: datetime | None = None, members: list[Member] | None = None
) -> plain.Application:
    """The application as it stands now, as a plain value. Organisation ids in it are the organisations' keys as text.

    Invited organisations are in it, declined and removed ones are not. `received_at` is written into the value (the
    instant of submission). At most seven queries, whatever the size of the consortium.
    """
    members = present_members(application) if members is None else members
    references = {member.organisation_id: str(member.organisation_id) for member in members}
    return plain.Application(
        format="gongmo/application/1",
        call=application.call.slug,
        title=application.title,
        region=region_of(application, definition_of(application.call), members),
        parent_region=application.call.parent_region or None,
        fields=tuple(application.fields),
        answers=dict(_answers(application=application.pk)),
        kpis=tuple(
            plain.Kpi(
                name=kpi.name,
                unit=kpi.unit,
                baseline=_figure(kpi.baseline),
                target=_figure(kpi.target),
                measured_by=kpi.measured_by,
            )
            for kpi in _kpis(application=application.pk)
        ),
        organisations=tuple(_organisation(member) for member in members),
        budget=tuple(
            plain.Cell(
                organisation=references.get(organisation, str(organisation)),
                year=year,
                field=field,
                category=category,
                source=source,
                form=Form(form),
                amount=amount,
                direct_support=direct,
            )
            for organisation, year, field, category, source, form, amount, direct in _cells(
                application=application.pk
            )
        ),
        documents=tuple(
            plain.Document(
                kind=kind, organisation=None if owner is None else str(owner), file=name, sha256=sha256
            )
            for kind, owner, name, sha256 in _documents(application=application.pk)
        ),
        arrivals=_arrivals(application),
        received_at=received_at,
    )


def submitted_value(application: Application) -> plain.Application:
    """The value of the standing submission, with what has arrived on other channels until now. Raises Refused where none stands."""
    submission = standing_submission(application)
    if submission is None:
        raise Refused(
            "application_not_submitted",
            "제출된 신청서가 없습니다.",
            "This application has no standing submission.",
        )
    value = plain.Application.model_validate_json(submission.content)
    return value.model_copy(update={"arrivals": _arrivals(application)})


def findings(application: Application) -> tuple[Finding, ...]:
    """Every finding of the rules on the application: as submitted where a submission stands, else as it is now."""
    submitted = application.state == ApplicationState.SUBMITTED
    value = submitted_value(application) if submitted else snapshot(application)
    return check(definition_of(application.call), value, regions=region_table(), at=clock.now())


def _organisation(member: Member) -> plain.Organisation:
    organisation = member.organisation
    return plain.Organisation(
        id=str(organisation.pk),
        name=organisation.name,
        role=member.role,
        kind=OrganisationKind(organisation.kind),
        region=organisation.region_id,
        business_number=organisation.business_number or None,
        corporate_number=organisation.corporate_number or None,
        founded_on=organisation.founded_on,
        buys_assets=member.buys_assets,
        facts={
            declaration.fact: plain.Fact(
                value=plain.Truth(declaration.value),
                as_of=declaration.declared_at.astimezone(SEOUL).date(),
                source=plain.FactSource.SELF,
                follow_up=declaration.follow_up,
                earlier_ended_on=declaration.earlier_ended_on,
                note=declaration.note,
            )
            for declaration in sorted(member.declarations.all(), key=lambda item: item.fact)
        },
    )


def _figure(value: Decimal | None) -> str | None:
    return None if value is None else plain_figure(value)


def _arrivals(application: Application) -> tuple[plain.Arrival, ...]:
    rows = _arrived(application=application.pk)
    return tuple(plain.Arrival(channel=channel, arrived_on=arrived_on) for channel, arrived_on in rows)


# --- Statements --------------------------------------------------------------------------------------------------------
@prepared
def _members(*, application: int) -> QuerySet[Member]:
    found = Member.objects.filter(application=application, state__in=PRESENT)
    return found.select_related("organisation").order_by()


@prepared
def _declarations(*, application: int) -> QuerySet[Declaration]:
    return Declaration.objects.filter(member__application=application, member__state__in=PRESENT).order_by()


@prepared
def _cells(*, application: int) -> QuerySet[BudgetCell, tuple[Any, ...]]:
    return BudgetCell.objects.filter(application=application).values_list(
        "organisation_id", "year", "field", "category", "source", "form", "amount", "direct_support"
    )


@prepared
def _documents(*, application: int) -> QuerySet[ApplicationDocument, tuple[Any, ...]]:
    found = ApplicationDocument.objects.filter(application=application, removed_at__isnull=True)
    return found.values_list("kind", "member__organisation_id", "name", "file_id")


@prepared
def _answers(*, application: int) -> QuerySet[Answer, tuple[str, str]]:
    found = Answer.objects.filter(application=application).exclude(text="")
    return found.order_by("question").values_list("question", "text")


@prepared
def _kpis(*, application: int) -> QuerySet[Kpi]:
    return Kpi.objects.filter(application=application)


@prepared
def _arrived(*, application: int) -> QuerySet[Arrival, tuple[str, date]]:
    return Arrival.objects.filter(application=application).order_by("id").values_list("channel", "arrived_on")
