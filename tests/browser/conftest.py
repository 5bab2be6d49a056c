"""A real browser on a real server: the site is prepared, rehearsed and served in a throw-away home, as `make run` does it.

With GONGMO_TEST_SITE=large (`make test-large`) each site runs on PostgreSQL and an S3-compatible storage, with three web and two task processes.
The task processes have a home folder of their own, as on another machine: secrets come from the environment, nothing else is shared.
"""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from gongmo.kernel.numbers import Kind, Numbers
from tests.chromium import ARGUMENTS, chromium

ROOT = Path(__file__).resolve().parents[2]
GONGMO = Path(sys.executable).with_name("gongmo")
WIDTHS = (1280, 390)
LARGE = os.environ.get("GONGMO_TEST_SITE") == "large"
PATIENCE = 60_000 if LARGE else 20_000
"""Milliseconds that an act in a browser may take. A large site's processes share one machine with the browser and the storage."""
expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker("browser")


@dataclass(frozen=True)
class Site:
    """The running site: its address and its home folder."""

    url: str
    home: Path

    def gongmo(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run the `gongmo` command on this site's data. Fails the test when the command fails."""
        return self._run(GONGMO, *arguments)

    def module(self, name: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run a Python module on this site's data, wherever they lie. Fails the test when it fails."""
        return self._run(sys.executable, "-m", name, *arguments)

    def row(self, number: int, kind: Kind) -> str:
        """What stands for a row's number in the addresses of this site."""
        given = _places.get(self.home, {}).get("GONGMO_SECRET_KEY")
        return Numbers(given or (self.home / "secret-key").read_text("ascii").strip()).token(number, kind)

    def _run(self, *command: str | Path) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            command,
            env=_environment(self.home),
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        )


_places: dict[Path, dict[str, str]] = {}
"""Where the data of a large site lie and the secrets that its machines share, by its home."""


def _large(home: Path) -> dict[str, str]:
    """A new database and bucket for a site, and its secrets."""
    import psycopg

    from gongmo.awards.sealing import make_seal
    from tests.files.bucket_server import new_bucket
    from tests.postgres import start

    global _postgres
    _postgres = _postgres or start()
    name = f"site{len(_places)}"
    with psycopg.connect(_postgres, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    seal = make_seal("Gongmo rehearsal")
    (home / "seal-key.pem").write_bytes(seal.key)
    (home / "seal-certificate.pem").write_bytes(seal.chain)
    return {
        "GONGMO_DATABASE_URL": _postgres.replace("/postgres?", f"/{name}?"),
        "GONGMO_DATABASE_POOL": "4",
        "GONGMO_FILES_URL": new_bucket("첨부"),
        "GONGMO_FILES_SIGNED": "60",
        "GONGMO_SIMILAR_INDEX": "table",
        "GONGMO_SECRET_KEY": secrets.token_urlsafe(50),
        "GONGMO_SIGNING_SEED": secrets.token_urlsafe(32),
        "GONGMO_FIELD_KEYS": f"k1={secrets.token_urlsafe(32)}",
        "GONGMO_SEAL_KEY": str(home / "seal-key.pem"),
        "GONGMO_SEAL_CERTIFICATE": str(home / "seal-certificate.pem"),
    }


_postgres = ""


def _environment(home: Path, machine: str = "") -> dict[str, str]:
    """What programs of the site are started with; another machine's programs have a folder of their own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GONGMO_", "DJANGO_"))}
    return kept | {"GONGMO_HOME": str(home / machine)} | _places.get(home, {})


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(*rehearsal: str) -> Iterator[Site]:
    """A site of its own with a rehearsal in it (arguments of `gongmo rehearse`), served meanwhile."""
    home = Path(tempfile.mkdtemp(prefix="gongmo-site-"))
    port = _free_port()
    made = Site(f"http://127.0.0.1:{port}", home)
    log = home / "server.txt"
    try:
        if LARGE:
            _places[home] = _large(home)
        made.gongmo("manage", "prepare")
        made.gongmo("rehearse", "--if-empty", *rehearsal)
        if LARGE:
            # A rehearsal on several machines is one on each of them: where it is not told, mails are emptied once they are sent.
            (home / "tasks").mkdir()
            shutil.copy(home / "rehearsal.json", home / "tasks")
        several = ["--workers", "3", "--no-tasks"] if LARGE else []
        commands = [("", ["serve", "--port", str(port), "--no-prepare", *several])]
        commands += [("tasks", ["work", "--workers", "2"])] if LARGE else []
        with log.open("wb") as output:
            running = [
                subprocess.Popen(
                    [GONGMO, *command],
                    env=_environment(home, machine),
                    cwd=ROOT,
                    stdout=output,
                    stderr=output,
                )
                for machine, command in commands
            ]
        server = running[0]
        try:
            _wait_until_ready(made.url, server, log)
            yield made
        finally:
            for each in running:
                each.terminate()
            for each in running:
                each.wait(timeout=PATIENCE / 500)
    except subprocess.CalledProcessError as failed:
        pytest.fail(f"{failed.cmd} failed:\n{failed.stdout}\n{failed.stderr}")
    finally:
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """The site with the rehearsal in it, served until the last browser test is done."""
    with served() as made:
        yield made


def _wait_until_ready(url: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + PATIENCE / 300
    while time.monotonic() < until and server.poll() is None:
        try:
            with urlopen(f"{url}/readyz", timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.2)
    pytest.fail(f"the server did not start:\n{log.read_text('utf-8', 'replace')}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture(params=WIDTHS, ids=lambda width: f"{width}px")
def context(request: pytest.FixtureRequest, browser: Browser) -> Iterator[BrowserContext]:
    """A fresh visitor at each width: a wide screen and a phone."""
    opened = browser.new_context(
        viewport={"width": request.param, "height": 900}, locale="ko-KR", timezone_id="Asia/Seoul"
    )
    opened.set_default_timeout(PATIENCE)
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page. The test fails when a script fails in it or the content security policy stops something."""
    opened = context.new_page()
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            complaints.append(message.text)

    opened.on("console", hear)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    assert complaints == []


GRAVE = """async () => {
  const slight = axe._audit.rules.filter(each => ["minor", "moderate"].includes(each.impact));
  const rules = Object.fromEntries(slight.map(each => [each.id, {enabled: false}]));
  const late = new Promise((_, refuse) => setTimeout(() => refuse("axe has not answered within a minute"), 60000));
  const found = await Promise.race([axe.run(document, {rules, resultTypes: ["violations"]}), late]);
  return found.violations;
}"""
"""axe gives what a rule finds that rule's impact: the rules that can only find what we do not ask for need not run."""


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], list[str]]:
    """Checks a page with axe-core; returns the serious and critical violations, each as one line."""
    script = (ROOT / ".assets" / "test" / "axe.min.js").read_text("utf-8")

    def check(page: Page) -> list[str]:
        if not page.evaluate("'axe' in window"):
            page.evaluate(script)
        violations: list[dict[str, Any]] = page.evaluate(GRAVE)
        return [
            f"{violation['id']} ({violation['impact']}): {node['target']} {node['html'][:200]}"
            for violation in violations
            if violation["impact"] in ("serious", "critical")
            for node in violation["nodes"]
        ]

    return check
