"""What a place of stored bytes must be able to do."""

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

_SHA256 = re.compile(r"[0-9a-f]{64}")


class StorageAway(OSError):
    """The storage does not answer, or answers that it cannot. What it holds is safe; the same may be asked again later."""


def content(sha256: str) -> str:
    """The key of a content. Raises ValueError unless given 64 lower-case hex digits."""
    if _SHA256.fullmatch(sha256) is None:
        raise ValueError("not a SHA-256")
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def derived(sha256: str, kind: str) -> str:
    """The key of what was made from a content (its text, a PDF of it). It can be made again at any time."""
    return f"derived/{content(sha256)[:2]}/{sha256}.{kind}"


@dataclass(frozen=True, slots=True)
class Item:
    """Something that is kept: its key, size in bytes and last change (seconds since 1970 by the storage's clock)."""

    key: str
    size: int
    modified: float


@dataclass(frozen=True, slots=True)
class Writing:
    """Where an upload stands: its id, and the bytes of it that are counted."""

    id: str
    offset: int


class Storage(Protocol):
    """Keys are relative, with "/" between their parts. Everything raises OSError (StorageAway, or full), and FileNotFoundError for what is not there."""

    shared: bool
    """Whether every machine that is given the same address sees the same."""

    def keep(self, draft: Path, key: str) -> None:
        """Put a written file of this machine in its place, whole or not at all, durably. Whether the draft is still there after is open."""

    def touch(self, key: str, size: int) -> bool:
        """Make what lies there with this size young again; False where it does not."""

    def size(self, key: str) -> int | None:
        """In bytes, or None where nothing is there."""

    def modified(self, key: str) -> float | None:
        """Of the last change, in seconds since 1970, or None where nothing is there."""

    def open(self, key: str, start: int = 0, end: int | None = None) -> BinaryIO:
        """For reading from byte `start` to `end` (the last one, or None). Not seekable everywhere."""

    def fetched(self, key: str) -> AbstractContextManager[Path]:
        """A file of this machine with the content, for programs that need one; not to be written to, gone when the block ends."""

    def remove(self, key: str) -> None:
        """Nothing happens where nothing is there."""

    def listed(self, prefix: str = "") -> Iterator[Item]:
        """Everything under a prefix that ends with "/" (or everything)."""

    def signed(self, key: str, *, seconds: int, disposition: str, media_type: str) -> str | None:
        """An address at which a browser may read it for so many seconds, or None where there are no such addresses."""

    def check(self) -> None:
        """Raise OSError unless it answers and can be written to."""

    def room(self) -> int | None:
        """Free bytes, or None where nobody knows."""

    # --- Uploads under way: bytes come piece by piece, durable before they are counted ------------------------------------
    def begin(self, upload_id: str) -> None: ...

    def write(self, upload_id: str, at: int, block: bytes | bytearray) -> int | None:
        """Write a block at `at` and count it. Returns None, or, where it was not counted, where the upload stands: -1 when it takes no more."""

    def gathered(self, upload_id: str) -> AbstractContextManager[Path]:
        """Everything that came, as one file of this machine, for one process at a time where that can be. FileNotFoundError when it is gone."""

    def held(self, upload_id: str) -> int:
        """Bytes that are there."""

    def drop(self, upload_id: str) -> None:
        """Forget what came."""
