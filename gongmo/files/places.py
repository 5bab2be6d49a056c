"""Where content lies on the disk: <GONGMO_FILES>/ab/cd/<sha256>."""

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

_SHA256 = re.compile(r"[0-9a-f]{64}")
_UPLOAD = re.compile(r"[A-Za-z0-9_-]{20,43}")


def folder() -> Path:
    """The folder of all stored files."""
    return Path(settings.GONGMO_FILES)


def incoming() -> Path:
    """Where content is written while its hash is not known yet; made when missing. On the same disk, so that a rename suffices."""
    return _made("incoming")


def partial(upload_id: str) -> Path:
    """Where the pieces of an upload are gathered. Raises ValueError for what is no upload's id."""
    if _UPLOAD.fullmatch(upload_id) is None:
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
def shared(*, alone: bool = False) -> Iterator[None]:
    """Held while content is put in its place; `alone` by the sweep, so that it never removes what is just being kept."""
    with (_made("") / ".lock").open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        yield


def settle(draft: Path, sha256: str, size: int) -> Path:
    """Move a written draft to its place, durably. A content that is there already is kept, and is young again to the sweep."""
    target = path_of(sha256)
    with shared():
        if target.is_file() and target.stat().st_size == size:
            os.utime(target)
            return target
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.replace(draft, target)
        os.utime(target)
        for directory in (target.parent, target.parent.parent):
            sync_folder(directory)
    return target


def sync_folder(directory: Path) -> None:
    """The names in a folder must survive a power cut as well as the bytes of its files."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _made(name: str) -> Path:
    place = folder() / name
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    return place
