"""Make the pictures of README.md (docs/images): `make images`.

Plays the rehearsal on a site of its own and photographs four pages at 1280 px. Everything in them is invented. GUIDE_SITE names a home in which
it was played before.
"""

import os

from picture_site import ROOT, browser, first, home, reduced, served, sign_in

TARGET = ROOT / "docs" / "images"
OFFICER = "agency-a@rehearsal.example"
CALL = "2025-regional-ai"
PICTURES = (
    # Name, who looks (nobody: ""), address, what stands at the top ("" the page's own), px of height.
    ("ranking", OFFICER, f"/evaluation/{CALL}/ranking/", "main h1", 1000),
    ("application", OFFICER, "/applications/{first}/", "#money", 1100),
    ("board", OFFICER, f"/board/{CALL}/", "", 1000),
    ("call", "", f"/calls/{CALL}/", "", 1000),
)
ABOVE = 56
"""Px left above what stands at the top."""


def main() -> int:
    with (
        home(os.environ.get("GUIDE_SITE", "")) as (folder, _),
        served(folder) as base,
        browser() as chromium,
    ):
        TARGET.mkdir(parents=True, exist_ok=True)
        for name, who, path, top, most in PICTURES:
            page = sign_in(chromium, base, who) if who else chromium.new_context().new_page()
            page.set_viewport_size({"width": 1280, "height": 900})
            answer = page.goto(base + path.format(first=first(folder)), timeout=60_000)
            if not answer.ok:
                raise SystemExit(f"{path}: {answer.status}")
            box = page.locator(top).first.bounding_box() if top else None
            reduced(
                page.screenshot(full_page=True),
                TARGET / f"{name}.png",
                most,
                max(0, round(box["y"]) - ABOVE) if box else 0,
            )
            page.context.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
