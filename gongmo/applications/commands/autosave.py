"""Saving fields one by one, together, by many people: each change is judged alone, none overwrites what its writer has not seen."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from django.db import transaction

from gongmo.applications import fields
from gongmo.applications.commands.base import changed, keep_before, locked, require_editable
from gongmo.applications.commands.journal import Change, Latest, latest_of
from gongmo.applications.fields.base import Kind, Place
from gongmo.calls.queries import definition_of
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, Refused
from gongmo.ledger.commands import End, end_in
from gongmo.parties.models import Person

SAVE = "applications.save_fields"
MOST = 2000
"""Changes in one save."""
SAVED_BY_HAND = "작성 내용을 저장함"


class FieldInput(NamedTuple):
    """A change of one field: its path, the value as it was entered (JSON types), the field's revision that the writer saw, and what the
    writer has sent before without an answer."""

    path: str
    value: Any
    base: int
    tried: tuple[Any, ...] = ()


class SaveState(StrEnum):
    SAVED = "saved"
    CONFLICT = "conflict"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of one change.

    `revision` and `value` are what is stored now. After a conflict `by` (a name; `own`: the same person) and `at` tell who saved that and when; after a
    refusal `ko` and `en` say what to do.
    """

    path: str
    state: SaveState
    revision: int = 0
    value: Any = None
    by: str = ""
    own: bool = False
    at: datetime | None = None
    code: str = ""
    ko: str = ""
    en: str = ""


@dataclass(frozen=True, slots=True)
class SaveOutcome:
    """The application's revision after a save, the call's closing instant, and what became of each change, in their order."""

    revision: int
    closes_at: datetime
    results: tuple[Saved, ...]


@dataclass(slots=True)
class _Item:
    given: FieldInput
    kind: Kind
    key: Hashable
    value: Any


def save_fields(
    *, actor: Actor, application_id: int, changes: Sequence[FieldInput], by_hand: bool = False
) -> SaveOutcome:
    """Save fields. Each change is judged alone: one that is refused or in conflict does not lose the others.

    A change is in conflict when the field has been saved since the revision that its writer saw (`base`), to another value; then
    nothing is overwritten. The same value again is saved, and what stands by the writer's own earlier sending, whose answer was lost
    (`tried`), is no conflict. Of several changes of one field the last counts. `by_hand` (a form that was
    sent) keeps a version at once. Refused as a whole: too many changes, an application that cannot be changed now.
    """
    with transaction.atomic():
        application = locked(actor, application_id, with_end=True)
        if len(changes) > MOST:
            raise BadInput(
                "too_many_changes",
                f"한 번에 {MOST:,}칸까지 저장할 수 있습니다. 나누어 저장해 주세요.",
                f"At most {MOST:,} fields are saved at once. Save them in parts.",
            )
        require_editable(application)
        alone = changes[0].path if len(changes) == 1 else ""
        at = Place(actor, application, definition_of(application.call), alone=alone)
        results: dict[str, Saved] = {}
        items = _judged(at, changes, results)
        stored = _stored(at, items)
        latest = _latest(at, items)
        writing = _sorted_out(at, items, stored, latest, results)
        if writing:
            _write(at, writing, latest, results, by_hand=by_hand)
    order = dict.fromkeys(change.path for change in changes)
    return SaveOutcome(
        application.revision, application.call.closes_at, tuple(results[path] for path in order)
    )


def _judged(at: Place, changes: Sequence[FieldInput], results: dict[str, Saved]) -> list[_Item]:
    """The changes that may be written and are readable; of the others the refusal is noted."""
    items: list[_Item] = []
    for given in {change.path: change for change in changes}.values():
        try:
            kind, key = fields.parse(at, given.path)
            kind.require(at, key)
            items.append(_Item(given, kind, key, kind.clean(at, key, given.value)))
        except Refused as refused:
            results[given.path] = Saved(
                given.path, SaveState.REFUSED, code=refused.code, ko=refused.ko, en=refused.en
            )
    return items


def _sorted_out(
    at: Place,
    items: list[_Item],
    stored: dict[Kind, dict[Any, Any]],
    latest: dict[str, Latest],
    results: dict[str, Saved],
) -> list[tuple[_Item, Any]]:
    """The changes that are to be written, each with the value that stands; the same and the conflicting ones are noted."""
    writing: list[tuple[_Item, Any]] = []
    conflicts: list[tuple[_Item, Any]] = []
    for item in items:
        path, standing = item.given.path, stored[item.kind][item.key]
        line = latest.get(path)
        revision = line.revision if line is not None else 0
        if item.value == standing:
            results[path] = Saved(path, SaveState.SAVED, revision, standing)
        elif item.given.base != revision and not _sent_before(at, item, line, standing):
            conflicts.append((item, standing))
        else:
            writing.append((item, standing))
    if conflicts:
        _note_conflicts(at.actor.person, conflicts, latest, results)
    return writing


def _sent_before(at: Place, item: _Item, line: Latest | None, standing: Any) -> bool:
    """Whether what stands is what this person has sent before: the save was done, and only its answer has not come."""
    if line is None or line.changed_by != at.actor.person:
        return False
    for value in item.given.tried:
        try:
            if item.kind.clean(at, item.key, value) == standing:
                return True
        except Refused:
            continue
    return False


def _note_conflicts(
    person: int | None,
    conflicts: list[tuple[_Item, Any]],
    latest: dict[str, Latest],
    results: dict[str, Saved],
) -> None:
    lines = (latest.get(item.given.path) for item, _ in conflicts)
    people = {line.changed_by for line in lines if line is not None and line.changed_by is not None}
    names = dict(Person.objects.filter(pk__in=people).values_list("pk", "display_name"))
    for item, standing in conflicts:
        path = item.given.path
        line = latest.get(path)
        by = names.get(line.changed_by or 0, "") if line is not None else ""
        results[path] = Saved(
            path,
            SaveState.CONFLICT,
            line.revision if line is not None else 0,
            standing,
            by,
            line is not None and line.changed_by == person,
            line.changed_at if line is not None else None,
            "field_changed",
            f"그사이 {by or '다른 사람'}님이 이 칸을 고쳤습니다. 어느 것으로 할지 골라 주세요.",
            f"{by or 'Somebody else'} has changed this field meanwhile. Choose which one stands.",
        )


def write_values(
    at: Place,
    values: Mapping[str, Any],
    *,
    keep: str,
    act: str = SAVE,
    payload: Mapping[str, Any] | None = None,
) -> bool:
    """Write fields of an application that is locked, whatever anybody has seen of them. Whether anything changed.

    Raises what `require` and `clean` of a field raise; nothing is written then.
    """
    items: list[_Item] = []
    for path, value in values.items():
        kind, key = fields.parse(at, path)
        kind.require(at, key)
        items.append(_Item(FieldInput(path, value, 0), kind, key, kind.clean(at, key, value)))
    stored = _stored(at, items)
    writing = [(item, stored[item.kind][item.key]) for item in items]
    writing = [(item, standing) for item, standing in writing if item.value != standing]
    if writing:
        _store(at, writing, None, keep=keep, act=act, payload=payload or {})
    return bool(writing)


def _write(
    at: Place,
    writing: list[tuple[_Item, Any]],
    latest: dict[str, Latest],
    results: dict[str, Saved],
    *,
    by_hand: bool,
) -> None:
    # Nothing is appended between the lock and this one act.
    end = end_in(at.application)
    revisions = _store(at, writing, latest, keep=SAVED_BY_HAND if by_hand else "", end=end)
    for item, _ in writing:
        path = item.given.path
        results[path] = Saved(path, SaveState.SAVED, revisions[path], item.value)


def _store(
    at: Place,
    writing: list[tuple[_Item, Any]],
    latest: dict[str, Latest] | None,
    *,
    keep: str,
    act: str = SAVE,
    payload: Mapping[str, Any] | None = None,
    end: End | None = None,
) -> dict[str, int]:
    if keep_before(at.actor, at.application):
        at.columns.add("kept_at")
    by_kind: dict[Kind, dict[Hashable, Any]] = {}
    for item, _ in writing:
        by_kind.setdefault(item.kind, {})[item.key] = item.value
    for kind, values in by_kind.items():
        kind.write(at, values)
    told = [
        [item.given.path, item.kind.told(item.key, before), item.kind.told(item.key, item.value)]
        for item, before in writing
    ]
    return changed(
        at.actor,
        at.application,
        act,
        {**(payload or {}), "fields": told},
        keep=keep,
        columns=at.columns,
        fields=[
            *at.dropped,
            *(Change(item.given.path, before, item.value) for item, before in writing),
        ],
        latest=latest,
        end=end,
    )


def _latest(at: Place, items: list[_Item]) -> dict[str, Latest]:
    """The newest journal line of each field that has one: what was read with the field's value, else by a statement."""
    paths = [item.given.path for item in items]
    if len(paths) == 1 and paths[0] in at.lines:
        line = at.lines[paths[0]]
        return {} if line is None else {paths[0]: line}
    return latest_of(at.application, paths)


def _stored(at: Place, items: list[_Item]) -> dict[Kind, dict[Any, Any]]:
    by_kind: dict[Kind, list[_Item]] = {}
    for item in items:
        by_kind.setdefault(item.kind, []).append(item)
    return {kind: kind.read(at, [item.key for item in same]) for kind, same in by_kind.items()}
