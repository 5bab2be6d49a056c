"""A small company applies to its region's call with the keyboard alone, from signing in to the receipt."""

import re
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect

from gongmo.kernel.numbers import SHAPE
from tests.browser.conftest import Site
from tests.browser.test_uploads import written
from tests.browser.walking import Axe, Walker, walker

NEWCOMER = "sme-b@rehearsal.example"
CALL = "/calls/gyeongnam-sme-ai/"


def reach(page: Page, target: Locator, most: int = 250) -> None:
    """Press Tab until the target has the focus. Fails where no Tab leads there."""
    for _ in range(most):
        if target.evaluate("each => each === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {target}")


def press(page: Page, target: Locator, key: str = "Enter") -> None:
    reach(page, target)
    page.keyboard.press(key)


def type_into(page: Page, target: Locator, text: str) -> None:
    reach(page, target)
    page.keyboard.insert_text(text)


def choose(page: Page, target: Locator, place: int) -> None:
    """Choose the option at that place of a list with the arrow."""
    reach(page, target)
    for _ in range(place):
        page.keyboard.press("ArrowDown")


def test_a_small_company_applies_with_the_keyboard_alone(
    site: Site, browser: Browser, axe: Axe, tmp_path: Path
) -> None:
    with walker(browser, site, axe) as company:
        sign_in_and_start(company)
        write(company)
        money(company)
        say_and_consent(company)
        hand_in(company, tmp_path)
        sign(company)
        page = company.go("submit/")
        expect(page.locator("h1")).to_contain_text("다 갖추었습니다")
        type_into(page, page.get_by_label("확인:"), "제출")
        page.keyboard.press("Enter")
        page.wait_for_url("**/receipt/")
        expect(page.get_by_role("heading", name="접수되었습니다")).to_be_visible()


def sign_in_and_start(company: Walker) -> None:
    page = company.page
    page.goto(company.site.url)
    password = page.locator("#sign-in-sheet code").first.inner_text()
    page.goto(f"{company.site.url}/accounts/login/")
    type_into(page, page.locator("[name=login]"), NEWCOMER)
    type_into(page, page.locator("[name=password]"), password)
    page.keyboard.press("Enter")
    expect(page.locator("details.gm-user")).to_be_visible()

    page.goto(f"{company.site.url}/calls/")
    press(page, page.locator(f'main a[href="{CALL}"]').first)
    page.wait_for_url(f"**{CALL}")
    press(page, page.locator(f'main a[href="{CALL}apply/"]').first)
    page.wait_for_url("**/apply/")
    type_into(page, page.locator("[name=title]"), "가상 검사 공정 AI 도입")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(f"/applications/{SHAPE}/"))
    found = re.search(f"/applications/({SHAPE})/", page.url)
    assert found is not None
    company.application = found[1]


def write(company: Walker) -> None:
    page = company.go("overview/")
    press(page, page.locator("[name=fields]").first, "Space")
    company.saved()
    reach(page, page.get_by_role("button", name="지표 더하기"))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    type_into(page, page.locator("[name=summary]"), "검사에 AI를 씁니다.")
    for field in page.locator("[data-save^='answer:']").all():
        kind = field.get_attribute("type")
        place = str(field.get_attribute("data-save"))
        if kind == "radio":
            if field.get_attribute("value") == "some":
                press(page, page.locator(f'[name="{field.get_attribute("name")}"]').first, "Space")
                page.keyboard.press("ArrowDown")
        else:
            known = {
                "answer:staff": "2",
                "answer:contact.email": "a@example.com",
                "answer:contact.phone": "055-000-0000",
            }
            type_into(page, field, known.get(place, "담당자 A가 맡습니다."))
    for column, text in (
        ("name", "불량률"),
        ("unit", "%"),
        ("baseline", "3.2"),
        ("target", "2.4"),
        ("measured_by", "생산 기록"),
    ):
        type_into(page, page.locator(f"[data-save^='kpi:'][data-save$=':{column}']").first, text)
    page.keyboard.press("Tab")
    company.saved()


def money(company: Walker) -> None:
    page = company.go("money/")
    row = page.locator("tr[data-new]").first
    choose(page, row.locator("select[name$='-year']"), 1)
    choose(page, row.locator("select[name$='-field']"), 1)
    choose(page, row.locator("select[name$='-category']"), 1)
    amounts = {
        "national:cash": "3000만",
        "local:cash": "1000만",
        "private:cash": "700만",
        "private:in_kind": "300만",
    }
    for column, amount in amounts.items():
        cell = row.locator(f'[data-column="{column}"], [data-save*=":{column}:"]')
        if cell.count():
            type_into(page, cell, amount)
    page.keyboard.press("Tab")
    company.saved()
    expect(page.locator("[data-total]")).not_to_have_text("0")


def say_and_consent(company: Walker) -> None:
    page = company.go("statements/")
    for fact in page.locator("[data-fact]").all():
        boxes = fact.locator('input[type="radio"]')
        chosen = boxes.locator(":scope:checked")
        reach(page, chosen if chosen.count() else boxes.first)
        page.keyboard.press("Space")
        while not fact.locator('input[value="no"]').is_checked():
            page.keyboard.press("ArrowDown")
    company.saved()
    for box in page.locator(".st-consent").filter(has_text="필수").locator("input[name=consent]").all():
        press(page, box, "Space")
    press(page, page.get_by_role("button", name="표시한 것에 동의하기"))
    expect(page.locator(".st-consent").filter(has_text="동의함").first).to_be_visible()


def hand_in(company: Walker, folder: Path) -> None:
    page = company.go("documents/")
    # From the start, so that the browser asks us and not its own window, however busy the machine.
    page.on("filechooser", lambda _: None)
    for number, name in ((2, "사업자등록증명.pdf"), (3, "중소기업확인서.pdf")):
        place = page.locator(".doc-row", has_text=re.compile(rf"^\s*{number}\. ")).locator("input[type=file]")
        reach(page, place)
        with page.expect_file_chooser() as chooser:
            page.keyboard.press("Space")
        chooser.value.set_files(written(folder, name))
        expect(page.get_by_role("link", name=name).first).to_be_visible()
        company.go("documents/")


def sign(company: Walker) -> None:
    page = company.go("sign/")
    for box in page.locator("#paper input[name=paper]").all():
        if not box.is_checked():
            press(page, box, "Space")
    name = page.locator("form#sign [name=name]")
    reach(page, name)
    page.keyboard.press("Control+a")
    page.keyboard.insert_text("대표 A")
    press(page, page.locator("form#sign [name=agreed]"), "Space")
    press(page, page.get_by_role("button", name="표시한 문서에 서명하기"))
    expect(page.locator("form#sign")).to_have_count(0)
