"""What money follows a termination: every won is dropped, returned or spent, and interest is exact."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongmo.kernel.errors import BadInput
from gongmo.rules.termination import Agreed, Paid, consequences, interest_on

ON = date(2031, 4, 1)
FIVE = Fraction(5, 100)
WON = st.integers(0, 10**12)


def test_a_further_year_is_dropped_whole_and_this_year_returns_what_was_not_spent():
    found = consequences(
        [Agreed(2031, "national", "cash", 1000), Agreed(2032, "national", "cash", 500)],
        [Paid(2031, "national", 800, 300, ON - timedelta(days=73))],
        on=ON,
        annual=FIVE,
    )

    assert [(line.dropped, line.returned, line.interest) for line in found.lines] == [
        (200, 500, 5),
        (500, 0, 0),
    ]
    assert (found.dropped, found.returned, found.interest, found.complete) == (700, 500, 5, True)


def test_what_nobody_established_is_said_to_be_unknown():
    found = consequences([Agreed(2030, "national", "cash", 1000)], [], on=ON, annual=FIVE)

    assert not found.complete
    assert not found.lines[0].known
    assert (found.dropped, found.returned) == (0, 0)


def test_in_kind_is_neither_paid_nor_returned():
    assert consequences([Agreed(2031, "private", "in_kind", 900)], [], on=ON, annual=FIVE).lines == ()


def test_interest_needs_a_day_and_a_rate():
    agreed = [Agreed(2031, "national", "cash", 1000)]

    for paid, rate in (
        (Paid(2031, "national", 800, 300), FIVE),
        (Paid(2031, "national", 800, 300, ON), None),
    ):
        found = consequences(agreed, [paid], on=ON, annual=rate)
        assert found.lines[0].interest is None
        assert not found.complete


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([Paid(2031, "national", 1, 2)], "spent_beyond_paid"),
        ([Paid(2031, "national", -1, -2)], "spent_beyond_paid"),
        ([Paid(2031, "national", 1, 1), Paid(2031, "national", 1, 1)], "paid_twice"),
        ([Paid(2031, "national", 1, 1, ON + timedelta(days=1))], "paid_later"),
    ],
)
def test_unusable_figures_are_refused(rows, code):
    with pytest.raises(BadInput) as refused:
        consequences([Agreed(2031, "national", "cash", 1000)], rows, on=ON, annual=FIVE)

    assert refused.value.code == code


@given(
    agreed=st.lists(WON, min_size=1, max_size=4),
    parts=st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100)), min_size=4, max_size=4),
    days=st.integers(0, 3000),
)
def test_every_won_that_was_agreed_is_spent_returned_or_dropped(agreed, parts, days):
    rows = [Agreed(2028 + n, "national", "cash", amount) for n, amount in enumerate(agreed)]
    paid = []
    for row, (gave, spent) in zip(rows, parts, strict=False):
        amount = row.amount * gave // 100
        paid.append(Paid(row.year, "national", amount, amount * spent // 100, ON - timedelta(days=days)))

    found = consequences(rows, paid, on=ON, annual=FIVE)

    assert sum(agreed) == found.dropped + found.returned + sum(line.spent for line in found.lines)
    assert found.complete
    assert all(line.interest == interest_on(line.returned, FIVE, days) for line in found.lines)
