"""The last step of every end of an agreement: the row, the calls under it, the entry in the record."""

from gongmo.awards.models import Agreement, AgreementVersion, Amendment
from gongmo.awards.states import AgreementState, AmendmentState, VersionState, agreements_table
from gongmo.calls import commands as calls
from gongmo.calls.models import Call
from gongmo.calls.states import CallState
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor, system
from gongmo.ledger import commands as ledger


def end_agreement(
    actor: Actor, agreement: Agreement, *, case: int, clause: str, reason: str, money: object
) -> list[str]:
    """End a locked agreement. Second-level calls under it take no more applications, nothing more is signed or amended.

    `money` is what follows, as plain values for the record. Returns the slugs of the cancelled calls.
    """
    agreement.state = agreements_table.require(AgreementState(agreement.state), AgreementState.TERMINATED)
    agreement.end_clause = clause
    agreement.end_reason = reason
    agreement.ended_at = clock.now()
    agreement.save(update_fields=["state", "end_clause", "end_reason", "ended_at"])
    AgreementVersion.objects.filter(agreement=agreement, state=VersionState.SIGNING).update(
        state=VersionState.DROPPED
    )
    Amendment.objects.filter(agreement=agreement, state=AmendmentState.ASKED).update(
        state=AmendmentState.WITHDRAWN, answered_at=clock.now()
    )
    children = list(
        Call.objects.filter(parent_agreement=agreement.pk, state=CallState.PUBLISHED).order_by("pk")
    )
    for child in children:
        calls.cancel(
            actor=system(actor.origin),
            call_id=child.pk,
            reason=f"상위 협약 {agreement.number}이(가) 해약되었습니다.",
        )
    cancelled = [child.slug for child in children]
    ledger.append(
        actor=actor,
        act="awards.terminate_agreement",
        subject=("application", agreement.application_id),
        call=agreement.call.slug,
        payload={
            "agreement": agreement.pk,
            "case": case,
            "clause": clause,
            "reason": reason,
            "money": money,
            "cancelled_calls": cancelled,
        },
    )
    return cancelled
