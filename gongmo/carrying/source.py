"""What is carried from: one moment of an installation, or a backup. Both tell the same."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Protocol

from django.db import models

from gongmo.carrying.rows import Row

CONTENT, OTHER, UPLOAD = "content", "other", "upload"
PREFIXES = ("derived/", "corpus/")
"""Where the storage keeps what is no content: what was made from contents, and lists that wait to be read."""

Migrations = list[tuple[str, str]]
Progress = Callable[[str, int], None]
"""Told what is being done, and how much of it is done."""


def silent(_: str, __: int) -> None:
    """For who need not be told."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that is carried. `kind`: a content (`key` is its SHA-256), something else of the storage (`key`), or what came of an upload (its id)."""

    kind: str
    key: str
    size: int
    sha256: str = ""
    member: str = ""


@dataclass(slots=True)
class Told:
    """What a source says of itself. `tables`: rows and digest, where they are known beforehand; `missing`: contents that are not there."""

    migrations: Migrations
    tables: dict[str, tuple[int, str]] = field(default_factory=dict)
    sequences: dict[str, int] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    rehearsal: str | None = None
    secret: str = ""
    signing: str = ""
    made_at: str = ""
    version: str = ""
    entries: int = 0
    last_hash: str = ""
    checkpoint: dict[str, Any] | None = None


class Source(Protocol):
    told: Told
    without: frozenset[str]

    def rows(self, name: str, model: type[models.Model]) -> Iterator[Row]:
        """A table's rows in the order of their keys."""

    def files(self) -> Iterator[Kept]:
        """Everything that is carried beside the rows."""

    def open(self, kept: Kept) -> AbstractContextManager[BinaryIO]:
        """Raises OSError, FileNotFoundError where it is gone since."""
