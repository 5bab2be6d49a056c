"""`make bench`, second part: every figure that the project has set itself, measured in one run on one machine, each beside its target.

    python -m bench.ratios [--rounds 60] [--seconds 5] [--home folder]

Ratios are of medians, to a bare Django view with one query on the same server; rates are asked for by eight clients (submissions: sixteen) of
the server as it is run (`gongmo serve`, as many web processes as cores), which shares the cores with them. A missed target is marked and makes
no failure: exit code 1 is for answers that are wrong.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.ratios_rates import Raw, page_of, rate, rates, serving
from bench.ratios_told import LINES, told
from bench.surge_stage import _end, free_port, until_open


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.ratios", description=__doc__)
    parser.add_argument("--rounds", type=int, default=60, help="times that each page is asked for its ratio")
    parser.add_argument("--seconds", type=float, default=5.0, help="how long each rate is measured")
    parser.add_argument("--home", default="", help="a folder that is kept for the next run")
    parser.add_argument("--thousand", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.thousand:
        return make_thousand(Path(args.home))
    with tempfile.TemporaryDirectory(prefix="gongmo-ratios-") as made:
        folder = Path(args.home or made) / "home"
        new = not (folder / "gongmo.sqlite3").exists()
        print(
            f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, "
            f"Python {platform.python_version()}, {time.strftime('%Y-%m-%d')}, {args.rounds} rounds, SQLite\n"
        )
        os.environ.update(
            GONGMO_HOME=str(folder), DJANGO_SETTINGS_MODULE="gongmo.web.settings", GONGMO_LOG_LEVEL="ERROR"
        )
        folder.mkdir(parents=True, exist_ok=True)
        if new:
            told("first start: prepare, serve, first page (s)", first_start(folder), 20, " s")
        gongmo = [sys.executable, "-m", "gongmo.cli.main"]
        subprocess.run([*gongmo, "rehearse", "--if-empty"], check=True, stdout=subprocess.DEVNULL)
        import django

        django.setup()
        seeded = seed(folder / "ratios.json")
        thousand = thousand_of(folder.with_name("thousand"))
        wrong = ratios(seeded, args.rounds)
        wrong += rates(seeded, args.seconds)
        wrong += large(thousand, folder.with_name("thousand"), args.seconds)
        missed = sum(line[3] == "MISSED" for line in LINES)
        print(f"\n{len(LINES)} figures, {missed} missed; load {os.getloadavg()[0]:.1f} afterwards")
        for line in wrong:
            print(f"WRONG {line}", file=sys.stderr)
        return 1 if wrong else 0


def first_start(folder: Path) -> float:
    """Seconds from `gongmo serve` in an empty folder to the first page."""
    began = time.perf_counter()
    with serving(folder, workers=1, prepare=True) as (port, _):
        line = Raw(port)
        while line.get("/")[0] != 200:
            time.sleep(0.05)
        return time.perf_counter() - began


# --- What is there ----------------------------------------------------------------------------------------------------
@dataclass(slots=True)
class Seeded:
    """Names and addresses of what was made: bench.data, open score sheets of the rehearsal, drafts of bench.surge_data."""

    bench: dict[str, Any]
    sheets: list[tuple[int, str]]
    seats: list[tuple[int, str]]


def seed(file: Path) -> Seeded:
    if file.exists():
        return Seeded(**json.loads(file.read_text("utf-8")))
    from dataclasses import asdict

    from bench import data, surge_data
    from gongmo.calls import commands as calls
    from gongmo.evaluation.models import ScoreSheet
    from gongmo.evaluation.states import SheetState
    from gongmo.kernel import clock

    bench = asdict(data.kept(file.with_name("bench.json")))
    sheets = [
        (sheet.pk, sheet.seat.evaluator.person.email)
        for sheet in ScoreSheet.objects.filter(state=SheetState.OPEN).select_related(
            "seat__evaluator__person"
        )
    ][:8]
    call, official = surge_data.call_of(clock.now())
    seats = surge_data.drafts(call, 1200, clock.now(), say=lambda line: None)
    from datetime import timedelta

    calls.extend(
        actor=official,
        call_id=call.pk,
        closes_at=(clock.now() + timedelta(days=30)).replace(microsecond=0),
        reason="측정을 위해 연장합니다.",
    )
    surge_data.told_all()
    found = Seeded(bench, sheets, [(each.application, each.cookie) for each in seats])
    file.write_text(json.dumps(asdict(found)), "utf-8")
    return found


def thousand_of(folder: Path) -> dict[str, str]:
    """1,000 ranked applications with 14,000 sealed sheets (bench.replay) in a folder of their own: the call, and its officer's cookie."""
    file = folder / "thousand.json"
    if not file.exists():
        command = [sys.executable, "-m", "bench.ratios", "--thousand", "--home", str(folder)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    found: dict[str, str] = json.loads(file.read_text("utf-8"))
    return found


def make_thousand(folder: Path) -> int:
    """In a process of its own, for a database of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    os.environ.update(
        GONGMO_HOME=str(folder), DJANGO_SETTINGS_MODULE="gongmo.web.settings", GONGMO_LOG_LEVEL="ERROR"
    )
    import django

    django.setup()
    from bench import replay
    from bench.pages import session_cookie
    from gongmo.calls.models import Call
    from gongmo.kernel.actor import Role
    from gongmo.parties.models import Grant
    from gongmo.web.serve import prepare

    prepare()
    slug = replay.made(1000, 7)
    operator = Call.objects.get(slug=slug).operator_id
    officer = Grant.objects.filter(role=Role.AGENCY, organisation=operator).first()
    assert officer is not None
    told = {"slug": slug, "cookie": session_cookie(officer.person.email)}
    (folder / "thousand.json").write_text(json.dumps(told), "utf-8")
    return 0


def large(found: dict[str, str], folder: Path, seconds: float) -> list[str]:
    """The officer's pages over 1,000 applications."""
    wrong: list[str] = []
    print()
    with serving(folder, workers=1) as (port, _):
        for name, path, most in (
            ("list of applications (officer, 60 of 1,000), ms", "/applications/", 8),
            ("ranking of 1,000, ms", f"/evaluation/{found['slug']}/ranking/", 60),
        ):
            measured = rate(1, max(2.0, seconds), page_of(port, path, found["cookie"]))
            wrong += measured.bad
            told(name, statistics.median(measured.times), most, " ms")
    return wrong


# --- Ratios -----------------------------------------------------------------------------------------------------------
READ, SAVE = 4.0, 3.0
LIST, PUBLIC = 1.0, 1.5
STATEMENTS = 8


def ratios(seeded: Seeded, rounds: int) -> list[str]:
    """Each hot page and save against the bare view, and lists of 60 rows against the bare list of 50."""
    from bench import pages
    from bench.data import Draft
    from bench.data import Seeded as BenchSeeded

    pages.ROUNDS = rounds
    parts = {name: Draft(**seeded.bench[name]) for name in ("small", "handed", "large")}
    base = BenchSeeded(seeded.bench["slug"], **parts)
    bare = pages.reading("bare Django-template list of 50 rows", "/__list__/", base.small.email)
    read = [*pages.pages(base), bare]
    # A page of the officer's list holds what the bare list holds, in a layout, for whoever may see it.
    listed = {"my applications", "notices", "calls", "board (officer)", "ranking (officer)"}
    public = {"public call page", "public call page, unchanged"}
    wrong: list[str] = []
    with serving_bench() as port:
        for found in (read, pages.saves(base)):
            if pages.measure(port, found):
                wrong.append("a page answered otherwise than expected")
                continue
            medians = {page.name: statistics.median(page.times) for page in found}
            view = medians[pages.BASE]
            print()
            for page in found:
                if page.name.startswith(("bare", "  …")):
                    continue
                ratio = medians[page.name] / view
                if found is not read:
                    if page.name.startswith("save"):
                        told(f"{page.name}: bare view", ratio, SAVE, "x")
                elif page.name in public:
                    told(f"{page.name}: bare view", ratio, PUBLIC, "x")
                elif page.name in listed:
                    told(
                        f"{page.name}: bare list of 50",
                        medians[page.name] / medians[bare.name],
                        LIST,
                        "x",
                        digits=2,
                    )
                else:
                    told(f"{page.name}: bare view", ratio, READ, "x")
                sent = pages.statements(page)
                if page.name != "submit" and sent.isdecimal() and int(sent) > STATEMENTS:
                    told(f"{page.name}: SQL statements", int(sent), STATEMENTS, "", digits=0)
    return wrong


@contextmanager
def serving_bench() -> Iterator[int]:
    """One granian worker with the bare neighbours."""
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    command += [
        "--workers",
        "1",
        "--blocking-threads",
        "2",
        "--no-access-log",
        "bench.ratios_app:application",
    ]
    server = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        until_open(port)
        yield port
    finally:
        _end(server)


if __name__ == "__main__":
    raise SystemExit(main())
