"""`gongmo rank --call DIR scores.csv`: from score sheets to ranks, ties told, the cut line and the reserve list."""

import argparse
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated

from pydantic import Field, RootModel

from gongmo.cli import output
from gongmo.cli.lists import load, text_of
from gongmo.definition.base import Identifier, Model, Text
from gongmo.definition.loader import load_definition
from gongmo.definition.model import Definition
from gongmo.definition.problems import Problem, Unusable, unusable
from gongmo.kernel.korean import percent
from gongmo.rules.ranking import (
    BadScores,
    Entry,
    Outcome,
    Ranking,
    Standing,
    Tie,
    TieDecision,
    rank,
    read_bonus,
    read_panel,
    read_scores,
)
from gongmo.rules.ranking.admit import Given
from gongmo.rules.ranking.exact import text
from gongmo.rules.stability import Stability, stability

NAME = "rank"
OUTCOMES = {
    Outcome.DECIDED: Text(ko="선정 대상이 정해졌습니다.", en="The selection is decided."),
    Outcome.UNDECIDED: Text(
        ko="선정선에 동점이 있어 아직 정해지지 않았습니다. 평가위원회가 의결해 주세요(--decide).",
        en="A tie stands on the cut line; the committee has to decide (--decide).",
    ),
    Outcome.NOBODY: Text(ko="기준을 넘은 신청이 없습니다.", en="No application passes."),
    Outcome.INTERIM: Text(ko="일부 단계까지의 순위입니다.", en="This ranking covers the first stages only."),
}
STANDINGS = {
    Standing.SELECTED: Text(ko="선정", en="selected"),
    Standing.UNDECIDED: Text(ko="동점, 미정", en="tie, undecided"),
    Standing.RESERVE: Text(ko="예비", en="reserve"),
    Standing.NOT_SELECTED: Text(ko="미선정", en="not selected"),
    Standing.BELOW_CUTOFF: Text(ko="기준 미달", en="below cut-off"),
    Standing.NOT_ADVANCED: Text(ko="다음 단계 제외", en="did not go on"),
    Standing.WITHDRAWN: Text(ko="철회", en="withdrawn"),
    Standing.ADVANCED: Text(ko="다음 단계 진출", en="goes on"),
}


class Decision(Model):
    """A recorded decision of the committee on one tie, as written in the file of `--decide`."""

    order: Annotated[tuple[str, ...], Field(min_length=2)]
    stage: Identifier | None = None
    reason: str = ""


class Decisions(RootModel[tuple[Decision, ...]]):
    """The file of `--decide`: a list of decisions."""


def register(subparsers: output.Subparsers) -> None:
    """Declare the command's arguments."""
    parser = subparsers.add_parser(
        NAME, help="평가 점수로 순위를 매깁니다 / rank applications by their scores"
    )
    parser.add_argument(
        "--call", required=True, type=Path, help="공고 정의 폴더 / directory of the call's definition"
    )
    parser.add_argument(
        "scores", type=Path, help="점수 CSV: application,stage,evaluator,criterion,points[,comment]"
    )
    parser.add_argument("--panel", type=Path, help="위원 배정 CSV: stage,evaluator[,application]")
    parser.add_argument("--bonus", type=Path, help="가점 CSV: application,points[,reason]")
    parser.add_argument(
        "--decide", type=Path, help="동점 의결 YAML: [{order: [a, b], stage: …, reason: …}] / tie decisions"
    )
    parser.add_argument(
        "--withdrawn", action="append", default=[], metavar="ID", help="철회한 신청 / a withdrawn application"
    )
    parser.add_argument(
        "--through", metavar="STAGE", help="이 단계까지만 / rank the stages up to this one only"
    )
    parser.add_argument(
        "--draws",
        type=int,
        default=0,
        metavar="N",
        help="위원을 N번 다시 뽑아 선정 비율을 봅니다 / how often each is selected when evaluators are drawn anew",
    )
    parser.add_argument("--seed", type=int, default=0, help="다시 뽑기의 씨앗값, 기본 0 / seed of the draws")
    output.add_common(parser)


def run(args: argparse.Namespace) -> int:
    """Exit 0 when the selection is decided, 1 on an open tie at the cut line or when nobody passes. Refused rows: Unusable (2)."""
    definition = load_definition(args.call)
    stages = [stage.id for stage in definition.evaluation.scored_stages()]
    if args.through is not None and args.through not in stages:
        raise unusable(
            str(args.call),
            f"점수를 매기는 단계에 ‘{args.through}’가 없습니다. 쓸 수 있는 단계: {', '.join(stages)}.",
            f"There is no scored stage ‘{args.through}’; the stages are {', '.join(stages)}.",
        )
    if args.draws < 0 or args.draws > 100_000:
        raise unusable("--draws", "0에서 100000 사이로 적어 주세요.", "Give a number between 0 and 100000.")
    decisions = load(Decisions, args.decide).root if args.decide else ()
    files: dict[Given, Path] = {
        "scores": args.scores,
        "panel": args.panel,
        "bonus": args.bonus,
        "decisions": args.decide,
    }
    reading: Given | None = "scores"
    try:
        scores = read_scores(text_of(args.scores))
        reading = "panel"
        panel = read_panel(text_of(args.panel)) if args.panel else None
        reading = "bonus"
        bonus = read_bonus(text_of(args.bonus)) if args.bonus else []
        reading = None
        ranking = rank(
            definition,
            scores,
            panel=panel,
            bonus=bonus,
            withdrawn=args.withdrawn,
            tie_decisions=[TieDecision(d.order, d.stage, d.reason) for d in decisions],
            through=args.through,
        )
    except BadScores as error:
        raise _unusable(error, files, reading) from error
    firm = stability(definition, ranking, draws=args.draws, seed=args.seed) if args.draws else None
    if args.json:
        output.print_json({"ranking": ranking, "stability": firm} if firm else {"ranking": ranking})
    else:
        _show(definition, ranking, firm, args.lang)
    return output.OK if ranking.outcome in (Outcome.DECIDED, Outcome.INTERIM) else output.FAILED


def _unusable(error: BadScores, files: Mapping[Given, Path], reading: Given | None) -> Unusable:
    """The problems with their file (the one being read, or the one that each came from) and line.

    The line stands in the place, so the sentences need not say it again.
    """
    return Unusable(
        [
            Problem(
                file=str(files[reading or p.given_in]),
                line=p.row,
                column=None,
                path=p.code,
                observed="",
                expected="",
                ko=p.ko.removeprefix(f"{p.row}행: "),
                en=p.en.removeprefix(f"row {p.row}: "),
            )
            for p in error.problems
        ]
    )


def _show(definition: Definition, ranking: Ranking, firm: Stability | None, lang: str) -> None:
    ko = lang == "ko"
    output.say(f"{output.pick(definition.short_title, lang)} · {output.pick(_method(definition), lang)}")
    output.say(output.pick(OUTCOMES[ranking.outcome], lang))
    output.say()
    stages = [s for s in definition.evaluation.scored_stages() if any(_has(e, s.id) for e in ranking.entries)]
    names = [f"{output.pick(s.name, lang)}({text(s.weight)}%)" for s in stages]
    headers = (
        ["순위", "신청", *names, "가점", "최종", "상태"]
        if ko
        else ["Rank", "Application", *names, "Bonus", "Final", "Standing"]
    )
    if firm is not None:
        headers.append("선정 비율" if ko else "Selected in")
    rows = list(_rows(definition, ranking, [s.id for s in stages], firm, lang))
    output.print_table(headers, rows, right=(0, *range(2, len(stages) + 4)))
    line = ranking.cut_line
    if line.gap is not None:
        output.say()
        output.say(
            f"선정선: {line.places}위까지. 선 위 {line.last_above}점, 선 아래 {line.first_below}점, 차이 {line.gap}점."
            if ko
            else f"Cut line after {line.places}: {line.last_above} above, {line.first_below} below, {line.gap} apart."
        )
    if ranking.reserve:
        output.say(("예비 순위: " if ko else "Reserve list: ") + ", ".join(ranking.reserve))
    for tie in ranking.ties:
        output.say(output.pick(_tie(tie), lang))
    for note in ranking.notes:
        output.say(output.pick(note, lang))
    output.say(("입력 해시: " if ko else "Input hash: ") + ranking.input_hash)


def _has(entry: Entry, stage: str) -> bool:
    return any(score.stage == stage for score in entry.stages)


def _rows(
    definition: Definition, ranking: Ranking, stages: list[str], firm: Stability | None, lang: str
) -> Iterator[list[str]]:
    for entry in ranking.entries:
        shown = {score.stage: str(score.shown) for score in entry.stages}
        row = [
            str(entry.rank) if entry.rank is not None else "–",
            entry.application,
            *(shown.get(stage, "–") for stage in stages),
            text(entry.bonus_counted),
            str(entry.final) if entry.final is not None else "–",
            output.pick(STANDINGS[entry.standing], lang),
        ]
        if firm is not None:
            row.append(percent(firm.shares[entry.application], 1, 1))
        yield row


def _tie(tie: Tie) -> Text:
    names = ", ".join(tie.applications)
    open_ = [", ".join(group) for group in tie.groups if len(group) > 1]
    place_ko = " (선정선에 걸림)" if tie.across_line else ""
    place_en = " (on the cut line)" if tie.across_line else ""
    stage_ko, stage_en = (f"{tie.stage} 단계 ", f" at {tie.stage}") if tie.stage else ("", "")
    ko = f"{stage_ko}동점{place_ko}: {names} — {tie.score}점."
    en = f"Tie{stage_en}{place_en}: {names} with {tie.score}."
    if tie.decided_by is not None:
        ko, en = f"{ko} {tie.decided_by.ko}", f"{en} {tie.decided_by.en}"
    if open_:
        ko += f" 아직 정해지지 않은 동점: {'; '.join(open_)}."
        en += f" Still tied: {'; '.join(open_)}."
    return Text(ko=ko, en=en)


def _method(definition: Definition) -> Text:
    """Averaging, rounding and ties in a line, defaults marked."""
    evaluation = definition.evaluation
    averages = {
        "mean": ("평균", "mean"),
        "trimmed_mean": ("최고·최저 제외 평균", "trimmed mean"),
        "median": ("중앙값", "median"),
    }
    modes = {
        "half_up": ("반올림", "half up"),
        "half_even": ("오사오입", "half even"),
        "down": ("버림", "down"),
    }
    ko, en = averages[evaluation.averaging.method]
    mode_ko, mode_en = modes[evaluation.rounding.mode]

    def mark(is_default: bool) -> tuple[str, str]:
        return ("(기본값)", " (default)") if is_default else ("", "")

    one, two = mark(evaluation.averaging.is_default), mark(evaluation.rounding.is_default)
    places = evaluation.rounding.places
    return Text(
        ko=f"{ko}{one[0]}, 소수 {places}자리 {mode_ko}{two[0]}",
        en=f"{en}{one[1]}, {places} places {mode_en}{two[1]}",
    )
