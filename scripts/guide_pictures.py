"""Make the pictures of docs/guide-applicant: `make guide`.

Opens a call on a site of its own, fills an application in as three organisations would, and photographs each step at 1280 and
390 px. Everything in the pictures is invented.
"""

import contextlib
import io
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "guide-applicant" / "images"
WIDTHS = {1280: 1500, 390: 1500}
"""Widths in px, with the most px of height that a picture shows."""
COLOURS = 64
sys.path.insert(0, str(ROOT))


def main() -> int:
    home = Path(tempfile.mkdtemp(prefix="gongmo-guide-"))
    os.environ.update(
        GONGMO_HOME=str(home),
        DJANGO_SETTINGS_MODULE="gongmo.web.settings",
        GONGMO_STATIC_HASHED="0",
        # The browser driver runs a loop in this thread; the database is asked between its steps only.
        DJANGO_ALLOW_ASYNC_UNSAFE="true",
    )
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    from tests.browser import opening

    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        opening.main("2025-regional-ai", "guide", "600000", "")
    call = json.loads(told.getvalue())
    TARGET.mkdir(parents=True, exist_ok=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "gongmo.cli.main", "serve", "--port", str(port), "--workers", "1"]
    server = subprocess.Popen(
        [*command, "--no-prepare"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT
    )
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.1)
        photograph(f"http://127.0.0.1:{port}", call)
    finally:
        server.terminate()
        server.wait(timeout=30)
        shutil.rmtree(home, ignore_errors=True)
    print(f"{len(list(TARGET.glob('*.png')))} pictures in docs/guide-applicant/images")
    return 0


class Camera:
    """Photographs a page of one person at both widths."""

    def __init__(self, browser: Any, url: str, password: str) -> None:
        self.browser, self.url, self.password = browser, url, password
        self.contexts: dict[tuple[str, int], Any] = {}

    def page(self, email: str, width: int) -> Any:
        """The person's page at a width, signed in ("" for a visitor)."""
        key = (email, width)
        if key not in self.contexts:
            context = self.browser.new_context(
                viewport={"width": width, "height": 900},
                locale="ko-KR",
                timezone_id="Asia/Seoul",
                device_scale_factor=1,
            )
            page = context.new_page()
            page.set_default_timeout(60_000)
            if email:
                page.goto(f"{self.url}/accounts/login/")
                page.fill("input[name=login]", email)
                page.fill("input[name=password]", self.password)
                page.press("input[name=password]", "Enter")
                page.wait_for_url(lambda address: "login" not in address)
            self.contexts[key] = page
        return self.contexts[key]

    def take(self, name: str, email: str, path: str, *, at: str = "", before: Any = None) -> None:
        """Pictures `<name>.png` and `<name>-phone.png` of a path; `at` scrolls to an element first, `before(page)` prepares it."""
        for width, height in WIDTHS.items():
            page = self.page(email, width)
            page.goto(self.url + path)
            page.wait_for_load_state("networkidle")
            if before is not None:
                before(page)
            top = 0.0
            if at:
                box = page.locator(at).first.bounding_box()
                top = max(0.0, (box["y"] if box else 0) + page.evaluate("scrollY") - 16)
            whole = page.evaluate("document.documentElement.scrollHeight")
            shot = page.screenshot(
                full_page=True,
                clip={"x": 0, "y": top, "width": width, "height": min(height, whole - top)},
            )
            save(shot, TARGET / (f"{name}.png" if width > 500 else f"{name}-phone.png"))


def save(shot: bytes, path: Path) -> None:
    """Keep a picture with few colours: sharp letters, small files."""
    from PIL import Image

    Image.open(io.BytesIO(shot)).convert("RGB").quantize(COLOURS).save(path, optimize=True)


def photograph(url: str, call: dict[str, Any]) -> None:
    from playwright.sync_api import sync_playwright

    from gongmo.kernel import numbers

    people = call["people"]
    lead, partner = people["lead"], people["partner"]
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox"] if os.geteuid() == 0 else []
        )
        camera = Camera(browser, url, call["password"])
        camera.take("01-calls", "", "/calls/")
        camera.take("02-call", "", f"/calls/{call['slug']}/")
        camera.take("03-start", lead, f"/calls/{call['slug']}/apply/")
        application = fill_in.begin(people)
        base = f"/applications/{numbers.token(application, numbers.Kind.APPLICATION)}/"
        camera.take("04-overview", lead, base + "overview/")
        fill_in.write(people, application)
        camera.take("05-overview-written", lead, base + "overview/", at="[data-save-state]")
        camera.take("06-consortium", lead, base + "members/")
        fill_in.invite(people, application)
        camera.take("07-invitation", partner, base)
        camera.take("08-owing", lead, base + "members/")
        fill_in.join(people, application)
        fill_in.money(people, application, good=False)
        camera.take("09-money", lead, base + "money/")
        camera.take("10-fit", lead, base + "money/fit/")
        fill_in.money(people, application, good=True)
        camera.take("11-self-check", partner, base + "statements/")
        fill_in.speak(people, application)
        camera.take("12-documents", lead, base + "documents/")
        camera.take("13-sign", partner, base + "sign/")
        camera.take("14-check", lead, base + "submit/")
        fill_in.hand_in(people, application)
        camera.take("15-front", lead, base)
        camera.take("16-ready", lead, base + "submit/")
        fill_in.submit(people, application)
        camera.take("17-receipt", lead, base + "receipt/")
        camera.take("18-verify", "", "/record/verify/")
        camera.take("19-history", lead, base + "versions/")
        camera.take("20-notices", lead, "/notices/")
        browser.close()


class FillIn:
    """What the three organisations do between the pictures, through the same commands as the pages."""

    def actor(self, email: str) -> Any:
        from gongmo.parties.models import Person
        from gongmo.parties.queries import capacities

        person = Person.objects.get(email=email)
        return next(iter(capacities(person, address="").values()))

    def example(self) -> Any:
        from gongmo.definition.loader import load_application

        return load_application(ROOT / "calls" / "2025-regional-ai" / "examples" / "gyeongnam.yaml")

    def begin(self, people: dict[str, str]) -> int:
        from gongmo.applications import commands
        from gongmo.calls.models import Call

        made = commands.start(
            actor=self.actor(people["lead"]),
            call_id=Call.objects.get(slug="guide").pk,
            title="경남 제조 AI 대전환",
            region="KR-48",
        )
        return made.pk

    def save(self, email: str, application: int, values: dict[str, Any]) -> None:
        from gongmo.applications import commands
        from gongmo.applications.commands.autosave import FieldInput

        outcome = commands.save_fields(
            actor=self.actor(email),
            application_id=application,
            changes=[FieldInput(path, value, 0) for path, value in values.items()],
        )
        wrong = [result for result in outcome.results if result.state.value != "saved"]
        if wrong:
            raise SystemExit(f"not saved: {wrong}")

    def write(self, people: dict[str, str], application: int) -> None:
        from gongmo.applications import commands

        example = self.example()
        self.save(
            people["lead"],
            application,
            {
                "fields": list(example.fields),
                "summary": "경남의 제조 중소기업 60곳이 AI를 스스로 고르고 쓰게 합니다.",
                **{f"answer:{place}": text for place, text in example.answers.items()},
            },
        )
        lines = commands.add_kpi(
            actor=self.actor(people["lead"]), application_id=application, count=len(example.kpis)
        )
        for line, kpi in zip(lines, example.kpis, strict=True):
            values = {"name": kpi.name, "unit": kpi.unit, "baseline": kpi.baseline, "target": kpi.target}
            self.save(
                people["lead"],
                application,
                {f"kpi:{line.pk}:{column}": value for column, value in values.items()},
            )

    def invite(self, people: dict[str, str], application: int) -> None:
        from gongmo.applications import commands

        for role, place in (("government", "local_government"), ("partner", "partner")):
            commands.invite(
                actor=self.actor(people["lead"]),
                application_id=application,
                organisation_id=self.actor(people[role]).organisation,
                role=place,
            )

    def members(self, application: int) -> dict[int, int]:
        from gongmo.applications.models import Member

        return dict(Member.objects.filter(application=application).values_list("organisation_id", "pk"))

    def join(self, people: dict[str, str], application: int) -> None:
        from gongmo.applications import commands

        members = self.members(application)
        for role in ("government", "partner"):
            actor = self.actor(people[role])
            commands.answer_invitation(actor=actor, member_id=members[actor.organisation], accept=True)

    def money(self, people: dict[str, str], application: int, *, good: bool) -> None:
        from gongmo.applications import commands
        from gongmo.applications.values import CellInput

        lead = self.actor(people["lead"])
        # 60 / 20 / 20 with a little room, or with national money above its limit.
        national, local = (59, 21) if good else (62, 19)
        unit = 70_000_000
        cells = [
            CellInput(lead.organisation, year, field, "operations", source, form, share * unit)
            for year in (2025, 2026)
            for field in ("solution", "people")
            for source, form, share in (
                ("national", "cash", national),
                ("local", "cash", local),
                ("private", "cash", 12),
                ("private", "in_kind", 8 if good else 7),
            )
        ]
        commands.set_cells(actor=lead, application_id=application, cells=cells, replace=True)

    def speak(self, people: dict[str, str], application: int) -> None:
        from gongmo.applications import commands
        from gongmo.applications.models import Application
        from gongmo.applications.values import CONSENTS
        from gongmo.calls.queries import definition_of
        from gongmo.definition.application import Truth

        definition = definition_of(Application.objects.get(pk=application).call)
        members = self.members(application)
        for role in ("lead", "government", "partner"):
            actor = self.actor(people[role])
            for fact in definition.facts:
                commands.declare(
                    actor=actor, member_id=members[actor.organisation], fact=fact.id, value=Truth.NO
                )
            for kind in CONSENTS:
                if kind.required:
                    commands.consent(
                        actor=actor, member_id=members[actor.organisation], kind=kind.id, given=True
                    )

    def hand_in(self, people: dict[str, str], application: int) -> None:
        from gongmo.applications import commands
        from gongmo.applications.commands.documents import paperwork_of
        from gongmo.applications.commands.signatures import Hand, Wanted
        from gongmo.applications.models import Application
        from gongmo.applications.queries.documents import rows_of, to_sign
        from gongmo.rehearsal import paper

        lead = self.actor(people["lead"])
        commands.attach(
            actor=lead,
            application_id=application,
            kind="project_plan",
            name="사업계획서.pdf",
            stream=paper.pdf("사업계획서", ("가상의 계획입니다.",)),
        )
        commands.attach(
            actor=lead,
            application_id=application,
            kind="presentation_slides",
            name="발표자료.pptx",
            stream=paper.slides("발표자료", ("가상의 발표입니다.",)),
        )
        for role in ("partner", "government", "lead"):
            actor = self.actor(people[role])
            found = Application.objects.select_related("call__version").get(pk=application)
            work = paperwork_of(found)
            member = found.members.get(organisation=actor.organisation)
            wanted = [
                Wanted(*row.slot.key, work.sha256(row.slot)) for row in to_sign(work, member, rows_of(work))
            ]
            commands.sign(
                actor=actor,
                application_id=application,
                papers=wanted,
                hand=Hand(name=actor.name, title="기관장"),
                agreed=True,
            )

    def submit(self, people: dict[str, str], application: int) -> None:
        from gongmo.applications import commands
        from gongmo.tasks import run_waiting

        commands.submit(actor=self.actor(people["lead"]), application_id=application)
        run_waiting()


fill_in = FillIn()

if __name__ == "__main__":
    raise SystemExit(main())
