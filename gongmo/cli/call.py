"""`gongmo call`: validate, show and compare call definitions; print their schema and reference."""

import argparse
from pathlib import Path

from gongmo.cli import output
from gongmo.cli.call_show import print_call
from gongmo.cli.check import region_table
from gongmo.definition.base import Text
from gongmo.definition.diff import differences
from gongmo.definition.loader import load_definition
from gongmo.definition.model import Definition, defaults
from gongmo.definition.rules import ApplicantRegions, Exclusion
from gongmo.definition.schemas import KINDS, reference, schema_text
from gongmo.kernel.canonical import digest
from gongmo.kernel.clock import SEOUL
from gongmo.kernel.korean import day

NAME = "call"


def register(subparsers: output.Subparsers) -> None:
    """Declare the command's own subcommands."""
    parser = subparsers.add_parser(
        NAME, help="공고 정의를 검사하고 보여 주고 비교합니다 / validate, show and compare call definitions"
    )
    acts = parser.add_subparsers(dest="act", required=True, metavar="일/act")
    validate = acts.add_parser("validate", help="정의가 맞는지 봅니다 / say whether a definition is right")
    validate.add_argument("path", type=Path, nargs="+", help="정의 폴더나 파일 / directory or file")
    show = acts.add_parser(
        "show",
        help="공고를 읽기 좋은 글로 보입니다 / print the call as readable text, each rule beside its clause",
    )
    show.add_argument("path", type=Path, help="정의 폴더나 파일 / directory or file")
    diff = acts.add_parser(
        "diff", help="정정공고가 무엇을 바꾸는지 말로 보입니다 / say what a correction notice changes"
    )
    diff.add_argument("old", type=Path, help="앞의 정의 / the earlier definition")
    diff.add_argument("new", type=Path, help="뒤의 정의 / the later definition")
    schema = acts.add_parser("schema", help="JSON Schema를 출력합니다 / print the JSON Schema")
    schema.add_argument("of", nargs="?", choices=KINDS, default="call", help="무엇의 / of what")
    page = acts.add_parser("reference", help="정의의 설명서를 출력합니다 / print the reference page")
    for act in (validate, show, diff, schema, page):
        output.add_common(act)


def run(args: argparse.Namespace) -> int:
    """Run the asked act. `diff` ends with 0 whether or not there are differences. Raises Unusable."""
    if args.act == "validate":
        return _validate(args)
    if args.act == "show":
        call = load_definition(args.path)
        if args.json:
            output.print_json({"definition": call.model_dump(mode="json"), "defaults": _default_paths(call)})
        else:
            print_call(call, args.lang, _region_names())
        return output.OK
    if args.act == "diff":
        return _diff(args)
    # The schema is JSON and the page Markdown already; both go out as they are.
    output.emit((schema_text(args.of) if args.act == "schema" else reference()).removesuffix("\n"))
    return output.OK


def _region_names() -> dict[str, Text]:
    """Names of the region codes from the built-in table."""
    table = region_table(None)
    return {} if table is None else {code: region.name for code, region in table.regions.items()}


def _notes(call: Definition) -> list[Text]:
    """What is right as a definition and may still be a slip: region codes that the region table does not have on the closing
    date, facts on which no rule turns, and a
    project that outlasts its agreement."""
    table, notes = region_table(None), []
    if call.agreement is not None and call.budget.period_ends > call.agreement.ends:
        notes.append(
            Text(
                ko=f"사업기간이 {day(call.budget.period_ends)}까지인데 협약은 {day(call.agreement.ends)}에 끝납니다.",
                en=f"The project period ends on {call.budget.period_ends}, the agreement already on {call.agreement.ends}.",
            )
        )
    judged = {rule.fact for rule in call.rules if isinstance(rule, Exclusion)}
    for fact in call.facts:
        if fact.id not in judged:
            notes.append(
                Text(
                    ko=f"{fact.id}: 이 사실을 묻지만 이것으로 판단하는 제외 규칙(exclusion)이 없습니다.",
                    en=f"{fact.id}: the fact is asked, but no exclusion rule turns on it.",
                )
            )
    day_of_closing = call.closes().astimezone(SEOUL).date()
    for rule in call.rules:
        if table is None or not isinstance(rule, ApplicantRegions):
            continue
        for code in rule.regions:
            region = table.get(code)
            if region is None or not region.valid_on(day_of_closing):
                notes.append(
                    Text(
                        ko=f"{rule.id}: {code}은(는) 마감일({day(day_of_closing)})의 지역 표에 없습니다. 코드를 확인해 주세요.",
                        en=f"{rule.id}: {code} is not in the region table on the closing date ({day_of_closing}). Check the code.",
                    )
                )
    return notes


def _default_paths(call: Definition) -> list[str]:
    return [path for path, _ in defaults(call)]


def _validate(args: argparse.Namespace) -> int:
    calls = [(str(path), load_definition(path)) for path in args.path]
    if args.json:
        output.print_json(
            [
                {
                    "path": path,
                    "id": call.id,
                    "version": call.version,
                    "clauses": len(call.clauses),
                    "rules": len(call.rules),
                    "documents": len(call.documents),
                    "defaults": _default_paths(call),
                    "digest": digest(call),
                    "notes": _notes(call),
                }
                for path, call in calls
            ]
        )
        return output.OK
    for path, call in calls:
        count = len(_default_paths(call))
        if args.lang == "en":
            output.say(
                f"{path}: right. {call.id} version {call.version}, {len(call.clauses)} clauses, {len(call.rules)} rules, "
                f"{len(call.documents)} documents, {count} choices that no clause states."
            )
        else:
            output.say(
                f"{path}: 맞습니다. {call.id} {call.version}판, 조항 {len(call.clauses)}개, 규칙 {len(call.rules)}개, "
                f"제출서류 {len(call.documents)}개, 조항에 없는 기본값 {count}개."
            )
        for note in _notes(call):
            output.say(f"  · {output.pick(note, args.lang)}")
    return output.OK


def _diff(args: argparse.Namespace) -> int:
    changes = differences(load_definition(args.old), load_definition(args.new))
    if args.json:
        output.print_json(changes)
        return output.OK
    if not changes:
        output.say("No differences." if args.lang == "en" else "달라진 것이 없습니다.")
        return output.OK
    none = "–"
    output.print_table(
        ("Clause", "Change") if args.lang == "en" else ("조항", "달라진 것"),
        [(change.clause or none, output.pick(change, args.lang)) for change in changes],
    )
    count = len(changes)
    output.say(f"\n{count} changes." if args.lang == "en" else f"\n모두 {count}건이 달라졌습니다.")
    return output.OK
