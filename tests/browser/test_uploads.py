"""Files are handed in and looked at in a real browser: through lost networks and closed tabs, with the keyboard, without scripts."""

import hashlib
import os
import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, expect

from gongmo.kernel.numbers import SHAPE
from gongmo.rehearsal import paper
from tests.browser.conftest import Site

Axe = Callable[[Page], list[str]]
WRITER = "sme-a@rehearsal.example"


def documents(site: Site, page: Page) -> str:
    """Sign the writer in and open the documents of the draft. Returns the page's address."""
    page.goto(f"{site.url}/")
    page.locator("tr", has_text=WRITER).get_by_role("button").click()
    page.goto(f"{site.url}/applications/")
    draft = re.search(f'href="/applications/({SHAPE})/', page.locator("main").inner_html())
    assert draft is not None
    page.goto(f"{site.url}/applications/{draft[1]}/documents/")
    return page.url


def open_panel(page: Page) -> None:
    page.locator("details:has(#many) summary").click()


def written(folder: Path, name: str, *, padding: int = 0) -> Path:
    """A PDF that programs can read, as large as asked for."""
    content = paper.pdf("가상 서류", ("대표자 900101-1234568",)).getvalue()
    noise = b"%" + os.urandom(padding // 2).hex().encode() + b"\n"
    start = content.rindex(b"startxref")
    path = folder / name
    path.write_bytes(content[:start] + noise + content[start:])
    return path


def test_the_browser_counts_the_same_hash_as_the_server(site: Site, page: Page) -> None:
    page.goto(f"{site.url}/no-such-page/")
    page.add_script_tag(url="/static/files/sha256.js")
    for length in (0, 1, 55, 56, 63, 64, 65, 119, 128, 1000, 100_003):
        counted = page.evaluate(
            """length => {
                const bytes = Uint8Array.from({ length }, (_, place) => (place * 7 + 3) & 255);
                const hash = new GongmoSha256();
                for (let at = 0; at < length; at += 77) hash.update(bytes.subarray(at, at + 77));
                return hash.hex();
            }""",
            length,
        )
        expected = hashlib.sha256(bytes((place * 7 + 3) & 255 for place in range(length))).hexdigest()
        assert counted == expected, length


def test_an_upload_survives_a_lost_network_and_a_closed_tab(
    site: Site, context: BrowserContext, tmp_path: Path
) -> None:
    page = context.new_page()
    address = documents(site, page)
    open_panel(page)
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    slow = {"offline": False, "latency": 5, "downloadThroughput": -1, "uploadThroughput": 3 * 1024**2}
    line.send("Network.emulateNetworkConditions", slow)
    name = f"사업자등록증명-{os.urandom(3).hex()}.pdf"
    file = written(tmp_path, name, padding=12_000_000)
    words = page.locator("#many .fl-item__words")

    page.locator("#many input[type=file]").set_input_files(file)
    expect(words).to_contain_text(re.compile(r"올리는 중 [1-9]\d %"))
    context.set_offline(True)
    expect(words).to_contain_text("연결이 끊겼습니다")
    context.set_offline(False)
    expect(words).to_contain_text("올리는 중")
    page.get_by_role("button", name="잠시 멈춤").click()
    expect(words).to_contain_text("멈춤")
    page.close(run_before_unload=False)

    page = context.new_page()
    page.goto(address)
    open_panel(page)
    expect(page.locator("#many .fl-unfinished")).to_contain_text(name)
    offsets: list[str] = []
    page.on(
        "request",
        lambda request: (
            offsets.append(request.headers["upload-offset"]) if request.method == "PATCH" else None
        ),
    )
    page.locator("#many input[type=file]").set_input_files(file)
    page.get_by_role("button", name=re.compile("고른 서류에 1개 넣기")).click()

    expect(page.get_by_role("link", name=name).first).to_be_visible()
    assert int(offsets[0]) > 0
    answer = context.request.get(
        site.url + str(page.get_by_role("link", name=name).first.get_attribute("href")).split("?")[0]
    )
    assert hashlib.sha256(answer.body()).digest() == hashlib.sha256(file.read_bytes()).digest()


def test_what_cannot_be_taken_is_told_and_the_page_stays_usable(
    site: Site, page: Page, axe: Axe, tmp_path: Path
) -> None:
    documents(site, page)
    open_panel(page)
    (tmp_path / "가짜.pdf").write_bytes(b"MZ\x90\0" + b"\0" * 300)
    (tmp_path / "빈.pdf").write_bytes(b"")

    page.locator("#many input[type=file]").set_input_files([tmp_path / "가짜.pdf", tmp_path / "빈.pdf"])

    told = page.locator("#many .fl-list")
    expect(told).to_contain_text("형식은 받지 않습니다")
    expect(told).to_contain_text("빈 파일입니다")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.get_by_role("button", name="빼기: 가짜.pdf").press("Enter")
    expect(told).not_to_contain_text("가짜.pdf")


def test_a_document_is_read_in_the_page_with_the_keyboard(
    site: Site, page: Page, axe: Axe, tmp_path: Path
) -> None:
    documents(site, page)
    open_panel(page)
    page.locator("#many input[type=file]").set_input_files(written(tmp_path, "중소기업확인서.pdf"))
    with page.expect_navigation():
        page.get_by_role("button", name=re.compile("고른 서류에 1개 넣기")).click()
    link = page.get_by_role("link", name="중소기업확인서.pdf").first
    expect(link).to_be_visible()
    page.goto(site.url + str(link.get_attribute("href")).split("?")[0] + "?show=page")

    expect(page.locator(".fl-view__page canvas").first).to_be_visible()
    expect(page.locator(".textLayer").first).to_contain_text("900101-1234568")
    page.get_by_label("문서에서 찾기").fill("가상 서류")
    page.keyboard.press("Enter")
    expect(page.locator(".fl-view__said")).to_have_text("1쪽에 있습니다")
    page.get_by_role("region", name="중소기업확인서.pdf").press("+")
    expect(page.locator(".fl-view__page canvas").first).to_be_visible()
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_without_scripts_a_plain_form_hands_a_file_in(site: Site, browser: Browser, tmp_path: Path) -> None:
    context = browser.new_context(java_script_enabled=False, locale="ko-KR")
    try:
        page = context.new_page()
        documents(site, page)
        row = page.locator("form:has(input[type=file]):not(:has(input[multiple]))").last
        row.locator("input[type=file]").set_input_files(written(tmp_path, "맨손으로.pdf"))
        row.locator("button").click()

        expect(page.get_by_role("link", name="맨손으로.pdf")).to_be_visible()
    finally:
        context.close()
