"""Running tasks: one at a time in the calling thread, with a heartbeat beside it that keeps the job's lease."""

import logging
import os
import threading
import time
from contextlib import ExitStack
from contextvars import ContextVar
from datetime import timedelta

from django.db import DatabaseError, connection, transaction

from gongmo.kernel import tracing
from gongmo.tasks import queue
from gongmo.tasks.registry import TIME_LIMIT, named

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)

_running: ContextVar[queue.Claim | None] = ContextVar("gongmo_running_task", default=None)


class Unknown(Exception):
    """A job for a task that this version does not have; a newer worker may."""


def run_waiting(*, limit: int = 10_000, only: str = "") -> int:
    """Run all that is due now, and what it enqueues, in this thread. Returns how many runs that were (failed ones with them)."""
    done = 0
    while done < limit:
        held = queue.claim("here", timedelta(hours=1), only=only)
        if held is None:
            break
        run(held)
        done += 1
    return done


class Lost(Exception):
    """The running task belongs to another worker by now."""


def still_ours() -> None:
    """Raise Lost where the task that runs in this thread was handed to another worker meanwhile (this one was paused longer than
    its lease). Asked just before what cannot be taken back. Outside of a task it answers nothing."""
    held = _running.get()
    if held is not None and not queue.stands(held):
        raise Lost(f"{held.name} {held.job}")


def run(held: queue.Claim) -> bool:
    """Run a claimed job under the number of the request that asked for it, and note how it ended; whether it succeeded. Only what
    ends the process itself goes through."""
    token = _running.set(held)
    try:
        with tracing.carrying(held.request):
            return _run(held)
    finally:
        _running.reset(token)


def _run(held: queue.Claim) -> bool:
    task = named(held.name)
    began = time.monotonic()
    try:
        if task is None:
            raise Unknown(f"이 버전에 없는 작업입니다: {held.name}")
        with ExitStack() as savepoint:
            if connection.in_atomic_block:
                # Inside somebody's transaction (a test, a rehearsal) a failing task must undo only what itself did.
                savepoint.enter_context(transaction.atomic())
            task.func(**held.arguments)
    except Exception as error:
        log.warning("task %s (%s) failed", held.name, held.job, exc_info=error)
        queue.fail(held, error)
        return False
    queue.complete(held)
    log.debug("task %s (%s) took %.3f s", held.name, held.job, time.monotonic() - began)
    return True


class Heartbeat:
    """Keeps a job's lease while it runs, from its own thread; ends the process when the run goes over its time limit."""

    def __init__(self, held: queue.Claim, lease: timedelta) -> None:
        task = named(held.name)
        self.held = held
        self.lease = lease
        self.limit = (task.time_limit if task is not None else TIME_LIMIT).total_seconds()
        self.done = threading.Event()
        self.thread = threading.Thread(target=self._beat, name="heartbeat", daemon=True)

    def __enter__(self) -> "Heartbeat":
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.done.set()
        self.thread.join(timeout=5)

    def _beat(self) -> None:
        until = time.monotonic() + self.limit
        pause = self.lease.total_seconds() / 4
        try:
            while not self.done.wait(min(pause, max(until - time.monotonic(), 0.01))):
                if time.monotonic() >= until:
                    # A thread cannot be stopped from outside; a process can. Its supervisor starts another.
                    log.error("task %s (%s) ran over its time limit", self.held.name, self.held.job)
                    logging.shutdown()
                    os._exit(70)
                try:
                    queue.renew(self.held, self.lease)
                except DatabaseError:
                    log.warning("the lease of %s could not be renewed", self.held.job, exc_info=True)
        finally:
            connection.close()
