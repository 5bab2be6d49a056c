"""The figures that lie in the database: queue, deadlines, record, files. The same for monitors and for the operator's page.

Asked at most every few seconds by one process, however many monitors and operators look. No personal data, no names of calls.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Generic, TypeVar

from django.db.models import Count, Max, Min, Q, Sum
from django.utils import timezone
from django_tasks_db.compat import TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max

from gongmo.applications.models import Submission
from gongmo.calls.models import Call
from gongmo.files.models import StoredFile, Upload, UploadState
from gongmo.kernel import clock
from gongmo.ledger.models import Checkpoint, Entry
from gongmo.tasks.beats import Workers, workers
from gongmo.tasks.models import Job

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Queue:
    """Jobs by state; `late`: seconds that the job has waited which has been due the longest (0: none waits)."""

    waiting: int
    running: int
    failed: int
    retried: int
    lost: int
    late: float
    workers: Workers

    @property
    def late_for(self) -> timedelta:
        """`late` as a span."""
        return timedelta(seconds=self.late)


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Calls that take applications now, when the next of them closes (None: none open), and submissions."""

    open_calls: int
    next_closing: datetime | None
    standing: int
    last_hour: int
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class Record:
    """Entries of the record, entries under the newest signed checkpoint, and its instant (None: none yet)."""

    entries: int
    signed: int
    signed_at: datetime | None
    unsigned_since: datetime | None
    """When the first entry was made that no checkpoint covers; None when all are covered."""


@dataclass(frozen=True, slots=True)
class Files:
    """Stored files, their bytes, and uploads under way."""

    stored: int
    size: int
    uploads: int


@dataclass(frozen=True, slots=True)
class Figures:
    """All of it, at one instant."""

    at: datetime
    queue: Queue
    deadlines: Deadlines
    record: Record
    files: Files


class Remembered(Generic[T]):
    """A value that is worked out at most once in so many seconds, by one thread; the others take what there is."""

    def __init__(self, make: Callable[[], T], seconds: float) -> None:
        self.make, self.seconds = make, seconds
        self.found: tuple[float, T] | None = None
        self.lock = Lock()

    def __call__(self) -> T:
        found = self.found
        if found is not None and time.monotonic() - found[0] < self.seconds:
            return found[1]
        if found is not None and not self.lock.acquire(blocking=False):
            return found[1]
        if found is None:
            self.lock.acquire()
        try:
            made = self.make()
            self.found = (time.monotonic(), made)
            return made
        finally:
            self.lock.release()

    def forget(self) -> None:
        """Work it out anew when next asked."""
        self.found = None


def queue() -> Queue:
    """The task queue. Three statements."""
    now = timezone.now()
    at_once = get_date_max()
    ready = Q(status=TaskResultStatus.READY)
    unfinished = (TaskResultStatus.READY, TaskResultStatus.RUNNING, TaskResultStatus.FAILED)
    found = DBTaskResult.objects.filter(status__in=unfinished).aggregate(
        waiting=Count("pk", filter=ready),
        running=Count("pk", filter=Q(status=TaskResultStatus.RUNNING)),
        failed=Count("pk", filter=Q(status=TaskResultStatus.FAILED)),
        asked=Min("enqueued_at", filter=ready & Q(run_after=at_once)),
        planned=Min("run_after", filter=ready & Q(run_after__lte=now)),
    )
    again = Job.objects.filter(result__status=TaskResultStatus.READY, attempts__gt=0).aggregate(
        retried=Count("pk"), lost=Count("pk", filter=Q(losses__gt=0))
    )
    due = [each for each in (found["asked"], found["planned"]) if each is not None]
    late = max((now - min(due)).total_seconds(), 0.0) if due else 0.0
    return Queue(
        found["waiting"], found["running"], found["failed"], again["retried"], again["lost"], late, workers()
    )


def deadlines() -> Deadlines:
    """Calls and submissions. Two statements."""
    now = clock.now()
    calls = Call.objects.filter(opens_at__lte=now, closes_at__gt=now).aggregate(
        count=Count("pk"), closes=Min("closes_at")
    )
    found = Submission.objects.aggregate(
        standing=Count("pk", filter=Q(withdrawn_at__isnull=True)),
        recent=Count("pk", filter=Q(received_at__gt=now - timedelta(hours=1), received_at__lte=now)),
        last=Max("received_at"),
    )
    return Deadlines(calls["count"], calls["closes"], found["standing"], found["recent"], found["last"])


def record() -> Record:
    """The record's end. Three statements."""
    last = Entry.objects.aggregate(last=Max("sequence"))["last"] or 0
    signed = Checkpoint.objects.order_by("-size").values_list("size", "at").first()
    size, at = signed or (0, None)
    first_open = Entry.objects.filter(sequence=size + 1).values_list("at", flat=True).first()
    return Record(last, size, at, first_open)


def files() -> Files:
    """Storage. Two statements."""
    found = StoredFile.objects.aggregate(count=Count("pk"), size=Sum("size"))
    under_way = Upload.objects.filter(state=UploadState.RECEIVING.value, expires_at__gt=clock.now()).count()
    return Files(found["count"], found["size"] or 0, under_way)


# Counting every file takes longer the more there are, and changes little.
_files = Remembered(files, 60)


def _all() -> Figures:
    return Figures(clock.now(), queue(), deadlines(), record(), _files())


figures = Remembered(_all, 5)
"""The figures of at most five seconds ago (those of files: of a minute ago)."""
