"""The rates of bench.ratios: what the server as it is run gives several clients, its memory, and how much a first visit loads."""

import http.client
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from bench.addresses import row
from bench.deadline import TOKEN
from bench.ratios_told import told
from bench.surge_stage import Stage, _end, free_port, until_open
from gongmo.kernel.numbers import Kind

if TYPE_CHECKING:
    from bench.ratios import Seeded


class Raw:
    """A kept connection that costs its client as little as can be."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.line = socket.create_connection(("127.0.0.1", port), timeout=60)

    def get(self, path: str, cookie: str = "") -> tuple[int, int]:
        """Status and bytes of the body."""
        more = f"Cookie: {cookie}\r\n" if cookie else ""
        head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nAccept: text/html\r\nAccept-Encoding: br, gzip\r\n{more}\r\n"
        self.line.sendall(head.encode())
        found = b""
        while b"\r\n\r\n" not in found:
            piece = self.line.recv(65536)
            if not piece:
                raise ConnectionError("the line was closed")
            found += piece
        head_found, _, body = found.partition(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head_found, re.IGNORECASE)
        size, got = int(length[1]) if length else 0, len(body)
        while got < size:
            got += len(self.line.recv(65536))
        return int(head_found[9:12]), size


@dataclass(slots=True)
class Rate:
    """Answers in a stretch of time by so many clients."""

    times: list[float] = field(default_factory=list)
    bad: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def each(self) -> float:
        return len(self.times) / self.seconds if self.seconds else 0.0


def rate(clients: int, seconds: float, make: Callable[[int], Callable[[], str]]) -> Rate:
    """Let the clients ask for so long. `make(client)` gives what one client does again and again: "" or what is wrong."""
    found = Rate()
    asks = [make(client) for client in range(clients)]
    end = time.perf_counter() + seconds

    def run(client: int) -> None:
        ask = asks[client]
        while time.perf_counter() < end:
            began = time.perf_counter()
            wrong = ask()
            if wrong == "over":
                return
            found.times.append((time.perf_counter() - began) * 1000)
            if wrong:
                found.bad.append(wrong)
                return

    threads = [threading.Thread(target=run, args=(client,)) for client in range(clients)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found.seconds = time.perf_counter() - began
    return found


def page_of(port: int, path: str, cookie: str) -> Callable[[int], Callable[[], str]]:
    """Clients that open a page again and again."""

    def make(_: int) -> Callable[[], str]:
        line = Raw(port)
        # Untimed: what is drawn for the first time is not what is measured.
        for _ in range(4):
            line.get(path, cookie)

        def ask() -> str:
            status, _ = line.get(path, cookie)
            return "" if status == 200 else f"{path}: {status}"

        return ask

    return make


def rates(seeded: "Seeded", seconds: float) -> list[str]:
    """What the server as it is run gives eight clients, its memory, and how much a first visit loads."""
    from bench.pages import session_cookie

    wrong: list[str] = []
    folder = Path(os.environ["GONGMO_HOME"])
    small = seeded.bench["small"]
    lead = session_cookie(small["email"])
    print()
    with serving(folder, workers=os.cpu_count() or 1) as (port, stage):

        def alone(path: str, cookie: str) -> float:
            found = rate(1, max(1.0, seconds / 2), page_of(port, path, cookie))
            wrong.extend(found.bad)
            return statistics.median(found.times) if found.times else float("inf")

        front = f"/applications/{row(small['pk'], Kind.APPLICATION)}/"
        told("list page (my applications), ms", alone("/applications/", lead), 8, " ms")
        told("application's front page, ms", alone(front, lead), 3, " ms")
        for name, path, cookie, least in (
            ("application's front page, a second, 8 clients", front, lead, 700),
            ("public call page, a second, 8 clients", f"/calls/{seeded.bench['slug']}/", "", 2500),
        ):
            found = rate(8, seconds, page_of(port, path, cookie))
            wrong += found.bad
            told(name, found.each, least, "/s", least=True, digits=0)
        wrong += score_saves(port, seeded, seconds)
        wrong += submissions(port, seeded, seconds)
        wrong += first_loads(port, seeded, lead)
        for name, _, peak, share in stage.memory():
            if name == "web processes · process" and share > 60 * 1024:
                told("memory of a web process, its own, MB", share / 1024, 120, " MB", digits=0)
                print(f"{'':58} {peak / 1024:10.0f} MB   highest resident")
    return wrong


def score_saves(port: int, seeded: "Seeded", seconds: float) -> list[str]:
    """Opinions saved on eight open sheets, each by its evaluator."""
    from bench.pages import session_cookie
    from gongmo.evaluation.models import ScoreSheet

    if not seeded.sheets:
        return ["no open score sheet in the rehearsal"]
    bases = dict(ScoreSheet.objects.values_list("pk", "opinion_revision"))
    cookies = {pk: session_cookie(email) for pk, email in seeded.sheets}

    def make(client: int) -> Callable[[], str]:
        pk, _ = seeded.sheets[client % len(seeded.sheets)]
        base, turn = bases[pk], 0
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        headers = {
            "Cookie": f"{cookies[pk]}; gongmo_csrf={TOKEN}",
            "X-CSRFToken": TOKEN,
            "Content-Type": "application/json",
            "Accept": "application/json",
        }

        def ask() -> str:
            nonlocal base, turn
            turn += 1
            change = {
                "path": "opinion",
                "value": f"측정하는 의견 {client} {turn} {time.time()}",
                "base": base,
            }
            line.request(
                "POST",
                f"/desk/sheets/{row(pk, Kind.SHEET)}/save/",
                json.dumps({"changes": [change]}).encode(),
                headers,
            )
            answer = line.getresponse()
            content = answer.read()
            result = json.loads(content)["results"][0] if answer.status == 200 else {}
            if result.get("state") != "saved":
                return f"score save: {answer.status} {content[:200]!r}"
            base = result["revision"]
            return ""

        return ask

    found = rate(min(8, len(seeded.sheets)), seconds, make)
    told(
        f"score saves a second, {min(8, len(seeded.sheets))} clients",
        found.each,
        200,
        "/s",
        least=True,
        digits=0,
    )
    return found.bad


def submissions(port: int, seeded: "Seeded", seconds: float) -> list[str]:
    """Complete submissions: a PDF of 1 MB handed in and the application submitted, each by another applicant."""
    from bench.pages import large_pdf
    from bench.surge_clients import Desk, Failed, Line, Seen
    from gongmo.applications.models import ApplicationDocument, Submission
    from gongmo.files import storage

    taken = set(Submission.objects.values_list("application_id", flat=True))
    taken |= set(ApplicationDocument.objects.values_list("application_id", flat=True))
    free = iter([seat for seat in seeded.seats if seat[0] not in taken])
    lock, seen, sent = threading.Lock(), Seen(), []
    # Ten of the bench's PDFs of 100 kB are as long as one of 1 MB; each is unlike any other.
    before = sum(item.size for item in storage.current().listed())
    large = large_pdf(1)
    filling = b"%" + os.urandom(500_000).hex().encode()[: 1_000_000 - len(large)] + b"\n"
    head, rest = large.split(b"startxref", 1)

    def make(_: int) -> Callable[[], str]:
        line = Line(port, seen)

        def ask() -> str:
            with lock:
                seat = next(free, None)
            if seat is None:
                return "over"
            desk = Desk(line, *seat)
            document = head + f"%{seat[0]:012d}\n".encode() + filling + b"startxref" + rest
            try:
                desk.attach("plan", document)
                desk.submit()
            except Failed as error:
                return str(error)
            with lock:
                sent.append((seat, len(document)))
            return "" if desk.told.accepted else desk.told.refused

        return ask

    found = rate(16, seconds * 2, make)
    told("submissions with a PDF of 1 MB a second, 16 clients", found.each, 60, "/s", least=True, digits=1)
    times = sorted(seen.times.get("submit", [0.0]))
    told(
        "submission itself, p99 with 16 clients, ms", times[int(len(times) * 0.99) - 1], 1000, " ms", digits=0
    )
    kept = sum(item.size for item in storage.current().listed()) - before
    told(
        "stored bytes for a byte handed in", kept / max(1, sum(size for _, size in sent)), 1.05, "", digits=2
    )
    wrong = list(found.bad)
    if sent:
        # The last one presses the button four times more.
        desk = Desk(Line(port, seen), *sent[-1][0])
        for _ in range(4):
            desk.submit()
        many = Submission.objects.filter(application=sent[-1][0][0]).count()
        told("submissions from the same final request sent five times", many, 1, "", digits=0)
    return wrong


_ASSET = re.compile(r'<(?:link[^>]+rel="stylesheet"[^>]+href|script[^>]+src)="([^"]+)"')


def first_loads(port: int, seeded: "Seeded", lead: str) -> list[str]:
    """Kilobytes of page, styles and scripts, compressed, for somebody who comes for the first time."""
    wrong: list[str] = []
    front = f"/applications/{row(seeded.bench['small']['pk'], Kind.APPLICATION)}/"
    for name, path, cookie in (
        ("start page", "/", ""),
        ("public call page", f"/calls/{seeded.bench['slug']}/", ""),
        ("application's front page", front, lead),
        ("overview", f"{front}overview/", lead),
        ("money", f"{front}money/", lead),
        ("documents", f"{front}documents/", lead),
        ("page for submitting", f"{front}submit/", lead),
    ):
        plain = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        plain.request("GET", path, headers={"Cookie": cookie, "Accept": "text/html"})
        text = plain.getresponse().read().decode()
        line = Raw(port)
        status, size = line.get(path, cookie)
        total = size
        for asset in dict.fromkeys(_ASSET.findall(text)):
            found, size = line.get(urljoin(path, asset))
            if found != 200:
                wrong.append(f"{asset}: {found}")
            total += size
        if status != 200:
            wrong.append(f"{path}: {status}")
        told(f"first load of {name}, compressed, kB", total / 1000, 300, " kB", digits=0)
    return wrong


@contextmanager
def serving(folder: Path, workers: int, *, prepare: bool = False) -> Iterator[tuple[int, Stage]]:
    """`gongmo serve` on a free port, and what runs."""
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "gongmo.cli.main",
        "serve",
        "--port",
        str(port),
        "--workers",
        str(workers),
    ]
    command += [] if prepare else ["--no-prepare"]
    server = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env=os.environ | {"GONGMO_HOME": str(folder)},
    )
    try:
        until_open(port, 300)
        yield port, Stage("sqlite", folder, port, [], {"web processes": server.pid})
    finally:
        _end(server)
