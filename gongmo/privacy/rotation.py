"""Encrypting anew with the present key, while everything runs."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.db import connection, models, transaction

from gongmo.privacy import keys
from gongmo.privacy.fields import encrypted

BATCH = 200


def rotate(field: models.Field[Any, Any]) -> Iterator[int]:
    """Close every value of a column with the present key, a batch in a transaction; yields how many were closed in each.

    A value that somebody writes meanwhile is left as it was written: it is closed with the present key already.
    """
    ring, place = keys.keyring(anew=True), _place(field)
    table, column, key = _names(field)
    last: Any = None
    standing = f"{keys.MARK}{ring.present}:%"
    while True:
        more = f"AND {key} > %s" if last is not None else ""
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {key}, {column} FROM {table} WHERE {column} IS NOT NULL AND {column} <> ''"  # noqa: S608
                f" AND {column} NOT LIKE %s {more} ORDER BY {key} LIMIT {BATCH}",
                [standing, *([last] if last is not None else [])],
            )
            rows = cursor.fetchall()
        if not rows:
            return
        last = rows[-1][0]
        with transaction.atomic(), connection.cursor() as cursor:
            for pk, stored in rows:
                cursor.execute(
                    f"UPDATE {table} SET {column} = %s WHERE {key} = %s AND {column} = %s",  # noqa: S608
                    [keys.closed_anew(ring, place, stored), pk, stored],
                )
        yield len(rows)


def census() -> dict[str, Counter[str]]:
    """How many values of each column each key holds ("" for those that are not encrypted). Reads every value's beginning."""
    found: dict[str, Counter[str]] = {}
    for field in encrypted:
        table, column, _ = _names(field)
        counted: Counter[str] = Counter()
        with connection.cursor() as cursor:
            # An id has at most 12 letters: the mark, the id and its colon stand at the beginning.
            cursor.execute(
                f"SELECT SUBSTR({column}, 1, {len(keys.MARK) + 13}) FROM {table}"  # noqa: S608
                f" WHERE {column} IS NOT NULL AND {column} <> ''"
            )
            while rows := cursor.fetchmany(5000):
                counted.update(keys.key_of(begun) for (begun,) in rows)
        found[_place(field)] = counted
    return found


def locked() -> list[str]:
    """What the given keys do not open: one sentence for each column and key. One value of each is tried; plain ones are no matter here.

    Columns that are not there yet (the tables of an older version) are left out.
    """
    ring, found = keys.keyring(anew=True), []
    tables = set(connection.introspection.table_names())
    for field in encrypted:
        table, column, _ = _names(field)
        if field.model._meta.db_table not in tables or field.column not in _columns(
            field.model._meta.db_table
        ):
            continue
        closed = [f"{keys.MARK}{name}:%" for name in ring.ids]
        others = " AND ".join([f"{column} NOT LIKE %s"] * len(closed))
        samples = [(f"{column} LIKE %s", [each]) for each in closed]
        for condition, values in [*samples, (f"{column} LIKE %s AND {others}", [f"{keys.MARK}%", *closed])]:
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT {column} FROM {table} WHERE {condition} LIMIT 1", values)  # noqa: S608
                row = cursor.fetchone()
            try:
                if row is not None:
                    ring.open(_place(field), row[0])
            except keys.Unreadable as error:
                found.append(str(error))
    return found


def _columns(table: str) -> set[str]:
    with connection.cursor() as cursor:
        return {each.name for each in connection.introspection.get_table_description(cursor, table)}


def _place(field: models.Field[Any, Any]) -> str:
    return f"{field.model._meta.label_lower}.{field.name}"


def _names(field: models.Field[Any, Any]) -> tuple[str, str, str]:
    quote = connection.ops.quote_name
    key: Any = field.model._meta.pk
    return quote(field.model._meta.db_table), quote(str(field.column)), quote(str(key.column))
