"""What others have saved since, and who is writing where: what an open page asks for every few seconds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.core.cache import cache

from gongmo.applications.models import Application, FieldChange, Member
from gongmo.applications.policies import readable_by
from gongmo.applications.queries.reading import refusal
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor

MOST_LINES = 1000
"""A page that has missed more than so many changes is loaded anew."""
_HERE = timedelta(seconds=40)
_AGAIN = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class ChangedField:
    """The newest save of a field: its path, revision and value, who saved it (id and name) and when."""

    path: str
    revision: int
    value: Any
    person: int | None
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Changes:
    """An application's revision, state and deadline, and the fields saved since the revision that was asked for.

    `complete` is False where more has changed than is told here.
    """

    revision: int
    state: str
    closes_at: datetime
    fields: tuple[ChangedField, ...]
    complete: bool


class Writer(NamedTuple):
    """Somebody whose cursor stands in a field."""

    person: int
    name: str
    path: str


def changes_since(actor: Actor, application_id: int, after: int) -> Changes:
    """What was saved after an application's revision, each field once. One query when nothing was, two else.

    An organisation's answers on exclusions are told to its own people only. Raises NotFound.
    """
    row = (
        Application.objects.filter(readable_by(actor), pk=application_id)
        .values_list("revision", "state", "call__closes_at")
        .first()
    )
    if row is None:
        raise refusal(actor, application_id)
    revision, state, closes_at = row
    if revision <= after:
        return Changes(revision, state, closes_at, (), complete=True)
    lines = list(
        FieldChange.objects.filter(application=application_id, at_revision__gt=after)
        .order_by("revision")
        .values_list("path", "revision", "after", "changed_by", "changed_by__display_name", "changed_at")[
            : MOST_LINES + 1
        ]
    )
    complete = len(lines) <= MOST_LINES
    newest = {line[0]: line for line in lines[:MOST_LINES]}
    if any(path.startswith("fact:") for path in newest):
        newest = _without_others_answers(actor, application_id, newest)
    fields = (
        ChangedField(path, number, value, person, name or "", at)
        for path, number, value, person, name, at in newest.values()
    )
    return Changes(revision, state, closes_at, tuple(fields), complete)


def _without_others_answers(actor: Actor, application_id: int, newest: Mapping[str, Any]) -> dict[str, Any]:
    own = Member.objects.filter(application=application_id, organisation=actor.organisation or 0)
    places = tuple(f"fact:{pk}:" for pk in own.values_list("pk", flat=True))
    return {
        path: line
        for path, line in newest.items()
        if not path.startswith("fact:") or (places and path.startswith(places))
    }


def writers(actor: Actor, application_id: int, path: str = "") -> list[Writer]:
    """Who else is in a field of this application now. With a path, the actor's own place is noted first.

    Kept in the cache, not in the record: it is gone within a minute. Ask only for an application that the actor may see.
    """
    key, now = f"writing:{application_id}", clock.now()
    kept: dict[int, tuple[str, str, datetime]] = cache.get(key) or {}
    own = kept.get(actor.person or 0)
    if path and actor.person is not None and (own is None or own[1] != path or now - own[2] > _AGAIN):
        kept = {person: place for person, place in kept.items() if now - place[2] < _HERE}
        kept[actor.person] = (actor.name, path[:200], now)
        cache.set(key, kept, 60)
    return [
        Writer(person, name, place)
        for person, (name, place, since) in kept.items()
        if person != actor.person and now - since < _HERE
    ]
