"""The one clock.

`now()` is the only place where Gongmo reads the time. Inside a web request it answers the instant at which the server received
the request, so that one request sees one time. Rehearsals and tests move it with `at(...)`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

SEOUL = ZoneInfo("Asia/Seoul")

_fixed: ContextVar[datetime | None] = ContextVar("gongmo_clock", default=None)


def now() -> datetime:
    """The present instant, aware (UTC), or the instant fixed by `at`."""
    fixed = _fixed.get()
    return datetime.now(UTC) if fixed is None else fixed


@contextmanager
def at(instant: datetime) -> Iterator[None]:
    """Fix the clock at an aware instant for the enclosed code (a request's receive time, a rehearsal, a test).

    Raises ValueError when the instant has no time zone.
    """
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    token = _fixed.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _fixed.reset(token)
