"""The people of `make surge`, in processes of their own: those who write and submit, and those who reload the public page.

python -m bench.surge_clients work PLAN    saves, reading, uploads, submissions; writes what each was told
python -m bench.surge_clients storm PLAN   the public page again and again until the file PLAN.stop is there
"""

import http.client
import json
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench.addresses import row
from gongmo.kernel.numbers import Kind

BOUNDARY = "gongmo-surge-boundary"
TOKEN = "d" * 32
FORM = "application/x-www-form-urlencoded"
PAGE = "text/html,application/xhtml+xml"


@dataclass(slots=True)
class Told:
    """What one applicant's client was told."""

    application: int
    summary: str = ""
    saves: int = 0
    file: bool = False
    accepted: bool = False
    receipt_number: str = ""
    received_at: str = ""
    receipt: dict[str, Any] = field(default_factory=dict)
    refused: str = ""
    retries: int = 0


@dataclass(slots=True)
class Seen:
    """Milliseconds and statuses by kind of request, safe to add to from many threads (appending is)."""

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    answers: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    sizes: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, kind: str, spent: float, status: str, size: int) -> None:
        with self.lock:
            self.answers[kind][status] += 1
            self.sizes[kind] += size
            if status != "waiting page":
                self.times[kind].append(round(spent * 1000, 2))

    def told(self) -> dict[str, Any]:
        return {
            "times": self.times,
            "answers": {kind: dict(found) for kind, found in self.answers.items()},
            "sizes": dict(self.sizes),
        }


class Line:
    """One kept connection. Asks again where it broke or where the server was away; a waiting page is an answer."""

    def __init__(self, port: int, seen: Seen) -> None:
        self.port, self.seen = port, seen
        self.connection: http.client.HTTPConnection | None = None

    def ask(
        self,
        kind: str,
        method: str,
        path: str,
        cookie: str = "",
        body: bytes = b"",
        content_type: str = "",
        headers: dict[str, str] | None = None,
    ) -> tuple[int, http.client.HTTPResponse, bytes, int]:
        """Status, answer, content, and how often it had to be asked again."""
        sent = {"Accept": PAGE, "Accept-Encoding": "gzip"} | (headers or {})
        if cookie:
            sent["Cookie"] = f"{cookie}; gongmo_csrf={TOKEN}"
        if content_type:
            sent["Content-Type"] = content_type
        for again in range(200):
            began = time.perf_counter()
            try:
                if self.connection is None:
                    self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
                self.connection.request(method, path, body=body or None, headers=sent)
                answer = self.connection.getresponse()
                content = answer.read()
            except (OSError, http.client.HTTPException) as error:
                self.seen.add(kind, time.perf_counter() - began, f"broken line ({type(error).__name__})", 0)
                if self.connection is not None:
                    self.connection.close()
                self.connection = None
                time.sleep(min(0.05 * (again + 1), 1.0))
                continue
            waiting = answer.status == 503 and bool(answer.getheader("Retry-After"))
            shown = "waiting page" if waiting else str(answer.status)
            self.seen.add(kind, time.perf_counter() - began, shown, len(content))
            if answer.status in (502, 503, 504) and method != "GET":
                time.sleep(0.2)
                continue
            return answer.status, answer, content, again
        raise SystemExit(f"{path}: the server did not come back")


class Desk:
    """An applicant at work."""

    def __init__(self, line: Line, application: int, cookie: str) -> None:
        self.line, self.cookie = line, cookie
        self.told = Told(application)
        self.base = 1
        self.at = f"/applications/{row(application, Kind.APPLICATION)}"

    def save(self, text: str) -> bool:
        """Save the summary as the page does while one writes. False where it was not taken."""
        changes = [{"path": "summary", "value": text, "base": self.base}]
        status, _, content, again = self.line.ask(
            "save",
            "POST",
            f"{self.at}/save/",
            self.cookie,
            json.dumps({"changes": changes}).encode(),
            "application/json",
            {"X-CSRFToken": TOKEN, "Accept": "application/json", "Accept-Encoding": "identity"},
        )
        self.told.retries += again
        result = json.loads(content)["results"][0] if status == 200 else {}
        if result.get("state") != "saved":
            raise Failed(f"save: {status} {content[:300]!r}")
        self.base = result["revision"]
        self.told.summary = text
        self.told.saves += 1
        return True

    def read(self, page: str, kind: str = "read") -> None:
        """Open a page of the desk; a waiting page counts and is left, as the reader goes on writing."""
        status, _, content, _ = self.line.ask(kind, "GET", f"{self.at}/{page}", self.cookie)
        if status not in (200, 503):
            raise Failed(f"{page}: {status} {content[:300]!r}")

    def attach(self, kind: str, content: bytes) -> None:
        parts = (
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{TOKEN}\r\n'
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="kind"\r\n\r\n{kind}\r\n'
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="plan.pdf"\r\n'
            "Content-Type: application/pdf\r\n\r\n"
        ).encode()
        body = parts + content + f"\r\n--{BOUNDARY}--\r\n".encode()
        status, _, answer, again = self.line.ask(
            "attach a document",
            "POST",
            f"{self.at}/documents/attach/",
            self.cookie,
            body,
            f"multipart/form-data; boundary={BOUNDARY}",
        )
        self.told.retries += again
        if status != 302:
            raise Failed(f"attach: {status} {answer[:300]!r}")
        self.told.file = True

    def submit(self) -> None:
        body = urlencode({"csrfmiddlewaretoken": TOKEN, "confirm": "submit"}).encode()
        status, _, answer, again = self.line.ask(
            "submit",
            "POST",
            f"{self.at}/submit/",
            self.cookie,
            body,
            FORM,
            headers={"Accept-Encoding": "identity"},
        )
        self.told.retries += again
        if status != 302:
            text = answer.decode("utf-8", "replace")
            self.told.refused = "after_deadline" if "접수가" in text else f"other: {status} {text[-2000:]}"
            return
        self.told.accepted = True
        status, _, answer, _ = self.line.ask(
            "receipt", "GET", f"{self.at}/receipt.json", self.cookie, headers={"Accept-Encoding": "identity"}
        )
        if status != 200:
            raise Failed(f"receipt: {status}")
        self.told.receipt = json.loads(answer)
        manifest = json.loads(self.told.receipt["manifest"])
        self.told.receipt_number, self.told.received_at = manifest["receipt_number"], manifest["received_at"]


class Failed(Exception):
    """A client was given an answer that it must not be given."""


class Work:
    """Those who write, and those who hand in."""

    def __init__(self, plan: dict[str, Any], where: Path) -> None:
        self.plan, self.where = plan, where
        self.seen = Seen()
        self.told: list[Told] = []
        self.failures: list[str] = []
        self.lock = threading.Lock()
        self.handing_in = iter(plan["handing_in"])
        self.writing = iter(plan["writing"])
        self.document = Path(plan["pdf"]).read_bytes()
        self.submitted = 0
        self.left = plan["submitters"]

    def run(self) -> None:
        runs = [self._submits] * self.plan["submitters"] + [self._writes] * self.plan["editors"]
        threads = [threading.Thread(target=self._safely, args=(run,)) for run in runs]
        began = time.time()
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            time.sleep(0.1)
            self.where.with_suffix(".progress").write_text(f"{self.submitted} {len(self.told)}", "ascii")
        told = self.seen.told() | {
            "began": began,
            "ended": time.time(),
            "told": [asdict(each) for each in self.told],
            "failures": self.failures,
        }
        self.where.with_suffix(".work").write_text(json.dumps(told, ensure_ascii=False), "utf-8")

    def _safely(self, run: Callable[[Line], None]) -> None:
        try:
            run(Line(self.plan["port"], self.seen))
        except (Exception, SystemExit) as error:
            self.failures.append(repr(error))
        finally:
            if run == self._submits:
                self.left -= 1

    def _next(self, source: Any) -> Any:
        with self.lock:
            return next(source, None)

    def _submits(self, line: Line) -> None:
        while (seat := self._next(self.handing_in)) is not None and len(self.failures) <= 50:
            desk = Desk(line, *seat)
            try:
                desk.save(f"마감 직전에 고친 개요입니다. {seat[0]}")
                desk.attach(self.plan["document"], self.document.replace(b"0" * 9, b"%09d" % seat[0]))
                desk.read("submit/", "page for submitting")
                desk.submit()
            except Failed as error:
                self.failures.append(f"{seat[0]}: {error}")
            with self.lock:
                self.told.append(desk.told)
                self.submitted += 1

    def _writes(self, line: Line) -> None:
        """Through all other drafts once; then, while others still hand in, write on in the last one."""
        desk: Desk | None = None
        turn = 0
        while True:
            seat = self._next(self.writing)
            if len(self.failures) > 50 or (seat is None and (self.left <= 0 or desk is None)):
                return
            if seat is not None:
                desk = Desk(line, *seat)
                with self.lock:
                    self.told.append(desk.told)
            assert desk is not None
            turn += 1
            try:
                if turn % 3 == 0:
                    desk.read(("overview/", "money/", "documents/")[turn // 3 % 3])
                desk.save(f"고쳐 쓴 개요입니다. {turn}")
            except Failed as error:
                self.failures.append(f"{desk.told.application}: {error}")


def storm(plan: dict[str, Any], where: Path) -> None:
    """Reload the call's page as fast as it comes; after a waiting page after half a second, sooner than it asks for."""
    seen = Seen()
    stop = where.with_suffix(".stop")

    def reload() -> None:
        line = Line(plan["port"], seen)
        tag = ""
        turn = 0
        while not stop.exists():
            turn += 1
            # Every second one asks whether the page is still the same, as a browser does.
            known = {"If-None-Match": tag} if tag and turn % 2 else {}
            status, answer, _, _ = line.ask("public page", "GET", plan["page"], headers=known)
            tag = answer.getheader("ETag", "") or tag
            if status == 503:
                time.sleep(0.5)

    began = time.time()
    threads = [threading.Thread(target=reload, daemon=True) for _ in range(plan["storm"])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told = seen.told() | {"began": began, "ended": time.time()}
    where.with_suffix(".storm").write_text(json.dumps(told), "utf-8")


if __name__ == "__main__":
    part, name = sys.argv[1:]
    told = json.loads(Path(name).read_text("utf-8"))
    storm(told, Path(name)) if part == "storm" else Work(told, Path(name)).run()
