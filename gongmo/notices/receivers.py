"""What wakes this floor: an act on the record of which people are told, and a task that has failed for good."""

from typing import Any

from django.db.models import QuerySet
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.urls import reverse
from django_tasks_db.compat import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from gongmo.definition.base import Text
from gongmo.kernel.actor import Role
from gongmo.ledger.models import Entry
from gongmo.ledger.prepared import prepared
from gongmo.notices import commands, queries
from gongmo.notices.categories import Category
from gongmo.notices.tasks import tell
from gongmo.notices.telling import Telling, told_acts
from gongmo.tasks.models import Job
from gongmo.tasks.queue import gave_up
from gongmo.tasks.registry import named

KEY = "notices.tell"
"""Of the one job that tells people of everything that is new."""


def _asked(*, key: str) -> bool:
    """Whether a run waits already, and, its job being locked, will begin after this transaction only: most acts on a busy day find that,
    and what `enqueue` does then costs more than their own entry."""
    return bool(_job(key=key)) and _status.first(key=key) == TaskResultStatus.READY


@prepared
def _job(*, key: str) -> QuerySet[Job, str | None]:
    return Job.objects.select_for_update().filter(key=key).order_by().values_list("key", flat=True)


@prepared
def _status(*, key: str) -> QuerySet[Any, str]:
    return DBTaskResult.objects.filter(job__key=key).order_by().values_list("status", flat=True)


@receiver(post_save, sender=Entry, dispatch_uid="notices.entry")
def wake(sender: object, *, instance: Entry, created: bool, **_: Any) -> None:
    """Part of the act's own transaction: an act that stands will be told, one that was rolled back will not."""
    if created and instance.act in told_acts() and not _asked(key=KEY):
        tell.enqueue(key=KEY, again=True)


@receiver(gave_up, dispatch_uid="notices.gave_up")
def tell_operators(sender: object, *, job: Job, **_: Any) -> None:
    """Operators hear of a task that has failed for good."""
    task = named(job.name)
    ko, en = (task.ko or task.name, task.en or task.name) if task is not None else (job.name, job.name)
    commands.tell(
        Telling(
            people=queries.officers(Role.OPERATOR),
            category=Category.SYSTEM,
            title=Text(ko=f"작업이 실패했습니다: {ko}", en=f"A task has failed: {en}"),
            body=Text(
                ko=f"여러 번 다시 해 보았지만 되지 않았습니다. 원인을 없앤 뒤 ‘다시 하기’를 눌러 주세요.\n{job.error}",
                en=f"It was tried several times. Mend the cause, then run it again.\n{job.error}",
            ),
            url=reverse("tasks:list"),
            key=f"task:{job.pk}:{job.error_at.isoformat() if job.error_at else ''}",
            role=Role.OPERATOR,
            # A mail about mail that cannot be sent would only fail like it.
            mail=job.name != "notices.send",
        )
    )
