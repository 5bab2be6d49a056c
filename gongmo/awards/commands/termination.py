"""Ending an agreement for an exclusion found later (programme clause A-5d) or for another reason."""

from django.db import transaction

from gongmo.awards import policies
from gongmo.awards.models import Agreement
from gongmo.awards.states import AgreementState, agreements_table
from gongmo.calls import commands as calls
from gongmo.calls.models import Call
from gongmo.calls.queries import definition_of
from gongmo.calls.states import CallState
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor, system
from gongmo.kernel.errors import BadInput, NotFound
from gongmo.ledger import commands as ledger


def terminate_agreement(*, actor: Actor, agreement_id: int, clause: str, reason: str) -> Agreement:
    """Terminate an agreement under a clause of its call. Second-level calls under it take no more applications."""
    with transaction.atomic():
        try:
            agreement = (
                Agreement.objects.select_for_update(of=("self",)).select_related("call").get(pk=agreement_id)
            )
        except Agreement.DoesNotExist:
            raise NotFound from None
        policies.manage.require(actor, agreement.call)
        agreement.state = agreements_table.require(AgreementState(agreement.state), AgreementState.TERMINATED)
        known = {item.id for item in definition_of(agreement.call).clauses}
        if clause not in known:
            raise BadInput(
                "unknown_clause",
                "근거 조항을 공고의 조항 번호로 적어 주세요.",
                "Name the ground by a clause of the call.",
                field="clause",
            )
        if not reason.strip():
            raise BadInput(
                "empty_text",
                "해약 사유를 적어 주세요.",
                "Give the reason for the termination.",
                field="reason",
            )
        agreement.end_clause = clause
        agreement.end_reason = reason.strip()
        agreement.ended_at = clock.now()
        agreement.save(update_fields=["state", "end_clause", "end_reason", "ended_at"])
        children = list(
            Call.objects.filter(parent_agreement=agreement.pk, state=CallState.PUBLISHED).order_by("pk")
        )
        for child in children:
            calls.cancel(
                actor=system(actor.origin),
                call_id=child.pk,
                reason=f"상위 협약 {agreement.number}이(가) 해약되었습니다.",
            )
        ledger.append(
            actor=actor,
            act="awards.terminate_agreement",
            subject=("application", agreement.application_id),
            call=agreement.call.slug,
            payload={
                "agreement": agreement.pk,
                "clause": clause,
                "reason": agreement.end_reason,
                "cancelled_calls": [child.slug for child in children],
            },
        )
        return agreement
