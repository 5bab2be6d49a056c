"""What the figures of the operator's page mean."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gongmo.kernel.states import Family
from gongmo.operation import judging
from gongmo.operation.figures import Record
from gongmo.operation.probes import LEAST_FREE, Clock, Room

NOW = datetime(2030, 3, 29, 7, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("unsigned_for", "up", "family"),
    [
        (None, timedelta(days=1), Family.DONE),
        (timedelta(minutes=59), timedelta(days=1), Family.DONE),
        (timedelta(hours=2), timedelta(days=1), Family.DONE),
        (timedelta(hours=2, seconds=1), timedelta(days=1), Family.ATTENTION),
        # The server was off: nobody could sign.
        (timedelta(days=3), timedelta(minutes=1), Family.DONE),
    ],
)
def test_a_signature_is_fresh_or_too_old(
    unsigned_for: timedelta | None, up: timedelta, family: Family
) -> None:
    since = None if unsigned_for is None else NOW - unsigned_for

    assert judging.signature(Record(9, 8, NOW - timedelta(days=3), since), NOW, up).family is family


def test_what_has_waited_too_long_says_how_long_and_by_what_was_written_not_by_the_last_signature() -> None:
    up, hours = timedelta(days=9), timedelta(hours=84, minutes=20)
    quiet = Record(9, 9, NOW - hours, None)
    waiting = Record(9, 8, NOW - timedelta(minutes=5), NOW - hours)

    assert judging.unsigned_for(quiet, NOW, up) == timedelta()
    assert judging.unsigned_for(waiting, NOW, up) == hours
    assert judging.unsigned_for(waiting, NOW, timedelta(minutes=1)) == timedelta(minutes=1)
    why = judging.signature(waiting, NOW, up).why
    assert why is not None
    assert ("3일 12시간째" in why.ko, "3 d 12 h" in why.en) == (True, True)


@pytest.mark.parametrize(
    ("free", "total", "family"),
    [
        (LEAST_FREE - 1, 10 * LEAST_FREE, Family.STOPPED),
        (LEAST_FREE, 11 * LEAST_FREE, Family.ATTENTION),
        (2 * LEAST_FREE, 10 * LEAST_FREE, Family.DONE),
    ],
)
def test_a_disk_is_nearly_full_tight_or_large_enough(free: int, total: int, family: Family) -> None:
    assert judging.room(Room(Path("/srv"), free, total)).family is family


@pytest.mark.parametrize(
    ("seen", "family", "word"),
    [
        (Clock(0.4, 0, 0.1, True), Family.DONE, "맞음"),
        (Clock(-2.5, 0, 0, True), Family.STOPPED, "어긋남"),
        (Clock(None, 90, 0, None), Family.STOPPED, "뒤로 감"),
        (Clock(0.0, 0, -30, True), Family.ATTENTION, "옮겨짐"),
        (Clock(None, 0, 0, False), Family.ATTENTION, "맞추지 않음"),
        (Clock(None, 0, 0, True), Family.DONE, "맞음"),
        (Clock(None, 0, 0, None), Family.PREPARING, "견줄 곳 없음"),
    ],
)
def test_a_clock_is_judged_by_what_can_be_known(seen: Clock, family: Family, word: str) -> None:
    found = judging.clock(seen, 2)

    assert (found.family, found.word.ko) == (family, word)
