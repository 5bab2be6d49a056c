"""Order by score, with every tie told: broken by what the definition names, by a recorded decision, or not at all."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from gongmo.definition.base import Text
from gongmo.definition.evaluation import Evaluation
from gongmo.rules.ranking.stage import criterion_mean
from gongmo.rules.ranking.values import CutLine, StageScore, Tie, TieDecision

Scored = Mapping[str, Sequence[StageScore]]
"""The stage scores of each application."""


@dataclass(frozen=True, slots=True)
class Order:
    """Groups in order, best first. A group of several is an open tie. `line` splits them."""

    groups: tuple[tuple[str, ...], ...]
    ties: tuple[Tie, ...]
    above: tuple[str, ...]
    on_line: tuple[str, ...]
    below: tuple[str, ...]
    places_on_line: int
    cut_line: CutLine
    decided_by: Mapping[str, Text]
    used: frozenset[TieDecision]


def order(
    evaluation: Evaluation,
    values: Mapping[str, Fraction],
    shown: Mapping[str, Decimal],
    scored: Scored,
    places: int,
    decisions: Sequence[TieDecision],
    stage: str | None,
) -> Order:
    """Order applications by `values`, highest first; `places` of them lie above the line.

    `decisions` are those recorded for this stage (or the final order); each is used only where it names exactly one open tie.
    """
    by_value: dict[Fraction, list[str]] = {}
    for name in sorted(values):
        by_value.setdefault(values[name], []).append(name)
    by_names = {frozenset(decision.order): decision for decision in decisions}
    groups: list[tuple[str, ...]] = []
    found: list[tuple[tuple[str, ...], list[tuple[str, ...]], Text | None]] = []
    why: dict[str, Text] = {}
    used: set[TieDecision] = set()
    for value in sorted(by_value, reverse=True):
        names = by_value[value]
        if len(names) == 1:
            groups.append((names[0],))
            continue
        settled: list[tuple[str, ...]] = []
        reasons: list[Text] = []
        for part, reason in _broken(evaluation, names, scored, stage):
            decision = by_names.get(frozenset(part)) if len(part) > 1 else None
            if decision is not None:
                used.add(decision)
                reason = _by_committee(decision)
                settled += [(name,) for name in decision.order]
            else:
                settled.append(part)
            if reason is not None:
                why.update(dict.fromkeys(part, reason))
                if reason not in reasons:
                    reasons.append(reason)
        told = (
            Text(ko=" ".join(r.ko for r in reasons), en=" ".join(r.en for r in reasons)) if reasons else None
        )
        groups += settled
        found.append((tuple(names), settled, told))
    above, on_line, below, places_left = _cut(groups, places)
    ties = tuple(
        Tie(
            stage=stage,
            applications=names,
            score=shown[names[0]],
            groups=tuple(settled),
            across_line=bool(on_line) and on_line in settled,
            decided_by=told,
        )
        for names, settled, told in found
    )
    first_out = on_line[:1] or below[:1]
    last_in = on_line[:1] or above[-1:]
    last_score = shown[last_in[0]] if last_in else None
    next_score = shown[first_out[0]] if first_out else None
    gap = last_score - next_score if last_score is not None and next_score is not None else None
    return Order(
        groups=tuple(groups),
        ties=ties,
        above=above,
        on_line=on_line,
        below=below,
        places_on_line=places_left,
        cut_line=CutLine(places, last_score, next_score, gap),
        decided_by=why,
        used=frozenset(used),
    )


def _cut(
    groups: Sequence[tuple[str, ...]], places: int
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], int]:
    above: list[str] = []
    on_line: tuple[str, ...] = ()
    below: list[str] = []
    left = places
    for group in groups:
        if left >= len(group):
            above += group
            left -= len(group)
        elif left > 0 and not on_line:
            on_line = group
            places_on_line = left
            left = 0
        else:
            left = 0
            below += group
    return tuple(above), on_line, tuple(below), places_on_line if on_line else 0


def _broken(
    evaluation: Evaluation, names: Sequence[str], scored: Scored, stage: str | None
) -> list[tuple[tuple[str, ...], Text | None]]:
    """A tie split by the definition's tie-break, each part with the reason (None: nothing told them apart)."""
    parts: list[tuple[tuple[str, ...], Text | None]] = [(tuple(names), None)]
    for label, value in _breakers(evaluation, scored, stage):
        split: list[tuple[tuple[str, ...], Text | None]] = []
        for part, reason in parts:
            by_value: dict[Fraction, list[str]] = {}
            for name in part:
                by_value.setdefault(value(name), []).append(name)
            if len(by_value) == 1:
                split.append((part, reason))
            else:
                split += [(tuple(by_value[v]), label) for v in sorted(by_value, reverse=True)]
        parts = split
    return parts


def _breakers(
    evaluation: Evaluation, scored: Scored, stage: str | None
) -> list[tuple[Text, Callable[[str], Fraction]]]:
    found: list[tuple[Text, Callable[[str], Fraction]]] = []
    names = evaluation.criterion_map()
    for criterion in evaluation.ties.criteria:
        name = names[criterion].name
        label = Text(
            ko=f"동점 처리 기준에 따라 ‘{name.ko}’({criterion}) 점수로 순서를 정했습니다.",
            en=f"The tie-break on “{name.en}” ({criterion}) put them in order.",
        )
        found.append((label, _criterion(scored, criterion)))
    if stage is None:
        for stage_id in evaluation.ties.stages:
            name = evaluation.stage(stage_id).name
            label = Text(
                ko=f"동점 처리 기준에 따라 ‘{name.ko}’ 점수로 순서를 정했습니다.",
                en=f"The tie-break on the score of “{name.en}” put them in order.",
            )
            found.append((label, _stage(scored, stage_id)))
    return found


def _criterion(scored: Scored, criterion: str) -> Callable[[str], Fraction]:
    return lambda name: criterion_mean(scored[name], criterion)


def _stage(scored: Scored, stage: str) -> Callable[[str], Fraction]:
    return lambda name: sum((score.counted for score in scored[name] if score.stage == stage), Fraction(0))


def _by_committee(decision: TieDecision) -> Text:
    reason = f" ({decision.reason})" if decision.reason else ""
    return Text(
        ko=f"평가위원회의 의결로 순서를 정했습니다.{reason}",
        en=f"The committee's recorded decision put them in order.{reason}",
    )
