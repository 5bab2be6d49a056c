"""SQLite in which those who write take turns, and instants are not read and written again and again.

SQLite lets a writer that finds the database taken ask again after ever longer pauses; under load whoever comes newly gets it first and some wait
for seconds. Here a writer waits in this process for its turn, and one of each process waits for the file: nobody is passed over for long.
A killed process gives its turn back by itself, for the system drops its lock.
"""

import fcntl
import os
import sqlite3
import time
from collections import defaultdict
from datetime import datetime, tzinfo
from functools import lru_cache
from threading import Lock
from typing import Any

from django.db.backends.sqlite3 import base, operations
from django.db.utils import OperationalError
from django.utils.dateparse import parse_datetime

PAUSE = 0.002
"""Seconds between two looks at the file that another process writes."""

_turns: defaultdict[str, Lock] = defaultdict(Lock)


class Turn:
    """A connection's place in the queue of a database file. Taken at the beginning of a transaction, given back at its end."""

    def __init__(self, path: str, seconds: float) -> None:
        self.path, self.seconds = f"{path}-turn", seconds
        self.handle: int | None = None
        self.held = False

    def take(self) -> None:
        """Wait for it. Raises OperationalError as SQLite does when it takes longer than the connection's timeout."""
        if self.held:
            return
        until = time.monotonic() + self.seconds
        lock = _turns[self.path]
        if not lock.acquire(timeout=self.seconds):
            raise OperationalError("database is locked")
        try:
            if self.handle is None:
                self.handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            while not self._locked():
                if time.monotonic() > until:
                    raise OperationalError("database is locked")
                time.sleep(PAUSE)
        except BaseException:
            lock.release()
            raise
        self.held = True

    def _locked(self) -> bool:
        assert self.handle is not None  # noqa: S101 - opened by the caller
        try:
            fcntl.flock(self.handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def give_back(self) -> None:
        if self.held and self.handle is not None:
            self.held = False
            fcntl.flock(self.handle, fcntl.LOCK_UN)
            _turns[self.path].release()

    def close(self) -> None:
        self.give_back()
        if self.handle is not None:
            os.close(self.handle)
            self.handle = None


# Django's backends are not described to type checkers below their public methods.
_Django: Any = base.DatabaseWrapper
_DjangosOperations: Any = operations.DatabaseOperations
_KEPT = 4096


class Operations(_DjangosOperations):  # type: ignore[misc]
    """SQLite keeps instants as texts. A row has several, each request reads the same rows, and one act writes the same instant many times:
    what a text means, and how an instant is written, is kept for a while."""

    def convert_datetimefield_value(self, value: Any, expression: Any, connection: Any) -> Any:
        if type(value) is datetime and value.tzinfo is None:
            return value.replace(tzinfo=self.connection.timezone)
        return super().convert_datetimefield_value(value, expression, connection)

    def adapt_datetimefield_value(self, value: Any) -> Any:
        if type(value) is datetime and value.tzinfo is not None:
            return _written(value, self.connection.timezone)
        return super().adapt_datetimefield_value(value)


@lru_cache(maxsize=_KEPT)
def _read(text: bytes) -> datetime | None:
    return parse_datetime(text.decode())


# The driver asks by the columns' declared type; Django has named its own reader when it was imported.
sqlite3.register_converter("datetime", _read)


@lru_cache(maxsize=_KEPT)
def _written(instant: datetime, zone: tzinfo) -> str:
    return str(instant.astimezone(zone).replace(tzinfo=None))


class DatabaseWrapper(_Django):  # type: ignore[misc]
    """Django's connection to SQLite; transactions that write from their beginning (IMMEDIATE) queue for it."""

    ops_class = Operations
    turn: Turn | None = None

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        if not self.is_in_memory_db() and self.transaction_mode == "IMMEDIATE":
            self.turn = Turn(str(conn_params["database"]), float(conn_params.get("timeout", 5.0)))
        return super().get_new_connection(conn_params)

    def _start_transaction_under_autocommit(self) -> None:
        if self.turn is None:
            super()._start_transaction_under_autocommit()
            return
        self.turn.take()
        try:
            super()._start_transaction_under_autocommit()
        except BaseException:
            self.turn.give_back()
            raise

    def _commit(self) -> None:
        try:
            super()._commit()
        finally:
            # A commit that failed leaves the transaction open: its rollback gives the turn back.
            if self.turn is not None and not (self.connection and self.connection.in_transaction):
                self.turn.give_back()

    def _rollback(self) -> None:
        try:
            super()._rollback()
        finally:
            if self.turn is not None:
                self.turn.give_back()

    def _close(self) -> None:
        try:
            super()._close()
        finally:
            if self.turn is not None:
                self.turn.close()
