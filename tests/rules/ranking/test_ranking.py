"""From sheets to ranks: exact means, told ties, cut lines, the reserve list, and the same hash for the same input."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongmo.definition.model import Definition
from gongmo.rules.ranking import BadScores, BonusPoints, Outcome, Score, Seat, Standing, TieDecision, rank

Make = Callable[..., Definition]


def sheet(application: str, stage: str, evaluator: str, first: str, second: str = "0") -> list[Score]:
    return [
        Score(application, stage, evaluator, "1-1", Decimal(first)),
        Score(application, stage, evaluator, "1-2", Decimal(second)),
    ]


def both(points: dict[str, str], evaluators: str = "xyz") -> list[Score]:
    """The same points on criterion 1-1 from every evaluator at both stages: the final score equals them."""
    return [
        score
        for stage in ("desk", "talk")
        for name, given_ in points.items()
        for e in evaluators
        for score in sheet(name, stage, e, given_)
    ]


@st.composite
def score_tables(draw: st.DrawFn) -> list[Score]:
    names = [f"a{n}" for n in range(draw(st.integers(1, 5)))]
    evaluators = [f"e{n}" for n in range(draw(st.integers(1, 6)))]
    half = st.integers(0, 8).map(lambda n: Decimal(n) * 5)
    return [
        Score(name, stage, evaluator, criterion, draw(half))
        for stage in ("desk", "talk")
        for name in names
        for evaluator in evaluators
        for criterion in ("1-1", "1-2")
    ]


def naive_final(scores: list[Score], name: str, trim: int, at_least: int) -> Fraction:
    final = Fraction(0)
    for stage, weight in (("desk", 40), ("talk", 60)):
        totals: dict[str, Fraction] = {}
        for score in scores:
            if (score.stage, score.application) == (stage, name):
                totals[score.evaluator] = totals.get(score.evaluator, Fraction(0)) + Fraction(score.points)
        values = sorted(totals.values())
        if len(values) >= at_least and len(values) > 2 * trim:
            values = values[trim : len(values) - trim]
        final += sum(values, Fraction(0)) / len(values) * weight / 100
    return final


@given(score_tables(), st.integers(0, 2), st.integers(1, 6))
@settings(deadline=None)
def test_finals_equal_a_naive_computation(make: Make, scores: list[Score], trim: int, at_least: int) -> None:
    averaging = {
        "method": "trimmed_mean",
        "highest": trim,
        "lowest": trim,
        "minimum_evaluators": at_least,
    }

    found = rank(make(averaging=averaging), scores)

    for entry in found.entries:
        exact = naive_final(scores, entry.application, trim, at_least)
        assert entry.exact == exact
        assert entry.final is not None
        assert abs(Fraction(entry.final) - exact) <= Fraction(1, 200)


@given(score_tables(), st.randoms(use_true_random=False), st.integers(1, 4))
@settings(deadline=None)
def test_order_of_rows_changes_nothing(make: Make, scores: list[Score], random: Any, count: int) -> None:
    mixed = list(scores)
    random.shuffle(mixed)

    assert rank(make(count=count), mixed) == rank(make(count=count), scores)


@given(score_tables(), st.integers(1, 4))
@settings(deadline=None)
def test_every_tie_is_told_and_places_add_up(make: Make, scores: list[Score], count: int) -> None:
    found = rank(make(count=count), scores)

    finals = {entry.application: entry.final for entry in found.entries}
    for name, final in finals.items():
        others = tuple(sorted(n for n, f in finals.items() if f == final and n != name))
        assert found.entry(name).tied_with == others
        assert all(found.entry(o).rank == found.entry(name).rank for o in others)
    assert len(found.selected) + found.places_undecided == min(count, len(finals))
    assert found.places_undecided < max(1, len(found.undecided))
    assert sorted([*found.selected, *found.undecided, *found.reserve]) == sorted(finals)
    assert (found.outcome is Outcome.UNDECIDED) == bool(found.undecided)


@given(score_tables())
@settings(deadline=None)
def test_scaling_maximum_and_points_together_changes_no_score(make: Make, scores: list[Score]) -> None:
    criteria = [
        {
            "default": {"ko": "시험", "en": "test"},
            "id": "1",
            "name": {"ko": "목적", "en": "p"},
            "max_points": "10",
            "criteria": [
                {"id": "1-1", "name": {"ko": "첫째", "en": "1"}, "max_points": "6"},
                {"id": "1-2", "name": {"ko": "둘째", "en": "2"}, "max_points": "4"},
            ],
        }
    ]
    tenth = [Score(s.application, s.stage, s.evaluator, s.criterion, s.points / 10) for s in scores]

    small, large = rank(make(criteria=criteria), tenth), rank(make(), scores)

    assert [(e.application, e.rank, e.exact) for e in small.entries] == [
        (e.application, e.rank, e.exact) for e in large.entries
    ]


def test_the_way_of_a_number_is_whole(make: Make) -> None:
    scores = [*sheet("a", "desk", "x", "50", "30"), *sheet("a", "desk", "y", "45.5", "30")]
    scores += [*sheet("a", "talk", "x", "60", "40")]

    entry = rank(make(), scores).entry("a")

    desk, talk = entry.stages
    assert [(s.evaluator, s.total, s.out_of_100) for s in desk.sheets] == [
        ("x", Decimal(80), Fraction(80)),
        ("y", Decimal("75.5"), Fraction("75.5")),
    ]
    assert (desk.exact, desk.weighted) == (Fraction("77.75"), Fraction("31.1"))
    assert (talk.weighted, entry.exact, entry.final) == (60, Fraction("91.1"), Decimal("91.10"))


@pytest.mark.parametrize(
    ("mode", "at", "final"),
    [("half_up", "final", "66.67"), ("down", "final", "66.66"), ("half_up", "stage", "66.67")],
)
def test_rounding_as_defined(make: Make, mode: str, at: str, final: str) -> None:
    scores = [
        s
        for stage in ("desk", "talk")
        for e, p in (("x", "60"), ("y", "60"), ("z", "60"))
        for s in sheet("a", stage, e, p, "0" if e == "x" else "10")
    ]

    assert rank(make(rounding={"places": 2, "mode": mode, "at": at}), scores).entry("a").final == Decimal(
        final
    )


def test_half_even_rounds_to_the_even_neighbour(make: Make) -> None:
    scores = both({"a": "0.5", "b": "1.5"})

    found = rank(make(rounding={"places": 0, "mode": "half_even", "at": "final"}), scores)

    assert [(e.application, e.final) for e in found.entries] == [("b", 2), ("a", 0)]


def test_median_of_an_even_number(make: Make) -> None:
    scores = [
        s
        for stage in ("desk", "talk")
        for e, p in zip("wxyz", ("10", "20", "30", "60"), strict=True)
        for s in sheet("a", stage, e, p)
    ]

    assert rank(make(averaging={"method": "median"}), scores).entry("a").final == 25


def test_trimming_drops_one_of_tied_extremes(make: Make) -> None:
    points = {"v": "60", "w": "60", "x": "30", "y": "10", "z": "10"}
    scores = [s for stage in ("desk", "talk") for e, p in points.items() for s in sheet("a", stage, e, p)]
    averaging = {"method": "trimmed_mean", "highest": 1, "lowest": 1, "minimum_evaluators": 5}

    stage = rank(make(averaging=averaging), scores).entry("a").stages[0]

    assert [s.dropped for s in stage.sheets].count("highest") == 1
    assert [s.dropped for s in stage.sheets].count("lowest") == 1
    assert stage.exact == Fraction(100, 3)


def test_too_few_evaluators_are_not_trimmed_and_that_is_told(make: Make) -> None:
    averaging = {"method": "trimmed_mean", "highest": 1, "lowest": 1, "minimum_evaluators": 5}

    found = rank(make(averaging=averaging), both({"a": "50"}))

    assert found.entry("a").stages[0].method == "mean"
    assert any("최고·최저" in note.ko for note in found.notes)


def test_too_few_sheets_for_the_quorum_are_told(make: Make) -> None:
    found = rank(make(committee={"size": 7, "quorum": 5}), both({"a": "50"}))

    assert any("정족수는 5명" in note.ko for note in found.notes)


def test_a_tie_on_the_cut_line_leaves_the_selection_undecided(make: Make) -> None:
    found = rank(make(count=2), both({"a": "60", "b": "50", "c": "50", "d": "10"}))

    assert found.outcome is Outcome.UNDECIDED
    assert (found.selected, found.undecided, found.places_undecided, found.reserve) == (
        ("a",),
        ("b", "c"),
        1,
        ("d",),
    )
    assert [entry.rank for entry in found.entries] == [1, 2, 2, 4]
    assert found.ties[0].across_line
    assert found.cut_line.gap == 0


def test_a_tie_off_the_line_is_told_and_decides_nothing(make: Make) -> None:
    found = rank(make(count=1), both({"a": "60", "b": "50", "c": "50"}))

    assert found.outcome is Outcome.DECIDED
    assert not found.ties[0].across_line
    assert found.cut_line.gap == 10


def test_the_committee_decides_a_tie(make: Make) -> None:
    decision = TieDecision(("c", "b"), reason="2차 회의")

    found = rank(make(count=2), both({"a": "60", "b": "50", "c": "50", "d": "10"}), tie_decisions=[decision])

    assert (found.selected, found.reserve) == (("a", "c"), ("b", "d"))
    assert [entry.rank for entry in found.entries] == [1, 2, 3, 4]
    assert found.entry("b").decided_by is not None
    assert found.entry("b").tied_with == ("c",)


@pytest.mark.parametrize("order", [("b",), ("a", "b"), ("a", "b", "c"), ("b", "zz")])
def test_a_decision_that_fits_no_tie_is_refused(make: Make, order: tuple[str, ...]) -> None:
    with pytest.raises(BadScores) as refused:
        rank(
            make(count=2),
            both({"a": "60", "b": "50", "c": "50"}),
            tie_decisions=[TieDecision(order)],
        )

    assert [p.code for p in refused.value.problems] == ["stale_decision"]


def test_a_decision_is_refused_where_the_committee_may_not_decide(make: Make) -> None:
    definition = make(count=1, ties={"committee_decides": False})

    with pytest.raises(BadScores):
        rank(definition, both({"a": "50", "b": "50"}), tie_decisions=[TieDecision(("a", "b"))])


def test_tie_break_by_criterion_then_told(make: Make) -> None:
    scores = [
        s
        for stage in ("desk", "talk")
        for name, one, two in (("a", "40", "20"), ("b", "30", "30"))
        for s in sheet(name, stage, "x", one, two)
    ]

    found = rank(make(count=1, ties={"criteria": ["1-2"]}), scores)

    assert found.selected == ("b",)
    assert [e.rank for e in found.entries] == [1, 2]
    assert found.ties[0].decided_by is not None
    assert "1-2" in found.ties[0].decided_by.ko


def test_tie_break_by_stage(make: Make) -> None:
    scores = [
        *sheet("a", "desk", "x", "60"),
        *sheet("a", "talk", "x", "20"),
        *sheet("b", "desk", "x", "30"),
        *sheet("b", "talk", "x", "40"),
    ]

    assert rank(make(count=1, ties={"stages": ["talk"]}), scores).selected == ("b",)


def test_cut_off_on_the_final_score_is_kept_by_the_exact_points(make: Make) -> None:
    cutoffs = [{"default": {"ko": "시험", "en": "t"}, "points": "50", "of": "final"}]

    found = rank(make(count=3, cutoffs=cutoffs), both({"a": "50", "b": "49.5"}))

    assert found.selected == ("a",)
    assert found.entry("b").standing is Standing.BELOW_CUTOFF
    assert found.entry("b").rank is None
    assert found.entry("b").final == Decimal("49.50")


def test_nobody_passes(make: Make) -> None:
    cutoffs = [{"default": {"ko": "시험", "en": "t"}, "points": "90", "of": "final"}]

    assert rank(make(cutoffs=cutoffs), both({"a": "50"})).outcome is Outcome.NOBODY


def test_who_falls_at_a_stage_cut_off_needs_no_later_scores(make: Make) -> None:
    cutoffs = [{"default": {"ko": "시험", "en": "t"}, "points": "30", "of": "stage", "stage": "desk"}]
    scores = [*sheet("a", "desk", "x", "50"), *sheet("b", "desk", "x", "20"), *sheet("a", "talk", "x", "50")]

    found = rank(make(cutoffs=cutoffs), scores)

    assert found.selected == ("a",)
    assert (found.entry("b").standing, found.entry("b").final) == (Standing.BELOW_CUTOFF, None)


def advancing(make: Make, **more: Any) -> Definition:
    base = {"default": {"ko": "시험", "en": "t"}}
    stages = [
        {**base, "id": "desk", "name": {"ko": "서면", "en": "d"}, "weight": "40", "advance": 2},
        {**base, "id": "talk", "name": {"ko": "발표", "en": "t"}, "weight": "60"},
    ]
    return make(stages=stages, **more)


def test_only_the_best_go_on(make: Make) -> None:
    scores = [s for name, p in (("a", "60"), ("b", "50"), ("c", "40")) for s in sheet(name, "desk", "x", p)]
    scores += [*sheet("a", "talk", "x", "10"), *sheet("b", "talk", "x", "50")]

    found = rank(advancing(make), scores)

    assert found.selected == ("b",)
    assert found.entry("c").standing is Standing.NOT_ADVANCED


def test_scores_of_one_who_did_not_go_on_are_refused_with_the_row(make: Make) -> None:
    scores = [s for name, p in (("a", "60"), ("b", "50"), ("c", "40")) for s in sheet(name, "desk", "x", p)]
    scores += [s for name in "ab" for s in sheet(name, "talk", "x", "10")]
    scores += [
        Score("c", "talk", "x", "1-1", Decimal(1), row=17),
        Score("c", "talk", "x", "1-2", Decimal(1), 18),
    ]

    with pytest.raises(BadScores) as refused:
        rank(advancing(make), scores)

    assert [(p.code, p.row) for p in refused.value.problems] == [("not_advanced", 18)]


def test_a_tie_on_who_goes_on_waits_for_its_decision(make: Make) -> None:
    scores = [s for name, p in (("a", "60"), ("b", "50"), ("c", "50")) for s in sheet(name, "desk", "x", p)]

    waiting = rank(advancing(make), scores)
    decided = rank(
        advancing(make), scores, through="desk", tie_decisions=[TieDecision(("c", "b"), stage="desk")]
    )

    assert (waiting.outcome, waiting.undecided, waiting.places_undecided) == (
        Outcome.UNDECIDED,
        ("b", "c"),
        1,
    )
    assert decided.outcome is Outcome.INTERIM
    assert decided.entry("c").standing is Standing.ADVANCED
    assert decided.entry("b").standing is Standing.NOT_ADVANCED
    assert decided.selected == ()


@given(st.data())
@settings(deadline=None, max_examples=60)
def test_stage_by_stage_comes_to_the_same_as_all_at_once(make: Make, data: st.DataObject) -> None:
    base = {"default": {"ko": "시험", "en": "t"}}
    places = [data.draw(st.none() | st.integers(1, 4)) for _ in range(2)]
    stages = [
        {**base, "id": name, "name": {"ko": name, "en": name}, "weight": weight}
        | ({"advance": place} if place else {})
        for name, weight, place in zip(("s1", "s2", "s3"), ("30", "30", "40"), [*places, None], strict=True)
    ]
    cutoffs = [{**base, "points": str(data.draw(st.integers(0, 60))), "of": "stage", "stage": "s1"}]
    cutoffs.append({**base, "points": str(data.draw(st.integers(0, 60))), "of": "final"})
    definition = make(count=2, stages=stages, cutoffs=cutoffs)
    standing = [f"a{n}" for n in range(data.draw(st.integers(1, 6)))]
    everyone = set(standing)
    scores: list[Score] = []
    decisions: list[TieDecision] = []
    for stage in ("s1", "s2"):
        for name in standing:
            scores += sheet(name, stage, "x", str(data.draw(st.integers(0, 60))))
        found = rank(definition, scores, through=stage, tie_decisions=decisions)
        if found.outcome is Outcome.UNDECIDED:
            decisions.append(TieDecision(tuple(reversed(found.undecided)), stage))
            found = rank(definition, scores, through=stage, tie_decisions=decisions)
        assert {e.application for e in found.entries} == everyone
        standing = [e.application for e in found.entries if e.standing is Standing.ADVANCED]
        if not standing:
            assert found.outcome is Outcome.NOBODY
            return
    for name in standing:
        scores += sheet(name, "s3", "x", str(data.draw(st.integers(0, 60))))

    whole = rank(definition, scores, tie_decisions=decisions)

    assert {e.application for e in whole.entries} == everyone
    assert {e.application for e in whole.entries if e.final is not None} == set(standing)
    ranked = [e for e in whole.entries if e.rank is not None]
    assert [e.final for e in ranked] == sorted((e.final for e in ranked if e.final is not None), reverse=True)
    assert len(whole.selected) + whole.places_undecided == min(2, len(ranked))


def test_bonus_is_added_up_to_its_maximum(make: Make) -> None:
    definition = make(bonus={"max_points": "5"}, count=1)
    bonus = [BonusPoints("b", Decimal(4)), BonusPoints("b", Decimal(3))]

    entry = rank(definition, both({"a": "54.5", "b": "50"}), bonus=bonus).entry("b")

    assert (entry.bonus_given, entry.bonus_counted, entry.final, entry.rank) == (7, 5, Decimal(55), 1)


def test_the_withdrawn_are_told_and_need_no_scores(make: Make) -> None:
    scores = [*both({"a": "50", "b": "40"}), *sheet("c", "desk", "x", "60")]

    found = rank(make(count=1), scores, withdrawn={"c"})

    assert found.selected == ("a",)
    assert (found.entry("c").standing, found.entry("c").rank) == (Standing.WITHDRAWN, None)


def test_no_reserve_where_the_next_in_rank_does_not_follow(make: Make) -> None:
    found = rank(make(next_in_rank=False), both({"a": "50", "b": "40"}))

    assert found.reserve == ()
    assert found.entry("b").standing is Standing.NOT_SELECTED


def test_hash_is_of_the_input_and_not_of_its_order_or_spelling(make: Make) -> None:
    scores = both({"a": "50", "b": "40"})
    spelled = [
        Score(s.application, s.stage, s.evaluator, s.criterion, s.points + Decimal("0.00"), row=n)
        for n, s in enumerate(scores)
    ]
    changed = [*scores[1:], Score("a", "desk", "x", "1-1", Decimal("50.5"))]

    assert rank(make(), spelled[::-1]).input_hash == rank(make(), scores).input_hash
    assert rank(make(), changed).input_hash != rank(make(), scores).input_hash
    assert rank(make(count=2), scores).input_hash != rank(make(), scores).input_hash


def test_a_panel_lets_evaluators_sit_for_some_applications_only(make: Make) -> None:
    scores = [s for s in both({"a": "50", "b": "40"}) if (s.application, s.evaluator) != ("b", "z")]
    panel = [Seat(stage, e) for stage in ("desk", "talk") for e in "xy"]
    panel += [Seat(stage, "z", "a") for stage in ("desk", "talk")]

    found = rank(make(), scores, panel=panel)

    assert len(found.entry("a").stages[0].sheets) == 3
    assert len(found.entry("b").stages[0].sheets) == 2


def test_a_thousand_applications_are_quick(make: Make) -> None:
    import time

    scores = [
        Score(f"a{a:04}", stage, f"e{e}", criterion, Decimal((a * 7 + e * 3) % 81) / 2)
        for stage in ("desk", "talk")
        for a in range(1000)
        for e in range(28)
        for criterion in ("1-1", "1-2")
    ]
    started = time.perf_counter()

    rank(make(count=50), scores)

    # As many rows as 1,000 applications x 7 evaluators x 8 criteria x 2 stages; the goal is 2 s on a quiet machine.
    assert time.perf_counter() - started < 6
