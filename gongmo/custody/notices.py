"""Whom this floor tells."""

from collections.abc import Iterable

from django.urls import reverse

from gongmo.applications.models import Application
from gongmo.definition.base import Text
from gongmo.kernel.actor import Role
from gongmo.ledger.queries import Record
from gongmo.notices.categories import Category
from gongmo.notices.queries import officers
from gongmo.notices.telling import Telling, tells


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
