"""Scores that cannot count are refused, all at once, each with its row; nothing is guessed and no gap counts as 0."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from gongmo.definition.model import Definition
from gongmo.rules.ranking import BadScores, BonusPoints, Score, Seat, rank

Make = Callable[..., Definition]


def table() -> list[Score]:
    """Two applications, two evaluators, rows from 2 on as in a file with a heading."""
    found = [
        Score(name, stage, evaluator, criterion, Decimal(30))
        for stage in ("desk", "talk")
        for name in ("a", "b")
        for evaluator in ("x", "y")
        for criterion in ("1-1", "1-2")
    ]
    return [replace(score, row=number) for number, score in enumerate(found, 2)]


def refused(make: Make, scores: list[Score], **options: object) -> list[tuple[str, int | None]]:
    with pytest.raises(BadScores) as error:
        rank(make(bonus={"max_points": "3"}), scores, **options)  # type: ignore[arg-type]
    for problem in error.value.problems:
        assert problem.ko
        assert problem.en
        if problem.row is not None:
            assert problem.ko.startswith(f"{problem.row}행: ")
    return [(problem.code, problem.row) for problem in error.value.problems]


@pytest.mark.parametrize(
    ("points", "code"),
    [
        ("60.5", "above_maximum"),
        ("-0.5", "negative"),
        ("30.25", "wrong_step"),
        ("NaN", "not_a_number"),
        ("Infinity", "not_a_number"),
        ("1E-40", "wrong_step"),
        ("1E+400000", "above_maximum"),
    ],
)
def test_points_that_cannot_be_given_are_refused_with_their_row(make: Make, points: str, code: str) -> None:
    scores = table()
    scores[2] = replace(scores[2], points=Decimal(points))

    assert refused(make, scores) == [(code, 4)]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"stage": "site"}, "unknown_stage"),
        ({"criterion": "9-9"}, "unknown_criterion"),
        ({"application": " "}, "empty_name"),
    ],
)
def test_unknown_names_are_refused_and_the_gap_is_told_too(
    make: Make, change: dict[str, str], code: str
) -> None:
    scores = table()
    scores[2] = replace(scores[2], **change)  # type: ignore[arg-type]

    found = refused(make, scores)

    assert (code, 4) in found
    assert ("missing_score", 5) in found


def test_a_double_score_is_refused_at_its_second_row(make: Make) -> None:
    scores = table()

    assert refused(make, [*scores, replace(scores[0], row=18)]) == [("double_score", 18)]


def test_a_missing_score_names_the_sheets_last_row(make: Make) -> None:
    scores = table()
    del scores[3]

    assert refused(make, scores) == [("missing_score", 4)]


def test_a_missing_sheet_is_told(make: Make) -> None:
    scores = [s for s in table() if (s.stage, s.application, s.evaluator) != ("talk", "b", "y")]

    assert refused(make, scores) == [("missing_sheet", None)]


def test_an_application_without_scores_at_a_later_stage_is_told(make: Make) -> None:
    scores = [s for s in table() if (s.stage, s.application) != ("talk", "b")]

    assert {code for code, _ in refused(make, scores)} == {"missing_sheet"}


def test_a_stage_that_nobody_scored_is_told(make: Make) -> None:
    scores = [s for s in table() if s.stage == "desk"]

    assert {code for code, _ in refused(make, scores)} == {"nobody_assigned"}


def test_an_application_first_seen_at_a_later_stage_is_unknown(make: Make) -> None:
    scores = [*table(), Score("late", "talk", "x", "1-1", Decimal(1), 99)]

    assert ("unknown_application", 99) in refused(make, scores)


def test_evaluators_outside_the_panel_are_refused(make: Make) -> None:
    panel = [Seat(stage, "x") for stage in ("desk", "talk")]

    assert {code for code, _ in refused(make, table(), panel=panel)} == {"unknown_evaluator"}


def test_scores_of_an_application_that_was_not_assigned_are_refused(make: Make) -> None:
    panel = [Seat(stage, "x") for stage in ("desk", "talk")]
    panel += [Seat(stage, "y", "a") for stage in ("desk", "talk")]

    assert {code for code, _ in refused(make, table(), panel=panel, applications=("a", "b"))} == {
        "not_assigned"
    }


def test_seats_at_unknown_stages_and_double_seats_are_refused(make: Make) -> None:
    panel = [Seat(stage, e) for stage in ("desk", "talk") for e in "xy"]
    panel += [Seat("site", "x", row=6), Seat("desk", "x", row=7)]

    assert refused(make, table(), panel=panel) == [("unknown_stage", 6), ("double_seat", 7)]


def test_no_scores_at_all_are_refused(make: Make) -> None:
    assert refused(make, []) == [("no_scores", None)]


def test_bonus_for_an_unknown_application_or_below_zero_is_refused(make: Make) -> None:
    bonus = [BonusPoints("nobody", Decimal(1), row=2), BonusPoints("a", Decimal(-1), row=3)]

    assert refused(make, table(), bonus=bonus) == [("unknown_application", 2), ("bad_bonus", 3)]


def test_bonus_where_the_call_has_none_is_refused(make: Make) -> None:
    with pytest.raises(BadScores, match="1 problem"):
        rank(make(), table(), bonus={"a": Decimal(1)})


def test_the_same_bonus_given_twice_is_refused_and_placed_in_its_own_file(make: Make) -> None:
    item = BonusPoints("a", Decimal(1), "first time", row=2)

    with pytest.raises(BadScores) as caught:
        rank(make(bonus={"max_points": "5"}), table(), bonus=[item, replace(item, row=3)])
    (problem,) = caught.value.problems
    assert (problem.code, problem.row, problem.given_in) == ("double_bonus", 3, "bonus")


def test_a_withdrawn_application_that_nothing_names_is_told(make: Make) -> None:
    assert any("zz" in note.ko for note in rank(make(), table(), withdrawn=["zz"]).notes)
