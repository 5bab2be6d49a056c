"""Rows in a form that no database owns: read from one, written into another, and compared.

A row is a list of plain values in the order of the table's columns: None, bool, int, str, or what a JSON column holds. Instants are UTC in
ISO 8601, decimals and UUIDs text, bytes base64. What is encrypted in the database stays so.
"""

import base64
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any, cast
from uuid import UUID

from django.apps import apps as present
from django.apps.registry import Apps
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from gongmo.privacy.fields import EncryptedJSON, EncryptedText

CHUNK = 1000
OWN = frozenset({"django_migrations", "gongmo_cache", "files_piece"})
"""Tables that each installation makes for itself: its migrations, counts of sign-in attempts, where its storage keeps pieces of uploads."""
SESSIONS = frozenset({"django_session", "usersessions_usersession"})
"""Who is signed in: good for hours, and as good as a password, so that no backup holds it."""
ENCRYPTED = (EncryptedText, EncryptedJSON)
MODULUS = 2**256

Row = list[Any]


def tables(apps: Apps = present, *, without: frozenset[str] = frozenset()) -> dict[str, type[models.Model]]:
    """Every table that is carried, with its model, by name."""
    found: dict[str, type[models.Model]] = {
        model._meta.db_table: model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    }
    return {name: found[name] for name in sorted(found) if name not in OWN | without}


@dataclass(slots=True)
class Digest:
    """Rows counted, and their hashes added up: the same for the same rows in any order (databases order text differently)."""

    count: int = 0
    total: int = 0

    def add(self, row: Row) -> None:
        self.count += 1
        self.total = (self.total + int.from_bytes(sha256(canonical(row)).digest())) % MODULUS

    def __str__(self) -> str:
        return f"{self.total:064x}"


@dataclass(slots=True)
class Counted:
    """Passes rows on and takes their digest on the way."""

    rows: Iterable[Row]
    digest: Digest = field(default_factory=Digest)

    def __iter__(self) -> Iterator[Row]:
        for row in self.rows:
            self.digest.add(row)
            yield row


def canonical(row: Row) -> bytes:
    """The bytes of a row, the same whatever database it was in."""
    return json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode(
        "utf-8", "surrogatepass"
    )


def columns(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """A table's columns in the order in which rows travel: by name, for the order of a model's fields changes with its history."""
    return sorted(model._meta.local_concrete_fields, key=lambda each: str(each.column))


def read(connection: BaseDatabaseWrapper, model: type[models.Model]) -> Iterator[Row]:
    """A table's rows in the order of their keys (the record's guards want its entries so)."""
    fields = columns(model)
    quote = connection.ops.quote_name
    cols = [each.get_col(model._meta.db_table) for each in fields]
    converters = [
        # Ciphertext travels as it lies.
        []
        if isinstance(each, ENCRYPTED)
        else [*connection.ops.get_db_converters(col), *col.get_db_converters(connection)]
        for each, col in zip(fields, cols, strict=True)
    ]
    names = ", ".join(quote(str(each.column)) for each in fields)
    key = quote(str(model._meta.pk.column))
    with connection.chunked_cursor() as cursor:
        cursor.execute(f"SELECT {names} FROM {quote(model._meta.db_table)} ORDER BY {key}")  # noqa: S608 - names of tables
        while chunk := cursor.fetchmany(CHUNK):
            for values in chunk:
                row = []
                for value, col, steps in zip(values, cols, converters, strict=True):
                    for step in steps:
                        value = step(value, col, connection)
                    row.append(plain(value))
                yield row


def plain(value: Any) -> Any:
    """A value as it travels. Raises TypeError for a kind that is not known."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return base64.b64encode(bytes(value)).decode("ascii")
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    if isinstance(value, float):
        # Only inside JSON. PostgreSQL writes large ones without an exponent, and they come back as whole numbers.
        return int(value) if value.is_integer() and abs(value) >= 1e16 else value
    raise TypeError(f"{type(value).__name__} cannot be carried")


def _reader(column: models.Field[Any, Any]) -> Any:
    """What makes a plain value one that the column's `get_db_prep_save` takes."""
    target: Any = column.target_field if isinstance(column, models.ForeignKey) else column
    if isinstance(target, models.DateTimeField):
        return datetime.fromisoformat
    if isinstance(target, models.DateField):
        return date.fromisoformat
    if isinstance(target, models.DecimalField):
        return Decimal
    if isinstance(target, models.UUIDField):
        return UUID
    if isinstance(target, models.BinaryField):
        return base64.b64decode
    return None


def write(connection: BaseDatabaseWrapper, model: type[models.Model], rows: Iterable[Row]) -> int:
    """Put rows into an empty table as they are, inside the caller's transaction. Returns how many. Raises what the database raises."""
    fields = columns(model)
    quote = connection.ops.quote_name
    names = ", ".join(quote(str(each.column)) for each in fields)
    table = quote(model._meta.db_table)
    readers = [_reader(each) for each in fields]
    count = 0

    def prepared() -> Iterator[list[Any]]:
        nonlocal count
        for row in rows:
            count += 1
            yield [
                _stored(column, value if value is None or reader is None else reader(value), connection)
                for column, reader, value in zip(fields, readers, row, strict=True)
            ]

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for values in prepared():
                    copy.write_row(values)
        else:
            places = ", ".join(["%s"] * len(fields))
            statement = f"INSERT INTO {table} ({names}) VALUES ({places})"  # noqa: S608
            cursor.executemany(statement, cast(Any, prepared()))
    return count


def _stored(column: models.Field[Any, Any], value: Any, connection: BaseDatabaseWrapper) -> Any:
    if isinstance(column, ENCRYPTED):
        return value
    if value is None and isinstance(column, models.JSONField) and not column.null:
        # JSON's null, for a column that may not be empty.
        return column.get_db_prep_value(None, connection)
    return column.get_db_prep_save(value, connection)


def sequences(connection: BaseDatabaseWrapper, names: Iterable[str]) -> dict[str, int]:
    """The last number that each table's counter has given; tables without one, or from which none was taken, are missing."""
    wanted = set(names)
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            cursor.execute("SELECT name, seq FROM sqlite_sequence")
            return {name: int(last) for name, last in cursor.fetchall() if name in wanted and last}
        found: dict[str, int] = {}
        for name, column in _counters(connection, wanted):
            cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [f'"{name}"', column])
            sequence = cursor.fetchone()[0]
            cursor.execute(f"SELECT last_value FROM {sequence} WHERE is_called")  # noqa: S608 - the database's own name
            if row := cursor.fetchone():
                found[name] = int(row[0])
        return found


def set_sequences(connection: BaseDatabaseWrapper, wanted: dict[str, int], apps: Apps = present) -> None:
    """Let every counter of the tables of `apps` go on after the last number that was ever given, so that no number of a deleted row comes again."""
    with connection.cursor() as cursor:
        for name, column in _counters(connection, set(tables(apps)), apps):
            quoted = connection.ops.quote_name(name)
            cursor.execute(f"SELECT MAX({connection.ops.quote_name(column)}) FROM {quoted}")  # noqa: S608
            last = max(wanted.get(name, 0), cursor.fetchone()[0] or 0)
            if connection.vendor == "postgresql":
                cursor.execute(
                    "SELECT setval(pg_get_serial_sequence(%s, %s), %s, %s)",
                    [f'"{name}"', column, max(last, 1), last > 0],
                )
            else:
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [name])
                if last:
                    cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [name, last])


def _counters(
    connection: BaseDatabaseWrapper, names: set[str], apps: Apps = present
) -> list[tuple[str, str]]:
    """Tables whose key the database counts, with the key's column."""
    return [
        (name, str(model._meta.pk.column))
        for name, model in tables(apps).items()
        if name in names and isinstance(model._meta.pk, models.AutoField | models.BigAutoField)
    ]
