"""SQL statements of each request: counted, timed, and told in the log where one took too long. Never with its values."""

import logging
import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper

from gongmo.operation import metrics
from gongmo.web.logs import masked_sql

log = logging.getLogger("gongmo.statements")

Execute = Callable[[str, Any, bool, Any], Any]


class Tally:
    """Statements of one request and the seconds that they took; `slow`: the milliseconds from which one is told, 0 for never."""

    __slots__ = ("count", "seconds", "slow")

    def __init__(self) -> None:
        self.count = 0
        self.seconds = 0.0
        self.slow: int = settings.GONGMO_SLOW_QUERY_MS


_tally: ContextVar[Tally | None] = ContextVar("gongmo_statements", default=None)


def begin() -> Tally:
    """Count anew from here on, in this request's context."""
    tally = Tally()
    _tally.set(tally)
    return tally


def _timed(execute: Execute, sql: str, params: Any, many: bool, context: Any) -> Any:
    began = time.perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        took = time.perf_counter() - began
        tally = _tally.get()
        if tally is not None:
            tally.count += 1
            tally.seconds += took
        threshold = tally.slow if tally is not None else settings.GONGMO_SLOW_QUERY_MS
        if threshold and took * 1000 >= threshold:
            metrics.SLOW_STATEMENTS.inc()
            log.warning(
                "a slow statement",
                extra={"fields": {"ms": round(took * 1000), "statement": masked_sql(sql)}},
            )


def watch(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Receiver of `connection_created`: time what goes through this connection."""
    if _timed not in connection.execute_wrappers:
        connection.execute_wrappers.append(_timed)
