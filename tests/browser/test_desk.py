"""The evaluator's desk on a tablet: the keyboard alone, a lost connection, notes, locking; and the pages of a phone."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from tests.browser.conftest import PATIENCE, Site

PASSWORD = "gongmo-rehearsal"
Axe = Callable[[Page], list[str]]


@pytest.fixture
def tablet(browser: Browser) -> Iterator[Page]:
    """A page on a tablet held upright. The test fails where a script fails or the content security policy stops something."""
    context = browser.new_context(
        viewport={"width": 820, "height": 1180}, locale="ko-KR", timezone_id="Asia/Seoul", has_touch=True
    )
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            complaints.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


def begin(page: Page, site: Site, who: str) -> None:
    """Sign in and open the first sheet that is still to be scored."""
    page.goto(f"{site.url}/accounts/login/")
    page.fill("input[name=login]", f"{who}@rehearsal.example")
    page.fill("input[name=password]", PASSWORD)
    page.locator("main button[type=submit]").first.click()
    page.wait_for_url(re.compile(r"^(?!.*login)"))
    page.goto(f"{site.url}/desk/")
    page.locator("main a[href^='/desk/']").first.click()
    page.locator("a", has_text=re.compile("이어서 평가하기|평가 시작하기")).first.click()
    expect(page.locator("[data-desk].is-live")).to_be_visible()


def saved(page: Page) -> None:
    expect(page.locator("[data-save-words]")).to_have_text(re.compile("저장됨"))


def sideways(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


def test_a_sheet_is_scored_by_keys_through_a_lost_connection_and_locked(
    site: Site, tablet: Page, axe: Axe
) -> None:
    page = tablet
    begin(page, site, "evaluator-f")
    first = page.url
    assert not sideways(page)
    assert axe(page) == []
    # A number typed anywhere goes to the current criterion, arrows step, Enter goes on.
    count = page.locator("[data-max]").count()
    page.keyboard.press("8")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    for _ in range(1, count):
        page.keyboard.type("7.5")
        page.keyboard.press("Enter")
    saved(page)
    total = 8.1 + 7.5 * (count - 1)
    expect(page.locator("[data-desk-total]")).to_have_text(f"{total:g}")
    assert page.evaluate("document.activeElement.id") == "overall_opinion"
    # The line goes down; what is written is kept and sent when it is back.
    page.context.set_offline(True)
    page.keyboard.type("연결이 끊겨도 쓴 의견입니다.")
    expect(page.locator("[data-save-words]")).to_have_text(re.compile("연결이 끊겨"))
    page.context.set_offline(False)
    saved(page)
    # A note at this page, by key; nothing of it is sent with the sheet.
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    page.keyboard.type("다시 볼 것")
    page.keyboard.press("Enter")
    expect(page.locator(".ev-notes__list")).to_contain_text("다시 볼 것")
    page.reload()
    expect(page.locator("#overall_opinion")).to_have_value("연결이 끊겨도 쓴 의견입니다.")
    expect(page.locator("[data-desk-total]")).to_have_text(f"{total:g}")
    # Next and back again.
    page.keyboard.press("j")
    page.wait_for_url(lambda url: url != first)
    page.keyboard.press("k")
    page.wait_for_url(first)
    page.get_by_role("button", name="확인하고 확정하기").click()
    page.wait_for_url(re.compile("/lock/"))
    assert axe(page) == []
    page.get_by_label("‘확정’이라고 적어 주세요").fill("확정")
    page.get_by_role("button", name="서명하고 확정하기").click()
    expect(page.locator("main")).to_contain_text("평가표를 확정했습니다")
    page.goto(first)
    expect(page.locator(".ev-hash")).to_have_text(re.compile("^[0-9a-f]{64}$"))
    assert page.locator("[data-max]").count() == 0


def test_two_windows_of_one_expert_ask_which_points_stand(site: Site, tablet: Page) -> None:
    page = tablet
    begin(page, site, "evaluator-e")
    other = page.context.new_page()
    other.goto(page.url)
    page.locator("[data-max]").first.fill("5")
    saved(page)
    other.locator("[data-max]").first.fill("6")
    expect(other.get_by_role("button", name="내가 쓴 것으로 저장하기")).to_be_visible()
    other.get_by_role("button", name="내가 쓴 것으로 저장하기").click()
    saved(other)
    other.close()


def test_the_own_points_and_the_presentations_fit_a_phone(site: Site, browser: Browser, axe: Axe) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="ko-KR")
    page = context.new_page()
    begin(page, site, "evaluator-b")
    assert not sideways(page)
    page.locator('[data-desk-tab="form"]').click()
    expect(page.locator("[data-max]").first).to_be_visible()
    assert not sideways(page)
    page.get_by_role("link", name="내 점수 한눈에 보기").click()
    expect(page.locator("h1")).to_contain_text("순서와 분포")
    assert (sideways(page), axe(page)) == (False, [])
    page.goto(f"{site.url}/desk/")
    page.locator("main a[href^='/desk/']").first.click()
    page.get_by_role("link", name="발표 진행 화면").click()
    expect(page.locator("h1")).to_contain_text("발표")
    assert (sideways(page), axe(page)) == (False, [])
    context.close()
