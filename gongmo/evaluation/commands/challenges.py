"""Challenges (기피): asked by an applicant who may see the committee, decided by the committee without the member concerned."""

from django.db import IntegrityError, transaction

from gongmo.applications.models import Application
from gongmo.evaluation import challenge_policies, policies
from gongmo.evaluation.assignments import SITTING
from gongmo.evaluation.commands.base import locked_call, locked_seat, record, record_void, said, unfixed
from gongmo.evaluation.commands.conflicts import disqualify
from gongmo.evaluation.commands.promotion import refill
from gongmo.evaluation.models import Challenge, Disqualification, DisqualificationKind, Seat, StageRun
from gongmo.evaluation.states import ChallengeState, StageState, challenges_table
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.ledger.locks import lock
from gongmo.screening.queries import eligible_applications


def ask_challenge(*, actor: Actor, application_id: int, seat_id: int, reason: str) -> Challenge:
    """An applicant challenges a member. NotFound where the call does not show its committee; refused once the evaluation is over."""
    with transaction.atomic():
        application = Application.objects.filter(pk=application_id).select_related("call__version").first()
        if application is None or not challenge_policies.see_committee(actor, application):
            raise NotFound
        call = locked_call(application.call_id)
        challenge_policies.ask_challenge.require(actor, application)
        reason = said(
            reason, field="reason", ko="기피하는 까닭을 적어 주세요.", en="Give the reason.", limit=1000
        )
        unfixed(call)
        seat = (
            Seat.objects.select_related("evaluator", "committee")
            .filter(pk=seat_id, committee__call=call, state__in=SITTING)
            .first()
        )
        if seat is None or not eligible_applications(call).filter(pk=application.pk).exists():
            raise NotFound
        if StageRun.objects.filter(committee=seat.committee_id, state=StageState.LOCKED).exists():
            raise Refused(
                "challenge_late",
                "평가 단계를 확정한 뒤에는 기피를 신청할 수 없습니다.",
                "A stage is locked already; a challenge comes too late.",
            )
        if Disqualification.objects.filter(seat=seat, application=application).exists():
            raise Refused(
                "disqualified_already",
                "이 신청의 평가에서 이미 빠진 위원입니다.",
                "The member does not judge this application already.",
            )
        try:
            with transaction.atomic():
                made = Challenge.objects.create(
                    seat=seat,
                    application=application,
                    organisation_id=actor.organisation or application.lead_id,
                    reason=reason,
                    asked_at=clock.now(),
                )
        except IntegrityError:
            raise Refused(
                "challenge_waits",
                "이 위원에 대한 기피 신청이 이미 접수되어 있습니다.",
                "A challenge against this member waits already.",
            ) from None
        record(
            actor,
            call,
            "evaluation.ask_challenge",
            ("challenge", made.pk),
            {
                "application": application.pk,
                "seat": seat.pk,
                "evaluator": seat.evaluator.label,
                "reason": reason,
            },
        )
        return made


def decide_challenge(
    *,
    actor: Actor,
    challenge_id: int,
    upheld: bool,
    reason: str,
    in_favour: int | None = None,
    against: int | None = None,
) -> Challenge:
    """The committee's decision, recorded by the chair or the operator, never by the member concerned.

    The votes are of the other members: together not more than sit. Upheld, the member's sheet becomes void and a reserve comes in where
    too few judges are left.
    """
    held = Challenge.objects.filter(pk=challenge_id).first()
    if held is None:
        raise NotFound
    with transaction.atomic():
        seat = locked_seat(held.seat_id)
        call = seat.committee.call
        chair = (
            Seat.objects.select_related("evaluator")
            .filter(committee=seat.committee, panel=seat.panel, chair=True)
            .first()
        )
        if not policies.chair_or_operator(actor, call, chair, seat):
            if not policies.oversee(actor, call) and not policies.own_seat(actor, seat):
                raise NotFound
            policies.chair_or_operator.require(actor, call, chair, seat)
        reason = said(
            reason, field="reason", ko="결정한 까닭을 적어 주세요.", en="Give the reason.", limit=400
        )
        unfixed(call)
        lock(Challenge, challenge_id)
        held = Challenge.objects.select_related("application").get(pk=challenge_id)
        _votes(seat, upheld, in_favour, against)
        held.state = challenges_table.require(
            ChallengeState(held.state), ChallengeState.UPHELD if upheld else ChallengeState.REJECTED
        )
        held.answer, held.in_favour, held.against = reason, in_favour, against
        held.decided_at, held.decided_by_id = clock.now(), actor.person
        held.save()
        told = None
        if upheld:
            told = disqualify(seat, held.application, DisqualificationKind.CHALLENGED, reason)
        record(
            actor,
            call,
            "evaluation.challenge" if upheld else "evaluation.reject_challenge",
            ("seat", seat.pk),
            {
                "challenge": held.pk,
                "application": held.application_id,
                "evaluator": seat.evaluator.label,
                "reason": reason,
                "votes": [in_favour, against],
            },
        )
        record_void(actor, call, told)
        if upheld:
            refill(actor, seat, held.application_id)
        return held


def _votes(seat: Seat, upheld: bool, in_favour: int | None, against: int | None) -> None:
    if in_favour is None and against is None:
        return
    yes, no = in_favour or 0, against or 0
    others = (
        Seat.objects.filter(committee=seat.committee_id, panel=seat.panel, reserve=False, state__in=SITTING)
        .exclude(pk=seat.pk)
        .count()
    )
    if yes < 0 or no < 0 or yes + no > others:
        raise BadInput(
            "votes",
            f"그 위원을 뺀 위원은 {others}명입니다. 찬성과 반대의 수를 확인해 주세요.",
            f"There are {others} other members. Check the votes.",
            field="in_favour",
        )
    if (yes > no) != upheld:
        raise BadInput(
            "votes_against",
            "결정이 찬성·반대의 수와 맞지 않습니다. 찬성이 반대보다 많아야 기피를 받아들입니다.",
            "The decision does not follow the votes: a challenge is upheld by more votes for than against.",
            field="in_favour",
        )
