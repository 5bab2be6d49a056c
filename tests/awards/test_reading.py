"""Sums that the forms of negotiations, changes and cases bring."""

import pytest

from gongmo.awards.views.reading import won, won_needed
from gongmo.kernel.errors import BadInput


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("1,000,000", 1_000_000),
        (" 1000000원 ", 1_000_000),
        ("3억 5,000만", 350_000_000),
        ("0", 0),
        ("", None),
        (" – ", None),
    ],
)
def test_sums_are_read_as_in_a_budget_and_nothing_is_no_sum(typed: str, read: int | None) -> None:
    assert won(typed, field="amount") == read


@pytest.mark.parametrize("typed", ["-5", "1.5", "=1+1", "12,34", "많이", "9" * 16])
def test_what_is_no_sum_is_told_with_what_was_typed(typed: str) -> None:
    with pytest.raises(BadInput) as refused:
        won(typed, field="paid")
    assert (refused.value.code, refused.value.field) == ("not_won", "paid")
    assert typed in refused.value.ko


def test_a_sum_that_must_stand_is_not_taken_for_none() -> None:
    assert won_needed("0", field="amounts") == 0
    for typed in ("", "-"):
        with pytest.raises(BadInput, match="not_won"):
            won_needed(typed, field="amounts")
