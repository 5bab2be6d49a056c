"""`gongmo replay`: recomputes verdicts and rankings from the record and compares them with what is stored."""

import argparse
import importlib

from gongmo.cli import output, start
from gongmo.kernel.errors import BadInput, NotFound

NAME = "replay"


def register(subparsers: output.Subparsers) -> None:
    """Declare the command's arguments."""
    parser = subparsers.add_parser(
        NAME,
        help="기록에서 판정과 순위를 다시 계산해 비교합니다 / recompute verdicts and rankings from the record",
    )
    parser.add_argument(
        "--call",
        dest="named",
        action="append",
        default=[],
        metavar="CALL",
        help="공고 주소 이름, 여러 번 쓸 수 있음 (기본: 모든 공고) / the call's name, may be repeated (all calls)",
    )
    parser.add_argument(
        "call",
        nargs="*",
        metavar="CALL",
        help="공고 주소 이름 (기본: 모든 공고) / the call's name (all calls)",
    )
    output.add_common(parser)


def run(args: argparse.Namespace) -> int:
    """Replay, print, and end with 0 (everything agrees) or 1 (something differs)."""
    start.with_data()
    replay = importlib.import_module("gongmo.evaluation.queries").replay
    calls = importlib.import_module("gongmo.calls.models").Call.objects
    try:
        slugs = [*args.call, *args.named] or list(calls.order_by("pk").values_list("slug", flat=True))
        found = {slug: replay(slug) for slug in slugs}
        broken = importlib.import_module("gongmo.ledger.queries").verify()
    except importlib.import_module("django.db").Error as error:
        return start.unreadable(error)
    except NotFound as error:
        named = ", ".join(slugs)
        raise BadInput(
            "no_such_call",
            f"이런 이름의 공고가 없습니다: {named}",
            f"There is no call of this name: {named}",
            field="CALL",
        ) from error
    good = not broken and all(each.ok for each in found.values())
    if args.json:
        output.print_json(
            {
                "ok": good,
                "record": list(broken),
                "calls": {
                    slug: {
                        "ok": each.ok,
                        "verdicts": each.verdicts,
                        "rankings": each.rankings,
                        "sheets": each.sheets,
                        "entries": each.entries,
                        "differences": each.differences,
                    }
                    for slug, each in found.items()
                },
            }
        )
        return output.OK if good else output.FAILED
    korean = args.lang == "ko"
    for each in broken:
        output.complain(f"{each.subject}: {each.observed} != {each.expected}")
    if not broken:
        output.say(
            "기록이 처음부터 끝까지 이어져 있습니다." if korean else "The record is one unbroken chain."
        )
    for slug, each in found.items():
        if each.ok:
            output.say(
                f"{slug}: 기록 {each.entries}건에서 판정 {each.verdicts}건과 순위 {each.rankings}판을 다시 계산하고 "
                f"평가표 봉인 {each.sheets}장을 확인했습니다. 모두 같습니다."
                if korean
                else f"{slug}: from {each.entries} entries {each.verdicts} verdict(s) and {each.rankings} version(s) of the ranking "
                f"recomputed, the seals of {each.sheets} sheet(s) checked. All the same."
            )
            continue
        output.complain(
            f"{slug}: 다른 곳이 {len(each.differences)}곳 있습니다."
            if korean
            else f"{slug}: {len(each.differences)} difference(s)."
        )
        for difference in each.differences:
            output.complain(f"  {difference}")
    return output.OK if good else output.FAILED
