"""Writing one row where Django's own saving costs more than the database: the statement is put together once for a model and its columns.

Receivers of post_save hear of the row as ever (row seals, notices, marks). The statement that writes a sealed row also gives it back as it now
stands, so that its seal needs no further reading. Only for plain rows: no inheritance of tables, no defaults that the database makes.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models.signals import post_save

from gongmo.ledger import rows
from gongmo.ledger.asking import Rows, write

M = TypeVar("M", bound=models.Model)


class Besides(NamedTuple):
    """What a statement asks beyond its own table: a further condition with its values, and expressions whose values it tells with each row."""

    condition: str = ""
    values: tuple[Any, ...] = ()
    told: str = ""


_NOTHING = Besides()


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


def update_as_seen(
    row: models.Model, *names: str, seen: Mapping[str, Any], besides: Besides = _NOTHING
) -> Sequence[Any] | None:
    """Store these fields of a sealed row, provided that the fields of `seen` still hold what they are told to, and lock it so until the
    transaction ends. The values that `besides` tells; None, and nothing is written, where the row or anything besides has changed.
    """
    values = {name: _field(type(row), name).value_from_object(row) for name in names}
    found = _written(type(row), values, {"pk": row.pk, **seen}, besides)
    if not found:
        return None
    width = len(type(row)._meta.concrete_fields)
    with rows.written(type(row), row.pk, [found[0][:width]]):
        post_save.send(
            type(row),
            instance=row,
            created=False,
            update_fields=frozenset(names),
            raw=False,
            using=DEFAULT_DB_ALIAS,
        )
    return found[0][width:]


def update_where(model: type[M], values: Mapping[str, Any], where: Mapping[str, Any]) -> list[M]:
    """Store these values in every row of a sealed model whose fields hold those of `where` (None: nothing). The rows as they now stand.

    As with a queryset's `update`, post_save is not sent.
    """
    told = _written(model, values, where)
    for each in told:
        key = rows.key_in(model, each)
        with rows.written(model, key, [each]):
            rows.touch(model, [key], DEFAULT_DB_ALIAS)
    return rows.whole(model).told(told, connections[DEFAULT_DB_ALIAS])


def _written(
    model: type[models.Model],
    values: Mapping[str, Any],
    where: Mapping[str, Any],
    besides: Besides = _NOTHING,
) -> Rows:
    empty = frozenset(name for name, value in where.items() if value is None)
    sql = _change_where(model, tuple(values), tuple(where), empty, besides.condition, besides.told)
    connection, meta = connections[DEFAULT_DB_ALIAS], model._meta
    given = [(meta.get_field(name), value) for name, value in values.items()]
    given += [(_field(model, name), value) for name, value in where.items() if value is not None]
    params = [field.get_db_prep_save(value, connection) for field, value in given]  # type: ignore[union-attr]
    return write(connection, sql, [*params, *besides.values])[0]


@cache
def _change_where(
    model: type[models.Model],
    names: tuple[str, ...],
    where: tuple[str, ...],
    empty: frozenset[str],
    condition: str,
    told: str,
) -> str:
    quote = connections[DEFAULT_DB_ALIAS].ops.quote_name
    sets = ", ".join(f"{quote(_field(model, name).column)} = %s" for name in names)
    held = [f"{quote(_field(model, each).column)} {'IS NULL' if each in empty else '= %s'}" for each in where]
    held += [condition] if condition else []
    returning = _returning(model) + (f", {told}" if told else "")
    return f"UPDATE {quote(model._meta.db_table)} SET {sets} WHERE {' AND '.join(held)}{returning}"  # noqa: S608


def _field(model: type[models.Model], name: str) -> Any:
    return model._meta.pk if name == "pk" else model._meta.get_field(name)


def _run(row: models.Model, sql: str, fields: tuple[Any, ...], *, add: bool) -> tuple[Rows, int]:
    connection = connections[DEFAULT_DB_ALIAS]
    return write(
        connection,
        sql,
        [field.get_db_prep_save(field.pre_save(row, add), connection) for field in fields],
    )
