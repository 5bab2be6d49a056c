"""Similar projects at scale: how long an import and a search take, and which reworded copies are found. `make bench-similar`.

    .venv/bin/python -m bench.similar [--projects 200000] [--asked 150] [--index file] [--json FILE]

Makes an invented corpus (bench/corpus.py), writes it as a CSV with the heads of the national list, brings it in through the commands
that the site uses (SQLite, in a folder that is removed), and searches for reworded copies of projects drawn at random. Prints wall
and CPU time; the CPU time is what another load on the machine does not change.
"""

import argparse
import csv
import json
import os
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.corpus import KINDS, Maker, Summary

SEED = 20251130
HEADS = (
    "과제고유번호",
    "과제명",
    "과제수행기관명",
    "부처명",
    "사업명",
    "기준연도",
    "총연구비_합계(원)",
    "요약문_연구목표",
    "요약문_연구내용",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else "")
    parser.add_argument("--projects", type=int, default=200_000)
    parser.add_argument("--asked", type=int, default=150, help="reworded copies of each kind")
    parser.add_argument("--index", choices=("file", "table"), default="file")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="gongmo-bench-similar-"))
    os.environ |= {
        "GONGMO_HOME": str(home),
        "GONGMO_SIMILAR_INDEX": args.index,
        "DJANGO_SETTINGS_MODULE": "gongmo.web.settings",
    }
    try:
        told = measure(args, home)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    show(told)
    if args.json:
        args.json.write_text(json.dumps(told, ensure_ascii=False, indent=1), "utf-8")


def timed(act: Callable[[], Any]) -> tuple[Any, float, float]:
    """What it returns, wall seconds, CPU seconds."""
    wall, cpu = time.perf_counter(), time.process_time()
    done = act()
    return done, time.perf_counter() - wall, time.process_time() - cpu


def measure(args: argparse.Namespace, home: Path) -> dict[str, Any]:
    import django

    django.setup()
    from django.core.management import call_command

    from gongmo.kernel.actor import system
    from gongmo.similarity import commands
    from gongmo.similarity.models import CorpusImport, EarlierProject

    call_command("migrate", verbosity=0, skip_checks=True)
    maker = Maker(SEED)
    rnd = random.Random(SEED + 1)
    picks = set(rnd.sample(range(args.projects), min(args.asked, args.projects)))
    drawn: dict[int, Summary] = {}
    file, letters = home / "list.csv", 0
    with file.open("w", encoding="utf-8-sig", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(HEADS)
        for number in range(args.projects):
            one = maker.summary(number)
            letters += len(one.text)
            if number in picks:
                drawn[number] = one
            row = (
                one.number,
                one.title,
                "가상 기관",
                "가상 부처",
                "가상 사업",
                2010 + number % 15,
                100_000_000,
                " ".join(one.goals),
                " ".join(one.content),
            )
            writer.writerow(row)
    told: dict[str, Any] = {
        "projects": args.projects,
        "letters": round(letters / args.projects),
        "index": args.index,
        "bytes": file.stat().st_size,
    }

    def bring_in() -> None:
        with file.open("rb") as stream:
            made = commands.begin_import(
                actor=system("bench"), name="bench", file_name="list.csv", stream=stream
            )
        CorpusImport.objects.filter(pk=made.pk).update(state="waiting")
        commands.bring_in(import_id=made.pk)

    _, told["import_wall"], told["import_cpu"] = timed(bring_in)
    assert EarlierProject.objects.count() == args.projects
    folder = home / "similarity"
    told["index_bytes"] = sum(each.stat().st_size for each in folder.iterdir()) if folder.is_dir() else None
    told["kinds"] = {kind: ask(kind, drawn, maker) for kind in KINDS}
    return told


def ask(kind: str, drawn: dict[int, Summary], maker: Maker) -> dict[str, Any]:
    """Search for a copy of each drawn project; how often it is the first, among the first ten, and what the search cost."""
    from gongmo.rules.similarity.words import clean
    from gongmo.similarity.searching import search

    rnd = random.Random(SEED + 2)
    first = ten = 0
    wall: list[float] = []
    cpu: list[float] = []
    own: list[float] = []
    other: list[float] = []
    letters = 0
    for one in drawn.values():
        text = clean(KINDS[kind](one, rnd, maker))
        letters += len(text)
        found, seconds, worked = timed(lambda text=text: search(text))  # type: ignore[misc]
        wall.append(seconds * 1000)
        cpu.append(worked * 1000)
        numbers = [each.project.number for each in found]
        first += numbers[:1] == [one.number]
        ten += one.number in numbers[:10]
        own.append(next((each.told.score for each in found if each.project.number == one.number), 0.0))
        other.append(
            max((each.told.score for each in found if each.project.number != one.number), default=0.0)
        )
    many = len(drawn)
    return {
        "letters": letters // many,
        "first": first / many,
        "ten": ten / many,
        "wall": statistics.median(wall),
        "cpu": statistics.median(cpu),
        "cpu_95": statistics.quantiles(cpu, n=20)[18],
        "score": statistics.median(own),
        "found_25": sum(each >= 0.25 for each in own) / many,
        "other": statistics.median(other),
        "other_25": sum(each >= 0.25 for each in other) / many,
    }


def show(told: dict[str, Any]) -> None:
    print(
        f"{told['projects']:,} projects of {told['letters']} letters, index: {told['index']}, list {told['bytes'] / 1e6:,.0f} MB"
    )
    print(f"import: {told['import_wall']:.0f} s ({told['import_cpu']:.0f} s CPU)")
    if told["index_bytes"]:
        print(f"index: {told['index_bytes'] / 1e6:,.0f} MB")
    print(
        "\n| copy | letters asked | first | among ten | likeness | judged (>= 25 %) | best other >= 25 % | ms | ms CPU | 95 % CPU |"
    )
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
    for kind, each in told["kinds"].items():
        print(
            f"| {kind} | {each['letters']:,} | {each['first']:.3f} | {each['ten']:.3f} | {100 * each['score']:.0f} % | {each['found_25']:.3f} "
            f"| {each['other_25']:.3f} | {each['wall']:.1f} | {each['cpu']:.1f} | {each['cpu_95']:.1f} |"
        )


if __name__ == "__main__":
    main()
