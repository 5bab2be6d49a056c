"""Reading the queue, for operators."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q
from django.utils import timezone
from django_tasks_db.compat import TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max

from gongmo.definition.base import Text
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import NotFound
from gongmo.tasks.models import Job, Occurrence
from gongmo.tasks.policies import may_operate
from gongmo.tasks.registry import named, schedules

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Seen:
    """A job as the operator reads it. `due`: when it runs next, None for at once. `since`: when it was made, began or failed."""

    id: UUID
    name: str
    what: Text
    since: datetime
    due: datetime | None
    attempts: int
    tries: int
    worker: str
    error: str
    request: str
    """The number of the request that asked for it, as the person saw it on an error page; "" for none."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """A schedule: what it does, when it ran last and runs next (None before a worker has ever seen it)."""

    name: str
    what: Text
    last_at: datetime | None
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class Overview:
    """The queue: how many jobs are in each state, the first of them, and the schedules. `late`: nothing has been taken for a while."""

    waiting: int
    running: int
    failed: int
    done: int
    first_waiting: list[Seen]
    all_running: list[Seen]
    first_failed: list[Seen]
    schedules: list[Rhythm]
    late: bool


def overview(actor: Actor) -> Overview:
    """What the operator's page shows. Five statements. Raises NotFound for others."""
    if not may_operate(actor):
        raise NotFound
    of = {state: Count("pk", filter=Q(status=state)) for state in TaskResultStatus.values}
    counts = DBTaskResult.objects.aggregate(**of)
    waiting = _seen(TaskResultStatus.READY, "result__enqueued_at")
    now = timezone.now()
    times = {row.name: row for row in Occurrence.objects.all()}
    return Overview(
        waiting=counts[TaskResultStatus.READY],
        running=counts[TaskResultStatus.RUNNING],
        failed=counts[TaskResultStatus.FAILED],
        done=counts[TaskResultStatus.SUCCESSFUL],
        first_waiting=waiting,
        all_running=_seen(TaskResultStatus.RUNNING, "result__started_at"),
        first_failed=_seen(TaskResultStatus.FAILED, "-result__finished_at"),
        schedules=[
            Rhythm(
                name=each.task.name,
                what=what(each.task.name),
                last_at=times[each.task.name].last_at if each.task.name in times else None,
                next_at=times[each.task.name].next_at if each.task.name in times else None,
            )
            for each in schedules()
        ],
        late=any((now - (each.due or each.since)).total_seconds() > 120 for each in waiting),
    )


def what(name: str) -> Text:
    """What a task does, in words; its name where nobody said."""
    task = named(name)
    return Text(ko=(task.ko if task else "") or name, en=(task.en if task else "") or name)


def _seen(status: str, order: str) -> list[Seen]:
    jobs = Job.objects.filter(result__status=status).select_related("result").order_by(order, "pk")[:SHOWN]
    return [_one(job, job.result) for job in jobs if job.result is not None]


def _one(job: Job, result: "DBTaskResult") -> Seen:  # type: ignore[type-arg]
    task = named(job.name)
    return Seen(
        id=job.pk,
        name=job.name,
        what=what(job.name),
        since=result.finished_at or result.started_at or result.enqueued_at,
        due=None if result.run_after == get_date_max() else result.run_after,
        attempts=job.attempts,
        tries=(task.retries if task else 0) + 1,
        worker=job.worker,
        error=job.error,
        request=job.request,
    )
