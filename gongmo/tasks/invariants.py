"""What must always hold of the queue."""

from collections.abc import Iterable
from datetime import timedelta

from django.utils import timezone
from django_tasks_db.compat import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from gongmo.kernel.invariants import Broken, invariant
from gongmo.tasks.models import Job

GRACE = timedelta(hours=1)
"""A dead worker's job is taken back within two leases; an hour later somebody has to look."""


@invariant(
    "tasks.held",
    ko="돌고 있는 작업은 모두 맡은 프로세스와 기한이 있고, 기한이 지난 채 버려진 작업이 없습니다.",
    en="Every running task is held by a worker under a lease, and none was left behind.",
)
def running_jobs_are_held() -> Iterable[Broken]:
    running = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING)
    for pk in running.filter(job__isnull=True).values_list("pk", flat=True):
        yield Broken(f"run {pk}", "a running task that no job names", "a job")
    left = timezone.now() - GRACE
    for job in Job.objects.filter(result__status=TaskResultStatus.RUNNING):
        if job.token is None or job.lease_until is None:
            yield Broken(f"task {job.name} {job.pk}", "running, held by nobody", "a worker and a lease")
        elif job.lease_until < left:
            yield Broken(
                f"task {job.name} {job.pk}", f"lease ended {job.lease_until}", "taken up by a worker"
            )


@invariant(
    "tasks.waiting",
    ko="기다리는 작업은 모두 이름과 할 일이 남아 있습니다. 잃어버린 작업이 없습니다.",
    en="Every waiting task still has its job; none is lost.",
)
def waiting_runs_have_jobs() -> Iterable[Broken]:
    waiting = DBTaskResult.objects.filter(status=TaskResultStatus.READY, job__isnull=True)
    for pk in waiting.values_list("pk", flat=True):
        yield Broken(f"run {pk}", "a waiting task that no job names", "a job")
    for job in Job.objects.exclude(result__status=TaskResultStatus.RUNNING).filter(token__isnull=False):
        yield Broken(f"task {job.name} {job.pk}", "held, but not running", "a running task")
