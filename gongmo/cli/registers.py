"""`gongmo registers check NUMBER...`: ask the outside registers from the command line, and `gongmo registers state`: how they fare."""

import argparse
import importlib
from collections.abc import Sequence
from typing import Any

from gongmo.cli import noting, output, start

NAME = "registers"


def register(subparsers: output.Subparsers) -> None:
    """Declare the command's arguments."""
    parser = subparsers.add_parser(NAME, help="외부 등록부에 묻습니다 / ask the outside registers")
    acts = parser.add_subparsers(dest="act", required=True, metavar="일/act")
    check = acts.add_parser("check", help="번호로 묻습니다 / ask for numbers")
    check.add_argument(
        "numbers",
        nargs="+",
        metavar="NUMBER",
        help="사업자등록번호 10자리나 법인등록번호 13자리 / business (10) or corporate (13 digits) numbers",
    )
    check.add_argument("--year", help="재무정보의 결산 연도 / year of the accounts")
    check.add_argument(
        "--anew", action="store_true", help="저장된 답을 쓰지 않습니다 / do not use kept answers"
    )
    noting.add_reason(check)
    output.add_common(check)
    state = acts.add_parser(
        "state", help="등록부마다 켜짐과 차단 상태를 봅니다 / which are on and how they fare"
    )
    output.add_common(state)


def run(args: argparse.Namespace) -> int:
    """Exit 0 when every question was answered, 1 when a register could not be asked, 2 for numbers that are none."""
    start.with_data()
    return _state(args) if args.act == "state" else _check(args)


def _check(args: argparse.Namespace) -> int:
    checks = importlib.import_module("gongmo.parties.checks")
    values = importlib.import_module("gongmo.registers.values")
    commands = importlib.import_module("gongmo.registers.commands")
    actor = importlib.import_module("gongmo.kernel.actor").system("cli")
    timedelta = importlib.import_module("datetime").timedelta
    year = args.year or str(importlib.import_module("gongmo.kernel.clock").now().year - 1)
    questions, wrong = [], []
    for given in args.numbers:
        number = checks.digits(given)
        if checks.is_business_number(number):
            questions.append(values.Question.of(values.Register.BUSINESS_STATUS, number))
        elif checks.is_corporate_number(number):
            questions.append(values.Question.of(values.Register.ACCOUNTS, number, year=year))
            questions.append(values.Question.of(values.Register.OUTLINE, number))
        else:
            wrong.append(given)
    if wrong:
        output.complain(
            f"사업자등록번호(10자리)나 법인등록번호(13자리)가 아닙니다: {', '.join(wrong)} / not a number with a right check digit"
        )
        return output.UNUSABLE
    noting.note("registers check", detail=" ".join(each.number for each in questions), reason=args.reason)
    found = commands.ask(actor=actor, questions=questions, fresh=timedelta() if args.anew else None)
    if args.json:
        output.print_json([_plain(answer) for answer in found.values()])
    else:
        for answer in found.values():
            _show(answer, args.lang)
    return output.FAILED if any(answer.trouble for answer in found.values()) else output.OK


def _plain(answer: Any) -> dict[str, Any]:
    return {
        "register": answer.register,
        "number": answer.number,
        "outcome": answer.outcome,
        "asked_at": answer.asked_at,
        "as_of": answer.as_of,
        "cached": answer.cached,
        "trouble": answer.trouble,
        "detail": answer.detail,
        "payload": answer.payload,
    }


def _show(answer: Any, lang: str) -> None:
    outcomes = importlib.import_module("gongmo.registers.outcomes")
    stamp = importlib.import_module("gongmo.kernel.korean").stamp
    name = output.pick(outcomes.NAMES[answer.register], lang)
    word = output.pick(outcomes.shown(answer.register, answer.outcome), lang)
    line = (
        f"{answer.number}  {name}: {word}  ({stamp(answer.asked_at)}{', 저장된 답' if answer.cached else ''})"
    )
    if answer.trouble is not None:
        words = importlib.import_module("gongmo.registers.trouble").WORDS
        line += f"  {output.pick(words[answer.trouble], lang)}" + (
            f" ({answer.detail})" if answer.detail else ""
        )
    output.say(line)
    for key, value in sorted((answer.payload or {}).items()):
        if value and key not in ("b_no", "crno", "trouble"):
            output.say(f"    {key}: {value}")


def _state(args: argparse.Namespace) -> int:
    actor = importlib.import_module("gongmo.kernel.actor").system("cli")
    healths: Sequence[Any] = importlib.import_module("gongmo.registers.queries").healths(actor)
    if args.json:
        output.print_json(list(healths))
        return output.OK
    stamp = importlib.import_module("gongmo.kernel.korean").stamp
    for each in healths:
        word = (
            output.pick(each.shown, args.lang) if each.on else ("꺼져 있음" if args.lang == "ko" else "off")
        )
        more = [output.pick(each.why, args.lang)] if each.why else []
        if each.retry_at:
            more.append(f"다시 확인 예정 / next try {stamp(each.retry_at)}")
        output.say(f"{output.pick(each.name, args.lang)}: {word}" + (f"  {' '.join(more)}" if more else ""))
    return output.OK
