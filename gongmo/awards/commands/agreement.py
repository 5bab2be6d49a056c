"""Drawing up agreements (programme clauses A-7 and A-9)."""

from collections import Counter
from datetime import date

from django.db import transaction

from gongmo.applications.models import Member
from gongmo.applications.queries import submitted_value
from gongmo.applications.states import MemberState
from gongmo.awards import policies
from gongmo.awards.commands.versions import add_version, enqueue_print, told
from gongmo.awards.content import Content, PartyValue, director_of
from gongmo.awards.models import (
    Agreement,
    AgreementMoney,
    AgreementParty,
    AllocationLine,
    Negotiation,
    NegotiationOffer,
    VersionCause,
)
from gongmo.awards.refit import refit
from gongmo.awards.states import NegotiationState, OfferState
from gongmo.calls.models import Call
from gongmo.calls.queries import definition_of
from gongmo.definition import application as plain
from gongmo.definition.agreement import AgreementTerms
from gongmo.definition.base import Text
from gongmo.definition.model import Definition
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.ledger import commands as ledger
from gongmo.parties.models import Organisation

OPERATOR_PARTY = "operating_agency"


def draw_up_agreement(*, actor: Actor, negotiation_id: int, period_starts: date | None = None) -> Agreement:
    """Draw up the agreement of a successful negotiation: number, parties, period, yearly money.

    The money is that of the standing submission; where less was allocated than asked, the budget is fitted to the
    allocated sum (least total change). `period_starts` defaults to the planned start, or today if that has passed and
    the definition leaves it open. Drawn up twice, the first agreement is returned.
    """
    with transaction.atomic():
        try:
            negotiation = Negotiation.objects.select_related("application__lead", "application__region").get(
                pk=negotiation_id
            )
        except Negotiation.DoesNotExist:
            raise NotFound from None
        call = Call.objects.select_for_update().get(pk=negotiation.call_id)
        policies.manage.require(actor, call)
        negotiation.refresh_from_db(fields=["state"])
        standing = Agreement.objects.filter(application_id=negotiation.application_id).first()
        if standing is not None:
            return standing
        if negotiation.state != NegotiationState.AGREED:
            raise Refused(
                "negotiation_state",
                "협상을 마친 신청만 협약을 만들 수 있습니다.",
                "Only a successful negotiation leads to an agreement.",
            )
        definition = definition_of(call)
        terms = _terms(definition)
        starts = period_starts or terms.starts_planned or clock.now().astimezone(clock.SEOUL).date()
        if starts > terms.ends:
            raise BadInput(
                "period",
                "협약 시작일이 종료일보다 늦습니다. 날짜를 확인해 주세요.",
                "The period starts after it ends; check the dates.",
                field="period_starts",
            )
        value = submitted_value(negotiation.application)
        changes, cells = _money(call, definition, negotiation, value)
        won: Counter[tuple[int, str, str]] = Counter()
        for cell in cells:
            won[cell.year, cell.source, cell.form.value] += cell.amount
        number = 1 + Agreement.objects.filter(call=call).count()
        agreement = Agreement.objects.create(
            call=call,
            application_id=negotiation.application_id,
            number=f"{call.slug}-A{number:02d}",
            period_starts=starts,
            period_ends=terms.ends,
            drawn_up_at=clock.now(),
        )
        AgreementMoney.objects.bulk_create(
            AgreementMoney(agreement=agreement, year=year, source=source, form=form, amount=amount)
            for (year, source, form), amount in sorted(won.items())
            if amount
        )
        parties = _parties(call, definition, terms, negotiation)
        AgreementParty.objects.bulk_create(
            AgreementParty(agreement=agreement, organisation_id=organisation, role=role)
            for organisation, role in parties
        )
        version = add_version(
            actor, agreement, _content(agreement, negotiation, value, cells, parties), VersionCause.FIRST
        )
        ledger.append(
            actor=actor,
            act="awards.draw_up_agreement",
            subject=("application", negotiation.application_id),
            call=call.slug,
            payload={
                "agreement": agreement.pk,
                "number": agreement.number,
                "period": [starts, terms.ends],
                "parties": [{"organisation": organisation, "role": role} for organisation, role in parties],
                "money": [
                    {"year": year, "source": source, "form": form, "amount": amount}
                    for (year, source, form), amount in sorted(won.items())
                ],
                "budget_changes": changes,
                **told(version),
            },
        )
        enqueue_print(version)
        return agreement


def _terms(definition: Definition) -> AgreementTerms:
    if definition.agreement is None:
        raise Refused(
            "no_agreement",
            "이 공모의 정의에는 협약이 없습니다.",
            "The definition of this call has no agreement.",
        )
    return definition.agreement


def _money(
    call: Call, definition: Definition, negotiation: Negotiation, value: plain.Application
) -> tuple[list[dict[str, object]], tuple[plain.Cell, ...]]:
    """The agreement's cells, and what was changed for the allocated sum."""
    line = (
        AllocationLine.objects.filter(application_id=negotiation.application_id, run__call=call)
        .order_by("-run__number")
        .first()
    )
    if definition.allocation is not None and line is None:
        raise Refused(
            "not_allocated",
            "배분액을 먼저 정해 주세요. 배분한 뒤에 협약을 만들 수 있습니다.",
            "Allocate the money first, then draw up the agreement.",
        )
    return refit(definition, value, line.amount if line else None)


def _content(
    agreement: Agreement,
    negotiation: Negotiation,
    value: plain.Application,
    cells: tuple[plain.Cell, ...],
    parties: list[tuple[int, str]],
) -> Content:
    """The first content: what was submitted, as it was negotiated and allocated."""
    call = agreement.call
    definition = definition_of(call)
    organisations = Organisation.objects.in_bulk([organisation for organisation, _ in parties])
    applicant = next(
        (each.name for each in value.organisations if each.role == definition.consortium.applicant_role), ""
    )
    region = negotiation.application.region
    offer = NegotiationOffer.objects.filter(negotiation=negotiation, state=OfferState.ACCEPTED).first()
    return Content(
        call_version=call.version_id or 0,
        number=agreement.number,
        title=value.title,
        operator=call.operator.name,
        applicant=applicant,
        lead=negotiation.application.lead.name,
        region=Text(ko=region.ko, en=region.en) if region is not None else None,
        period_starts=agreement.period_starts,
        period_ends=agreement.period_ends,
        drawn_up=agreement.drawn_up_at.astimezone(clock.SEOUL).date(),
        director=director_of(definition, value),
        scope=offer.scope if offer is not None else "",
        goals=value.kpis or (),
        goals_text=offer.goals if offer is not None else "",
        parties=tuple(
            PartyValue(
                organisation=organisation,
                name=organisations[organisation].name,
                role=role,
                head_title=organisations[organisation].representative_title,
                head_name=organisations[organisation].representative_name,
                business_number=organisations[organisation].business_number or "",
                address=organisations[organisation].address,
            )
            for organisation, role in parties
        ),
        budget=tuple(cell for cell in cells if cell.amount),
    )


def _parties(
    call: Call, definition: Definition, terms: AgreementTerms, negotiation: Negotiation
) -> list[tuple[int, str]]:
    parties = [(call.operator_id, OPERATOR_PARTY)]
    members = Member.objects.filter(
        application_id=negotiation.application_id, state=MemberState.ACCEPTED
    ).order_by("id")
    for organisation, role in members.values_list("organisation_id", "role"):
        if role in terms.parties and organisation != call.operator_id:
            parties.append((organisation, role))
    return parties
