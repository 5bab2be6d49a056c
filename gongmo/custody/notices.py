"""Whom this floor tells."""

from collections.abc import Iterable

from django.urls import reverse

from gongmo.applications.models import Application
from gongmo.custody.models import PersonDestruction
from gongmo.definition.base import Text
from gongmo.kernel.actor import Role
from gongmo.ledger.queries import Record
from gongmo.notices.categories import Category
from gongmo.notices.queries import officers
from gongmo.notices.telling import Telling, tells
from gongmo.parties.models import Grant
from gongmo.rules.retention import PersonGround


@tells("custody.propose_destruction")
def due(entry: Record) -> Iterable[Telling]:
    """The officers of the organisations whose calls are concerned."""
    counted: dict[int, int] = {}
    for operator in Application.objects.filter(pk__in=entry.payload["applications"]).values_list(
        "call__operator", flat=True
    ):
        counted[operator] = counted.get(operator, 0) + 1
    for operator, number in counted.items():
        for role in (Role.AGENCY, Role.TASK_FORCE):
            people = officers(role, operator)
            if people:
                yield Telling(
                    people,
                    Category.SYSTEM,
                    Text(
                        ko=f"보관 기간이 지난 신청이 {number}건 있습니다",
                        en=f"{number} applications may be kept no longer",
                    ),
                    Text(
                        ko="개인정보를 파기하거나 보존하는 까닭을 적어 주세요. 한 사람이 동의하고 다른 담당자가 파기합니다.",
                        en="Destroy the personal data, or say why it is kept. One officer agrees, another destroys.",
                    ),
                    reverse("custody:retention"),
                    key=f"destruction:{entry.sequence}:{operator}:{role.value}",
                    role=role,
                    organisation=operator,
                )


@tells("custody.propose_people")
def people_due(entry: Record) -> Iterable[Telling]:
    """Officers of agencies of experts, operators of accounts."""
    grounds = list(
        PersonDestruction.objects.filter(pk__in=entry.payload["proposed"]).values_list("ground", flat=True)
    )
    experts, idle = grounds.count(PersonGround.EXPERT), grounds.count(PersonGround.IDLE)
    if experts:
        title = Text(
            ko=f"후보단을 떠난 평가위원 {experts}명의 정보를 파기할 때가 되었습니다",
            en=f"The data of {experts} experts who left the pool is due for destruction",
        )
        body = Text(
            ko="한 사람이 동의하고 다른 담당자가 파기하거나, 보존하는 까닭을 적어 주세요.",
            en="One officer agrees and another destroys it; or say why it is kept.",
        )
        agencies = Grant.objects.filter(role=Role.AGENCY.value, until=None, organisation__isnull=False)
        for organisation in sorted(set(agencies.values_list("organisation_id", flat=True))):
            yield _people(entry, title, body, Role.AGENCY, organisation)
    if idle:
        title = Text(
            ko=f"오래 쓰지 않은 계정 {idle}개의 주인에게 알렸습니다",
            en=f"The owners of {idle} accounts long not used were told",
        )
        body = Text(
            ko="30일 안에 로그인하지 않으면 닫을 수 있습니다. 로그인한 계정은 목록에서 빠집니다.",
            en="Who does not sign in within 30 days can be closed; who does leaves the list.",
        )
        yield _people(entry, title, body, Role.OPERATOR, None)


def _people(entry: Record, title: Text, body: Text, role: Role, organisation: int | None) -> Telling:
    return Telling(
        officers(role, organisation) if organisation else officers(role),
        Category.SYSTEM,
        title,
        body,
        reverse("custody:retention"),
        key=f"people:{entry.sequence}:{role.value}:{organisation or 0}",
        role=role,
        organisation=organisation,
    )
