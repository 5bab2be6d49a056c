"""States, findings, lists and the page around them."""

import gzip
import re
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from gongmo.definition.base import Text
from gongmo.kernel.states import Family, Shown
from gongmo.rules.finding import Finding, Status, Subject, SubjectKind
from gongmo.web import design
from tests.web_face.conftest import TEMPLATES, Show, environment

STATIC = TEMPLATES.parent / "static" / "gongmo"
VENDOR = TEMPLATES.parent.parent.parent / ".assets" / "static" / "vendor"


class _Request:
    def get_full_path(self) -> str:
        return "/design/?a=1"


def _page(language: str = "ko", **more: Any) -> BeautifulSoup:
    context = design.samples() | {
        "request": _Request(),
        "csrf_input": "",
        "csrf_token": "token",
        "nav": [{"label": "공고", "url": "/calls/", "current": True}],
        "user_menu": {"name": "담당자 A", "note": "전담기관", "links": [], "sign_out": "/out/"},
        "rehearsal": True,
        "high_contrast": False,
        "server_now": design.samples()["now"],
    }
    html = environment(language).get_template("design.html").render(context | more)
    return BeautifulSoup(html, "html.parser")


@pytest.mark.parametrize("family", list(Family))
def test_every_family_has_word_colour_and_icon(show: Show, family: Family) -> None:
    page = show("{{ krds.status(family) }}", family=family)

    mark = page.select_one(f".gm-status--{family.value}")
    assert mark is not None
    assert mark.get_text(strip=True)
    assert mark.select_one("svg[aria-hidden=true]") is not None


def test_status_takes_a_kernel_state(show: Show) -> None:
    shown = Shown("제출", "Submitted", Family.DONE)

    assert show("{{ krds.status(x) }}", x=shown).get_text(strip=True) == "제출"
    assert show("{{ krds.status(x) }}", "en", x=shown).get_text(strip=True) == "Submitted"


def _finding(status: Status, **more: Any) -> Finding:
    def text(ko: str) -> Text:
        return Text(ko=ko, en="English")

    values: dict[str, Any] = {
        "rule": "national_ceiling",
        "clause": "B-1",
        "status": status,
        "subject": Subject(SubjectKind.BUDGET),
        "title": text("국비 한도"),
        "observed": text("63 %"),
        "required": text("60 % 이하"),
        "message": text("국비가 넘습니다."),
        "remedy": text("국비를 줄여 주세요."),
    }
    return Finding(**(values | more))


def test_finding_says_what_where_how_much_and_what_mends_it(show: Show) -> None:
    page = show(
        '{{ krds.finding(f, "인건비", "#cell", clause_text="조문", clause_url="/call/#B-1") }}',
        f=_finding(Status.FAIL),
    )

    text = page.get_text(" ", strip=True)
    assert all(
        word in text
        for word in ("국비가 넘습니다.", "63 %", "60 % 이하", "국비를 줄여 주세요.", "B-1", "조문")
    )
    assert page.select_one("a[href='#cell']") is not None
    assert page.select_one("details.gm-clause a[href='/call/#B-1']") is not None


def test_finding_of_a_default_says_that_it_is_no_clause(show: Show) -> None:
    page = show("{{ krds.finding(f) }}", f=_finding(Status.UNKNOWN, clause=None, is_default=True))

    assert "기본값" in page.get_text()
    assert "근거" not in page.get_text()


def test_kept_finding_offers_no_mend(show: Show) -> None:
    assert "줄여" not in show("{{ krds.finding(f) }}", f=_finding(Status.PASS)).get_text()


def test_findings_speak_the_readers_language(show: Show) -> None:
    assert "English" in show("{{ krds.finding(f) }}", "en", f=_finding(Status.FAIL)).get_text()


def test_table_marks_figures_and_says_when_it_is_empty(show: Show) -> None:
    columns = '[{"label": "기관", "kind": "head"}, {"label": "국비", "kind": "number"}]'
    page = show("{{ krds.table(" + columns + ', [["가", "1,000"]], "표", ["계", "1,000"]) }}')
    empty = show("{{ krds.table(" + columns + ', [], "표", empty_text="아직 없습니다.") }}')

    assert page.select_one("tbody th[scope=row]").get_text() == "가"  # type: ignore[union-attr]
    assert page.select_one("tbody td.gm-number").get_text() == "1,000"  # type: ignore[union-attr]
    assert page.select_one("tfoot td.gm-number") is not None
    assert empty.select_one("td[colspan='2']").get_text() == "아직 없습니다."  # type: ignore[union-attr]


def test_step_indicator_names_the_current_step_on_a_phone_too(show: Show) -> None:
    steps = [
        {"label": "공고", "state": "done"},
        {"label": "접수", "state": "current"},
        {"label": "선정", "state": "coming"},
    ]

    page = show("{{ krds.step_indicator(steps) }}", steps=steps)

    assert page.select_one("li[aria-current=step]").get_text(" ", strip=True).startswith("2 접수")  # type: ignore[union-attr]
    assert "3단계 중 2단계" in page.select_one("details summary").get_text()  # type: ignore[union-attr]


def test_pagination_of_one_page_is_nothing(show: Show) -> None:
    assert show("{{ krds.pagination(1, 1, '?page=') }}").get_text(strip=True) == ""
    links = [one["href"] for one in show("{{ krds.pagination(2, 9, '?page=') }}").select("a")]
    assert links == ["?page=1", "?page=1", "?page=2", "?page=3", "?page=4", "?page=9", "?page=3"]


def test_board_counts_cards_and_tells_of_more(show: Show) -> None:
    columns = [
        {"label": "제출", "family": Family.PROGRESS, "count": 3, "url": "/all/", "cards": [{"title": "가"}]}
    ]

    page = show("{{ krds.board(columns) }}", columns=columns)

    assert page.select_one("h3 .gm-count").get_text() == "3"  # type: ignore[union-attr]
    assert page.select_one(".gm-board__more a").get_text() == "2건 더 보기"  # type: ignore[union-attr]


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_macro_renders_without_inline_style_or_script(language: str) -> None:
    page = _page(language)

    assert page.select("[style]") == []
    assert all(script.get("src") for script in page.select("script"))
    assert not [tag for tag in page.find_all(True) if any(name.startswith("on") for name in tag.attrs)]
    ids = [tag["id"] for tag in page.select("[id]")]
    assert len(ids) == len(set(ids))
    assert page.html["lang"] == language  # type: ignore[index]


def test_rehearsal_is_said_on_the_page() -> None:
    sentence = "연습용 가상 자료입니다. 실제 공모가 아닙니다."

    assert sentence in _page().get_text()
    assert sentence not in _page(rehearsal=False).get_text()


def test_high_contrast_marks_the_document_and_offers_the_way_back() -> None:
    page = _page(high_contrast=True)

    assert page.html["data-krds-mode"] == "high-contrast"  # type: ignore[index]
    assert page.select_one("input[name=contrast]")["value"] == "normal"  # type: ignore[index]
    assert page.select_one("input[name=next]")["value"] == "/design/?a=1"  # type: ignore[index]


def test_capacities_other_than_the_present_are_offered() -> None:
    menu = {
        "name": "담당자 A",
        "sign_out": "/out/",
        "capacities": [
            {"key": "grant-1", "label": "전담기관", "current": True},
            {"key": "membership-2", "label": "가나대학교", "current": False},
        ],
    }

    offered = _page(user_menu=menu).select("button[name=capacity]")

    assert [(one["value"], one.get_text()) for one in offered] == [("membership-2", "가나대학교")]


def test_high_contrast_css_renames_every_colour() -> None:
    """A colour that only the light mode names would stay light on black."""
    css = (STATIC / "gongmo.css").read_text("utf-8")
    light, dark = css.split('[data-krds-mode="high-contrast"] {')[:2]

    def names(block: str) -> set[str]:
        return set(re.findall(r"(--gm-[\w-]+):", block[: block.index("\n}")]))

    assert names(light[light.index(":root") :]) - names(dark) == {"--gm-radius"}


def test_first_load_is_light() -> None:
    """Page, styles and scripts together stay below 300 kB as sent (gzip; fonts aside)."""
    sent = [str(_page()).encode(), (STATIC / "gongmo.css").read_bytes(), (STATIC / "gongmo.js").read_bytes()]
    vendor = ("krds/krds.css", "pretendard-gov/pretendard-gov.css", "htmx/htmx.min.js")
    if not VENDOR.is_dir():
        pytest.fail("the front-end assets are missing; run: make setup")
    sent += [(VENDOR / name).read_bytes() for name in vendor]

    assert sum(len(gzip.compress(part)) for part in sent) < 300_000


def test_templates_hold_no_inline_code() -> None:
    """Also what the design page does not reach."""
    wrong = re.compile(r"""\sstyle=|\son[a-z]+=["']|href=["']javascript:""")

    found = [
        path.name
        for folder in (TEMPLATES, TEMPLATES.parent / "django_templates")
        for path in Path(folder).rglob("*.html")
        if wrong.search(path.read_text("utf-8"))
    ]

    assert found == []


def test_progress_tells_its_numbers_in_words_too(show: Show) -> None:
    page = show('{{ krds.progress("읽는 중", 1200, 9000) }}{{ krds.progress("없음", 0, 0) }}')

    assert "1,200 / 9,000" in page.get_text()
    assert [(one["value"], one["max"]) for one in page.select("progress")] == [("1200", "9000"), ("0", "1")]


def test_histogram_reaches_its_full_height_at_the_most(show: Show) -> None:
    columns = [{"label": "70", "count": 1}, {"label": "80", "count": 3}, {"label": "90", "count": 0}]

    page = show('{{ krds.histogram("내 점수", columns, "건") }}', columns=columns)

    assert [one["height"] for one in page.select("rect")] == ["18", "54", "0"]
    assert "3건" in page.get_text()


def test_saved_tells_when_or_that_nothing_is_saved(show: Show) -> None:
    samples = design.samples()

    assert show("{{ krds.saved(at, '담당자 A') }}", at=samples["now"]).select_one("time") is not None
    assert "아직 저장하지 않았습니다" in show("{{ krds.saved(none) }}").get_text()
