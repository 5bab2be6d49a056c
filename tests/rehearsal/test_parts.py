"""The rehearsal's small parts: papers, patches of a definition, the window around the present."""

import zipfile
from datetime import date
from io import BytesIO
from xml.etree import ElementTree

import pytest

from gongmo.files.kinds import kind_of
from gongmo.rehearsal import paper
from gongmo.rehearsal.data import patched
from gongmo.rehearsal.regional import project


def test_papers_are_what_they_say_and_say_that_they_are_made_up() -> None:
    pdf, slides = paper.pdf("사업계획서", ("가상 기관 A",)), paper.slides("발표자료", ("가상 <기관> & A",))

    assert kind_of(pdf, len(pdf.getvalue())).extension == "pdf"
    assert kind_of(slides, len(slides.getvalue())).extension == "pptx"
    assert paper.MARK.encode("utf-16-be").hex().encode() in pdf.getvalue()
    with zipfile.ZipFile(BytesIO(slides.getvalue())) as package:
        for name in package.namelist():
            ElementTree.fromstring(package.read(name))
        assert paper.MARK in package.read("ppt/slides/slide1.xml").decode()


def test_the_same_paper_is_the_same_file() -> None:
    assert paper.slides("발표", ()).getvalue() == paper.slides("발표", ()).getvalue()
    assert paper.pdf("가", ()).getvalue() != paper.pdf("나", ()).getvalue()


def test_patches_find_list_items_by_id_or_place_and_leave_the_original() -> None:
    raw = {
        "title": "a",
        "clauses": [{"id": "A-1", "text": "old"}, {"id": "A-2", "text": "kept"}],
        "years": [1, 2],
    }

    changed = patched(raw, {"title": "b", "clauses/A-1/text": "new", "years/1": 3})

    assert changed == {
        "title": "b",
        "clauses": [{"id": "A-1", "text": "new"}, {"id": "A-2", "text": "kept"}],
        "years": [1, 3],
    }
    assert raw["title"] == "a"


def test_a_patch_of_a_place_that_does_not_exist_fails() -> None:
    with pytest.raises(KeyError):
        patched({"clauses": [{"id": "A-1"}]}, {"clauses/A-9/text": "new"})


@pytest.mark.parametrize(
    ("closes", "starts", "ends"),
    [
        (date(2026, 3, 31), date(2026, 5, 1), date(2026, 11, 30)),
        (date(2026, 4, 1), date(2026, 6, 1), date(2026, 12, 31)),
        (date(2026, 5, 1), date(2027, 1, 1), date(2027, 7, 31)),
        (date(2026, 12, 20), date(2027, 2, 1), date(2027, 8, 31)),
    ],
)
def test_a_project_lies_within_one_year(closes: date, starts: date, ends: date) -> None:
    assert project(closes, 7) == (starts, ends)
