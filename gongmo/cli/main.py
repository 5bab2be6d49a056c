"""`gongmo`: finds the subcommand, imports only its module, runs it, and turns refusals into sentences and exit codes."""

import argparse
import gc
import importlib
import importlib.util
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import NoReturn

from gongmo import __version__
from gongmo.cli import output
from gongmo.definition.problems import Problem, Unusable
from gongmo.kernel.errors import BadInput, Refused


@dataclass(frozen=True, slots=True)
class Command:
    """A subcommand: its name, what it does, whether everything after its name goes to it unread, and whether it reads
    files of bounded size, prints and ends (`brief`)."""

    name: str
    ko: str
    en: str
    passthrough: bool = False
    brief: bool = False

    @property
    def module(self) -> str:
        return f"gongmo.cli.{self.name}"


COMMANDS = (
    Command(
        "call",
        "공고 정의를 검사하고 보여 주고 비교합니다",
        "validate, show and compare call definitions",
        brief=True,
    ),
    Command(
        "check",
        "신청서를 공고의 규칙에 비추어 봅니다",
        "check an application against the call's rules",
        brief=True,
    ),
    Command(
        "fit",
        "사업비를 규칙에 맞게 가장 적게 고칩니다",
        "find the nearest budget that satisfies the rules",
        brief=True,
    ),
    Command("rank", "평가 점수로 순위를 매깁니다", "rank applications by their scores", brief=True),
    Command("allocate", "평가 결과에 따라 예산을 나눕니다", "hand out money by result", brief=True),
    Command("doctor", "저장된 자료가 어긋난 곳이 없는지 살핍니다", "check the stored data's invariants"),
    Command(
        "replay",
        "기록에서 판정과 순위를 다시 계산해 비교합니다",
        "recompute verdicts and rankings from the record",
    ),
    Command(
        "committee",
        "위원회 구성을 다시 계산해 비교하거나 시험합니다",
        "recompute or try the forming of committees",
    ),
    Command("rehearse", "모의 시계로 사업 전체를 연습합니다", "rehearse the programme on a simulated clock"),
    Command("registers", "외부 등록부에 묻습니다", "ask the outside registers"),
    Command("receipt", "접수증을 인터넷 없이 확인합니다", "verify a submission receipt offline"),
    Command("agreement", "봉인한 협약서를 인터넷 없이 확인합니다", "verify a sealed agreement offline"),
    Command(
        "similar",
        "앞선 과제 목록을 가져오고 비슷한 과제를 찾습니다",
        "bring in earlier projects and find similar ones",
    ),
    Command("backup", "데이터베이스와 파일을 백업합니다", "back up database and files"),
    Command("restore", "백업을 빈 곳에 되살립니다", "restore a backup into an empty place"),
    Command(
        "move",
        "다른 데이터베이스와 파일 저장소로 옮깁니다",
        "carry the installation to another database and storage",
    ),
    Command("keys", "개인정보 칸의 열쇠를 보고 바꿉니다", "show and rotate the keys of personal fields"),
    Command("serve", "서버를 엽니다", "run the server", passthrough=True),
    Command("work", "대기 중인 작업을 처리합니다", "run the queued tasks"),
    Command(
        "manage", "Django 관리 명령을 그대로 실행합니다", "run a Django management command", passthrough=True
    ),
)


class Parser(argparse.ArgumentParser):
    """argparse with an error that says in Korean, too, what to do."""

    as_json = False
    """Whether the words that are being parsed ask for JSON; then what is wrong with them is told as JSON, too."""

    def error(self, message: str) -> NoReturn:
        if Parser.as_json:
            ko = f"명령을 이렇게는 쓸 수 없습니다. {self.prog} --help 를 보아 주세요. ({message})"
            en = f"The command cannot be used like this. See {self.prog} --help. ({message})"
            show_problems([Problem(self.prog, None, None, "", "", "", ko, en)], as_json=True, lang="ko")
            self.exit(output.UNUSABLE)
        self.print_usage(sys.stderr)
        self.exit(
            output.UNUSABLE,
            f"{self.prog}: 명령을 이렇게는 쓸 수 없습니다. {self.prog} --help 를 보아 주세요. ({message})\n",
        )


def available() -> list[Command]:
    """The subcommands that this installation holds."""
    return [command for command in COMMANDS if importlib.util.find_spec(command.module) is not None]


def _asked(arguments: Sequence[str], commands: Sequence[Command]) -> Command | None:
    first = next((word for word in arguments if not word.startswith("-")), None)
    return next((command for command in commands if command.name == first), None)


def _parser(commands: Sequence[Command], asked: Command | None, module: ModuleType | None) -> Parser:
    parser = Parser(
        prog="gongmo",
        description="공모(Gongmo): 공모사업을 공고부터 협약까지 / public calls for proposals from announcement to agreement",
    )
    parser.add_argument("--version", action="version", version=f"gongmo {__version__}")
    subparsers = parser.add_subparsers(dest="command", metavar="명령/command", parser_class=Parser)
    for command in commands:
        if command is asked and module is not None:
            module.register(subparsers)
        else:
            subparsers.add_parser(command.name, help=f"{command.ko} / {command.en}")
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run `gongmo` with these arguments (the process's own when None). Returns the exit code: 0, 1 or 2."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    arguments = list(sys.argv[1:] if argv is None else argv)
    commands = available()
    asked = _asked(arguments, commands)
    try:
        with _uncollected(asked is not None and asked.brief):
            code = _asked_run(arguments, commands, asked)
            output.finish()
            return code
    except output.CannotWrite as error:
        output.complain(
            f"결과를 쓸 수 없습니다. 디스크의 남은 공간을 확인해 주세요. ({error}) / The output cannot be written."
        )
        return output.UNUSABLE


@contextmanager
def _uncollected(brief: bool) -> Iterator[None]:
    """A brief command makes many values and no cycles worth finding: without the collector it takes a third less time."""
    collecting = gc.isenabled()
    if brief:
        gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _asked_run(arguments: list[str], commands: Sequence[Command], asked: Command | None) -> int:
    module = importlib.import_module(asked.module) if asked is not None else None
    if asked is not None and module is not None and asked.passthrough:
        return _run(module, argparse.Namespace(arguments=arguments[arguments.index(asked.name) + 1 :]))
    parser = _parser(commands, asked, module)
    Parser.as_json = "--json" in arguments
    try:
        args = parser.parse_args(arguments)
    except SystemExit as stop:
        return int(stop.code or 0)
    if module is None:
        parser.print_help()
        return output.UNUSABLE
    return _run(module, args)


def _run(module: ModuleType, args: argparse.Namespace) -> int:
    as_json, lang = bool(getattr(args, "json", False)), getattr(args, "lang", output.language())
    try:
        return int(module.run(args))
    except Unusable as error:
        show_problems(error.problems, as_json=as_json, lang=lang)
        return output.UNUSABLE
    except Refused as error:
        if as_json:
            output.print_json(
                {"refused": error.code, "ko": error.ko, "en": error.en, "details": error.details}
            )
        else:
            output.complain(output.pick(error, lang))
        return output.UNUSABLE if isinstance(error, BadInput) else output.FAILED
    except BrokenPipeError:
        # A command that writes by itself lost its reader (head, less); Python must not say so at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return output.OK
    except Exception as error:
        # Known by its name: the commands that need no Django do not load it for this.
        if "ImproperlyConfigured" not in {each.__name__ for each in type(error).__mro__}:
            raise
        return int(importlib.import_module("gongmo.cli.wrong_settings").tell(error))


def show_problems(problems: Sequence[Problem], *, as_json: bool, lang: str) -> None:
    """Print what makes an input unusable: as JSON on the output, or as lines "file:line:column path: sentence" on the error stream."""
    if as_json:
        output.print_json({"unusable": list(problems)})
        return
    for problem in problems:
        where = f"{problem.place} {problem.path}".rstrip()
        output.complain(f"{where}: {output.pick(problem, lang)}")


if __name__ == "__main__":
    raise SystemExit(main())
