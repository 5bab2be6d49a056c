"""Long bodies: where they are taken, of whom, and never more than the disk has room for."""

import dis
import errno
import inspect
import io
import json
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import cache
from types import CodeType, FunctionType
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.sessions.backends.db import SessionStore
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, get_resolver
from django.utils import timezone

from gongmo.files.commands.uploads import ROOM
from gongmo.parties.models import Person
from gongmo.web import long_bodies, taking_in
from gongmo.web.peers import address_of
from gongmo.web.shedding import Gate
from gongmo.web.taking_in import AWAY, LARGEST, NO_ROOM, TOO_LONG, TOO_SLOW, UNKNOWN, UNKNOWN_RECEIPT, Intake

Asked = dict[str, Any]
ATTACH = "/applications/7/documents/attach/"
LONG = LARGEST + 1


class Unread(io.BytesIO):
    """A body that must not be touched."""

    def read(self, size: int | None = -1, /) -> bytes:
        raise AssertionError("the body was read")


class Zeros:
    """A sender of so many bytes, who notes what has been taken; `then` is called before each piece."""

    def __init__(self, size: int, then: Callable[[int], None] = lambda _: None) -> None:
        self.size, self.taken, self.then = size, 0, then

    def read(self, size: int) -> bytes:
        self.then(self.taken)
        size = min(size, self.size - self.taken)
        self.taken += size
        return bytes(size)


def asked(path: str, length: int, source: Any = None, **more: str) -> Asked:
    found: Asked = {"REQUEST_METHOD": "POST", "PATH_INFO": path, "REMOTE_ADDR": "192.0.2.1"}
    found |= {"CONTENT_LENGTH": str(length), "wsgi.input": source or Unread()}
    return found | {"HTTP_COOKIE": "gongmo_session=invented"} | more


def known(_: Asked) -> bool:
    return True


def unknown(_: Asked) -> bool:
    return False


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The free bytes of the disk, as it tells them."""
    free = [10 * 1024**3]
    monkeypatch.setattr(taking_in, "room", lambda: free[0])
    return free


# --- Where ------------------------------------------------------------------------------------------------------------


def codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield from codes(each)


@cache
def named(code: CodeType) -> tuple[bool, frozenset[str]]:
    """Whether a function says FILES, and the names outside of it that it says."""
    names = {
        step.argval
        for each in codes(code)
        for step in dis.get_instructions(each)
        if step.opname == "LOAD_GLOBAL"
    }
    return any("FILES" in each.co_names for each in codes(code)), frozenset(names)


def reads_files(function: Any, seen: set[Any]) -> bool:
    """Whether a view, or a function of ours that it calls, reads files of its request."""
    function = inspect.unwrap(function)
    if not isinstance(function, FunctionType) or function in seen:
        return False
    if not function.__module__.startswith("gongmo."):
        return False
    seen.add(function)
    told, names = named(function.__code__)
    return told or any(reads_files(function.__globals__.get(each), seen) for each in names)


def addresses(patterns: Any, space: str = "") -> Iterator[tuple[str, Any]]:
    for each in patterns:
        if isinstance(each, URLPattern):
            yield f"{space}{each.name}", each.callback
        else:
            yield from addresses(each.url_patterns, f"{space}{each.namespace}:" if each.namespace else space)


def test_every_view_that_reads_a_file_stands_in_the_table_and_nothing_else_does() -> None:
    found = {name for name, view in addresses(get_resolver().url_patterns) if reads_files(view, set())}

    assert found == long_bodies.DOCUMENTS | long_bodies.TABLES | long_bodies.STRANGERS


@pytest.mark.parametrize(
    ("path", "length", "refused"),
    [
        ("/language/", LONG, TOO_LONG),
        ("/applications/7/save/", LONG, TOO_LONG),
        ("/uploads/", LONG, TOO_LONG),
        ("/nowhere/", 2_000_000_000, TOO_LONG),
        (ATTACH, 3 * 1024**3, TOO_LONG),
    ],
)
def test_nobody_sends_a_long_body_where_no_form_has_a_document(path: str, length: int, refused: Any) -> None:
    assert Intake(known).take(asked(path, length)) is refused


def test_what_is_in_reach_of_a_form_is_taken(disk: list[int]) -> None:
    source = Zeros(LONG)
    environ = asked(ATTACH, LONG, source)

    assert Intake(known).take(environ) is None
    assert (source.taken, environ["wsgi.input"].read(3)) == (LONG, b"\0\0\0")
    environ["wsgi.input"].close()


# --- Of whom ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "length"),
    [(ATTACH, 2_000_000_000), (ATTACH, long_bodies.FORM + 1), ("/record/verify/", LONG)],
)
def test_a_stranger_s_long_body_is_refused_unread(path: str, length: int) -> None:
    receipt = path == "/record/verify/"

    refused = Intake(unknown).take(asked(path, length), 106 * 1024**2 if receipt else None)

    assert refused is (UNKNOWN_RECEIPT if receipt else UNKNOWN)


def test_a_stranger_is_told_on_a_page_and_a_script_in_json() -> None:
    def never(environ: Asked, start: Any) -> Any:
        raise AssertionError("the site was asked")

    told: list[Any] = []
    bodies = [
        b"".join(
            Gate(never, 1, unknown)(
                asked(ATTACH, LONG, HTTP_ACCEPT=accept), lambda status, _: told.append(status)
            )
        ).decode()
        for accept in ("text/html", "application/json")
    ]

    assert [each[:3] for each in told] == ["413", "413"]
    assert "다시 로그인한 뒤 보내 주세요" in bodies[0]
    assert 'href="/accounts/login/"' in bodies[0]
    assert json.loads(bodies[1])["message"] == UNKNOWN.ko


def test_a_short_body_asks_no_database(disk: list[int]) -> None:
    def never(_: Asked) -> bool:
        raise AssertionError("asked")

    assert Intake(never).take(asked("/language/", long_bodies.FORM, Zeros(long_bodies.FORM))) is None


def test_a_stranger_s_receipt_is_taken(disk: list[int]) -> None:
    length = long_bodies.FORM + 1

    assert Intake(unknown).take(asked("/record/verify/", length, Zeros(length)), LARGEST) is None


def test_a_database_that_is_away_is_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_: Asked) -> bool:
        raise OperationalError("away")

    monkeypatch.setattr(long_bodies, "signed_in", fails)

    assert Intake().take(asked(ATTACH, LONG)) is AWAY


@pytest.mark.django_db
def test_only_the_session_of_somebody_signed_in_counts(client: Client) -> None:
    client.force_login(Person.objects.create_user(email="a@example.org", password=None))
    begun = SessionStore()
    begun["signing_up"] = 1
    begun.create()
    own = client.cookies["gongmo_session"].value

    def told(key: str | None) -> bool:
        return long_bodies.signed_in({"HTTP_COOKIE": f"a=b; gongmo_session={key}"})

    assert told(own)
    assert not any(told(each) for each in (begun.session_key, "invented", "", "a\0b"))
    assert not long_bodies.signed_in({})
    begun.get_model_class().objects.filter(pk=own).update(expire_date=timezone.now() - timedelta(days=1))
    assert not told(own)


# --- The disk ---------------------------------------------------------------------------------------------------------


def test_what_the_disk_has_no_room_for_is_refused_before_it_comes(disk: list[int]) -> None:
    disk[0] = ROOM + LONG - 1

    assert Intake(known).take(asked(ATTACH, LONG)) is NO_ROOM


def test_a_form_needs_room_twice_for_it_is_taken_apart(disk: list[int]) -> None:
    disk[0] = ROOM + 2 * LONG - 1

    assert Intake(known).take(asked(ATTACH, LONG, CONTENT_TYPE="multipart/form-data; boundary=B")) is NO_ROOM


def test_what_others_announced_and_did_not_send_yet_counts(disk: list[int]) -> None:
    intake = Intake(known)
    told: list[Any] = []
    disk[0] = ROOM + 2 * LONG - 1

    def meanwhile(taken: int) -> None:
        if taken == 0:
            told.append(intake.take(asked(ATTACH, LONG, REMOTE_ADDR="192.0.2.2")))

    first = asked(ATTACH, LONG, Zeros(LONG, meanwhile))
    assert intake.take(first) is None
    assert told == [NO_ROOM]
    assert intake.coming == 0
    first["wsgi.input"].close()


def test_room_for_the_form_s_files_is_kept_until_the_answer(disk: list[int]) -> None:
    coming: list[int] = []

    def site(environ: Asked, start: Any) -> Any:
        coming.append(gate.intake.coming)
        start("200 OK", [])
        return HttpResponse(b"page")

    gate = Gate(site, 1, known)
    gate(asked(ATTACH, LONG, Zeros(LONG), CONTENT_TYPE="multipart/form-data; boundary=B"), lambda *_: None)

    assert (coming, gate.intake.coming) == ([LONG], 0)


def test_a_body_stops_when_others_have_filled_the_disk(disk: list[int]) -> None:
    def filled(taken: int) -> None:
        if taken > 1024**2:
            disk[0] = ROOM - 1

    intake = Intake(known)
    source = Zeros(3 * LARGEST, filled)

    assert intake.take(asked(ATTACH, 3 * LARGEST, source)) is NO_ROOM
    assert source.taken == LARGEST
    assert (intake.coming, intake._by.total(), intake._long.total()) == (0, 0, 0)


def test_a_disk_that_fills_in_the_middle_is_told_and_not_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(io.BytesIO):
        """A file on a disk that is full: what was not written is tried again when it is closed."""

        def write(self, piece: Any, /) -> int:
            raise OSError(errno.ENOSPC, "full")

        def close(self) -> None:
            super().close()
            raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(tempfile, "SpooledTemporaryFile", lambda **_: Full())
    length = 2 * taking_in.SMALL

    assert Intake(unknown).take(asked("/language/", length, Zeros(length))) is NO_ROOM


# --- The pace ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("seconds", "refused"), [(9.0, TOO_SLOW), (7.0, None)])
def test_the_pace_is_that_of_the_last_seconds(
    disk: list[int], monkeypatch: pytest.MonkeyPatch, seconds: float, refused: Any
) -> None:
    """A piece of 64 KB comes at once a hundred times, and then every so many seconds."""
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    length = 110 * taking_in.SMALL

    def tick(taken: int) -> None:
        now[0] += seconds if taken >= 100 * taking_in.SMALL else 0.0

    source = Zeros(length, tick)
    found = Intake(known).take(asked(ATTACH, length, source))

    assert found is refused
    assert (source.taken == length) is (refused is None)


# --- The address ------------------------------------------------------------------------------------------------------


def test_only_a_named_proxy_tells_the_gate_whom_a_request_comes_from(settings: LazySettings) -> None:
    from gongmo.web import config

    told = {"HTTP_X_FORWARDED_FOR": "198.51.100.1, 203.0.113.9"}
    settings.GONGMO_BEHIND_PROXY = True
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("GONGMO_PROXIES", "10.0.0.0/8")
        settings.GONGMO_PROXIES = config.networks("GONGMO_PROXIES")

    assert address_of(told | {"REMOTE_ADDR": "10.0.0.5"}) == "203.0.113.9"
    assert address_of(told | {"REMOTE_ADDR": "192.0.2.7"}) == "192.0.2.7"
    settings.GONGMO_PROXIES = []
    assert address_of(told | {"REMOTE_ADDR": "192.0.2.7"}) == "203.0.113.9"
    settings.GONGMO_BEHIND_PROXY = False
    assert address_of(told | {"REMOTE_ADDR": "10.0.0.5"}) == "10.0.0.5"
