"""One database's run of `make surge`: prepare, play, compare, report. Started by bench.surge in a process of its own."""

import json
import os
import platform
import resource
import signal
import sys
import time
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bench.deadline import percentile
from bench.surge_stage import Stage, environment, free_port, proxy, started, until_open

ORDER = ("submit", "page for submitting", "receipt", "save", "attach a document", "read", "public page")


def main(kind: str, options: dict[str, int]) -> int:
    """Exit code 0 when every promise held."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with environment(kind) as (stage, ends):
        cores = os.cpu_count() or 1
        web = options["web"] or (3 if kind == "postgres" else cores)
        first = options["port"] or free_port()
        behind = (options["port"] + 1) if options["port"] else free_port()
        if kind != "postgres" or not proxy(stage, ends, first, behind):
            behind = first
        stage.port = first
        import django

        django.setup()
        from bench import surge_data
        from gongmo.kernel import clock
        from gongmo.web.serve import prepare
        from tests.builders import pdf

        prepare()
        print(
            f"\n== {kind}: {options['applications']:,} drafts, {options['submissions']:,} of them submitted, "
            f"{web} web processes\n{platform.machine()}, {cores} cores, load {os.getloadavg()[0]:.1f} before the run, "
            f"Python {platform.python_version()}, {time.strftime('%Y-%m-%d')}",
            flush=True,
        )
        began = time.perf_counter()
        call, official = surge_data.call_of(clock.now())
        seats = surge_data.drafts(call, options["applications"], clock.now(), say=lambda line: None)
        _settled()
        print(f"drafts made in {time.perf_counter() - began:.0f} s", flush=True)
        _serve(stage, ends, behind, web, options)
        plan = stage.folder / "plan.json"
        document = plan.with_name("plan.pdf")
        document.write_bytes(pdf("plan of 000000000").getvalue())
        plan.write_text(
            json.dumps(
                {
                    "port": stage.port,
                    "page": f"/calls/{call.slug}/",
                    "document": surge_data.DOCUMENT,
                    "pdf": str(document),
                    "handing_in": [
                        (each.application, each.cookie) for each in seats[: options["submissions"]]
                    ],
                    "writing": [(each.application, each.cookie) for each in seats[options["submissions"] :]],
                    **{name: options[name] for name in ("submitters", "editors", "storm")},
                }
            ),
            "utf-8",
        )
        before, others = stage.spent(), _of_children()
        closes = _play(stage, ends, plan, call.pk, official, options)
        spent = {name: used - before.get(name, 0.0) for name, used in stage.spent().items()}
        spent["clients"] = _of_children() - others
        memory = stage.memory()
        work = json.loads(plan.with_suffix(".work").read_text("utf-8"))
        storm = json.loads(plan.with_suffix(".storm").read_text("utf-8"))
        print(", ".join(stage.words))
        for line in _figures(work, storm):
            print(line)
        played = work["ended"] - work["began"]
        print("processor seconds: " + ", ".join(f"{name} {used:.0f}" for name, used in spent.items()), end="")
        print(f" (of {cores} cores in {played:.0f} s: {cores * played:.0f})")
        _print_memory(memory)
        print(f"load {os.getloadavg()[0]:.1f} after the run", flush=True)
        from bench.surge_compare import compare

        return compare(kind, call.pk, closes, work, storm)


def _of_children() -> float:
    """Processor seconds of the programs that this one has started and waited for: the clients, while the rest still runs."""
    told = resource.getrusage(resource.RUSAGE_CHILDREN)
    return told.ru_utime + told.ru_stime


def _settled() -> None:
    """Let the database know what it holds, as it would after weeks."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    connection.close()


def _serve(stage: Stage, ends: ExitStack, port: int, web: int, options: dict[str, int]) -> None:
    gongmo = [sys.executable, "-m", "gongmo.cli.main"]
    serve = [*gongmo, "serve", "--port", str(port), "--workers", str(web), "--no-prepare"]
    serve += ["--threads", str(options["threads"])]
    if stage.kind == "postgres":
        serve.append("--no-tasks")
        tasks = [*gongmo, "work", "--workers", str(options["tasks"])]
        started(stage, ends, "task processes", tasks)
        stage.words.append(f"{options['tasks']} task processes")
    else:
        stage.words.append("1 task process")
    started(stage, ends, "web processes", serve)
    until_open(port)
    # Each web process answers once before the day begins.
    time.sleep(2)


def _play(
    stage: Stage, ends: ExitStack, plan: Path, call_id: int, official: Any, options: dict[str, int]
) -> datetime:
    """Open the call, let everybody work, and set the closing instant so that about three quarters of the submissions come before it."""
    from gongmo.kernel import clock

    wanted = options["submissions"]
    # A deadline is only ever moved later: it is opened for a while, and once the pace is seen for as long as is wanted.
    window = timedelta(seconds=max(30, wanted / 80))
    closes = _extend(official, call_id, clock.now() + window)
    clients = [sys.executable, "-m", "bench.surge_clients"]
    storm = started(stage, ends, "storm", [*clients, "storm", str(plan)])
    work = started(stage, ends, "work", [*clients, "work", str(plan)])
    progress = plan.with_suffix(".progress")
    began = shown = time.monotonic()
    final = False
    while work.poll() is None:
        time.sleep(0.1)
        done = int((progress.read_text() or "0").split()[0]) if progress.exists() else 0
        now, spent = clock.now(), time.monotonic() - began
        if not final and closes - now < window * 0.6:
            # The pace of the first third tells where three quarters will be.
            final = done >= max(8, wanted * 0.3)
            pace = max(done, 1) / spent
            left = timedelta(seconds=((wanted * 0.75 if final else wanted * 0.35) - done) / pace)
            left = max(left, timedelta(seconds=2)) if final else min(left, window)
            if now + left > closes + timedelta(seconds=1):
                closes = _extend(official, call_id, now + left)
        if time.monotonic() - shown > 60:
            shown = time.monotonic()
            print(f"  {done:,} handed in after {spent:.0f} s", flush=True)
    plan.with_suffix(".stop").touch()
    storm.wait(timeout=120)
    del stage.roots["storm"], stage.roots["work"]
    return closes


def _extend(official: Any, call_id: int, closes: datetime) -> datetime:
    from bench.surge_data import told_all
    from gongmo.calls import commands as calls

    closes = closes.replace(microsecond=0)
    calls.extend(
        actor=official, call_id=call_id, closes_at=closes, reason="접수 시스템이 멈춘 시간만큼 연장합니다."
    )
    told_all()
    return closes


# --- The report -------------------------------------------------------------------------------------------------------
def _figures(work: dict[str, Any], storm: dict[str, Any]) -> list[str]:
    """The table of requests by kind."""
    spent = work["ended"] - work["began"]
    lines = [
        f"played in {spent:.0f} s",
        f"{'':22} {'number':>8} {'/s':>7} {'p50 ms':>8} {'p95 ms':>8} {'p99 ms':>8} {'most':>8}   answers",
    ]
    for kind in ORDER:
        told, length = (storm, storm["ended"] - storm["began"]) if kind == "public page" else (work, spent)
        times = sorted(told["times"].get(kind, []))
        answers = told["answers"].get(kind, {})
        if not answers:
            continue
        number = sum(answers.values())
        shown = ", ".join(f"{status}: {count:,}" for status, count in sorted(answers.items()))
        p50, p95, p99 = (percentile(times, share) for share in (0.5, 0.95, 0.99))
        lines.append(
            f"{kind:22} {number:8,} {number / length:7.1f} {p50:8.1f} {p95:8.1f} {p99:8.1f} {percentile(times, 1):8.1f}   {shown}"
        )
    return lines


def _print_memory(found: list[tuple[str, int, int, int]]) -> None:
    """Highest resident memory and present memory of its own of each process; PostgreSQL's many in one line."""
    print(f"{'':34} {'most MB':>8} {'own MB':>9}")
    summed: dict[str, tuple[int, int, int]] = {}
    for name, _, peak, share in found:
        count, most, total = summed.get(name, (0, 0, 0))
        summed[name] = (count + 1, max(most, peak), total + share)
    for name, (count, most, total) in summed.items():
        label = f"{name} ({count})" if count > 1 else name
        print(f"{label:34} {most / 1024:8.0f} {total / count / 1024:9.0f}")


if __name__ == "__main__":
    name, *numbers = sys.argv[1:]
    raise SystemExit(main(name, {key: int(value) for key, value in (each.split("=") for each in numbers)}))
