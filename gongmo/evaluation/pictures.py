"""A ranking as its page shows it: rows with spread and stability, each number's way, ties and near flips in words."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Literal

from gongmo.applications.models import Application
from gongmo.calls.models import Call
from gongmo.definition.base import Based, Text
from gongmo.definition.evaluation import Evaluation
from gongmo.definition.model import Definition
from gongmo.evaluation.inputs import Inputs, definition_by_hash, parse
from gongmo.kernel.korean import percent
from gongmo.rules.ranking import Entry, Ranking, StageScore, Standing
from gongmo.rules.ranking.exact import rounded, text
from gongmo.rules.stability import Flip, closest_flip, stability, weight_stability

DRAWS = 500
"""Draws of a stability picture; fewer where there are so many sheets that the page would wait."""
SHEETS = 100_000
"""Sheets that are looked at over all draws."""
PERCENT = 20
"""By how much a criterion's weight is drawn up or down."""
FAMILIES = {
    Standing.SELECTED: ("done", Text(ko="선정", en="Selected")),
    Standing.UNDECIDED: ("attention", Text(ko="동점", en="Tied")),
    Standing.RESERVE: ("progress", Text(ko="예비", en="Reserve")),
    Standing.NOT_SELECTED: ("stopped", Text(ko="미선정", en="Not selected")),
    Standing.BELOW_CUTOFF: ("stopped", Text(ko="기준 점수 미달", en="Below the cut-off")),
    Standing.NOT_ADVANCED: ("stopped", Text(ko="다음 단계에 오르지 않음", en="Did not go on")),
    Standing.WITHDRAWN: ("stopped", Text(ko="제외·철회", en="Excluded or withdrawn")),
    Standing.ADVANCED: ("progress", Text(ko="다음 단계 진출", en="Goes on")),
}


@dataclass(frozen=True, slots=True)
class WayStage:
    """One stage of an application's way: criteria x evaluators as text, totals, and how they became weighted points."""

    name: Text
    evaluators: tuple[str, ...]
    id: str
    criteria: tuple[tuple[str, Text, str, tuple[str, ...]], ...]
    """(id, name, maximum, points by evaluator)."""
    totals: tuple[tuple[str, str], ...]
    """(total, "highest" | "lowest" | "") by evaluator."""
    method: Text
    mean: str
    weight: str
    weighted: str


@dataclass(frozen=True, slots=True)
class Row:
    """One application in the ranking."""

    application: int
    rank: int | None
    title: str
    region: str
    lead: str
    final: Decimal | None
    spread: tuple[Decimal, ...]
    """Each evaluator's total out of 100, weighted over the stages in which the evaluator scored, two places."""
    family: str
    word: Text
    share: str
    """In what share of draws of the evaluators it is selected, as text; "" where it cannot be."""
    share_weights: str
    """The same with the criteria's weights drawn anew."""
    way: tuple[WayStage, ...]
    exact: str
    bonus: str
    decided_by: Text | None
    tied_with: tuple[str, ...]
    flip: Text | None


TieMatters = Literal["line", "next", "money", "nothing"]
MATTERS: tuple[TieMatters, ...] = ("line", "next", "money", "nothing")
"""What matters most comes first."""


@dataclass(frozen=True, slots=True)
class OpenTie:
    """Applications between which nothing has decided. `matters` says for what: `line`, who is chosen; `next`, who is the first of the
    reserve; `money`, how much each of the selected is given where the allocation goes by rank; `nothing`, that no order among them
    changes any of it (the selected else, or reserves further down, whose turn may never come)."""

    stage: str
    tied: list[tuple[int, str]]
    """(application, title)."""
    matters: TieMatters


def tie_matters(definition: Definition, ranking: Ranking, group: tuple[str, ...]) -> TieMatters:
    """For what the order of an open tie matters."""
    if set(group) & set(ranking.undecided):
        return "line"
    if ranking.reserve and ranking.reserve[0] in group:
        return "next"
    by_rank = definition.allocation is not None and definition.allocation.method == "by_rank"
    return "money" if by_rank and set(group) <= set(ranking.selected) else "nothing"


@dataclass(frozen=True, slots=True)
class RankingView:
    """The page's content. `ties` are the open ones, those that matter most first."""

    rows: tuple[Row, ...]
    unranked: tuple[Row, ...]
    places: int
    low: int
    high: int
    gap: str
    settings: tuple[tuple[Text, bool], ...]
    ties: tuple[OpenTie, ...]
    places_undecided: int
    notes: tuple[Text, ...]
    undecided: bool
    draws: int


@lru_cache(maxsize=16)
def _shares(canonical: str, definition: str) -> tuple[int, dict[str, tuple[str, str]]]:
    """How many draws, and by application its share with other evaluators and with other weights.

    Kept by the inputs: the same inputs always give the same shares.
    """
    inputs = parse(canonical)
    call = definition_by_hash(definition)
    ranking = inputs.rank(call)
    draws = max(20, min(DRAWS, SHEETS // max(1, len(inputs.sheets))))
    others = stability(call, ranking, draws=draws).shares
    weights = weight_stability(call, ranking, draws=draws, percent=PERCENT).shares
    return draws, {
        name: (percent(share, 1, 0), percent(weights[name], 1, 0)) for name, share in others.items()
    }


def ranking_view(call: Call, inputs: Inputs, ranking: Ranking) -> RankingView:
    """What the ranking page shows. One query, whatever the number of applications."""
    definition = definition_by_hash(inputs.definition)
    applications = {
        str(pk): (title, region or "", lead)
        for pk, title, region, lead in Application.objects.filter(call=call).values_list(
            "pk", "title", "region__ko", "lead__name"
        )
    }
    draws, shares = _shares(inputs.canonical(), inputs.definition)
    rows = [
        _row(definition, applications, entry, ranking, shares.get(entry.application, ("", "")))
        for entry in ranking.entries
    ]
    shown = [
        value for row in rows for value in (*row.spread, *((row.final,) if row.final is not None else ()))
    ]
    low = int(min(shown, default=Decimal(0))) // 10 * 10
    gap = ranking.cut_line.gap
    return RankingView(
        rows=tuple(row for row in rows if row.rank is not None),
        unranked=tuple(row for row in rows if row.rank is None),
        places=ranking.cut_line.places,
        low=low,
        high=max(100, int(max(shown, default=Decimal(100))) + 1 if shown and max(shown) > 100 else 100),
        gap="" if gap is None else text(gap),
        settings=tuple((how, default) for _, how, _, default in settings_of(definition.evaluation)),
        ties=tuple(
            sorted(
                (
                    OpenTie(
                        tie.stage or "",
                        [(int(name), applications[name][0]) for name in group],
                        tie_matters(definition, ranking, group),
                    )
                    for tie in ranking.ties
                    for group in tie.groups
                    if len(group) > 1
                ),
                key=lambda open_: MATTERS.index(open_.matters),
            )
        ),
        places_undecided=ranking.places_undecided,
        notes=ranking.notes,
        undecided=bool(ranking.undecided),
        draws=draws,
    )


def _row(
    definition: Definition,
    applications: dict[str, tuple[str, str, str]],
    entry: Entry,
    ranking: Ranking,
    shares: tuple[str, str],
) -> Row:
    title, region, lead = applications[entry.application]
    family, word = FAMILIES[entry.standing]
    return Row(
        application=int(entry.application),
        rank=entry.rank,
        title=title,
        region=region,
        lead=lead,
        final=entry.final,
        spread=_spread(definition, entry),
        family=family,
        word=word,
        share=shares[0],
        share_weights=shares[1],
        way=tuple(way_of(definition, score) for score in entry.stages),
        exact="" if entry.exact is None else finely(definition.evaluation, entry.exact),
        bonus=text(entry.bonus_counted) if entry.bonus_counted else "",
        decided_by=entry.decided_by,
        tied_with=tuple(applications[name][0] for name in entry.tied_with),
        flip=_flip(definition, ranking, entry),
    )


def _spread(definition: Definition, entry: Entry) -> tuple[Decimal, ...]:
    """What each evaluator alone would give: the stage totals out of 100 by the stages' weights, over the evaluator's stages."""
    weights: dict[str, Fraction] = {}
    sums: dict[str, Fraction] = {}
    for score in entry.stages:
        weight = Fraction(score.weight)
        for sheet in score.sheets:
            weights[sheet.evaluator] = weights.get(sheet.evaluator, Fraction(0)) + weight
            sums[sheet.evaluator] = sums.get(sheet.evaluator, Fraction(0)) + sheet.out_of_100 * weight
    return tuple(
        rounded(sums[evaluator] / weights[evaluator], definition.evaluation.rounding)
        for evaluator in sorted(sums)
    )


def way_of(definition: Definition, score: StageScore) -> WayStage:
    evaluation = definition.evaluation
    stage = evaluation.stage(score.stage)
    points = [dict(sheet.points) for sheet in score.sheets]
    methods = {
        "mean": Text(ko="평균", en="mean"),
        "trimmed_mean": Text(ko="최고·최저를 뺀 평균", en="mean without the extremes"),
        "median": Text(ko="중앙값", en="median"),
    }
    return WayStage(
        name=stage.name,
        id=stage.id,
        evaluators=tuple(sheet.evaluator for sheet in score.sheets),
        criteria=tuple(
            (
                criterion.id,
                criterion.name,
                text(criterion.max_points),
                tuple(text(each[criterion.id]) for each in points),
            )
            for criterion in evaluation.criteria_of(stage)
        ),
        totals=tuple((text(sheet.total), sheet.dropped or "") for sheet in score.sheets),
        method=methods[score.method],
        mean=finely(evaluation, score.counted),
        weight=text(score.weight),
        weighted=finely(evaluation, score.weighted),
    )


def finely(evaluation: Evaluation, value: Fraction) -> str:
    """Two places more than the result has, so that a reader who adds up arrives at it."""
    rounding = evaluation.rounding
    return str(rounded(value, rounding.model_copy(update={"places": rounding.places + 2})))


def _flip(definition: Definition, ranking: Ranking, entry: Entry) -> Text | None:
    """How little would turn this row and the one above it round, where they stand on both sides of the cut line."""
    names = [each.application for each in ranking.entries if each.rank is not None]
    places = ranking.cut_line.places
    if len(names) <= places or entry.application != names[places]:
        return None
    found: Flip | None = closest_flip(definition, ranking, names[places - 1], entry.application)
    if found is None:
        return None
    by, higher = text(abs(found.change)), found.change > 0
    return Text(
        ko=f"{found.evaluator}의 {found.criterion} 점수가 {by}점 {'높아지면' if higher else '낮아지면'} 선정선의 순서가 바뀝니다.",
        en=f"{by} points {'more' if higher else 'less'} from {found.evaluator} on {found.criterion} would turn the cut line round.",
    )


MODES = {
    "half_up": Text(ko="반올림", en="rounded half up"),
    "half_even": Text(ko="짝수 반올림", en="rounded half to even"),
    "down": Text(ko="버림", en="rounded down"),
}
METHODS = {
    "mean": Text(ko="위원 점수의 평균", en="mean of the evaluators"),
    "trimmed_mean": Text(ko="최고·최저를 뺀 평균", en="mean without the extremes"),
    "median": Text(ko="중앙값", en="median"),
}


def settings_of(evaluation: Evaluation) -> list[tuple[str, Text, str, bool]]:
    """How scores become ranks: what is settled (Korean), how, its clause ("기본값" for none), and whether it is a default."""
    stages = evaluation.scored_stages()
    weights = Text(
        ko=" + ".join(f"{stage.name.ko} {text(stage.weight)}" for stage in stages),
        en=" + ".join(f"{stage.name.en} {text(stage.weight)}" for stage in stages),
    )
    mode, places = MODES[evaluation.rounding.mode], evaluation.rounding.places
    at = " (단계마다)" if evaluation.rounding.at == "stage" else ""
    names = [*evaluation.ties.criteria, *(evaluation.stage(each).name.ko for each in evaluation.ties.stages)]
    ties = (
        Text(ko=f"동점: {', '.join(names)} 순서", en="ties: set order of criteria")
        if names
        else Text(ko="동점: 위원회 의결", en="ties: the committee")
    )
    found: list[tuple[str, Text, Based]] = [
        ("단계와 가중치", weights, stages[0]),
        ("위원 점수를 모으는 방법", METHODS[evaluation.averaging.method], evaluation.averaging),
        (
            "끝수 처리",
            Text(ko=f"{mode.ko} 소수 {places}자리{at}", en=f"{mode.en}, {places} places"),
            evaluation.rounding,
        ),
        ("동점 처리", ties, evaluation.ties),
    ]
    for cutoff in evaluation.cutoffs:
        of = "최종 점수" if cutoff.of == "final" else "단계 점수"
        found.append(
            (
                "기준 점수",
                Text(ko=f"{of} {text(cutoff.points)}점 이상", en=f"at least {text(cutoff.points)} points"),
                cutoff,
            )
        )
    if evaluation.bonus is not None:
        most = text(evaluation.bonus.max_points)
        found.append(
            ("가점", Text(ko=f"가점 합계 {most}점까지", en=f"bonus up to {most} points"), evaluation.bonus)
        )
    return [(what, how, based.clause or "기본값", based.is_default) for what, how, based in found]
