"""The record's lines on a page: repeated acts become one line with a count."""

from dataclasses import replace
from datetime import UTC, datetime

from gongmo.definition.base import Text
from gongmo.ledger.queries import Record
from gongmo.ledger.telling import timeline

SAVED = Record(
    sequence=1,
    at=datetime(2025, 8, 1, tzinfo=UTC),
    act="applications.set_cells",
    ko="사업비를 고쳤습니다",
    en="Changed the budget",
    call="sample",
    subject_type="application",
    subject_id="1",
    actor_role="applicant",
    actor_person=7,
    actor_name="담당자 A",
    organisation=3,
    organisation_name="가상 기업 A",
    payload={},
    hash="",
)
SUBMITTED = replace(SAVED, sequence=41, act="applications.submit", ko="제출했습니다", en="Submitted")


def test_forty_saves_in_a_row_are_one_line_that_counts_them() -> None:
    lines = timeline([SUBMITTED, *(replace(SAVED, sequence=40 - i) for i in range(40))])

    assert [line["what"] for line in lines] == [
        Text(ko="제출했습니다", en="Submitted"),
        Text(ko="사업비를 고쳤습니다 (잇달아 40건)", en="Changed the budget (40 in a row)"),
    ]
    assert lines[1]["sequence"] == 40


def test_acts_of_several_people_in_a_row_are_not_laid_at_one_person_s_door() -> None:
    other = replace(SAVED, sequence=2, actor_person=8, actor_name="담당자 B", organisation=4)

    [line] = timeline([other, SAVED])

    assert line["what"] == Text(
        ko="사업비를 고쳤습니다 (잇달아 2건, 모두 2명)", en="Changed the budget (2 in a row by 2 people)"
    )


def test_limit_counts_lines_and_not_records() -> None:
    lines = timeline([SUBMITTED, SAVED, SAVED, replace(SUBMITTED, sequence=1)], limit=2)

    assert len(lines) == 2
    assert "2건" in lines[1]["what"].ko  # type: ignore[attr-defined]
