"""Worker processes under a supervisor: one that dies is started anew, and all end with the process that started them."""

import logging
import os
import subprocess
import sys
import threading
import time
from datetime import timedelta

from gongmo.tasks.runner import LEASE
from gongmo.tasks.worker import GRACE, own_name

log = logging.getLogger(__name__)

LONGEST_PAUSE = 30.0
STEADY = 60.0
"""Seconds after which a worker that dies is not counted as one that cannot start."""


class Crew:
    """`count` workers. A restarted one has its predecessor's name, by which it takes back at once what that one held."""

    def __init__(self, count: int = 1, *, lease: timedelta = LEASE, grace: timedelta = GRACE) -> None:
        self.names = [f"{own_name()}:{number}" for number in range(1, count + 1)]
        self.lease = lease
        self.grace = grace
        self.stopping = threading.Event()
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.guard = threading.Lock()
        self.threads = [
            threading.Thread(target=self._keep, args=(name,), name=f"keeper-{name}", daemon=True)
            for name in self.names
        ]

    def start(self) -> None:
        """Start the workers and watch over them in threads."""
        for thread in self.threads:
            thread.start()

    def wait(self) -> None:
        """Wait until `stop` was called and the workers have ended."""
        for thread in self.threads:
            while thread.is_alive():
                thread.join(timeout=1)

    def stop(self) -> None:
        """Ask every worker to finish its task and end; end those that do not within the grace."""
        self.stopping.set()
        with self.guard:
            processes = list(self.processes.values())
        for process in processes:
            process.terminate()
        until = time.monotonic() + self.grace.total_seconds() + 5
        for process in processes:
            try:
                process.wait(timeout=max(until - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _keep(self, name: str) -> None:
        pause = 1.0
        while not self.stopping.is_set():
            began = time.monotonic()
            with self.guard:
                if self.stopping.is_set():
                    return
                process = self.processes[name] = subprocess.Popen(self._command(name))  # noqa: S603 - our own interpreter
            code = process.wait()
            if self.stopping.is_set():
                return
            if time.monotonic() - began >= STEADY:
                pause = 1.0
                if code == 0:
                    # It had become large, and nothing to do.
                    continue
            log.error("worker %s ended with %s; starting it anew in %.0f s", name, code, pause)
            self.stopping.wait(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    def _command(self, name: str) -> list[str]:
        return [
            *(sys.executable, "-m", "gongmo.cli.main", "work"),
            *("--one", name, "--parent", str(os.getpid())),
            *("--lease", str(self.lease.total_seconds()), "--grace", str(self.grace.total_seconds())),
        ]
