"""Make the pictures of docs/guide-officer: `make guide-officer`.

Plays the rehearsal on a site of its own, signs in as its officer and photographs the pages of the evaluation at 1280 and 390 px. Everything in
the pictures is invented. GUIDE_SITE names a home in which all of that was played before.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "guide-officer" / "images"
WIDTHS = {1280: 1500, 390: 1500}
"""Widths in px, with the most px of height that a picture shows."""
COLOURS = 64
OFFICER, APPLICANT = "agency-a@rehearsal.example", "gyeongnam-lead@rehearsal.example"
CALL, OPEN = "2025-regional-ai", "open-scoring"
PICTURES = (
    ("01-room", OFFICER, f"/evaluation/{OPEN}/"),
    ("02-spread", OFFICER, f"/evaluation/{OPEN}/spread/desk/"),
    ("03-ranking", OFFICER, f"/evaluation/{CALL}/ranking/"),
    ("04-disclosure", OFFICER, f"/evaluation/{CALL}/disclosure/"),
    ("05-objections", OFFICER, f"/evaluation/{CALL}/objections/"),
    ("06-result", APPLICANT, "/applications/{first}/result/"),
)

OBJECTS = """
from datetime import datetime
from gongmo.applications.models import Application
from gongmo.evaluation.commands import object_to_result
from gongmo.kernel import clock
from gongmo.parties.models import Person
from gongmo.parties.queries import actors_of

with clock.at(datetime(2025, 9, 29, 11, 20, tzinfo=clock.SEOUL)):
    object_to_result(
        actor=actors_of(Person.objects.get(email="busan-lead@rehearsal.example"))[0],
        application_id=Application.objects.get(call__slug="2025-regional-ai", title__startswith="부산").pk,
        reason="대면평가에서 설명한 지역 기업의 활용 계획이 평가에 들어갔는지 확인해 주세요. 발표자료 12쪽에 있습니다.",
    )
"""
"""An applicant objects within the period: the rehearsal has nobody who does."""


def main() -> int:
    given = os.environ.get("GUIDE_SITE", "")
    home = Path(given or tempfile.mkdtemp(prefix="gongmo-guide-"))
    environment = {**os.environ, "GONGMO_HOME": str(home), "GONGMO_STATIC_HASHED": "0"}
    command = [sys.executable, "-m", "gongmo.cli.main"]
    if not given:
        subprocess.run([*command, "manage", "prepare"], check=True, cwd=ROOT, env=environment)
        subprocess.run([*command, "rehearse"], check=True, cwd=ROOT, env=environment)
        subprocess.run(
            [*command, "manage", "shell", "-v0", "-c", OBJECTS], check=True, cwd=ROOT, env=environment
        )
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    server = subprocess.Popen(
        [*command, "serve", "--port", str(port), "--workers", "1", "--no-prepare"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        env=environment,
    )
    try:
        _wait(port)
        _photograph(f"http://127.0.0.1:{port}", _first(home))
    finally:
        server.terminate()
        server.wait()
        if not given:
            shutil.rmtree(home, ignore_errors=True)
    return 0


def _wait(port: int) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=10).close()
        except OSError:
            time.sleep(1)
        else:
            return
    raise SystemExit("the server did not start")


def _first(home: Path) -> str:
    """What stands for the rehearsal's first application in addresses."""
    from gongmo.kernel.numbers import Kind, Numbers

    return Numbers((home / "secret-key").read_text("ascii").strip()).token(1, Kind.APPLICATION)


def _photograph(base: str, first: str) -> None:
    from PIL import Image
    from playwright.sync_api import sync_playwright

    TARGET.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox"]
        )
        for who in (OFFICER, APPLICANT):
            page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
            page.set_default_timeout(60_000)
            page.goto(base)
            page.locator(f'form:has(input[name=login][value="{who}"]) button').first.click()
            page.wait_for_load_state()
            for name, of, path in PICTURES:
                if of != who:
                    continue
                for width, most in WIDTHS.items():
                    page.set_viewport_size({"width": width, "height": 900})
                    page.goto(base + path.format(first=first))
                    picture = Image.open(BytesIO(page.screenshot(full_page=True)))
                    picture = picture.crop((0, 0, picture.width, min(picture.height, most)))
                    file = TARGET / f"{name}{'' if width == 1280 else '-phone'}.png"
                    picture.convert("RGB").quantize(COLOURS).save(file, optimize=True)
        browser.close()


if __name__ == "__main__":
    raise SystemExit(main())
