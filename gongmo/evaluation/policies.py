"""Who may do and see what in the evaluation."""

from gongmo.applications.models import Application
from gongmo.applications.policies import may_see
from gongmo.calls.models import Call
from gongmo.calls.policies import operates
from gongmo.evaluation.models import Evaluator, Seat
from gongmo.evaluation.states import SeatState
from gongmo.kernel.actor import Actor, OrganisationRole, Role
from gongmo.kernel.policy import policy

POOL_KEEPERS = frozenset({Role.AGENCY, Role.TASK_FORCE, Role.OPERATOR, Role.SYSTEM})


def is_evaluator(actor: Actor, evaluator: Evaluator) -> bool:
    """Whether the actor is this very expert, acting as one."""
    return actor.role is Role.EVALUATOR and actor.person is not None and actor.person == evaluator.person_id


@policy(
    "evaluation.keep_pool",
    ko="평가위원 후보는 공모를 운영하는 기관의 담당자와 운영자가 등록합니다.",
    en="Officers who run calls, and operators, keep the pool of evaluators.",
)
def keep_pool(actor: Actor) -> bool:
    return actor.role in POOL_KEEPERS


@policy(
    "evaluation.declare_relation",
    ko="관계는 평가위원 본인이나 후보를 등록하는 담당자가 신고합니다.",
    en="The evaluator, or an officer who keeps the pool, declares a relation.",
)
def declare_relation(actor: Actor, evaluator: Evaluator) -> bool:
    return is_evaluator(actor, evaluator) or keep_pool(actor)


@policy(
    "evaluation.manage",
    ko="평가는 이 공고를 운영하는 기관의 담당자가 진행합니다.",
    en="Officers of the organisation that operates this call run its evaluation.",
)
def manage(actor: Actor, call: Call) -> bool:
    return operates(actor, call)


@policy(
    "evaluation.oversee",
    ko="확정된 평가 결과는 운영기관 담당자와 소관부처 담당자가 봅니다.",
    en="Officers of the operating organisation and of the ministry see the fixed results.",
)
def oversee(actor: Actor, call: Call) -> bool:
    return operates(actor, call) or actor.role is Role.MINISTRY


@policy(
    "evaluation.own_seat",
    ko="위촉을 받은 평가위원 본인만 할 수 있습니다.",
    en="Only the expert who was asked to sit may do this.",
)
def own_seat(actor: Actor, seat: Seat) -> bool:
    return is_evaluator(actor, seat.evaluator)


@policy(
    "evaluation.sit",
    ko="위촉을 수락하고 서약한 평가위원만 할 수 있습니다.",
    en="Only a seated evaluator who has pledged may do this.",
)
def sit(actor: Actor, seat: Seat) -> bool:
    return is_evaluator(actor, seat.evaluator) and seat.state == SeatState.PLEDGED and not seat.reserve


@policy(
    "evaluation.chair",
    ko="위원장이나 운영기관 담당자가 기록합니다. 기피 대상인 위원 본인은 할 수 없습니다.",
    en="The chair or the operator's officer records this; never the member who is challenged.",
)
def chair_or_operator(actor: Actor, call: Call, chair: Seat | None, concerned: Seat | None = None) -> bool:
    if concerned is not None and is_evaluator(actor, concerned.evaluator):
        return False
    return operates(actor, call) or (chair is not None and sit(actor, chair))


@policy(
    "evaluation.ask_substitute",
    ko="대리 발표는 주관기관의 대표(소유자)나 작성 권한자가 요청합니다.",
    en="Owners and writers of the lead organisation ask for a substitute presenter.",
)
def ask_substitute(actor: Actor, application: Application) -> bool:
    return (
        actor.role is Role.APPLICANT
        and actor.organisation == application.lead_id
        and actor.organisation_role in (OrganisationRole.OWNER, OrganisationRole.WRITER)
    )


@policy(
    "evaluation.confirm_bonus",
    ko="가점은 제안한 사람이 아닌 다른 담당자가 확인합니다.",
    en="Bonus points are confirmed by an officer other than the one who proposed them.",
)
def confirm_bonus(actor: Actor, call: Call, proposed_by: int | None) -> bool:
    return operates(actor, call) and actor.person is not None and actor.person != proposed_by


@policy(
    "evaluation.object",
    ko="결과에 대한 이의신청은 주관기관의 대표(소유자)나 작성 권한자가 합니다.",
    en="Owners and writers of the lead organisation object to a result.",
)
def object_to_result(actor: Actor, application: Application) -> bool:
    return ask_substitute(actor, application)


@policy(
    "evaluation.see_result",
    ko="평가 결과는 담당자가 통보한 뒤 그 신청의 컨소시엄에 든 기관이 자기 것만 봅니다.",
    en="Once the officer has told the results, the organisations of a consortium see their own.",
)
def see_result(actor: Actor, application: Application) -> bool:
    return actor.role is Role.APPLICANT and may_see(actor, application)


@policy(
    "evaluation.answer_objection",
    ko="이의신청에는 결과를 확정한 사람이 아닌 다른 담당자가 답합니다. 담당자가 한 사람뿐이면 그 사람이 답합니다.",
    en="An objection is answered by an officer other than the one who fixed the ranking, unless there is only one.",
)
def answer_objection(actor: Actor, call: Call, fixed_by: int | None, others: bool) -> bool:
    return operates(actor, call) and (not others or actor.person is None or actor.person != fixed_by)
