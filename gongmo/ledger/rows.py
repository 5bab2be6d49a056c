"""Row seals: every entry of the record carries the hashes of the rows that its act wrote.

A model that derives from `Sealed` notes each row that is saved, updated in bulk or deleted; `ledger.commands.append` takes the notes of
the transaction, reads the rows once more (unless the statement that wrote one has given it back, gongmo.ledger.writing) and writes their
hashes into the entry. Folding the record gives the hash that every row must have now, so that a row which anything but a command wrote is found (`gongmo doctor`, invariant `ledger.rows`).

A hash covers the row's columns by their names. When an upgrade changes columns, gongmo.ledger.reshaping carries the seals over.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, NamedTuple, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, models, router
from django.db.models.signals import class_prepared, post_delete, post_save

from gongmo.kernel.canonical import digest
from gongmo.ledger.prepared import Statement, prepared

LENGTH = 32
"""Hex digits kept of a row's SHA-256: enough to find any change, half the room."""
CHUNK = 500

M = TypeVar("M", bound=models.Model)

_models: dict[str, type[models.Model]] = {}
Seals = dict[str, dict[str, str | None]]
"""Row hashes by model label and primary key; None for a deleted row."""


class Note(NamedTuple):
    """A row that the current transaction has written: how often, its seal where the last writing has told it ("": it is gone), and until
    when that holds."""

    times: int
    seal: str | None = None
    span: object = None


Notes = dict[tuple[str, Any], Note]
_NEVER = Note(0)


class Salted(str):
    """A text that carries random bytes of its own (hex). Its seal covers them, too: once the text is destroyed with them, nobody can find
    it by trying what its seal could be the hash of, however short it was."""

    salt: str = ""


class SealedQuerySet(models.QuerySet[M]):
    """Notes the rows that bulk statements write."""

    def update(self, **values: Any) -> int:
        touch(self.model, list(self.values_list("pk", flat=True)), self.db)
        return super().update(**values)

    update.alters_data = True  # type: ignore[attr-defined]

    def bulk_create(self, objs: Iterable[M], *args: Any, **kwargs: Any) -> list[M]:
        made = super().bulk_create(objs, *args, **kwargs)
        touch(self.model, [each.pk for each in made], self.db)
        return made

    def bulk_update(self, objs: Iterable[M], *args: Any, **kwargs: Any) -> int:
        rows = list(objs)
        touch(self.model, [each.pk for each in rows], self.db)
        return super().bulk_update(rows, *args, **kwargs)


SealedManager = models.Manager.from_queryset(SealedQuerySet)


class Sealed(models.Model):
    """A row that only commands may write."""

    objects = SealedManager()

    class Meta:
        abstract = True


def sealed_models() -> dict[str, type[models.Model]]:
    """Every sealed model by its label ("applications.member")."""
    return dict(_models)


def touch(model: type[models.Model], keys: Iterable[Any], using: str) -> None:
    """Note rows of the current transaction as written."""
    noted, label = _noted(using), model._meta.label_lower
    for key in keys:
        if key is not None:
            place = (label, key)
            noted[place] = Note(noted.get(place, _NEVER).times + 1)


def _noted(using: str) -> Notes:
    return _noted_in(connections[using])


def _noted_in(connection: Any) -> Notes:
    found: Notes = connection.__dict__.setdefault("gongmo_touched", {})
    return found


@contextmanager
def written(model: type[models.Model], key: Any, told: Sequence[Sequence[Any]]) -> Iterator[None]:
    """Around the signal of a row that a statement wrote and gave back (`told`, as the driver gives it): it is not read once more for
    its seal, unless anything else writes it, too."""
    place, connection = (model._meta.label_lower, key), connections[DEFAULT_DB_ALIAS]
    times = _noted_in(connection).get(place, _NEVER).times + 1
    yield
    if not told:
        return
    noted = _noted_in(connection)
    # The signal itself is one writing; one more is another statement's, which may have changed what was given back.
    if noted.get(place, _NEVER).times == times:
        values = whole(model).converted(told[0], connection)
        noted[place] = Note(times, _seal(model, values), _span(connection))


def tell(label: str, seals: Mapping[str, str | None], using: str) -> None:
    """Give the next entry these seals of a table's rows, as they are."""
    noted, span = _noted(using), _span(connections[using])
    noted.update(((label, key), Note(1, each or "", span)) for key, each in seals.items())


def _span(connection: Any) -> object:
    """What stays the same object until the transaction ends or a part of it is taken back: Django's list of what is to be done after it."""
    return connection.run_on_commit


def key_in(model: type[models.Model], told: Sequence[Any]) -> Any:
    """The primary key in a row that a statement gave back."""
    key: Any = model._meta.pk
    return told[_columns(model).index(key.attname)]


def whole(model: type[models.Model]) -> Statement:
    """The statement of one row: it knows what the columns that a driver gives are in Python."""
    found = _one.statement(model)
    if found is None:  # pragma: no cover - a row by its key
        raise TypeError(model._meta.label)
    return found


def take(using: str) -> Seals:
    """The hashes, as they stand now, of the rows noted since the last entry. Forgets the notes."""
    noted: Notes = connections[using].__dict__.pop("gongmo_touched", {})
    keys: dict[str, list[Any]] = {}
    found: Seals = {}
    span = _span(connections[using])
    for (label, key), note in noted.items():
        if note.seal is not None and note.span is span:
            found.setdefault(label, {})[str(key)] = note.seal or None
        else:
            keys.setdefault(label, []).append(key)
    for label, wanted in keys.items():
        rows = found.setdefault(label, {})
        rows.update((str(key), None) for key in wanted)
        if len(wanted) == 1 and isinstance(wanted[0], int) and using == DEFAULT_DB_ALIAS:
            rows.update((str(row.pk), seal(row)) for row in _one(_models[label], pk=wanted[0]))
            continue
        for start in range(0, len(wanted), CHUNK):
            part = _models[label]._base_manager.using(using).filter(pk__in=wanted[start : start + CHUNK])
            rows.update((str(row.pk), seal(row)) for row in part)
    return found


@prepared
def _one(model: type[models.Model], /, *, pk: int) -> models.QuerySet[models.Model]:
    return model._base_manager.filter(pk=pk).order_by()


def seal(row: models.Model) -> str:
    """A row's hash: all its stored fields in canonical form."""
    return _seal(type(row), [getattr(row, name) for name in _columns(type(row))])


def _seal(model: type[models.Model], values: Sequence[Any]) -> str:
    plain = ([each, each.salt] if isinstance(each, Salted) and each.salt else each for each in values)
    named = dict(zip(_columns(model), plain, strict=True))
    return digest([model._meta.label_lower, named])[:LENGTH]


def columns(model: type[models.Model]) -> tuple[str, ...]:
    """The names that a row's seal covers, each with its value."""
    return _columns(model)


def forget_columns() -> None:
    """Let go of models that stood for the tables of a moment in an upgrade."""
    _columns.cache_clear()


@cache
def _columns(model: type[models.Model]) -> tuple[str, ...]:
    return tuple(field.attname for field in model._meta.concrete_fields)


def fold(entries: Iterable[Mapping[str, Any]]) -> Seals:
    """The last hash of every row by the bodies of the entries in their order."""
    last: Seals = {}
    for body in entries:
        for label, rows in body.get("rows", {}).items():
            last.setdefault(label, {}).update(rows)
    return last


def differences(told: Seals) -> Iterator[tuple[str, str, str]]:
    """Rows that are not as the record tells: the row's name, what is there, what must be there."""
    for label, model in sorted(_models.items()):
        for key, observed, expected in compared(model, told.get(label, {}), router.db_for_read(model)):
            yield f"{label} {key}", observed, expected


def compared(
    model: type[models.Model], told: Mapping[str, str | None], using: str
) -> Iterator[tuple[str, str, str]]:
    """The rows of one table that are not as they should be: the row's key, what is there, what must be there."""
    expected = dict(told)
    for row in model._base_manager.using(using).iterator(chunk_size=CHUNK):
        wanted = expected.pop(str(row.pk), None)
        if wanted is None:
            yield str(row.pk), "a row that no recorded act wrote", "no such row"
        elif wanted != (actual := seal(row)):
            yield str(row.pk), f"content {actual}", f"content {wanted}"
    for key, wanted in expected.items():
        if wanted is not None:
            yield key, "no such row", f"content {wanted}"


def _saved(sender: type[models.Model], instance: models.Model, using: str, **_: Any) -> None:
    touch(sender, [instance.pk], using)


def _prepared(sender: type[models.Model], **_: Any) -> None:
    """Watch each concrete model that derives from `Sealed` as soon as its class is made."""
    if issubclass(sender, Sealed) and not sender._meta.abstract and not sender._meta.proxy:
        if sender.__module__ == "__fake__":  # a migration's picture of a model
            return
        _models[sender._meta.label_lower] = sender
        post_save.connect(_saved, sender=sender)
        post_delete.connect(_saved, sender=sender)


class_prepared.connect(_prepared)
