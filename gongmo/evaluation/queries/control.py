"""A locked stage as its spread: how far evaluators lie apart on each criterion, and what each sheet that stands out does to the result."""

from dataclasses import dataclass
from fractions import Fraction

from gongmo.applications.models import Application
from gongmo.calls.models import Call
from gongmo.definition.base import Text
from gongmo.definition.evaluation import Stage
from gongmo.evaluation import policies
from gongmo.evaluation.inputs import Inputs, collect, definition_by_hash
from gongmo.evaluation.models import Ranking, ScoreSheet, StageRun
from gongmo.evaluation.states import SheetState, StageState
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import NotFound
from gongmo.rules import ranking as rules
from gongmo.rules.stability_outliers import Outlier, Spread, outliers, spreads


@dataclass(frozen=True, slots=True)
class StageSpread:
    """A locked stage: the spread on each criterion (name, maximum, spread), and the sheets that stand out. `why` says what is missing."""

    stage: Stage
    criteria: tuple[tuple[str, Text, Fraction, Spread], ...]
    outliers: tuple[Outlier, ...]
    names: dict[str, str]
    opinions: tuple[tuple[str, str, str], ...] = ()
    """(application's title, evaluator's label, overall opinion) of the stage's locked sheets."""
    why: Text | None = None


def spread_of(actor: Actor, call: Call, stage_id: str) -> StageSpread:
    """The spread of a locked stage, for the operator; for the ministry once the ranking is fixed. Raises NotFound before, and for others:
    whoever may not see points yet cannot tell whether there is such a stage."""
    if not policies.oversee(actor, call):
        raise NotFound
    if not policies.manage(actor, call) and not Ranking.objects.filter(call=call).exists():
        raise NotFound
    locked = StageRun.objects.filter(call=call, stage=stage_id, round=1, state=StageState.LOCKED)
    if not locked.exists():
        raise NotFound
    inputs = collect(call)
    definition = definition_by_hash(inputs.definition)
    stage = definition.evaluation.stage(stage_id)
    try:
        ranking = _ranked(call, inputs, stage_id)
    except rules.BadScores as error:
        return StageSpread(stage, (), (), {}, why=Text(ko=error.ko, en=error.en))
    scores = [score for entry in ranking.entries for score in entry.stages if score.stage == stage_id]
    names = dict(Application.objects.filter(call=call).values_list("pk", "title"))
    most = definition.evaluation.criterion_map()
    return StageSpread(
        stage,
        tuple(
            (each.criterion, most[each.criterion].name, Fraction(most[each.criterion].max_points), each)
            for each in spreads(definition.evaluation, scores)
        ),
        outliers(definition, ranking, stage_id),
        {str(pk): title for pk, title in names.items()},
        tuple(
            ScoreSheet.objects.filter(run__in=locked, state=SheetState.LOCKED)
            .exclude(overall_opinion="")
            .order_by("application_id", "seat__evaluator__label")
            .values_list("application__title", "seat__evaluator__label", "overall_opinion")
        ),
    )


def _ranked(call: Call, inputs: Inputs, stage_id: str) -> rules.Ranking:
    """The whole ranking where every stage is locked, else the one through this stage."""
    definition = definition_by_hash(inputs.definition)
    locked = set(
        StageRun.objects.filter(call=call, round=1, state=StageState.LOCKED).values_list("stage", flat=True)
    )
    whole = all(stage.id in locked for stage in definition.evaluation.scored_stages())
    return inputs.rank(definition, through=None if whole else stage_id)
