"""The committee and its seats (programme clause A-11)."""

from django.db import transaction

from gongmo.calls.models import Call
from gongmo.calls.queries import definition_of
from gongmo.evaluation import conflicts, policies
from gongmo.evaluation.commands.base import (
    locked_seat,
    managed_call,
    manager,
    record,
    record_void,
    said,
    unfixed,
)
from gongmo.evaluation.models import Committee, Evaluator, Seat, VoidKind
from gongmo.evaluation.states import SeatState, seats_table
from gongmo.evaluation.voiding import live_sheets, void
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.rules import committee as rules
from gongmo.rules.finding import Status


def form_committee(
    *,
    actor: Actor,
    call_id: int,
    name: str,
    evaluator_ids: list[int],
    chair_id: int,
    reserve_ids: list[int] | tuple[int, ...] = (),
) -> Committee:
    """Invite experts to a call's committee. Conflicts with every organisation of every application are looked up at once.

    Refused when the mix of sectors or the quorum cannot be met, for the committee or, after conflicts, for one application.
    """
    name = said(name, field="name", ko="위원회 이름을 적어 주세요.", en="Name the committee.", limit=100)
    with transaction.atomic():
        call = managed_call(actor, call_id)
        unfixed(call)
        if Committee.objects.filter(call=call, name=name).exists():
            raise Refused(
                "committee_exists",
                "같은 이름의 위원회가 이미 있습니다. 다른 이름을 적어 주세요.",
                "A committee of that name exists already; choose another name.",
            )
        experts = _experts(evaluator_ids, list(reserve_ids), chair_id)
        whole(call, [experts[each] for each in evaluator_ids])
        now = clock.now()
        committee = Committee.objects.create(call=call, name=name, formed_at=now, formed_by_id=actor.person)
        seats = [
            Seat.objects.create(
                committee=committee,
                evaluator=experts[each],
                chair=each == chair_id,
                reserve=each not in evaluator_ids,
                invited_at=now,
            )
            for each in [*evaluator_ids, *reserve_ids]
        ]
        detected = conflicts.detect(committee, seats)
        _judges_left(call, seats, {(each.seat_id, each.application_id) for each in detected.made})
        record(
            actor,
            call,
            "evaluation.form_committee",
            ("committee", committee.pk),
            {
                "name": name,
                "seats": [
                    {
                        "seat": seat.pk,
                        "evaluator": seat.evaluator.label,
                        "chair": seat.chair,
                        "reserve": seat.reserve,
                    }
                    for seat in seats
                ],
                "disqualified": detected.record(),
            },
        )
        return committee


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


def whole(call: Call, experts: list[Evaluator]) -> None:
    """Refuse a committee whose mix of sectors or quorum does not meet the definition."""
    members = [rules.Evaluator(id=expert.label, sector=expert.sector) for expert in experts]  # type: ignore[arg-type]
    found = rules.check_committee(definition_of(call), members)
    failed = [f for f in found if f.status is Status.FAIL and f.severity.value == "blocking"]
    if failed:
        raise Refused(
            "committee_not_whole",
            "위원회 구성이 기준에 맞지 않습니다. " + " ".join(finding.message.ko for finding in failed),
            "The committee does not meet the definition. "
            + " ".join(finding.message.en for finding in failed),
            findings=tuple(failed),
        )


def _judges_left(call: Call, seats: list[Seat], disqualified: set[tuple[int, int]]) -> None:
    quorum = definition_of(call).evaluation.committee.quorum
    regular = [seat for seat in seats if not seat.reserve]
    short = [
        application
        for application in conflicts.judged(call)
        if sum((seat.pk, application.pk) not in disqualified for seat in regular) < quorum
    ]
    if short:
        names = ", ".join(application.title for application in short[:5])
        raise Refused(
            "too_few_judges",
            f"이해충돌 때문에 평가할 위원이 정족수({quorum}명)에 모자라는 신청이 {len(short)}건 있습니다: {names}. 위원을 바꾸어 주세요.",
            f"Conflicts leave {len(short)} application(s) with fewer than {quorum} judges: {names}. Choose other experts.",
            details={"applications": [application.pk for application in short]},
        )


def pledge(*, actor: Actor, seat_id: int) -> Seat:
    """Accept a seat, pledging confidentiality and integrity. Only afterwards applications are named to the expert."""
    return _answer(actor, seat_id, SeatState.PLEDGED, "evaluation.pledge")


def decline(*, actor: Actor, seat_id: int) -> Seat:
    """Decline a seat."""
    return _answer(actor, seat_id, SeatState.DECLINED, "evaluation.decline")


def _answer(actor: Actor, seat_id: int, state: SeatState, act: str) -> Seat:
    with transaction.atomic():
        seat = locked_seat(seat_id)
        if not policies.own_seat(actor, seat):
            raise NotFound
        seat.state = seats_table.require(SeatState(seat.state), state)
        if state is SeatState.PLEDGED:
            seat.pledged_at = clock.now()
        seat.save(update_fields=["state", "pledged_at"])
        record(actor, seat.committee.call, act, ("seat", seat.pk), {"evaluator": seat.evaluator.label})
        return seat


def leave(*, actor: Actor, seat_id: int, reason: str) -> Seat:
    """A member leaves the committee (the expert's own act, or the operator's on the expert's word). The member's sheets become void."""
    reason = said(reason, field="reason", ko="까닭을 적어 주세요.", en="Give the reason.", limit=300)
    with transaction.atomic():
        seat = locked_seat(seat_id)
        call = seat.committee.call
        if not policies.own_seat(actor, seat):
            manager(actor, call)
        unfixed(call)
        seat.state = seats_table.require(SeatState(seat.state), SeatState.RECUSED)
        seat.save(update_fields=["state"])
        told = void(live_sheets(seat=seat), VoidKind.LEFT, reason)
        record(
            actor,
            call,
            "evaluation.leave",
            ("seat", seat.pk),
            {"evaluator": seat.evaluator.label, "reason": reason},
        )
        record_void(actor, call, told)
        return seat


def seat_reserve(*, actor: Actor, seat_id: int) -> Seat:
    """Let a reserve who has not declined take a regular seat. Opening a stage again then gives the sheets."""
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
        seat.reserve = False
        seat.save(update_fields=["reserve"])
        record(actor, call, "evaluation.seat_reserve", ("seat", seat.pk), {"evaluator": seat.evaluator.label})
        return seat
