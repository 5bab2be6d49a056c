"""Files are read into plain values with their places, or refused with a reason. Nothing else ever comes out."""

import json
import string
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gongmo.definition.loader import load_application, load_definition, parse_application
from gongmo.definition.problems import Problem, Unusable
from gongmo.definition.source import parse, read

APPLICATION = '{"format": "gongmo/application/1", "call": "a", "title": "TITLE"}'


def value(text: str, name: str = "a.yaml") -> object:
    return parse(text.encode(), name, 100_000).value


def problem(text: str, name: str = "a.yaml") -> Problem:
    with pytest.raises(Unusable) as caught:
        parse(text.encode(), name, 100_000)
    return caught.value.problems[0]


def test_only_text_whole_numbers_truth_and_null_exist() -> None:
    read = value("a: 1\nb: -3\nc: true\nd: null\ne:\nf: ~\ng: 'true'\nh: \"12\"")
    assert read == {
        "a": 1,
        "b": -3,
        "c": True,
        "d": None,
        "e": None,
        "f": None,
        "g": "true",
        "h": "12",
    }


@pytest.mark.parametrize(
    "text",
    [
        "1.5",
        "2025-08-29",
        "2025-08-29T17:00:00+09:00",
        "yes",
        "no",
        "on",
        "0x10",
        "007",
        "1_000",
        ".inf",
        "1e5",
    ],
)
def test_what_yaml_would_guess_at_stays_text(text: str) -> None:
    assert value(f"a: {text}") == {"a": text}


def test_json_numbers_with_a_point_stay_exact_text() -> None:
    assert value('{"a": 0.10, "b": 3}', "a.json") == {"a": "0.10", "b": 3}


@pytest.mark.parametrize("name", ["a.yaml", "a.json"])
def test_a_key_given_twice_is_refused(name: str) -> None:
    assert "두 번" in problem('{"a": 1,\n "a": 2}', name).ko


def test_a_key_given_twice_names_its_line() -> None:
    assert (problem("a: 1\nb: 2\na: 3").line, problem("a: 1\nb: 2\na: 3").column) == (3, 1)


@pytest.mark.parametrize(
    "text",
    [
        "a: &x 1\nb: *x",
        "a: *x",
        "<<: {a: 1}",
        "a: !!python/object:os.system x",
        "a: 1\n---\nb: 2",
        "? [a]\n: 1",
        "&k a: 1",
        "!!str a: 1",
    ],
)
def test_yaml_that_can_do_harm_or_mislead_is_refused(text: str) -> None:
    assert problem(text).line is not None


def test_deep_nesting_is_refused() -> None:
    assert "깊이" in problem("[" * 60 + "]" * 60).ko
    assert problem('{"a":' * 100_00 + "1" + "}" * 100_00, "a.json").ko


@pytest.mark.parametrize("text", ["", "# only a remark\n"])
def test_an_empty_file_is_refused(text: str) -> None:
    assert "비어" in problem(text).ko


def test_text_that_is_not_utf8_is_refused() -> None:
    with pytest.raises(Unusable) as caught:
        parse("값".encode("cp949"), "a.yaml", 1000)
    assert caught.value.problems[0].expected == "UTF-8"


def test_a_file_above_the_limit_is_refused(tmp_path: Path) -> None:
    (tmp_path / "call.yaml").write_text("a: " + "x" * 2_000_000, "utf-8")
    with pytest.raises(Unusable) as caught:
        load_definition(tmp_path)
    assert "1,000,000" in caught.value.problems[0].ko


@pytest.mark.parametrize("what", ["missing.yaml", "."])
def test_a_missing_file_is_refused_in_words(tmp_path: Path, what: str) -> None:
    with pytest.raises(Unusable) as caught:
        load_definition(tmp_path / what)
    assert caught.value.problems[0].ko


def test_a_directory_is_no_application(tmp_path: Path) -> None:
    with pytest.raises(Unusable):
        load_application(tmp_path)


# Control and format characters are written differently in the two formats; letters, marks and signs of every script are not.
letters = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Zl", "Zp")), max_size=8)
plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | letters,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(letters, inner, max_size=4),
    max_leaves=12,
)


@given(plain)
def test_json_means_the_same_whether_read_as_json_or_as_yaml(data: object) -> None:
    text = json.dumps(data, ensure_ascii=False)
    assert value(text, "a.json") == data
    if data is not None:
        assert value(text, "a.yaml") == data


@given(st.text(alphabet=string.printable + "가나&*!<>{}[]", max_size=80))
@example("a: [1, 2")
@example("\x00")
@example("- - - -")
@example("{a: b, c}")
def test_any_text_is_read_or_refused(text: str) -> None:
    for name in ("a.yaml", "a.json"):
        with suppress(Unusable):
            parse(text.encode(), name, 10_000)


@given(plain)
def test_any_value_is_an_application_or_refused(data: object) -> None:
    with pytest.raises(Unusable) as caught:
        parse_application(json.dumps(data).encode(), "a.json")
    assert all(found.ko and found.en for found in caught.value.problems)


def test_reading_keeps_the_name_for_problems(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("a: 1", "utf-8")
    assert read(file, 10).name == str(file)


@pytest.mark.parametrize("title", ["\\udc00", "\\u0000", "a\\\\\\u0000"])
def test_half_characters_and_nul_in_json_are_refused_in_words(title: str) -> None:
    with pytest.raises(Unusable) as caught:
        parse_application(APPLICATION.replace("TITLE", title).encode(), "a.json")
    caught.value.problems[0].ko.encode()
    assert "반쪽 문자나 NUL" in caught.value.problems[0].ko


def test_an_escaped_backslash_before_u0000_is_text() -> None:
    read = parse_application(APPLICATION.replace("TITLE", "a\\\\u0000").encode(), "a.json")
    assert read.title == "a\\u0000"
