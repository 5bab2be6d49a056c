"""Experts chosen by hand: the yearly limit and the days away are looked up as in a computed proposal, and one more joins a committee."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from gongmo.calls.models import Call
from gongmo.calls.queries import definition_of
from gongmo.definition.base import Text
from gongmo.evaluation import conflicts
from gongmo.evaluation.commands.base import managed_call, record, record_void, said, unfixed
from gongmo.evaluation.commands.dissolving import standing
from gongmo.evaluation.commands.seating import consented
from gongmo.evaluation.models import Assignment, Committee, Evaluator, PresentationDay, Seat
from gongmo.evaluation.queries.pool import away, sessions
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.clock import SEOUL
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.kernel.korean import day
from gongmo.ledger.locks import lock


def meeting_days(call: Call) -> list[date]:
    """Today, and the days ahead on which this call's presentations are planned."""
    now = clock.now()
    planned = PresentationDay.objects.filter(run__call=call, starts_at__gte=now)
    days = {at.astimezone(SEOUL).date() for at in planned.values_list("starts_at", flat=True)}
    return sorted({now.astimezone(SEOUL).date(), *days})


def unavailable(call: Call, experts: Sequence[Evaluator]) -> list[Text]:
    """What speaks against these experts: sessions of this year at the limit, away on a meeting day. A constant number of queries."""
    days = meeting_days(call)
    counts = sessions(experts, days[0].year)
    absences = away(experts, days)
    limit = definition_of(call).evaluation.formed_by().yearly_sessions
    found = []
    for expert in experts:
        if counts[expert.pk] >= limit:
            found.append(
                Text(
                    ko=f"{expert.label}: 올해 이미 {counts[expert.pk]}회 평가했습니다. 한도는 {limit}회입니다.",
                    en=f"{expert.label}: {counts[expert.pk]} sessions this year already; the limit is {limit}.",
                )
            )
        if absence := absences.get(expert.pk):
            found.append(
                Text(
                    ko=f"{expert.label}: {day(absence.since)}부터 {day(absence.until)}까지 참석할 수 없습니다.",
                    en=f"{expert.label}: away from {absence.since} to {absence.until}.",
                )
            )
    return found


def available(call: Call, experts: Sequence[Evaluator], despite: str) -> dict[str, object]:
    """Refuse experts at their yearly limit or away, unless `despite` says why they are asked all the same. Returns what is recorded of it."""
    found = unavailable(call, experts)
    if not found:
        return {}
    if not despite.strip():
        raise BadInput(
            "unavailable",
            " ".join(each.ko for each in found)
            + " 다른 위원을 고르거나, 그래도 위촉하는 까닭을 적어 주세요.",
            " ".join(each.en for each in found) + " Choose others, or say why they are asked all the same.",
            field="despite",
        )
    return {"unavailable": [each.ko for each in found], "despite": despite.strip()[:300]}


def invite_expert(
    *,
    actor: Actor,
    committee_id: int,
    evaluator_id: int,
    reason: str,
    reserve: bool = False,
    panel: int = 1,
    despite: str = "",
) -> Seat:
    """Ask one more expert of the pool to join a standing committee, as a member or a reserve.

    Conflicts with every organisation of every application are looked up at once. Sheets of open stages come with the pledge. Refused for
    somebody who sits or sat on the committee already, without consent, and at the yearly limit or away without a word on it (`despite`).
    """
    with transaction.atomic():
        call_id = Committee.objects.filter(pk=committee_id).values_list("call_id", flat=True).first()
        if call_id is None:
            raise NotFound
        call = managed_call(actor, call_id)
        reason = said(
            reason, field="reason", ko="더 위촉하는 까닭을 적어 주세요.", en="Give the reason.", limit=300
        )
        unfixed(call)
        lock(Committee, committee_id)
        committee = standing(Committee.objects.select_related("call__version").get(pk=committee_id))
        expert = Evaluator.objects.filter(pk=evaluator_id, active=True).first()
        if expert is None:
            raise BadInput(
                "unknown_evaluator", "후보단에서 위원을 골라 주세요.", "Choose an expert.", field="evaluator"
            )
        seats = Seat.objects.filter(committee=committee)
        if seats.filter(evaluator=expert).exists():
            raise Refused(
                "seated_before",
                f"{expert.label}은(는) 이 위원회에 이미 위촉했던 위원입니다. 다른 위원을 골라 주세요.",
                f"{expert.label} was asked to this committee before; choose another.",
            )
        if panel not in set(seats.values_list("panel", flat=True)):
            raise BadInput("panels", "이 위원회의 분과를 골라 주세요.", "Choose a panel.", field="panel")
        consented([expert])
        told = available(call, [expert], despite)
        seat = Seat.objects.create(
            committee=committee, evaluator=expert, reserve=reserve, panel=panel, invited_at=clock.now()
        )
        shared = _shared(committee, seat)
        detected = conflicts.detect(committee, [seat])
        record(
            actor,
            call,
            "evaluation.invite_expert",
            ("seat", seat.pk),
            {
                "committee": committee.pk,
                "evaluator": expert.label,
                "reserve": reserve,
                "panel": panel,
                "reason": reason,
                "disqualified": detected.record(),
                **({"assigned": shared} if shared else {}),
                **told,
            },
        )
        record_void(actor, call, detected.voided)
        return seat


def _shared(committee: Committee, seat: Seat) -> list[int]:
    """In a committee of panels the newcomer judges what the panel does; where judges are assigned by application, only filling does it."""
    if definition_of(committee.call).evaluation.formed_by().assignment == "per_application":
        return []
    mates = Assignment.objects.filter(seat__committee=committee, seat__panel=seat.panel)
    wanted = sorted(set(mates.values_list("application_id", flat=True)))
    Assignment.objects.bulk_create(
        Assignment(seat=seat, application_id=each, made_at=seat.invited_at) for each in wanted
    )
    return wanted
