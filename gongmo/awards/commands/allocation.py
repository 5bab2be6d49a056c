"""Handing out the money by result (programme clauses A-6 and A-13)."""

from collections.abc import Mapping

from django.db import transaction

from gongmo.applications.queries import submitted_value
from gongmo.awards import policies
from gongmo.awards.allocating import by_hand, claims_of, result_value
from gongmo.awards.models import Agreement, AllocationLine, AllocationRun, Negotiation, NegotiationOffer
from gongmo.awards.refit import asked_of
from gongmo.awards.states import NegotiationState, OfferState
from gongmo.calls.models import Call
from gongmo.calls.queries import definition_of
from gongmo.evaluation.queries import ranking_value
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.canonical import canonical_json, sha256_hex
from gongmo.kernel.errors import NotFound, Refused
from gongmo.ledger import commands as ledger
from gongmo.rules import allocation as rules


def allocate(
    *, actor: Actor, call_id: int, amounts: Mapping[int, int] | None = None, reason: str = ""
) -> AllocationRun:
    """Allocate the call's pot among the successful negotiations.

    Refused while a negotiation is open, when none succeeded, when agreements exist already, or when the floors do not
    fit into the pot. `amounts` (won by application) changes the proposal by hand within its bounds, with a `reason`. The same inputs again
    give the run that stands.
    """
    with transaction.atomic():
        try:
            call = Call.objects.select_for_update().get(pk=call_id)
        except Call.DoesNotExist:
            raise NotFound from None
        policies.manage.require(actor, call)
        definition = definition_of(call)
        rule = definition.allocation
        if rule is None:
            raise Refused(
                "no_allocation",
                "이 공모의 정의에는 배분 방법이 없습니다.",
                "The definition of this call allocates no money.",
            )
        negotiations = list(
            Negotiation.objects.filter(call=call, state__in=[NegotiationState.OPEN, NegotiationState.AGREED])
            .select_related("application")
            .order_by("place")
        )
        if not negotiations or any(found.state == NegotiationState.OPEN for found in negotiations):
            raise Refused(
                "negotiations_open",
                "협상이 모두 끝난 뒤에 배분할 수 있습니다. 남은 협상을 먼저 마쳐 주세요.",
                "Money is allocated once every negotiation has ended; finish the open ones first.",
            )
        ranking = ranking_value(call)
        offers = NegotiationOffer.objects.filter(negotiation__call=call, state=OfferState.ACCEPTED)
        agreed = {each.negotiation_id: each.amount for each in offers if each.amount is not None}
        claims = []
        for found in negotiations:
            entry = ranking.entry(str(found.application_id))
            asked = asked_of(definition, submitted_value(found.application))
            requested = asked if found.pk not in agreed else min(asked, agreed[found.pk])
            claims.append(
                {
                    "application": found.application_id,
                    "rank": found.place,
                    "score": str(entry.final),
                    "requested": requested,
                }
            )
        inputs: dict[str, object] = {
            "call": call.slug,
            "version": call.version_id,
            "ranking": ranking.input_hash,
            "claims": claims,
        }
        proposed = {
            int(each.application): each.amount
            for each in rules.allocate(definition, claims_of(inputs)).amounts
        }
        changed = {name: value for name, value in (amounts or {}).items() if proposed.get(name) != value}
        if changed:
            inputs["by_hand"] = {
                "amounts": {str(name): value for name, value in sorted(changed.items())},
                "reason": reason.strip(),
            }
        text = canonical_json(inputs)
        standing = AllocationRun.objects.filter(call=call).order_by("-number").first()
        if standing is not None and standing.inputs == text:
            return standing
        if Agreement.objects.filter(call=call).exists():
            raise Refused(
                "agreements_exist",
                "이미 협약을 만든 뒤에는 배분을 바꿀 수 없습니다.",
                "The allocation cannot change once agreements were drawn up.",
            )
        allocated = rules.allocate(definition, claims_of(inputs))
        if not allocated.feasible:
            raise Refused(
                "pot_too_small",
                allocated.told[0].ko,
                allocated.told[0].en,
                details={"short": allocated.short},
            )
        allocated = by_hand(allocated, inputs)
        result = result_value(allocated)
        run = AllocationRun.objects.create(
            call=call,
            number=(standing.number if standing else 0) + 1,
            inputs=text,
            inputs_hash=sha256_hex(text),
            result=canonical_json(result),
            fixed_at=clock.now(),
        )
        AllocationLine.objects.bulk_create(
            AllocationLine(run=run, application_id=int(amount.application), amount=amount.amount)
            for amount in allocated.amounts
        )
        ledger.append(
            actor=actor,
            act="awards.allocate",
            subject=("call", call.pk),
            call=call.slug,
            payload={"run": run.number, "inputs": inputs, "result": result},
        )
        return run
