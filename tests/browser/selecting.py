"""Steps that the people of a selection take in their own browsers: signing in once, filling a form of a page, sending it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Browser, Locator, Page, Route

from tests.browser.conftest import Site
from tests.browser.walking import Axe, Walker

CALL = "2025-regional-ai"
PASSWORD = "gongmo-rehearsal"

Given = dict[str, str | list[str]]

FILL = """(form, given) => {
  for (let each = form; each; each = each.parentElement) if (each.tagName === "DETAILS") each.open = true;
  const missing = [];
  for (const [name, value] of Object.entries(given)) {
    const fields = [...form.elements].filter(each => each.name === name);
    if (!fields.length) missing.push(name);
    for (const each of fields) {
      for (let up = each; up !== form; up = up.parentElement) if (up.tagName === "DETAILS") up.open = true;
      if (each.type === "checkbox" || each.type === "radio") each.checked = [value].flat().includes(each.value);
      else each.value = value;
      each.dispatchEvent(new Event("input", {bubbles: true}));
      each.dispatchEvent(new Event("change", {bubbles: true}));
    }
  }
  return missing;
}"""


@dataclass
class Cast:
    """Everybody who takes part: one browser each, signed in once. `found` keeps what a step leaves for later ones."""

    site: Site
    browser: Browser
    axe: Axe
    people: dict[str, Walker] = field(default_factory=dict)
    found: dict[str, list[str]] = field(default_factory=dict)

    def of(self, key: str) -> Walker:
        """The person of that key in the script, signed in."""
        if key not in self.people:
            context = self.browser.new_context(
                viewport={"width": 1280, "height": 900}, locale="ko-KR", timezone_id="Asia/Seoul"
            )
            context.set_default_timeout(20_000)
            context.route(lambda url: url.endswith((".woff2", ".woff")), _stop)
            made = Walker(self.site, context.new_page(), self.axe, [])
            made.listen(made.page)
            made.sign_in(f"{key}@rehearsal.example", PASSWORD)
            self.people[key] = made
        return self.people[key]

    def at(self, key: str, address: str) -> Page:
        """That person's window at that address."""
        page = self.of(key).page
        page.goto(f"{self.site.url}{address}", wait_until="domcontentloaded")
        return page

    def refused(self, key: str, *addresses: str) -> None:
        """None of these addresses exists for that person."""
        window = self.of(key).page
        for address in addresses:
            answer = window.request.get(f"{self.site.url}{address}", max_redirects=0)
            assert answer.status == 404, (key, address, answer.status)


def _stop(route: Route) -> None:
    route.abort()


@contextmanager
def cast(site: Site, browser: Browser, axe: Axe) -> Iterator[Cast]:
    """The people of the rehearsal. At the end no script has failed in any of their windows."""
    made = Cast(site, browser, axe)
    try:
        yield made
        assert {key: who.complaints for key, who in made.people.items() if who.complaints} == {}
    finally:
        for who in made.people.values():
            who.page.context.close()


def form_of(page: Page, act: str) -> Locator:
    """The form of the page that sends to an address ending like that."""
    return page.locator(f'main form[action$="{act}"]').first


def fill(form: Locator, given: Given) -> None:
    """Write into a form's fields, opening what folds them away."""
    missing = form.evaluate(FILL, given)
    assert missing == [], (form.page.url, missing)


def send(form: Locator, given: Given | None = None, *, button: str = "") -> str:
    """Fill a form, press its button and wait for the page that follows; answers what that page says."""
    fill(form, given or {})
    page = form.page
    pressed = (
        form.locator(f'button[value="{button}"]') if button else form.locator("button:not([type=button])")
    ).first
    with page.expect_navigation(wait_until="domcontentloaded"):
        pressed.click()
    return page.locator("body").inner_text()


def said(text: str, *words: str) -> None:
    """The page says all of that."""
    for each in words:
        assert each in text, (each, text[:1500])


Step = Callable[[Cast], None]
