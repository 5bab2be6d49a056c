"""Who sees the corpus and what a search found, and who judges."""

from django.db.models import Q

from gongmo.calls.models import Call
from gongmo.calls.policies import operates
from gongmo.kernel.actor import Actor, Role
from gongmo.kernel.policy import policy

READERS = frozenset({Role.AGENCY, Role.TASK_FORCE, Role.MINISTRY, Role.OPERATOR, Role.SYSTEM})
KEEPERS = frozenset({Role.AGENCY, Role.OPERATOR, Role.SYSTEM})


@policy(
    "similarity.oversee",
    ko="유사 과제를 찾은 결과는 공고를 운영하는 기관의 담당자와 소관부처 담당자가 봅니다. 신청 기관과 평가위원은 보지 않습니다.",
    en="What the search for similar projects found is seen by the operating organisation's and the ministry's officers, never by applicants or evaluators.",
)
def oversee(actor: Actor, call: Call) -> bool:
    return operates(actor, call) or actor.role is Role.MINISTRY


@policy(
    "similarity.judge",
    ko="유사 과제인지는 공고를 운영하는 기관의 담당자가 판단합니다.",
    en="Officers of the organisation that operates the call judge whether a project is similar.",
)
def judge(actor: Actor, call: Call) -> bool:
    return operates(actor, call)


@policy(
    "similarity.see_corpus",
    ko="앞선 과제 목록은 전담기관, 지역 사업단, 소관부처, 시스템 운영자가 봅니다.",
    en="The corpus of earlier projects is seen by the agency, task forces, the ministry and operators.",
)
def see_corpus(actor: Actor) -> bool:
    return actor.role in READERS


@policy(
    "similarity.keep_corpus",
    ko="앞선 과제 목록은 전담기관 담당자와 시스템 운영자가 가져오고 지웁니다.",
    en="The agency's officers and operators bring in and delete lists of earlier projects.",
)
def keep_corpus(actor: Actor) -> bool:
    return actor.role in KEEPERS


def visible_projects(actor: Actor) -> Q:
    """Earlier projects as a filter: public lists for all readers, a call's own only for its operator and the ministry."""
    if not see_corpus(actor):
        return Q(pk__in=[])
    if actor.role in (Role.MINISTRY, Role.SYSTEM):
        return Q()
    if actor.role is Role.OPERATOR or actor.organisation is None:
        return Q(owner__isnull=True)
    return Q(owner__isnull=True) | Q(owner=actor.organisation)
