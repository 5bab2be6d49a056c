"""How a call evaluates, ranks, selects and allocates."""

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from gongmo.definition.base import Based, Identifier, Model, Text, Won
from gongmo.definition.desk import Blind, Desk, PresentationDay
from gongmo.definition.forming import USUAL, Forming

CriterionId = Annotated[str, Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z.-]{0,15}$")]
Points = Annotated[Decimal, Field(ge=0, le=1000, max_digits=7, decimal_places=3)]
Sector = Literal["industry", "academia", "research"]


class Criterion(Model):
    """One line of the score sheet with its maximum points and guidance."""

    id: CriterionId
    name: Text
    max_points: Annotated[Points, Field(gt=0)]
    guidance: Text | None = None


class CriteriaGroup(Based):
    """A heading of the score sheet. Its `max_points` equals the sum of its criteria."""

    id: CriterionId
    name: Text
    max_points: Points
    criteria: Annotated[tuple[Criterion, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        total = sum((criterion.max_points for criterion in self.criteria), Decimal(0))
        if total != self.max_points:
            raise ValueError(
                f"배점 합계 {total}점이 {self.max_points}점과 다릅니다 / criteria add up to {total}, not {self.max_points}"
            )
        return self


class Committee(Based):
    """Size and mix of the evaluation committee. `quorum` is the least number of locked sheets a scored stage needs."""

    size: Annotated[int, Field(ge=1, le=50)]
    sectors: tuple[Sector, ...] = ("industry", "academia", "research")
    at_least_per_sector: Annotated[int, Field(ge=0)] = 0
    quorum: Annotated[int, Field(ge=1)]
    affiliation_years: Annotated[int, Field(ge=0, le=20)] = 3
    same_region: Literal["allowed", "conflict"] = "allowed"
    rules_are_defaults: Text | None = None


class Stage(Based):
    """A stage in order. Scored stages have a weight; unscored ones (a site visit) carry none."""

    id: Identifier
    name: Text
    description: Text | None = None
    scored: bool = True
    optional: bool = False
    weight: Annotated[Decimal, Field(ge=0, le=100)] = Decimal(0)
    criteria: Annotated[tuple[CriterionId, ...], Field(min_length=1)] | None = None
    """Ids of the criteria scored here; None means all."""
    presenter: Literal["none", "project_director"] = "none"
    advance: Annotated[int, Field(ge=1)] | None = None
    """How many of the best go on to the next stage; None means all."""
    blind: Blind | None = None
    """Set where evaluators do not learn whose application they read."""
    day: PresentationDay | None = None
    """How the day of presentations runs, for a stage with a presenter."""

    @model_validator(mode="after")
    def _weight_fits(self) -> Self:
        if self.scored == (self.weight == 0):
            raise ValueError(
                "점수를 매기는 단계만, 그리고 반드시, weight가 0보다 커야 합니다 / exactly the scored stages have a weight above 0"
            )
        return self


class Averaging(Based):
    """How the evaluators' totals become a stage score.

    `trimmed_mean` drops the `highest` and `lowest` totals (one of tied extremes) where at least `minimum_evaluators` scored.
    """

    method: Literal["mean", "trimmed_mean", "median"]
    highest: Annotated[int, Field(ge=0, le=5)] = 0
    lowest: Annotated[int, Field(ge=0, le=5)] = 0
    minimum_evaluators: Annotated[int, Field(ge=1)] = 1


class Rounding(Based):
    """Decimal places, mode and where rounding happens. "final": once, at the end; "stage": stage scores too."""

    places: Annotated[int, Field(ge=0, le=6)]
    mode: Literal["half_up", "half_even", "down"]
    at: Literal["final", "stage"]


class Cutoff(Based):
    """Least points below which an application is not selected: out of 100 (final), or out of the stage's own maximum (stage)."""

    points: Points
    of: Literal["final", "stage"] = "final"
    stage: Identifier | None = None


class Bonus(Based):
    """Points added to the final score; the sum of an application's items is held to `max_points`."""

    max_points: Points
    items: tuple[Text, ...] = ()


class TieBreak(Based):
    """What decides between equal final scores: criteria in order, else the committee by a recorded act."""

    criteria: tuple[CriterionId, ...] = ()
    stages: tuple[Identifier, ...] = ()
    committee_decides: bool = True


class PointStep(Based):
    """The smallest step in which points are given."""

    step: Annotated[Decimal, Field(gt=0, le=10)]


class Evaluation(Based):
    """The whole of the evaluation."""

    committee: Committee
    forming: Forming | None = None
    """How the committee is put together and who judges what; None: the usual, told as a default."""
    criteria: Annotated[tuple[CriteriaGroup, ...], Field(min_length=1)]
    stages: Annotated[tuple[Stage, ...], Field(min_length=1)]
    averaging: Averaging
    rounding: Rounding
    ties: TieBreak
    point_step: PointStep
    cutoffs: tuple[Cutoff, ...] = ()
    bonus: Bonus | None = None
    desk: Desk | None = None
    """What the evaluator's desk asks for and shows; None: points only, nothing of others, notes go with the stage."""

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        known = {criterion.id for group in self.criteria for criterion in group.criteria}
        if sum(len(group.criteria) for group in self.criteria) != len(known):
            raise ValueError("평가항목 id가 겹칩니다 / a criterion id is used twice")
        stage_ids = {stage.id for stage in self.stages}
        if len(stage_ids) != len(self.stages):
            raise ValueError("평가 단계 id가 겹칩니다 / a stage id is used twice")
        for stage in self.stages:
            for criterion in stage.criteria or ():
                if criterion not in known:
                    raise ValueError(
                        f"단계 {stage.id}의 평가항목 {criterion}이 없습니다 / stage {stage.id} names unknown criterion {criterion}"
                    )
        weights = sum((stage.weight for stage in self.stages), Decimal(0))
        if weights != 100:
            raise ValueError(
                f"단계 가중치의 합이 {weights}입니다. 100이어야 합니다 / stage weights add up to {weights}, not 100"
            )
        for criterion in self.ties.criteria:
            if criterion not in known:
                raise ValueError(
                    f"동점 처리의 평가항목 {criterion}이 없습니다 / tie-break names unknown criterion {criterion}"
                )
        for name in [*self.ties.stages, *(c.stage for c in self.cutoffs if c.stage)]:
            if name not in stage_ids:
                raise ValueError(f"평가 단계 {name}이 없습니다 / unknown stage {name}")
        return self

    def criterion_map(self) -> dict[str, Criterion]:
        """Criteria by id, in order."""
        return {criterion.id: criterion for group in self.criteria for criterion in group.criteria}

    def criteria_of(self, stage: Stage) -> tuple[Criterion, ...]:
        """The criteria scored in a stage, in order."""
        found = self.criterion_map()
        return tuple(found.values()) if stage.criteria is None else tuple(found[i] for i in stage.criteria)

    def stage(self, stage_id: str) -> Stage:
        """The stage of that id. Raises KeyError."""
        for stage in self.stages:
            if stage.id == stage_id:
                return stage
        raise KeyError(stage_id)

    def formed_by(self) -> Forming:
        """The settings of forming: the call's own, or the usual ones, marked as a default."""
        return self.forming or USUAL

    def scored_stages(self) -> tuple[Stage, ...]:
        return tuple(stage for stage in self.stages if stage.scored)


class Selection(Based):
    """How many are selected, and that the next in rank follows a failed negotiation."""

    count: Annotated[int, Field(ge=1)]
    next_in_rank: bool = True


class Allocation(Based):
    """How money of one source is handed out by result.

    `pot` is what can be given in all; `floor` and `ceiling` bound each; none gets more than it asks when
    `not_above_request`. Methods: "equal", "by_score" (in proportion to the final score), "by_rank" (`rank_weights`).
    """

    source: Identifier
    pot: Won
    year: int | None = None
    """The budget year whose requests the pot pays; None: the whole period."""
    method: Literal["equal", "by_score", "by_rank"]
    method_default: Text | None = None
    """Set where the clause gives the pot and not the method, floor and ceiling: why these stand."""
    rank_weights: tuple[Annotated[int, Field(ge=0)], ...] = ()
    floor: Won = 0
    ceiling: Won | None = None
    not_above_request: bool = True
    round_to: Annotated[int, Field(ge=1)] = 1
    """Amounts are multiples of so many won; what is left goes on by rank."""
