"""The code on a cover sheet."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongmo.applications.papers.codes import LETTERS, code_of, read_arrival_code

NUMBERS = st.integers(0, 2**35 - 1)


@given(NUMBERS)
def test_a_code_is_read_back_however_it_is_typed(number: int):
    code = code_of(number)

    assert len(code) == 13
    assert read_arrival_code(code) == number
    assert read_arrival_code(code.lower().replace("-", " ")) == number
    assert read_arrival_code(code.replace("-", "").replace("0", "O").replace("1", "l")) == number


@given(NUMBERS, st.integers(0, 8), st.sampled_from(LETTERS))
def test_one_wrong_letter_is_seen(number: int, place: int, letter: str):
    bare = code_of(number).replace("-", "")[2:]
    wrong = bare[:place] + letter + bare[place + 1 :]

    assert read_arrival_code("GM" + wrong) in ({number} if wrong == bare else {None})


@given(NUMBERS, st.integers(0, 7))
def test_swapped_neighbours_are_seen(number: int, place: int):
    bare = code_of(number).replace("-", "")[2:]
    swapped = bare[:place] + bare[place + 1] + bare[place] + bare[place + 2 :]

    assert read_arrival_code("GM" + swapped) in ({number} if swapped == bare else {None})


@given(st.text(max_size=30))
def test_any_text_is_answered(text: str):
    found = read_arrival_code(text)

    assert found is None or code_of(found)


def test_neighbouring_applications_have_codes_that_do_not_look_alike():
    codes = [code_of(number).replace("-", "")[2:9] for number in range(1, 50)]

    assert len(set(codes)) == len(codes)
    assert all(sum(a != b for a, b in zip(one, other, strict=True)) >= 2 for one, other in pairwise(codes))


def test_numbers_beyond_the_code_are_refused():
    with pytest.raises(ValueError, match="number"):
        code_of(2**35)
