"""`gongmo fit --call DIR application.yaml`: the nearest budget that keeps every money rule."""

import argparse
import json
from pathlib import Path
from typing import Any

import yaml

from gongmo.cli import output
from gongmo.definition.application import Application
from gongmo.definition.loader import load_application, load_definition
from gongmo.definition.model import Definition
from gongmo.definition.problems import unusable
from gongmo.kernel.korean import percent, won
from gongmo.rules.fit import Fitted, Impossible, Room, fit

NAME = "fit"


def register(subparsers: output.Subparsers) -> None:
    """Declare the command's arguments."""
    parser = subparsers.add_parser(
        NAME,
        help="사업비를 규칙에 맞게 가장 적게 고칩니다 / find the nearest budget that satisfies the rules",
    )
    parser.add_argument(
        "--call", required=True, type=Path, help="공고 정의 폴더 / directory of the call's definition"
    )
    parser.add_argument("application", type=Path, help="신청서 파일(YAML 또는 JSON) / application file")
    parser.add_argument(
        "--keep",
        nargs="+",
        action="extend",
        default=[],
        metavar="CELL",
        help="그대로 둘 칸: 기관/연도/분야/비목/재원/형태[/direct] / cells to keep as they are",
    )
    parser.add_argument(
        "--no-new-cells", action="store_true", help="없던 칸을 더하지 않습니다 / propose no new cells"
    )
    parser.add_argument(
        "--out",
        type=Path,
        help="고친 신청서를 이 파일에 적습니다(.json이면 JSON) / write the fitted application",
    )
    output.add_common(parser)


def run(args: argparse.Namespace) -> int:
    """Exit 0 when the budget is lawful or was fitted, 1 when no lawful budget exists. Unusable input raises (exit 2)."""
    definition = load_definition(args.call)
    application = load_application(args.application)
    found = fit(definition, application, keep=frozenset(args.keep), new_cells=not args.no_new_cells)
    if isinstance(found, Fitted) and args.out is not None:
        _write(args.out, application.model_copy(update={"budget": found.cells}))
    if args.json:
        output.print_json(as_json(found))
    elif isinstance(found, Impossible):
        output.say(output.pick(found.message, args.lang))
    else:
        _show(definition, application, found, args.lang, args.out)
    return output.OK if isinstance(found, Fitted) else output.FAILED


def as_json(found: Fitted | Impossible) -> dict[str, Any]:
    """The result with cells by their keys. Sums are won."""
    if isinstance(found, Impossible):
        return {
            "possible": False,
            "keep": list(found.keep),
            "rules": list(found.rules),
            "message": found.message,
        }
    return {
        "possible": True,
        "total_change": found.total_change,
        "before": found.before,
        "after": found.after,
        "changes": [
            {
                "cell": change.cell.key,
                "before": change.before,
                "after": change.after,
                "difference": change.difference,
                "new": change.is_new,
            }
            for change in found.changes
        ],
        "rooms": list(found.rooms),
    }


def _write(path: Path, application: Application) -> None:
    value = application.model_dump(mode="json", exclude_defaults=True)
    if path.suffix == ".json":
        text = json.dumps(value, ensure_ascii=False, indent=2) + "\n"
    else:
        text = yaml.safe_dump(value, allow_unicode=True, sort_keys=False)
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise unusable(
            str(path),
            f"파일에 쓸 수 없습니다. 경로와 권한을 확인해 주세요. ({error.strerror})",
            f"The file cannot be written. Check the path and your rights to it. ({error.strerror})",
        ) from error


def _show(
    definition: Definition, application: Application, found: Fitted, lang: str, out: Path | None
) -> None:
    ko = lang == "ko"
    all_ko = "모두 " if len(found.changes) > 1 else ""
    output.say(f"{output.pick(definition.short_title, lang)} · {application.title}")
    if not found.changes:
        output.say(
            "사업비가 이미 모든 금액 규칙에 맞습니다."
            if ko
            else "The budget keeps every money rule as it is."
        )
    else:
        output.say(
            f"{len(found.changes)}칸에서 {all_ko}{won(found.total_change)}을 바꾸면 모든 금액 규칙에 맞습니다. "
            f"총사업비 {won(found.before)} → {won(found.after)}."
            if ko
            else f"Changing {len(found.changes)} cell(s) by {found.total_change:,} won in all keeps every money rule. "
            f"Total cost {found.before:,} → {found.after:,} won."
        )
        output.say()
        new = " (새 칸)" if ko else " (new)"
        output.print_table(
            ("칸", "지금(원)", "고친 뒤(원)", "차이(원)")
            if ko
            else ("Cell", "Before (won)", "After (won)", "Change (won)"),
            [
                (
                    change.cell.key + (new if change.is_new else ""),
                    f"{change.before:,}",
                    f"{change.after:,}",
                    f"{change.difference:+,}",
                )
                for change in found.changes
            ],
            right=(1, 2, 3),
        )
    output.heading("규칙마다 남은 여유" if ko else "Room that each rule leaves")
    output.print_table(
        ("조항", "규칙", "범위", "지금 비율", "여유(원)")
        if ko
        else ("Clause", "Rule", "Scope", "Share", "Room (won)"),
        [_room(room, lang) for room in found.rooms],
        right=(3, 4),
    )
    if out is not None:
        output.say()
        output.say(
            f"고친 신청서를 {out}에 적었습니다." if ko else f"The fitted application was written to {out}."
        )


def _room(room: Room, lang: str) -> tuple[str, ...]:
    scope = room.organisation or (str(room.year) if room.year is not None else "")
    return (
        room.clause or ("기본값" if lang == "ko" else "default"),
        output.pick(room.title, lang),
        scope or ("전체" if lang == "ko" else "total"),
        percent(room.part, room.whole) if room.whole is not None else f"{room.part:,}",
        f"{room.left:,}",
    )
