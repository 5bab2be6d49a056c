"""The gate in front of the site: takes the instant of receipt, takes in the whole request, and lets it wait for a place by what it is for.

The server (granian) hands a request to a thread as soon as its head has been read, and has many more threads than places, so that nothing
queues where it cannot be seen. A request counts as received when all of it is here: whoever sends the head in time and the rest
after a deadline has not submitted in time. Only readers are ever turned away, with a page that opens itself again; what changes something
waits until it is done.
"""

import os
import re
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from threading import Lock
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from gongmo.kernel.numbers import EITHER
from gongmo.web import long_bodies
from gongmo.web.peers import address_of
from gongmo.web.places import Kind, Load, Places
from gongmo.web.taking_in import SMALL, TOO_MANY, Intake, Refusal, less
from gongmo.web.untaken import untaken
from gongmo.web.waiting import COOKIE, Waiting, forgotten

Environ = dict[str, Any]
Start = Callable[..., Any]

RECEIVED = "gongmo.received"
"""In the environ: the instant (datetime, UTC) at which the whole request had been received."""
BUSY = "gongmo.busy"
"""In the environ: every place is taken."""
PATIENCE = {Kind.SIGN_IN: 8.0, Kind.READ: 4.0, Kind.PUBLIC: 2.0, Kind.CHECK: 0.0}
"""Seconds that a reader waits before the waiting page is shown; whoever has a receipt checked is told at once."""
SENDING, SENDING_TO_ONE = 48, 24
"""Answers that are sent in pieces at the same time (downloads), and of them to one address; beyond them readers wait."""
FREE = ("/static/", "/healthz", "/readyz", "/metrics")
"""Beginnings of addresses that need no place: files, and what monitors ask most of all when everything is full."""
_SUBMIT = re.compile(rf"/applications/{EITHER}/submit/$")
_RECEIPT = re.compile(rf"/applications/{EITHER}/(receipt|submit)")
_CHECK = "/record/verify/"
_CHECKED = 106 * 1024**2
"""Bytes of a receipt, the files beside it (gongmo.web.verify) and the form around them."""
_CHECKING = TOO_MANY._replace(
    ko="다른 접수증을 확인하고 있습니다. 10초 뒤 다시 올려 주세요.",
    en="Another receipt is being checked. Please send it again in 10 seconds.",
)
_READS = ("GET", "HEAD", "OPTIONS")


def kind_of(environ: Environ) -> Kind | None:
    """What the request is for; None for what needs no place (static files, health)."""
    path, method = environ.get("PATH_INFO", ""), environ.get("REQUEST_METHOD", "GET")
    if method not in _READS:
        if path.startswith("/accounts/"):
            return Kind.SIGN_IN
        if path == _CHECK:
            return Kind.CHECK
        return Kind.SUBMIT if _SUBMIT.match(path) else Kind.SAVE
    if path.startswith(FREE):
        return None
    if path.startswith("/accounts/"):
        return Kind.SIGN_IN
    if f"{settings.SESSION_COOKIE_NAME}=" not in environ.get("HTTP_COOKIE", "") or path == "/clock/":
        return Kind.PUBLIC
    # Whoever has submitted wants to see it, and is not sent away from there.
    return Kind.SAVE if _RECEIPT.match(path) else Kind.READ


class Gate:
    """A WSGI application around the site's."""

    def __init__(
        self,
        site: Callable[[Environ, Start], Any],
        places: int,
        known: Callable[[Environ], bool | None] = long_bodies.asked,
    ) -> None:
        self.site, self.known = site, known
        self.places = Places(places)
        self.waiting = Waiting()
        self.intake = Intake(self._knows)
        self.sending: Counter[str] = Counter()
        self._lock = Lock()
        self._connections: list[BaseDatabaseWrapper] = []

    @property
    def load(self) -> Load:
        """How full this process is."""
        return self.places.load

    def __call__(self, environ: Environ, start_response: Start) -> Iterable[bytes]:
        kind = kind_of(environ)
        refused: Refusal | None = None
        if kind is not None and environ["REQUEST_METHOD"] not in _READS:
            # No form that submits is longer, and one that is still coming in cannot have been received.
            refused = self.intake.take(environ, {Kind.SUBMIT: SMALL, Kind.CHECK: _CHECKED}.get(kind))
        if refused:
            return _told(environ, refused, start_response)
        try:
            return self._answered(environ, start_response, kind)
        finally:
            self.intake.done(environ)
            body = environ.get("wsgi.input")
            if isinstance(body, tempfile.SpooledTemporaryFile):
                body.close()

    def _answered(self, environ: Environ, start_response: Start, kind: Kind | None) -> Iterable[bytes]:
        """What is answered to a request whose body is here."""
        now = time.time()
        environ[RECEIVED] = datetime.fromtimestamp(now, UTC)
        if kind is None:
            return self._worked(environ, start_response, None)
        reads = environ["REQUEST_METHOD"] in _READS
        cookies = environ.get("HTTP_COOKIE", "")
        since = self.waiting.since(cookies, now)
        patience = PATIENCE.get(kind) if reads or kind is Kind.CHECK else None
        full = reads and kind is Kind.READ and self._sends(address_of(environ))
        if full or not self.places.enter(kind, since, patience):
            if kind is Kind.CHECK:
                return _told(environ, _CHECKING, start_response)
            status, headers, body = self.waiting.answer(environ, since)
            start_response(status, headers)
            return [body]
        if self.places.busy:
            environ[BUSY] = True
        if COOKIE in cookies:
            start_response = _taking_back(start_response)
        return self._worked(environ, start_response, kind)

    def _worked(self, environ: Environ, start_response: Start, kind: Kind | None) -> Iterable[bytes]:
        """The site's answer, complete; of one in pieces the pieces, which need no place."""
        connection: BaseDatabaseWrapper | None = self._borrow()
        try:
            response = self.site(environ, start_response)
            if getattr(response, "streaming", True) and not isinstance(response, list):
                kept, connection = connection, None
                assert kept is not None  # noqa: S101 - just borrowed
                return _Pieces(self, response, kept, address_of(environ))
            content = response if isinstance(response, list) else [response.content]
            if not isinstance(response, list):
                response.close()
            return content
        finally:
            if connection is not None:
                self.give_back(connection)
            if kind is not None:
                self.places.leave(kind)

    def _knows(self, environ: Environ) -> bool | None:
        """Whether somebody signed in asks, by a connection of the gate's."""
        connection = self._borrow()
        try:
            return self.known(environ)
        finally:
            self.give_back(connection)

    def _sends(self, address: str) -> bool:
        """Whether as much is being sent in pieces as may be, to everybody or to this address."""
        with self._lock:
            return self.sending.total() >= SENDING or self.sending[address] >= SENDING_TO_ONE

    def begin(self, address: str) -> None:
        """Note that an answer in pieces is being sent there."""
        with self._lock:
            self.sending[address] += 1

    def end(self, address: str) -> None:
        """Note that it is sent, or given up."""
        with self._lock:
            less(self.sending, address)

    def _borrow(self) -> BaseDatabaseWrapper:
        """This thread's connection for the request: there are as many as requests are worked on, however many threads wait."""
        try:
            connection = self._connections.pop()
        except IndexError:
            connection = connections.create_connection(DEFAULT_DB_ALIAS)
            connection.inc_thread_sharing()
        connections[DEFAULT_DB_ALIAS] = connection
        return connection

    def give_back(self, connection: BaseDatabaseWrapper) -> None:
        """Take the connection back from this thread."""
        del connections[DEFAULT_DB_ALIAS]
        if len(self._connections) <= self.places.places:
            self._connections.append(connection)
        else:
            connection.close()


class _Pieces:
    """An answer in pieces: holds its connection until it is sent."""

    def __init__(self, gate: Gate, response: Any, connection: BaseDatabaseWrapper, address: str) -> None:
        self.gate, self.response, self.connection, self.address = gate, response, connection, address
        gate.begin(address)

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.response)

    def close(self) -> None:
        try:
            self.response.close()
        finally:
            self.gate.end(self.address)
            self.gate.give_back(self.connection)


def _told(environ: Environ, refused: Refusal, start_response: Start) -> list[bytes]:
    status, headers, body = untaken(environ, refused)
    start_response(status, headers)
    return [body]


def _taking_back(start_response: Start) -> Start:
    def started(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
        return start_response(status, [*headers, forgotten()], *more)

    return started


def places_from_environment() -> int:
    """How many requests a process works on at a time (GONGMO_PLACES, which `gongmo serve --threads` sets)."""
    told = os.environ.get("GONGMO_PLACES", "4")
    return max(1, int(told)) if told.isdecimal() else 4
