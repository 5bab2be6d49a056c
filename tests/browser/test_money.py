"""The budget's grid in a real browser: keys, pasting, undoing, the server's verdict, two windows at once, and no script at all."""

import re
from collections.abc import Callable

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.conftest import PATIENCE, Site

Axe = Callable[[Page], list[str]]
WRITER = "sme-a@rehearsal.example"


def open_money(site: Site, page: Page) -> str:
    """Sign the writer in and open the money of the draft, with one row that has amounts. Returns the page's address."""
    page.goto(f"{site.url}/")
    page.locator("tr", has_text=WRITER).get_by_role("button").click()
    page.goto(f"{site.url}/applications/")
    address = page.locator("main a[href^='/applications/']").first.get_attribute("href")
    page.goto(f"{site.url}{address}money/")
    if not page.locator("[data-save^='cell:']").count():
        row = page.locator("tr[data-new]").first
        for name in ("year", "field", "category"):
            row.locator(f"select[name$='-{name}']").select_option(index=1)
        for place, amount in enumerate(("3000만", "1000만", "1000만", "0")):
            if place < row.locator(".mo-input").count():
                row.locator(".mo-input").nth(place).fill(amount)
                row.locator(".mo-input").nth(place).press("Tab")
        sent(page)
        page.reload()
    return page.url


def cell(page: Page, place: int = 0) -> Locator:
    return page.locator("tbody[data-organisation] .mo-input").nth(place)


def write(page: Page, place: int, text: str) -> None:
    cell(page, place).click()
    page.keyboard.type(text)
    page.keyboard.press("Enter")
    sent(page)


def sent(page: Page) -> None:
    """Wait until the server has everything."""
    for _ in range(PATIENCE // 100):
        if page.evaluate("gongmoAutosave.unsent().size") == 0:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"not saved within {PATIENCE} ms")


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_amounts_are_written_by_keyboard_and_judged_at_once(site: Site, page: Page, axe: Axe) -> None:
    address = open_money(site, page)
    write(page, 0, "1억")
    assert cell(page).input_value() == "100,000,000"
    write(page, 0, "900억")
    expect(page.locator("h1")).to_have_text(re.compile("고칠 것이"))
    expect(page.locator(".mo-faults li").first).to_be_visible()
    assert axe(page) == []
    assert fits(page)
    page.keyboard.press("F8")
    assert page.evaluate("Boolean(document.activeElement.closest('.mo-table'))")

    cell(page).click()
    page.keyboard.press("Control+z")
    assert cell(page).input_value() == "100,000,000"
    sent(page)
    page.keyboard.type("5")
    page.keyboard.press("Escape")
    assert cell(page).input_value() == "100,000,000"
    page.goto(address)
    assert cell(page).input_value() == "100,000,000"


def test_moving_goes_where_spreadsheets_go(site: Site, page: Page) -> None:
    open_money(site, page)
    focused = "document.activeElement.id"
    cell(page).click()
    first = page.evaluate(focused)
    page.keyboard.press("ArrowRight")
    assert page.evaluate(focused) == cell(page, 1).get_attribute("id")
    page.keyboard.press("Shift+Tab")
    assert page.evaluate(focused) == first
    page.keyboard.press("Control+End")
    assert page.evaluate("document.activeElement.matches('tr:last-child .mo-input')")
    page.keyboard.press("Control+Home")
    assert page.evaluate(focused) == first
    page.keyboard.press("Shift+ArrowRight")
    assert page.locator(".mo-chosen").count() == 2
    assert "2칸 합계" in page.locator("[data-here]").inner_text()


def test_a_pasted_block_keeps_what_is_no_amount_out(site: Site, page: Page) -> None:
    open_money(site, page)
    write(page, 0, "1억")
    cell(page).click()
    with page.expect_response(re.compile(r"/save/")) as answer:
        page.evaluate(
            """() => {
              const data = new DataTransfer();
              data.setData("text/plain", "국비\\t지방비\\r\\n110,000,000원\\t(5)\\r\\n");
              document.activeElement.dispatchEvent(
                new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
            }"""
        )
    assert {item["state"] for item in answer.value.json()["results"]} <= {"saved", "refused"}
    assert (cell(page).input_value(), cell(page, 1).input_value()) == ("110,000,000", "(5)")
    expect(page.locator(".app-note--refused").first).to_contain_text("0보다 작은")
    page.keyboard.press("Control+z")
    expect(page.locator(".app-note--refused")).to_have_count(0)
    assert cell(page).input_value() == "100,000,000"


def test_the_second_window_is_asked_and_nothing_is_overwritten(
    site: Site, page: Page, context: BrowserContext
) -> None:
    address = open_money(site, page)
    write(page, 0, "1억")
    other = context.new_page()
    other.goto(address)
    write(page, 0, "1억 1")
    cell(other).click()
    other.keyboard.type("2억")
    other.keyboard.press("Enter")

    note = other.locator(".app-note--conflict")
    expect(note).to_contain_text("100,000,001")
    note.get_by_role("button", name="저장된 것을 그대로 두기").click()
    expect(cell(other)).to_have_value("100,000,001")
    other.close()
    page.reload()
    assert cell(page).input_value() == "100,000,001"


def test_the_same_page_works_without_scripts(site: Site, page: Page, browser: Browser) -> None:
    open_money(site, page)
    plain = browser.new_context(
        java_script_enabled=False, storage_state=page.context.storage_state(), locale="ko-KR"
    )
    quiet = plain.new_page()
    quiet.goto(page.url)
    cell(quiet).fill("칠백원")
    quiet.get_by_role("button", name="저장", exact=True).click()
    assert cell(quiet).input_value() == "칠백원"
    assert "숫자로 적어 주세요" in quiet.locator("form#budget").inner_text()
    cell(quiet).fill("1억 7원")
    quiet.get_by_role("button", name="저장", exact=True).click()
    assert cell(quiet).input_value() == "100,000,007"
    quiet.goto(f"{page.url}fit/")
    assert "맞" in quiet.locator("h1").inner_text()
    plain.close()
