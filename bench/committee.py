"""What forming committees and assigning judges cost: `make bench-committee`. Writes docs/benchmarks/committees.md with --write."""

import argparse
import platform
import resource
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.committee_data import SECTORS, pool, problem
from gongmo.rules.assignment import Task, assign
from gongmo.rules.committee_forming import propose
from gongmo.rules.committee_limits import check
from gongmo.rules.committee_reasons import why_left_out

PAGE = Path(__file__).resolve().parent.parent / "docs" / "benchmarks" / "committees.md"


def timed(work: Callable[[], Any]) -> tuple[Any, float, float]:
    """The result, seconds of processor time, seconds on the clock."""
    cpu, wall = time.process_time(), time.perf_counter()
    found = work()
    return found, time.process_time() - cpu, time.perf_counter() - wall


def forming(experts: int, applications: int, panels: int, whole: bool) -> str:
    asked = problem(experts, applications, panels, whole=whole)
    found, cpu, wall = timed(lambda: propose(asked))
    reasons, more, _ = timed(lambda: why_left_out(asked, found.seats))
    kept = (
        "all limits kept"
        if found.feasible and not check(asked, found.seats)
        else f"{len(found.breaks)} misses"
    )
    proven = "proven best" if found.proven else "not proven"
    rule = "a conflict bars from the panel" if whole else "a conflict bars from the application"
    return (
        f"| {experts} experts, {applications} applications, {panels} x 7 members and 2 reserves, {rule} "
        f"| {cpu:.2f} | {wall:.2f} | {kept}, {proven}; {len(reasons)} reasons in {more:.2f} s |"
    )


def assigning(experts: int, applications: int, judges: int) -> str:
    people, fields = pool(experts, applications)
    tasks = [Task(name, (field,)) for name, field in fields.items()]
    least = dict.fromkeys(SECTORS, 1)
    found, cpu, wall = timed(lambda: assign(people, tasks, judges=judges, seed=7, at_least=least))
    knows = {each.id: set(each.knows) for each in people}
    fitting = sum(fields[name] in knows[each] for name, those in found.judges.items() for each in those)
    return (
        f"| {applications} applications, {experts} experts, {judges} judges each, one of each sector "
        f"| {cpu:.2f} | {wall:.2f} | {len(found.short)} misses, at most {found.load} an expert, "
        f"{100 * fitting // (applications * judges)} % know the field |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the page in docs/benchmarks")
    args = parser.parse_args()
    lines = [
        "| task | CPU s | wall s | result |",
        "|---|---:|---:|---|",
        forming(40, 13, 1, False),
        forming(300, 60, 10, False),
        forming(300, 60, 10, True),
        assigning(300, 200, 5),
        assigning(300, 1000, 5),
    ]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    text = "\n".join(lines)
    print(text)
    print(f"most memory {memory} MB")
    if args.write:
        PAGE.write_text(
            "# Committees: what forming and assigning cost\n\n"
            "`make bench-committee` makes these figures again (`--write` in bench/committee.py writes this page). The pool is invented: "
            "sectors 2 : 2 : 1, three of twelve fields each, two or three experts an organisation, conflicts with 3 % of the "
            "applications. One thread.\n\n"
            f"{text}\n\n"
            f"Most memory {memory} MB. Python {platform.python_version()}, {platform.machine()}, on a machine that other work kept "
            "busy: the processor time is what counts.\n\n"
            "Asked were under 5 s for 300 experts, 60 applications and 10 committees, and under 60 s for 1,000 applications x 300 "
            "experts x 5 each.\n",
            "utf-8",
        )


if __name__ == "__main__":
    main()
