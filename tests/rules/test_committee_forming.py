"""Forming a committee: every limit kept, the best list found, infeasible said with its limits, the same answer again."""

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongmo.definition.base import Text
from gongmo.rules.committee_forming import parse_proposal, propose
from gongmo.rules.committee_limits import check
from gongmo.rules.committee_reasons import why_left_out, why_seated
from gongmo.rules.committee_values import (
    Bar,
    Barred,
    Expert,
    Limits,
    Panel,
    Problem,
    Seat,
    draw_number,
    parse_problem,
)

HIT = Text(ko="같은 기관 소속입니다.", en="works at the same organisation.")
SECTORS = ("industry", "academia", "research")
LIMITS = Limits(size=3, quorum=2, at_least=dict.fromkeys(SECTORS, 1))


def expert(number: int, sector: str = "", **more: object) -> Expert:
    return Expert(id=f"평가위원 {number:02d}", sector=sector or SECTORS[number % 3], **more)  # type: ignore[arg-type]


def problem(
    *experts: Expert, limits: Limits = LIMITS, seed: int = 1, applications: int = 2, **more: object
) -> Problem:
    names = tuple(str(number) for number in range(applications))
    return Problem(experts, (Panel(1, names),), limits, seed, **more)  # type: ignore[arg-type]


def names(seats: tuple[Seat, ...], reserve: bool = False) -> list[str]:
    return sorted(seat.expert for seat in seats if seat.reserve == reserve)


def test_those_with_the_fewest_sessions_sit() -> None:
    asked = problem(*(expert(n, sessions=n // 3) for n in range(9)))
    found = propose(asked)

    assert found.feasible
    assert found.proven
    assert names(found.seats) == ["평가위원 00", "평가위원 01", "평가위원 02"]
    assert check(asked, found.seats) == ()
    assert sum(seat.chair for seat in found.seats) == 1


def test_equals_are_drawn_by_the_seed_and_every_equal_can_win() -> None:
    pool = [expert(n) for n in range(9)]
    chosen = [names(propose(problem(*pool, seed=seed)).seats) for seed in range(25)]

    assert {name for each in chosen for name in each} == {each.id for each in pool}
    assert chosen[3] == names(propose(problem(*reversed(pool), seed=3)).seats)
    best = sorted((each for each in pool if each.sector == "industry"), key=lambda e: draw_number(3, e.id))
    assert best[0].id in chosen[3]


@pytest.mark.parametrize(
    ("bar", "more"),
    [
        ("load", {"sessions": 45}),
        ("consent", {"barred": (Barred(Bar.CONSENT, HIT),)}),
        ("conflict", {"conflicts": {"0": HIT, "1": HIT}}),
    ],
)
def test_who_may_not_sit_is_never_proposed_and_told_why(bar: str, more: dict[str, object]) -> None:
    asked = problem(expert(0, **more), *(expert(n) for n in range(1, 7)))
    found = propose(asked)
    reasons = {each.expert: each for each in why_left_out(asked, found.seats)}

    assert "평가위원 00" not in names(found.seats)
    assert reasons["평가위원 00"].kind == bar
    assert [
        each.kind for each in check(asked, [Seat("평가위원 00", 1)]) if each.kind.startswith("barred")
    ] == [f"barred_{bar}"]


def test_a_conflict_with_one_application_bars_the_whole_panel_only_where_the_call_says_so() -> None:
    pool = (expert(0, conflicts={"0": HIT}), expert(1), expert(2))
    strict = propose(problem(*pool, limits=replace(LIMITS, whole_committee=True)))
    mild = propose(problem(*pool))

    assert not strict.feasible
    assert mild.feasible
    assert names(mild.seats) == [each.id for each in pool]


def test_every_application_keeps_its_quorum_of_judges_without_conflict() -> None:
    limits = Limits(size=3, quorum=3)
    pool = [expert(n, conflicts={"0": HIT} if n < 4 else {}, sessions=0 if n < 4 else 9) for n in range(8)]
    found = propose(problem(*pool, limits=limits))

    assert set(names(found.seats)) <= {each.id for each in pool[4:]}


def test_limits_of_mix_expertise_organisation_and_reserves_hold_together() -> None:
    limits = Limits(
        size=5,
        quorum=3,
        reserves=3,
        at_least=dict.fromkeys(SECTORS, 1),
        at_most=dict.fromkeys(SECTORS, 2),
        per_organisation=1,
        expertise=("로봇", "바이오"),
    )
    pool = [
        expert(
            n,
            organisations=(f"기관 {n // 2}",),
            knows=("로봇",) if n == 17 else ("바이오",) if n > 12 else (),
        )
        for n in range(18)
    ]
    asked = problem(*pool, limits=limits)
    found = propose(asked)
    members = [asked.expert(name) for name in names(found.seats)]

    assert found.feasible
    assert len(members) == 5
    assert len({each.organisations for each in members}) == 5
    assert "평가위원 17" in names(found.seats)
    assert sorted(asked.expert(name).sector for name in names(found.seats, True)) == sorted(SECTORS)
    assert "유일한" in why_seated(asked, found.seats)["평가위원 17"][0].ko


def test_a_later_panel_keeps_an_original_member() -> None:
    pool = [expert(n, sessions=30 if n == 6 else 0, original=n == 6) for n in range(9)]
    found = propose(problem(*pool, limits=replace(LIMITS, keep=1)))
    assert "평가위원 06" in names(found.seats)


def test_nobody_sits_on_more_panels_than_allowed() -> None:
    panels = tuple(Panel(n, (str(n),)) for n in (1, 2, 3))
    asked = Problem(tuple(expert(n) for n in range(9)), panels, LIMITS, 5)
    found = propose(asked)
    assert found.feasible
    assert len(names(found.seats)) == len(set(names(found.seats))) == 9


def test_what_cannot_be_met_is_said_by_limit_and_by_how_much() -> None:
    pool = (expert(0, "industry"), expert(1, "industry"), expert(2, "academia"), expert(3, "industry"))
    found = propose(problem(*pool))

    assert [(each.kind, each.detail, each.off) for each in found.breaks] == [("sector_least", "research", -1)]
    assert "연구계" in found.breaks[0].text.ko
    assert len(found.seats) == 3
    assert found.out == {"industry": {"open": 3}, "academia": {"open": 1}}


def test_a_pool_too_small_says_how_many_are_missing() -> None:
    found = propose(problem(expert(0), expert(1)))
    assert {each.kind: each.off for each in found.breaks} == {"size": -1, "sector_least": -1}
    assert not propose(problem(expert(0, sessions=99))).feasible


def test_wanted_seats_stay_and_hand_changes_are_checked() -> None:
    pool = [expert(n, sessions=n) for n in range(9)]
    found = propose(problem(*pool, wanted=(Seat("평가위원 08", 1, chair=True),)))
    assert "평가위원 08" in names(found.seats)
    assert [seat.expert for seat in found.seats if seat.chair] == ["평가위원 08"]

    asked = problem(*pool)
    swapped = [Seat("평가위원 00", 1, chair=True), Seat("평가위원 03", 1), Seat("평가위원 01", 1)]
    assert [(each.kind, each.detail) for each in check(asked, swapped)] == [("sector_least", "research")]


def test_each_expert_left_out_has_the_reason_that_binds() -> None:
    pool = [expert(n, sessions=4 if n == 3 else 0) for n in range(6)]
    asked = problem(*pool, seed=11)
    found = propose(asked)
    reasons = {each.expert: each for each in why_left_out(asked, found.seats)}

    assert reasons.keys() == {each.id for each in pool} - set(names(found.seats))
    assert reasons["평가위원 03"].kind == "sessions"
    assert reasons["평가위원 03"].against == "평가위원 00"
    assert {reasons[name].kind for name in reasons if name != "평가위원 03"} == {"draw"}


def test_inputs_and_result_have_one_spelling_and_come_back() -> None:
    asked = problem(*(expert(n, conflicts={"0": HIT} if n == 1 else {}) for n in range(9)))
    found = propose(asked)
    again = parse_problem(asked.canonical())

    assert again.hash() == asked.hash() == replace(asked, experts=tuple(reversed(asked.experts))).hash()
    assert propose(again).canonical() == found.canonical()
    assert parse_proposal(found.canonical()) == found


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    count = draw(st.integers(2, 8))
    pool = tuple(
        expert(
            n,
            draw(st.sampled_from(SECTORS)),
            sessions=draw(st.integers(0, 3)),
            knows=("로봇",) if draw(st.booleans()) else (),
            organisations=(draw(st.sampled_from(("가", "나", "다", "라"))),),
            conflicts={"0": HIT} if draw(st.integers(0, 3)) == 0 else {},
        )
        for n in range(count)
    )
    limits = Limits(
        size=draw(st.integers(2, 4)),
        quorum=draw(st.integers(1, 2)),
        at_least=dict.fromkeys(SECTORS, draw(st.integers(0, 1))),
        at_most=dict.fromkeys(SECTORS, draw(st.integers(1, 3))),
        per_organisation=draw(st.sampled_from((None, 1, 2))),
        expertise=("로봇",) if draw(st.booleans()) else (),
        whole_committee=draw(st.booleans()),
        yearly=3,
    )
    return problem(*pool, limits=limits, seed=draw(st.integers(0, 99)))


def _worth(asked: Problem, members: tuple[Expert, ...]) -> tuple[int, int, int]:
    hits = sum(each.against(name) is not None for each in members for name in asked.panels[0].applications)
    return hits, sum(e.sessions for e in members), sum(draw_number(asked.seed, e.id) for e in members)


@settings(max_examples=40, deadline=None)
@given(problems())
def test_the_proposal_is_the_best_of_all_lists_or_none_keeps_the_limits(asked: Problem) -> None:
    lawful = [
        members
        for members in combinations(asked.experts, asked.limits.size)
        if not check(asked, [Seat(e.id, 1, chair=n == 0) for n, e in enumerate(members)])
    ]
    found = propose(asked)

    assert found.feasible == bool(lawful)
    if lawful:
        chosen = tuple(asked.expert(seat.expert) for seat in found.seats)
        assert check(asked, found.seats) == ()
        assert _worth(asked, chosen) == min(_worth(asked, each) for each in lawful)
        assert all(each.kind != "by_hand" for each in why_left_out(asked, found.seats))
    else:
        assert found.breaks
