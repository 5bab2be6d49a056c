"""What scripts that make pictures share: a rehearsed site of their own, served, a browser in which somebody is signed in, small files."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
COMMAND = [sys.executable, "-m", "gongmo.cli.main"]
COLOURS = 64


def environment(folder: Path) -> dict[str, str]:
    """The environment of commands over that home."""
    return {**os.environ, "GONGMO_HOME": str(folder), "GONGMO_STATIC_HASHED": "0"}


@contextmanager
def home(given: str = "") -> Iterator[tuple[Path, bool]]:
    """A home in which the rehearsal was played, and whether it is a new one: that goes again afterwards."""
    if given:
        yield Path(given), False
        return
    folder = Path(tempfile.mkdtemp(prefix="gongmo-pictures-"))
    try:
        for words in (["manage", "prepare"], ["rehearse"]):
            subprocess.run([*COMMAND, *words], check=True, cwd=ROOT, env=environment(folder))
        yield folder, True
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address under which that home is served meanwhile."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    server = subprocess.Popen(
        [*COMMAND, "serve", "--port", str(port), "--workers", "1", "--no-prepare"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        env=environment(folder),
    )
    try:
        _wait(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


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


def first(folder: Path) -> str:
    """What stands for the rehearsal's first application in addresses."""
    from gongmo.kernel.numbers import Kind, Numbers

    return Numbers((folder / "secret-key").read_text("ascii").strip()).token(1, Kind.APPLICATION)


@contextmanager
def browser() -> Iterator[Any]:
    """Chromium: CHROMIUM names it, else the first that is installed."""
    from playwright.sync_api import sync_playwright

    names = (os.environ.get("CHROMIUM", ""), "chromium", "chromium-headless-shell", "google-chrome")
    found = next((path for name in names if name and (path := shutil.which(name))), None)
    if found is None:
        raise SystemExit("no browser: name one in CHROMIUM")
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield chromium
        chromium.close()


def sign_in(chromium: Any, base: str, who: str) -> Any:
    """A page of 1280 px in which `who` is signed in by the start page's button."""
    page = chromium.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.set_default_timeout(60_000)
    page.goto(base)
    page.locator(f'form:has(input[name=login][value="{who}"]) button').first.click()
    page.wait_for_load_state()
    return page


def reduced(png: bytes, file: Path, most: int, top: int = 0) -> None:
    """Write a screenshot from `top` on, at most so many px of it, in few colours."""
    from PIL import Image

    picture = Image.open(BytesIO(png))
    picture = picture.crop((0, top, picture.width, min(picture.height, top + most)))
    picture.convert("RGB").quantize(COLOURS).save(file, optimize=True)
