"""Row numbers leave as tokens: a permutation of the 64-bit numbers, keyed by the installation's secret."""

import re
from itertools import pairwise

import pytest
from django.urls import NoReverseMatch, URLPattern, get_resolver, path, reverse
from django.urls.converters import IntConverter
from hypothesis import example, given
from hypothesis import strategies as st

from gongmo.kernel import numbers
from gongmo.kernel.numbers import EITHER, NOBODY, SHAPE, Numbers, Permutation
from gongmo.web import routing

SECRET = "K7hQ2vXz9LmN4pRtW8sYbD3fG6jC1aUeT5oViE0xSnB"
OTHER = "Zk3xQ9vB7wLmN2pR8sTuVyA1cD4eF6gH0jK5iOaWrXe"
EVERY = st.integers(0, 2**64 - 1)
ROWS = st.integers(0, 2**40 - 1)
PERMUTATION = Permutation(SECRET)
HERE = Numbers(SECRET)


@given(EVERY)
@example(0)
@example(2**64 - 1)
@example(2**32)
def test_each_number_has_one_place_and_comes_back_from_it(number: int) -> None:
    place = PERMUTATION.close(number)
    assert 0 <= place < 2**64
    assert PERMUTATION.open(place) == number
    assert PERMUTATION.close(PERMUTATION.open(number)) == number


@given(EVERY)
@example(0)
@example(2**64 - 1)
def test_every_place_is_written_in_one_way(place: int) -> None:
    told = numbers.written(place)
    assert re.fullmatch(SHAPE, told)
    assert re.fullmatch(EITHER, told)
    assert numbers.read(told) == place


@given(st.from_regex(SHAPE, fullmatch=True))
def test_every_word_of_that_shape_is_a_place(word: str) -> None:
    assert numbers.written(numbers.read(word)) == word


@pytest.mark.parametrize("number", [-1, 2**64])
def test_a_number_beyond_64_bits_has_no_place(number: int) -> None:
    with pytest.raises(OverflowError):
        PERMUTATION.close(number)
    with pytest.raises(OverflowError):
        PERMUTATION.open(number)


@given(ROWS)
def test_a_rows_number_comes_back_from_its_token(number: int) -> None:
    assert HERE.number(HERE.token(number)) == number


@given(ROWS)
def test_the_same_number_of_another_kind_has_another_token_which_tells_nothing_there(number: int) -> None:
    """A question's token is not that of a place whose number a field's name shows: nobody counts questions by places."""
    question = HERE.token(number, "question")

    assert len({HERE.token(number), question, HERE.token(number, "notice")}) == 3
    assert HERE.number(question, "question") == number
    assert HERE.number(question) != number


def test_former_secrets_read_tokens_of_every_kind() -> None:
    before = Numbers(OTHER)

    assert Numbers(SECRET, [OTHER]).number(before.token(22, "question"), "question") == 22
    assert HERE.number(before.token(22, "question"), "question") == NOBODY


def test_questions_and_notices_are_named_by_tokens_of_their_own() -> None:
    for name, args, kind in (
        ("calls:question", ["a", 5], "question"),
        ("calls:answer", [5], "question"),
        ("notices:open", [5], "notice"),
    ):
        assert numbers.token(5, kind) in reverse(name, args=args)
        assert numbers.token(5) not in reverse(name, args=args)


def test_no_two_rows_share_a_token_and_order_does_not_show() -> None:
    tokens = [HERE.token(number) for number in range(1, 2001)]
    assert len(set(tokens)) == 2000
    rising = sum(one < other for one, other in pairwise(tokens))
    assert 900 < rising < 1100
    signs = "".join(tokens)
    assert all(signs.count(each) > 500 for each in "0123456789abcdefghjkmnpqrstvwxyz")


def test_another_installation_makes_other_tokens() -> None:
    there = Numbers(OTHER)
    assert not {HERE.token(number) for number in range(100)} & {there.token(number) for number in range(100)}
    assert [there.number(HERE.token(number)) for number in range(100)] == [NOBODY] * 100


def test_a_former_secret_still_reads_what_was_made_under_it() -> None:
    turned = Numbers(OTHER, [SECRET])
    assert turned.number(HERE.token(22)) == 22
    assert turned.number(turned.token(22)) == 22
    assert turned.token(22) != HERE.token(22)


@pytest.mark.parametrize(
    "text",
    [
        "22",
        "0",
        "",
        "aaaaaaaaaaaa",
        "aaaaaaaaaaaaaa",
        "0aaaaaaaaaaaa",
        "taaaaaaaaaaaa",
        "aaaaaaaaaaaai",
        "AAAAAAAAAAAAA",
        "aaaaaaaaaaaa\n",
        "a٣aaaaaaaaaaa",
    ],
)
def test_what_is_no_token_is_not_read(text: str) -> None:
    with pytest.raises(ValueError, match="token"):
        HERE.number(text)


def test_a_token_is_never_a_number() -> None:
    assert not re.match("[0-9]", SHAPE.lstrip("["))
    plain = Numbers(SECRET, plain=True)
    assert plain.number("22") == 22
    assert plain.number(HERE.token(22)) == 22


def test_addresses_hold_tokens() -> None:
    found = re.fullmatch(rf"/applications/({SHAPE})/", reverse("applications:application", args=[22]))
    assert found
    assert numbers.number(found[1]) == 22
    with pytest.raises(NoReverseMatch):
        reverse("applications:application", args=["x"])


def test_no_word_of_our_addresses_looks_like_a_token() -> None:
    words = {
        part
        for pattern in _patterns(get_resolver())
        for part in re.sub(r"<[^>]*>", "", str(pattern.pattern)).split("/")
    }
    assert not [word for word in words if re.fullmatch(SHAPE, word)]


def test_what_counts_in_addresses_counts_within_one_thing() -> None:
    """A row is named by `<row:...>`; `<int:...>` is for numbers that the reader of the thing sees whole."""
    counting = {
        name
        for pattern in _patterns(get_resolver())
        for name, converter in pattern.pattern.converters.items()
        if isinstance(converter, IntConverter)
    }
    assert counting == {"number", "revision", "sequence"}


def _patterns(resolver: object) -> list[URLPattern]:
    found: list[URLPattern] = []
    for each in resolver.url_patterns:  # type: ignore[attr-defined]
        found += [each] if isinstance(each, URLPattern) else _patterns(each)
    return found


def _nothing(request: object, **parts: object) -> None: ...


@pytest.mark.parametrize("turned", [False, True])
def test_a_token_and_a_number_in_the_same_place_find_their_own_views(turned: bool) -> None:
    app = routing.app(
        (
            [
                path("things/<row:pk>/", _nothing, name="thing"),
                path("things/<int:year>/", _nothing, name="year"),
                path("things/<slug:word>/", _nothing, name="word"),
            ],
            "things",
        )
    )
    numbers.use(SECRET)
    try:
        wanted = [(HERE.token(22), {"pk": 22}), ("2025", {"year": 2025}), ("else", {"word": "else"})]
        wanted += [(HERE.token(23), {"pk": 23}), ("2026", {"year": 2026}), ("a" * 13, {"pk": NOBODY})]
        for text, parts in reversed(wanted) if turned else wanted:
            assert app.resolve(f"things/{text}/").kwargs == parts
    finally:
        _again()


def _again() -> None:
    from gongmo.web.numbers import begin

    begin()
