"""The longest common subsequence is exactly that, whatever is compared."""

from functools import cache
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from gongmo.kernel.difference import common

few = st.text(alphabet="가나다", max_size=12)


def longest(one: str, other: str) -> int:
    @cache
    def of(a: int, b: int) -> int:
        if not a or not b:
            return 0
        if one[a - 1] == other[b - 1]:
            return of(a - 1, b - 1) + 1
        return max(of(a - 1, b), of(a, b - 1))

    return of(len(one), len(other))


@given(few, few)
def test_what_is_common_is_in_both_in_order_and_nothing_longer_is(one: str, other: str) -> None:
    pairs = common(one, other)

    assert all(one[a] == other[b] for a, b in pairs)
    assert all(a < c and b < d for (a, b), (c, d) in pairwise(pairs))
    assert len(pairs) == longest(one, other)


def test_two_long_texts_of_the_same_two_words_are_compared_like_any_others() -> None:
    one, other = list("가나" * 1500), list("나가가" * 1000)

    pairs = common(one, other)

    assert len(pairs) > 1900
    assert [one[a] for a, _ in pairs] == [other[b] for _, b in pairs]
