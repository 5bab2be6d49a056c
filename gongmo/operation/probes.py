"""Small tries of what the service stands on, each bounded in time: the database, its clock, the storage, the disk."""

import shutil
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

from gongmo.operation.figures import Remembered

STORAGE_SECONDS = 3.0
"""A storage that has not answered by then does not work."""
LEAST_FREE = 1024**3
"""Bytes of a disk that must be free: less, and uploads or the database soon fail."""

_migrated = False


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


def clock_skew() -> timedelta:
    """By how much the database server's clock is ahead of this machine's. Zero with SQLite, which has no clock of its own."""
    if connection.vendor != "postgresql":
        return timedelta()
    before = datetime.now(UTC)
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        told: datetime = cursor.fetchone()[0]
    after = datetime.now(UTC)
    # It was read some time between the two.
    if before <= told <= after:
        return timedelta()
    return told - after if told > after else told - before


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
