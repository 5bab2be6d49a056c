"""What stands out in an access log."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from gongmo.rules.access import Access, Limits, Oddity, standouts, uncovered

NOON = datetime(2030, 3, 4, 3, 0, tzinfo=UTC)
NIGHT = datetime(2030, 3, 4, 14, 30, tzinfo=UTC)  # 23:30 in Seoul
LIMITS = Limits(many=3, minutes=10, night=2, refused=2, exports=2, addresses=2)


def seen(minutes: float, number: int = 1, *, start: datetime = NOON, **more: object) -> Access:
    told: dict[str, object] = {"address": "192.0.2.1", "person": 1, **more}
    return Access(start + timedelta(minutes=minutes), subject=("application", str(number)), **told)  # type: ignore[arg-type]


def kinds(*accesses: Access) -> list[tuple[Oddity, int | None, int]]:
    return [(each.oddity, each.person, each.count) for each in standouts(accesses, LIMITS)]


def test_many_different_ones_in_a_short_time_stand_out_and_one_looked_at_often_does_not() -> None:
    assert kinds(*(seen(minute, minute) for minute in (0, 4, 10))) == [(Oddity.MANY, 1, 3)]
    assert kinds(*(seen(minute, minute) for minute in (0, 4, 10.1))) == []
    assert kinds(*(seen(minute) for minute in range(9))) == []


def test_a_night_is_one_finding_though_it_spans_two_days() -> None:
    found = standouts([seen(0, start=NIGHT), seen(60, start=NIGHT), seen(60 * 10, start=NIGHT)], LIMITS)
    assert [(each.oddity, each.count, each.last - each.first) for each in found] == [
        (Oddity.NIGHT, 2, timedelta(hours=1))
    ]


def test_refusals_exports_and_addresses_are_counted_by_person_and_day() -> None:
    assert kinds(seen(0, refused=True), seen(1, refused=True), seen(2, person=2, refused=True)) == [
        (Oddity.REFUSED, 1, 2)
    ]
    assert kinds(seen(0, export=True), seen(24 * 60, export=True)) == []
    assert kinds(seen(0, export=True), seen(1, export=True)) == [(Oddity.EXPORTS, 1, 2)]
    assert kinds(seen(0), seen(1, address="192.0.2.2")) == [(Oddity.ADDRESSES, 1, 2)]


@given(st.lists(st.tuples(st.integers(0, 600), st.integers(1, 6), st.integers(1, 2)), max_size=40))
def test_the_window_counts_as_a_plain_count_does(told: list[tuple[int, int, int]]) -> None:
    accesses = [seen(minute, number, person=person) for minute, number, person in sorted(told)]
    for each in standouts(accesses, LIMITS):
        if each.oddity is Oddity.MANY:
            within = {
                one.subject
                for one in accesses
                if one.person == each.person and each.first <= one.at <= each.last
            }
            assert len(within) == each.count >= LIMITS.many
            assert each.last - each.first <= timedelta(minutes=LIMITS.minutes)


def test_nobody_reviews_only_themselves() -> None:
    assert uncovered([1, 2], [1]) == {1}
    assert uncovered([1, 2], [1, 2]) == set()
    assert uncovered([1, 2], []) == {1, 2}
    assert uncovered([1, 2], [3]) == set()
