"""Spread and outliers of a stage, and the stability of an order against other weights: worked by hand, and by what always holds."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongmo.rules.ranking import Ranking, Score, rank
from gongmo.rules.stability import weight_stability
from gongmo.rules.stability_outliers import outliers, spreads
from tests.sample_call import C, sample_definition

CALL = sample_definition(selection={**C, "count": 1, "next_in_rank": True})
SHARES = {"1-1": 2, "1-2": 2, "2-1": 6}


def ranked(totals: dict[str, list[int]]) -> Ranking:
    """Both stages scored alike: each application's totals out of 100 by evaluator (multiples of 5)."""
    scores = [
        Score(name, stage, f"e{number}", criterion, Decimal(total * share) / 10)
        for name, given_ in totals.items()
        for stage in ("desk", "presentation")
        for number, total in enumerate(given_)
        for criterion, share in SHARES.items()
    ]
    return rank(CALL, scores)


def test_a_sheet_far_off_the_others_is_told_with_what_stood_without_it() -> None:
    ranking = ranked({"a": [80, 80, 20], "b": [75, 75, 70]})
    found = outliers(CALL, ranking, "desk")
    assert [(each.application, each.evaluator) for each in found] == [("a", "e2")]
    (far,) = found
    assert (far.total, far.others, far.score, far.score_without) == (20, 80, 60, 80)
    # 60 becomes 40 % of 80 + 60 % of 60 = 68, below the 73.33 of the other.
    assert (far.rank, far.rank_without, far.selected, far.selected_without) == (2, 2, False, False)


def test_an_outlier_that_decides_the_selection_is_told_to_cross_the_line() -> None:
    ranking = ranked({"a": [80, 80, 50], "b": [75, 75, 70]})
    (far,) = outliers(CALL, ranking, "presentation")
    # a has 70 and b 73.33; without the sheet a has 40 % of 70 + 60 % of 80 = 76.
    assert (far.selected, far.selected_without, far.rank_without) == (False, True, 1)


def test_sheets_that_lie_near_one_another_are_no_outliers() -> None:
    assert outliers(CALL, ranked({"a": [80, 75, 70], "b": [75, 75, 70]}), "desk") == ()


def test_two_sheets_have_no_outlier() -> None:
    assert outliers(CALL, ranked({"a": [95, 5], "b": [75, 70]}), "desk") == ()


def test_the_spread_tells_least_quartiles_and_most_of_each_criterion() -> None:
    ranking = ranked({"a": [20, 40, 60], "b": [80, 100, 50]})
    scores = [score for entry in ranking.entries for score in entry.stages if score.stage == "desk"]
    first = next(each for each in spreads(CALL.evaluation, scores) if each.criterion == "2-1")
    assert (first.least, first.middle, first.most, first.count) == (
        Fraction(1, 5),
        Fraction(11, 20),
        Fraction(1),
        6,
    )
    assert first.least <= first.lower <= first.middle <= first.upper <= first.most


def test_no_weights_change_an_order_in_which_one_is_better_on_every_criterion() -> None:
    found = weight_stability(CALL, ranked({"a": [90, 90], "b": [50, 50]}), draws=20)
    assert found.shares == {"a": 1, "b": 0}


def test_the_same_seed_gives_the_same_shares() -> None:
    ranking = ranked({"a": [80, 75], "b": [75, 80]})
    assert weight_stability(CALL, ranking, draws=10, seed=3) == weight_stability(
        CALL, ranking, draws=10, seed=3
    )


def test_unusable_draws_are_refused() -> None:
    ranking = ranked({"a": [80, 75], "b": [75, 80]})
    with pytest.raises(ValueError, match="draw"):
        weight_stability(CALL, ranking, draws=0)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.lists(st.integers(0, 20), min_size=3, max_size=3), min_size=2, max_size=4))
def test_the_selected_shares_always_add_up_to_the_places(rows: list[list[int]]) -> None:
    ranking = ranked({f"a{n}": [each * 5 for each in row] for n, row in enumerate(rows)})
    found = weight_stability(CALL, ranking, draws=5)
    assert sum(found.shares.values()) == CALL.selection.count
    for far in outliers(CALL, ranking, "desk"):
        assert abs(far.total - far.others) > 15
