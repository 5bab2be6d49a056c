"""Three people of three organisations fill one application at once, in three browsers, to a receipt that is checked elsewhere."""

import base64
import re
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import Browser, Page, Route, expect

from gongmo.kernel.numbers import SHAPE
from gongmo.rehearsal import paper
from tests.browser.conftest import PATIENCE, Site
from tests.browser.test_uploads import written
from tests.browser.walking import Axe, Opened, Walker, open_call, verify, walker

LONG = "지역 기업 서른 곳을 찾아가 자료를 진단하고, 함께 쓸 장비와 교육을 마련합니다."


def test_three_organisations_apply_together(site: Site, browser: Browser, axe: Axe, tmp_path: Path) -> None:
    opened = open_call(site, "together", 520000)
    with ExitStack() as stack:
        lead, government, partner = (stack.enter_context(walker(browser, site, axe)) for _ in range(3))
        for who, role in ((lead, "lead"), (government, "government"), (partner, "partner")):
            who.sign_in(opened["people"][role], opened["password"])
        begin(lead, opened)
        government.application = partner.application = lead.application
        invite(lead, opened)
        government.answer_invitation()
        partner.answer_invitation()

        write_the_overview(lead)
        money_is_written_by_all(lead, government, partner)
        two_write_one_cell(lead, partner)
        text_written_without_a_line_arrives(lead, partner)
        over_the_limit_and_fitted(lead)
        for who in (lead, government, partner):
            who.self_check_and_consent()
            who.seen()
        hand_in_files(lead, tmp_path)
        lead.sign("김주관", "drawn")
        government.sign("이지방", "typed")
        partner.sign("박참여", "drawn")
        for step in ("", "overview/", "members/", "money/", "statements/", "documents/", "submit/"):
            lead.go(step)
            lead.seen()
        for who in (government, partner):
            who.go()
            who.seen()

        receipt = submit(lead)
        for who in (government, partner):
            who.go("receipt/")
            expect(who.page.get_by_role("heading", name="접수되었습니다")).to_be_visible()
            who.seen()
    told_elsewhere(receipt, tmp_path)


def begin(lead: Walker, opened: Opened) -> None:
    """Find the call in the list and start."""
    page = lead.page
    page.goto(f"{lead.site.url}/calls/")
    page.locator(f'main a[href="/calls/{opened["slug"]}/"]').first.click()
    lead.seen()
    page.locator(f'main a[href="/calls/{opened["slug"]}/apply/"]').first.click()
    lead.seen()
    page.locator("[name=title]").fill("가상도 제조 AI 전환")
    page.get_by_role("button", name="신청 시작하기").click()
    page.wait_for_url(re.compile(f"/applications/{SHAPE}/"))
    found = re.search(f"/applications/({SHAPE})/", page.url)
    assert found is not None
    lead.application = found[1]


def invite(lead: Walker, opened: Opened) -> None:
    for role, key in (("local_government", "government"), ("partner", "partner")):
        page = lead.go("members/invite/")
        page.locator("#number").fill(opened["numbers"][key])
        page.locator(".mb-invite select[name=role]").select_option(role)
        page.get_by_role("button", name="초대하기").click()
        expect(page.locator(".mb-invite [aria-invalid=true]")).to_have_count(0)
    lead.seen()


def write_the_overview(lead: Walker) -> None:
    page = lead.go("overview/")
    for box in page.locator("[name=fields]").all()[:2]:
        if not box.is_checked():
            lead.tick(box)
    lead.saved()
    for _ in range(3):
        with page.expect_navigation():
            page.get_by_role("button", name="지표 더하기").click()
    lead.write("summary", LONG)
    for field in page.locator("textarea[data-save^='answer:']").all():
        field.fill(LONG)
    for field in page.locator("input[data-save^='answer:']").all():
        name = str(field.get_attribute("data-save"))
        value = {"email": "person@example.com", "phone": "055-000-0000"}.get(
            name.rpartition(".")[2], "담당자 A"
        )
        field.fill(value)
    values = {
        "name": "도입 기업 수",
        "unit": "곳",
        "baseline": "0",
        "target": "30",
        "measured_by": "사업단 집계",
    }
    for field in page.locator("input[data-save^='kpi:']").all():
        field.fill(values[str(field.get_attribute("data-save")).rpartition(":")[2]])
    page.keyboard.press("Tab")
    lead.saved()
    expect(page.locator("[data-save-words]")).to_contain_text(re.compile(r"\d\d:\d\d:\d\d"))


def money_is_written_by_all(lead: Walker, government: Walker, partner: Walker) -> None:
    """Each types its own part; the lead pastes a line that a spreadsheet gave."""
    for who in (lead, government, partner):
        who.go("money/")
    lead.new_money("가상테크노파크", "solution", "company_support", True, "1억", "2억", "1억", "1억")
    government.new_money("", "solution", "operations", False, "", "2억")
    partner.new_money("", "solution", "personnel", False, "", "", "", "1억")
    lead.go("money/")
    lead.page.locator('[data-save^="cell:"]').first.click()
    with lead.page.expect_response(re.compile("/save/")):
        paste(lead.page, "600,000,000\t200,000,000")
    lead.saved()
    for who in (government, partner):
        who.go("money/")
        expect(who.page.locator("[data-total]")).to_have_text("1,300,000,000")


def paste(page: Page, text: str) -> None:
    page.evaluate(
        """text => {
          const data = new DataTransfer();
          data.setData("text/plain", text);
          document.activeElement.dispatchEvent(
            new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }""",
        text,
    )


def own_cell(partner: Walker) -> str:
    """The path of the partner's one amount."""
    found = partner.page.locator('[data-save$=":personnel:private:in_kind:0"]').first.get_attribute(
        "data-save"
    )
    assert found is not None
    return found


def two_write_one_cell(lead: Walker, partner: Walker) -> None:
    """The second writer is told who wrote what and chooses; here what is saved stays."""
    lead.go("money/")
    partner.go("money/")
    path = own_cell(partner)
    partner.write(path, "1억 1000만")
    partner.saved()
    lead.write(path, "9000만")
    note = lead.page.locator(".app-note--conflict")
    expect(note).to_contain_text("110,000,000")
    expect(note).to_contain_text("박참여")
    lead.seen()
    note.get_by_role("button", name="저장된 것을 그대로 두기").click()
    expect(lead.page.locator(f'[data-save="{path}"]')).to_have_value("110,000,000")
    lead.go("money/")
    expect(lead.page.locator(f'[data-save="{path}"]')).to_have_value("110,000,000")


def text_written_without_a_line_arrives(lead: Walker, partner: Walker) -> None:
    """The lead loses the line, writes, closes the window; the partner writes meanwhile. Both texts are there in the end."""
    page = lead.go("overview/")
    lead.saved()
    context = page.context
    context.set_offline(True)
    late = LONG + " 연결이 끊긴 동안 덧붙였습니다."
    lead.write("answer:purpose", late)
    expect(page.locator(".app-save")).to_have_attribute("data-state", "offline")
    path = own_cell(partner)
    partner.write(path, "1억 2000만")
    partner.saved()
    lead.reopen()
    context.set_offline(False)

    lead.go("overview/")
    lead.saved()
    lead.page.reload()
    expect(lead.page.locator('[data-save="answer:purpose"]')).to_have_value(late)
    lead.go("money/")
    expect(lead.page.locator(f'[data-save="{path}"]')).to_have_value("120,000,000")


def over_the_limit_and_fitted(lead: Walker) -> None:
    """Too much national money: said at the cell, and fitted by accepting one cell after the other."""
    page = lead.go("money/")
    cell = page.locator('[data-save*=":company_support:national:cash:1"]').first
    cell.fill("9억")
    cell.press("Tab")
    lead.saved()
    expect(page.locator(".mo-faults li").first).to_be_visible()
    expect(page.locator('[data-column-name="national-cash"]')).to_have_class(re.compile("mo-column--fail"))
    lead.seen()
    for _ in range(6):
        page.get_by_role("link", name="맞추기").click()
        boxes = page.locator("[name=take]")
        if not boxes.count():
            break
        lead.seen()
        for place in range(1, boxes.count()):
            page.locator(f'label[for="{boxes.nth(place).get_attribute("id")}"]').click()
        page.get_by_role("button", name="고른 것을 받아들이기").click()
        page.wait_for_url(re.compile(r"/money/(\?|#|$)"))
    expect(page.locator("h1")).to_contain_text("이미 금액 규칙에 맞습니다")


def hand_in_files(lead: Walker, folder: Path) -> None:
    """Two files are dropped on the page; the large one is interrupted on its way."""
    slides = folder / "9 발표자료.pptx"
    slides.write_bytes(paper.slides("가상 발표자료", ("첫 쪽",)).getvalue())
    plan = written(folder, "2 사업계획서.pdf", padding=12_000_000)
    page = lead.go("documents/")
    page.locator("details:has(#many) summary").click()
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 5, "downloadThroughput": -1, "uploadThroughput": 3 * 1024**2},
    )
    files = [
        {"name": each.name, "type": kind, "content": base64.b64encode(each.read_bytes()).decode()}
        for each, kind in ((plan, "application/pdf"), (slides, ""))
    ]
    page.evaluate(
        """files => {
          const data = new DataTransfer();
          for (const file of files)
            data.items.add(new File([Uint8Array.from(atob(file.content), c => c.charCodeAt(0))], file.name, {type: file.type}));
          for (const name of ["dragenter", "dragover", "drop"])
            document.querySelector("#many .fl-drop").dispatchEvent(
              new DragEvent(name, {dataTransfer: data, bubbles: true, cancelable: true}));
        }""",
        files,
    )
    words = page.locator("#many .fl-item", has_text=plan.name).locator(".fl-item__words")
    expect(words).to_contain_text(re.compile(r"올리는 중 [1-9]\d %"))
    page.context.set_offline(True)
    expect(words).to_contain_text("연결이 끊겼습니다")
    page.context.set_offline(False)
    put = page.get_by_role("button", name=re.compile("고른 서류에 2개 넣기"))
    put.click(timeout=2 * PATIENCE)
    for name in (plan.name, slides.name):
        expect(page.get_by_role("link", name=name).first).to_be_visible(timeout=2 * PATIENCE)


def submit(lead: Walker) -> bytes:
    """The check is green; hand in, and take the receipt as JSON."""
    page = lead.go("submit/")
    expect(page.locator("h1")).to_contain_text("다 갖추었습니다")
    page.get_by_label("확인:").fill("제출")
    page.get_by_role("button", name="제출하기").click()
    page.wait_for_url("**/receipt/")
    expect(page.get_by_role("heading", name="접수되었습니다")).to_be_visible()
    lead.seen()
    with page.expect_download() as download:
        page.locator('main a[href$="receipt.json"]').first.click()
    return Path(download.value.path()).read_bytes()


def told_elsewhere(receipt: bytes, folder: Path) -> None:
    """The receipt holds on another machine without a network, and one changed byte is named."""
    home = folder / "elsewhere"
    home.mkdir()
    (home / "receipt.json").write_bytes(receipt)
    good = verify("receipt.json", str(home))
    assert good.returncode == 0, good.stdout + good.stderr

    changed = receipt.replace("2 사업계획서.pdf".encode(), "3 사업계획서.pdf".encode(), 1)
    assert changed != receipt
    (home / "changed.json").write_bytes(changed)
    bad = verify("changed.json", str(home))
    assert bad.returncode != 0
    assert "다름  목록의 지문이" in bad.stdout + bad.stderr
    assert "맞음  서명이" in bad.stdout + bad.stderr


def test_what_is_left_while_a_save_is_under_way_is_sent_after_it(
    site: Site, browser: Browser, axe: Axe
) -> None:
    opened = open_call(site, "hurry", 521000)
    with walker(browser, site, axe) as lead:
        lead.sign_in(opened["people"]["lead"], opened["password"])
        begin(lead, opened)
        page = lead.go("overview/")
        held: list[Route] = []

        def hold(route: Route) -> None:
            if held:
                route.continue_()
            else:
                held.append(route)

        page.route("**/save/", hold)
        with page.expect_request("**/save/"):
            lead.write("summary", "첫째 글")
        lead.write("title", "둘째 글")
        held[0].continue_()
        lead.saved()
        page.reload()
        expect(page.locator('[data-save="title"]')).to_have_value("둘째 글")
