"""Row numbers leave as tokens: a permutation of the 64-bit numbers, keyed by the installation's secret."""

import re
from itertools import pairwise

import pytest
from django.apps import apps
from django.urls import NoReverseMatch, URLPattern, get_resolver, path, reverse
from django.urls.converters import IntConverter, get_converters
from hypothesis import example, given
from hypothesis import strategies as st

from gongmo.calls.models import Card, Question
from gongmo.kernel import numbers
from gongmo.kernel.numbers import EITHER, NOBODY, SHAPE, Kind, Numbers, Permutation
from gongmo.web import routing
from gongmo.web.numbers import RowConverter, row_token

ONLY_SENT = frozenset({Kind.ABSENCE, Kind.AFFILIATION, Kind.CHALLENGE, Kind.OBJECTION})
"""Kinds that forms and anchors name, and no address."""
SECRET = "K7hQ2vXz9LmN4pRtW8sYbD3fG6jC1aUeT5oViE0xSnB"
OTHER = "Zk3xQ9vB7wLmN2pR8sTuVyA1cD4eF6gH0jK5iOaWrXe"
EVERY = st.integers(0, 2**64 - 1)
ROWS = st.integers(0, 2**40 - 1)
PERMUTATION = Permutation(SECRET, Kind.APPLICATION)
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
    assert HERE.number(HERE.token(number, Kind.APPLICATION), Kind.APPLICATION) == number


def test_the_same_number_has_another_token_in_every_table() -> None:
    """A question's token is not that of a place whose number a field's name shows: nobody counts one table by another."""
    for number in (0, 1, 22, 2**40 - 1):
        assert len({HERE.token(number, kind) for kind in Kind}) == len(Kind)


@given(ROWS, st.sampled_from(Kind), st.sampled_from(Kind))
def test_a_token_tells_nothing_where_another_kind_is_wanted(number: int, made: Kind, wanted: Kind) -> None:
    assert (HERE.number(HERE.token(number, made), wanted) == number) is (made is wanted)


@pytest.mark.parametrize("kind", Kind)
def test_former_secrets_read_tokens_of_every_kind(kind: Kind) -> None:
    before = Numbers(OTHER)

    assert Numbers(SECRET, [OTHER]).number(before.token(22, kind), kind) == 22
    assert HERE.number(before.token(22, kind), kind) == NOBODY


def test_each_kind_is_one_table_and_salts_the_key_whole() -> None:
    tables = [apps.get_model(kind.model) for kind in Kind]

    assert len(set(tables)) == len(Kind)
    assert [table._meta.label for table in tables] == [kind.model for kind in Kind]
    assert [kind for kind in Kind if len(kind.encode("ascii")) > 16] == []


def test_every_address_of_a_row_names_its_kind() -> None:
    """A plain `<row:…>` is no converter any more; what reads tokens is a kind's own, and each kind stands somewhere."""
    named = [
        converter.kind
        for pattern in _patterns(get_resolver())
        for converter in pattern.pattern.converters.values()
        if isinstance(converter, RowConverter)
    ]
    others = {
        name
        for name, converter in get_converters().items()
        if re.fullmatch(converter.regex, "a" * 13) and re.fullmatch(converter.regex, "22")
    } - set(Kind)

    assert {"slug", "str", "path"} == others
    assert set(Kind) - set(named) == ONLY_SENT


def test_a_template_names_a_row_by_itself_and_a_number_by_its_kind() -> None:
    assert row_token(Question(pk=22)) == numbers.token(22, Kind.QUESTION)
    assert row_token(22, "question") == numbers.token(22, Kind.QUESTION)
    for row, kind in ((22, None), (22, "quest"), (Card(pk=22), None)):
        with pytest.raises(KeyError):
            row_token(row, kind)


def test_no_two_rows_share_a_token_and_order_does_not_show() -> None:
    tokens = [HERE.token(number, Kind.APPLICATION) for number in range(1, 2001)]
    assert len(set(tokens)) == 2000
    rising = sum(one < other for one, other in pairwise(tokens))
    assert 900 < rising < 1100
    signs = "".join(tokens)
    assert all(signs.count(each) > 500 for each in "0123456789abcdefghjkmnpqrstvwxyz")


def test_another_installation_makes_other_tokens() -> None:
    there = Numbers(OTHER)
    assert not {HERE.token(number, Kind.APPLICATION) for number in range(100)} & {
        there.token(number, Kind.APPLICATION) for number in range(100)
    }
    assert [
        there.number(HERE.token(number, Kind.APPLICATION), Kind.APPLICATION) for number in range(100)
    ] == [NOBODY] * 100


def test_a_former_secret_still_reads_what_was_made_under_it() -> None:
    turned = Numbers(OTHER, [SECRET])
    assert turned.number(HERE.token(22, Kind.APPLICATION), Kind.APPLICATION) == 22
    assert turned.number(turned.token(22, Kind.APPLICATION), Kind.APPLICATION) == 22
    assert turned.token(22, Kind.APPLICATION) != HERE.token(22, Kind.APPLICATION)


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
        HERE.number(text, Kind.APPLICATION)


def test_a_token_is_never_a_number() -> None:
    assert not re.match("[0-9]", SHAPE.lstrip("["))
    plain = Numbers(SECRET, plain=True)
    assert plain.number("22", Kind.APPLICATION) == 22
    assert plain.number(HERE.token(22, Kind.APPLICATION), Kind.APPLICATION) == 22


def test_addresses_hold_tokens() -> None:
    found = re.fullmatch(rf"/applications/({SHAPE})/", reverse("applications:application", args=[22]))
    assert found
    assert numbers.number(found[1], Kind.APPLICATION) == 22
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
    """A row is named by `<application:...>` and the like; `<int:...>` is for numbers that the reader of the thing sees whole."""
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
                path("things/<application:pk>/", _nothing, name="thing"),
                path("things/<int:year>/", _nothing, name="year"),
                path("things/<slug:word>/", _nothing, name="word"),
            ],
            "things",
        )
    )
    numbers.use(SECRET)
    try:
        wanted = [
            (HERE.token(22, Kind.APPLICATION), {"pk": 22}),
            ("2025", {"year": 2025}),
            ("else", {"word": "else"}),
        ]
        wanted += [
            (HERE.token(23, Kind.APPLICATION), {"pk": 23}),
            ("2026", {"year": 2026}),
            ("a" * 13, {"pk": NOBODY}),
        ]
        for text, parts in reversed(wanted) if turned else wanted:
            assert app.resolve(f"things/{text}/").kwargs == parts
    finally:
        _again()


def _again() -> None:
    from gongmo.web.numbers import begin

    begin()
