"""Committee and stages as the operator sees them: who is done, never what anybody gave before the stage is locked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Prefetch, QuerySet

from gongmo.calls.models import Call
from gongmo.calls.queries import definition_of
from gongmo.definition.evaluation import Stage
from gongmo.evaluation import policies
from gongmo.evaluation.models import (
    Committee,
    Disqualification,
    Evaluator,
    ScoreSheet,
    Seat,
    SiteVisit,
    StageRun,
    Substitute,
)
from gongmo.evaluation.states import SeatState, SheetState
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import NotFound

MOST = 60
"""Applications up to which the room shows a state for each of them."""


def _manager(actor: Actor, call: Call) -> None:
    if not policies.manage(actor, call):
        raise NotFound


@dataclass(frozen=True, slots=True)
class CommitteeView:
    """A committee with its seats (regular first) and the disqualifications of each."""

    committee: Committee
    seats: tuple[Seat, ...]
    sectors: dict[str, int]


def committees_of(actor: Actor, call: Call) -> list[CommitteeView]:
    """The standing committees of a call for its operator, with persons by label only. Raises NotFound for others."""
    _manager(actor, call)
    out = Disqualification.objects.select_related("application__lead", "application__region").order_by("id")
    seats = (
        Seat.objects.select_related("evaluator__region")
        .prefetch_related(Prefetch("disqualifications", queryset=out))
        .order_by("reserve", "-chair", "id")
    )
    found = []
    standing = Committee.objects.filter(call=call, dissolution=None)
    for committee in standing.prefetch_related(Prefetch("seats", queryset=seats)):
        all_seats = tuple(committee.seats.all())
        sectors: dict[str, int] = {}
        for seat in all_seats:
            if not seat.reserve and seat.state in (SeatState.INVITED, SeatState.PLEDGED):
                sectors[seat.evaluator.sector] = sectors.get(seat.evaluator.sector, 0) + 1
        found.append(CommitteeView(committee, all_seats, sectors))
    return found


def evaluator_pool(actor: Actor, call: Call) -> QuerySet[Evaluator]:
    """The active experts from whom the operator may form a committee. Raises NotFound for others."""
    _manager(actor, call)
    return Evaluator.objects.filter(active=True).select_related("region").order_by("label")


@dataclass(frozen=True, slots=True)
class Judging:
    """One expert at a stage: how many sheets are locked, of how many, and when anything was last saved. Nothing of their content.

    `cells` are the states by application id where they are asked for ("new" for an open sheet in which nothing was saved yet);
    an application that the expert does not judge is missing.
    """

    label: str
    locked: int
    total: int
    saved_at: datetime | None
    cells: Mapping[int, str] = field(default_factory=dict)

    @property
    def left(self) -> int:
        return self.total - self.locked


@dataclass(frozen=True, slots=True)
class StageProgress:
    """A scored stage: its run (None before it is opened) and who is how far. `columns` are the applications (id, name) of the cells."""

    stage: Stage
    run: StageRun | None
    judging: tuple[Judging, ...]
    columns: tuple[tuple[int, str], ...] = ()
    application: str = ""
    """In a re-evaluation: the application that is looked at anew."""

    @property
    def orphaned(self) -> bool:
        """Open, and the committee that had it is dissolved: another has to take it over."""
        return (
            self.run is not None and self.run.state == "open" and hasattr(self.run.committee, "dissolution")
        )

    @property
    def done(self) -> tuple[tuple[str, int, int], ...]:
        return tuple((each.label, each.locked, each.total) for each in self.judging)

    @property
    def left(self) -> int:
        return sum(each.left for each in self.judging)

    @property
    def locked(self) -> int:
        return sum(each.locked for each in self.judging)

    @property
    def total(self) -> int:
        return sum(each.total for each in self.judging)

    @property
    def late(self) -> tuple[Judging, ...]:
        """Who has open sheets after the stage's due instant."""
        due = None if self.run is None else self.run.due_at
        if due is None or self.run is None or self.run.state != "open" or clock.now() < due:
            return ()
        return tuple(each for each in self.judging if each.left)


def progress_of(actor: Actor, call: Call) -> list[StageProgress]:
    """How far each scored stage is, for those who oversee the call: states only. Raises NotFound for others.

    Three queries, however many sheets there are. The states by application are told up to `MOST` applications.
    """
    return whole_progress(actor, call)[0]


def whole_progress(actor: Actor, call: Call) -> tuple[list[StageProgress], list[StageProgress]]:
    """The definition's stages, and the stages of re-evaluations in the order in which they were opened."""
    found = _progress(actor, call)
    return (
        [each for each in found if each.run is None or each.run.round == 1],
        [each for each in found if each.run is not None and each.run.round > 1],
    )


def _cell(state: str, saved_at: datetime | None) -> str:
    return "new" if state == SheetState.OPEN and saved_at is None else state


def _progress(actor: Actor, call: Call) -> list[StageProgress]:
    if not policies.oversee(actor, call):
        raise NotFound
    runs = list(
        StageRun.objects.filter(call=call)
        .select_related("committee__dissolution", "objection__application")
        .order_by("round", "id")
    )
    judging: dict[int, list[Judging]] = {}
    columns: dict[int, dict[int, str]] = {}
    sheets: dict[tuple[int, str], list[tuple[int, str, datetime | None]]] = {}
    rows = (
        ScoreSheet.objects.filter(run__call=call)
        .exclude(state=SheetState.VOID)
        .order_by("seat__evaluator__label", "application_id")
        .values_list(
            "run_id",
            "seat__evaluator__label",
            "application_id",
            "state",
            "saved_at",
            "application__region__ko",
            "application__title",
        )
    )
    for run, label, application, state, saved_at, region, title in rows.iterator(chunk_size=2000):
        sheets.setdefault((run, label), []).append((application, state, saved_at))
        columns.setdefault(run, {})[application] = region or title
    for (run, label), found in sheets.items():
        by_application = len(columns[run]) <= MOST
        judging.setdefault(run, []).append(
            Judging(
                label,
                sum(state == SheetState.LOCKED for _, state, _ in found),
                len(found),
                max((at for _, _, at in found if at is not None), default=None),
                {application: _cell(state, at) for application, state, at in found} if by_application else {},
            )
        )

    def told(stage: Stage, run: StageRun | None) -> StageProgress:
        if run is None:
            return StageProgress(stage, None, ())
        names = columns.get(run.pk, {})
        return StageProgress(
            stage,
            run,
            tuple(judging.get(run.pk, ())),
            tuple(sorted(names.items())) if len(names) <= MOST else (),
            "" if run.objection is None else run.objection.application.title,
        )

    stages = {stage.id: stage for stage in definition_of(call).evaluation.scored_stages()}
    first = {run.stage: run for run in runs if run.round == 1}
    return [
        *(told(stage, first.get(stage.id)) for stage in stages.values()),
        *(told(stages[run.stage], run) for run in runs if run.round > 1 and run.stage in stages),
    ]


def visits_of(actor: Actor, call: Call) -> QuerySet[SiteVisit]:
    """The site visits of a call for its operator. Raises NotFound for others."""
    _manager(actor, call)
    return (
        SiteVisit.objects.filter(committee__call=call)
        .select_related("application__lead", "application__region", "file")
        .order_by("id")
    )


def substitutes_of(actor: Actor, call: Call) -> QuerySet[Substitute]:
    """The requests for substitute presenters of a call for its operator. Raises NotFound for others."""
    _manager(actor, call)
    return (
        Substitute.objects.filter(application__call=call)
        .select_related("application__lead", "application__region", "organisation")
        .order_by("id")
    )
