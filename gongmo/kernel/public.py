"""What a page that everyone may read says of itself, so that the web floor can keep it.

    @public("q", "page")                       # the only parameters that the view reads
    def calls(request): ...
        return keep(render(...), at=now, instants=[call.closes_at, ...])

A kept page is right as long as nothing was changed (the web floor watches a mark for that) and until the next instant at which it says
something else by itself: intake opens or closes, a day begins.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, TypeVar

from gongmo.kernel.clock import SEOUL

F = TypeVar("F", bound=Callable[..., Any])
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a public view reads: its parameters, and which mark tells that it must be made anew ("calls", "record")."""

    names: frozenset[str]
    mark: str


@dataclass(frozen=True, slots=True)
class Span:
    """From when until when an answer says the same by itself. `since` None: from its last change on."""

    since: datetime | None
    until: datetime

    def holds(self, at: datetime) -> bool:
        """Whether the instant lies within."""
        return (self.since is None or self.since <= at) and at < self.until


def public(*names: str, mark: str = "calls") -> Callable[[F], F]:
    """Declare a view as public: without a session it answers everyone alike."""

    def declared(view: F) -> F:
        view.public = Reading(frozenset(names), mark)  # type: ignore[attr-defined]
        return view

    return declared


def keep(response: R, *, at: datetime, instants: Iterable[datetime] = (), within: Span | None = None) -> R:
    """Say that the response may be kept until the next of the instants, at the latest until midnight in Seoul; or `within` a span
    that is known already."""
    response.public_span = within or span(at, instants)  # type: ignore[attr-defined]
    return response


def span(at: datetime, instants: Iterable[datetime] = ()) -> Span:
    """The span around an instant that is bounded by the instants and by the midnights of Seoul."""
    today = datetime.combine(at.astimezone(SEOUL).date(), time.min, SEOUL)
    bounds = [today, today + timedelta(days=1), *instants]
    return Span(max(bound for bound in bounds if bound <= at), min(bound for bound in bounds if bound > at))
