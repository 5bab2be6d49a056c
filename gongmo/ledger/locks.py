"""Locking a row before it is read and then written."""

import zlib
from typing import Any

from django.db import connection, models

from gongmo.ledger.asking import ask
from gongmo.ledger.prepared import prepared


def lock(model: type[models.Model], key: Any) -> bool:
    """Lock the row until the transaction ends; whether there is such a row.

    Read what is joined to it in a second statement: PostgreSQL, having waited for a lock, sees the locked row as it now is but
    its joined rows as they were when the statement began, and loses a joined row whose key has changed meanwhile.
    """
    if isinstance(key, int):
        _queue(model, key, "pg_advisory_xact_lock")
        return _locked.first(model, pk=key) is not None
    found = model._base_manager.select_for_update().filter(pk=key).values_list("pk", flat=True)
    return found.first() is not None


@prepared
def _locked(model: type[models.Model], /, *, pk: int) -> models.QuerySet[models.Model, Any]:
    return model._base_manager.select_for_update().filter(pk=pk).order_by().values_list("pk", flat=True)


def share(model: type[models.Model], key: int) -> None:
    """Keep the row from being changed until the transaction ends, as any number of transactions may do side by side.

    The model says `shared = True`. Whoever wants the row for itself (`lock`) comes in its turn: those who want to share it later wait behind.
    SQLite lets one transaction write at a time anyhow.
    """
    if connection.vendor != "postgresql":
        return
    _queue(model, key, "pg_advisory_xact_lock_shared")
    quote, meta = connection.ops.quote_name, model._meta
    column = quote(str(meta.pk.column)) if meta.pk is not None else ""
    # The names are the model's own.
    ask(connection, f"SELECT 1 FROM {quote(meta.db_table)} WHERE {column} = %s FOR SHARE", [key])  # noqa: S608


def _queue(model: type[models.Model], key: int, function: str) -> None:
    """PostgreSQL lets those who share a row pass by one who waits to change it, for as long as they keep coming; its advisory locks have one queue."""
    if connection.vendor == "postgresql" and getattr(model, "shared", False):
        kind = zlib.crc32(model._meta.db_table.encode()) - 2**31
        ask(connection, f"SELECT {function}(%s, %s)", [kind, key % 2**31])


def take_turn(what: str, key: int) -> None:
    """Wait until nobody else counts `what` for this key, and keep it until the transaction ends: for counts of rows where no row stands for
    the whole. SQLite lets one transaction write at a time anyhow."""
    if connection.vendor == "postgresql":
        ask(
            connection,
            "SELECT pg_advisory_xact_lock(%s, %s)",
            [zlib.crc32(what.encode()) - 2**31, key % 2**31],
        )
