"""A partner's whole part on a telephone: the invitation, money, self-check, consents and signatures."""

from playwright.sync_api import Browser, expect

from tests.browser.conftest import Site
from tests.browser.test_together import begin, invite
from tests.browser.walking import Axe, open_call, walker


def test_a_partner_finishes_its_part_on_a_phone(site: Site, browser: Browser, axe: Axe) -> None:
    opened = open_call(site, "phone", 522000)
    with walker(browser, site, axe) as lead, walker(browser, site, axe, width=390, touch=True) as partner:
        lead.sign_in(opened["people"]["lead"], opened["password"])
        begin(lead, opened)
        invite(lead, opened)
        partner.application = lead.application
        partner.sign_in(opened["people"]["partner"], opened["password"])
        partner.answer_invitation()

        partner.go("money/")
        partner.new_money("", "solution", "personnel", False, "", "", "", "1억")
        partner.self_check_and_consent()
        partner.sign("박참여", "drawn")

        partner.go("members/")
        own = partner.page.locator("#own")
        expect(own).to_contain_text("100,000,000")
        expect(own).not_to_contain_text("남음")
        partner.seen()
