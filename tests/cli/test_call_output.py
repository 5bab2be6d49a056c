"""Tables that align Korean, text that cannot drive a terminal, instants that carry their offset."""

import argparse

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongmo.cli import output

words = st.text(st.sampled_from("ab 가나%1"), max_size=30)


def test_korean_takes_two_columns() -> None:
    assert output.width("국비 60%") == 8
    assert output.width("a\u0301") == 1


@given(words, st.integers(2, 20))
def test_wrapped_lines_fit_and_lose_nothing(text: str, columns: int) -> None:
    lines = output.wrap(text, columns)
    assert all(output.width(line) <= columns for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@given(st.lists(st.tuples(words, words), max_size=5))
def test_columns_of_a_table_start_at_the_same_place(rows: list[tuple[str, str]]) -> None:
    drawn = output.table(("가나다", "b"), [(f"{left}|", f"|{right}|") for left, right in rows]).split("\n")
    starts = {output.width(line[: line.rindex("|", 0, -1)]) for line in drawn[2:]}
    assert len(starts) <= 1


def test_figures_are_aligned_right_and_long_cells_are_wrapped() -> None:
    drawn = output.table(
        ("항목", "금액"), [("국비", "7,000"), ("지방비와 민간부담금을 더한 값", "900")], right={1}, limit=30
    )
    assert max(output.width(line) for line in drawn.split("\n")) <= 30
    assert [line for line in drawn.split("\n") if line.endswith("  900")]


def test_a_table_in_a_file_or_a_pipe_is_no_wider_than_a_wide_window() -> None:
    drawn = output.table(("조항", "달라진 것"), [("A-1", "국비와 지방비를 " * 60)])
    assert max(output.width(line) for line in drawn.split("\n")) <= output.PAPER
    assert drawn.count("국비와") == 60


def test_text_from_people_cannot_drive_the_terminal() -> None:
    assert output.clean("a\x1b[31mb\rc\u202e\nd") == "a�[31mb�c� d"


def test_an_instant_needs_its_offset() -> None:
    assert output.instant("2030-01-02T17:00:00+09:00").isoformat() == "2030-01-02T17:00:00+09:00"
    for text in ("2030-01-02T17:00:00", "tomorrow"):
        with pytest.raises(argparse.ArgumentTypeError):
            output.instant(text)


def test_floats_are_never_printed() -> None:
    with pytest.raises(TypeError):
        output.print_json({"share": 0.6})
