"""A call on paper says what its definition says."""

from pathlib import Path

import pytest

from gongmo.calls.paper import call_paper, of_markdown
from gongmo.definition.loader import load_definition
from gongmo.papers import Heading, Items, Paragraph, Table, to_hwpx, to_pdf
from gongmo.papers.values import texts
from tests.builders import publish_sample_call
from tests.papers.reading import hwpx_xml_text, missing, pdf_text, squeezed

CALLS = Path(__file__).resolve().parents[2] / "calls"
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", sorted(path.parent.name for path in CALLS.glob("*/call.yaml")))
def test_every_clause_document_and_criterion_stands_in_both_formats(name: str):
    definition = load_definition(CALLS / name / "call.yaml")
    announced = CALLS / name / "announcement.ko.md"
    announcement = announced.read_text("utf-8") if announced.exists() else ""

    paper = call_paper(publish_sample_call(), definition, "ko", announcement)
    in_pdf, in_hwpx = pdf_text(to_pdf(paper)), hwpx_xml_text(to_hwpx(paper))

    wanted = (
        *(clause.text.ko for clause in definition.clauses),
        *(document.name.ko for document in definition.documents),
        *(c.name.ko for group in definition.evaluation.criteria for c in group.criteria),
        *texts(paper),
    )
    assert missing(wanted, in_pdf) == []
    assert missing(wanted, in_hwpx) == []


def test_a_call_is_printed_in_english_too():
    definition = load_definition(CALLS / "2025-regional-ai" / "call.yaml")

    read = squeezed(pdf_text(to_pdf(call_paper(publish_sample_call(), definition, "en"))))

    for clause in definition.clauses:
        assert squeezed(clause.text.en) in read


def test_an_announcements_marks_become_blocks_and_days_stay_whole():
    blocks = tuple(
        of_markdown(
            "# 제목\n\n2030. 3. 15.까지 **꼭** 냅니다.\n\n- 2030. 2. 1. 시작\n- [안내](https://example.org/a)\n  이어지는 줄\n\n"
            "1. 첫째\n2. 둘째\n\n| 가 | 나 |\n|---|---|\n| 1 | 2 |\n\n## 작은 제목\n\n\\*별\\* 3 * 4\n"
        )
    )

    assert blocks[0] == Paragraph("2030. 3. 15.까지 꼭 냅니다.")
    assert blocks[1] == Items(("2030. 2. 1. 시작", "안내 (https://example.org/a) 이어지는 줄"))
    assert blocks[2] == Items(("첫째", "둘째"), ordered=True)
    assert isinstance(blocks[3], Table)
    assert blocks[3].rows == (("1", "2"),)
    assert blocks[4:] == (Heading("작은 제목", 2), Paragraph("*별* 3 * 4"))
