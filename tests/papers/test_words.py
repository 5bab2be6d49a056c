"""Amounts in Korean words, read back by a reader of its own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongmo.papers.words import number_in_words, won_in_words

DIGITS = {letter: value for value, letter in enumerate("영일이삼사오육칠팔구")}
SMALL = {"십": 10, "백": 100, "천": 1000}
LARGE = {"만": 10**4, "억": 10**8, "조": 10**12, "경": 10**16}


def read(words: str) -> int:
    """The number that the words say."""
    total = group = digit = 0
    for letter in words:
        if letter in DIGITS:
            digit = DIGITS[letter]
        elif letter in SMALL:
            group += digit * SMALL[letter]
            digit = 0
        else:
            total += (group + digit) * LARGE[letter]
            group = digit = 0
    return total + group + digit


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "금 영원정"),
        (3_000_000_000, "금 삼십억원정"),
        (4_670_000_000, "금 사십육억칠천만원정"),
        (14_000_000_000, "금 일백사십억원정"),
        (110, "금 일백일십원정"),
        (10**15, "금 일천조원정"),
        (100_010_001, "금 일억일만일원정"),
    ],
)
def test_amounts_are_said_as_pledges_write_them(amount: int, words: str):
    assert won_in_words(amount) == words


@given(st.integers(0, 10**20 - 1))
def test_every_amount_can_be_read_back(amount: int):
    assert read(number_in_words(amount)) == amount


@given(st.integers(0, 10**15), st.integers(0, 10**15))
def test_two_amounts_never_share_their_words(one: int, other: int):
    assert (number_in_words(one) == number_in_words(other)) == (one == other)


@pytest.mark.parametrize("amount", [-1, 10**20])
def test_amounts_beyond_words_are_refused(amount: int):
    with pytest.raises(ValueError, match="amount"):
        number_in_words(amount)
