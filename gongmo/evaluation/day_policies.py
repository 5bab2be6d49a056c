"""Who runs and who watches a day of presentations."""

from gongmo.calls.policies import operates
from gongmo.evaluation.models import PresentationDay, Seat
from gongmo.evaluation.policies import sit
from gongmo.kernel.actor import Actor
from gongmo.kernel.policy import policy


def seats_of_day(actor: Actor, day: PresentationDay) -> list[Seat]:
    """The actor's own seat on the day's committee, where there is one."""
    if actor.person is None:
        return []
    mine = Seat.objects.filter(committee=day.run.committee_id, evaluator__person=actor.person)
    return [seat for seat in mine.select_related("evaluator") if sit(actor, seat)]


@policy(
    "evaluation.run_day",
    ko="발표는 운영기관의 담당자와 평가위원장이 진행합니다.",
    en="The operator's officers and the chair run the presentations.",
)
def run_day(actor: Actor, day: PresentationDay) -> bool:
    return operates(actor, day.run.call) or any(seat.chair for seat in seats_of_day(actor, day))


@policy(
    "evaluation.watch_day",
    ko="발표 진행 화면은 운영기관의 담당자와 그 위원회의 평가위원이 봅니다.",
    en="The operator's officers and the committee's members see how the presentations go.",
)
def watch_day(actor: Actor, day: PresentationDay) -> bool:
    return operates(actor, day.run.call) or bool(seats_of_day(actor, day))
