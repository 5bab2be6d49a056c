"""Accounts in a real browser: signing up by a code, passkeys, devices, inviting and handing over."""

import re
from collections.abc import Callable
from itertools import count

from playwright.sync_api import BrowserContext, Page, expect

from gongmo.kernel.numbers import SHAPE
from tests.browser.conftest import Site

Axe = Callable[[Page], list[str]]
PASSWORD = "browser secret 2026"
_number = count(1)


def local(site: Site) -> str:
    """Passkeys belong to a name, not to a number."""
    return site.url.replace("127.0.0.1", "localhost")


def sound(page: Page, axe: Axe) -> None:
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def code_for(page: Page, home: str, address: str) -> str:
    """The code of the newest mail to the address, as the rehearsal's mailbox shows it."""
    box = page.context.new_page()
    box.goto(f"{home}/mailbox/?to={address}")
    box.locator("main table a[href^='/mailbox/']").first.click()
    box.wait_for_url(re.compile(f"/mailbox/{SHAPE}/"))
    found = re.search(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\s*$", box.inner_text("main"), re.MULTILINE)
    box.close()
    assert found is not None
    return found[1]


def sign_up(page: Page, home: str, way: str, axe: Axe | None = None) -> str:
    address = f"newcomer{next(_number)}@example.test"
    page.goto(f"{home}{way}")
    page.get_by_role("link", name="회원 가입").click()
    if axe:
        sound(page, axe)
    page.fill("input[name=email]", address)
    page.fill("input[name=display_name]", "김담당")
    page.fill("input[name=password1]", PASSWORD)
    page.fill("input[name=password2]", PASSWORD)
    page.get_by_role("button", name="가입하고 확인 번호 받기").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("전자우편으로 받은 번호를 적어 주세요")
    if axe:
        sound(page, axe)
    page.fill("input[name=code]", code_for(page, home, address))
    page.get_by_role("button", name="확인", exact=True).click()
    return address


def test_a_newcomer_signs_up_by_a_code_and_lands_where_they_wanted(site: Site, page: Page, axe: Axe) -> None:
    sign_up(page, site.url, "/me/organisations/new/", axe)

    expect(page).to_have_url(f"{site.url}/me/organisations/new/")
    sound(page, axe)


def test_a_passkey_is_added_and_signs_in_alone(
    site: Site, context: BrowserContext, page: Page, axe: Axe
) -> None:
    home = local(site)
    devices = context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    sign_up(page, home, "/me/")
    page.goto(f"{home}/accounts/2fa/")
    sound(page, axe)
    page.get_by_role("link", name="패스키 등록").click()
    sound(page, axe)

    page.get_by_role("button", name="이 기기를 등록하기").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("복구 코드를 안전한 곳에 적어 두세요")
    sound(page, axe)
    context.clear_cookies()
    page.goto(f"{home}/accounts/login/?next=/me/")
    page.get_by_role("button", name="패스키로 로그인").click()

    expect(page).to_have_url(f"{home}/me/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("김담당")
    page.goto(f"{home}/accounts/sessions/")
    expect(page.get_by_role("heading", level=1)).to_have_text("2대에서 로그인해 있습니다")
    page.get_by_role("button", name="다른 기기 모두 끝내기").click()
    page.goto(f"{home}/accounts/sessions/")
    expect(page.get_by_role("heading", level=1)).to_have_text("1대에서 로그인해 있습니다")
    sound(page, axe)


def test_an_organisation_is_registered_joined_and_handed_over(
    site: Site, context: BrowserContext, page: Page, axe: Axe
) -> None:
    sign_up(page, site.url, "/me/organisations/new/")
    page.fill("#name", "가상 브라우저 기업")
    page.select_option("#kind", "company")
    page.get_by_role("button", name="등록하기").click()
    sound(page, axe)
    page.get_by_role("link", name="구성원", exact=True).click()
    sound(page, axe)
    page.get_by_role("button", name="전자우편 대신 링크 만들기").click()
    link = page.input_value("#link")
    browser = context.browser
    assert browser is not None
    colleague = browser.new_context(locale="ko-KR")
    other = colleague.new_page()

    sign_up(other, site.url, link.removeprefix(site.url))
    sound(other, axe)
    other.get_by_role("button", name="수락하기").click()
    page.reload()
    page.get_by_role("link", name="업무 인수인계").click()
    sound(page, axe)
    page.locator("#to").select_option(index=2)
    page.get_by_role("button", name="지금 모두 넘기기").click()

    expect(page.get_by_text("인수인계를 마쳤습니다")).to_be_visible()
    other.reload()
    other.get_by_role("link", name="기록", exact=True).click()
    expect(other.get_by_text("김담당 → 김담당")).to_be_visible()
    sound(other, axe)
    colleague.close()
