"""Locking a row before it is read and then written."""

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
        return _locked.first(model, pk=key) is not None
    found = model._base_manager.select_for_update().filter(pk=key).values_list("pk", flat=True)
    return found.first() is not None


@prepared
def _locked(model: type[models.Model], /, *, pk: int) -> models.QuerySet[models.Model, Any]:
    return model._base_manager.select_for_update().filter(pk=pk).order_by().values_list("pk", flat=True)


def share(model: type[models.Model], key: int) -> bool:
    """Keep others from changing the row until the transaction ends, while any number of transactions may do so side by side; whether there
    is such a row. SQLite lets one transaction write at a time anyhow."""
    if connection.vendor == "sqlite":
        return lock(model, key)
    quote, meta = connection.ops.quote_name, model._meta
    column = quote(str(meta.pk.column)) if meta.pk is not None else ""
    # The names are the model's own.
    sql = f"SELECT 1 FROM {quote(meta.db_table)} WHERE {column} = %s FOR SHARE"  # noqa: S608
    return bool(ask(connection.alias, sql, [key]))
