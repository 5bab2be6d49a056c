"""The queue's own housekeeping."""

from datetime import time, timedelta

from django.utils import timezone
from django_tasks_db.compat import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from gongmo.tasks.models import Job
from gongmo.tasks.registry import schedule

KEEP_DONE = timedelta(days=7)
KEEP_FAILED = timedelta(days=90)
KEEP_KEYS = timedelta(days=400)
BATCH = 1000


@schedule(
    name="tasks.prune",
    every=timedelta(days=1),
    at=time(4, 10),
    ko="끝난 작업의 내용을 지웁니다",
    en="Remove what finished tasks left",
)
def prune() -> None:
    """Delete finished runs a week after success and three months after failure. A job's key stays for 400 days: what has
    been done once is not done again."""
    now = timezone.now()
    for status, age in ((TaskResultStatus.SUCCESSFUL, KEEP_DONE), (TaskResultStatus.FAILED, KEEP_FAILED)):
        old = DBTaskResult.objects.filter(status=status, finished_at__lt=now - age)
        while batch := list(old.values_list("pk", flat=True)[:BATCH]):
            # Small transactions: nobody who wants to write waits long.
            DBTaskResult.objects.filter(pk__in=batch).delete()
    Job.objects.filter(result=None, key=None).delete()
    Job.objects.filter(result=None, made_at__lt=now - KEEP_KEYS).delete()
