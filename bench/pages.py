"""`make bench`: what each page and each save costs, as a ratio to a bare Django view with one query on the same server in the same run.

Plays the rehearsal into a folder of its own, adds an open call (bench.data), starts one worker, and asks every page in turns over
one kept connection as a browser does, compressed; then every save. Prints statements, median and 95th percentile in milliseconds, and
the ratio of medians, the ratio of tenth percentiles (calm: on a busy machine the one to look at), and the processor time that the request took
in the server with its ratio. Nothing here is a pass or a fail.

    BENCH_ROUNDS=120 BENCH_ONLY=money BENCH_HOME=folder python -m bench.pages
"""

import gzip
import http.client
import json
import os
import platform
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from bench.addresses import row
from bench.deadline import BOUNDARY, TOKEN, _part
from gongmo.kernel.numbers import Kind

if TYPE_CHECKING:
    from bench.data import Draft, Seeded

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "120"))
ONLY = os.environ.get("BENCH_ONLY", "")
WARM = 5
BASE = "bare Django view, one query"
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: address, body and kind of body of a save, and what is done, untimed, before it."""

    path: str
    body: bytes = b""
    kind: str = ""
    before: "Asked | None" = None


@dataclass(slots=True)
class Page:
    """A line of the table. `make` gives the request of each turn; `good` the status that it must have."""

    name: str
    make: Callable[[int], Asked]
    email: str = ""
    good: int = 200
    # The next requests ask whether the first answer still stands.
    again: bool = False
    times: list[float] = field(default_factory=list)
    spent: list[float] = field(default_factory=list)
    size: int = 0
    headers: dict[str, str] = field(default_factory=dict)


def reading(name: str, path: str, email: str = "", *, again: bool = False) -> Page:
    return Page(name, lambda turn: Asked(path), email, again=again)


def main() -> int:
    """Run and print. Exit code 0; 1 when anything answers with another status than expected."""
    with home() as folder:
        os.environ.update(
            GONGMO_HOME=str(folder), DJANGO_SETTINGS_MODULE="gongmo.web.settings", GONGMO_LOG_LEVEL="ERROR"
        )
        if not (folder / "bench.json").exists():
            gongmo = [sys.executable, "-m", "gongmo.cli.main"]
            subprocess.run([*gongmo, "manage", "prepare"], check=True, stdout=subprocess.DEVNULL)
            subprocess.run([*gongmo, "rehearse"], check=True, stdout=subprocess.DEVNULL)
        import django

        django.setup()
        from bench.data import kept

        seeded = kept(folder / "bench.json")
        import bench.app  # noqa: F401 - its addresses, for counting statements in this process

        read, saved = pages(seeded), saves(seeded)
        print(
            f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, "
            f"Python {platform.python_version()}, {time.strftime('%Y-%m-%d')}, {ROUNDS} rounds"
        )
        with serving() as port:
            return measure(port, read) or measure(port, saved)


@contextmanager
def home() -> Iterator[Path]:
    """A folder of its own, thrown away afterwards; or the one named by BENCH_HOME, kept for the next run."""
    given = os.environ.get("BENCH_HOME", "")
    if given:
        Path(given).mkdir(parents=True, exist_ok=True)
        yield Path(given)
        return
    with tempfile.TemporaryDirectory(prefix="gongmo-bench-") as made:
        yield Path(made)


def bare(email: str) -> list[Page]:
    return [
        reading("bare WSGI", "/__wsgi__"),
        reading(BASE, "/__view__"),
        reading("  … behind our middleware", "/__signed__/", email),
    ]


def chosen(found: Sequence[Page]) -> list[Page]:
    return [page for page in found if any(part in page.name for part in ONLY.split(","))]


def pages(seeded: "Seeded") -> list[Page]:
    """The hot pages, each with the e-mail address of someone who may see it."""
    from gongmo.applications.models import Application
    from gongmo.awards.models import Agreement
    from gongmo.calls.models import Call
    from gongmo.kernel.actor import Role
    from gongmo.parties.models import Person

    officer = (
        Person.objects.filter(grants__role=Role.AGENCY).order_by("pk").values_list("email", flat=True)[0]
    )
    call = Call.objects.filter(parent_agreement__isnull=True).order_by("pk").first()
    application = Application.objects.filter(call=call).order_by("pk").first()
    agreement = Agreement.objects.order_by("pk").first()
    assert call is not None
    assert application is not None
    assert agreement is not None
    lead, small = seeded.small.email, f"/applications/{row(seeded.small.pk, Kind.APPLICATION)}"
    wide, large = seeded.large.email, f"/applications/{row(seeded.large.pk, Kind.APPLICATION)}"
    handed = f"/applications/{row(seeded.handed.pk, Kind.APPLICATION)}"
    return bare(lead) + chosen(
        [
            reading("start page", "/"),
            reading("calls", "/calls/"),
            reading("public call page", f"/calls/{call.slug}/"),
            reading("public call page, unchanged", f"/calls/{call.slug}/", again=True),
            reading("start page, signed in", "/", lead),
            reading("public call page, signed in", f"/calls/{call.slug}/", lead),
            reading("my applications", "/applications/", lead),
            reading("application's front page", f"{small}/", lead),
            reading("overview", f"{small}/overview/", lead),
            reading("consortium of 3", f"{small}/members/", lead),
            reading("consortium of 300", f"{large}/members/", wide),
            reading("money of 3", f"{small}/money/", lead),
            reading("money of 300", f"{large}/money/", wide),
            reading("statements", f"{small}/statements/", lead),
            reading("documents", f"{small}/documents/", lead),
            reading("check", f"{small}/submit/", lead),
            reading("check of 300", f"{large}/submit/", wide),
            reading("receipt", f"{handed}/receipt/", seeded.handed.email),
            reading("notices", "/notices/", lead),
            reading("board (officer)", f"/board/{call.slug}/", officer),
            reading(
                "application (officer)", f"/applications/{row(application.pk, Kind.APPLICATION)}/", officer
            ),
            reading("ranking (officer)", f"/evaluation/{call.slug}/ranking/", officer),
            reading("agreement (officer)", f"/agreements/{row(agreement.pk, Kind.AGREEMENT)}/", officer),
        ]
    )


def saves(seeded: "Seeded") -> list[Page]:
    """The saves of a working desk, and handing in (what was handed in is withdrawn before each turn, untimed)."""
    from gongmo.applications.models import Application, FieldChange
    from gongmo.calls.queries import definition_of

    small, handed = seeded.small, seeded.handed
    kinds = definition_of(Application.objects.get(pk=small.pk).call).documents
    document = next(kind.id for kind in kinds if kind.when.kind == "always" and kind.per == "application")

    def field_of(draft: "Draft", path: str, value: Callable[[int], object]) -> Callable[[int], Asked]:
        pk = draft.pk

        def make(turn: int) -> Asked:
            newest = FieldChange.objects.filter(application=pk, path=path).order_by("-revision").first()
            base = newest.revision if newest else 0
            body = json.dumps({"changes": [{"path": path, "value": value(turn), "base": base}]})
            return Asked(
                f"/applications/{row(pk, Kind.APPLICATION)}/save/", body.encode(), "application/json"
            )

        return make

    def cell(draft: "Draft") -> str:
        return f"cell:{draft.lead}:2030:solution:staff:private:cash:0"

    def attach(turn: int) -> Asked:
        parts = [_part("csrfmiddlewaretoken", TOKEN.encode()), _part("kind", document.encode())]
        parts.append(
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="plan.pdf"\r\n'
            "Content-Type: application/pdf\r\n\r\n".encode()
            + large_pdf(turn)
            + b"\r\n"
        )
        body = b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()
        address = f"/applications/{row(small.pk, Kind.APPLICATION)}/documents/attach/"
        return Asked(address, body, f"multipart/form-data; boundary={BOUNDARY}")

    def hand_in(turn: int) -> Asked:
        at = f"/applications/{row(handed.pk, Kind.APPLICATION)}"
        token = {"csrfmiddlewaretoken": TOKEN}
        back = urlencode(token | {"reason": "고쳐서 다시 냅니다."}).encode()
        return Asked(
            f"{at}/submit/",
            urlencode(token | {"confirm": "submit"}).encode(),
            FORM,
            Asked(f"{at}/withdraw/", back, FORM),
        )

    return bare(small.email) + chosen(
        [
            Page("save one text", field_of(small, "summary", lambda turn: f"개요 {turn}"), small.email),
            Page("save one cell", field_of(small, cell(small), lambda turn: 50_000_000 + turn), small.email),
            Page(
                "save one cell of 300",
                field_of(seeded.large, cell(seeded.large), lambda turn: 50_000_000 + turn),
                seeded.large.email,
            ),
            Page("attach a PDF of 100 kB", attach, small.email, good=302),
            Page("submit", hand_in, handed.email, good=302),
        ]
    )


def large_pdf(turn: int) -> bytes:
    """A PDF of 100 kB that no turn has had before."""
    from tests.builders import pdf

    head, rest = pdf(f"turn {turn}").getvalue().split(b"startxref", 1)
    # A stretch of comment between the table of objects and its address: readers pass over it.
    noise = random.Random(turn).randbytes(49_500).hex().encode()
    return head + b"%" + noise + b"\nstartxref" + rest


@contextmanager
def serving() -> Iterator[int]:
    """One granian worker on a free port of this machine."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", "1", "--blocking-threads", "2", "--no-access-log", "bench.app:application",
    ]  # fmt: skip
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                with socket.create_connection(("127.0.0.1", port), timeout=1):
                    break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=10)


def session_cookie(email: str) -> str:
    """A session of that person, as the Cookie header."""
    from django.conf import settings
    from django.test import Client

    from gongmo.parties.models import Person

    client = Client()
    client.force_login(Person.objects.get(email=email), backend=settings.AUTHENTICATION_BACKENDS[0])
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def statements(page: Page) -> str:
    """How many SQL statements it sends, counted in this process (the second time, when all that is kept is there)."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    if page.make(0).path in ("/__wsgi__", "/__view__"):
        return "–"
    client = Client(SERVER_NAME="127.0.0.1", headers={"cookie": page.headers.get("Cookie", "")})

    def ask(asked: Asked) -> None:
        if asked.body:
            client.post(asked.path, asked.body, asked.kind, headers={"X-CSRFToken": TOKEN})
        else:
            client.get(asked.path)

    for turn in (ROUNDS + WARM + 1, ROUNDS + WARM + 2):
        asked = page.make(turn)
        if asked.before:
            ask(asked.before)
        with CaptureQueriesContext(connection) as captured:
            ask(asked)
    passed_over = ("BEGIN", "COMMIT", "PRAGMA", "SAVEPOINT", "RELEASE")
    return str(sum(1 for query in captured if not query["sql"].startswith(passed_over)))


def calm(times: list[float]) -> float:
    """The tenth percentile: what a request takes when nothing else on the machine gets in its way."""
    return sorted(times)[len(times) // 10]


def measure(port: int, found: list[Page]) -> int:
    """Ask everything ROUNDS times in turns, then print the table."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for page in found:
        page.headers = {"Accept-Encoding": "gzip, deflate, br"}
        if page.email:
            page.headers["Cookie"] = f"{session_cookie(page.email)}; gongmo_csrf={TOKEN}"

    def ask(page: Page, asked: Asked) -> tuple[float, http.client.HTTPResponse, bytes]:
        more = {"Content-Type": asked.kind, "X-CSRFToken": TOKEN} if asked.body else {}
        began = time.perf_counter()
        connection.request(
            "POST" if asked.body else "GET", asked.path, body=asked.body or None, headers=page.headers | more
        )
        response = connection.getresponse()
        content = response.read()
        return (time.perf_counter() - began) * 1000, response, content

    for turn in range(ROUNDS + WARM):
        for page in found:
            asked = page.make(turn)
            if asked.before is not None:
                ask(page, asked.before)
            spent, response, content = ask(page, asked)
            good = 304 if "If-None-Match" in page.headers else page.good
            read = gzip.decompress(content) if response.getheader("Content-Encoding") == "gzip" else content
            if response.status != good or (page.name.startswith("save") and b'"saved"' not in read):
                print(f"{page.name}: {asked.path}: {response.status} {read[:300]!r}", file=sys.stderr)
                return 1
            if page.again and turn == 0:
                page.headers["If-None-Match"] = response.getheader("ETag", "")
            if turn >= WARM:  # the first turns warm what is kept
                page.times.append(spent)
                page.spent.append(float(response.getheader("X-Bench-Processor", "0")))
            page.size = len(content)
    bare_view = next(page for page in found if page.name == BASE)
    base, calm_base, spent_base = (
        statistics.median(bare_view.times), calm(bare_view.times), statistics.median(bare_view.spent)
    )  # fmt: skip
    print(
        f"\n{'':34} {'SQL':>4} {'kB':>6} {'median ms':>10} {'p95 ms':>8} {'ratio':>7} {'calm':>7} {'cpu ms':>7} {'ratio':>7}"
    )
    for page in found:
        spent_all = sorted(page.times)
        median, p95 = statistics.median(spent_all), spent_all[int(len(spent_all) * 0.95)]
        spent = statistics.median(page.spent)
        print(
            f"{page.name:34} {statements(page):>4} {page.size / 1000:6.1f} {median:10.2f} {p95:8.2f} {median / base:6.1f}x "
            f"{calm(page.times) / calm_base:6.1f}x {spent:7.2f} {spent / spent_base:6.1f}x",
            flush=True,
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
