"""The queue's moves. Each is one short transaction; no lock is held while a task runs.

The queue lives in real time: a rehearsal's clock moves the programme, not the machine that works for it.
"""

import logging
import secrets
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from traceback import format_exception
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.dispatch import Signal
from django.utils import timezone
from django_tasks_db.compat import DEFAULT_TASK_BACKEND_ALIAS, TaskResultStatus, normalize_json
from django_tasks_db.models import DBTaskResult, get_date_max

from gongmo.kernel import tracing
from gongmo.tasks.models import Job
from gongmo.tasks.registry import RETRIES, GiveUp, Task, named

log = logging.getLogger(__name__)

FIRST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(hours=6)
LOSSES = 5
"""A task that took five workers with it, over minutes, is not given a sixth: a machine that is being struck is not the task's fault."""

gave_up = Signal()
"""Sent with `job` (Job) when a task has failed for good, inside the transaction that notes it."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A job in a worker's hands."""

    job: uuid.UUID
    token: uuid.UUID
    name: str
    arguments: dict[str, Any]
    request: str = ""


def put(
    task: Task[Any, Any],
    arguments: Mapping[str, Any],
    *,
    key: str = "",
    again: bool = False,
    delay: timedelta = timedelta(),
    skip_running: bool = False,
) -> bool:
    """Add a job (see Task.enqueue); whether a run was added. `skip_running`: `again` does not count while a run is under way."""
    values = normalize_json({"args": [], "kwargs": dict(arguments)})
    # No savepoint: nothing here is expected to fail, and every act on the record passes through here.
    with transaction.atomic(savepoint=False):
        job = Job(name=task.name, key=key or None, made_at=timezone.now(), request=_asked_by())
        if not key:
            job.result = _run(task, values, delay)
            job.save(force_insert=True)
            return True
        standing = Job.objects.select_for_update().filter(key=key).order_by().first()
        if standing is None:
            # Waits for another transaction that is making the same key, instead of failing on it.
            Job.objects.bulk_create([job], ignore_conflicts=True)
            standing = Job.objects.select_for_update().get(key=key)
        status = DBTaskResult.objects.filter(job=standing).values_list("status", flat=True).first()
        if status == TaskResultStatus.READY:
            return False
        if status == TaskResultStatus.RUNNING:
            if again and not skip_running and not standing.again:
                Job.objects.filter(pk=standing.pk).update(again=True)
            return False
        if standing.pk != job.pk and status != TaskResultStatus.FAILED and not again:
            return False
        anew(standing, task, values, delay)
        return True


def _asked_by() -> str:
    """The number of the request that asks, "" outside of one."""
    number = tracing.request_id()
    return "" if number == tracing.NONE else number


def known(keys: Iterable[str]) -> set[str]:
    """Which of these keys have a job, in whatever state. One statement for 500 keys."""
    wanted = list(keys)
    found: set[str] = set()
    for start in range(0, len(wanted), 500):
        jobs = Job.objects.filter(key__in=wanted[start : start + 500])
        found.update(key for key in jobs.values_list("key", flat=True) if key)
    return found


def _run(task: Task[Any, Any], values: Any, delay: timedelta) -> DBTaskResult:  # type: ignore[type-arg]
    return DBTaskResult.objects.create(
        args_kwargs=values,
        priority=task.priority,
        task_path=task.module_path,
        queue_name=task.queue_name,
        backend_name=DEFAULT_TASK_BACKEND_ALIAS,
        run_after=timezone.now() + delay if delay else get_date_max(),
    )


def anew(job: Job, task: Task[Any, Any], values: Any, delay: timedelta = timedelta()) -> None:
    """A new round for a locked job: a new run, counted from the first attempt."""
    old = job.result_id
    job.result = _run(task, values, delay)
    job.name = task.name
    job.attempts = job.losses = 0
    job.again = False
    job.request = _asked_by()
    job.save()
    if old is not None:
        DBTaskResult.objects.filter(pk=old).delete()


def claim(worker: str, lease: timedelta, *, only: str = "") -> Claim | None:
    """Take the next job that is due, or None. It is this worker's until the lease ends; `renew` lengthens it.

    `only`: how the names of the jobs begin that are looked at.
    """
    due = DBTaskResult.objects.ready().filter(backend_name=DEFAULT_TASK_BACKEND_ALIAS)
    if only:
        due = due.filter(pk__in=Job.objects.filter(name__startswith=only).values("result"))
    # Asked first without a transaction: an idle worker never takes SQLite's write lock.
    if not due.exists():
        return None
    with transaction.atomic():
        result = due.get_locked()
        if result is None:
            return None
        job = Job.objects.filter(result=result).first()
        if job is None:
            result.set_failed(LookupError("a run that no job of ours asked for"))
            return None
        token = uuid.uuid4()
        result.claim(worker)
        Job.objects.filter(pk=job.pk).update(
            attempts=F("attempts") + 1, worker=worker, token=token, lease_until=timezone.now() + lease
        )
        return Claim(job.pk, token, job.name, dict(result.args_kwargs["kwargs"]), job.request)


def renew(held: Claim, lease: timedelta) -> bool:
    """Hold a job for another lease; False when another worker has it by now."""
    renewed = Job.objects.filter(pk=held.job, token=held.token).update(lease_until=timezone.now() + lease)
    return renewed == 1


def stands(held: Claim) -> bool:
    """Whether the job is still this attempt's, just before what cannot be taken back. A worker that was paused may have lost it."""
    return Job.objects.filter(pk=held.job, token=held.token).exists()


def complete(held: Claim) -> bool:
    """Note a run as done; False when the job was lost to another worker meanwhile."""
    with transaction.atomic():
        job = _held(held)
        if job is None:
            return False
        _let_go(job)
        if job.again:
            _requeue(job, timedelta())
            job.attempts = job.losses = 0
            job.again = False
        else:
            DBTaskResult.objects.filter(job=job).update(
                status=TaskResultStatus.SUCCESSFUL,
                finished_at=timezone.now(),
                exception_class_path="",
                traceback="",
            )
        job.error, job.error_at = "", None
        job.save()
        return True


def fail(held: Claim, error: BaseException) -> bool:
    """Note a run as failed: it is tried again later, or, tries being used up, given up. False when the job was lost meanwhile."""
    with transaction.atomic():
        job = _held(held)
        if job is None:
            return False
        _let_go(job)
        job.error, job.error_at = in_words(error), timezone.now()
        known = named(job.name)
        retries = known.retries if known is not None else RETRIES
        if isinstance(error, GiveUp) or job.attempts > retries:
            _give_up(job, error)
        else:
            _requeue(job, wait_before(job.attempts))
        job.save()
        return True


def release(held: Claim) -> None:
    """Give a job back untried: its worker stops. Another may take it at once."""
    with transaction.atomic():
        job = _held(held)
        if job is not None:
            _let_go(job)
            job.attempts -= 1
            _requeue(job, timedelta())
            job.save()


def reclaim(worker: str = "") -> int:
    """Take back the jobs whose lease has ended, and those of `worker`, which has just started anew under its name. Returns how many."""
    lost = Q(lease_until__lt=timezone.now())
    if worker:
        lost |= Q(worker=worker, lease_until__isnull=False)
    if not Job.objects.filter(lost).exists():
        return 0
    with transaction.atomic():
        jobs = list(Job.objects.select_for_update(skip_locked=True).filter(lost))
        for job in jobs:
            log.warning("task %s (%s) lost its worker %s", job.name, job.pk, job.worker)
            _let_go(job)
            job.attempts -= 1
            job.losses += 1
            error = WorkerDied(
                "작업하던 프로세스가 중간에 끊겼습니다. / The worker process died during the task."
            )
            job.error, job.error_at = in_words(error), timezone.now()
            if job.losses >= LOSSES:
                _give_up(job, error)
            else:
                # At once the first time, for most are lost by chance; then after waits, so that one that kills its worker kills few.
                _requeue(job, wait_before(job.losses - 1) if job.losses > 1 else timedelta())
            job.save()
        return len(jobs)


class WorkerDied(Exception):
    """A worker process ended, or ran over the time limit, with a task in its hands."""


def wait_before(attempt: int) -> timedelta:
    """How long to wait after failed attempt 1, 2, ...: 10 s, 40 s, 160 s ... at most 6 hours, each a fifth more or less by chance, so
    that what failed together is not tried again together."""
    wait = min(FIRST_WAIT * int(4 ** min(attempt - 1, 10)), LONGEST_WAIT)
    return wait * ((800 + secrets.randbelow(401)) / 1000)


def in_words(error: BaseException) -> str:
    """An error as an operator reads it: its kind and what it says, at most 1,000 characters."""
    if isinstance(error, GiveUp | WorkerDied):
        return str(error)[:1000]
    ko = getattr(error, "ko", "")
    return (f"{ko} ({error})" if ko else f"{type(error).__name__}: {error}")[:1000]


def _held(held: Claim) -> Job | None:
    job = Job.objects.select_for_update().filter(pk=held.job, token=held.token).first()
    if job is None:
        log.warning("task %s (%s) was taken over by another worker", held.name, held.job)
    return job


def _let_go(job: Job) -> None:
    job.worker, job.token, job.lease_until = "", None, None


def _requeue(job: Job, wait: timedelta) -> None:
    after: datetime = timezone.now() + wait if wait else get_date_max()
    DBTaskResult.objects.filter(job=job).update(status=TaskResultStatus.READY, run_after=after)


def _give_up(job: Job, error: BaseException) -> None:
    DBTaskResult.objects.filter(job=job).update(
        status=TaskResultStatus.FAILED,
        finished_at=timezone.now(),
        exception_class_path=f"{type(error).__module__}.{type(error).__qualname__}",
        traceback="".join(format_exception(error)),
    )
    log.error("task %s (%s) failed for good: %s", job.name, job.pk, job.error)
    gave_up.send(sender=Job, job=job)
