"""Score sheets as CSV: what spreadsheets write is read, what is doubtful is refused with its line."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongmo.rules.ranking import BadScores, read_bonus, read_panel, read_scores
from gongmo.rules.ranking.table import number

HEAD = "application,stage,evaluator,criterion,points"


def test_reads_rows_with_their_line_numbers() -> None:
    scores = read_scores(f"{HEAD},comment\r\na,desk,x,1-1,8.5,good\r\n\r\na,desk,x,1-2, 7 ,\r\n")

    assert [(s.points, s.row, s.criterion) for s in scores] == [
        (Decimal("8.5"), 2, "1-1"),
        (Decimal(7), 4, "1-2"),
    ]


def test_reads_a_byte_order_mark_korean_headings_and_any_order_of_columns() -> None:
    (score,) = read_scores("\ufeff점수,신청,단계,평가위원,평가항목\n3,가,desk,나,1-1\n")

    assert (score.application, score.evaluator, score.points) == ("가", "나", Decimal(3))


def test_a_comment_over_several_lines_keeps_the_first_lines_number() -> None:
    scores = read_scores(f'{HEAD},comment\na,desk,x,1-1,8,"one\ntwo\nthree"\na,desk,x,1-2,7,\n')

    assert [score.row for score in scores] == [2, 5]


@pytest.mark.parametrize(
    ("text", "code", "row"),
    [
        ("", "empty_table", None),
        ("application,stage\n", "wrong_columns", 1),
        (f"{HEAD},mood\n", "wrong_columns", 1),
        (f"{HEAD},points\n", "wrong_columns", 1),
        (HEAD.replace(",", ";"), "wrong_columns", 1),
        (f"{HEAD}\na,desk,x,1-1\n", "wrong_width", 2),
        (f'{HEAD}\na,desk,x,1-1,"8\n', "broken_csv", 2),
    ],
)
def test_a_table_that_cannot_be_read_is_refused(text: str, code: str, row: int | None) -> None:
    with pytest.raises(BadScores) as refused:
        read_scores(text)

    assert [(p.code, p.row) for p in refused.value.problems] == [(code, row)]


@pytest.mark.parametrize(
    "text", ["", "-", "N/A", "해당 없음", "8,5", "1e1", "8점", "８", "1_0", "+8", "nan", "inf", ".5"]
)
def test_what_is_no_plain_number_is_not_a_number(text: str) -> None:
    assert number(text).is_nan()


@given(st.decimals(0, 1000, places=3))
def test_plain_numbers_are_read_exactly(value: Decimal) -> None:
    assert number(str(value)) == value


def test_reads_a_panel_and_bonus_points() -> None:
    seats = read_panel("stage,evaluator,application\ndesk,x,\ndesk,y,a\n")
    bonus = read_bonus("application,points,reason\na,2.5,가점 항목\n")

    assert [(s.evaluator, s.application) for s in seats] == [("x", None), ("y", "a")]
    assert (bonus[0].points, bonus[0].reason) == (Decimal("2.5"), "가점 항목")
