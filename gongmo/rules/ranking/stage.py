"""A stage's score of one application: totals out of 100, averaged as the definition says."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from gongmo.definition.evaluation import Averaging, Criterion, Evaluation, Stage
from gongmo.rules.ranking import exact
from gongmo.rules.ranking.admit import Cells
from gongmo.rules.ranking.values import CutoffSeen, Sheet, StageScore

Method = Literal["mean", "trimmed_mean", "median"]


def method_for(averaging: Averaging, count: int) -> Method:
    """The method that really applies to so many evaluators: trimming needs its least number and someone left over."""
    if averaging.method != "trimmed_mean":
        return averaging.method
    if count < averaging.minimum_evaluators or count <= averaging.highest + averaging.lowest:
        return "mean"
    return "trimmed_mean"


def dropped(totals: Mapping[str, Decimal], averaging: Averaging) -> dict[str, Literal["highest", "lowest"]]:
    """Whose totals a trimmed mean leaves out: of tied extremes only as many as are to be dropped, by name."""
    rising = sorted(totals, key=lambda evaluator: (totals[evaluator], evaluator))
    found: dict[str, Literal["highest", "lowest"]] = dict.fromkeys(rising[: averaging.lowest], "lowest")
    found.update(dict.fromkeys(rising[len(rising) - averaging.highest :], "highest"))
    return found


def _average(values: list[Decimal], method: Method) -> Fraction:
    if method == "median":
        ordered = sorted(values)
        middle = len(ordered) // 2
        if len(ordered) % 2:
            return Fraction(ordered[middle])
        return Fraction(exact.add(ordered[middle - 1 : middle + 1])) / 2
    return Fraction(exact.add(values)) / len(values)


def stage_score(
    evaluation: Evaluation, stage: Stage, criteria: tuple[Criterion, ...], sheets: Mapping[str, Cells]
) -> StageScore:
    """The score of complete sheets (at least one), with every number on the way."""
    maximum = exact.add(criterion.max_points for criterion in criteria)
    names = sorted(sheets)
    totals = {name: exact.add(sheets[name].values()) for name in names}
    method = method_for(evaluation.averaging, len(names))
    out = dropped(totals, evaluation.averaging) if method == "trimmed_mean" else {}
    mean = _average([totals[name] for name in names if name not in out], method)
    full = Fraction(maximum)
    value = mean * 100 / full
    shown = exact.rounded(value, evaluation.rounding)
    counted = Fraction(shown) if evaluation.rounding.at == "stage" else value
    return StageScore(
        stage=stage.id,
        maximum=maximum,
        sheets=tuple(
            Sheet(
                evaluator=name,
                points=tuple((criterion.id, sheets[name][criterion.id]) for criterion in criteria),
                total=totals[name],
                out_of_100=Fraction(totals[name]) * 100 / full,
                dropped=out.get(name),
            )
            for name in names
        ),
        method=method,
        exact=value,
        shown=shown,
        counted=counted,
        weight=stage.weight,
        weighted=counted * Fraction(stage.weight) / 100,
        cutoffs=tuple(
            CutoffSeen(stage.id, cutoff.points, counted * full / 100, counted * full / 100 >= cutoff.points)
            for cutoff in evaluation.cutoffs
            if cutoff.of == "stage" and cutoff.stage in (None, stage.id)
        ),
    )


def criterion_mean(scores: Iterable[StageScore], criterion: str) -> Fraction:
    """A criterion's weight in a tie: its mean over ALL evaluators of a stage, times the stage's weight, over the stages.

    All evaluators, because which of two tied extremes a trimmed mean drops is arbitrary and must not decide a rank.
    """
    total = Fraction(0)
    for score in scores:
        points = [dict(sheet.points)[criterion] for sheet in score.sheets if criterion in dict(sheet.points)]
        if points:
            total += Fraction(exact.add(points)) / len(points) * Fraction(score.weight) / 100
    return total
