"""Where content is put and found: its key ab/cd/<sha256> in the storage (gongmo.files.storage), its path in a folder of this machine.

Drafts are always written on this machine, in <GONGMO_FILES>/incoming.
"""

import fcntl
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from gongmo.files import storage

_SHA256 = re.compile(r"[0-9a-f]{64}")
_UPLOAD = re.compile(r"[A-Za-z0-9_-]{20,43}")
_LOCK = 0x66_69_6C_65_73
""""files": PostgreSQL's advisory lock between who keeps content and who sweeps it."""


def folder() -> Path:
    """The folder of all stored files."""
    return Path(settings.GONGMO_FILES)


def incoming() -> Path:
    """Where content is written while its hash is not known yet; made when missing. On the same disk, so that a rename suffices."""
    return _made("incoming")


def is_upload(upload_id: str) -> bool:
    """Whether a word can be an upload's id."""
    return _UPLOAD.fullmatch(upload_id) is not None


def partial(upload_id: str) -> Path:
    """Where the pieces of an upload are gathered. Raises ValueError for what is no upload's id."""
    if not is_upload(upload_id):
        raise ValueError("not an upload's id")
    return partials() / upload_id


def partials() -> Path:
    """The folder of the uploads under way; made when missing."""
    return _made("partial")


def path_of(sha256: str) -> Path:
    """The content's path. Raises ValueError unless given 64 lower-case hex digits."""
    if _SHA256.fullmatch(sha256) is None:
        raise ValueError("not a SHA-256")
    return folder() / sha256[:2] / sha256[2:4] / sha256


def derived(sha256: str, kind: str) -> Path:
    """Where what was made from a content lies (its text, a PDF of it). It can be made again at any time."""
    return folder() / "derived" / sha256[:2] / f"{path_of(sha256).name}.{kind}"


@contextmanager
def shared() -> Iterator[None]:
    """Held while content is put in its place or copied elsewhere, so that no sweep removes it meanwhile. Many may hold it at a time."""
    with _held(alone=False):
        yield


@contextmanager
def alone() -> Iterator[bool]:
    """Held by the sweep while it removes a content; False, and nothing may be removed, while anybody keeps or copies some.

    The sweep does not wait: on PostgreSQL everybody who comes after somebody who waits would wait, too.
    """
    with _held(alone=True) as got:
        yield got


@contextmanager
def _held(*, alone: bool) -> Iterator[bool]:
    """On PostgreSQL a lock of the database, which all machines share; on SQLite, where all is on one machine, one of the files' folder."""
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            if alone:
                cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
                yield bool(cursor.fetchone()[0])
            else:
                cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [_LOCK])
                yield True
        return
    with (_made("") / ".lock").open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB if alone else fcntl.LOCK_SH)
        except BlockingIOError:
            yield False
            return
        yield True


def settle(draft: Path, sha256: str, size: int) -> None:
    """Put a written draft in its place, durably. A content that is there already is kept, and is young again to the sweep.

    Whether the draft is still there after is open. Raises OSError.
    """
    place, key = storage.current(), storage.content(sha256)
    with shared():
        if not place.touch(key, size):
            place.keep(draft, key)


def _made(name: str) -> Path:
    place = folder() / name
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    return place
