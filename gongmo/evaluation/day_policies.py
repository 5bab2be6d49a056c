"""Who runs and who watches a day of presentations."""

from gongmo.applications.models import Application
from gongmo.applications.states import MemberState
from gongmo.calls.policies import operates
from gongmo.evaluation.models import PresentationDay, Seat
from gongmo.evaluation.policies import sit
from gongmo.kernel.actor import Actor, Role
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


@policy(
    "evaluation.see_turn",
    ko="발표 시각과 장소는 그 신청의 주관기관과 참여기관 사람이 봅니다.",
    en="People of an application's organisations see when and where it is presented.",
)
def see_turn(actor: Actor, application: Application) -> bool:
    if actor.role is not Role.APPLICANT or actor.organisation is None:
        return False
    return (
        actor.organisation == application.lead_id
        or application.members.filter(organisation_id=actor.organisation, state=MemberState.ACCEPTED).exists()
    )
