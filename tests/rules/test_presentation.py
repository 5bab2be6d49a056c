"""The day of presentations: a lot that can be drawn again, turns with breaks, and what overlaps."""

import itertools
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from gongmo.rules.presentation import Engagement, Pace, drawn, overlaps, turns

AT = datetime(2030, 5, 1, 1, 0, tzinfo=UTC)
IDS = st.lists(st.integers(1, 10**6), unique=True, min_size=1, max_size=30)


@given(IDS, st.text(max_size=20))
def test_a_lot_gives_the_same_order_however_the_applications_are_listed(ids: list[int], seed: str) -> None:
    assert drawn(seed, ids) == drawn(seed, reversed(ids))
    assert sorted(drawn(seed, ids)) == sorted(ids)


def test_another_seed_gives_another_order_and_a_known_one_the_known_order() -> None:
    assert drawn("가나다", range(1, 8)) == drawn("가나다", range(1, 8))
    assert len({drawn(str(seed), range(1, 8)) for seed in range(20)}) > 15


@given(
    IDS,
    st.builds(
        Pace,
        talk=st.integers(1, 60),
        questions=st.integers(0, 60),
        change=st.integers(0, 20),
        rest_after=st.none() | st.integers(1, 5),
        rest=st.integers(0, 30),
    ),
)
def test_turns_follow_one_another_without_overlapping(ids: list[int], pace: Pace) -> None:
    found = turns(ids, AT, pace)
    assert [turn.application for turn in found] == ids
    assert all(
        turn.ends_at - turn.starts_at == timedelta(minutes=pace.talk + pace.questions) for turn in found
    )
    for number, (one, other) in enumerate(itertools.pairwise(found), 1):
        rests = pace.rest_after is not None and number % pace.rest_after == 0
        assert other.starts_at - one.ends_at == timedelta(minutes=pace.rest if rests else pace.change)


def test_only_the_same_one_at_the_same_time_overlaps_and_ends_that_touch_do_not() -> None:
    def at(who: str, what: str, start: int, end: int) -> Engagement[str]:
        return Engagement(who, what, AT + timedelta(minutes=start), AT + timedelta(minutes=end))

    mine = [at("a", "one", 0, 40)]
    others = [at("a", "two", 40, 80), at("b", "three", 0, 40), at("a", "four", 39, 41), at("a", "one", 0, 40)]
    assert [(own.what, other.what) for own, other in overlaps(mine, others)] == [("one", "four")]
