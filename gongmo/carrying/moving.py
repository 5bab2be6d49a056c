"""Carrying an installation from one database and storage to others, without a backup in between."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler

from gongmo.carrying.arriving import Arrived, arrive
from gongmo.carrying.live import Live
from gongmo.carrying.source import Progress, silent
from gongmo.files.storage import storage_at


def move(*, database: dict[str, Any], files: str, progress: Progress = silent) -> Arrived:
    """Bring the installation of that database (Django's setting) and storage (its address) into the one that the settings name.

    The old one stays as it is. A SQLite database is held meanwhile, so that nobody writes what would not come along; of another one it is
    told afterwards. Raises as `arrive`.
    """
    handler = ConnectionHandler({"default": {}, "source": database})
    connection = handler.create_connection("source")
    with _held(connection) as own:
        source = Live(own, storage_at(files), without=frozenset())
        done = arrive(source, progress=progress)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT COALESCE(MAX(sequence), 0) FROM ledger_entry")
            entries = cursor.fetchone()[0]
    finally:
        connection.close()
    if entries != source.told.entries:
        done.notes.append(
            (
                f"옮기는 동안 원래 쪽에 기록이 {entries - source.told.entries}건 늘었고, 그것은 오지 않았습니다. 서버를 모두 멈추고 빈 곳에 다시 옮겨 주세요.",
                f"{entries - source.told.entries} acts were recorded at the old place meanwhile and did not come. Stop every server and move again to an empty place.",
            )
        )
        done.whole = False
    return done


@contextmanager
def _held(connection: BaseDatabaseWrapper) -> Iterator[BaseDatabaseWrapper]:
    """The old database as of one moment; SQLite lets nobody write until the end."""
    begin = (
        "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        if connection.vendor == "postgresql"
        else "BEGIN IMMEDIATE"
    )
    with connection.cursor() as cursor:
        cursor.execute(begin)
    try:
        yield connection
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ROLLBACK")
