"""The rehearsed programme in a real browser: sign-in, public page, board, ranking, and every page that each role can reach."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, expect

from gongmo.kernel.numbers import SHAPE
from tests.browser.conftest import WIDTHS, Site

Axe = Callable[[Page], list[str]]
CALL = "2025-regional-ai"
PASSED_OVER = re.compile(
    r"/accounts/|/design/|\.(json|pdf|hwpx|xlsx|csv)$|/feed/|/application-documents/|/files/|\.ics$|/evidence/|/file/$|/receipt\."
    f"|/documents/{SHAPE}/$"
)


def enter(site: Site, page: Page, who: str) -> None:
    """Sign in by the start page's button of the role whose words contain `who`."""
    page.goto(site.url)
    row = page.locator("#sign-in-sheet tr", has_text=who).first
    row.get_by_role("button").click()
    expect(page.locator("details.gm-user")).to_be_visible()


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def roles(site: Site, page: Page) -> list[str]:
    page.goto(site.url)
    return page.locator(
        "#sign-in-sheet tbody tr th, #sign-in-sheet tbody tr td:first-child"
    ).all_inner_texts()


def test_the_start_page_says_what_is_open_and_how_to_sign_in(site: Site, page: Page, axe: Axe) -> None:
    page.goto(site.url)

    expect(page.get_by_role("heading", level=1)).to_contain_text("지금 신청할 수 있는 공고")
    expect(page.get_by_text("연습용 가상 자료입니다").first).to_be_visible()
    assert len(roles(site, page)) >= 6
    assert axe(page) == []
    assert fits(page)


def test_anyone_signs_in_with_address_and_password_and_out_again(site: Site, page: Page) -> None:
    page.goto(site.url)
    email = page.locator("#sign-in-sheet tbody tr").first.get_by_text(re.compile(r"@")).inner_text()
    password = page.locator("#sign-in-sheet code").first.inner_text()

    page.goto(f"{site.url}/accounts/login/")
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(password)
    page.locator("main form button[type=submit]").first.click()
    menu = page.locator("details.gm-user")
    expect(menu).to_be_visible()
    menu.locator("summary").click()
    page.get_by_role("button", name="로그아웃").click()

    expect(page.locator("details.gm-user")).to_have_count(0)


def test_a_wrong_password_is_told_and_the_address_kept(site: Site, page: Page) -> None:
    page.goto(f"{site.url}/accounts/login/")

    page.locator("input[name=login]").fill("nobody@example.com")
    page.locator("input[name=password]").fill("wrong-password")
    page.locator("main form button[type=submit]").first.click()

    expect(page.locator("input[name=login]")).to_have_value("nobody@example.com")
    expect(page.locator("[aria-invalid=true], .gm-error-summary, [role=alert]").first).to_be_visible()


def test_the_public_call_page_shows_every_clause_and_the_limits(site: Site, page: Page, axe: Axe) -> None:
    page.goto(f"{site.url}/calls/{CALL}/")

    for clause in ("A-1", "A-5a", "A-8", "A-8a", "A-12", "A-17"):
        expect(page.locator(f"#{clause}, #clause-{clause}").first).to_be_attached()
    expect(page.get_by_text("60 %").first).to_be_attached()
    assert axe(page) == []
    assert fits(page)


def test_the_officers_board_and_ranking(site: Site, page: Page, axe: Axe) -> None:
    enter(site, page, "전담기관")

    page.goto(f"{site.url}/board/{CALL}/")
    expect(page.get_by_text("경상남도").first).to_be_visible()
    assert axe(page) == []
    assert fits(page)
    page.goto(f"{site.url}/evaluation/{CALL}/ranking/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_text("재계산").first).to_be_visible()
    assert axe(page) == []
    assert fits(page)


def test_results_are_invisible_to_visitors_and_applicants(site: Site, page: Page) -> None:
    ranking = f"{site.url}/evaluation/{CALL}/ranking/"

    visitor = page.goto(ranking)
    assert visitor is not None
    assert visitor.status == 404 or "/accounts/login" in page.url
    enter(site, page, "주관기관")
    applicant = page.goto(ranking)

    assert applicant is not None
    assert applicant.status == 404


def test_every_page_that_a_role_can_reach_answers_fits_and_is_accessible(
    site: Site, browser: Browser, axe: Axe
) -> None:
    """Signs in as everybody on the sheet and follows the links, one page of each kind.

    Every page must answer and fit at both widths; the first page of each kind is opened at each, and axe looks at it.
    """
    faults: list[str] = []
    looked_at: set[str] = set()
    context = browser.new_context(locale="ko-KR")
    page = context.new_page()
    for who in [None, *roles(site, page)]:
        if who is None:
            page.goto(site.url)
        else:
            enter(site, page, who)
        faults += walk(site, page, who or "방문자", axe, looked_at)
    context.close()

    assert "\n".join(faults) == ""


def walk(site: Site, page: Page, who: str, axe: Axe, looked_at: set[str]) -> list[str]:
    """Visit one page of each kind that can be reached; what is wrong, as lines."""
    faults: list[str] = []
    waiting, seen = [page.url], set[str]()
    while waiting and len(seen) < 16:
        url = waiting.pop(0)
        path = urlsplit(url).path
        kind = re.sub(rf"(?<=/){SHAPE}(?=/)|\d+|[a-z0-9]+-[a-z0-9-]+", "*", path)
        if kind in seen or not url.startswith(site.url) or PASSED_OVER.search(path):
            continue
        seen.add(kind)
        answered = False
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            if not answered or kind not in looked_at:
                answer = page.goto(url, wait_until="domcontentloaded")
                answered = answer is not None and answer.status == 200
                if not answered:
                    faults.append(f"{who} {url} at {width}: {answer.status if answer else 'no answer'}")
                    break
            if not fits(page):
                faults.append(f"{who} {url}: wider than the screen of {width}")
            if kind not in looked_at:
                faults += [f"{who} {url} at {width}: {fault}" for fault in axe(page)]
        if not answered:
            continue
        looked_at.add(kind)
        links = page.eval_on_selector_all("a[href]", "found => found.map(a => a.href.split('#')[0])")
        waiting += [link for link in links if link not in waiting]
    return faults
