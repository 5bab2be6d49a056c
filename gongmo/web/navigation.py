"""The main menu."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch

from gongmo.kernel.actor import Actor, Role
from gongmo.web.jinja import t, url


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: the view it opens, its words, and the roles that see it (none named: everyone).

    `within` are the beginnings of further paths on which the reader still stands under this entry.
    """

    view: str
    ko: str
    en: str
    roles: frozenset[Role] = frozenset()
    within: tuple[str, ...] = ()


_PARTIES = frozenset({Role.MINISTRY, Role.AGENCY, Role.TASK_FORCE, Role.APPLICANT})

_OVERSEERS = frozenset({Role.MINISTRY, Role.AGENCY, Role.TASK_FORCE})

ENTRIES = (
    Entry("calls:list", "공고", "Calls"),
    Entry("applications:list", "내 신청", "My applications", frozenset({Role.APPLICANT})),
    Entry("evaluation:desk", "내 평가", "My evaluations", frozenset({Role.EVALUATOR})),
    Entry("evaluation:own_profile", "내 위원 정보", "My profile", frozenset({Role.EVALUATOR})),
    Entry("awards:boards", "진행 현황", "Boards", _OVERSEERS, ("/screening/", "/evaluation/")),
    Entry("oversight:calls", "총괄 현황", "Overview", _OVERSEERS),
    Entry(
        "evaluation:pool",
        "평가위원",
        "Experts",
        frozenset({Role.AGENCY, Role.TASK_FORCE, Role.OPERATOR}),
        ("/pool/",),
    ),
    Entry(
        "similarity:corpus",
        "앞선 과제",
        "Earlier projects",
        frozenset({Role.AGENCY, Role.MINISTRY, Role.OPERATOR}),
    ),
    Entry("awards:agreements", "협약", "Agreements", _PARTIES),
    Entry(
        "parties:profile",
        "내 계정과 기관",
        "My account and organisations",
        frozenset({Role.APPLICANT, Role.TASK_FORCE, Role.OPERATOR}),
        ("/organisations/", "/certificates/"),
    ),
    Entry("operation:overview", "서버 상태", "Servers", frozenset({Role.OPERATOR})),
    Entry(
        "custody:reviews",
        "접속기록 점검",
        "Access log",
        _OVERSEERS,
        ("/privacy/review/", "/privacy/retention/"),
    ),
    Entry("custody:retention", "보관과 파기", "Keeping and destroying", frozenset({Role.OPERATOR})),
    Entry("tasks:list", "작업", "Tasks", frozenset({Role.OPERATOR})),
    Entry("registers:health", "외부 등록부", "Registers", frozenset({Role.OPERATOR})),
    Entry(
        "parties:operator_people",
        "사람과 기관",
        "People and organisations",
        frozenset({Role.OPERATOR}),
        ("/operator/",),
    ),
    Entry("parties:policies", "권한 목록", "Permissions", frozenset({Role.OPERATOR})),
)


def navigation(request: HttpRequest, actor: Actor) -> list[dict[str, object]]:
    """The entries that this actor sees, in order. An entry whose app has no pages in this installation is left out."""
    shown: list[dict[str, object]] = []
    for entry in ENTRIES:
        if entry.roles and actor.role not in entry.roles:
            continue
        try:
            address = url(entry.view)
        except NoReverseMatch:
            continue
        shown.append(
            {
                "label": t(entry.ko, entry.en),
                "url": address,
                "current": request.path.startswith((address, *entry.within)),
            }
        )
    return shown
