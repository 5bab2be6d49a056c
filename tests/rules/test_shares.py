"""Shares in words and their mends."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongmo.rules.shares import Share, share_text

SIXTY = Fraction(3, 5)


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [
        (6, 10, "60.00 %"),
        (5998, 10000, "59.98 %"),
        (6_000_000_001, 10_000_000_000, "60.00000001 %"),
        (5_999_999_999, 10_000_000_000, "59.99999999 %"),
        (0, 0, "–"),
    ],
)
def test_a_share_is_shown_with_as_many_places_as_it_needs(part: int, whole: int, shown: str) -> None:
    assert share_text(part, whole, SIXTY) == shown


@given(st.integers(1, 10**18), st.data(), st.fractions(0, 1, max_denominator=10**6))
def test_a_share_reads_as_its_limit_only_when_it_is_the_limit(
    whole: int, data: st.DataObject, limit: Fraction
) -> None:
    near = int(limit * whole)
    part = data.draw(st.integers(0, whole) | st.integers(max(0, near - 2), min(whole, near + 2)))
    shown = Fraction(share_text(part, whole, limit).removesuffix(" %")) / 100
    if Fraction(part, whole) != limit:
        assert shown != limit
        # What is shown lies on the same side of the limit as the share itself.
        assert (shown > limit) == (Fraction(part, whole) > limit)


def test_a_floor_of_everything_can_only_be_met_by_moving_or_lowering_the_rest() -> None:
    share = Share(60, 100, 60, Fraction(1), floor=True, inside=True, apart=False, has_rest=True)
    assert [(mend.act, mend.amount) for mend in share.mends()] == [("move", 40), ("lower_rest", 40)]


def test_a_ceiling_of_nothing_can_only_be_met_by_taking_the_part_away() -> None:
    share = Share(60, 100, 60, Fraction(0), floor=False, inside=True, apart=False, has_rest=True)
    assert [(mend.act, mend.amount) for mend in share.mends()] == [("move", 60), ("lower_part", 60)]


def test_a_lawful_share_needs_no_mend() -> None:
    assert Share(60, 100, 60, SIXTY, floor=False, inside=True, apart=False, has_rest=True).mends() == ()
