"""A worker: the loop of a process that takes jobs, runs them, turns the schedules and takes back what dead workers held."""

import logging
import os
import signal
import socket
import threading
import time
from datetime import timedelta
from types import FrameType

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection

from gongmo import papers
from gongmo.kernel import memory
from gongmo.tasks import queue, runner
from gongmo.tasks.beats import Beating
from gongmo.tasks.scheduling import Clockwork

log = logging.getLogger(__name__)

POLL = 0.5
"""Seconds between looks at an empty queue."""
GRACE = timedelta(seconds=20)
"""How long a stopping worker may go on with its task before the task is given back."""
LONGEST_PAUSE = 30.0
LARGE = 256 * 1024**2
"""Bytes held above which a worker that has nothing to do ends, so that another begins: libraries keep for good what they have once loaded."""
SETTLED = 600.0
"""Seconds for which it has worked by then, at least: starting costs a second or two of a processor."""


class Worker:
    """One loop under one name. `parent`: the process with which the worker ends, else None."""

    def __init__(
        self,
        name: str = "",
        *,
        lease: timedelta = runner.LEASE,
        grace: timedelta = GRACE,
        parent: int | None = None,
    ) -> None:
        self.name = name or own_name()
        self.lease = lease
        self.grace = grace
        self.parent = parent
        self.stopping = threading.Event()
        self.held: queue.Claim | None = None
        self.clockwork = Clockwork()
        self.reclaim_at = 0.0

    def run(self) -> None:
        """Work until stopped, or until there is nothing to do and this process has become large. A database that is away is waited for."""
        began, pause, fresh, worked = time.monotonic(), POLL, True, False
        while not self.stopping.is_set():
            try:
                close_old_connections()
                if fresh:
                    queue.reclaim(self.name)
                    fresh = False
                busy, pause = self.turn(), POLL
            except DatabaseError:
                log.warning("the queue cannot be read; waiting", exc_info=True)
                connection.close()
                busy, pause = False, min(pause * 2, LONGEST_PAUSE)
            if worked and not busy:
                papers.put_away()
                memory.give_back()
                if memory.held_bytes() > LARGE and time.monotonic() - began >= SETTLED:
                    log.info("worker %s has become large; another begins", self.name)
                    return
            worked = busy
            if not busy:
                self.stopping.wait(pause)

    def turn(self) -> bool:
        """Do one thing that is due; whether there was one."""
        self.clockwork.turn()
        if time.monotonic() >= self.reclaim_at:
            queue.reclaim()
            self.reclaim_at = time.monotonic() + self.lease.total_seconds() / 2
        self.held = queue.claim(self.name, self.lease)
        if self.held is None:
            return False
        with runner.Heartbeat(self.held, self.lease):
            runner.run(self.held)
        self.held = None
        return True

    def stop(self, *_: object) -> None:
        """Take no further job. A task that is still running when the grace ends is given back, and the process ends."""
        if self.stopping.is_set():
            return
        self.stopping.set()
        threading.Thread(target=self._end, name="end", daemon=True).start()

    def _end(self) -> None:
        time.sleep(self.grace.total_seconds())
        held = self.held
        if held is not None:
            log.warning("task %s (%s) is given back: the worker stops", held.name, held.job)
            try:
                queue.release(held)
            except DatabaseError:
                log.warning("it could not be given back; its lease will end", exc_info=True)
        logging.shutdown()
        os._exit(0)

    def _watch(self) -> None:
        while os.getppid() == self.parent:
            time.sleep(1)
        log.warning("the process that started this worker has ended; stopping")
        self.stop()

    def serve(self) -> None:
        """Be a process's only business: stop at SIGTERM, SIGINT and with the parent."""

        def end(_number: int, _frame: FrameType | None) -> None:
            self.stop()

        signal.signal(signal.SIGTERM, end)
        signal.signal(signal.SIGINT, end)
        if self.parent is not None:
            threading.Thread(target=self._watch, name="parent", daemon=True).start()
        # Not on a terminal: it would come after the address, which is the last of what the start says.
        log.log(
            logging.INFO if settings.GONGMO_MODE == "server" else logging.DEBUG,
            "worker %s begins",
            self.name,
        )
        beating = Beating(self.name)
        beating.start()
        self.run()
        beating.stop()
        log.info("worker %s ends", self.name)


def own_name() -> str:
    """A name that no other worker has: the machine's and the process's."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}"
