"""Negotiation with the preferred negotiators, and with the next in rank after a failure (programme clause A-12)."""

from django.db import transaction

from gongmo.awards import policies
from gongmo.awards.commands.offers import current_offer
from gongmo.awards.models import Agreement, Negotiation, NegotiationNote
from gongmo.awards.states import NegotiationState, OfferState, negotiations_table
from gongmo.calls.models import Call
from gongmo.calls.queries import definition_of
from gongmo.evaluation.queries import ranking_value
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.ledger import commands as ledger
from gongmo.rules.ranking import Outcome


def open_negotiations(*, actor: Actor, call_id: int) -> list[Negotiation]:
    """Open negotiations with the selected applications; the others that may follow become the reserve, in order.

    Refused when the ranking is not fixed, a tie on the cut line is undecided, or negotiations are open already.
    """
    with transaction.atomic():
        call = _locked_call(call_id)
        policies.manage.require(actor, call)
        if Negotiation.objects.filter(call=call).exists():
            raise Refused(
                "negotiations_open",
                "이 공모의 협상은 이미 시작했습니다. 협상 화면에서 이어서 진행해 주세요.",
                "Negotiations of this call have been opened already; go on from the negotiation page.",
            )
        ranking = ranking_value(call)
        if ranking.outcome is not Outcome.DECIDED:
            raise Refused(
                "ranking_undecided",
                "선정선에 걸린 동점이 남아 있거나 선정할 신청이 없습니다. 위원회 의결을 기록하고 순위를 확정해 주세요.",
                "A tie stands on the cut line or nobody can be selected; record the committee's decision and fix the ranking.",
            )
        now = clock.now()
        order = [*ranking.selected, *ranking.reserve]
        made = Negotiation.objects.bulk_create(
            Negotiation(
                application_id=int(name),
                call=call,
                place=place,
                rank=ranking.entry(name).rank or place,
                state=NegotiationState.OPEN if name in ranking.selected else NegotiationState.RESERVE,
                opened_at=now if name in ranking.selected else None,
            )
            for place, name in enumerate(order, start=1)
        )
        ledger.append(
            actor=actor,
            act="awards.open_negotiations",
            subject=("call", call.pk),
            call=call.slug,
            payload={
                "ranking": ranking.input_hash,
                "preferred": [int(name) for name in ranking.selected],
                "reserve": [int(name) for name in ranking.reserve],
            },
        )
        return made


def note_negotiation(*, actor: Actor, negotiation_id: int, text: str) -> NegotiationNote:
    """Add the record of a negotiation meeting. Refused when the negotiation is not open or the text is empty."""
    with transaction.atomic():
        negotiation = _locked(negotiation_id)
        policies.manage.require(actor, negotiation.call)
        if negotiation.state != NegotiationState.OPEN:
            raise Refused(
                "negotiation_state",
                "협상 중인 신청에만 협상 기록을 남길 수 있습니다.",
                "A meeting can be recorded only while the negotiation is open.",
            )
        if not text.strip():
            raise BadInput(
                "empty_text", "협상 내용을 적어 주세요.", "Write what was negotiated.", field="text"
            )
        note = NegotiationNote.objects.create(
            negotiation=negotiation, text=text.strip(), held_at=clock.now(), recorded_by_id=actor.person
        )
        _record(actor, negotiation, "awards.note_negotiation", {"text": note.text})
        return note


def agree_negotiation(*, actor: Actor, negotiation_id: int, outcome: str) -> Negotiation:
    """The negotiation succeeded. `outcome` says what was agreed."""
    with transaction.atomic():
        negotiation = _locked(negotiation_id)
        policies.manage.require(actor, negotiation.call)
        newest = current_offer(negotiation)
        if newest is not None and newest.state != OfferState.ACCEPTED:
            raise Refused(
                "points_open",
                f"{newest.number}차 제안에 아직 합의하지 않은 항목이 있습니다. 모든 항목에 양쪽이 동의한 뒤 협상을 마쳐 주세요.",
                f"Some points of offer {newest.number} are not agreed by both sides yet.",
            )
        _end(negotiation, NegotiationState.AGREED, outcome)
        _record(actor, negotiation, "awards.agree_negotiation", {"outcome": negotiation.outcome})
        return negotiation


def fail_negotiation(
    *, actor: Actor, negotiation_id: int, reason: str, next_application: int | None = None
) -> Negotiation | None:
    """The negotiation failed; the next in rank is negotiated with (A-12).

    Returns the negotiation that was opened in its stead, or None where no reserve is left or the definition has no
    succession. Where reserves share the next rank, `next_application` names the one that the committee decided on;
    without it the promotion is refused, and nothing changes.
    """
    with transaction.atomic():
        negotiation = _locked(negotiation_id)
        call = _locked_call(negotiation.call_id)
        policies.manage.require(actor, call)
        _end(negotiation, NegotiationState.FAILED, reason)
        promoted = None
        if definition_of(call).selection.next_in_rank:
            promoted = _next_in_rank(call, next_application)
        if promoted is not None:
            promoted.state = negotiations_table.require(
                NegotiationState(promoted.state), NegotiationState.OPEN
            )
            promoted.opened_at = clock.now()
            promoted.promoted_for = negotiation
            promoted.save(update_fields=["state", "opened_at", "promoted_for"])
        _record(
            actor,
            negotiation,
            "awards.fail_negotiation",
            {"reason": negotiation.outcome, "promoted": promoted.application_id if promoted else None},
        )
        if promoted is not None:
            _record(
                actor, promoted, "awards.promote_next_in_rank", {"instead_of": negotiation.application_id}
            )
        return promoted


def _next_in_rank(call: Call, chosen: int | None) -> Negotiation | None:
    reserve = list(
        Negotiation.objects.select_for_update(of=("self",))
        .select_related("application__review")
        .filter(call=call, state=NegotiationState.RESERVE)
        .exclude(application__review__state="excluded")
        .order_by("place")
    )
    if not reserve:
        return None
    tied = [candidate for candidate in reserve if candidate.rank == reserve[0].rank]
    if len(tied) == 1:
        return tied[0]
    for candidate in tied:
        if candidate.application_id == chosen:
            return candidate
    raise Refused(
        "reserve_tied",
        f"다음 순위({reserve[0].rank}위)가 동점 {len(tied)}건입니다. 위원회가 정한 신청을 골라 다시 처리해 주세요.",
        f"Rank {reserve[0].rank} is shared by {len(tied)} reserves; name the one that the committee decided on.",
        details={"tied": [candidate.application_id for candidate in tied]},
    )


def _end(negotiation: Negotiation, state: NegotiationState, outcome: str) -> None:
    negotiation.state = negotiations_table.require(NegotiationState(negotiation.state), state)
    if not outcome.strip():
        raise BadInput(
            "empty_text",
            "협상 결과를 한 문장 이상 적어 주세요.",
            "Say in a sentence how the negotiation ended.",
            field="outcome",
        )
    if (
        state is NegotiationState.FAILED
        and Agreement.objects.filter(application_id=negotiation.application_id).exists()
    ):
        raise Refused(
            "agreement_exists",
            "이미 협약을 만든 신청입니다. 해약으로 처리해 주세요.",
            "An agreement exists; terminate it instead.",
        )
    negotiation.outcome = outcome.strip()
    negotiation.ended_at = clock.now()
    negotiation.save(update_fields=["state", "outcome", "ended_at"])


def _locked_call(call_id: int) -> Call:
    try:
        return Call.objects.select_for_update().get(pk=call_id)
    except Call.DoesNotExist:
        raise NotFound from None


def _locked(negotiation_id: int) -> Negotiation:
    # The call's row is locked first everywhere, so that two acts on one call never wait for each other in a ring.
    try:
        call_id = Negotiation.objects.values_list("call_id", flat=True).get(pk=negotiation_id)
    except Negotiation.DoesNotExist:
        raise NotFound from None
    call = _locked_call(call_id)
    negotiation = Negotiation.objects.select_for_update().get(pk=negotiation_id)
    negotiation.call = call
    return negotiation


def _record(actor: Actor, negotiation: Negotiation, act: str, payload: dict[str, object]) -> None:
    ledger.append(
        actor=actor,
        act=act,
        subject=("application", negotiation.application_id),
        call=negotiation.call.slug,
        payload={"negotiation": negotiation.pk, "place": negotiation.place, **payload},
    )
