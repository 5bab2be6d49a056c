"""`gongmo work`: worker processes that run the queued tasks (mail, notices, file checks) beside or without a web server."""

import argparse
import importlib
import os
import signal
from datetime import timedelta

from gongmo.cli import output, start

NAME = "work"
YIELDS = 5
"""By how much a worker is nicer than what started it."""


def register(subparsers: output.Subparsers) -> None:
    """Declare the command's arguments."""
    parser = subparsers.add_parser(NAME, help="대기 중인 작업을 처리합니다 / run the queued tasks")
    parser.add_argument("--workers", type=int, default=1, help="프로세스 수 / processes (default 1)")
    parser.add_argument(
        "--lease",
        type=float,
        default=60.0,
        metavar="SECONDS",
        help="소식이 끊긴 작업을 다른 프로세스에 넘기기까지 / until a silent worker's task is handed on (default 60)",
    )
    parser.add_argument(
        "--grace",
        type=float,
        default=20.0,
        metavar="SECONDS",
        help="끌 때 하던 작업을 기다리는 시간 / how long a stopping worker may finish its task (default 20)",
    )
    parser.add_argument(
        "--until-empty",
        action="store_true",
        help="지금 할 작업만 하고 끝냅니다 / run what is due now, then end",
    )
    # What a supervisor tells each worker that it starts.
    parser.add_argument("--one", metavar="NAME", help=argparse.SUPPRESS)
    parser.add_argument("--parent", type=int, help=argparse.SUPPRESS)


def run(args: argparse.Namespace) -> int:
    """Work until SIGTERM or Ctrl-C. Ends with 0, or 2 for numbers that make no sense."""
    if args.workers < 1 or args.lease < 1 or args.grace < 0:
        output.complain("--workers와 --lease는 1 이상, --grace는 0 이상이어야 합니다. / too small a number")
        return output.UNUSABLE
    start.django()
    if told := importlib.import_module("gongmo.migrating").too_new(
        importlib.import_module("django.db").connection
    ):
        output.complain(told)
        return output.UNUSABLE
    lease, grace = timedelta(seconds=args.lease), timedelta(seconds=args.grace)
    if args.until_empty:
        done = importlib.import_module("gongmo.tasks").run_waiting()
        output.say(f"작업 {done}건을 처리했습니다. / {done} tasks run.")
        return output.OK
    if args.one:
        # On a machine that serves people, too, what can wait yields the processor to them: reading a stranger's PDF takes a second of it.
        os.nice(YIELDS)
        worker = importlib.import_module("gongmo.tasks.worker").Worker
        worker(args.one, lease=lease, grace=grace, parent=args.parent).serve()
        return output.OK
    crew = importlib.import_module("gongmo.tasks.crew").Crew(args.workers, lease=lease, grace=grace)

    def end(*_: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, end)
    crew.start()
    try:
        crew.wait()
    except KeyboardInterrupt:
        crew.stop()
    return output.OK
