"""An installation that is there, as a source."""

import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, cast

from django.conf import settings
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from gongmo import __version__
from gongmo.carrying import rows
from gongmo.carrying.source import CONTENT, OTHER, PREFIXES, UPLOAD, Kept, Told
from gongmo.files.storage import Storage, content
from gongmo.kernel import clock
from gongmo.kernel.canonical import plain
from gongmo.kernel.errors import Refused
from gongmo.ledger import signing
from gongmo.migrating import newer


class Live:
    """One moment of a database (gongmo.carrying.snapshot) with the storage that belongs to it. Whoever reads holds the sweep (places.shared)."""

    def __init__(
        self,
        connection: BaseDatabaseWrapper,
        storage: Storage,
        *,
        without: frozenset[str],
        at: datetime | None = None,
    ) -> None:
        """`at`: an instant before that moment, which stands for it (default: now)."""
        self.connection, self.storage, self.without = connection, storage, without
        _refuse_pending(connection)
        names = rows.tables(without=without)
        with connection.cursor() as cursor:
            cursor.execute("SELECT sequence, hash FROM ledger_entry ORDER BY sequence DESC LIMIT 1")
            entries, last = cursor.fetchone() or (0, "")
            cursor.execute(
                "SELECT size, root, at, signature, public_key FROM ledger_checkpoint ORDER BY size DESC LIMIT 1"
            )
            point = cursor.fetchone()
        mark = Path(settings.GONGMO_REHEARSAL_MARK)
        self.told = Told(
            migrations=applied(connection),
            sequences=rows.sequences(connection, names),
            rehearsal=mark.read_text("utf-8") if mark.is_file() else None,
            secret=fingerprint(),
            signing=signing.public_key(),
            made_at=plain(at or clock.now()),
            version=__version__,
            entries=entries,
            last_hash=last,
            checkpoint=None
            if point is None
            else {
                "size": point[0],
                "root": point[1],
                "at": str(point[2]),
                "signature": point[3],
                "public_key": point[4],
            },
        )

    def rows(self, name: str, model: type[models.Model]) -> Iterator[rows.Row]:
        return rows.read(self.connection, model)

    def files(self) -> Iterator[Kept]:
        with self.connection.chunked_cursor() as cursor:
            # What was destroyed is nowhere to be kept, also where the task that removes it has not come to it yet.
            cursor.execute(
                "SELECT sha256, size FROM files_storedfile WHERE destroyed_at IS NULL ORDER BY sha256"
            )
            while chunk := cursor.fetchmany(rows.CHUNK):
                for sha256, size in chunk:
                    yield Kept(CONTENT, sha256, size, sha256)
        for prefix in PREFIXES:
            for item in self.storage.listed(prefix):
                yield Kept(OTHER, item.key, item.size)
        with self.connection.cursor() as cursor:
            cursor.execute(
                'SELECT id, "offset" FROM files_upload WHERE state IN (%s, %s) AND "offset" > 0 ORDER BY id',
                ["receiving", "checking"],
            )
            under_way = cursor.fetchall()
        for upload_id, offset in under_way:
            yield Kept(UPLOAD, upload_id, offset)

    @contextmanager
    def open(self, kept: Kept) -> Iterator[BinaryIO]:
        if kept.kind == UPLOAD:
            # It may have grown since, at its end; it may also be complete, and gone from here.
            with self.storage.gathered(kept.key) as path, path.open("rb") as handle:
                yield cast(BinaryIO, First(handle, kept.size))
            return
        with self.storage.open(content(kept.key) if kept.kind == CONTENT else kept.key) as handle:
            yield handle


class First:
    """The first so many bytes of an open file."""

    def __init__(self, handle: BinaryIO, left: int) -> None:
        self._handle, self._left = handle, left

    def read(self, size: int = -1, /) -> bytes:
        found = self._handle.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(found)
        return found


def applied(connection: BaseDatabaseWrapper) -> list[tuple[str, str]]:
    """The migrations that a database has, in order of their names."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT app, name FROM {MigrationRecorder.Migration._meta.db_table}")  # noqa: S608
        return sorted((app, name) for app, name in cursor.fetchall())


def _refuse_pending(connection: BaseDatabaseWrapper) -> None:
    """Tables of another version are not read: SQLite takes a column that is not there for a text."""
    known, recorded = set(MigrationLoader(None).graph.nodes), applied(connection)
    if unknown := newer(recorded):
        raise Refused(
            "version_unknown",
            f"데이터베이스가 이 프로그램보다 새로운 판입니다({unknown[0]}). 그 판의 프로그램으로 해 주세요.",
            f"The database is of a newer version than this program ({unknown[0]}). Use the program of that version.",
        )
    pending = known - set(recorded)
    if pending:
        raise Refused(
            "version_pending",
            "데이터베이스가 아직 이 판이 아닙니다. gongmo manage prepare를 실행하거나, 데이터베이스를 쓰던 판의 프로그램으로 해 주세요.",
            "The database is not of this version yet. Run gongmo manage prepare, or use the program of the version that used it.",
        )


def fingerprint() -> str:
    """Tells one GONGMO_SECRET_KEY from another without telling anything of it."""
    return hmac.digest(settings.SECRET_KEY.encode(), b"gongmo/backup/secret", "sha256").hex()[:32]
