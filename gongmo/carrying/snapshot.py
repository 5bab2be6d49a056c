"""One moment of a database, read while it is written to."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.backends.base.base import BaseDatabaseWrapper


@contextmanager
def moment(connection: BaseDatabaseWrapper) -> Iterator[BaseDatabaseWrapper]:
    """A connection of its own on which everything is read as it stood at the beginning. Nobody who writes waits for it.

    PostgreSQL: one REPEATABLE READ transaction. SQLite: one read transaction, which in WAL mode sees one state of the database.
    """
    own = connection.copy()
    try:
        with own.cursor() as cursor:
            if own.vendor == "postgresql":
                cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                cursor.execute("SELECT 1")
            else:
                cursor.execute("BEGIN DEFERRED")
                cursor.execute("SELECT COUNT(*) FROM sqlite_master")
        yield own
        with own.cursor() as cursor:
            cursor.execute("ROLLBACK")
    finally:
        own.close()
