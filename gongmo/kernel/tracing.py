"""The number of the request that is being answered, or for which a task runs: on log lines, error pages and tasks."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

NONE = "-"
"""Where nothing was asked for by a request (a schedule, the command line)."""
_number: ContextVar[str] = ContextVar("gongmo_request_id", default=NONE)
_WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{8,64}")


def request_id() -> str:
    """The present request's number, "-" for none."""
    return _number.get()


def well_formed(number: str) -> bool:
    """Whether a number from outside may be taken over: 8 to 64 letters, digits, dots, underscores and dashes."""
    return _WELL_FORMED.fullmatch(number) is not None


@contextmanager
def carrying(number: str) -> Iterator[None]:
    """Work under a request's number."""
    token = _number.set(number or NONE)
    try:
        yield
    finally:
        _number.reset(token)
