"""Everything that an application's papers say, loaded once: a constant number of statements, whatever the size of the consortium."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from gongmo.applications.models import Answer, Application, BudgetCell, Consent, Declaration, Kpi, Member
from gongmo.applications.policies import PRESENT
from gongmo.calls.queries import definition_of
from gongmo.definition.base import Text
from gongmo.definition.model import Definition


@dataclass(frozen=True, slots=True)
class Party:
    """An organisation of the consortium as papers name it. `member` is its place's id, `organisation` its own."""

    member: int
    organisation: int
    name: str
    role: str
    kind: str
    region: Text | None
    business_number: str
    corporate_number: str
    founded_on: date | None
    address: str
    representative_title: str
    representative_name: str
    buys_assets: bool
    accepted: bool


class Money(NamedTuple):
    """One budget cell in won."""

    organisation: int
    year: int
    field: str
    category: str
    source: str
    form: str
    direct: bool
    amount: int


class Indicator(NamedTuple):
    """One indicator of success."""

    name: str
    unit: str
    baseline: Decimal | None
    target: Decimal | None
    measured_by: str


class Declared(NamedTuple):
    """A member's own answer to an exclusion's question."""

    value: str
    follow_up: bool | None
    earlier_ended_on: date | None
    note: str
    at: datetime


class Given(NamedTuple):
    """A consent that was answered."""

    given: bool
    at: datetime


@dataclass(frozen=True)
class PaperData:
    """An application's content as its papers read it: plain values only, so that any paper is a pure function of it."""

    definition: Definition
    application: int
    call_slug: str
    operator: str
    title: str
    summary: str
    region: Text | None
    lead: int
    fields: tuple[str, ...]
    changed_at: datetime
    parties: tuple[Party, ...]
    cells: tuple[Money, ...]
    indicators: tuple[Indicator, ...]
    answers: Mapping[str, str]
    declared: Mapping[int, Mapping[str, Declared]] = field(default_factory=dict)
    consents: Mapping[int, Mapping[str, Given]] = field(default_factory=dict)

    @cached_property
    def by_member(self) -> Mapping[int, Party]:
        """The parties by their place's id."""
        return {party.member: party for party in self.parties}

    @cached_property
    def by_organisation(self) -> Mapping[int, Party]:
        """The parties by their organisation's id."""
        return {party.organisation: party for party in self.parties}

    @cached_property
    def cells_of(self) -> Mapping[int, tuple[Money, ...]]:
        """The budget cells of each organisation."""
        found: dict[int, list[Money]] = {}
        for cell in self.cells:
            found.setdefault(cell.organisation, []).append(cell)
        return {organisation: tuple(cells) for organisation, cells in found.items()}

    @property
    def applicant(self) -> Party | None:
        """The organisation that gives the application its name (the definition's applicant role)."""
        wanted = self.definition.consortium.applicant_role
        return next((party for party in self.parties if party.role == wanted), None)


def load(application: Application) -> PaperData:
    """The application's data for its papers. Seven statements where call, lead and region are at hand."""
    call = application.call
    members = (
        Member.objects.filter(application=application, state__in=PRESENT)
        .select_related("organisation__region")
        .order_by("id")
    )
    parties = sorted(
        (_party(member) for member in members),
        key=lambda party: (party.organisation != application.lead_id, party.member),
    )
    places = {party.member for party in parties}
    declared: dict[int, dict[str, Declared]] = {}
    for item in Declaration.objects.filter(member__application=application):
        if item.member_id in places:
            declared.setdefault(item.member_id, {})[item.fact] = Declared(
                item.value, item.follow_up, item.earlier_ended_on, item.note, item.declared_at
            )
    consents: dict[int, dict[str, Given]] = {}
    for each in Consent.objects.filter(member__application=application):
        if each.member_id in places:
            consents.setdefault(each.member_id, {})[each.kind] = Given(each.given, each.given_at)
    definition = definition_of(call)
    region = Text(ko=application.region.ko, en=application.region.en) if application.region else None
    if definition.consortium.lead_role == definition.consortium.applicant_role:
        # Where the lead itself applies, its region is the application's.
        region = next(
            (party.region for party in parties if party.organisation == application.lead_id), region
        )
    return PaperData(
        definition=definition,
        application=application.pk,
        call_slug=call.slug,
        operator=call.operator.name,
        title=application.title,
        summary=application.summary,
        region=region,
        lead=application.lead_id,
        fields=tuple(application.fields),
        changed_at=application.changed_at,
        parties=tuple(parties),
        cells=tuple(
            Money._make(row)
            for row in BudgetCell.objects.filter(application=application)
            .order_by("year", "id")
            .values_list(
                "organisation_id", "year", "field", "category", "source", "form", "direct_support", "amount"
            )
            if row[-1]
        ),
        indicators=tuple(
            Indicator._make(row)
            for row in Kpi.objects.filter(application=application).values_list(
                "name", "unit", "baseline", "target", "measured_by"
            )
        ),
        answers=dict(_answers(application)),
        declared=declared,
        consents=consents,
    )


def _answers(application: Application) -> Iterable[tuple[str, str]]:
    return Answer.objects.filter(application=application).values_list("question", "text")


def _party(member: Member) -> Party:
    organisation = member.organisation
    region = organisation.region
    return Party(
        member=member.pk,
        organisation=organisation.pk,
        name=organisation.name,
        role=member.role,
        kind=organisation.kind,
        region=Text(ko=region.ko, en=region.en) if region else None,
        business_number=organisation.business_number or "",
        corporate_number=organisation.corporate_number,
        founded_on=organisation.founded_on,
        address=organisation.address,
        representative_title=organisation.representative_title,
        representative_name=getattr(organisation, "representative_name", ""),
        buys_assets=member.buys_assets,
        accepted=member.state == "accepted",
    )
