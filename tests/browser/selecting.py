"""Steps that the people of a selection take in their own browsers: signing in once, filling a form of a page, sending it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal

from bs4 import BeautifulSoup, Tag
from playwright.sync_api import APIResponse, Browser, Locator, Page, Route, expect

from gongmo.rehearsal.data import Loaded
from tests.browser.conftest import PATIENCE, ROOT, Site
from tests.browser.walking import Axe, Walker

CALL = "2025-regional-ai"
PASSWORD = "gongmo-rehearsal"
REGIONS = {
    "gyeongnam": "경상남도", "jeju": "제주", "daegu": "대구", "ulsan": "울산", "gangwon": "강원", "jeonnam": "전라남도",
    "busan": "부산", "chungnam": "충청남도", "gyeongbuk": "경상북도", "jeonbuk": "전북", "chungbuk": "충청북도", "gwangju": "광주",
    "daejeon": "대전",
}  # fmt: skip
"""The applicants and how their titles begin, in the order of their applications; the last one will be excluded."""
TIED = 5
"""The application at this place gets the points of the one before it, so that both tie at the cut line."""

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


LOOKING = 4
"""Windows that stay open at a page."""


@dataclass
class Cast:
    """Everybody who takes part: one browser each, signed in once. `found` keeps what a step leaves for later ones."""

    site: Site
    browser: Browser
    axe: Axe
    people: dict[str, Walker] = field(default_factory=dict)
    looking: list[str] = field(default_factory=list)
    """Who looks at a page now, the last one last."""
    found: dict[str, list[str]] = field(default_factory=dict)

    def of(self, key: str) -> Walker:
        """The person of that key in the script, signed in."""
        if key not in self.people:
            context = self.browser.new_context(
                viewport={"width": 1280, "height": 900}, locale="ko-KR", timezone_id="Asia/Seoul"
            )
            context.set_default_timeout(PATIENCE)
            # Hundreds of sheets are opened; that papers show beside them is test_desk.py's matter.
            context.route(lambda url: url.endswith((".woff2", ".woff")) or "/pdfjs" in url, _stop)
            made = Walker(self.site, context.new_page(), self.axe, [])
            made.listen(made.page)
            made.sign_in(f"{key}@rehearsal.example", PASSWORD)
            self.people[key] = made
        return self.people[key]

    def at(self, key: str, address: str) -> Page:
        """That person's window at that address. Who has not done anything for a while looks away: forty pages with clocks are a load."""
        self.looking = [*(each for each in self.looking if each != key), key]
        while len(self.looking) > LOOKING:
            self.of(self.looking.pop(0)).page.goto("about:blank")
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


def label_of(key: str) -> str:
    return "평가위원 " + key.removeprefix("evaluator-").upper()


def to_the_desk(everybody: Cast, key: str) -> Page:
    """The expert's one seat, reached from the list of them."""
    page = everybody.at(key, "/desk/")
    link = page.locator("main a[href^='/desk/']").first.get_attribute("href")
    assert link is not None
    return everybody.at(key, link)


def score(everybody: Cast, key: str, most: int = len(REGIONS)) -> None:
    """Score and lock the expert's open sheets: the first by typing, the others by the same page's form."""
    page = to_the_desk(everybody, key)
    rows = page.locator("main tr:has(a[href^='/desk/sheets/'])")
    found = rows.evaluate_all(
        "rows => rows.filter(row => row.innerText.includes('시작 전')).map(row => [row.querySelector('a').getAttribute('href'), row.innerText.trim()])"
    )
    for place, (address, title) in enumerate(found[:most]):
        order = next(i for i, name in enumerate(REGIONS.values()) if title.startswith(name))
        percent = 95 - 3 * (order - (order == TIED))
        if place:
            score_undrawn(page, address, percent)
            continue
        page = everybody.at(key, address)
        write_a_sheet(page, percent)
        send(page.locator("form#ev-form"), button="lock")
        said(send(page.locator("main form:has([name=confirm])"), {"confirm": "확정"}), "확정했습니다")


OPINION = "목표와 추진 방법이 서로 맞습니다."


def write_a_sheet(page: Page, percent: int) -> None:
    """Type points near that percentage on every criterion, and an opinion."""
    fields = page.locator("form#ev-form [name^=points-]")
    limits = fields.evaluate_all("all => all.map(each => Number(each.dataset.max))")
    points = [f"{most * percent / 100:.1f}" for most in limits]
    fields.first.focus()
    for value in points:
        page.keyboard.type(value)
        page.keyboard.press("Enter")
    page.locator("#overall_opinion").focus()
    page.keyboard.type(OPINION)
    page.keyboard.press("Tab")
    expect(page.locator("[data-desk-total]")).to_have_text(f"{sum(map(Decimal, points)).normalize():f}")


def score_undrawn(page: Page, address: str, percent: int) -> None:
    """Score and lock a sheet by the same two pages and forms, sent as a browser without scripts does and not drawn.

    Drawing dozens of sheets of one kind shows nothing that the first did not.
    """
    address = f"{page.url.partition('/desk/')[0]}{address}"
    form = form_in(page.request.get(address), "form#ev-form")
    given = {
        str(each["name"]): f"{float(str(each['data-max'])) * percent / 100:.1f}"
        for each in form.select("[name^=points-]")
    }
    answer = page.request.post(
        address, form=held_by(form) | given | {"overall_opinion": OPINION, "then": "lock"}
    )
    form = form_in(answer, "main form:has([name=confirm])")
    answer = page.request.post(answer.url, form=held_by(form) | {"confirm": "확정"})
    said(answer.text(), "확정했습니다")


def form_in(answer: APIResponse, selector: str) -> Tag:
    """A form of the page that was answered."""
    assert answer.ok, (answer.status, answer.url)
    form = BeautifulSoup(answer.body(), "html.parser").select_one(selector)
    assert form is not None, (selector, answer.url)
    return form


def held_by(form: Tag) -> dict[str, str]:
    """What a browser would send of a form of texts untouched."""
    texts = {str(each["name"]): each.get_text() for each in form.select("textarea[name]")}
    return texts | {str(each["name"]): str(each.get("value", "")) for each in form.select("input[name]")}


def handle(form: Locator, text: str, act: str) -> str:
    """Write the outcome of a negotiation and press one of the form's buttons."""
    fill(form, {"text": text})
    with form.page.expect_navigation(wait_until="domcontentloaded"):
        form.locator(f'button[formaction$="{act}"]').click()
    return form.page.locator("body").inner_text()


def sign(everybody: Cast, key: str, address: str) -> None:
    """Read the agreement and sign it for the person's organisation."""
    page = everybody.at(key, f"{address}text/")
    form = form_of(page, "/sign/")
    said(send(form, {"name": "김대표", "title": "대표", "agreed": "yes"}), "서명")


def people_of() -> dict[str, list[str]]:
    """The script's keys of the signers of every consortium: one person for each organisation."""
    script = Loaded(ROOT / "calls" / CALL)
    found: dict[str, list[str]] = {}
    for consortium in script.script.consortia:
        partners = [each.id for each in consortium.partners or ()]
        if consortium.application:
            named = (consortium.government, consortium.lead.name)
            file = script.application(consortium.application)
            partners = [each.id for each in file.organisations if each.name not in named]
        found[consortium.id] = [f"{consortium.id}-{each}" for each in ("lead", "government", *partners)]
    return found
