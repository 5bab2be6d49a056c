"""Announcements: what is shown of them, and that nothing of theirs becomes markup of its own."""

import re

from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from gongmo.calls.markdown import plain, render

ALLOWED = {
    "p", "h3", "h4", "h5", "h6", "ul", "ol", "li", "strong", "em", "code", "a", "hr", "blockquote",
    "div", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip


def test_headings_lists_tables_emphasis_and_clauses_are_shown() -> None:
    text = (
        "# 제목은 쪽에 이미 있습니다\n\n## 누가\n**모든** *기관*입니다(A-1, A-9).\n\n- 하나\n  - 안쪽\n- 둘\n\n"
        "1. 첫째\n\n| 이름 | 값 |\n|---|---|\n| 가 | 1 |\n\n> 인용\n\n[누리집](https://example.org/?a=1&b=2)"
    )

    page = BeautifulSoup(render(text, clauses={"A-1"}), "html.parser")

    assert [heading.get_text() for heading in page.find_all("h3")] == ["누가"]
    assert "제목은 쪽에" not in page.get_text()
    assert [link["href"] for link in page.find_all("a")] == ["#clause-A-1", "https://example.org/?a=1&b=2"]
    assert page.select_one("ul ul li").get_text() == "안쪽"  # type: ignore[union-attr]
    assert [cell.get_text() for cell in page.find_all(["th", "td"])] == ["이름", "값", "가", "1"]
    assert page.strong.get_text() == "모든"  # type: ignore[union-attr]
    assert page.blockquote is not None


def test_tags_and_odd_addresses_stay_text() -> None:
    page = BeautifulSoup(
        render("<img src=x onerror=alert(1)>\n\n[가](javascript:alert(1)) [나](https://a/'onclick='b) `<b>`"),
        "html.parser",
    )

    assert page.img is None
    assert page.a is None
    assert "<img src=x onerror=alert(1)>" in page.get_text()


@given(st.text(alphabet=st.sampled_from("ab #*-_`[]()<>|\\\n\"'&:1.가A-"), max_size=300))
def test_nothing_that_can_be_written_makes_another_tag_or_attribute(text: str) -> None:
    page = BeautifulSoup(render(text, clauses={"A-1"}), "html.parser")

    for tag in page.find_all(True):
        assert tag.name in ALLOWED
        assert set(tag.attrs) <= {"class", "href", "rel", "scope", "tabindex"}


@given(st.text(alphabet=st.characters(categories=["Lo", "Nd"]), min_size=1, max_size=80))
def test_plain_words_are_shown_as_they_are(text: str) -> None:
    assert BeautifulSoup(render(text), "html.parser").get_text() == text


def test_long_and_twisted_texts_take_no_long_time() -> None:
    for text in ("**a " * 25_000, "## " + "#" * 90_000 + "x", "\n".join(" " * i + "- a" for i in range(440))):
        assert render(text)


def test_summary_has_no_marks() -> None:
    assert plain("## 누가\n\n- **모든** 기관") == "누가 모든 기관"
    assert not re.search(r"[*#`]", plain("# `a` *b*"))
