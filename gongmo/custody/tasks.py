"""What is done by itself: months are counted, missing reviews are told."""

from datetime import time, timedelta

from django.urls import reverse

from gongmo.custody import commands, queries
from gongmo.custody.months import Month
from gongmo.definition.base import Text
from gongmo.kernel import clock
from gongmo.kernel.actor import Role, system
from gongmo.notices import commands as notices
from gongmo.notices.categories import Category
from gongmo.notices.queries import officers
from gongmo.notices.telling import Telling
from gongmo.tasks import schedule


@schedule(
    name="custody.count_access",
    every=timedelta(days=1),
    at=time(1, 10),
    ko="접속기록의 월별 수를 셉니다",
    en="Counts the access log's months",
)
def count_months() -> None:
    """This month and the last."""
    commands.count_months(actor=system("schedule"))


@schedule(
    name="custody.remind_review",
    every=timedelta(days=1),
    at=time(9, 10),
    ko="점검하지 않은 접속기록을 알립니다",
    en="Tells of access logs that nobody has reviewed",
)
def remind() -> None:
    """Tell the officers who may review a past month, once a week until somebody has."""
    now = clock.now()
    operators = frozenset(officers(Role.OPERATOR))
    year, week, _ = now.astimezone(clock.SEOUL).isocalendar()
    for month, scope, waiting in queries.overdue(now):
        roles = (
            (Role.AGENCY, Role.MINISTRY, Role.TASK_FORCE)
            if scope.organisation
            else (Role.AGENCY, Role.MINISTRY)
        )
        for role in roles:
            people = [
                each
                for each in officers(role, scope.organisation)
                if each not in operators and waiting - {each}
            ]
            if people:
                notices.tell(_telling(month, scope, role, people, f"{year}-{week}"))


def _telling(month: Month, scope: queries.Scope, role: Role, people: list[int], week: str) -> Telling:
    said = month.begin
    whose = Text(
        ko=f"‘{scope.name}’ 담당자의 접속기록입니다."
        if scope.organisation
        else "운영자와 평가위원 등의 접속기록입니다.",
        en=f"It is the access log of “{scope.name}”."
        if scope.organisation
        else "It is the log of operators, experts and others.",
    )
    return Telling(
        people,
        Category.SYSTEM,
        Text(
            ko=f"{said.year}년 {said.month}월 접속기록을 점검해 주세요",
            en=f"Please review the access log of {month}",
        ),
        Text(
            ko=f"{whose.ko} 접속기록은 달마다 한 번 넘게 점검해야 합니다. 본인의 기록은 다른 담당자가 점검합니다.",
            en=f"{whose.en} It has to be reviewed at least once a month; your own accesses by another officer.",
        ),
        reverse("custody:month", args=[str(month), scope.key]),
        key=f"access-review:{scope.organisation or 'site'}:{month}:{week}",
        role=role,
        organisation=scope.organisation,
    )


@schedule(
    name="custody.propose_destruction",
    every=timedelta(days=7),
    at=time(2, 30),
    ko="보관 기간이 지난 개인정보를 찾습니다",
    en="Finds personal data whose time is over",
)
def propose_destruction() -> None:
    """Propose; officers are told by the act on the record (custody.notices)."""
    commands.propose(actor=system("schedule"))


@schedule(
    name="custody.propose_people",
    every=timedelta(days=1),
    at=time(2, 40),
    ko="후보단을 떠난 평가위원과 오래 쓰지 않은 계정을 찾습니다",
    en="Finds experts who left the pool and accounts long not used",
)
def propose_people() -> None:
    """Propose, and take out who came back. Accounts' owners are told by mail."""
    commands.propose_people(actor=system("schedule"))
