"""What every page has, seen in a real browser."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import Site

Axe = Callable[[Page], list[str]]


def test_an_error_page_is_accessible_and_fits_the_screen(site: Site, page: Page, axe: Axe) -> None:
    page.goto(f"{site.url}/no-such-page/")

    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_sign_in_page_is_accessible(site: Site, page: Page, axe: Axe) -> None:
    page.goto(f"{site.url}/accounts/login/")

    expect(page.get_by_role("heading", level=1)).to_have_text("로그인")
    assert axe(page) == []


def test_the_language_switch_changes_the_page_and_its_declared_language(site: Site, page: Page) -> None:
    page.goto(f"{site.url}/no-such-page/")

    page.get_by_role("button", name="English").click()

    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("button", name="한국어")).to_be_visible()


def test_the_contrast_switch_is_remembered(site: Site, page: Page) -> None:
    page.goto(f"{site.url}/no-such-page/")

    page.get_by_role("button", name="고대비 화면").click()
    page.goto(f"{site.url}/no-such-page/")

    expect(page.locator("html")).to_have_attribute("data-krds-mode", "high-contrast")


def test_nothing_is_loaded_from_another_host(site: Site, page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.goto(f"{site.url}/no-such-page/", wait_until="networkidle")

    assert asked
    assert [url for url in asked if not url.startswith((site.url, "data:"))] == []
