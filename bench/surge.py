"""`make surge`: a deadline day on one machine, and what everybody was told compared with what is there afterwards.

    python -m bench.surge [--applications 12000] [--submissions 3000] [--database sqlite|postgres|both] [...]

`postgres`: PostgreSQL (durable, as by default), S3-compatible storage (moto stands in for it), a reverse proxy (Caddy, else nginx, else
none), three web processes and two task processes. `sqlite`: the embedded default, a folder for files, as many web processes as cores.
Exit code 1 when anything acknowledged is missing, doubled or late, or when anybody was given an error.
"""

import argparse
import signal
import subprocess
import sys


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.surge", description=__doc__)
    parser.add_argument("--applications", type=int, default=12_000, help="drafts that people write in")
    parser.add_argument(
        "--submissions", type=int, default=3_000, help="of them submitted around the deadline"
    )
    parser.add_argument("--submitters", type=int, default=16, help="connections that submit")
    parser.add_argument("--editors", type=int, default=24, help="connections that write and read")
    parser.add_argument("--storm", type=int, default=24, help="connections that reload the public page")
    parser.add_argument("--web", type=int, default=0, help="web processes (default 3; embedded: the cores)")
    parser.add_argument("--tasks", type=int, default=2, help="task processes (embedded: 1)")
    parser.add_argument(
        "--threads", type=int, default=4, help="requests worked on at a time by a web process"
    )
    parser.add_argument("--port", type=int, default=0, help="the first of two ports; 0: free ones")
    parser.add_argument("--database", choices=["sqlite", "postgres", "both"], default="both")
    args = parser.parse_args()
    if not 0 < args.submissions < args.applications:
        parser.error("--submissions must be fewer than --applications")
    failed = 0
    for kind in ("sqlite", "postgres") if args.database == "both" else (args.database,):
        told = [f"{name}={value}" for name, value in vars(args).items() if name != "database"]
        failed |= _run([sys.executable, "-m", "bench.surge_run", kind, *told])
    return failed


def _run(command: list[str]) -> int:
    """The exit code. Whoever ends this ends all that it has started."""
    run = subprocess.Popen(command)
    signal.signal(signal.SIGTERM, lambda *_: run.terminate())
    if (code := run.wait()) < 0:
        raise SystemExit(128 - code)
    return code


if __name__ == "__main__":
    raise SystemExit(main())
