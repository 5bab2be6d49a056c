"""Who may do what with a call."""

from gongmo.calls.models import Call, Question
from gongmo.kernel.actor import Actor, Role
from gongmo.kernel.policy import policy

OPERATING = frozenset({Role.AGENCY, Role.TASK_FORCE, Role.SYSTEM})


@policy(
    "calls.publish",
    ko="공고는 전담기관 담당자가, 지역 공고는 그 지역 사업단 담당자가 자기 기관 이름으로 냅니다.",
    en="The agency's officers publish calls; a region's task force publishes calls of that region, each for its own organisation.",
)
def may_publish(actor: Actor, operator_id: int, second_level: bool) -> bool:
    """An officer for the own organisation; a task force only calls under an agreement; the system any."""
    if actor.role is Role.SYSTEM:
        return True
    allowed = {Role.AGENCY, Role.TASK_FORCE} if second_level else {Role.AGENCY}
    return actor.role in allowed and actor.organisation == operator_id


@policy(
    "calls.operate",
    ko="이 공고를 운영하는 기관의 담당자만 할 수 있습니다.",
    en="Only officers of the organisation that operates this call may do this.",
)
def operates(actor: Actor, call: Call) -> bool:
    """An officer of the operating organisation, or the system."""
    if actor.role is Role.SYSTEM:
        return True
    return actor.role in OPERATING and actor.organisation == call.operator_id


@policy(
    "calls.ask",
    ko="질문은 로그인한 사람이 남길 수 있습니다.",
    en="Anyone who has signed in may ask a question.",
)
def may_ask(actor: Actor, call: Call) -> bool:
    """Any person who has signed in."""
    return actor.person is not None


@policy(
    "calls.see_question",
    ko="공개 답변은 모두가 보고, 나머지 질문은 물은 사람과 운영 기관 담당자만 봅니다.",
    en="Public answers are for everyone; other questions for the asker and the operating organisation's officers.",
)
def may_see_question(actor: Actor, question: Question) -> bool:
    """A publicly answered question, an own one, or any for the operator."""
    published = question.public and question.answered_at is not None
    own = actor.person is not None and question.asked_by_id == actor.person
    return published or own or operates(actor, question.call)
