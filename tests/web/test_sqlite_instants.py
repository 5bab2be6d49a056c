"""SQLite's texts mean the same instants as with Django's own backend, and are written the same."""

import sqlite3
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from django.db.backends.sqlite3.base import DatabaseWrapper as Djangos
from hypothesis import given
from hypothesis import strategies as st

from gongmo.web.sqlite.base import DatabaseWrapper

SETTINGS: dict[str, Any] = {"ENGINE": "", "NAME": ":memory:", "TIME_ZONE": None, "OPTIONS": {}}
OURS, THEIRS = DatabaseWrapper(SETTINGS).ops, Djangos(SETTINGS).ops

ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
INSTANTS = st.integers(-2_000_000_000_000_000, 200_000_000_000_000_000).flatmap(
    lambda microseconds: ZONES.map(
        lambda zone: (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)).astimezone(
            zone
        )
    )
)


@given(INSTANTS)
def test_instants_are_written_and_read_as_django_does(instant: datetime) -> None:
    written = OURS.adapt_datetimefield_value(instant)
    line = sqlite3.connect(":memory:", detect_types=sqlite3.PARSE_DECLTYPES)
    line.execute("CREATE TABLE t (at datetime)")
    line.execute("INSERT INTO t VALUES (?)", [written])
    (told,) = line.execute("SELECT at FROM t").fetchone()
    line.close()

    read = OURS.convert_datetimefield_value(told, None, None)

    assert written == THEIRS.adapt_datetimefield_value(instant)
    assert (read, read.tzinfo) == (THEIRS.convert_datetimefield_value(told, None, None), UTC)
    assert read == OURS.convert_datetimefield_value(written, None, None) == instant


def test_nothing_and_naive_instants_stay_what_they_are() -> None:
    naive = datetime(2025, 8, 29, 17, tzinfo=UTC).replace(tzinfo=None)

    assert OURS.adapt_datetimefield_value(None) is None
    assert OURS.convert_datetimefield_value(None, None, None) is None
    assert OURS.adapt_datetimefield_value(naive) == THEIRS.adapt_datetimefield_value(naive)
