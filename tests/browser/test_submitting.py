"""Submitting in a real browser: a line that breaks at the worst moment, a word that is wrong, and no script at all."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from playwright.sync_api import Browser, Page, Route, expect

from gongmo.kernel.numbers import Kind
from tests.browser.conftest import Site

Axe = Callable[[Page], list[str]]
MAKE = """
import itertools, sys, time
sys.path.insert(0, ".")
from tests import builders
builders._serial = itertools.count(time.time_ns() % 10**6 + 1000)
from tests.applications.ready import make_ready, session_of
made = make_ready(id=f"sample-{time.time_ns()}")
print("READY", made.application.pk, session_of(made.lead))
"""


def ready(site: Site) -> tuple[int, str]:
    """An application that lacks nothing on this site, and its lead's session."""
    told = site.gongmo("manage", "shell", "-v0", "-c", MAKE).stdout
    words = next(line for line in told.splitlines() if line.startswith("READY")).split()
    return int(words[1]), words[2]


def sign_in(page: Page, site: Site, session: str) -> None:
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site.url}])


def test_a_broken_line_ends_at_the_one_receipt(site: Site, page: Page, axe: Axe) -> None:
    application, session = ready(site)
    sign_in(page, site, session)
    page.goto(f"{site.url}/applications/{site.row(application, Kind.APPLICATION)}/submit/")
    sent: list[str] = []

    def lose(route: Route) -> None:
        if route.request.method == "POST":
            sent.append(route.request.post_data or "")
            if len(sent) == 1:
                route.fetch()  # The server has taken it; the answer is lost.
            if len(sent) < 3:
                route.abort()
                return
        route.continue_()

    page.get_by_label("확인:").fill("틀림")
    page.keyboard.press("Enter")
    expect(page.get_by_text("처리하지 못했습니다")).to_be_visible()
    page.route("**/submit/", lose)
    page.get_by_label("확인:").fill("제출")
    page.keyboard.press("Enter")
    expect(page.get_by_text("접수되었는지 확인하고 있습니다")).to_be_visible()
    assert axe(page) == []

    page.wait_for_url("**/receipt/")

    expect(page.get_by_role("heading", name="접수되었습니다")).to_be_visible()
    expect(page.locator("#others")).to_have_count(0)
    assert len(sent) == 3
    assert page.evaluate("document.documentElement.scrollWidth") <= (page.viewport_size or {})["width"]
    assert axe(page) == []


def test_it_is_submitted_without_scripts_and_the_receipts_address_tells(site: Site, browser: Browser) -> None:
    application, session = ready(site)
    context = browser.new_context(java_script_enabled=False, locale="ko-KR")
    page = context.new_page()
    sign_in(page, site, session)
    receipt = f"/applications/{site.row(application, Kind.APPLICATION)}/receipt/"
    page.goto(f"{site.url}{receipt}")
    expect(page.get_by_role("heading", name="아직 접수되지 않았습니다")).to_be_visible()

    page.get_by_role("main").get_by_role("link", name="확인하고 제출하기").first.click()
    page.get_by_label("확인:").fill("제출")
    page.get_by_role("button", name="제출하기").click()

    assert urlsplit(page.url).path == receipt
    expect(page.get_by_role("heading", name="접수되었습니다")).to_be_visible()
    context.close()
