"""`make deadline`: the last minutes of a call, played through HTTP, and what the database holds afterwards.

Some hundred made-up leads each upload nine documents and submit, in 16 connections at once, before and after the closing instant, to
two web processes. On the way web processes are killed (-9), and once the whole server. What every client was told is then
compared, one by one, with what database, files and record hold. Exit code 1 when anything acknowledged is missing, doubled or late.

    python -m bench.deadline [--applications 1000] [--clients 16] [--database sqlite|postgres|both]
"""

import argparse
import http.client
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bench.addresses import row
from gongmo.kernel.numbers import Kind

BOUNDARY = "gongmo-deadline-boundary"
TOKEN = "d" * 32  # Django takes the cookie's own 32 letters as the form's token.


@dataclass(slots=True)
class Told:
    """What one applicant's client was told, and how often it had to ask again."""

    application: int
    accepted: bool = False
    receipt_number: str = ""
    received_at: str = ""
    receipt: dict[str, Any] = field(default_factory=dict)
    refused: str = ""
    status: int = 0
    retries: int = 0
    upload_ms: list[float] = field(default_factory=list)
    submit_ms: float = 0.0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.deadline")
    parser.add_argument("--applications", type=int, default=1000)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--database", choices=["sqlite", "postgres", "both"], default="both")
    parser.add_argument("--seed", type=int, default=17)
    args = parser.parse_args()
    kinds = ["sqlite", "postgres"] if args.database == "both" else [args.database]
    failed = 0
    for kind in kinds:
        command = [sys.executable, "-m", "bench.deadline_run", kind, str(args.applications)]
        failed |= subprocess.run([*command, str(args.clients), str(args.workers), str(args.seed)]).returncode
    return failed


# --- One applicant's way through HTTP ---------------------------------------------------------------------------------
class Client:
    """One kept connection that acts for one lead after the other, and asks again when the server was killed under it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.connection: http.client.HTTPConnection | None = None

    def ask(
        self, method: str, path: str, cookie: str, told: Told, body: bytes = b"", kind: str = ""
    ) -> tuple[int, str, bytes]:
        """Status, Location and body. Repeats the request until the server answers it."""
        headers = {"Cookie": f"{cookie}; gongmo_csrf={TOKEN}"}
        if kind:
            headers["Content-Type"] = kind
        for attempt in range(600):
            try:
                if self.connection is None:
                    self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
                self.connection.request(method, path, body=body or None, headers=headers)
                response = self.connection.getresponse()
                content = response.read()
            except (OSError, http.client.HTTPException):
                if self.connection is not None:
                    self.connection.close()
                self.connection = None
                told.retries += 1
                time.sleep(min(0.05 * (attempt + 1), 0.5))
                continue
            if response.status in (502, 503):
                told.retries += 1
                time.sleep(0.2)
                continue
            return response.status, response.getheader("Location", ""), content
        raise SystemExit(f"{path}: the server did not come back")


def upload(client: Client, told: Told, cookie: str, kinds: list[str]) -> None:
    """Hand in every document. Raises SystemExit when one is not taken."""
    from tests.builders import pdf

    for kind in kinds:
        content = pdf(f"{kind} of {told.application}").read()
        parts = [_part("csrfmiddlewaretoken", TOKEN.encode()), _part("kind", kind.encode())]
        parts.append(
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{kind}.pdf"\r\n'
            "Content-Type: application/pdf\r\n\r\n".encode()
            + content
            + b"\r\n"
        )
        body = b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()
        began = time.perf_counter()
        status, _, answer = client.ask(
            "POST",
            f"/applications/{row(told.application, Kind.APPLICATION)}/documents/attach/",
            cookie,
            told,
            body,
            f"multipart/form-data; boundary={BOUNDARY}",
        )
        told.upload_ms.append((time.perf_counter() - began) * 1000)
        if status != 302:
            raise SystemExit(f"attach {told.application} {kind}: {status} {answer[:400]!r}")


def _part(name: str, value: bytes) -> bytes:
    return f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode() + value + b"\r\n"


def submit(client: Client, told: Told, cookie: str) -> None:
    """Submit, and fetch the receipt where it was accepted."""
    from urllib.parse import urlencode

    body = urlencode({"csrfmiddlewaretoken": TOKEN, "confirm": "submit"}).encode()
    began = time.perf_counter()
    told.status, _, answer = client.ask(
        "POST",
        f"/applications/{row(told.application, Kind.APPLICATION)}/submit/",
        cookie,
        told,
        body,
        "application/x-www-form-urlencoded",
    )
    told.submit_ms = (time.perf_counter() - began) * 1000
    if told.status != 302:
        told.refused = "after_deadline" if "접수가" in answer.decode("utf-8", "replace") else "other"
        if told.refused == "other":
            told.refused += " " + answer.decode("utf-8", "replace")[-3000:]
        return
    told.accepted = True
    status, _, answer = client.ask(
        "GET", f"/applications/{row(told.application, Kind.APPLICATION)}/receipt.json", cookie, told
    )
    if status != 200:
        raise SystemExit(f"receipt {told.application}: {status}")
    told.receipt = json.loads(answer)
    manifest = json.loads(told.receipt["manifest"])
    told.receipt_number, told.received_at = manifest["receipt_number"], manifest["received_at"]


# --- The server, and its sudden deaths --------------------------------------------------------------------------------
class Server:
    """`gongmo serve` in a process group of its own."""

    def __init__(self, port: int, workers: int) -> None:
        self.port, self.workers = port, workers
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "gongmo.cli.main", "serve", "--port", str(self.port)]
        command += ["--workers", str(self.workers), "--threads", "4", "--no-prepare"]
        self.process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=1):
                    return
            except OSError:
                time.sleep(0.05)
        raise SystemExit("the server did not start")

    def processes(self) -> list[int]:
        """The server's children: web processes and the task worker."""
        assert self.process is not None
        found = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [int(each) for each in found]

    def kill_one(self, chance: random.Random) -> int:
        """Kill -9 one child. Its process id."""
        victim = chance.choice(self.processes())
        os.kill(victim, signal.SIGKILL)
        return victim

    def kill_all(self) -> None:
        """Kill -9 everything, as when the machine's power fails for the server alone, and start again."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        time.sleep(0.5)
        self.start()

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()


@contextmanager
def home(kind: str) -> Iterator[Path]:
    """A folder and database of its own, told to this process and its children by the environment."""
    folder = Path(tempfile.mkdtemp(prefix=f"gongmo-deadline-{kind}-"))
    for name in [name for name in os.environ if name.startswith("GONGMO_")]:
        del os.environ[name]
    os.environ.update(GONGMO_HOME=str(folder), DJANGO_SETTINGS_MODULE="gongmo.web.settings")
    if kind == "postgres":
        from tests.postgres import start

        os.environ["GONGMO_DATABASE_URL"] = start()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def play(
    port: int, work: list[tuple[int, str]], kinds: list[str], clients: int, *, hand_in: bool = True
) -> "Play":
    """Start the clients over the work (application, cookie). The running play."""
    started = Play(port, work, kinds, clients, hand_in)
    started.start()
    return started


class Play:
    """Clients in threads, each taking the next application; `done` counts what is finished."""

    def __init__(
        self, port: int, work: list[tuple[int, str]], kinds: list[str], clients: int, hand_in: bool
    ) -> None:
        self.port, self.kinds, self.hand_in = port, kinds, hand_in
        self.waiting = iter(work)
        self.total = len(work)
        self.told: list[Told] = []
        self.lock = threading.Lock()
        self.failures: list[str] = []
        self.threads = [threading.Thread(target=self._run, daemon=True) for _ in range(clients)]

    def start(self) -> None:
        for thread in self.threads:
            thread.start()

    @property
    def done(self) -> int:
        return len(self.told)

    def wait_for(self, count: int) -> None:
        """Until so many applications are through, or the clients have stopped."""
        while self.done < count and any(thread.is_alive() for thread in self.threads):
            time.sleep(0.02)

    def finish(self) -> list[Told]:
        for thread in self.threads:
            thread.join()
        if self.failures:
            raise SystemExit("\n".join(self.failures[:5]))
        return self.told

    def _run(self) -> None:
        client = Client(self.port)
        while True:
            with self.lock:
                task = next(self.waiting, None)
            if task is None or self.failures:
                return
            told = Told(task[0])
            try:
                upload(client, told, task[1], self.kinds)
                if self.hand_in:
                    submit(client, told, task[1])
            except (SystemExit, Exception) as error:
                self.failures.append(f"{task[0]}: {error!r}")
                return
            with self.lock:
                self.told.append(told)


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def summary(told: list[Told], spent: float) -> list[str]:
    uploads = [ms for each in told for ms in each.upload_ms]
    submits = [each.submit_ms for each in told]
    return [
        f"{len(told):,} applications, {len(uploads):,} uploads, {spent:.1f} s "
        f"({len(uploads) / spent:.0f} uploads/s with {len(told) / spent:.1f} submissions/s at the same time)",
        f"upload  p50 {percentile(uploads, 0.5):7.1f} ms   p95 {percentile(uploads, 0.95):7.1f} ms   p99 {percentile(uploads, 0.99):7.1f} ms",
        f"submit  p50 {percentile(submits, 0.5):7.1f} ms   p95 {percentile(submits, 0.95):7.1f} ms   p99 {percentile(submits, 0.99):7.1f} ms",
        f"requests repeated after a killed process: {sum(each.retries for each in told):,}",
    ]


def dump(told: list[Told], path: Path) -> None:
    path.write_text(json.dumps([asdict(each) for each in told], ensure_ascii=False), "utf-8")


def count(values: list[str]) -> str:
    return ", ".join(f"{name} {number:,}" for name, number in sorted(Counter(values).items()))


if __name__ == "__main__":
    raise SystemExit(main())
