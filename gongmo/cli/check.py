"""`gongmo check --call DIR application.yaml`: every rule of the call on one application file."""

import argparse
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import gongmo
from gongmo.cli import output
from gongmo.definition.application import Application
from gongmo.definition.base import Severity, Text
from gongmo.definition.loader import load_application, load_definition
from gongmo.definition.model import Definition
from gongmo.definition.problems import unusable
from gongmo.definition.source import DEFINITION_LIMIT, read
from gongmo.rules.check import check
from gongmo.rules.finding import Finding, Status, SubjectKind, Verdict, verdict
from gongmo.rules.form import asked
from gongmo.rules.regions import RegionTable

NAME = "check"
REGIONS = Path(gongmo.__file__).parent / "parties" / "data" / "regions.yaml"
STATUS = {
    Status.PASS: Text(ko="맞음", en="pass"),
    Status.FAIL: Text(ko="어긋남", en="fail"),
    Status.UNKNOWN: Text(ko="미확인", en="unknown"),
    Status.NOT_APPLICABLE: Text(ko="해당 없음", en="n/a"),
}
ADVICE = Text(ko="참고", en="note")
OPEN = (Status.FAIL, Status.UNKNOWN)
VERDICT = {
    Verdict.PASS: Text(ko="모든 규칙에 맞습니다.", en="Every rule is kept."),
    Verdict.FAIL: Text(ko="규칙에 어긋난 곳이 있습니다.", en="Some rules are broken."),
    Verdict.UNKNOWN: Text(
        ko="어긋난 곳은 없지만 아직 확인되지 않은 것이 있습니다.",
        en="No rule is broken, but some answers are not known yet.",
    ),
}
HEADERS = {
    "ko": ("판정", "조항", "규칙", "대상", "확인한 값", "기준"),
    "en": ("Verdict", "Clause", "Rule", "Subject", "Observed", "Required"),
}


def register(subparsers: output.Subparsers) -> None:
    """Declare the command's arguments."""
    parser = subparsers.add_parser(
        NAME, help="신청서를 공고의 규칙에 비추어 봅니다 / check an application against the call's rules"
    )
    parser.add_argument(
        "--call", required=True, type=Path, help="공고 정의 폴더 / directory of the call's definition"
    )
    parser.add_argument("application", type=Path, help="신청서 파일(YAML 또는 JSON) / application file")
    parser.add_argument(
        "--at",
        type=output.instant,
        help="이 시각을 지금으로 봅니다. 없으면 아직 오지 않은 것은 미확인입니다 / judge as of this instant",
    )
    parser.add_argument(
        "--regions", type=Path, help="지역 표 파일, 기본은 내장 표 / file of the region table"
    )
    parser.add_argument(
        "--all",
        action="store_true",
        help="맞은 것도 하나씩 모두 보입니다 / list every finding, not only what fails or is unknown",
    )
    output.add_common(parser)


def run(args: argparse.Namespace) -> int:
    """Exit 0 when every blocking rule passes or does not apply, 1 when one fails or is unknown. Unusable input raises (exit 2)."""
    definition = load_definition(args.call)
    application = load_application(args.application)
    findings = check(definition, application, regions=region_table(args.regions), at=args.at)
    found = verdict(findings)
    if args.json:
        output.print_json(as_json(application, findings))
    else:
        _show(definition, application, findings, lang=args.lang, everything=args.all)
    return output.OK if found is Verdict.PASS else output.FAILED


def region_table(path: Path | None) -> RegionTable | None:
    """The region table of a file, or the built-in one; None where this installation has none. Raises Unusable."""
    if path is None and not REGIONS.is_file():
        return None
    file = path or REGIONS
    rows = read(file, DEFINITION_LIMIT).value
    if isinstance(rows, Mapping):
        rows = rows.get("regions")
    try:
        return RegionTable.from_rows(rows or ())
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise unusable(
            str(file),
            f"지역 표를 읽을 수 없습니다. code, ko, en, kind, valid_from, valid_to, successor를 적어 주세요. ({error})",
            f"The region table is not usable; write code, ko, en, kind, valid_from, valid_to and successor. ({error})",
            expected="code, ko, en, kind, valid_from, valid_to, successor",
        ) from error


def as_json(application: Application, findings: Sequence[Finding]) -> dict[str, Any]:
    """The verdict, the count of each status and every finding."""
    return {
        "call": application.call,
        "application": application.title,
        "verdict": verdict(findings),
        "counts": {status.value: sum(f.status is status for f in findings) for status in Status},
        "findings": list(findings),
    }


def _show(
    call: Definition, application: Application, findings: Sequence[Finding], *, lang: str, everything: bool
) -> None:
    output.say(f"{output.pick(call.short_title, lang)} · {application.title}")
    output.say(output.pick(VERDICT[verdict(findings)], lang))
    output.say()
    names = _names(call, application, lang)
    ordered = sorted(findings, key=_urgency)
    open_ = [f for f in ordered if f.status in OPEN]
    if listed := ordered if everything else open_:
        output.print_table(HEADERS[lang], [_row(finding, names, lang) for finding in listed])
    if not everything and len(open_) < len(ordered):
        if open_:
            output.say()
        output.say(_summed_up(ordered[len(open_) :], lang))
    if not open_:
        return
    output.heading("고치거나 확인할 것" if lang == "ko" else "To mend or to find out")
    for number, finding in enumerate(open_, 1):
        output.say(f"{number}. [{_word(finding, lang)}] {output.pick(finding.message, lang)}")
        if finding.remedy is not None:
            output.say(f"   → {output.pick(finding.remedy, lang)}")


def _word(finding: Finding, lang: str) -> str:
    advice = finding.severity is Severity.ADVISORY and finding.status is not Status.PASS
    return output.pick(ADVICE if advice else STATUS[finding.status], lang)


def _clause(finding: Finding, lang: str) -> str:
    if finding.clause is not None:
        return finding.clause
    return "기본값" if lang == "ko" else "default"


def _names(call: Definition, application: Application, lang: str) -> dict[str, str]:
    """What the ids of subjects are called: organisations, years, channels, and the questions at their places."""
    names = {each.id: each.name for each in application.organisations}
    names |= {str(year.year): output.pick(year.name, lang) for year in call.budget.years}
    names |= {channel.id: output.pick(channel.name, lang) for channel in call.intake.channels}
    for item in asked(call, (each.id for each in call.fields)):
        names |= dict.fromkeys((item.place, *item.places), output.pick(item.name, lang))
    return names


def _urgency(finding: Finding) -> tuple[bool, bool, bool]:
    """What fails stands first, then what is unknown, then their like that decide nothing; then what is well."""
    open_ = finding.status in OPEN
    return (
        not open_,
        open_ and finding.severity is Severity.ADVISORY,
        open_ and finding.status is not Status.FAIL,
    )


def _by_number(clause: tuple[str, int]) -> list[tuple[int, str]]:
    """A-3 before A-15."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", clause[0])]


def _summed_up(findings: Sequence[Finding], lang: str) -> str:
    """What is well: how many of each verdict, by clauses, and how to see each."""
    told = []
    for status in (Status.PASS, Status.NOT_APPLICABLE):
        clauses = Counter(_clause(finding, lang) for finding in findings if finding.status is status)
        if clauses:
            of = ", ".join(f"{clause} {count:,}" for clause, count in sorted(clauses.items(), key=_by_number))
            word, count = output.pick(STATUS[status], lang), clauses.total()
            told.append(f"{word} {count:,}건 ({of})" if lang == "ko" else f"{word} {count:,} ({of})")
    return "\n".join(
        [*told, "하나씩 보려면 --all을 붙여 주세요." if lang == "ko" else "Add --all to see each."]
    )


def _row(finding: Finding, names: Mapping[str, str], lang: str) -> tuple[str, ...]:
    subject = finding.subject
    if subject.kind is SubjectKind.DOCUMENT:
        where = names.get(subject.organisation or "", "")
    elif subject.kind is SubjectKind.CELL:
        # A cell's own key is what `gongmo fit --keep` takes.
        where = subject.id
    else:
        where = names.get(subject.id, subject.id)
    if not where:
        whole = ("사업비", "budget") if subject.kind is SubjectKind.BUDGET else ("신청서", "application")
        where = whole[0 if lang == "ko" else 1]
    return (
        _word(finding, lang),
        _clause(finding, lang),
        output.pick(finding.title, lang),
        where,
        output.pick(finding.observed, lang),
        output.pick(finding.required, lang),
    )
