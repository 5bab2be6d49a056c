"""Make the pictures of docs/guide-evaluator: `python scripts/guide_pictures_evaluator.py`.

Holds a rehearsal on a site of its own and photographs what an expert sees of the call that is open for scoring, on a tablet held upright (820 px)
and, where a phone differs, at 390 px. Everything in the pictures is invented.
"""

import contextlib
import io
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "guide-evaluator" / "images"
COLOURS = 64
PASSWORD = "gongmo-rehearsal"  # noqa: S105 - the rehearsal's accounts share it and say so on the start page
CLI = [sys.executable, "-m", "gongmo.cli.main"]


def main() -> int:
    home = Path(tempfile.mkdtemp(prefix="gongmo-guide-"))
    given = os.environ | {"GONGMO_HOME": str(home), "GONGMO_STATIC_HASHED": "0"}
    TARGET.mkdir(parents=True, exist_ok=True)
    for command in (["manage", "prepare"], ["rehearse"]):
        subprocess.run([*CLI, *command], env=given, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    server = subprocess.Popen(
        [*CLI, "serve", "--port", str(port), "--workers", "1", "--no-prepare"],
        env=given,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
    )
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.1)
        photograph(f"http://127.0.0.1:{port}")
    finally:
        server.terminate()
        server.wait(timeout=30)
        shutil.rmtree(home, ignore_errors=True)
    print(f"{len(list(TARGET.glob('*.png')))} pictures in docs/guide-evaluator/images")
    return 0


def photograph(url: str) -> None:
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        tablet = sign_in(browser, url, "evaluator-b", 820, 1180)
        tablet.goto(f"{url}/desk/")
        tablet.locator("main a[href^='/desk/']").first.click()
        seat = tablet.url
        take(tablet, "01-desk", 1500)
        tablet.locator("a", has_text=re.compile("이어서 평가하기|평가 시작하기")).first.click()
        tablet.locator("[data-desk].is-live").wait_for()
        sheet = tablet.url
        tablet.wait_for_timeout(2500)
        take(tablet, "02-sheet", 1180)
        tablet.keyboard.press("Escape")
        tablet.keyboard.press("?")
        tablet.wait_for_timeout(300)
        take(tablet, "03-keys", 1180)
        tablet.keyboard.press("Escape")
        tablet.goto(f"{sheet}?paper=written")
        tablet.wait_for_timeout(500)
        take(tablet, "04-written", 1180)
        tablet.goto(f"{sheet}lock/")
        take(tablet, "05-lock", 1700)
        tablet.goto(seat)
        tablet.get_by_role("link", name="내 점수 한눈에 보기").last.click()
        take(tablet, "06-scores", 1500)
        tablet.goto(seat)
        tablet.get_by_role("link", name="발표 진행 화면").click()
        take(tablet, "07-day", 1300)
        phone = sign_in(browser, url, "evaluator-b", 390, 844)
        phone.goto(sheet)
        phone.locator('[data-desk-tab="form"]').click()
        phone.wait_for_timeout(500)
        take(phone, "02-sheet-phone", 844)
        browser.close()


def sign_in(browser: Any, url: str, who: str, width: int, height: int) -> Any:
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale="ko-KR", timezone_id="Asia/Seoul"
    )
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(f"{url}/accounts/login/")
    page.fill("input[name=login]", f"{who}@rehearsal.example")
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda address: "login" not in address)
    return page


def take(page: Any, name: str, height: int) -> None:
    """A picture of the page, at most so many px high; few colours make sharp letters in small files."""
    from PIL import Image

    page.wait_for_load_state("networkidle")
    shown = page.viewport_size["width"]
    whole = page.evaluate("document.documentElement.scrollHeight")
    size = {"x": 0, "y": 0, "width": shown, "height": min(height, whole)}
    shot = page.screenshot(full_page=height > page.viewport_size["height"], clip=size)
    Image.open(io.BytesIO(shot)).convert("RGB").quantize(COLOURS).save(TARGET / f"{name}.png", optimize=True)


if __name__ == "__main__":
    raise SystemExit(main())
