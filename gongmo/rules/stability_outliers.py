"""How far the evaluators of a locked stage lie apart, and what each sheet that stands out does to the result.

Aids for the committee and for whoever has to defend the result; no clause rests on them, and nothing is changed by them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from gongmo.definition.evaluation import Evaluation
from gongmo.definition.model import Definition
from gongmo.rules.ranking import Ranking, StageScore, exact
from gongmo.rules.ranking.stage import method_for

FAR = Fraction(15)
"""Points out of 100 by which a sheet's total has to lie off the median of the others to stand out."""
WIDE = 2
"""Or this many times the others' middle distance from their median, where that is more."""


@dataclass(frozen=True, slots=True)
class Spread:
    """The points of all sheets of a stage on one criterion: least, quartiles and most, as shares of the maximum, and how many."""

    criterion: str
    least: Fraction
    lower: Fraction
    middle: Fraction
    upper: Fraction
    most: Fraction
    count: int


@dataclass(frozen=True, slots=True)
class Outlier:
    """A sheet far off the others, and what stood without it: the stage's score (out of 100), the final score, rank and whether the
    application stood among the selected. None where the ranking is not known yet."""

    application: str
    stage: str
    evaluator: str
    total: Fraction
    others: Fraction
    score: Fraction
    score_without: Fraction
    rank: int | None = None
    rank_without: int | None = None
    selected: bool | None = None
    selected_without: bool | None = None


def spreads(evaluation: Evaluation, scores: Sequence[StageScore]) -> tuple[Spread, ...]:
    """The spread on each criterion of one stage over all applications. Empty without sheets."""
    points: dict[str, list[Fraction]] = {}
    most = evaluation.criterion_map()
    for score in scores:
        for sheet in score.sheets:
            for name, given in sheet.points:
                points.setdefault(name, []).append(Fraction(given) / Fraction(most[name].max_points))
    return tuple(_spread(name, sorted(found)) for name, found in points.items())


def _spread(name: str, found: list[Fraction]) -> Spread:
    return Spread(name, found[0], _at(found, 1), _at(found, 2), _at(found, 3), found[-1], len(found))


def _at(ordered: Sequence[Fraction], quarter: int) -> Fraction:
    """A quartile, between neighbours in proportion."""
    place = Fraction(quarter * (len(ordered) - 1), 4)
    low = place.numerator // place.denominator
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def outliers(definition: Definition, ranking: Ranking, stage: str) -> tuple[Outlier, ...]:
    """The sheets of a stage that stand out, farthest first, with what stood without each.

    `ranking` may be one of the first stages only; then ranks and selection are None. Fewer than three sheets have no outlier.
    """
    found = []
    finals = {entry.application: entry.final for entry in ranking.entries if entry.rank is not None}
    for entry in ranking.entries:
        for score in entry.stages:
            if score.stage != stage or len(score.sheets) < 3:
                continue
            for sheet in score.sheets:
                others = sorted(each.out_of_100 for each in score.sheets if each is not sheet)
                middle = _at(others, 2)
                spread = _at(sorted(abs(each - middle) for each in others), 2)
                if abs(sheet.out_of_100 - middle) <= max(FAR, WIDE * spread):
                    continue
                without = _without(definition.evaluation, score, sheet.evaluator)
                rank, selected, rank_then, selected_then = None, None, None, None
                if entry.final is not None and entry.rank is not None and ranking.through is None:
                    value = Fraction(entry.bonus_counted) + sum(
                        (each.weighted for each in entry.stages if each is not score), Fraction(0)
                    )
                    value += without * Fraction(score.weight) / 100
                    final = exact.rounded(value, definition.evaluation.rounding)
                    better = sum(
                        other > final
                        for name, other in finals.items()
                        if name != entry.application and other is not None
                    )
                    rank, rank_then = entry.rank, better + 1
                    selected, selected_then = (
                        entry.application in ranking.selected,
                        rank_then <= definition.selection.count,
                    )
                found.append(
                    Outlier(
                        entry.application,
                        stage,
                        sheet.evaluator,
                        sheet.out_of_100,
                        middle,
                        score.exact,
                        without,
                        rank,
                        rank_then,
                        selected,
                        selected_then,
                    )
                )
    return tuple(
        sorted(found, key=lambda each: (-abs(each.total - each.others), each.application, each.evaluator))
    )


def _without(evaluation: Evaluation, score: StageScore, evaluator: str) -> Fraction:
    """The stage's score without one evaluator, counted as the definition says for so many as are left."""
    totals = sorted(sheet.total for sheet in score.sheets if sheet.evaluator != evaluator)
    method = method_for(evaluation.averaging, len(totals))
    if method == "trimmed_mean":
        totals = totals[evaluation.averaging.lowest : len(totals) - evaluation.averaging.highest]
    elif method == "median":
        middle = (len(totals) - 1) // 2
        totals = totals[middle : len(totals) - middle]
    value = Fraction(exact.add(totals)) / len(totals) * 100 / Fraction(score.maximum)
    return Fraction(exact.rounded(value, evaluation.rounding)) if evaluation.rounding.at == "stage" else value


__all__ = ["FAR", "Outlier", "Spread", "outliers", "spreads"]
