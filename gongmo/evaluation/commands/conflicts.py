"""Recusal (회피) and challenge (기피): who does not judge which application (domain: conflicts of interest)."""

from django.db import transaction

from gongmo.applications.models import Application
from gongmo.evaluation import policies
from gongmo.evaluation.commands.base import locked_seat, record, record_void, said, unfixed
from gongmo.evaluation.commands.dissolving import standing
from gongmo.evaluation.commands.promotion import refill
from gongmo.evaluation.models import (
    ConflictDeclaration,
    Disqualification,
    DisqualificationKind,
    Seat,
    VoidKind,
)
from gongmo.evaluation.voiding import Told, live_sheets, void
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import NotFound, Refused
from gongmo.screening.queries import eligible_applications


def declare_conflict(
    *, actor: Actor, seat_id: int, application_id: int, conflict: bool, note: str = ""
) -> ConflictDeclaration:
    """An expert's answer for one application, before anything of it is shown. A conflict recuses at once.

    "No conflict" may be changed into "conflict" later, never back.
    """
    with transaction.atomic():
        seat = locked_seat(seat_id)
        if not policies.own_seat(actor, seat):
            raise NotFound
        policies.sit.require(actor, seat)
        call = seat.committee.call
        application = _judged(seat, application_id)
        unfixed(call)
        held = ConflictDeclaration.objects.filter(seat=seat, application=application).first()
        if held is not None and held.conflict:
            raise Refused(
                "conflict_declared",
                "이미 이해충돌이 있다고 신고한 신청입니다. 되돌릴 수 없습니다.",
                "You have declared a conflict with this application; that cannot be taken back.",
            )
        made = held or ConflictDeclaration(seat=seat, application=application)
        made.conflict, made.note, made.declared_at = conflict, note.strip()[:300], clock.now()
        made.save()
        told = None
        if conflict:
            told = disqualify(seat, application, DisqualificationKind.RECUSED, "평가위원이 회피를 신청함")
        record(
            actor,
            call,
            "evaluation.declare_conflict",
            ("seat", seat.pk),
            {"application": application.pk, "evaluator": seat.evaluator.label, "conflict": conflict},
        )
        record_void(actor, call, told)
        if conflict:
            refill(actor, seat, application.pk)
        return made


def challenge(*, actor: Actor, seat_id: int, application_id: int, reason: str) -> Disqualification:
    """Record the committee's decision to uphold a challenge. The chair or the operator records it, never the member concerned."""
    with transaction.atomic():
        seat = locked_seat(seat_id)
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
            reason,
            field="reason",
            ko="기피를 받아들인 까닭을 적어 주세요.",
            en="Say why the challenge is upheld.",
            limit=400,
        )
        application = _judged(seat, application_id)
        unfixed(call)
        standing(seat.committee)
        if Disqualification.objects.filter(seat=seat, application=application).exists():
            raise Refused(
                "disqualified_already",
                "이 신청의 평가에서 이미 빠진 위원입니다.",
                "The member does not judge this application already.",
            )
        told = disqualify(seat, application, DisqualificationKind.CHALLENGED, reason)
        record(
            actor,
            call,
            "evaluation.challenge",
            ("seat", seat.pk),
            {"application": application.pk, "evaluator": seat.evaluator.label, "reason": reason},
        )
        record_void(actor, call, told)
        refill(actor, seat, application.pk)
        return Disqualification.objects.get(seat=seat, application=application)


def _judged(seat: Seat, application_id: int) -> Application:
    application = eligible_applications(seat.committee.call).filter(pk=application_id).first()
    if application is None:
        raise NotFound
    return application


def disqualify(seat: Seat, application: Application, kind: DisqualificationKind, reason: str) -> Told | None:
    """Take a seat out of one application and void its live sheets for it; what the ledger is to be told of them."""
    sheets = live_sheets(seat=seat, application=application)
    Disqualification.objects.get_or_create(
        seat=seat,
        application=application,
        defaults={"kind": kind, "reason": reason, "decided_at": clock.now()},
    )
    return void(sheets, VoidKind.DISQUALIFIED, reason)
