"""`gongmo committee`: compute recorded proposals again and compare, and try forming or assigning on a file of invented or real values."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from gongmo.cli import output, start
from gongmo.definition.base import Text
from gongmo.definition.problems import unusable

if TYPE_CHECKING:
    from gongmo.evaluation.queries.forming import Replayed

NAME = "committee"
SAME = Text(ko="같습니다", en="the same")
NONE = Text(ko="이 공고에는 계산한 구성안이 없습니다.", en="This call has no computed proposals.")


def register(subparsers: output.Subparsers) -> None:
    """Declare the command's arguments."""
    parser = subparsers.add_parser(
        NAME,
        help="위원회 구성을 다시 계산해 비교하거나 시험합니다 / recompute or try the forming of committees",
    )
    acts = parser.add_subparsers(dest="act", required=True, metavar="replay|solve")
    again = acts.add_parser("replay", help="기록된 구성안을 다시 계산합니다 / recompute recorded proposals")
    again.add_argument("--call", required=True, help="공고의 주소 이름 / the call's name in addresses")
    output.add_common(again)
    solve = acts.add_parser(
        "solve",
        help="구성 입력(JSON)을 풀어 명단과 까닭을 보여 줍니다 / solve the inputs of a forming (JSON)",
    )
    solve.add_argument(
        "inputs", type=Path, help="구성 입력 파일 / file of inputs (gongmo/committee-forming/1)"
    )
    output.add_common(solve)


def run(args: argparse.Namespace) -> int:
    """Exit 0 where everything is the same (replay) or every limit is kept (solve), 1 where not. Unusable input raises (exit 2)."""
    return _replay(args) if args.act == "replay" else _solve(args)


def compare(call: str) -> "list[Replayed]":
    """Every proposal of a call, computed again, oldest first. Raises NotFound for an unknown call."""
    from gongmo.calls.models import Call
    from gongmo.evaluation.models import Proposal
    from gongmo.evaluation.queries.forming import replayed
    from gongmo.kernel.errors import NotFound

    if not Call.objects.filter(slug=call).exists():
        raise NotFound
    return [replayed(each) for each in Proposal.objects.filter(call__slug=call).order_by("draw")]


def _replay(args: argparse.Namespace) -> int:
    start.with_data()
    found = compare(args.call)
    wrong = [each for each in found if any(not line.startswith("note:") for line in each.differences)]
    if args.json:
        output.print_json(found)
        return output.FAILED if wrong else output.OK
    for each in found:
        same = output.pick(SAME, args.lang) if not each.differences else "; ".join(each.differences)
        output.say(f"{each.draw:>3}  {each.name}  {each.solver}  {same}")
    if not found:
        output.say(output.pick(NONE, args.lang))
    return output.FAILED if wrong else output.OK


def _solve(args: argparse.Namespace) -> int:
    from gongmo.rules.committee_forming import out_text, propose
    from gongmo.rules.committee_reasons import why_left_out, why_seated
    from gongmo.rules.committee_values import parse_problem

    try:
        problem = parse_problem(args.inputs.read_text("utf-8"))
        found = propose(problem)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise unusable(
            str(args.inputs),
            f"구성 입력으로 읽을 수 없습니다. ({error})",
            f"This is not the inputs of a forming. ({error})",
        ) from error
    if args.json:
        output.print_json(found)
        return output.OK if found.feasible else output.FAILED
    why = why_seated(problem, found.seats)
    for seat in found.seats:
        mark = "C" if seat.chair else "R" if seat.reserve else " "
        reasons = " · ".join(output.pick(each, args.lang) for each in why[seat.expert])
        output.say(f"{seat.panel:>3} {mark} {seat.expert}  {reasons}")
    for broken in found.breaks:
        output.say(f"! {output.pick(broken.text, args.lang)}")
    if found.breaks:
        for line in out_text(problem, found.out):
            output.say(f"  {output.pick(line, args.lang)}")
    for reason in why_left_out(problem, found.seats):
        output.say(f"- {reason.expert}: {output.pick(reason.text, args.lang)}")
    return output.OK if found.feasible else output.FAILED
