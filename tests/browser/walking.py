"""Steps that the tests of the whole way take: signing in, writing a field, answering, signing, looking at a page at both widths."""

import json
import os
import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect

from tests.browser.conftest import GONGMO, PATIENCE, WIDTHS, Site

Axe = Callable[[Page], list[str]]
Opened = dict[str, Any]


def open_call(site: Site, name: str, base: int) -> Opened:
    """A call of its own on the site, with people who have begun nothing (tests/browser/opening.py)."""
    made = site.module("tests.browser.opening", "2025-regional-ai", name, str(base))
    opened: Opened = json.loads(made.stdout)
    return opened


@dataclass
class Walker:
    """Somebody at a browser of their own. `page` is the window that is open now."""

    site: Site
    page: Page
    axe: Axe
    complaints: list[str]
    application: str = ""
    """What stands for it in its addresses."""

    def listen(self, page: Page) -> None:
        def hear(message: ConsoleMessage) -> None:
            if message.type == "error" and not message.text.startswith("Failed to load resource"):
                self.complaints.append(message.text)

        page.on("console", hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def reopen(self) -> None:
        """Close the window as somebody does who is in a hurry, and open another."""
        context = self.page.context
        self.page.close(run_before_unload=False)
        self.page = context.new_page()
        self.listen(self.page)

    def sign_in(self, email: str, password: str) -> None:
        self.page.goto(f"{self.site.url}/accounts/login/")
        self.page.locator("[name=login]").fill(email)
        self.page.locator("[name=password]").fill(password)
        self.page.locator("[name=password]").press("Enter")
        expect(self.page.locator("details.gm-user")).to_be_visible()

    def go(self, step: str = "") -> Page:
        self.page.goto(f"{self.site.url}/applications/{self.application}/{step}")
        return self.page

    def seen(self) -> None:
        """The page is sound at both widths: nothing that axe calls serious, no sideways scroll."""
        before = self.page.viewport_size or {"width": WIDTHS[0], "height": 900}
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 900})
            assert self.axe(self.page) == [], f"{self.page.url} at {width}"
            wide = self.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{self.page.url} scrolls sideways at {width}: {wide}"
        self.page.set_viewport_size({"width": before["width"], "height": before["height"]})

    def saved(self) -> None:
        """Wait until the server has everything that this page holds."""
        left = self.page.evaluate(
            """patience => new Promise(done => {
              const until = performance.now() + patience;
              const look = () => {
                const unsent = gongmoAutosave.unsent();
                if (!unsent.size || performance.now() > until) done([...unsent.keys()]);
                else setTimeout(look, 30);
              };
              look();
            })""",
            PATIENCE,
        )
        assert left == [], (left, self.page.locator(".app-note").all_inner_texts())

    def write(self, path: str, text: str) -> None:
        """Write into the field of that path and leave it."""
        field = self.page.locator(f'[data-save="{path}"]')
        field.fill(text)
        field.press("Tab")

    def tick(self, box: Locator) -> None:
        """Tick a box by its label, as a person does."""
        self.page.locator(f'label[for="{box.get_attribute("id")}"]').click()
        expect(box).to_be_checked()

    def answer_invitation(self) -> None:
        """Find the invitation among one's own applications and accept it."""
        self.page.goto(f"{self.site.url}/applications/")
        link = self.page.locator(f'main a[href^="/applications/{self.application}/"]').first
        link.click()
        self.page.get_by_role("button", name="참여 수락하기").click()
        expect(self.page.get_by_role("button", name="참여 수락하기")).to_have_count(0)

    def self_check_and_consent(self) -> None:
        """Say no to every exclusion, and give what is required."""
        self.go("statements/")
        for fact in self.page.locator("[data-fact]").all():
            self.tick(fact.locator('input[value="no"]'))
        self.saved()
        expect(self.page.locator("[data-left-now]")).to_contain_text("모두 답했습니다")
        for card in self.page.locator(".st-consent").filter(has_text="필수").all():
            self.tick(card.locator("input[name=consent]"))
        self.page.get_by_role("button", name="표시한 것에 동의하기").click()
        expect(self.page.locator(".st-consent").filter(has_text="동의함").first).to_be_visible()

    def sign(self, name: str, manner: Literal["typed", "drawn"]) -> None:
        """Sign everything that waits for this organisation in one act."""
        self.go("sign/")
        boxes = self.page.locator("#paper input[name=paper]")
        for place in range(boxes.count()):
            if not boxes.nth(place).is_checked():
                self.tick(boxes.nth(place))
        self.page.locator("form#sign [name=name]").fill(name)
        if manner == "drawn":
            pad = self.page.locator(".doc-pad__field")
            pad.scroll_into_view_if_needed()
            box = pad.bounding_box()
            assert box is not None
            self.page.mouse.move(box["x"] + 30, box["y"] + 40)
            self.page.mouse.down()
            for place in range(1, 6):
                self.page.mouse.move(box["x"] + 30 + 25 * place, box["y"] + 40 + 15 * (place % 3))
            self.page.mouse.up()
            expect(self.page.locator("[data-sign-said]")).to_have_text(re.compile("그린 서명"))
        self.tick(self.page.locator("form#sign [name=agreed]"))
        self.page.get_by_role("button", name="표시한 문서에 서명하기").click()
        expect(self.page.locator("form#sign")).to_have_count(0)

    def new_money(self, organisation: str, field: str, category: str, direct: bool, *amounts: str) -> None:
        """Write a row of money by typing: the amounts by column. `organisation` is a part of its name, "" for one's own."""
        row = self.page.locator("tr[data-new]").first
        if organisation:
            choice = row.locator("select[name$='-organisation']")
            value = choice.locator("option", has_text=organisation).get_attribute("value")
            choice.select_option(value)
        row.locator("select[name$='-year']").select_option("2025")
        row.locator("select[name$='-field']").select_option(field)
        row.locator("select[name$='-category']").select_option(category)
        if direct:
            self.tick(row.locator("input[name$='-direct']"))
        for column, amount in zip(COLUMNS, amounts, strict=False):
            if amount:
                cell = row.locator(f'[data-column="{column}"], [data-save$=":{column}:{int(direct)}"]')
                cell.fill(amount)
                cell.press("Tab")
        self.saved()


COLUMNS = ("national:cash", "local:cash", "private:cash", "private:in_kind")


@contextmanager
def walker(
    browser: Browser, site: Site, axe: Axe, *, width: int = WIDTHS[0], touch: bool = False
) -> Iterator[Walker]:
    """Somebody with a browser of their own. At the end no script has failed and the policy has stopped nothing."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        has_touch=touch,
        locale="ko-KR",
        timezone_id="Asia/Seoul",
        accept_downloads=True,
    )
    context.set_default_timeout(PATIENCE)
    made = Walker(site, context.new_page(), axe, [])
    made.listen(made.page)
    try:
        yield made
        assert made.complaints == []
    finally:
        context.close()


def verify(receipt: str, home: str) -> "subprocess.CompletedProcess[str]":
    """`gongmo receipt verify` as on another machine: an empty home and nothing of the site."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("GONGMO_", "DJANGO_"))}
    return subprocess.run(
        [GONGMO, "receipt", "verify", receipt],
        env=kept | {"GONGMO_HOME": home, "HOME": home},
        cwd=home,
        check=False,
        capture_output=True,
        text=True,
    )
