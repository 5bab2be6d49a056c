"""The evaluator's own desk. Nothing of anybody else's is ever read here (programme: promise 6)."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from gongmo.applications.models import Application, ApplicationDocument, Member
from gongmo.applications.states import MemberState
from gongmo.evaluation.assignments import only_assigned
from gongmo.evaluation.models import ConflictDeclaration, Disqualification, Score, ScoreSheet, Seat, SiteVisit
from gongmo.evaluation.states import SeatState, SheetState
from gongmo.kernel.actor import Actor, Role
from gongmo.kernel.errors import NotFound
from gongmo.rules.ranking.exact import text
from gongmo.screening.queries import eligible_applications


def my_seats(actor: Actor) -> QuerySet[Seat]:
    """The actor's own seats, newest first. Empty for everyone who does not act as an evaluator."""
    if actor.role is not Role.EVALUATOR or actor.person is None:
        return Seat.objects.none()
    return (
        Seat.objects.filter(evaluator__person=actor.person)
        .exclude(state=SeatState.DECLINED)
        .select_related("committee__call__version", "committee__dissolution", "evaluator")
        .defer("committee__call__version__definition")
        .order_by("-id")
    )


def own_seat(actor: Actor, seat_id: int) -> Seat:
    """One of the actor's own seats with its call (`my_seats`). One statement. Raises NotFound."""
    found = my_seats(actor).filter(pk=seat_id).first()
    if found is None:
        raise NotFound
    return found


def my_sheets(actor: Actor) -> QuerySet[ScoreSheet]:
    """The live sheets that the actor may see: own seat, pledged, no conflict declared and none found."""
    if actor.role is not Role.EVALUATOR or actor.person is None:
        return ScoreSheet.objects.none()
    same = {"seat": OuterRef("seat"), "application": OuterRef("application")}
    return (
        ScoreSheet.objects.filter(
            Exists(ConflictDeclaration.objects.filter(**same, conflict=False)),
            ~Exists(Disqualification.objects.filter(**same)),
            seat__evaluator__person=actor.person,
            seat__state=SeatState.PLEDGED,
            seat__reserve=False,
        )
        .exclude(state=SheetState.VOID)
        .order_by("run_id", "application_id")
    )


@dataclass(frozen=True, slots=True)
class DeskSheet:
    """One line of the desk: the sheet with the own total so far (None while no criterion has points)."""

    sheet: ScoreSheet
    scored: int
    total: Decimal | None

    @property
    def total_text(self) -> str:
        return "" if self.total is None else text(self.total)


def sheets_left(actor: Actor) -> dict[int, tuple[int, int]]:
    """By own seat: how many of its sheets are still to be locked, and how many there are. One statement."""
    rows = (
        my_sheets(actor)
        .filter(seat__state=SeatState.PLEDGED, seat__reserve=False)
        .order_by()
        .values_list("seat")
        .annotate(left=Count("pk", filter=Q(state=SheetState.OPEN)), held=Count("pk"))
    )
    return {seat: (left, held) for seat, left, held in rows}


@dataclass(frozen=True, slots=True)
class Desk:
    """The own sheets of one seat by stage run, and the applications still to be declared on."""

    seat: Seat
    sheets: tuple[DeskSheet, ...]
    to_declare: tuple[Application, ...]


def desk_of(actor: Actor, seat_id: int) -> Desk:
    """The desk of an own seat. Raises NotFound for any other. A constant number of queries."""
    seat = own_seat(actor, seat_id)
    if seat.state != SeatState.PLEDGED or seat.reserve:
        return Desk(seat, (), ())
    sheets = (
        my_sheets(actor)
        .filter(seat=seat)
        .select_related("run__version", "application__lead", "application__region")
        .prefetch_related("scores")
    )
    lines = []
    for sheet in sheets:
        points = [score.points for score in sheet.scores.all() if score.points is not None]
        lines.append(DeskSheet(sheet, len(points), sum(points, Decimal(0)) if points else None))
    return Desk(seat, tuple(lines), tuple(to_declare(seat)))


def to_declare(seat: Seat) -> QuerySet[Application]:
    """The applications on which a pledged seat has not declared yet, with their organisations only."""
    accepted = Member.objects.filter(state=MemberState.ACCEPTED).select_related("organisation").order_by("id")
    same = {"seat": seat, "application": OuterRef("pk")}
    return (
        only_assigned(eligible_applications(seat.committee.call), seat)
        .filter(
            ~Exists(ConflictDeclaration.objects.filter(**same)),
            ~Exists(Disqualification.objects.filter(**same)),
        )
        .select_related("lead", "region")
        .prefetch_related(Prefetch("members", queryset=accepted))
    )


def sheet_for(actor: Actor, sheet_id: int) -> ScoreSheet:
    """An own sheet with its scores, application, members and documents. Raises NotFound for any other."""
    accepted = Member.objects.filter(state=MemberState.ACCEPTED).select_related("organisation").order_by("id")
    current = (
        ApplicationDocument.objects.filter(removed_at__isnull=True)
        .select_related("file", "member__organisation")
        .order_by("id")
    )
    sheet = (
        my_sheets(actor)
        .filter(pk=sheet_id)
        .select_related(
            "run__call", "run__version", "seat__committee", "application__lead", "application__region"
        )
        .prefetch_related(
            Prefetch("scores", queryset=Score.objects.order_by("id")),
            Prefetch("application__members", queryset=accepted),
            Prefetch("application__documents", queryset=current),
        )
        .first()
    )
    if sheet is None:
        raise NotFound
    return sheet


def neighbours(actor: Actor, sheet: ScoreSheet) -> tuple[int | None, int | None, int, int]:
    """The own sheets before and after in the same stage, the place of this one and how many there are."""
    mine = list(my_sheets(actor).filter(run=sheet.run_id).values_list("pk", flat=True))
    place = mine.index(sheet.pk)
    before = mine[place - 1] if place else None
    after = mine[place + 1] if place + 1 < len(mine) else None
    return before, after, place + 1, len(mine)


def visits_to_decide(actor: Actor, seat: Seat) -> QuerySet[SiteVisit]:
    """The site visits of the own committee for applications that the actor judges: declared on, and no conflict."""
    if actor.role is not Role.EVALUATOR or seat.evaluator.person_id != actor.person:
        return SiteVisit.objects.none()
    same = {"seat": seat, "application": OuterRef("application")}
    return SiteVisit.objects.filter(
        Exists(ConflictDeclaration.objects.filter(**same, conflict=False)),
        ~Exists(Disqualification.objects.filter(**same)),
        committee=seat.committee,
    )
