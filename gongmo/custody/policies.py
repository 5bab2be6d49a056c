"""Who may review the access log, and who may see the own data."""

from collections.abc import Collection

from gongmo.calls.models import Call
from gongmo.calls.policies import operates
from gongmo.kernel.actor import Actor, Role
from gongmo.kernel.policy import policy
from gongmo.rules.retention import PersonGround

OFFICES = (Role.AGENCY, Role.MINISTRY, Role.TASK_FORCE)


@policy(
    "custody.review_access",
    ko="접속기록은 그 기관의 담당자가 점검하고, 운영자와 평가위원의 기록은 운영기관과 소관부처의 담당자가 점검합니다."
    " 시스템 운영자 역할이 있는 사람은 점검할 수 없고, 자기 기록은 다른 사람이 점검합니다.",
    en="An office's officers review its access log; that of operators and experts is reviewed by officers of agencies and the ministry."
    " Nobody who holds the operator's role reviews, and one's own accesses are reviewed by somebody else.",
)
def review_access(actor: Actor, operators: Collection[int], *, site: bool) -> bool:
    if actor.person is None or actor.person in operators or actor.organisation is None:
        return False
    return actor.role in OFFICES and not (site and actor.role is Role.TASK_FORCE)


@policy(
    "custody.keep_retention",
    ko="보관 기간이 지난 개인정보는 그 공모를 운영하는 기관의 담당자 두 사람이 파기합니다.",
    en="Personal data whose time is over is destroyed by two officers of the organisation that operates the call.",
)
def keep_retention(actor: Actor, call: Call) -> bool:
    return operates(actor, call)


@policy(
    "custody.keep_people",
    ko="후보단을 떠난 평가위원의 정보는 전담기관의 담당자 두 사람이 파기하고, 오래 쓰지 않은 계정은 본인에게 알린 뒤 운영자가 닫습니다.",
    en="The data of experts who left the pool is destroyed by two officers of agencies; accounts long not used are closed by an operator after"
    " their owners were told.",
)
def keep_people(actor: Actor, ground: str) -> bool:
    return actor.person is not None and (
        actor.role is (Role.AGENCY if ground == PersonGround.EXPERT else Role.OPERATOR)
    )
