"""Sending one finished statement to the database: what Django's cursor does for every statement, done only where it is needed.

Django wraps each cursor to log statements, and rewrites the placeholders of each statement for SQLite anew. Where no log is kept, the statement
goes straight to the driver: with the same connection, transaction and errors, and through whatever was put around statements (their timing).
"""

from collections.abc import Sequence
from functools import lru_cache, partial
from typing import Any

from django.db.backends.sqlite3.base import FORMAT_QMARK_REGEX

Rows = list[tuple[Any, ...]]


def ask(connection: Any, sql: str, params: Sequence[Any]) -> Rows:
    """The rows that a statement gives; none for one that gives no rows. `connection` is Django's. Raises the errors of django.db."""
    return write(connection, sql, params)[0]


def write(connection: Any, sql: str, params: Sequence[Any]) -> tuple[Rows, int]:
    """The rows that a statement gives (RETURNING), and how many it has written."""
    if connection.vendor != "sqlite" or connection.force_debug_cursor:
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            return _told(cursor)
    connection.validate_thread_sharing()
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    with connection.wrap_database_errors:
        bare = connection.connection.cursor()
        execute: Any = _execute
        for around in reversed(connection.execute_wrappers):
            execute = partial(around, execute)
        execute(sql, params, False, {"connection": connection, "cursor": bare})
        return _told(bare)


def _execute(sql: str, params: Sequence[Any], many: bool, context: Any) -> Any:
    return context["cursor"].execute(_marked(sql), params)


def _told(cursor: Any) -> tuple[Rows, int]:
    # Rows first: SQLite counts what was written once all of them are read.
    rows = cursor.fetchall() if cursor.description is not None else []
    return rows, cursor.rowcount


@lru_cache(maxsize=4096)
def _marked(sql: str) -> str:
    """The statement with SQLite's placeholders."""
    return FORMAT_QMARK_REGEX.sub("?", sql).replace("%%", "%")
