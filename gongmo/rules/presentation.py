"""The day of presentations: an order drawn with a seed that anybody can draw again, turns with their times, and what overlaps."""

import hashlib
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn: whose (an id), from when to when."""

    application: int
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Pace:
    """Minutes of a turn (talk and questions), between two turns, and of the break after every so many turns (None: no breaks)."""

    talk: int
    questions: int = 0
    change: int = 0
    rest_after: int | None = None
    rest: int = 0


def drawn(seed: str, applications: Iterable[int]) -> tuple[int, ...]:
    """The order by lot: ascending SHA-256 of "seed:application". The same seed gives the same order on every machine."""
    return tuple(sorted(applications, key=lambda each: hashlib.sha256(f"{seed}:{each}".encode()).hexdigest()))


def turns(order: Sequence[int], starts_at: datetime, pace: Pace) -> tuple[Turn, ...]:
    """The turns of a day in their order."""
    found: list[Turn] = []
    at = starts_at
    for number, application in enumerate(order, 1):
        ends = at + timedelta(minutes=pace.talk + pace.questions)
        found.append(Turn(application, at, ends))
        resting = pace.rest_after is not None and number % pace.rest_after == 0
        at = ends + timedelta(minutes=pace.rest if resting else pace.change)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Engagement(Generic[K]):
    """Somebody (or some organisation) who has to be there from one instant to another, for what."""

    who: K
    what: K
    starts_at: datetime
    ends_at: datetime


def overlaps(
    mine: Iterable[Engagement[K]], others: Iterable[Engagement[K]]
) -> list[tuple[Engagement[K], Engagement[K]]]:
    """The pairs that need the same one at the same time: (of `mine`, of `others`). Ends that touch do not overlap."""
    by_who: dict[K, list[Engagement[K]]] = {}
    for other in others:
        by_who.setdefault(other.who, []).append(other)
    return [
        (own, other)
        for own in mine
        for other in by_who.get(own.who, ())
        if own.what != other.what and own.starts_at < other.ends_at and other.starts_at < own.ends_at
    ]
