"""`make chaos`: see the package. Exit code 1 when a promise was broken.

python -m bench.chaos [--kills 200] [--database sqlite|postgres|both] [--applications 40] [--people 6] [--seed 17]
"""

import argparse
import subprocess
import sys


def main() -> int:
    """Run the databases one after the other, each in a process of its own."""
    parser = argparse.ArgumentParser(prog="python -m bench.chaos", description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--database", choices=["sqlite", "postgres", "both"], default="both")
    parser.add_argument("--applications", type=int, default=40)
    parser.add_argument("--people", type=int, default=6)
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--seed", type=int, default=17)
    args = parser.parse_args()
    failed = 0
    for kind in ("sqlite", "postgres") if args.database == "both" else (args.database,):
        numbers = (args.kills, args.applications, args.people, args.workers, args.seed)
        command = [sys.executable, "-m", "bench.chaos.run", kind, *map(str, numbers)]
        failed |= subprocess.run(command).returncode
    return failed


if __name__ == "__main__":
    raise SystemExit(main())
