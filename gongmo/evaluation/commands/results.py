"""Telling the applicants the result: the act from which the days for objections run (programme clause A-13)."""

from datetime import datetime, time, timedelta

from django.db import transaction

from gongmo.calls.due import due_day
from gongmo.definition.model import Definition, Period
from gongmo.evaluation.commands.base import managed_call, record, reevaluated
from gongmo.evaluation.inputs import definition_by_hash, parse
from gongmo.evaluation.models import Ranking, ResultNotice
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.clock import SEOUL
from gongmo.kernel.errors import Refused

OBJECTION, ANSWER = "objection", "objection_answer"
"""Ids of the periods under which a definition says how long one may object, and by when it is answered."""


def period(definition: Definition, name: str) -> Period | None:
    """The definition's period of that id."""
    return next((each for each in definition.periods if each.id == name), None)


def tell_results(*, actor: Actor, call_id: int) -> ResultNotice:
    """Tell every applicant whose application was evaluated its result of the newest ranking. Asked again, the notice that was given is
    returned. Refused before the ranking is fixed, and while a re-evaluation on an objection is under way.
    """
    with transaction.atomic():
        call = managed_call(actor, call_id)
        ranking = Ranking.objects.filter(call=call).first()
        if ranking is None:
            raise Refused(
                "ranking_not_fixed",
                "순위를 확정한 뒤에 결과를 통보할 수 있습니다.",
                "Fix the ranking before you tell the results.",
            )
        held = ResultNotice.objects.filter(ranking=ranking).first()
        if held is not None:
            return held
        if reevaluated(call):
            raise Refused(
                "reevaluation_open",
                "받아들인 이의신청의 재평가가 끝나지 않았습니다.",
                "A re-evaluation on an upheld objection is under way.",
            )
        inputs = parse(ranking.inputs)
        now = clock.now()
        notice = ResultNotice.objects.create(
            ranking=ranking,
            told_at=now,
            told_by_id=actor.person,
            objections_until=objections_until(definition_by_hash(inputs.definition), now),
        )
        record(
            actor,
            call,
            "evaluation.tell_results",
            ("ranking", ranking.pk),
            {
                "number": ranking.number,
                "ranking": ranking.inputs_hash,
                "objections_until": notice.objections_until,
                "applications": sorted(int(name) for name in inputs.applications),
            },
        )
        return notice


def objections_until(definition: Definition, told_at: datetime) -> datetime | None:
    """The instant before which an objection counts: the midnight (Seoul) after the period's last day. None without a period."""
    found = period(definition, OBJECTION)
    if found is None:
        return None
    return datetime.combine(due_day(found, told_at) + timedelta(days=1), time(), SEOUL)
