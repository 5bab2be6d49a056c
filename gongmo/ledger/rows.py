"""Row seals: every entry of the record carries the hashes of the rows that its act wrote.

A model that derives from `Sealed` notes each row that is saved, updated in bulk or deleted; `ledger.commands.append` takes the notes of
the transaction, reads the rows once more and writes their hashes into the entry. Folding the record gives the hash that every row must
have now, so that a row which anything but a command wrote is found (`gongmo doctor`, invariant `ledger.rows`).
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, models, router
from django.db.models.signals import class_prepared, post_delete, post_save

from gongmo.kernel.canonical import digest
from gongmo.ledger.prepared import prepared

LENGTH = 32
"""Hex digits kept of a row's SHA-256: enough to find any change, half the room."""
CHUNK = 500

M = TypeVar("M", bound=models.Model)

_models: dict[str, type[models.Model]] = {}
Seals = dict[str, dict[str, str | None]]
"""Row hashes by model label and primary key; None for a deleted row."""


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
    noted: set[tuple[str, Any]] = connections[using].__dict__.setdefault("gongmo_touched", set())
    noted.update((model._meta.label_lower, key) for key in keys if key is not None)


def take(using: str) -> Seals:
    """The hashes, as they stand now, of the rows noted since the last entry. Forgets the notes."""
    noted: set[tuple[str, Any]] = connections[using].__dict__.pop("gongmo_touched", set())
    keys: dict[str, list[Any]] = {}
    for label, key in noted:
        keys.setdefault(label, []).append(key)
    found: Seals = {}
    for label, wanted in keys.items():
        rows = found.setdefault(label, {str(key): None for key in wanted})
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
    values = {name: getattr(row, name) for name in _columns(type(row))}
    return digest([row._meta.label_lower, values])[:LENGTH]


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
        expected = dict(told.get(label, {}))
        for row in model._base_manager.using(router.db_for_read(model)).iterator(chunk_size=CHUNK):
            wanted = expected.pop(str(row.pk), None)
            if wanted is None:
                yield f"{label} {row.pk}", "a row that no recorded act wrote", "no such row"
            elif wanted != (actual := seal(row)):
                yield f"{label} {row.pk}", f"content {actual}", f"content {wanted}"
        for key, wanted in expected.items():
            if wanted is not None:
                yield f"{label} {key}", "no such row", f"content {wanted}"


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
