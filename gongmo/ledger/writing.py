"""Writing one row where Django's own saving costs more than the database: the statement is put together once for a model and its columns.

Receivers of post_save hear of the row as ever (row seals, notices, marks). The statement that writes a sealed row also gives it back as it now
stands, so that its seal needs no further reading. Only for plain rows: no inheritance of tables, no defaults that the database makes.
"""

from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models.signals import post_save

from gongmo.ledger import rows
from gongmo.ledger.asking import Rows, write


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
    sql = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({places}){_returning(model)}"  # noqa: S608
    return sql, fields


@cache
def _change(model: type[models.Model], names: tuple[str, ...]) -> tuple[str, tuple[Any, ...]]:
    quote = connections[DEFAULT_DB_ALIAS].ops.quote_name
    fields: tuple[Any, ...] = tuple(model._meta.get_field(name) for name in names)
    sets = ", ".join(f"{quote(field.column)} = %s" for field in fields)
    key: Any = model._meta.pk
    sql = f"UPDATE {quote(model._meta.db_table)} SET {sets} WHERE {quote(key.column)} = %s{_returning(model)}"  # noqa: S608
    return sql, (*fields, key)


def _returning(model: type[models.Model]) -> str:
    """The clause that gives a sealed row back as it now stands (SQLite from 3.35, PostgreSQL)."""
    connection = connections[DEFAULT_DB_ALIAS]
    if not issubclass(model, rows.Sealed) or not connection.features.can_return_columns_from_insert:
        return ""
    columns = (connection.ops.quote_name(str(field.column)) for field in model._meta.concrete_fields)
    return f" RETURNING {', '.join(columns)}"


def insert(row: models.Model) -> None:
    """Store a new row. The id that the database counts is read back for sealed rows only."""
    sql, fields = _insertion(type(row))
    written, _ = _run(row, sql, fields, add=True)
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
    if written and row.pk is None:
        row.pk = rows.key_in(type(row), written[0])
    with rows.written(type(row), row.pk, written):
        post_save.send(
            type(row), instance=row, created=True, update_fields=None, raw=False, using=DEFAULT_DB_ALIAS
        )


def update(row: models.Model, *names: str) -> None:
    """Store these fields of a row that is there. Raises its DoesNotExist where it is not."""
    sql, fields = _change(type(row), names)
    written, number = _run(row, sql, fields, add=False)
    if not number:
        raise type(row).DoesNotExist  # type: ignore[attr-defined]
    changed = frozenset(names)
    with rows.written(type(row), row.pk, written):
        post_save.send(
            type(row), instance=row, created=False, update_fields=changed, raw=False, using=DEFAULT_DB_ALIAS
        )


def _run(row: models.Model, sql: str, fields: tuple[Any, ...], *, add: bool) -> tuple[Rows, int]:
    connection = connections[DEFAULT_DB_ALIAS]
    return write(
        connection,
        sql,
        [field.get_db_prep_save(field.pre_save(row, add), connection) for field in fields],
    )
