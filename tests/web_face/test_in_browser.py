"""The page of all components in a real browser, served from disk: accessible, fitting, and enhanced by its script only."""

import mimetypes
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect, sync_playwright

from gongmo.kernel.clock import SEOUL
from gongmo.web import design
from tests.chromium import ARGUMENTS, chromium
from tests.web_face.conftest import TEMPLATES, environment

pytestmark = pytest.mark.browser

ROOT = TEMPLATES.parents[2]
FOLDERS = (ROOT / ".assets" / "static", TEMPLATES.parent / "static")
AXE = ROOT / ".assets" / "test" / "axe.min.js"
HOST = "http://face.test"
NOW = datetime(2031, 5, 6, 9, 0, 0, tzinfo=SEOUL)
CSP = "default-src 'self'; style-src 'self'; script-src 'self'; img-src 'self' data:"


class _Request:
    def get_full_path(self) -> str:
        return "/"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Closed after this module: Playwright's loop would hinder database tests of the same worker."""
    path = chromium()
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield opened
        opened.close()


def _html(**more: Any) -> str:
    context = design.samples() | {
        "request": _Request(),
        "csrf_input": "",
        "csrf_token": "token",
        "nav": [{"label": "공고", "url": "/", "current": True}, {"label": "내 신청", "url": "/mine/"}],
        "user_menu": {"name": "담당자 A", "note": "전담기관", "links": [], "sign_out": "/out/"},
        "rehearsal": True,
        "server_now": NOW,
        "now": NOW,
        "soon": NOW + timedelta(seconds=2),
    }
    return environment().get_template("design.html").render(context | more)


def _open(context: BrowserContext, html: str, path: str = "/") -> Page:
    def serve(route: Route) -> None:
        address = route.request.url.split("#")[0].removeprefix(HOST)
        if not address.startswith("/static/"):
            route.fulfill(body=html, content_type="text/html", headers={"Content-Security-Policy": CSP})
            return
        for folder in FOLDERS:
            file: Path = folder / address.removeprefix("/static/")
            if file.is_file():
                route.fulfill(path=file, content_type=mimetypes.guess_type(file.name)[0])
                return
        route.fulfill(status=404)

    page = context.new_page()
    page.route(f"{HOST}/**", serve)
    page.goto(HOST + path)
    return page


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1280, "height": 900}, locale="ko-KR")
    yield made
    made.close()


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("high_contrast", [False, True])
def test_components_are_accessible_and_fit(browser: Browser, width: int, high_contrast: bool) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, bypass_csp=True)
    page = _open(context, _html(high_contrast=high_contrast))

    page.evaluate(AXE.read_text("utf-8"))
    result: dict[str, Any] = page.evaluate("axe.run(document)")

    wrong = [
        (one["id"], node["html"][:120])
        for one in result["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]
    assert wrong == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()


def test_policy_stops_nothing_and_no_script_fails(context: BrowserContext) -> None:
    complaints: list[str] = []
    context.on("console", lambda one: complaints.append(one.text) if one.type == "error" else None)
    context.on("weberror", lambda one: complaints.append(str(one.error)))

    _open(context, _html()).wait_for_timeout(200)

    assert complaints == []


def test_clock_is_the_servers_and_the_countdown_closes_at_its_instant(context: BrowserContext) -> None:
    page = _open(context, _html())

    expect(page.locator("[data-server-clock]")).to_contain_text("2031. 5. 6. 09:00:0")
    expect(page.locator("[data-countdown]").first).to_have_text("마감되었습니다", timeout=5000)


def test_errors_take_the_focus(context: BrowserContext) -> None:
    expect(_open(context, _html()).locator("[data-error-summary]")).to_be_focused()


def test_link_into_a_fold_opens_it(context: BrowserContext) -> None:
    html = _html().replace(
        '<details class="gm-clause">', '<details class="gm-clause"><p id="deep">조문</p>', 1
    )

    expect(_open(context, html, "/#deep").locator("#deep")).to_be_visible()


def test_money_is_read_aloud_while_typing(context: BrowserContext) -> None:
    page = _open(context, _html())

    page.fill("#field-cash", "14000000000")
    expect(page.locator("output[for=field-cash]")).to_have_text("140억")
    page.press("#field-cash", "Tab")
    expect(page.locator("#field-cash")).to_have_value("14,000,000,000")


def test_keyboard_reaches_the_content_first(context: BrowserContext) -> None:
    page = _open(context, _html().replace("data-error-summary", ""))

    page.keyboard.press("Tab")
    expect(page.locator("#krds-skip-link a")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_everything_is_there_without_javascript(browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = _open(context, _html())

    expect(page.locator("[data-countdown]").first).to_have_text("00:00:02")
    page.locator("details.gm-user summary").click()
    expect(page.get_by_role("button", name="로그아웃")).to_be_visible()
    page.locator("details.gm-clause summary").first.click()
    expect(page.locator(".gm-clause__text").first).to_be_visible()
    context.close()
