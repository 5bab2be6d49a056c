"""`make bench`: what each page costs, as a ratio to a bare Django view with one query on the same server in the same run.

Plays the rehearsal into a folder of its own, starts one worker, and asks every page in turns over one kept connection.
Prints statements, median and 95th percentile in milliseconds, and the ratio of medians. Nothing here is a pass or a fail.
"""

import http.client
import os
import platform
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "120"))


@dataclass(frozen=True, slots=True)
class Page:
    name: str
    path: str
    email: str = ""


def main() -> int:
    """Run and print. Exit code 0; 1 when a page does not answer 200."""
    with tempfile.TemporaryDirectory(prefix="gongmo-bench-") as home:
        os.environ.update(GONGMO_HOME=home, DJANGO_SETTINGS_MODULE="gongmo.web.settings")
        gongmo = [sys.executable, "-m", "gongmo.cli.main"]
        subprocess.run([*gongmo, "manage", "prepare"], check=True, stdout=subprocess.DEVNULL)
        subprocess.run([*gongmo, "rehearse"], check=True, stdout=subprocess.DEVNULL)
        import django

        django.setup()
        with serving() as port:
            return measure(port, pages())


def pages() -> list[Page]:
    """The hot pages of the rehearsal, each with the e-mail address of someone who may see it."""
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
    return [
        Page("bare WSGI", "/__wsgi__"),
        Page("bare Django view, one query", "/__view__"),
        Page("start page", "/"),
        Page("calls", "/calls/"),
        Page("public call page", f"/calls/{call.slug}/"),
        Page("board (officer)", f"/board/{call.slug}/", officer),
        Page("application (officer)", f"/applications/{application.pk}/", officer),
        Page("ranking (officer)", f"/evaluation/{call.slug}/ranking/", officer),
        Page("agreement (officer)", f"/agreements/{agreement.pk}/", officer),
    ]


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
        deadline = time.monotonic() + 30
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
    """How many SQL statements the page sends, counted in this process."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    if page.path.startswith("/__"):
        return "–"
    client = Client(
        SERVER_NAME="127.0.0.1", headers={"cookie": session_cookie(page.email)} if page.email else None
    )
    client.get(page.path)
    with CaptureQueriesContext(connection) as captured:
        client.get(page.path)
    return str(sum(1 for query in captured if not query["sql"].startswith(("BEGIN", "COMMIT", "PRAGMA"))))


def measure(port: int, found: list[Page]) -> int:
    """Ask every page ROUNDS times in turns, then print the table."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {page.name: {"Cookie": session_cookie(page.email)} if page.email else {} for page in found}
    times: dict[str, list[float]] = {page.name: [] for page in found}
    sizes: dict[str, int] = {}
    failed = False
    for turn in range(ROUNDS + 10):
        for page in found:
            began = time.perf_counter()
            connection.request("GET", page.path, headers=headers[page.name])
            response = connection.getresponse()
            body = response.read()
            spent = (time.perf_counter() - began) * 1000
            if response.status != 200:
                print(f"{page.path}: {response.status}", file=sys.stderr)
                failed = True
            if turn >= 10:  # the first turns warm the caches
                times[page.name].append(spent)
            sizes[page.name] = len(body)
        if failed:
            return 1
    base = statistics.median(times["bare Django view, one query"])
    print(
        f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {time.strftime('%Y-%m-%d')}"
    )
    print(f"{'page':32} {'SQL':>4} {'kB':>6} {'median ms':>10} {'p95 ms':>8} {'ratio':>7}")
    for page in found:
        spent_all = sorted(times[page.name])
        median = statistics.median(spent_all)
        p95 = spent_all[int(len(spent_all) * 0.95)]
        print(
            f"{page.name:32} {statements(page):>4} {sizes[page.name] / 1000:6.1f} "
            f"{median:10.2f} {p95:8.2f} {median / base:6.1f}x"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
