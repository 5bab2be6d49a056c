"""Dissolving a committee that was formed in error, before it has judged anything (decision 0203), and handing its stages to another."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from gongmo.evaluation.assignments import SITTING
from gongmo.evaluation.commands.base import managed_call, record, record_void, said, unfixed
from gongmo.evaluation.dissolving import judged_already
from gongmo.evaluation.models import (
    Challenge,
    Committee,
    Dissolution,
    EvaluatorNote,
    Seat,
    SiteVisit,
    StageRun,
    VoidKind,
)
from gongmo.evaluation.states import (
    ChallengeState,
    SeatState,
    StageState,
    VisitState,
    challenges_table,
    seats_table,
    visits_table,
)
from gongmo.evaluation.voiding import live_sheets, void
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import NotFound, Refused
from gongmo.ledger.locks import lock


def dissolve_committee(*, actor: Actor, committee_id: int, reason: str) -> Dissolution:
    """Dissolve a committee: nobody sits on it any more, its open sheets become void, its members are told, another can be formed.

    The operator's officers do it, with a written reason. Refused once anything was judged by it (`dissolving.judged_already` says what, and
    what can be done instead) and once the ranking is fixed. Committee, seats, draws and sheets stay in the record; challenges that
    wait and site visits that have not taken place end with it. Stages that it had open stay open until another takes them over.
    """
    with transaction.atomic():
        call_id = Committee.objects.filter(pk=committee_id).values_list("call_id", flat=True).first()
        if call_id is None:
            raise NotFound
        call = managed_call(actor, call_id)
        reason = said(
            reason, field="reason", ko="해산하는 까닭을 적어 주세요.", en="Give the reason.", limit=400
        )
        unfixed(call)
        lock(Committee, committee_id)
        committee = standing(Committee.objects.get(pk=committee_id))
        seats = list(
            Seat.objects.select_for_update(of=("self",))
            .select_related("evaluator")
            .filter(committee=committee, state__in=SITTING)
            .order_by("pk")
        )
        sheets = live_sheets(seat__committee=committee)
        if because := judged_already([committee]).get(committee.pk):
            raise Refused("committee_judged", because.ko, because.en)
        stages = list(
            StageRun.objects.filter(committee=committee, state=StageState.OPEN)
            .order_by("pk")
            .values_list("pk", flat=True)
        )
        made = Dissolution.objects.create(
            committee=committee, dissolved_at=clock.now(), dissolved_by_id=actor.person, reason=reason
        )
        told = [
            {"seat": seat.pk, "evaluator": seat.evaluator.label, "was": seat.state, "reserve": seat.reserve}
            for seat in seats
        ]
        for seat in seats:
            seat.state = seats_table.require(SeatState(seat.state), SeatState.DISSOLVED)
            seat.save(update_fields=["state"])
        voided = void(sheets, VoidKind.DISSOLVED, reason)
        EvaluatorNote.objects.filter(seat__in=seats).delete()
        record(
            actor,
            call,
            "evaluation.dissolve_committee",
            ("committee", committee.pk),
            {
                "name": committee.name,
                "reason": reason,
                "seats": told,
                "stages": stages,
                "sheets": len(sheets),
                "begun": sum(sheet.saved_at is not None for sheet in sheets),
                "challenges": _lapse(actor, committee),
                "visits": _drop_visits(committee),
            },
        )
        record_void(actor, call, voided)
        return made


def standing(committee: Committee) -> Committee:
    """The committee, where it is not dissolved."""
    if Dissolution.objects.filter(committee=committee).exists():
        raise Refused(
            "committee_dissolved",
            f"‘{committee.name}’은(는) 해산한 위원회입니다. 새로 구성한 위원회에서 처리해 주세요.",
            f"“{committee.name}” is dissolved. Do this with the committee that was formed instead.",
        )
    return committee


def _lapse(actor: Actor, committee: Committee) -> list[int]:
    """The challenges that wait for this committee's decision end with it."""
    waiting = list(
        Challenge.objects.select_for_update(of=("self",))
        .filter(seat__committee=committee, state=ChallengeState.ASKED)
        .order_by("pk")
    )
    for each in waiting:
        each.state = challenges_table.require(ChallengeState(each.state), ChallengeState.LAPSED)
        each.decided_at, each.decided_by_id = clock.now(), actor.person
        each.save(update_fields=["state", "decided_at", "decided_by"])
    return [each.pk for each in waiting]


def _drop_visits(committee: Committee) -> list[int]:
    """The site visits that this committee found necessary and that have not taken place; the next one decides for itself."""
    ahead = list(
        SiteVisit.objects.select_for_update(of=("self",))
        .filter(committee=committee, state__in=(VisitState.WANTED, VisitState.PLANNED))
        .order_by("pk")
    )
    for visit in ahead:
        visit.state = visits_table.require(VisitState(visit.state), VisitState.DROPPED)
        visit.save(update_fields=["state"])
    return [each.pk for each in ahead]


def take_over(runs: Iterable[StageRun], committee: Committee, due_at: datetime | None) -> int | None:
    """Give the open stages of a dissolved committee to another, inside the caller's transaction; the id of the one before, for the record.

    None where the committee that has them stands. Sessions of the new one count from now.
    """
    held = list(runs)
    before = held[0].committee_id if held else None
    if before is None or not Dissolution.objects.filter(committee=before).exists():
        return None
    for run in held:
        run.committee, run.opened_at, run.due_at = committee, clock.now(), due_at
        run.save(update_fields=["committee", "opened_at", "due_at"])
    return before


__all__ = ["dissolve_committee", "standing", "take_over"]
