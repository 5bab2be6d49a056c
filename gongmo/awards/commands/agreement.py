"""Drawing up and signing agreements (programme clauses A-7 and A-9)."""

from collections import Counter
from datetime import date

from django.db import transaction

from gongmo.applications.models import Member
from gongmo.applications.queries import submitted_value
from gongmo.applications.states import MemberState
from gongmo.awards import policies
from gongmo.awards.models import Agreement, AgreementMoney, AgreementParty, AllocationLine, Negotiation
from gongmo.awards.refit import refit
from gongmo.awards.states import AgreementState, NegotiationState, agreements_table
from gongmo.calls.models import Call
from gongmo.calls.queries import definition_of
from gongmo.definition.model import AgreementTerms, Definition
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.ledger import commands as ledger

OPERATOR_PARTY = "operating_agency"


def draw_up_agreement(*, actor: Actor, negotiation_id: int, period_starts: date | None = None) -> Agreement:
    """Draw up the agreement of a successful negotiation: number, parties, period, yearly money.

    The money is that of the standing submission; where less was allocated than asked, the budget is fitted to the
    allocated sum (least total change). `period_starts` defaults to the planned start, or today if that has passed and
    the definition leaves it open. Drawn up twice, the first agreement is returned.
    """
    with transaction.atomic():
        try:
            negotiation = Negotiation.objects.select_related("application").get(pk=negotiation_id)
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
        changes, cells = _money(call, definition, negotiation)
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
            for (year, source, form), amount in sorted(cells.items())
            if amount
        )
        parties = _parties(call, definition, terms, negotiation)
        AgreementParty.objects.bulk_create(
            AgreementParty(agreement=agreement, organisation_id=organisation, role=role)
            for organisation, role in parties
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
                    for (year, source, form), amount in sorted(cells.items())
                ],
                "budget_changes": changes,
            },
        )
        return agreement


def sign_agreement(*, actor: Actor, agreement_id: int) -> Agreement:
    """Sign for the actor's organisation. When the last party has signed, the agreement is in force. Signing twice changes nothing."""
    with transaction.atomic():
        agreement = _locked(agreement_id)
        if not policies.see_agreement(actor, agreement):
            raise NotFound
        policies.sign_agreement.require(actor, agreement)
        if actor.organisation is None:
            raise NotFound
        party = AgreementParty.objects.filter(agreement=agreement, organisation_id=actor.organisation).first()
        if party is None:
            raise NotFound
        if party.signed_at is not None:
            return agreement
        if agreement.state != AgreementState.DRAFT:
            raise Refused(
                "agreement_state",
                "서명을 받는 협약이 아닙니다. 협약 상태를 확인해 주세요.",
                "This agreement is not open for signing.",
            )
        party.signed_at = clock.now()
        party.signed_by_id = actor.person
        party.save(update_fields=["signed_at", "signed_by"])
        if not AgreementParty.objects.filter(agreement=agreement, signed_at__isnull=True).exists():
            agreement.state = agreements_table.require(
                AgreementState(agreement.state), AgreementState.IN_FORCE
            )
            agreement.in_force_at = clock.now()
            agreement.save(update_fields=["state", "in_force_at"])
        ledger.append(
            actor=actor,
            act="awards.sign_agreement",
            subject=("application", agreement.application_id),
            call=agreement.call.slug,
            payload={
                "agreement": agreement.pk,
                "organisation": party.organisation_id,
                "state": agreement.state,
            },
        )
        return agreement


def _locked(agreement_id: int) -> Agreement:
    try:
        return Agreement.objects.select_for_update(of=("self",)).select_related("call").get(pk=agreement_id)
    except Agreement.DoesNotExist:
        raise NotFound from None


def _terms(definition: Definition) -> AgreementTerms:
    if definition.agreement is None:
        raise Refused(
            "no_agreement",
            "이 공모의 정의에는 협약이 없습니다.",
            "The definition of this call has no agreement.",
        )
    return definition.agreement


def _money(
    call: Call, definition: Definition, negotiation: Negotiation
) -> tuple[list[dict[str, object]], Counter[tuple[int, str, str]]]:
    value = submitted_value(negotiation.application)
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
    changes, cells = refit(definition, value, line.amount if line else None)
    sums: Counter[tuple[int, str, str]] = Counter()
    for cell in cells:
        sums[cell.year, cell.source, cell.form.value] += cell.amount
    return changes, sums


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
