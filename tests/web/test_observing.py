"""Each request's line in the log, and statements that took too long: routes and times, nobody's address or words."""

import json
import logging
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from pytest_django import Settings

from gongmo.operation import metrics
from gongmo.web import logs, statements


class Lines(logging.Handler):
    """Keeps what a server would write."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(logs.Json())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))

    def of(self, logger: str) -> list[dict[str, object]]:
        return [found for found in map(json.loads, self.lines) if found["logger"] == logger]


@pytest.fixture
def written() -> Iterator[Lines]:
    handler, root = Lines(), logging.getLogger()
    level = logging.getLogger("gongmo").level
    logging.getLogger("gongmo").setLevel(logging.INFO)
    root.addHandler(handler)
    yield handler
    root.removeHandler(handler)
    logging.getLogger("gongmo").setLevel(level)


@pytest.mark.django_db
def test_a_request_s_line_names_its_route_time_and_statements_and_nobody(
    client: Client, settings: Settings, written: Lines
) -> None:
    settings.GONGMO_REQUEST_LOG = True

    answer = client.get("/organisations/4711/?token=Zk3xQ9v_B7wLmN2p&mail=a@b.kr", REMOTE_ADDR="203.0.113.9")
    client.get("/invitations/900101-1234567/", headers={"user-agent": "김담당의 컴퓨터"})

    first, second = written.of("gongmo.requests")
    assert (first["route"], first["method"], first["status"], first["ids"]) == (
        "parties:organisation",
        "GET",
        answer.status_code,
        {"pk": 4711},
    )
    assert first["request"] == answer["X-Request-ID"] != second["request"]
    assert isinstance(first["ms"], float)
    everything = "\n".join(written.lines)
    for hidden in ("Zk3x", "a@b.kr", "203.0.113.9", "900101", "김담당", "token"):
        assert hidden not in everything


@pytest.mark.django_db
def test_a_laptop_writes_no_line_for_each_request(client: Client, settings: Settings, written: Lines) -> None:
    settings.GONGMO_REQUEST_LOG = False

    client.get("/no-such-page/")

    assert written.of("gongmo.requests") == []


@pytest.mark.django_db
def test_what_monitors_ask_is_neither_counted_nor_logged(
    client: Client, settings: Settings, written: Lines
) -> None:
    settings.GONGMO_REQUEST_LOG = True

    for path in ("/healthz", "/readyz", "/metrics"):
        client.get(path)

    assert written.of("gongmo.requests") == []


@pytest.mark.django_db
def test_a_slow_statement_is_told_without_its_values(settings: Settings, written: Lines) -> None:
    settings.GONGMO_SLOW_QUERY_MS = 0.000001
    statements.watch(connection)
    statements.begin()
    before = metrics.SLOW_STATEMENTS._value.get()

    with connection.cursor() as cursor:
        cursor.execute("SELECT 'hong@example.kr', %s, 1234567890", ["김담당"])

    (line,) = [each for each in written.of("gongmo.statements") if "?" in str(each["statement"])]
    assert line["statement"] == "SELECT ?, %s, ?"
    assert metrics.SLOW_STATEMENTS._value.get() > before
    assert "김담당" not in "".join(written.lines)


@pytest.mark.django_db
def test_quick_statements_are_counted_for_the_request_and_not_told(
    settings: Settings, written: Lines
) -> None:
    settings.GONGMO_SLOW_QUERY_MS = 0
    statements.watch(connection)
    tally = statements.begin()

    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.execute("SELECT 2")

    assert tally.count == 2
    assert tally.seconds > 0
    assert written.of("gongmo.statements") == []


@pytest.mark.django_db
def test_an_error_s_page_shows_the_number_under_which_its_line_stands(
    settings: Settings, written: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("담당자 김담당(kim@example.kr)의 자료")

    monkeypatch.setattr("gongmo.operation.state.service", broken)

    answer = Client(raise_request_exception=False).get("/status.json", headers={"accept": "text/html"})

    number = answer["X-Request-ID"]
    told = [line for line in written.lines if number in line]
    assert answer.status_code == 500
    assert number in answer.content.decode()
    assert told
    assert "RuntimeError" in "".join(told)
    assert "김담당" not in "".join(told)
    assert "kim@" not in "".join(told)
