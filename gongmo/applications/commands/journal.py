"""The journal of every field: what each save changed, and which revision of a field somebody saw."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import takewhile
from typing import Any, NamedTuple, TypeVar

from django.db.models import Model, OuterRef, QuerySet, Subquery

from gongmo.applications.models import Application, FieldChange
from gongmo.kernel.actor import Actor
from gongmo.ledger.prepared import prepared
from gongmo.ledger.writing import insert, update

M = TypeVar("M", bound=Model)

_MANY = 300
"""Beyond so many paths the newest lines of all fields are read instead."""


class Change(NamedTuple):
    """A field's value before and after, as JSON types (None: nothing there)."""

    path: str
    before: Any
    after: Any


class Latest(NamedTuple):
    """The newest journal line of a field."""

    id: int
    revision: int
    changed_at: datetime
    changed_by: int | None


def with_newest(found: QuerySet[M], application: int, path: str) -> QuerySet[M]:
    """Rows with the newest journal line of one field in the same statement (`newest_in`)."""
    lines = FieldChange.objects.filter(application=application, path=path).order_by("-revision")
    annotated: Any = found.annotate(
        line_pk=Subquery(lines.values("pk")[:1]),
        line_revision=Subquery(lines.values("revision")[:1]),
        line_at=Subquery(lines.values("changed_at")[:1]),
        line_by=Subquery(lines.values("changed_by_id")[:1]),
    )
    told: QuerySet[M] = annotated
    return told


def newest_in(row: Any) -> Latest | None:
    """The newest journal line that was read with a row, None for a field that was never changed."""
    return None if row.line_pk is None else Latest(row.line_pk, row.line_revision, row.line_at, row.line_by)


def latest_of(application: Application, paths: Sequence[str]) -> dict[str, Latest]:
    """The newest journal line of each path that was ever changed. One query."""
    if not paths:
        return {}
    if len(paths) == 1:
        return {line[0]: Latest(*line[1:]) for line in _latest(application=application.pk, path=paths[0])}
    lines = FieldChange.objects.filter(application=application)
    same = lines.filter(path=OuterRef("path")).order_by("-revision")
    rows = lines.filter(revision=Subquery(same.values("revision")[:1]))
    if len(paths) <= _MANY:
        rows = rows.filter(path__in=paths)
    wanted = set(paths)
    found = rows.values_list("path", "id", "revision", "changed_at", "changed_by_id")
    return {path: Latest(pk, number, at, by) for path, pk, number, at, by in found if path in wanted}


@prepared
def _latest(
    *, application: int, path: str
) -> QuerySet[FieldChange, tuple[str, int, int, datetime, int | None]]:
    lines = FieldChange.objects.filter(application=application, path=path).order_by("-revision")
    return lines.values_list("path", "id", "revision", "changed_at", "changed_by_id")[:1]


def write_journal(
    actor: Actor,
    application: Application,
    changes: Iterable[Change],
    latest: dict[str, Latest] | None = None,
) -> dict[str, int]:
    """Write the changes under the application's present revision and instant. Answers the new revision of each path."""
    changes = list(changes)
    if latest is None:
        latest = latest_of(application, [change.path for change in changes])
    revisions: dict[str, int] = {}
    added: list[FieldChange] = []
    for change in changes:
        last = latest.get(change.path)
        revisions[change.path] = (last.revision if last else 0) + 1
        if (
            last is not None
            and last.changed_by == actor.person
            and _minute(application.changed_at) == _minute(last.changed_at)
            and _goes_on(change.before, change.after)
        ):
            line = FieldChange(
                pk=last.id,
                revision=revisions[change.path],
                at_revision=application.revision,
                after=change.after,
                changed_at=application.changed_at,
            )
            update(line, "revision", "at_revision", "after", "changed_at")
            continue
        added.append(
            FieldChange(
                application=application,
                path=change.path,
                revision=revisions[change.path],
                at_revision=application.revision,
                before=change.before,
                after=change.after,
                changed_at=application.changed_at,
                changed_by_id=actor.person,
            )
        )
    if len(added) == 1:
        insert(added[0])
    else:
        FieldChange.objects.bulk_create(added, batch_size=500)
    return revisions


def _minute(instant: datetime) -> datetime:
    return instant.replace(second=0, microsecond=0)


def _goes_on(before: Any, after: Any) -> bool:
    """Whether a text is being typed on: most of what stood is kept. Text that was replaced has a line of its own, so that it can be brought back."""
    if not isinstance(before, str) or not isinstance(after, str):
        return False
    start = _alike(before, after)
    end = _alike(before[start:][::-1], after[start:][::-1])
    return 2 * (start + end) >= len(before)


def _alike(one: str, other: str) -> int:
    """How many letters two texts have in common at their start."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
