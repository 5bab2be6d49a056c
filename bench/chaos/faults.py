"""What goes wrong in a chaos run, each as one function that strikes and, where it is not a kill, goes away again."""

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from bench.chaos.database import Postgres

STEP_BACK = -45.0
"""Seconds by which the clock is set back for a while."""


def children(pid: int) -> list[int]:
    """The direct children of a process that still live."""
    found: list[int] = []
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            found += [int(each) for each in (task / "children").read_text().split()]
    except OSError:
        pass
    return found


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    except OSError:
        return ""


class Site:
    """`gongmo serve` with its web and task processes, in a process group of its own."""

    def __init__(self, port: int, workers: int, log: Path) -> None:
        self.port, self.workers, self.log = port, workers, log
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "gongmo.cli.main", "serve", "--port", str(self.port)]
        command += ["--workers", str(self.workers), "--threads", "4", "--no-prepare"]
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(command, stdout=output, stderr=output, start_new_session=True)
        self.wait_until_it_answers()

    def wait_until_it_answers(self, seconds: float = 120) -> None:
        """Until a connection is taken. Raises SystemExit when the server has ended, or not within `seconds`."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            assert self.process is not None
            if self.process.poll() is not None:
                raise SystemExit(f"the server ended with {self.process.returncode}, see {self.log}")
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=1):
                    return
            except OSError:
                time.sleep(0.05)
        raise SystemExit(f"the server does not answer, see {self.log}")

    def processes(self, task: bool) -> list[int]:
        """The web processes, or the task processes."""
        assert self.process is not None
        return [pid for pid in children(self.process.pid) if _is_task(pid) is task and _is_ours(pid)]

    def kill_one(self, chance: random.Random, *, task: bool) -> bool:
        """Kill -9 one of them. False when there is none just now."""
        found = self.processes(task)
        if not found:
            return False
        try:
            os.kill(chance.choice(found), signal.SIGKILL)
        except ProcessLookupError:
            return False
        return True

    def kill_all(self) -> None:
        """Kill -9 everything at once, as when the power fails for the server alone, and start again."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.start()

    @property
    def ended(self) -> str:
        """How the server's first process has ended, where nobody of ours has ended it; "" while it lives."""
        code = self.process.poll() if self.process is not None else None
        return "" if code is None else f"exit code {code}"

    def stop(self) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def _is_task(pid: int) -> bool:
    return " work " in command_of(pid)


def _is_ours(pid: int) -> bool:
    command = command_of(pid)
    return "resource_tracker" not in command and bool(command)


class SlowClients:
    """Visitors who send one byte a second and never end: heads without an end, bodies without an end."""

    def __init__(self, port: int, count: int = 4) -> None:
        self.port = port
        self.ending = threading.Event()
        self.sent = 0
        self.threads = [
            threading.Thread(target=self._drip, args=(number % 2 == 0,), daemon=True)
            for number in range(count)
        ]

    def start(self) -> None:
        for thread in self.threads:
            thread.start()

    def stop(self) -> None:
        self.ending.set()
        for thread in self.threads:
            thread.join()

    def _drip(self, head: bool) -> None:
        start = b"GET /calls/ HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
        if not head:
            start = (
                b"POST /accounts/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\n"
                b"Content-Type: application/x-www-form-urlencoded\r\n\r\n"
            )
        while not self.ending.is_set():
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=5) as line:
                    line.sendall(start)
                    while not self.ending.wait(1):
                        line.sendall(b"a")
                        self.sent += 1
            except OSError:
                self.ending.wait(0.5)


def fill_disk(folder: Path, hold: float, disturb: Callable[[], object]) -> int:
    """Take every free byte of the folder's file system, hold it, and give it back. The bytes that were taken."""
    ballast = folder / "ballast"
    block = b"\0" * 65536
    taken = 0
    try:
        with ballast.open("wb", buffering=0) as handle:
            try:
                while True:
                    taken += handle.write(block)
            except OSError:
                pass
            until = time.monotonic() + hold
            while time.monotonic() < until:
                # What others free meanwhile is taken as well.
                try:
                    taken += handle.write(block)
                except OSError:
                    time.sleep(0.02)
        disturb()
    finally:
        ballast.unlink(missing_ok=True)
    return taken


def step_back(clock: Path, hold: float) -> None:
    """Set the clock of every process back for a while, then right again."""
    clock.write_text(str(STEP_BACK), "ascii")
    time.sleep(hold)
    clock.write_text("0", "ascii")


def kill_backend(database: Postgres, chance: random.Random) -> bool:
    """Kill -9 one process of the database: the server drops every connection and recovers."""
    found = [
        pid for pid in children(database.pid) if "gongmo" in command_of(pid) or "postgres:" in command_of(pid)
    ]
    if not found:
        return False
    try:
        os.kill(chance.choice(found), signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True
