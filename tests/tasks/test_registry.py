"""Schedules: when the next occurrence is."""

from datetime import datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from gongmo.kernel.clock import SEOUL
from gongmo.tasks.registry import Schedule
from tests.tasks.sample_tasks import hourly

MINUTES = 60 * 24 * 365 * 80
INSTANTS = st.integers(0, MINUTES).map(
    lambda minutes: datetime(2002, 1, 1, tzinfo=SEOUL) + timedelta(minutes=minutes)
)


@given(INSTANTS, st.integers(1, 7 * 24 * 60))
def test_the_next_occurrence_lies_within_one_rhythm_or_at_the_new_year(
    instant: datetime, minutes: int
) -> None:
    every = timedelta(minutes=minutes)
    following = Schedule(hourly, every, time()).following(instant)
    assert instant < following <= instant + every


def test_a_daily_schedule_comes_at_its_time_of_day_in_seoul() -> None:
    daily = Schedule(hourly, timedelta(days=1), time(8, 0))
    assert daily.following(datetime(2025, 8, 29, 7, 59, tzinfo=SEOUL)) == datetime(
        2025, 8, 29, 8, tzinfo=SEOUL
    )
    assert daily.following(datetime(2025, 8, 29, 8, 0, tzinfo=SEOUL)) == datetime(
        2025, 8, 30, 8, tzinfo=SEOUL
    )
    assert daily.following(datetime(2025, 1, 1, 3, 0, tzinfo=SEOUL)) == datetime(2025, 1, 1, 8, tzinfo=SEOUL)
