"""What log lines say, and what never gets into them."""

import ast
import json
import logging
import re
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st
from pytest_django import Settings

import gongmo
from gongmo.kernel import tracing
from gongmo.web import config, logs
from gongmo.web.peers import within
from gongmo.web.tracing import ProxyOnly, RequestIdentity

LOGS = re.compile(r"\blog(?:ger|ging)?\.(?:debug|info|warning|error|exception|critical)\(")
PERSONAL = (
    "kim.damdang@example.go.kr",
    "김담당",
    "가온인공지능 주식회사",
    "123-45-67890",
    "1234567890",
    "110111-1234567",
    "900101-1234567",
    "010-1234-5678",
    "02-123-4567 0",
    "203.0.113.77",
    "2001:db8::77",
    "Zk3xQ9v_B7wLmN2pR8sTuVyA1cD4eF",
    "5f3a9c0d1e2b4a6978c1d2e3f4a5b6c7",
)


def record(
    message: str, *args: object, name: str = "gongmo.files", error: BaseException | None = None
) -> logging.LogRecord:
    info = (type(error), error, error.__traceback__) if error is not None else None
    return logging.LogRecord(name, logging.ERROR, __file__, 1, message, args, info)


def raised(error: BaseException) -> BaseException:
    try:
        raise error
    except BaseException as caught:
        return caught


@pytest.mark.parametrize("value", PERSONAL)
@pytest.mark.parametrize("formatter", [logs.Json(), logs.Readable()], ids=["json", "readable"])
def test_nothing_personal_gets_into_a_line_by_any_way(value: str, formatter: logging.Formatter) -> None:
    inner = raised(ValueError(f"invalid literal: '{value}' and {value}"))
    outer = RuntimeError(f"could not save {value}\nDETAIL:  Key (name)=({value}) already exists.")
    outer.__cause__ = inner
    lines = (
        formatter.format(record("could not send to %s", value)),
        formatter.format(record("could not keep %r", {"who": value})),
        formatter.format(record(f"another library says {value}", name="urllib3.connectionpool")),
        formatter.format(record("it failed", error=raised(outer))),
    )

    assert [line for line in lines if value in line] == []


def test_a_token_in_an_address_does_not_get_in() -> None:
    line = logs.Json().format(
        record("Bad Request: %s", "/confirm/?key=abcdefg&mail=a", name="django.request")
    )

    assert "abcdefg" not in line
    assert "/confirm/" in line


def test_django_s_own_lines_name_the_route_instead_of_the_address() -> None:
    request = RequestFactory().get("/invitations/very-secret/")
    made = record("Internal Server Error: %s", request.path, name="django.request")
    made.request = request

    assert "very-secret" not in logs.Json().format(made)


def test_what_others_quote_does_not_get_in() -> None:
    made = record("Invalid HTTP_HOST header: 'hong-gildong.example'.", name="django.security.DisallowedHost")

    assert "gildong" not in logs.Json().format(made)


def test_what_finds_the_fault_stays() -> None:
    job = uuid.UUID("6f1c8a3e-9f0b-4c1d-8e2f-0a1b2c3d4e5f")
    at = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)
    error = raised(AttributeError("'NoneType' object has no attribute 'pk'"))

    line = logs.Readable().format(
        record("task %s (%s) of %s took %.3f s", "files.inspect", job, at, 1.5, error=error)
    )

    assert f"task files.inspect ({job}) of 2030-01-02 03:04:05+00:00 took 1.500 s" in line
    assert "AttributeError: 'NoneType' object has no attribute 'pk'" in line
    assert "test_logs.py" in line


def test_a_json_line_is_one_line_with_the_request_s_number() -> None:
    with tracing.carrying("number-12345"):
        line = logs.Json().format(record("two\nlines %s", "x\ny", error=raised(KeyError("이름"))))

    found = json.loads(line)
    assert "\n" not in line
    assert (found["request"], found["level"], found["errors"][0]["kind"]) == (
        "number-12345",
        "ERROR",
        "KeyError",
    )


def test_a_line_that_does_not_fit_its_arguments_is_still_written() -> None:
    assert "%d people" in logs.Json().format(record("%d people", "김담당"))


@limits(max_examples=40)
@given(st.text(), st.from_regex(r"[a-z0-9]{1,8}@[a-z]{1,8}\.kr", fullmatch=True), st.text())
def test_a_mail_address_is_masked_in_any_text(before: str, address: str, after: str) -> None:
    assert address not in logs.masked(before + address + after)


def test_a_statement_is_told_without_values() -> None:
    told = logs.masked_sql("SELECT * FROM t\n WHERE name = 'Kim ''K''' AND n = 1234567890 AND x = %s")

    assert told == "SELECT * FROM t WHERE name = ? AND n = ? AND x = %s"


def test_our_own_lines_are_constant_sentences() -> None:
    """Else data would be taken for our own words, and not be masked."""
    wrong = []
    for file in sorted(Path(gongmo.__file__).parent.rglob("*.py")):
        source = file.read_text("utf-8")
        if LOGS.search(source) is None:
            continue
        for node in ast.walk(ast.parse(source)):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in ("debug", "info", "warning", "error", "exception", "critical")
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id in ("log", "logger", "logging")
                and not (node.args and isinstance(node.args[0], ast.Constant))
            ):
                wrong.append(f"{file.name}:{node.lineno}")
    assert wrong == []


# --- The request's number ------------------------------------------------------------------------------------------


def seen(request: HttpRequest) -> tuple[str, str]:
    """The number inside the request, and the one of its answer."""
    inside: list[str] = []

    def view(_: HttpRequest) -> HttpResponse:
        inside.append(tracing.request_id())
        return HttpResponse()

    answer = RequestIdentity(view)(request)
    return inside[0], str(answer["X-Request-ID"])


def test_a_stranger_s_number_is_not_taken_over(settings: Settings) -> None:
    settings.GONGMO_BEHIND_PROXY = False

    inside, answered = seen(RequestFactory().get("/", HTTP_X_REQUEST_ID="chosen-by-me"))

    assert inside == answered != "chosen-by-me"


def test_the_proxy_s_number_is_kept(settings: Settings) -> None:
    settings.GONGMO_BEHIND_PROXY = True

    assert seen(RequestFactory().get("/", HTTP_X_REQUEST_ID="from-proxy-1")) == (
        "from-proxy-1",
        "from-proxy-1",
    )


@pytest.mark.parametrize("number", ["short", "x" * 65, "with space", "line\nbreak", "한글한글한글한글"])
def test_an_ill_formed_number_is_replaced(settings: Settings, number: str) -> None:
    settings.GONGMO_BEHIND_PROXY = True

    assert seen(RequestFactory().get("/", HTTP_X_REQUEST_ID=number))[0] != number


def _passed_on(settings: Settings, address: str) -> HttpRequest:
    settings.GONGMO_PROXIES = config.networks("GONGMO_PROXIES")
    settings.GONGMO_REQUEST_START_HEADER = "X-Request-Start"
    passed: list[HttpRequest] = []

    def view(request: HttpRequest) -> HttpResponse:
        passed.append(request)
        return HttpResponse()

    told = {
        "HTTP_X_FORWARDED_FOR": "198.51.100.1",
        "HTTP_X_REQUEST_START": "t=1",
        "HTTP_X_REQUEST_ID": "chosen-by-me",
    }
    ProxyOnly(view)(RequestFactory().get("/", REMOTE_ADDR=address, **told))
    return passed[0]


def test_only_the_named_proxies_speak_for_others(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGMO_PROXIES", "10.0.0.5, 10.1.0.0/24")

    from_proxy, from_elsewhere = _passed_on(settings, "10.1.0.9"), _passed_on(settings, "10.0.0.6")

    assert "HTTP_X_FORWARDED_FOR" in from_proxy.META
    assert not {name for name in from_elsewhere.META if name.startswith("HTTP_X_")}


def test_networks_are_read_or_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGMO_PROXIES", "10.0.0.0/8,::1")
    networks = config.networks("GONGMO_PROXIES")
    inside: Callable[[str], bool] = lambda address: within(address, networks)  # noqa: E731

    assert (inside("10.2.3.4"), inside("::1"), inside(""), inside("11.0.0.1"), inside("nonsense")) == (
        True,
        True,
        True,
        False,
        False,
    )
    monkeypatch.setenv("GONGMO_PROXIES", "the proxy")
    with pytest.raises(ImproperlyConfigured, match="GONGMO_PROXIES"):
        config.networks("GONGMO_PROXIES")
