"""The gate: when a request counts as received, what it takes in, and what readers are shown while everything is taken."""

import io
import json
import re
import socket
import sys
import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from typing import Any

import pytest
from django.http import HttpResponse, StreamingHttpResponse

from gongmo.kernel import clock
from gongmo.web import shedding, taking_in, waiting
from gongmo.web.middleware import RequestInstant
from gongmo.web.places import CHECKS, Kind
from gongmo.web.shedding import BUSY, RECEIVED, Gate, kind_of
from gongmo.web.taking_in import LARGEST, LONG_ONES, MOST, PART, SLOW, SMALL

Asked = dict[str, Any]
SIGNED_IN = "gongmo_session=abc"


def asked(method: str = "GET", path: str = "/applications/7/", body: bytes = b"", **more: str) -> Asked:
    found: Asked = {"REQUEST_METHOD": method, "PATH_INFO": path, "wsgi.input": io.BytesIO(body)}
    found |= {"HTTP_ACCEPT": "text/html", "HTTP_COOKIE": SIGNED_IN, "SERVER_NAME": "testserver"}
    if body:
        found["CONTENT_LENGTH"] = str(len(body))
    return found | more


class Site:
    """Stands for the site: keeps what it was asked, and answers when it may."""

    def __init__(self) -> None:
        self.seen: list[Asked] = []
        self.bodies: list[bytes] = []
        self.go = Event()
        self.go.set()

    def __call__(self, environ: Asked, start: Any) -> HttpResponse:
        self.seen.append(environ)
        self.go.wait(10)
        self.bodies.append(environ["wsgi.input"].read())
        start("200 OK", [("Content-Type", "text/plain")])
        return HttpResponse(b"page")


class Answer:
    """The answer to a request that is made in a thread of its own, as the server's are."""

    def __init__(self, gate: Gate, environ: Asked, *, kept: bool = False) -> None:
        self.status, self.body, self.kept = "", b"", kept
        self.headers: list[tuple[str, str]] = []
        self.thread = Thread(target=self._ask, args=(gate, environ), daemon=True)
        self.thread.start()

    def _ask(self, gate: Gate, environ: Asked) -> None:
        def start(status: str, headers: list[tuple[str, str]], *_: Any) -> None:
            self.status, self.headers = status, headers

        try:
            self.pieces: Any = gate(environ, start)
            self.body = b"" if self.kept else b"".join(self.pieces)
        except RuntimeError as error:
            self.status = str(error)
        self.load = gate.load, gate.sending.total()
        if self.kept:
            self.body = b"".join(self.pieces)
            self.pieces.close()

    def done(self) -> "Answer":
        self.thread.join(10)
        assert self.status
        return self

    def header(self, name: str) -> str:
        return "; ".join(value for found, value in self.headers if found == name)


@pytest.fixture
def site() -> Site:
    return Site()


def crowded(site: Site, monkeypatch: pytest.MonkeyPatch) -> Gate:
    """A gate with one place, taken, where readers have next to no patience."""
    monkeypatch.setattr(shedding, "PATIENCE", dict.fromkeys(shedding.PATIENCE, 0.005))
    gate = Gate(site, 1)
    assert gate.places.enter(Kind.SAVE)
    assert gate.places.enter(Kind.PUBLIC)
    return gate


@pytest.mark.parametrize(
    ("environ", "kind"),
    [
        (asked("POST", "/applications/7/submit/"), Kind.SUBMIT),
        (asked("POST", "/applications/kv8hfeeczxv5v/submit/"), Kind.SUBMIT),
        (asked("POST", "/applications/7/save/"), Kind.SAVE),
        (asked("PATCH", "/uploads/x/"), Kind.SAVE),
        (asked("GET", "/applications/7/receipt/"), Kind.SAVE),
        (asked("GET", "/applications/kv8hfeeczxv5v/receipt/"), Kind.SAVE),
        (asked("POST", "/accounts/login/"), Kind.SIGN_IN),
        (asked("GET", "/accounts/login/"), Kind.SIGN_IN),
        (asked("GET", "/applications/7/money/"), Kind.READ),
        (asked("GET", "/calls/x/", HTTP_COOKIE=""), Kind.PUBLIC),
        (asked("GET", "/clock/"), Kind.PUBLIC),
        (asked("POST", "/record/verify/"), Kind.CHECK),
        (asked("GET", "/record/verify/"), Kind.READ),
        (asked("GET", "/static/x.css"), None),
        (asked("GET", "/healthz"), None),
        (asked("POST", "/static/x.css"), Kind.SAVE),
    ],
)
def test_what_a_request_is_for(environ: Asked, kind: Kind | None) -> None:
    assert kind_of(environ) is kind


def test_a_request_counts_from_before_it_waited(site: Site) -> None:
    gate = Gate(site, 1)
    assert gate.places.enter(Kind.SAVE)
    before = datetime.now(UTC)
    answer = Answer(gate, asked("POST", "/applications/7/submit/", b"confirm=submit"))
    until = time.monotonic() + 5
    while not gate.load.waiting[Kind.SUBMIT] and time.monotonic() < until:
        time.sleep(0.001)
    asked_by = datetime.now(UTC)
    gate.places.leave(Kind.SAVE)

    assert answer.done().status == "200 OK"
    assert before <= site.seen[0][RECEIVED] <= asked_by


def test_the_instant_of_the_gate_is_the_request_s() -> None:
    told = datetime(2030, 3, 15, 7, 59, 59, 999_999, tzinfo=UTC)
    request = type("Request", (), {"META": {RECEIVED: told}})()
    seen = []

    def view(_: Any) -> HttpResponse:
        seen.append(clock.now())
        return HttpResponse()

    with clock.at(told + timedelta(seconds=4)):
        RequestInstant(view)(request)

    assert seen == [told]
    assert request.received_at == told


class Late:
    """A sender who keeps the body back for a while."""

    def __init__(self, body: bytes, seconds: float) -> None:
        self.body, self.seconds, self.sent = io.BytesIO(body), seconds, datetime.max.replace(tzinfo=UTC)

    def read(self, size: int = -1) -> bytes:
        time.sleep(self.seconds)
        self.sent = datetime.now(UTC)
        return self.body.read(size)


def test_a_body_kept_back_is_received_when_it_has_come(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taking_in, "LATE", 0.02)
    late = Late(b"confirm=submit", 0.03)
    environ = asked("POST", "/applications/7/submit/", b"confirm=submit") | {"wsgi.input": late}

    Answer(Gate(site, 1), environ).done()

    assert environ[RECEIVED] >= late.sent
    assert environ[SLOW]
    assert site.bodies == [b"confirm=submit"]


def test_a_proxy_s_instant_does_not_count_for_a_body_kept_back(settings: Any) -> None:
    settings.GONGMO_REQUEST_START_HEADER = "X-Request-Start"
    came = datetime(2030, 3, 15, 8, 0, 2, tzinfo=UTC)
    meta = {RECEIVED: came, SLOW: True, "HTTP_X_REQUEST_START": f"t={came.timestamp() - 3}"}
    request = type("Request", (), {"META": meta})()

    with clock.at(came):
        RequestInstant(lambda _: HttpResponse())(request)

    assert request.received_at == came


def test_a_slow_sender_holds_no_place(site: Site) -> None:
    gate = Gate(site, 1)
    late = Late(b"x" * 10, 0.2)
    slow = Answer(gate, asked("POST", "/applications/7/save/", b"x" * 10) | {"wsgi.input": late})

    assert Answer(gate, asked("POST", "/applications/8/save/", b"quick")).done().status == "200 OK"
    assert slow.done().status == "200 OK"
    assert site.bodies == [b"quick", b"x" * 10]


@pytest.mark.parametrize("size", [1, SMALL, SMALL + 1, 3 * SMALL])
def test_a_body_arrives_whole(site: Site, size: int) -> None:
    body = bytes(index % 251 for index in range(size))

    Answer(Gate(site, 1), asked("POST", "/applications/7/documents/attach/", body)).done()

    assert site.bodies == [body]


def test_a_body_cut_short_is_refused(site: Site) -> None:
    environ = asked("POST", "/applications/7/save/", b"half") | {"CONTENT_LENGTH": "8"}

    assert Answer(Gate(site, 1), environ).done().status.startswith("400")
    assert site.seen == []


def test_a_submission_longer_than_any_form_is_refused_unread(site: Site) -> None:
    environ = asked("POST", "/applications/7/submit/") | {"CONTENT_LENGTH": str(SMALL + 1)}

    assert Answer(Gate(site, 1), environ).done().status.startswith("413")
    assert site.seen == []


def test_a_very_long_piece_of_an_upload_is_left_to_its_view(site: Site) -> None:
    source = io.BytesIO(b"piece")
    environ = asked("PATCH", "/uploads/x/") | {
        "CONTENT_LENGTH": str(LARGEST + 1),
        "wsgi.input": source,
    }

    Answer(Gate(site, 1), environ).done()

    assert site.seen[0]["wsgi.input"] is source


class Endless:
    """A sender who never comes to an end, until it is let go."""

    def __init__(self) -> None:
        self.begun, self.go = Event(), Event()

    def read(self, size: int = -1) -> bytes:
        self.begun.set()
        self.go.wait(20)
        return b""


ATTACH = "/applications/8/documents/attach/"


def everybody_is_known(_: Asked) -> bool:
    return True


def held_back(gate: Gate, address: str, count: int, length: int = 500) -> list[tuple[Endless, Answer]]:
    """So many requests of an address whose bodies are being waited for."""
    found = []
    for _ in range(count):
        source = Endless()
        environ = asked("POST", ATTACH) | {"CONTENT_LENGTH": str(length), "wsgi.input": source}
        found.append((source, Answer(gate, environ | {"REMOTE_ADDR": address})))
        assert source.begun.wait(10)
    return found


def let_go(held: list[tuple[Endless, Answer]]) -> None:
    for source, answer in held:
        source.go.set()
        assert answer.done().status.startswith("400")


def test_a_long_body_is_taken_in_before_it_has_a_place(site: Site) -> None:
    gate = Gate(site, 1, everybody_is_known)
    (held,) = held_back(gate, "192.0.2.1", 1, LARGEST + 1)

    answer = Answer(gate, asked("POST", "/applications/8/save/", b"quick")).done()

    assert answer.status == "200 OK"
    let_go([held])


def test_those_who_keep_their_bodies_back_hold_up_nobody_of_another_address(site: Site) -> None:
    gate = Gate(site, 4)
    held = held_back(gate, "192.0.2.1", MOST // PART)

    beyond = Answer(gate, asked("POST", body=b"x") | {"REMOTE_ADDR": "192.0.2.1"}).done()
    other = Answer(gate, asked("POST", body=b"x") | {"REMOTE_ADDR": "192.0.2.2"}).done()

    assert beyond.status.startswith("503")
    assert dict(beyond.headers)["Retry-After"] == "5"
    assert "다시 보내 주세요" in beyond.body.decode()
    assert other.status == "200 OK"
    let_go(held)
    again = Answer(gate, asked("POST", body=b"x") | {"REMOTE_ADDR": "192.0.2.1"}).done()
    assert again.status == "200 OK"


def test_a_few_addresses_never_hold_everything_and_each_other_one_gets_in() -> None:
    intake = taking_in.Intake()
    with ExitStack() as silent:
        held: list[int] = []
        while sum(held) < MOST:
            address, count = f"192.0.2.{len(held)}", 0
            while silent.enter_context(intake._counted(address, long=False)):
                count += 1
            held.append(count)

        assert held == sorted(held, reverse=True)
        assert held[0] == MOST // PART
        assert min(held) == 1
        assert len(held) >= 12
    with intake._counted("192.0.2.99", long=False) as room:
        assert room


@pytest.mark.skipif(
    sys.platform != "linux", reason="connections take it from the listening socket on Linux only"
)
def test_who_vanishes_in_the_middle_of_a_body_does_not_hold_its_thread_for_ever(site: Site) -> None:
    """Of one that was accepted before the first body came, and of one after it."""
    with ExitStack() as ends:
        listening = ends.enter_context(socket.create_server(("127.0.0.1", 0)))
        sides = []
        for number in range(2):
            ends.enter_context(socket.create_connection(listening.getsockname()))
            sides.append(ends.enter_context(listening.accept()[0]))
            if number == 0:
                Answer(Gate(site, 1), asked("POST", body=b"x")).done()

        assert [each.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) for each in sides] == [1, 1]
        assert [each.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) for each in sides] == [30, 30]


def test_all_bodies_together_leave_threads_for_readers(site: Site) -> None:
    gate = Gate(site, 4)
    held = [each for number in range(MOST) for each in held_back(gate, f"192.0.2.{number}", 1)]

    assert Answer(gate, asked("POST", body=b"x")).done().status.startswith("503")
    assert Answer(gate, asked("GET")).done().status == "200 OK"
    let_go(held)


def test_long_bodies_are_few_at_a_time_and_one_of_an_address(site: Site) -> None:
    gate = Gate(site, 4, everybody_is_known)
    held = held_back(gate, "192.0.2.1", 1, LARGEST + 1)

    long = asked("POST", ATTACH) | {"CONTENT_LENGTH": str(LARGEST + 1)}
    second = Answer(gate, long | {"REMOTE_ADDR": "192.0.2.1"}).done()
    held += [
        each
        for number in range(2, LONG_ONES + 1)
        for each in held_back(gate, f"192.0.2.{number}", 1, LARGEST + 1)
    ]
    beyond = Answer(gate, long | {"REMOTE_ADDR": "192.0.2.99"}).done()
    short = Answer(gate, asked("POST", body=b"x") | {"REMOTE_ADDR": "192.0.2.1"}).done()

    assert [second.status[:3], beyond.status[:3], short.status[:3]] == ["503", "503", "200"]
    let_go(held)


def test_a_body_that_comes_too_slowly_is_given_up(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taking_in, "GRACE", 0.01)
    monkeypatch.setattr(taking_in, "PACE", 10**9)
    late = Late(b"x" * (SMALL + 10), 0.02)
    environ = asked("POST", "/applications/7/save/") | {
        "CONTENT_LENGTH": str(SMALL + 10),
        "wsgi.input": late,
    }

    answer = Answer(Gate(site, 1), environ).done()

    assert answer.status.startswith("408")
    assert "너무 느리게" in answer.body.decode()
    assert site.seen == []


def test_readers_are_shown_a_page_that_opens_itself_again(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = Answer(crowded(site, monkeypatch), asked(path="/applications/kv8hfeeczxv5v/money/")).done()
    page = answer.body.decode()

    assert answer.status.startswith("503")
    again = int(answer.header("Retry-After"))
    assert f'<meta http-equiv="refresh" content="{again}">' in page
    assert "차례를 기다리고 있습니다" in page
    assert "서버 시각" in page
    assert 'href="/applications/kv8hfeeczxv5v/money/"' in page
    assert 'href="/applications/kv8hfeeczxv5v/submit/"' in page
    assert answer.header("Cache-Control") == "no-store"
    assert "script-src 'self'" in answer.header("Content-Security-Policy")
    assert not any(mark in page for mark in (*waiting._MARKS, waiting._ONLY))
    assert site.seen == []


def test_the_page_speaks_the_reader_s_language(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    environ = asked(HTTP_COOKIE=f"{SIGNED_IN}; gongmo_language=en")

    page = Answer(crowded(site, monkeypatch), environ).done().body.decode()

    assert "your place in the queue is kept" in page
    assert '<html lang="en"' in page


def test_an_address_is_text_on_the_page(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    page = Answer(crowded(site, monkeypatch), asked(path='/"><script>alert(1)</script>')).done().body

    assert b"<script>alert" not in page
    assert b"/submit/" not in page


def test_programs_are_answered_with_a_sentence(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = crowded(site, monkeypatch)
    for more in (
        {"HTTP_ACCEPT": "application/json"},
        {"HTTP_HX_REQUEST": "true"},
        {"HTTP_SEC_FETCH_DEST": "empty"},
    ):
        answer = Answer(gate, asked() | more).done()
        assert json.loads(answer.body)["code"] == "busy"
        assert answer.header("Retry-After")


@pytest.mark.parametrize("path", ["/applications/7/submit/", "/applications/7/save/", "/accounts/login/"])
def test_nothing_that_was_sent_is_turned_away(site: Site, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    gate = crowded(site, monkeypatch)
    answer = Answer(gate, asked("POST", path, b"a=1"))
    time.sleep(0.03)
    assert answer.status == ""

    gate.places.leave(Kind.SAVE)

    assert answer.done().status == "200 OK"


def test_a_check_of_a_receipt_waits_for_nothing_and_holds_up_nobody(site: Site) -> None:
    gate = Gate(site, 1)
    site.go.clear()
    checks = [Answer(gate, asked("POST", "/record/verify/", b"x", HTTP_COOKIE="")) for _ in range(CHECKS)]
    until = time.monotonic() + 5
    while gate.load.running[Kind.CHECK] < CHECKS and time.monotonic() < until:
        time.sleep(0.001)

    beyond = Answer(gate, asked("POST", "/record/verify/", b"x", HTTP_COOKIE="")).done()
    saved = Answer(gate, asked("POST", "/applications/8/save/", b"a=1"))
    site.go.set()

    assert beyond.status.startswith("503")
    assert beyond.header("Retry-After")
    assert "다시 올려 주세요" in beyond.body.decode()
    assert saved.done().status == "200 OK"
    assert [each.done().status for each in checks] == ["200 OK"] * CHECKS


def test_what_is_sent_to_be_checked_is_no_longer_than_the_page_takes(site: Site) -> None:
    environ = asked("POST", "/record/verify/") | {"CONTENT_LENGTH": str(107 * 1024**2)}

    assert Answer(Gate(site, 1), environ).done().status.startswith("413")


def ticket(answer: Answer) -> str:
    found = re.match(rf"({waiting.COOKIE}=[^;]+);", answer.header("Set-Cookie"))
    assert found
    return found[1]


def test_whoever_comes_back_has_waited_since_the_first_time(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = crowded(site, monkeypatch)
    first = ticket(Answer(gate, asked()).done())

    again = Answer(gate, asked(HTTP_COOKIE=f"{SIGNED_IN}; {first}")).done()

    assert ticket(again) == first


def test_the_ticket_is_taken_back_from_whoever_is_let_in(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = crowded(site, monkeypatch)
    held = ticket(Answer(gate, asked()).done())
    gate.places.leave(Kind.SAVE)

    answer = Answer(gate, asked(HTTP_COOKIE=f"{SIGNED_IN}; {held}")).done()

    assert answer.status == "200 OK"
    assert f"{waiting.COOKIE}=; Max-Age=0" in answer.header("Set-Cookie")


def test_a_ticket_is_believed_only_with_its_seal_and_for_a_while() -> None:
    now = 1_900_000_000.0
    told = str(int((now - 60) * 1000))
    good = f"{waiting.COOKIE}={told}.{waiting._seal(told)}"
    tickets = waiting.Waiting()

    assert tickets.since(f"a=b; {good}; c=d", now) == now - 60
    assert tickets.since(good.replace(told, str(int((now - 90) * 1000))), now) == now
    assert tickets.since(good, now + waiting.KEPT) == now + waiting.KEPT
    assert tickets.since(good, now - 61) == now - 61
    assert tickets.since(f"{waiting.COOKIE}=x", now) == now


def test_a_site_that_fails_gives_its_place_back() -> None:
    def broken(environ: Asked, start: Any) -> Any:
        raise RuntimeError("broken")

    answer = Answer(Gate(broken, 1), asked("POST", path="/x/")).done()

    assert answer.status == "broken"
    assert answer.load[0].running == (0,) * len(Kind)


def test_an_answer_in_pieces_holds_no_place_and_is_closed() -> None:
    closed = []

    def site(environ: Asked, start: Any) -> Any:
        start("200 OK", [])
        response = StreamingHttpResponse(iter([b"a", b"b"]))
        closers: Any = response
        closers._resource_closers.append(lambda: closed.append(True))
        return response

    gate = Gate(site, 1)
    answer = Answer(gate, asked(), kept=True).done()

    assert (answer.load[0].running, answer.load[1]) == ((0,) * len(Kind), 1)
    assert answer.body == b"ab"
    assert (closed, gate.sending.total()) == ([True], 0)


def test_who_downloads_much_at_a_time_holds_up_readers_of_the_own_address_only(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shedding, "PATIENCE", dict.fromkeys(shedding.PATIENCE, 0.005))
    gate = Gate(site, 4)
    for _ in range(shedding.SENDING_TO_ONE):
        gate.begin("192.0.2.1")

    own = Answer(gate, asked() | {"REMOTE_ADDR": "192.0.2.1"}).done()
    other = Answer(gate, asked() | {"REMOTE_ADDR": "192.0.2.2"}).done()
    gate.end("192.0.2.1")
    after = Answer(gate, asked() | {"REMOTE_ADDR": "192.0.2.1"}).done()

    assert own.status.startswith("503")
    assert (other.status, after.status) == ("200 OK", "200 OK")


def test_a_full_server_says_so_to_the_site(site: Site) -> None:
    gate = Gate(site, 2)
    Answer(gate, asked()).done()
    assert gate.places.enter(Kind.SUBMIT)
    Answer(gate, asked()).done()

    assert [BUSY in each for each in site.seen] == [False, True]
