"""What notices are about, and how a person may want to be told."""

from enum import StrEnum

from gongmo.definition.base import Text


class Category(StrEnum):
    """A notice's kind: what a person filters by and chooses a manner of mail for."""

    SUBMISSION = "submission"
    DEADLINE = "deadline"
    REQUEST = "request"
    CONSORTIUM = "consortium"
    CALL = "call"
    EVALUATION = "evaluation"
    AWARD = "award"
    ACCOUNT = "account"
    SYSTEM = "system"


class Manner(StrEnum):
    """When a notice is also mailed. On the site it is always shown: duties hang on it."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    NEVER = "never"


WORDS = {
    Category.SUBMISSION: Text(ko="제출과 접수", en="Submission and receipt"),
    Category.DEADLINE: Text(ko="마감 알림", en="Deadlines"),
    Category.REQUEST: Text(ko="보완·증빙 요청", en="Requests to you"),
    Category.CONSORTIUM: Text(ko="컨소시엄", en="Consortium"),
    Category.CALL: Text(ko="공고와 답변", en="Calls and answers"),
    Category.EVALUATION: Text(ko="평가", en="Evaluation"),
    Category.AWARD: Text(ko="선정과 협약", en="Awards and agreements"),
    Category.ACCOUNT: Text(ko="내 계정과 기관", en="Account and organisations"),
    Category.SYSTEM: Text(ko="시스템 운영", en="Running the system"),
}
MEANINGS = {
    Category.SUBMISSION: Text(
        ko="제출, 철회, 도착 등록이 될 때", en="When something is submitted, withdrawn or has arrived"
    ),
    Category.DEADLINE: Text(
        ko="마감이 다가오는데 아직 제출하지 않았을 때",
        en="When a deadline comes near and nothing is submitted",
    ),
    Category.REQUEST: Text(
        ko="보완이나 증빙을 요청받거나 그 결과가 나왔을 때",
        en="When you are asked for something, and what came of it",
    ),
    Category.CONSORTIUM: Text(
        ko="초대를 받거나, 초대한 기관이 답하거나, 할 일을 부탁받을 때",
        en="When you are invited, answered or asked to do your part",
    ),
    Category.CALL: Text(
        ko="쓰고 있는 신청의 공고가 바뀌거나, 남긴 질문에 답이 달릴 때",
        en="When a call you write for changes, or your question is answered",
    ),
    Category.EVALUATION: Text(
        ko="평가위원으로 위촉되거나 평가가 시작될 때",
        en="When you are asked to evaluate, and when a stage opens",
    ),
    Category.AWARD: Text(ko="협상, 협약, 해약이 있을 때", en="On negotiation, agreement and termination"),
    Category.ACCOUNT: Text(
        ko="역할이나 구성원이 바뀌거나, 증명서 기한이 다가올 때",
        en="When roles or members change, or a certificate runs out",
    ),
    Category.SYSTEM: Text(ko="작업이 실패해 손볼 것이 있을 때", en="When a task has failed and needs a hand"),
}
MANNERS = {
    Manner.AT_ONCE: Text(ko="바로 전자우편으로", en="Mail at once"),
    Manner.DAILY: Text(ko="하루 한 번 모아서", en="Once a day, together"),
    Manner.NEVER: Text(ko="전자우편 없이 사이트에서만", en="On the site only"),
}
