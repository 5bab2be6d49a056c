"""Committee and stages as the operator sees them: who is done, never what anybody gave before the stage is locked."""

from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q, QuerySet

from gongmo.calls.models import Call
from gongmo.calls.queries import definition_of
from gongmo.definition.evaluation import Stage
from gongmo.evaluation import policies
from gongmo.evaluation.models import (
    Committee,
    Disqualification,
    Evaluator,
    Seat,
    SiteVisit,
    StageRun,
    Substitute,
)
from gongmo.evaluation.states import SeatState, SheetState
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import NotFound


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
    """The committees of a call for its operator, with persons by label only. Raises NotFound for others."""
    _manager(actor, call)
    out = Disqualification.objects.select_related("application__lead", "application__region").order_by("id")
    seats = (
        Seat.objects.select_related("evaluator__region")
        .prefetch_related(Prefetch("disqualifications", queryset=out))
        .order_by("reserve", "-chair", "id")
    )
    found = []
    for committee in Committee.objects.filter(call=call).prefetch_related(Prefetch("seats", queryset=seats)):
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
class StageProgress:
    """A scored stage: its run (None before it is opened) and per expert how many sheets are locked, of how many."""

    stage: Stage
    run: StageRun | None
    done: tuple[tuple[str, int, int], ...]

    @property
    def left(self) -> int:
        return sum(total - locked for _, locked, total in self.done)


def progress_of(actor: Actor, call: Call) -> list[StageProgress]:
    """How far each scored stage is, for the operator: who has locked how many sheets, and nothing of their content.

    Raises NotFound for others. Two queries.
    """
    _manager(actor, call)
    runs = {run.stage: run for run in StageRun.objects.filter(call=call).select_related("committee")}
    live = ~Q(sheets__state=SheetState.VOID)
    counts = (
        Seat.objects.filter(committee__call=call, sheets__isnull=False)
        .values("evaluator__label", "sheets__run__stage")
        .annotate(
            locked=Count("sheets", filter=Q(sheets__state=SheetState.LOCKED)),
            total=Count("sheets", filter=live),
        )
        .order_by("evaluator__label")
    )
    by_stage: dict[str, list[tuple[str, int, int]]] = {}
    for row in counts:
        if row["total"]:
            by_stage.setdefault(row["sheets__run__stage"], []).append(
                (row["evaluator__label"], row["locked"], row["total"])
            )
    return [
        StageProgress(stage, runs.get(stage.id), tuple(by_stage.get(stage.id, ())))
        for stage in definition_of(call).evaluation.scored_stages()
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
