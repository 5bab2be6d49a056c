"""Check digits of business and corporate numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongmo.parties.checks import (
    digits,
    invented_business_number,
    invented_corporate_number,
    is_business_number,
    is_corporate_number,
)


@pytest.mark.parametrize(
    ("number", "valid"),
    [("1248100998", True), ("1248100999", False), ("124810099", False), ("12481009980", False), ("", False), ("１２４８１００９９８", False)],
)  # fmt: skip
def test_business_number(number: str, valid: bool) -> None:
    assert is_business_number(number) is valid


@pytest.mark.parametrize(
    ("number", "valid"), [("1301110006246", True), ("1301110006247", False), ("130111000624", False)]
)
def test_corporate_number(number: str, valid: bool) -> None:
    assert is_corporate_number(number) is valid


def test_hyphens_and_spaces_are_not_digits() -> None:
    assert digits(" 124-81-00998 ") == "1248100998"


@given(st.integers(0, 999_999), st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_before_the_ninth_is_noticed(index: int, place: int, change: int) -> None:
    number = invented_business_number(index)
    wrong = number[:place] + str((int(number[place]) + change) % 10) + number[place + 1 :]

    assert is_business_number(number)
    # The ninth digit's weight (5 and a carry) lets some changes cancel out; every other weight has no common factor with 10.
    if place != 8:
        assert not is_business_number(wrong)


@given(st.integers(0, 10**8 - 1))
def test_invented_numbers_are_valid_and_of_no_real_office(index: int) -> None:
    assert is_corporate_number(invented_corporate_number(index))
    assert invented_corporate_number(index).startswith("0000")
    assert invented_business_number(index % 10**6).startswith("000")
