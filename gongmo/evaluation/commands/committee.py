"""The committee and its seats (programme clause A-11)."""

from django.db import transaction

from gongmo.evaluation import policies
from gongmo.evaluation.commands.base import (
    locked_seat,
    managed_call,
    manager,
    record,
    record_void,
    said,
    unfixed,
)
from gongmo.evaluation.commands.by_hand import available
from gongmo.evaluation.commands.promotion import give_sheets, promote, take_seat
from gongmo.evaluation.commands.seating import consented, free_name, seat_experts, whole
from gongmo.evaluation.models import Committee, Evaluator, Seat, VoidKind
from gongmo.evaluation.states import SeatState, seats_table
from gongmo.evaluation.voiding import live_sheets, void
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.rules.committee_values import Seat as Place


def form_committee(
    *,
    actor: Actor,
    call_id: int,
    name: str,
    evaluator_ids: list[int],
    chair_id: int,
    reserve_ids: list[int] | tuple[int, ...] = (),
    despite: str = "",
) -> Committee:
    """Invite experts to a call's committee. Conflicts with every organisation of every application are looked up at once.

    Refused when the mix of sectors or the quorum cannot be met, for the committee or, after conflicts, for one application; and where an
    expert is at the yearly limit or away, unless `despite` says why they are asked all the same.
    """
    with transaction.atomic():
        call = managed_call(actor, call_id)
        name = said(name, field="name", ko="위원회 이름을 적어 주세요.", en="Name the committee.", limit=100)
        unfixed(call)
        free_name(call, name)
        experts = _experts(evaluator_ids, list(reserve_ids), chair_id)
        consented(list(experts.values()))
        whole(call, [experts[each] for each in evaluator_ids])
        told = available(call, list(experts.values()), despite)
        places = [
            Place(experts[each].label, 1, reserve=each not in evaluator_ids, chair=each == chair_id)
            for each in [*evaluator_ids, *reserve_ids]
        ]
        by_label = {expert.label: expert for expert in experts.values()}
        return seat_experts(actor, call, name, places, by_label, forming=told or None)


def _experts(regular: list[int], reserve: list[int], chair_id: int) -> dict[int, Evaluator]:
    wanted = [*regular, *reserve]
    if len(set(wanted)) != len(wanted):
        raise BadInput(
            "evaluator_twice",
            "같은 위원을 두 번 고를 수 없습니다.",
            "An expert can be chosen once only.",
            field="evaluators",
        )
    if chair_id not in regular:
        raise BadInput(
            "chair_not_a_member",
            "위원장은 위원 가운데에서 골라 주세요.",
            "Choose the chair among the members.",
            field="chair",
        )
    experts = Evaluator.objects.filter(pk__in=wanted, active=True).in_bulk()
    if len(experts) != len(wanted):
        raise BadInput(
            "unknown_evaluator",
            "후보단에 없는 위원이 있습니다. 다시 골라 주세요.",
            "One of the experts is not in the pool; choose again.",
            field="evaluators",
        )
    return experts


def pledge(*, actor: Actor, seat_id: int) -> Seat:
    """Accept a seat, pledging confidentiality and integrity. Only afterwards applications are named to the expert."""
    return _answer(actor, seat_id, SeatState.PLEDGED, "evaluation.pledge")


def decline(*, actor: Actor, seat_id: int, reason: str = "") -> Seat:
    """Decline a seat, with a reason where one is given. A reserve takes the place at once."""
    return _answer(actor, seat_id, SeatState.DECLINED, "evaluation.decline", reason.strip()[:300])


def _answer(actor: Actor, seat_id: int, state: SeatState, act: str, reason: str = "") -> Seat:
    with transaction.atomic():
        seat = locked_seat(seat_id)
        if not policies.own_seat(actor, seat):
            raise NotFound
        seat.state = seats_table.require(SeatState(seat.state), state)
        if state is SeatState.PLEDGED:
            seat.pledged_at = clock.now()
        else:
            seat.answer_reason = reason
            seat.chair = False
        seat.save(update_fields=["state", "pledged_at", "answer_reason", "chair"])
        call = seat.committee.call
        payload = {"evaluator": seat.evaluator.label, **({"reason": reason} if reason else {})}
        record(actor, call, act, ("seat", seat.pk), payload)
        if state is SeatState.PLEDGED and not seat.reserve:
            give_sheets(actor, seat)
        elif state is SeatState.DECLINED and not seat.reserve:
            promote(actor, seat)
        return seat


def leave(*, actor: Actor, seat_id: int, reason: str) -> Seat:
    """A member leaves the committee (the expert's own act, or the operator's on the expert's word).

    The member's sheets become void, a reserve takes the place at once, and the applications that are left with too few judges are told.
    """
    with transaction.atomic():
        seat = locked_seat(seat_id)
        call = seat.committee.call
        if not policies.own_seat(actor, seat):
            manager(actor, call)
        reason = said(reason, field="reason", ko="까닭을 적어 주세요.", en="Give the reason.", limit=300)
        unfixed(call)
        seat.state = seats_table.require(SeatState(seat.state), SeatState.RECUSED)
        seat.answer_reason, seat.chair = reason, False
        seat.save(update_fields=["state", "answer_reason", "chair"])
        told = void(live_sheets(seat=seat), VoidKind.LEFT, reason)
        record(
            actor,
            call,
            "evaluation.leave",
            ("seat", seat.pk),
            {"evaluator": seat.evaluator.label, "reason": reason},
        )
        record_void(actor, call, told)
        if not seat.reserve:
            promote(actor, seat)
        return seat


def seat_reserve(*, actor: Actor, seat_id: int) -> Seat:
    """Let a reserve who has not declined take a regular seat, beside what is promoted by itself. Open stages give the sheets at once."""
    with transaction.atomic():
        seat = locked_seat(seat_id)
        call = seat.committee.call
        manager(actor, call)
        unfixed(call)
        if not seat.reserve or seat.state not in (SeatState.INVITED, SeatState.PLEDGED):
            raise Refused(
                "not_a_reserve",
                "위촉할 수 있는 예비위원이 아닙니다.",
                "This is not a reserve who could take a seat.",
            )
        take_seat(actor, seat, None)
        return seat


def name_chair(*, actor: Actor, seat_id: int) -> Seat:
    """Name a sitting member chair of the panel; whoever was chair is so no more."""
    with transaction.atomic():
        seat = locked_seat(seat_id)
        call = seat.committee.call
        manager(actor, call)
        unfixed(call)
        if seat.reserve or seat.state not in (SeatState.INVITED, SeatState.PLEDGED):
            raise Refused(
                "not_a_member",
                "위원장은 위촉된 위원 가운데에서 골라 주세요.",
                "Choose the chair among the members.",
            )
        for other in Seat.objects.filter(committee=seat.committee, panel=seat.panel, chair=True):
            other.chair = False
            other.save(update_fields=["chair"])
        seat.chair = True
        seat.save(update_fields=["chair"])
        record(actor, call, "evaluation.name_chair", ("seat", seat.pk), {"evaluator": seat.evaluator.label})
        return seat


__all__ = ["decline", "form_committee", "leave", "name_chair", "pledge", "seat_reserve", "whole"]
