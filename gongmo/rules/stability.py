"""How firmly a ranking stands: would other evaluators have chosen the same, and how little would turn two neighbours round.

Both look at a finished ranking and change nothing in it. They are aids to the committee; no clause rests on them.
"""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from gongmo.definition.evaluation import Evaluation
from gongmo.definition.model import Definition
from gongmo.rules.ranking import Entry, Ranking, StageScore, exact
from gongmo.rules.ranking.stage import method_for


@dataclass(frozen=True, slots=True)
class Stability:
    """Share of draws in which each application is among the selected. The same seed gives the same shares on every machine."""

    draws: int
    seed: int
    shares: Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class Flip:
    """The smallest change of one evaluator's points on one criterion that puts `below` above `above`.

    `application` is the one whose points change, from `points` by `change` to `points + change`.
    """

    above: str
    below: str
    application: str
    stage: str
    evaluator: str
    criterion: str
    points: Decimal
    change: Decimal


def stability(definition: Definition, ranking: Ranking, *, draws: int = 1000, seed: int = 0) -> Stability:
    """Draw each stage's evaluators anew, with replacement, and count how often each application would be selected.

    An application of which none of the drawn evaluators has a sheet keeps its own. A tie on the cut line counts as the share of the
    places that are left for it. Applications without all scores count as never selected. Cut-offs, bonus, trimming and
    rounding hold as in the ranking; who goes on from a stage is not drawn anew.
    """
    if draws < 1:
        raise ValueError("at least one draw is needed")
    evaluation = definition.evaluation
    drawn = random.Random(seed)  # noqa: S311 - a simulation that has to be repeatable, not a secret
    entries = [entry for entry in ranking.entries if entry.final is not None]
    stages = [stage.stage for stage in entries[0].stages] if entries else []
    pools = {
        stage: sorted(
            {sheet.evaluator for e in entries for s in e.stages if s.stage == stage for sheet in s.sheets}
        )
        for stage in stages
    }
    totals = {
        (entry.application, score.stage): {sheet.evaluator: sheet.total for sheet in score.sheets}
        for entry in entries
        for score in entry.stages
    }
    counts = {entry.application: Fraction(0) for entry in ranking.entries}
    for _ in range(draws):
        chosen = {stage: drawn.choices(pool, k=len(pool)) for stage, pool in pools.items()}
        finals: dict[str, Decimal] = {}
        for entry in entries:
            value, lawful = Fraction(entry.bonus_counted), True
            for score in entry.stages:
                own = totals[entry.application, score.stage]
                points = [own[name] for name in chosen[score.stage] if name in own] or list(own.values())
                counted = _counted(evaluation, score, points)
                lawful = lawful and _passes(evaluation, score, counted)
                value += counted * Fraction(score.weight) / 100
            final = exact.rounded(value, evaluation.rounding)
            if lawful and all(final >= c.points for c in evaluation.cutoffs if c.of == "final"):
                finals[entry.application] = final
        for name, share in _chosen(finals, definition.selection.count):
            counts[name] += share
    return Stability(draws, seed, {name: count / draws for name, count in counts.items()})


def weight_stability(
    definition: Definition, ranking: Ranking, *, draws: int = 1000, seed: int = 0, percent: int = 20
) -> Stability:
    """Draw the criteria's weights anew, each evenly within so many percent of its own, and count how often each application would be selected.

    Every evaluator's points on a criterion stay the same share of its maximum. Cut-offs, bonus, averaging, trimming and rounding hold
    as in the ranking; the stages' weights stand.
    """
    if draws < 1 or not 0 <= percent < 100:
        raise ValueError("at least one draw, and less than 100 percent")
    evaluation = definition.evaluation
    drawn = random.Random(seed)  # noqa: S311 - a simulation that has to be repeatable, not a secret
    most = evaluation.criterion_map()
    entries = [entry for entry in ranking.entries if entry.final is not None]
    # Points as whole thousandths, so that a draw is nothing but products of whole numbers.
    sheets = {
        (entry.application, score.stage): [
            [(name, int(given * 1000)) for name, given in sheet.points] for sheet in score.sheets
        ]
        for entry in entries
        for score in entry.stages
    }
    full = {name: int(criterion.max_points * 1000) for name, criterion in most.items()}
    counts = {entry.application: Fraction(0) for entry in ranking.entries}
    for _ in range(draws):
        weight = {name: drawn.randint(100 - percent, 100 + percent) for name in full}
        whole: dict[str, int] = {}
        finals: dict[str, Decimal] = {}
        for entry in entries:
            value, lawful = Fraction(entry.bonus_counted), True
            for score in entry.stages:
                given = sheets[entry.application, score.stage]
                if score.stage not in whole:
                    whole[score.stage] = sum(full[name] * weight[name] for name, _ in given[0])
                totals = [
                    Fraction(sum(points * weight[name] for name, points in sheet)) / whole[score.stage] * 100
                    for sheet in given
                ]
                counted = _mean(evaluation, totals)
                lawful = lawful and _passes(evaluation, score, counted)
                value += counted * Fraction(score.weight) / 100
            final = exact.rounded(value, evaluation.rounding)
            if lawful and all(final >= c.points for c in evaluation.cutoffs if c.of == "final"):
                finals[entry.application] = final
        for name, share in _chosen(finals, definition.selection.count):
            counts[name] += share
    return Stability(draws, seed, {name: count / draws for name, count in counts.items()})


def _mean(evaluation: Evaluation, totals: Sequence[Fraction]) -> Fraction:
    """Totals out of 100 as the ranking would count them."""
    ordered = sorted(totals)
    method = method_for(evaluation.averaging, len(ordered))
    if method == "trimmed_mean":
        ordered = ordered[evaluation.averaging.lowest : len(ordered) - evaluation.averaging.highest]
    elif method == "median":
        middle = (len(ordered) - 1) // 2
        ordered = ordered[middle : len(ordered) - middle]
    value = sum(ordered, Fraction(0)) / len(ordered)
    return Fraction(exact.rounded(value, evaluation.rounding)) if evaluation.rounding.at == "stage" else value


def _counted(evaluation: Evaluation, score: StageScore, totals: Sequence[Decimal]) -> Fraction:
    """A stage's score out of 100 for other totals of the same sheets, as the ranking itself would count it."""
    method = method_for(evaluation.averaging, len(totals))
    ordered = sorted(totals)
    if method == "trimmed_mean":
        ordered = ordered[evaluation.averaging.lowest : len(ordered) - evaluation.averaging.highest]
    elif method == "median":
        middle = (len(ordered) - 1) // 2
        ordered = ordered[middle : len(ordered) - middle]
    value = Fraction(exact.add(ordered)) / len(ordered) * 100 / Fraction(score.maximum)
    return Fraction(exact.rounded(value, evaluation.rounding)) if evaluation.rounding.at == "stage" else value


def _passes(evaluation: Evaluation, score: StageScore, counted: Fraction) -> bool:
    mean = counted * Fraction(score.maximum) / 100
    return all(
        mean >= cutoff.points
        for cutoff in evaluation.cutoffs
        if cutoff.of == "stage" and cutoff.stage in (None, score.stage)
    )


def _chosen(finals: Mapping[str, Decimal], count: int) -> Iterable[tuple[str, Fraction]]:
    by_score: dict[Decimal, list[str]] = {}
    for name, final in finals.items():
        by_score.setdefault(final, []).append(name)
    left = count
    for final in sorted(by_score, reverse=True):
        if left <= 0:
            return
        names = by_score[final]
        share = min(Fraction(left, len(names)), Fraction(1))
        yield from ((name, share) for name in names)
        left -= len(names)


def closest_flip(definition: Definition, ranking: Ranking, above: str, below: str) -> Flip | None:
    """The smallest change of one number on one sheet that puts `below` strictly above `above`; None: no single one does.

    Changes are whole point steps within a criterion's maximum. Among equally small ones: the stage of more weight, then
    the criterion of more points. Raises KeyError for an unknown application, ValueError for one without a final score.
    """
    upper, lower = ranking.entry(above), ranking.entry(below)
    if upper.final is None or lower.final is None:
        raise ValueError("both applications need a final score")
    evaluation = definition.evaluation
    best: tuple[tuple[object, ...], Flip] | None = None
    for entry, sign in ((upper, -1), (lower, 1)):
        other = lower if entry is upper else upper
        for number, score in enumerate(entry.stages):
            for sheet in score.sheets:
                for criterion, points, most in _rooms(evaluation, sheet.points, sign):
                    change = _least(definition, entry, other, number, sheet.evaluator, most, sign)
                    if change is None:
                        continue
                    flip = Flip(
                        above,
                        below,
                        entry.application,
                        score.stage,
                        sheet.evaluator,
                        criterion,
                        points,
                        change,
                    )
                    size = evaluation.criterion_map()[criterion].max_points
                    rank = (abs(change), -score.weight, -size, entry.application, sheet.evaluator, criterion)
                    if best is None or rank < best[0]:
                        best = (rank, flip)
    return best[1] if best is not None else None


def flips(definition: Definition, ranking: Ranking) -> tuple[Flip, ...]:
    """The closest flip of every pair of neighbours in the final order, where there is one."""
    ranked = [
        entry.application for entry in ranking.entries if entry.rank is not None and entry.final is not None
    ]
    found = (closest_flip(definition, ranking, one, other) for one, other in pairwise(ranked))
    return tuple(flip for flip in found if flip is not None)


def _rooms(
    evaluation: Evaluation, points: Sequence[tuple[str, Decimal]], sign: int
) -> list[tuple[str, Decimal, Decimal]]:
    """Criterion, points and how far they can move in a direction. Of criteria with the same room the largest one only."""
    found: dict[Decimal, tuple[str, Decimal, Decimal]] = {}
    criteria = evaluation.criterion_map()
    for name, given in sorted(points, key=lambda pair: (-criteria[pair[0]].max_points, pair[0])):
        room = criteria[name].max_points - given if sign > 0 else given
        found.setdefault(room, (name, given, room))
    return list(found.values())


def _least(
    definition: Definition, entry: Entry, other: Entry, stage: int, evaluator: str, most: Decimal, sign: int
) -> Decimal | None:
    """The least change on one sheet, at most `most`, that turns the two round. A final score is monotone in every point."""
    evaluation = definition.evaluation
    step = evaluation.point_step.step
    rival = other.final or Decimal(0)

    def turned(steps: int) -> bool:
        final = _final_with(evaluation, entry, stage, evaluator, sign * step * steps)
        return final > rival if sign > 0 else final < rival

    low, high = 0, int(most // step)
    if high == 0 or not turned(high):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if turned(middle) else (middle, high)
    return sign * step * high


def _final_with(evaluation: Evaluation, entry: Entry, stage: int, evaluator: str, change: Decimal) -> Decimal:
    value = Fraction(entry.bonus_counted)
    for number, score in enumerate(entry.stages):
        if number != stage:
            value += score.weighted
            continue
        totals = [sheet.total + (change if sheet.evaluator == evaluator else 0) for sheet in score.sheets]
        value += _counted(evaluation, score, totals) * Fraction(score.weight) / 100
    return exact.rounded(value, evaluation.rounding)


__all__ = ["Flip", "Stability", "closest_flip", "flips", "stability", "weight_stability"]
