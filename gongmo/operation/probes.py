"""Small tries of what the service stands on, each bounded in time: the database, its clock, the storage, the disk."""

import ctypes
import shutil
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from gongmo.ledger.models import Entry
from gongmo.operation.figures import Remembered

STORAGE_SECONDS = 3.0
"""A storage that has not answered by then does not work."""
LEAST_FREE = 1024**3
"""Bytes of a disk that must be free: less, and uploads or the database soon fail."""

_migrated = False
_began = time.monotonic()
"""When this server was started: its processes are forks of the one that loaded this."""


def up_seconds() -> float:
    """How long this server has run. What was due while it was off says nothing of how it goes now."""
    return time.monotonic() - _began


def database_seconds() -> float | None:
    """How long the database takes to answer; None when it does not."""
    began = time.perf_counter()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except DatabaseError:
        return None
    return time.perf_counter() - began


def migrated() -> bool:
    """Whether the database is of this version. Asked until true once: it stays so under this code. Raises DatabaseError."""
    global _migrated
    if not _migrated:
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _migrated


def clock_skew() -> timedelta | None:
    """By how much the database server's clock is ahead of this machine's. None with SQLite, which has no clock of its own."""
    if connection.vendor != "postgresql":
        return None
    before = datetime.now(UTC)
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        told: datetime = cursor.fetchone()[0]
    after = datetime.now(UTC)
    # It was read some time between the two.
    if before <= told <= after:
        return timedelta()
    return told - after if told > after else told - before


_UNSYNCHRONISED = 5
"""adjtimex(2): TIME_ERROR."""


def clock_kept() -> bool | None:
    """Whether the kernel says that somebody disciplines its clock. None where it says nothing."""
    try:
        said = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(512))
    except (OSError, AttributeError):
        return None
    return None if said < 0 else said != _UNSYNCHRONISED


def _apart() -> float:
    """Seconds by which the wall clock is ahead of the clock that only runs, also while the machine sleeps."""
    return time.time() - time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


_apart_at_start = _apart()


@dataclass(frozen=True, slots=True)
class Clock:
    """What can be known of this machine's clock, in seconds.

    `skew`: the database server's minus ours (None: there is no other clock). `record_ahead`: how far the record's last entry lies in the
    future: so far at least the clock went back. `moved`: how far it was set forth or back since this server's start. `kept`: whether the
    kernel says that it is kept in step (None: it says nothing).
    """

    skew: float | None
    record_ahead: float
    moved: float
    kept: bool | None


def clock_seen() -> Clock:
    """Look at the clock. At most two statements. Raises DatabaseError."""
    skew = clock_skew()
    last = None
    if not settings.GONGMO_REHEARSAL_MARK.exists():  # a rehearsal's clock was simulated
        last = Entry.objects.order_by("-sequence").values_list("at", flat=True).first()
    ahead = 0.0 if last is None else max((last - datetime.now(UTC)).total_seconds(), 0.0)
    return Clock(
        None if skew is None else skew.total_seconds(), ahead, _apart() - _apart_at_start, clock_kept()
    )


clock_now = Remembered(clock_seen, 10)
"""The clock as looked at within the last ten seconds."""

TIGHT = 0.1
"""Share of a disk below which little is left."""


@dataclass(frozen=True, slots=True)
class Room:
    """A disk to which this server writes: the folder by which it was found, and its bytes."""

    folder: Path
    free: int
    total: int

    @property
    def scarce(self) -> bool:
        """Whether uploads or the database soon fail."""
        return self.free < LEAST_FREE

    @property
    def tight(self) -> bool:
        """Whether little is left."""
        return self.free < TIGHT * self.total


def rooms() -> list[Room]:
    """The disks to which this server writes, each once: the home's first."""
    seen: set[int] = set()
    found = []
    for folder in (Path(settings.GONGMO_HOME), Path(settings.GONGMO_FILES), Path(tempfile.gettempdir())):
        if folder.exists() and (device := folder.stat().st_dev) not in seen:
            seen.add(device)
            usage = shutil.disk_usage(folder)
            found.append(Room(folder, usage.free, usage.total))
    return found


def free_bytes(folder: Path) -> int:
    """Bytes that may still be written where a folder is."""
    return shutil.disk_usage(folder).free


def _try_storage() -> None:
    """Raises OSError unless the storage answers and can be written to."""
    from gongmo.files import storage

    storage.current().check()


@dataclass(slots=True)
class Outcome:
    """What became of a try: the seconds it took, or what went wrong."""

    seconds: float = 0.0
    error: BaseException | None = None


_pool = ThreadPoolExecutor(1, thread_name_prefix="probe")
_pending: "Future[None] | None" = None


def storage(try_it: Callable[[], None] = _try_storage) -> Outcome:
    """Whether the storage takes bytes; given up after STORAGE_SECONDS. A try that still hangs is not followed by another."""
    global _pending
    began = time.perf_counter()
    if _pending is not None and not _pending.done():
        return Outcome(STORAGE_SECONDS, TookTooLong("the last try still hangs"))
    _pending = _pool.submit(try_it)
    try:
        _pending.result(timeout=STORAGE_SECONDS)
    except (TookTooLong, Exception) as error:
        return Outcome(time.perf_counter() - began, error)
    return Outcome(time.perf_counter() - began)


def storage_is_shared() -> bool:
    """Whether all servers keep their files in one remote storage; where not, in a folder of this machine."""
    from gongmo.files import storage

    return storage.current().shared


storage_now = Remembered(storage, 5)
"""The storage as tried within the last five seconds."""


def draining() -> bool:
    """Whether this server is stopping and wants no new visitors."""
    return bool(settings.GONGMO_RUN) and (Path(settings.GONGMO_RUN) / DRAINING).exists()


DRAINING = "draining"
"""The file in GONGMO_RUN that says so."""
