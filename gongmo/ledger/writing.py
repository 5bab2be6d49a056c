"""Writing one row where Django's own saving costs more than the database: the statement is put together once for a model and its columns.

Receivers of post_save hear of the row as ever (row seals, notices, marks). Only for plain rows: no inheritance of tables, no defaults that
the database makes.
"""

from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models.signals import post_save


@cache
def _insertion(model: type[models.Model]) -> tuple[str, tuple[Any, ...]]:
    quote = connections[DEFAULT_DB_ALIAS].ops.quote_name
    fields = tuple(
        field
        for field in model._meta.concrete_fields
        if not isinstance(field, models.AutoField | models.BigAutoField)
    )
    columns = ", ".join(quote(str(field.column)) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    return f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({places})", fields  # noqa: S608


@cache
def _change(model: type[models.Model], names: tuple[str, ...]) -> tuple[str, tuple[Any, ...]]:
    quote = connections[DEFAULT_DB_ALIAS].ops.quote_name
    fields: tuple[Any, ...] = tuple(model._meta.get_field(name) for name in names)
    sets = ", ".join(f"{quote(field.column)} = %s" for field in fields)
    key: Any = model._meta.pk
    return f"UPDATE {quote(model._meta.db_table)} SET {sets} WHERE {quote(key.column)} = %s", (*fields, key)  # noqa: S608


def insert(row: models.Model) -> None:
    """Store a new row. Its id, where the database counts, is not read back."""
    sql, fields = _insertion(type(row))
    _run(row, sql, fields, add=True)
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
    post_save.send(
        type(row), instance=row, created=True, update_fields=None, raw=False, using=DEFAULT_DB_ALIAS
    )


def update(row: models.Model, *names: str) -> None:
    """Store these fields of a row that is there. Raises its DoesNotExist where it is not."""
    sql, fields = _change(type(row), names)
    if not _run(row, sql, fields, add=False):
        raise type(row).DoesNotExist  # type: ignore[attr-defined]
    changed = frozenset(names)
    post_save.send(
        type(row), instance=row, created=False, update_fields=changed, raw=False, using=DEFAULT_DB_ALIAS
    )


def _run(row: models.Model, sql: str, fields: tuple[Any, ...], *, add: bool) -> int:
    connection = connections[DEFAULT_DB_ALIAS]
    values = [field.get_db_prep_save(field.pre_save(row, add), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.rowcount)
