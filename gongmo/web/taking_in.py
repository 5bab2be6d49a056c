"""Taking in the whole of a request before it has a place, so that whoever sends slowly or without end holds nobody up.

A body that is being taken in holds one of the server's threads and, when it is long, room on the disk. Both are counted: all bodies together, those
of one address, and the bytes that are still to come; what is beyond is told to come again. Long bodies are taken at addresses that have a form for
files, of people who are signed in (gongmo.web.long_bodies); all others are refused unread. Behind a proxy that takes bodies in itself (deploy/) they
come at once.
"""

import errno
import os
import re
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from threading import Lock
from typing import Any, NamedTuple

from django.conf import settings

from gongmo.files.commands.uploads import ROOM
from gongmo.web import long_bodies
from gongmo.web.peers import address_of
from gongmo.web.vanishing import notice_vanished

Environ = dict[str, Any]

SLOW = "gongmo.slow"
"""In the environ: the sender was late with the body, so that an instant told by a proxy for its head does not count."""
KEPT = "gongmo.kept_room"
"""In the environ: bytes on the disk that are kept free for what the site still makes of the body."""
SMALL = 64 * 1024
"""Bytes of a body that are kept in memory before the request has a place; more goes to a file."""
LARGEST = 16 * 1024 * 1024
"""Bytes that the body of somebody who is signed in may have at any address. Longer ones hold documents, at the addresses of their forms, and are
few at a time."""
LATE = 1.0
"""Seconds that a body may take before its sender counts as slow."""
GRACE = 15.0
"""Seconds within each of which a body must have come at `PACE`, or be here."""
PACE = 8 * 1024
"""Bytes a second: a quarter of what the slowest line of a phone sends."""
MOST, PART = 40, 4
"""Bodies that are taken in at a time by one process; one address has at most the fourth part of what the others leave, and always one.

Alone that is ten: an office of hundreds sends fewer at the same moment. The fuller it is, the less another address gets, so that a dozen are
needed to hold all, and no few of them ever do."""
LONG_ONES = 3
"""Bodies beyond `LARGEST` at a time."""
LOOK = 16 * 1024 * 1024
"""Bytes of a body after which the disk is looked at again: other processes write there as well."""


class Refusal(NamedTuple):
    """Why a body is not taken: the status to answer with, in words, whether it may come again, and whether signing in helps."""

    status: str
    ko: str
    en: str
    again: bool = False
    sign_in: bool = False


TOO_LONG = Refusal(
    "413 Content Too Large",
    "보내신 내용이 너무 커서 받지 않았습니다. 파일의 크기를 줄이거나 나누어 보내 주세요.",
    "What was sent is too large and was not taken. Send a smaller file, or parts of it.",
)
UNKNOWN = Refusal(
    "413 Content Too Large",
    "로그인하지 않은 상태에서는 이만큼 큰 내용을 받지 않습니다. 다시 로그인한 뒤 보내 주세요.",
    "This much is taken only from people who are signed in. Sign in again and then send it.",
    sign_in=True,
)
UNKNOWN_RECEIPT = UNKNOWN._replace(
    ko="로그인하지 않은 상태에서는 접수증과 함께 견줄 파일을 모두 16 MB까지 받습니다. 더 크면 로그인한 뒤 보내거나 gongmo receipt verify 명령으로 확인해 주세요.",
    en="Without signing in a receipt and the files beside it may have 16 MB in all. Sign in for more, or use gongmo receipt verify.",
)
CUT_SHORT = Refusal(
    "400 Bad Request",
    "보내신 내용이 끝까지 오지 않았습니다. 연결을 확인하고 다시 보내 주세요.",
    "What was sent did not arrive whole. Check the connection and send it again.",
)
TOO_SLOW = Refusal(
    "408 Request Timeout",
    "보내신 내용이 너무 느리게 와서 받기를 멈추었습니다. 연결을 확인하고 다시 보내 주세요.",
    "What was sent came too slowly and was given up. Check the connection and send it again.",
)
TOO_MANY = Refusal(
    "503 Service Unavailable",
    "같은 곳에서 한꺼번에 보내는 것이 너무 많습니다. 5초 뒤 다시 보내 주세요. 저장한 내용은 그대로 있습니다.",
    "Too much is being sent from one place at a time. Send it again in 5 seconds. What was saved is still there.",
    again=True,
)
AWAY = Refusal(
    "503 Service Unavailable",
    "지금은 로그인 상태를 확인할 수 없어 받지 못했습니다. 5초 뒤 다시 보내 주세요. 저장한 내용은 그대로 있습니다.",
    "It cannot be seen now who is signed in, so this was not taken. Send it again in 5 seconds. What was saved is still there.",
    again=True,
)
NO_ROOM = Refusal(
    "507 Insufficient Storage",
    "저장 공간이 모자라 받지 못했습니다. 저장한 내용은 그대로 있습니다. 잠시 뒤 다시 보내 주세요.",
    "There is no room to take this in. What was saved is still there. Please send it again later.",
    again=True,
)
_UPLOAD = re.compile(r"/uploads/[^/]+/$")


def room() -> int:
    """Bytes that are free where bodies are written."""
    return shutil.disk_usage(settings.FILE_UPLOAD_TEMP_DIR).free


class Intake:
    """What one process takes in at a time. `known` says whether a request is of somebody signed in (None: nobody can say now)."""

    def __init__(self, known: Callable[[Environ], bool | None] = long_bodies.asked) -> None:
        self.known = known
        self._lock = Lock()
        self._asking = Lock()
        self._process = 0
        self._by: Counter[str] = Counter()
        self._long: Counter[str] = Counter()
        self.coming = 0
        """Bytes for which room on the disk is kept: announced ones that are not written yet, and what the site makes of bodies."""

    def take(self, environ: Environ, most: int | None = None) -> Refusal | None:
        """Put the whole body into the environ, read from its beginning. None when that is done, else why not.

        `most`: bytes that this request may have, where its form is known. Pieces of an upload beyond `LARGEST` are left to their view, which
        refuses them unread and says so as uploads are answered (gongmo.files). Whoever got None calls `done` after the answer.
        """
        told = environ.get("CONTENT_LENGTH", "")
        length = int(told) if told.isascii() and told.isdecimal() and len(told) < 16 else 0
        if length == 0:
            return None
        if self._process != os.getpid():  # Made before web processes are forked.
            self._process = os.getpid()
            notice_vanished()
        if length > LARGEST:
            if environ["REQUEST_METHOD"] == "PATCH" and _UPLOAD.match(environ.get("PATH_INFO", "")):
                return None
            if most is None and long_bodies.name_of(environ) in long_bodies.DOCUMENTS:
                # At most a document and the form around it.
                most = int(settings.GONGMO_FILE_LIMIT) + LARGEST
        if length > (LARGEST if most is None else most):
            return TOO_LONG
        with self._counted(address_of(environ), length > LARGEST) as free:
            if not free:
                return TOO_MANY
            if length <= long_bodies.FORM:
                return _taken(environ, length, _nothing)
            return self._unknown(environ, length) or self._long_one(environ, length)

    def done(self, environ: Environ) -> None:
        """The request is answered: nothing more is made of its body."""
        self._keep(-environ.pop(KEPT, 0))

    def _unknown(self, environ: Environ, length: int) -> Refusal | None:
        open_to_all = long_bodies.name_of(environ) in long_bodies.STRANGERS
        if open_to_all and length <= LARGEST:
            return None
        # One at a time: strangers cause these look-ups, and hold one connection to the database with all of them.
        with self._asking:
            known = self.known(environ)
        if known is None:
            return AWAY
        return None if known else UNKNOWN_RECEIPT if open_to_all else UNKNOWN

    def _long_one(self, environ: Environ, length: int) -> Refusal | None:
        """Take in what could fill the disk, as long as `ROOM` stays free beside everything that was let in before."""
        # Files of a form are written once more when it is taken apart.
        copy = length if environ.get("CONTENT_TYPE", "").startswith("multipart/") else 0
        written = 0

        def wrote(size: int) -> bool:
            nonlocal written
            looked, written = written // LOOK, written + size
            self._keep(-size)
            return written // LOOK == looked or room() >= ROOM

        with self._lock:
            if room() - self.coming - length - copy < ROOM:
                return NO_ROOM
            self.coming += length + copy
        refused: Refusal | None = NO_ROOM
        try:
            refused = _taken(environ, length, wrote)
        finally:
            self._keep(written - length - (copy if refused else 0))
        environ[KEPT] = 0 if refused else copy
        return refused

    def _keep(self, size: int) -> None:
        if size:
            with self._lock:
                self.coming += size

    @contextmanager
    def _counted(self, address: str, long: bool) -> Iterator[bool]:
        with self._lock:
            total, own = self._by.total(), self._by[address]
            room = total < MOST and own < max(1, (MOST - total + own) // PART)
            if long:
                room = room and self._long.total() < LONG_ONES and self._long[address] < 1
            if room:
                self._by[address] += 1
                self._long[address] += long
        try:
            yield room
        finally:
            if room:
                with self._lock:
                    less(self._by, address)
                    less(self._long, address, int(long))


def less(counter: Counter[str], address: str, by: int = 1) -> None:
    """Count down, and forget an address that has nothing left."""
    counter[address] -= by
    if counter[address] <= 0:
        del counter[address]


def _nothing(size: int) -> bool:
    return True


def _taken(environ: Environ, length: int, wrote: Callable[[int], bool]) -> Refusal | None:
    """Read the body. `wrote` is told of each piece that was written, and says whether there is room for more."""
    began = since = time.monotonic()
    body: Any = BytesIO()
    if length > SMALL:
        body = tempfile.SpooledTemporaryFile(max_size=SMALL, dir=str(settings.FILE_UPLOAD_TEMP_DIR))  # noqa: SIM115 - closed after the answer
    refused: Refusal | None = None
    size, counted, source = 0, 0, environ["wsgi.input"]
    try:
        while refused is None and size < length and (piece := source.read(min(SMALL, length - size))):
            body.write(piece)
            size += len(piece)
            if not wrote(len(piece)):
                refused = NO_ROOM
            now = time.monotonic()
            # Of the last seconds, not of all: whoever sent much at first would be waited for as much longer.
            if now - since > GRACE:
                if size < length and size - counted < PACE * (now - since):
                    refused = refused or TOO_SLOW
                since, counted = now, size
        # What is still in memory goes to the disk here, where it can be told that there is none.
        body.seek(0)
    except OSError as error:
        refused = NO_ROOM if error.errno in (errno.ENOSPC, errno.EDQUOT) else CUT_SHORT
    if refused is None and size < length:
        refused = CUT_SHORT
    if refused is not None:
        # A full disk is told a second time when what could not be written is let go.
        with suppress(OSError):
            body.close()
        return refused
    environ["wsgi.input"] = body
    if time.monotonic() - began > LATE:
        environ[SLOW] = True
    return None
