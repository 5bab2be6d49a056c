"""Which worker processes live. Each says so every few seconds from a thread of its own, also while a long task runs."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DatabaseError, connection
from django.db.models import Count, Max
from django.utils import timezone

from gongmo.kernel.memory import held_bytes
from gongmo.tasks.models import Beat

log = logging.getLogger(__name__)

EVERY = timedelta(seconds=10)
ALIVE = timedelta(seconds=45)
"""A worker that has not been seen for so long counts as dead."""
FORGOTTEN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Workers:
    """The workers that live, on every machine: how many, the largest one's memory in bytes, and when any was seen last."""

    alive: int
    memory: int
    seen_at: datetime | None


def workers() -> Workers:
    """Who works now. One statement."""
    since = timezone.now() - ALIVE
    found = Beat.objects.filter(seen_at__gte=since).aggregate(
        alive=Count("pk"), memory=Max("memory"), seen_at=Max("seen_at")
    )
    return Workers(found["alive"], found["memory"] or 0, found["seen_at"])


def beat(worker: str) -> None:
    """Note that a worker lives. The first of a day forgets those long gone."""
    now = timezone.now()
    seen = {"seen_at": now, "memory": held_bytes()}
    if not Beat.objects.filter(pk=worker).update(**seen):
        Beat.objects.filter(seen_at__lt=now - FORGOTTEN).delete()
        Beat.objects.bulk_create([Beat(worker=worker, began_at=now, **seen)], ignore_conflicts=True)


def leave(worker: str) -> None:
    """Note that a worker has ended in good order."""
    Beat.objects.filter(pk=worker).delete()


class Beating:
    """Beats for one worker from a daemon thread until `stop`."""

    def __init__(self, worker: str, every: timedelta = EVERY) -> None:
        self.worker = worker
        self.every = every.total_seconds()
        self.done = threading.Event()
        self.thread = threading.Thread(target=self._run, name="beat", daemon=True)

    def start(self) -> None:
        """Begin; the first beat is at once."""
        self.thread.start()

    def stop(self) -> None:
        """End, and take the worker off the list."""
        self.done.set()
        self.thread.join(timeout=5)

    def _run(self) -> None:
        try:
            while True:
                self._once(beat)
                if self.done.wait(self.every):
                    break
            self._once(leave)
        finally:
            connection.close()

    def _once(self, act: Callable[[str], None]) -> None:
        try:
            act(self.worker)
        except DatabaseError:
            log.warning("worker %s could not say that it lives", self.worker)
        finally:
            # Between beats no connection of the pool is held.
            connection.close()
