"""Taking in the whole of a request before it has a place, so that whoever sends slowly or without end holds nobody up.

A body that is being taken in holds one of the server's threads and nothing else. Threads are many, not endless: all bodies together, and those
of one address, are counted, and what is beyond is told to come again. Behind a proxy that takes bodies in itself (deploy/) they come at once.
"""

import os
import re
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from threading import Lock
from typing import Any

from django.conf import settings

from gongmo.web.vanishing import notice_vanished

Environ = dict[str, Any]

SLOW = "gongmo.slow"
"""In the environ: the sender was late with the body, so that an instant told by a proxy for its head does not count."""
SMALL = 64 * 1024
"""Bytes of a body that are kept in memory before the request has a place; more goes to a file."""
LARGEST = 16 * 1024 * 1024
"""Bytes up to which anybody's body is taken in. Longer ones hold a document: of somebody who is signed in, and few at a time."""
LATE = 1.0
"""Seconds that a body may take before its sender counts as slow."""
GRACE = 15.0
"""Seconds after which a body must be here, or have come at `PACE` until now."""
PACE = 8 * 1024
"""Bytes a second: a quarter of what the slowest line of a phone sends."""
MOST, PART = 40, 4
"""Bodies that are taken in at a time by one process; one address has at most the fourth part of what the others leave, and always one.

Alone that is ten: an office of hundreds sends fewer at the same moment. The fuller it is, the less another address gets, so that a dozen are
needed to hold all, and no few of them ever do."""
LONG_ONES = 3
"""Bodies beyond `LARGEST` at a time."""

TOO_LONG = "413 Content Too Large"
CUT_SHORT = "400 Bad Request"
TOO_SLOW = "408 Request Timeout"
TOO_MANY = "503 Service Unavailable"
NO_ROOM = "507 Insufficient Storage"

WORDS = {
    TOO_LONG: (
        "보내신 내용이 너무 커서 받지 않았습니다. 파일의 크기를 줄이거나 나누어 보내 주세요.",
        "What was sent is too large and was not taken. Send a smaller file, or parts of it.",
    ),
    CUT_SHORT: (
        "보내신 내용이 끝까지 오지 않았습니다. 연결을 확인하고 다시 보내 주세요.",
        "What was sent did not arrive whole. Check the connection and send it again.",
    ),
    TOO_SLOW: (
        "보내신 내용이 너무 느리게 와서 받기를 멈추었습니다. 연결을 확인하고 다시 보내 주세요.",
        "What was sent came too slowly and was given up. Check the connection and send it again.",
    ),
    TOO_MANY: (
        "같은 곳에서 한꺼번에 보내는 것이 너무 많습니다. 5초 뒤 다시 보내 주세요. 저장한 내용은 그대로 있습니다.",
        "Too much is being sent from one place at a time. Send it again in 5 seconds. What was saved is still there.",
    ),
    NO_ROOM: (
        "저장 공간이 모자라 받지 못했습니다. 저장한 내용은 그대로 있습니다. 잠시 뒤 다시 보내 주세요.",
        "There is no room to take this in. What was saved is still there. Please send it again later.",
    ),
}
_UPLOAD = re.compile(r"/uploads/[^/]+/$")


class Intake:
    """What one process takes in at a time."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._process = 0
        self._by: Counter[str] = Counter()
        self._long: Counter[str] = Counter()

    def take(self, environ: Environ, most: int | None = None) -> str:
        """Put the whole body into the environ, read from its beginning. "" when that is done, else the status to answer with.

        `most`: bytes that this request may have, where its form is known. Pieces of an upload beyond `LARGEST` are left to their view, which
        refuses them unread and says so as uploads are answered (gongmo.files).
        """
        told = environ.get("CONTENT_LENGTH", "")
        length = int(told) if told.isascii() and told.isdecimal() and len(told) < 16 else 0
        if length == 0:
            return ""
        if self._process != os.getpid():  # Made before web processes are forked.
            self._process = os.getpid()
            notice_vanished()
        if length > LARGEST:
            if environ["REQUEST_METHOD"] == "PATCH" and _UPLOAD.match(environ.get("PATH_INFO", "")):
                return ""
            if f"{settings.SESSION_COOKIE_NAME}=" not in environ.get("HTTP_COOKIE", ""):
                return TOO_LONG
        # At most a document and the form around it.
        if length > (int(settings.GONGMO_FILE_LIMIT) + LARGEST if most is None else most):
            return TOO_LONG
        with self._counted(address_of(environ), length > LARGEST) as room:
            return _taken(environ, length) if room else TOO_MANY

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


def address_of(environ: Environ) -> str:
    """Whom a request comes from: behind a proxy (GONGMO_BEHIND_PROXY) the last entry of X-Forwarded-For, the one that our own proxy wrote."""
    forwarded = str(environ.get("HTTP_X_FORWARDED_FOR", "")) if settings.GONGMO_BEHIND_PROXY else ""
    return forwarded.rsplit(",", 1)[-1].strip() or str(environ.get("REMOTE_ADDR", ""))


def _taken(environ: Environ, length: int) -> str:
    began = time.monotonic()
    body: Any = BytesIO()
    if length > SMALL:
        body = tempfile.SpooledTemporaryFile(max_size=SMALL, dir=str(settings.FILE_UPLOAD_TEMP_DIR))  # noqa: SIM115 - closed after the answer
    size, source = 0, environ["wsgi.input"]
    try:
        while size < length and (piece := source.read(min(SMALL, length - size))):
            body.write(piece)
            size += len(piece)
            spent = time.monotonic() - began
            if spent > GRACE and size < length and size < PACE * spent:
                body.close()
                return TOO_SLOW
    except OSError:
        body.close()
        return NO_ROOM
    if size < length:
        body.close()
        return CUT_SHORT
    body.seek(0)
    environ["wsgi.input"] = body
    if time.monotonic() - began > LATE:
        environ[SLOW] = True
    return ""
