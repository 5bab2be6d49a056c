"""Money, shares, limits, pictures: exact where they judge, readable where they show."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.web_face.conftest import Show, environment

KEEPS = environment().get_template("krds/money.html").module.keeps  # type: ignore[attr-defined]


@given(
    part=st.integers(0, 10**13),
    whole=st.integers(1, 10**13),
    limit=st.decimals(0, 100, places=2),
    direction=st.sampled_from(["ceiling", "floor"]),
)
def test_limit_is_judged_exactly(part: int, whole: int, limit: Decimal, direction: str) -> None:
    share = Fraction(part, whole) * 100

    kept = bool(KEEPS(part, whole, limit, direction))

    assert kept == (share <= Fraction(limit) if direction == "ceiling" else share >= Fraction(limit))


def test_money_has_a_reading_aid(show: Show) -> None:
    assert show("{{ krds.money(14000000000) }}").get_text() == "14,000,000,000원 · 140억"
    assert show("{{ krds.money(14000000000) }}", "en").get_text() == "KRW 14,000,000,000"
    assert show("{{ krds.money(9000) }}").get_text() == "9,000원"
    assert show("{{ krds.money(none) }}").get_text() == "–"


@pytest.mark.parametrize(
    ("part", "direction", "text"),
    [
        (600, "ceiling", "여유 0원"),
        (601, "ceiling", "초과 1원"),
        (600, "floor", "여유 0원"),
        (599, "floor", "부족 1원"),
    ],
)
def test_room_tells_the_distance_to_the_limit(show: Show, part: int, direction: str, text: str) -> None:
    page = show("{{ krds.room(part, 1000, 60, direction) }}", part=part, direction=direction)

    assert page.get_text() == text


def test_room_never_promises_more_than_the_limit_allows(show: Show) -> None:
    """A floor of a third of 100 won is 34 won, a ceiling 33: whole won, always on the safe side."""
    third = Decimal("33.34")

    assert show("{{ krds.room(34, 100, x, 'floor') }}", x=third).get_text() == "여유 0원"
    assert show("{{ krds.room(33, 100, x, 'ceiling') }}", x=third).get_text() == "여유 0원"


def test_limit_is_a_line_in_the_bar_and_a_text_beside_it(show: Show) -> None:
    page = show('{{ krds.limit_bar("국비", 14000000000, 23340000000, 60) }}')

    line = page.select_one("line.gm-limit")
    bar = page.select_one("rect.gm-fill")
    assert line is not None
    assert bar is not None
    assert line["x1"] == line["x2"] == "60%"
    assert bar["width"] == "59.98%"
    assert "59.98 %" in page.get_text()
    assert "60 % 이하" in page.get_text()
    assert "여유 4,000,000원" in page.get_text()
    assert page.select_one(".gm-bar--broken") is None


def test_broken_limit_is_said_in_words(show: Show) -> None:
    page = show('{{ krds.limit_bar("국비", 700, 1000, 60) }}{{ krds.share(700, 1000, 60) }}')

    assert page.select_one(".gm-bar--broken") is not None
    assert "초과 100원" in page.get_text()
    assert "한도를 지키지 못함" in page.get_text()


def test_bar_of_nothing_is_drawn_empty(show: Show) -> None:
    page = show('{{ krds.limit_bar("국비", 0, 0, 60) }}')

    assert page.select_one("rect.gm-fill")["width"] == "0.00%"  # type: ignore[index]
    assert page.select_one(".gm-bar--broken") is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(amounts=st.lists(st.integers(0, 10**12), min_size=1, max_size=5))
def test_parts_of_a_bar_never_leave_it(show: Show, amounts: list[int]) -> None:
    parts = [{"label": "가", "amount": amount, "kind": "local"} for amount in amounts]

    page = show('{{ krds.stacked_bar("총", parts, total) }}', parts=parts, total=sum(amounts))

    for bar in page.select(".gm-bar__picture rect.gm-fill"):
        end = Decimal(str(bar["x"]).rstrip("%")) + Decimal(str(bar["width"]).rstrip("%"))
        assert 0 <= end <= 100


def test_ranking_draws_the_cut_line_after_the_last_selected(show: Show) -> None:
    rows = [
        {"rank": n, "label": f"지역 {n}", "score": Decimal(90 - n), "scores": [Decimal(80), Decimal(95)]}
        for n in (1, 2, 3)
    ]

    page = show("{{ krds.score_dots(rows, 60, 100, cut=2) }}", rows=rows)

    order = [row.get_text(" ", strip=True)[:2] for row in page.select("tbody tr")]
    assert [text.strip() for text in order] == ["1", "2", "선정", "3"]
    assert page.select_one(".gm-dots__mean")["x1"] == "72.50%"  # type: ignore[index]
    assert "최저 80, 최고 95" in page.select_one("svg.gm-dots")["aria-label"]  # type: ignore[index]


def test_ranking_shows_a_row_without_scores(show: Show) -> None:
    rows = [{"rank": 1, "label": "가", "score": Decimal(70), "scores": []}]

    assert "위원별 점수 없음" in str(show("{{ krds.score_dots(rows, 60, 100) }}", rows=rows))


NOW = datetime(2030, 1, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("left", "text"),
    [
        (timedelta(days=2, hours=3, minutes=14, seconds=22), "2일 03:14:22"),
        (timedelta(seconds=1), "00:00:01"),
        (timedelta(0), "마감되었습니다"),
        (timedelta(seconds=-1), "마감되었습니다"),
    ],
)
def test_countdown_is_told_by_the_server_and_closes_at_the_instant(
    show: Show, left: timedelta, text: str
) -> None:
    page = show("{{ krds.countdown(at, now) }}", at=NOW + left, now=NOW)

    assert page.select_one("time").get_text() == text  # type: ignore[union-attr]


def test_instants_are_korea_time_and_machine_readable(show: Show) -> None:
    time = show("{{ krds.instant(at) }}", at=NOW).select_one("time")

    assert time is not None
    assert time.get_text() == "2030. 1. 1. 17:00"
    assert time["datetime"] == "2030-01-01T08:00:00+00:00"
