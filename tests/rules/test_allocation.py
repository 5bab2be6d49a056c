"""Money by result: exact sums, floors, ceilings, requests, explanations."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongmo.definition.evaluation import Allocation
from gongmo.definition.model import Definition
from gongmo.kernel.errors import BadInput
from gongmo.rules.allocation import Claim, allocate
from gongmo.rules.allocation_hand import adjust


def call(**rule: Any) -> Definition:
    made: dict[str, Any] = {
        "default": {"ko": "시험", "en": "test"},
        "source": "national",
        "method": "equal",
        **rule,
    }
    return Definition.model_construct(allocation=Allocation.model_validate(made))


def claims(*rows: tuple[str, int]) -> list[Claim]:
    return [Claim(f"a{n}", n, Decimal(score), asked) for n, (score, asked) in enumerate(rows, 1)]


@st.composite
def cases(draw: st.DrawFn) -> tuple[Definition, list[Claim]]:
    count = draw(st.integers(1, 6))
    asked = [draw(st.integers(0, 2000)) for _ in range(count)]
    scores = sorted((draw(st.integers(0, 10000)) for _ in range(count)), reverse=True)
    ceiling = draw(st.none() | st.integers(0, 1500))
    rule = call(
        pot=draw(st.integers(0, 5000)),
        method=draw(st.sampled_from(["equal", "by_score", "by_rank"])),
        rank_weights=tuple(draw(st.lists(st.integers(0, 9), max_size=6))),
        floor=draw(st.integers(0, 300)),
        ceiling=ceiling,
        not_above_request=draw(st.booleans()),
        round_to=draw(st.sampled_from([1, 7, 100])),
    )
    return rule, [
        Claim(f"a{n}", n + 1, Decimal(score).scaleb(-2), ask)
        for n, (score, ask) in enumerate(zip(scores, asked, strict=True))
    ]


@given(cases())
def test_sum_is_exact_and_bounds_hold(case: tuple[Definition, list[Claim]]) -> None:
    definition, wanted = case
    rule = definition.allocation
    assert rule is not None

    found = allocate(definition, wanted)

    uppers = [
        min(
            rule.pot,
            rule.ceiling if rule.ceiling is not None else rule.pot,
            claim.requested if rule.not_above_request else rule.pot,
        )
        for claim in wanted
    ]
    floors = [min(rule.floor, upper) for upper in uppers]
    if sum(floors) > rule.pot:
        assert not found.feasible
        assert found.short == sum(floors) - rule.pot
        return
    assert sum(a.amount for a in found.amounts) == found.total == min(rule.pot, sum(uppers))
    assert sum((a.exact for a in found.amounts), Fraction(0)) == found.total
    for amount, floor, upper in zip(found.amounts, floors, uppers, strict=True):
        assert floor <= amount.amount <= upper
        assert floor <= amount.exact <= upper
        assert amount.exact + amount.rounding == amount.amount


@given(cases())
def test_shares_between_the_bounds_are_in_proportion_to_their_weights(
    case: tuple[Definition, list[Claim]],
) -> None:
    found = allocate(*case)

    free = [a for a in found.amounts if a.lower < a.exact < a.upper and a.weight]

    assert len({a.exact / a.weight for a in free}) <= 1


@given(cases(), st.randoms(use_true_random=False))
def test_order_of_the_requests_changes_nothing(case: tuple[Definition, list[Claim]], random: Any) -> None:
    definition, wanted = case
    mixed = list(wanted)
    random.shuffle(mixed)

    assert allocate(definition, mixed) == allocate(definition, wanted)


@given(st.integers(0, 10**13), st.integers(1, 9), st.sampled_from([1, 1000, 1_000_000]))
def test_better_rank_never_gets_less_of_an_equal_share(pot: int, count: int, step: int) -> None:
    definition = call(pot=pot, round_to=step, not_above_request=False)

    amounts = [a.amount for a in allocate(definition, claims(*[("80", 0)] * count)).amounts]

    assert amounts == sorted(amounts, reverse=True)
    assert sum(amounts) == pot


def test_one_odd_won_goes_to_the_first_in_rank() -> None:
    found = allocate(call(pot=100, not_above_request=False), claims(("90", 0), ("80", 0), ("70", 0)))

    assert [a.amount for a in found.amounts] == [34, 33, 33]


def test_by_score_is_in_proportion() -> None:
    found = allocate(call(pot=300, method="by_score"), claims(("80", 999), ("40", 999)))

    assert [a.amount for a in found.amounts] == [200, 100]


def test_what_one_does_not_ask_for_goes_to_the_others() -> None:
    found = allocate(call(pot=300, method="equal"), claims(("80", 50), ("70", 999), ("60", 999)))

    assert [a.amount for a in found.amounts] == [50, 125, 125]
    assert found.amounts[0].bound == "request"
    assert "신청 금액" in found.amounts[0].why.ko


def test_tied_ranks_share_their_rank_weights() -> None:
    tied = [Claim("a", 1, Decimal(80), 999), Claim("b", 1, Decimal(80), 999), Claim("c", 3, Decimal(70), 999)]

    found = allocate(call(pot=600, method="by_rank", rank_weights=(3, 2, 1)), tied)

    assert [a.amount for a in found.amounts] == [250, 250, 100]


def test_amounts_are_multiples_as_far_as_the_pot_allows() -> None:
    found = allocate(
        call(pot=1_000_050, round_to=100, not_above_request=False), claims(("9", 0), ("9", 0), ("9", 0))
    )

    assert [a.amount for a in found.amounts] == [333_450, 333_300, 333_300]


def test_floors_above_the_pot_are_told_with_the_missing_won() -> None:
    found = allocate(call(pot=100, floor=60, not_above_request=False), claims(("9", 0), ("8", 0)))

    assert not found.feasible
    assert (found.short, found.amounts) == (20, ())
    assert "20원 모자랍니다" in found.told[0].ko


def test_money_that_nobody_may_take_stays_in_the_pot() -> None:
    found = allocate(call(pot=100), claims(("9", 30), ("8", 20)))

    assert (found.total, found.left) == (50, 50)


@pytest.mark.parametrize(
    "bad", [Claim("a1", 0, Decimal(1), 1), Claim("a1", 1, Decimal("NaN"), 1), Claim("a1", 1, Decimal(1), -1)]
)
def test_refuses_claims_that_make_no_sense(bad: Claim) -> None:
    with pytest.raises(BadInput):
        allocate(call(pot=100), [bad])


def test_refuses_the_same_application_twice() -> None:
    with pytest.raises(BadInput, match="double_claim"):
        allocate(call(pot=100), [*claims(("9", 1)), *claims(("9", 1))])


def test_a_change_by_hand_keeps_bounds_and_pot_and_says_why():
    proposed = allocate(call(pot=1000, floor=100, ceiling=600), claims(("90", 700), ("80", 700)))
    changed = adjust(proposed, {"a1": 550, "a2": 400}, "두 곳의 규모가 다릅니다.")

    assert [amount.amount for amount in changed.amounts] == [550, 400]
    assert (changed.total, changed.left) == (950, 50)
    assert "두 곳의 규모가 다릅니다." in changed.amounts[0].why.ko


@pytest.mark.parametrize(
    ("amounts", "reason", "code"),
    [
        ({"a1": 601}, "까닭", "out_of_bounds"),
        ({"a1": 99}, "까닭", "out_of_bounds"),
        ({"a1": 600}, "까닭", "beyond_pot"),
        ({"a1": 450}, " ", "empty_text"),
        ({"b": 450}, "까닭", "unknown_application"),
    ],
)
def test_a_change_by_hand_beyond_the_rules_is_refused(amounts, reason, code):
    proposed = allocate(call(pot=1000, floor=100, ceiling=600), claims(("90", 700), ("80", 700)))

    with pytest.raises(BadInput) as refused:
        adjust(proposed, amounts, reason)

    assert refused.value.code == code


@given(cases(), st.lists(st.integers(0, 2000), min_size=6, max_size=6))
def test_whatever_is_set_by_hand_stays_within_bounds_and_pot(case, wanted):
    definition, rows = case
    proposed = allocate(definition, rows)
    amounts = {amount.application: want for amount, want in zip(proposed.amounts, wanted, strict=False)}
    try:
        changed = adjust(proposed, amounts, "까닭")
    except BadInput:
        return

    assert all(amount.lower <= amount.amount <= amount.upper for amount in changed.amounts)
    assert changed.total + changed.left == changed.pot
    assert changed.left >= 0
