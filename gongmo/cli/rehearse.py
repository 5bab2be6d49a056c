"""`gongmo rehearse`: plays the whole programme on a simulated clock, through the commands that people use."""

import argparse
import importlib
import time
from pathlib import Path

from gongmo.cli import output, start
from gongmo.kernel import clock
from gongmo.kernel.memory import seldom_collected

NAME = "rehearse"


def register(subparsers: output.Subparsers) -> None:
    """Declare the command's arguments."""
    parser = subparsers.add_parser(
        NAME, help="모의 시계로 사업 전체를 연습합니다 / rehearse the programme on a simulated clock"
    )
    parser.add_argument(
        "--calls",
        metavar="DIR",
        help="rehearsal.yaml이 있는 공고 폴더 / folder of the call with rehearsal.yaml",
    )
    parser.add_argument(
        "--if-empty",
        action="store_true",
        help="자료가 있으면 아무것도 하지 않습니다 / do nothing where there is data",
    )
    parser.add_argument(
        "--fresh",
        action="store_true",
        help="연습 자료를 지우고 다시 합니다 / empty a rehearsal's data and begin again",
    )
    parser.add_argument(
        "--until",
        choices=("closing", "end"),
        default="end",
        help="closing: 접수 마감까지만 하고, 심사부터는 화면에서 직접 연습합니다 / stop at the closing and practise what follows on the pages",
    )
    parser.add_argument(
        "--now",
        metavar="INSTANT",
        type=output.instant,
        help="지역 공고가 열려 있을 시각 (기본: 지금) / the instant around which the regional call is open (now)",
    )


def run(args: argparse.Namespace) -> int:
    """Rehearse, printing a line for each step. Ends with 0 (held, or nothing to do), 1 (refused) or 2 (unusable input)."""
    start.django()
    commands = importlib.import_module("gongmo.rehearsal.commands")
    manage = importlib.import_module("django.core.management").call_command
    try:
        manage("migrate", interactive=False, verbosity=0)
        manage("createcachetable", verbosity=0)
        empty = commands.is_empty()
    except importlib.import_module("django.db").Error as error:
        output.complain(
            "데이터베이스를 열거나 준비할 수 없습니다. 연결 설정과 폴더 권한을 확인해 주세요. / "
            f"The database cannot be opened or prepared. Check the connection and the folder's permissions. ({error})"
        )
        return output.UNUSABLE
    if args.if_empty and not empty:
        return output.OK
    settings = importlib.import_module("django.conf").settings
    folder = Path(args.calls) if args.calls else default_folder(settings.REPOSITORY / "calls")
    began = time.monotonic()
    with seldom_collected():
        play = commands.rehearse(
            folder=folder,
            present=args.now or clock.now(),
            say=output.say,
            fresh=args.fresh,
            until=commands.Until(args.until),
        )
    output.say(f"연습을 마쳤습니다. {time.monotonic() - began:.1f}초 걸렸습니다. 모두 지어낸 자료입니다.")
    output.say(
        f"시작 화면에 있는 계정으로 로그인할 수 있습니다. 비밀번호는 모두 {play.script.password}입니다."
    )
    return output.OK


def default_folder(calls: Path) -> Path:
    """The first call, by name, that has a rehearsal script; the folder itself where none has, so that the refusal names it."""
    found = sorted(script.parent for script in calls.glob("*/rehearsal.yaml"))
    return found[0] if found else calls
