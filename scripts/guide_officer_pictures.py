"""Make the pictures of docs/guide-officer: `make guide-officer`.

Plays the rehearsal on a site of its own, signs in as its officer and photographs the pages of the evaluation at 1280 and 390 px. Everything in
the pictures is invented. GUIDE_SITE names a home in which all of that was played before.
"""

import os
import subprocess

from picture_site import COMMAND, ROOT, browser, environment, first, home, reduced, served, sign_in

TARGET = ROOT / "docs" / "guide-officer" / "images"
WIDTHS = {1280: 1500, 390: 1500}
"""Widths in px, with the most px of height that a picture shows."""
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
    with home(given) as (folder, fresh):
        if fresh:
            subprocess.run(
                [*COMMAND, "manage", "shell", "-v0", "-c", OBJECTS],
                check=True,
                cwd=ROOT,
                env=environment(folder),
            )
        with served(folder) as base:
            _photograph(base, first(folder))
    return 0


def _photograph(base: str, token: str) -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    with browser() as chromium:
        for who in (OFFICER, APPLICANT):
            page = sign_in(chromium, base, who)
            for name, of, path in PICTURES:
                if of != who:
                    continue
                for width, most in WIDTHS.items():
                    page.set_viewport_size({"width": width, "height": 900})
                    page.goto(base + path.format(first=token))
                    reduced(
                        page.screenshot(full_page=True),
                        TARGET / f"{name}{'' if width == 1280 else '-phone'}.png",
                        most,
                    )


if __name__ == "__main__":
    raise SystemExit(main())
