"""What a committee's page tells beside its seats: applications with too few judges, challenges, assignments, the proposal it came from."""

from dataclasses import dataclass

from django.db.models import Count, F, Prefetch

from gongmo.applications.models import Application
from gongmo.calls.models import Call
from gongmo.definition.base import Text
from gongmo.evaluation import challenge_policies, policies
from gongmo.evaluation.assignments import SITTING, short_of_judges
from gongmo.evaluation.dissolving import judged_already
from gongmo.evaluation.models import Assignment, Challenge, Committee, Proposal, ScoreSheet, Seat
from gongmo.evaluation.queries.pool import employer_name
from gongmo.evaluation.queries.progress import CommitteeView, committees_of
from gongmo.evaluation.states import ChallengeState, SheetState
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class CommitteePage:
    """A committee with everything that its operator acts on."""

    view: CommitteeView
    short: tuple[tuple[Application, int], ...]
    challenges: tuple[Challenge, ...]
    proposal: int | None
    assigned: int
    judges: tuple[tuple[str, tuple[str, ...]], ...]
    """Of a committee with assignments: each application's title with the labels of who judges it."""
    panels: int
    chairless: tuple[int, ...]
    reserves: int
    lasting: Text | None
    """Why it cannot be dissolved any more, with what can be done instead; None: it can."""
    begun: int
    """Sheets that were given out and are not handed in: they would become void."""

    @property
    def committee(self) -> Committee:
        return self.view.committee


@dataclass(frozen=True, slots=True)
class Dissolved:
    """A dissolved committee in the call's history: who dissolved it, when and why, who sat on it, from which draw it came."""

    committee: Committee
    by: str
    seats: tuple[Seat, ...]
    proposal: int | None


def dissolved_committees(actor: Actor, call: Call) -> list[Dissolved]:
    """The dissolved committees of a call for its operator, the last first. Two statements or three. Raises NotFound for others."""
    if not policies.manage(actor, call):
        raise NotFound
    seats = Seat.objects.select_related("evaluator").order_by("reserve", "-chair", "id")
    return [
        Dissolved(
            each,
            each.dissolution.dissolved_by.display_name if each.dissolution.dissolved_by is not None else "",
            tuple(each.seats.all()),
            each.proposal.pk if hasattr(each, "proposal") else None,
        )
        for each in Committee.objects.filter(call=call, dissolution__isnull=False)
        .select_related("dissolution__dissolved_by", "proposal")
        .defer("proposal__inputs", "proposal__result")
        .prefetch_related(Prefetch("seats", queryset=seats))
        .order_by("-dissolution__dissolved_at", "-id")
    ]


def committee_pages(actor: Actor, call: Call) -> list[CommitteePage]:
    """The committees of a call for its operator. Raises NotFound for others."""
    views = committees_of(actor, call)
    challenges: dict[int, list[Challenge]] = {}
    for each in (
        Challenge.objects.filter(seat__committee__call=call)
        .select_related(
            "seat__evaluator", "seat__committee", "application__lead", "application__region", "organisation"
        )
        .order_by("-id")
    ):
        challenges.setdefault(each.seat.committee_id, []).append(each)
    proposals = dict(
        Proposal.objects.filter(call=call, committee__isnull=False).values_list("committee_id", "pk")
    )
    judges: dict[int, dict[int, tuple[str, list[str]]]] = {}
    for pair in (
        Assignment.objects.filter(seat__committee__call=call, seat__reserve=False, seat__state__in=SITTING)
        .exclude(seat__disqualifications__application=F("application"))
        .select_related("seat__evaluator", "application__lead", "application__region")
        .order_by("application_id", "seat_id")
    ):
        held = judges.setdefault(pair.seat.committee_id, {}).setdefault(
            pair.application_id, (pair.application.title, [])
        )
        held[1].append(pair.seat.evaluator.label)
    lasting = judged_already([view.committee for view in views])
    begun = dict(
        ScoreSheet.objects.filter(seat__committee__call=call, state=SheetState.OPEN)
        .order_by()
        .values_list("seat__committee")
        .annotate(Count("pk"))
    )
    pages = []
    for view in views:
        sitting = [seat for seat in view.seats if not seat.reserve and seat.state in SITTING]
        panels = {seat.panel for seat in view.seats}
        pages.append(
            CommitteePage(
                view,
                tuple(short_of_judges(view.committee, sitting)),
                tuple(challenges.get(view.committee.pk, ())),
                proposals.get(view.committee.pk),
                sum(len(labels) for _, labels in judges.get(view.committee.pk, {}).values()),
                tuple((title, tuple(labels)) for title, labels in judges.get(view.committee.pk, {}).values()),
                len(panels),
                tuple(sorted(panels - {seat.panel for seat in sitting if seat.chair})),
                sum(seat.reserve and seat.state in SITTING for seat in view.seats),
                lasting.get(view.committee.pk),
                begun.get(view.committee.pk, 0),
            )
        )
    return pages


@dataclass(frozen=True, slots=True)
class SeenMember:
    """A member as an applicant sees one: name, sector, present employers; whether the own challenge waits or was decided."""

    seat: Seat
    name: str
    employers: str
    challenge: Challenge | None


def seen_by_applicant(actor: Actor, application_id: int) -> tuple[Application, list[SeenMember]]:
    """The members who may judge an own application, where the call shows them. Raises NotFound everywhere else."""
    application = (
        Application.objects.filter(pk=application_id).select_related("call__version", "lead").first()
    )
    if application is None or not challenge_policies.see_committee(actor, application):
        raise NotFound
    seats = (
        Seat.objects.filter(committee__call=application.call, reserve=False, state__in=SITTING)
        .exclude(disqualifications__application=application)
        .select_related("evaluator__person", "committee")
        .prefetch_related("evaluator__affiliations__organisation")
        .order_by("committee", "panel", "-chair", "id")
    )
    own = set(Assignment.objects.filter(application=application).values_list("seat_id", flat=True))
    divided = set(
        Assignment.objects.filter(seat__committee__call=application.call).values_list(
            "seat__committee_id", flat=True
        )
    )
    challenges = {
        each.seat_id: each for each in Challenge.objects.filter(application=application).order_by("id")
    }
    found = [
        SeenMember(
            seat,
            seat.evaluator.person.display_name,
            ", ".join(
                employer_name(each) for each in seat.evaluator.affiliations.all() if each.until is None
            ),
            challenges.get(seat.pk),
        )
        for seat in seats
        if seat.committee_id not in divided or seat.pk in own
    ]
    return application, found


def own_challenges(actor: Actor, application: Application) -> list[Challenge]:
    """Every challenge of an own application, decided ones too (their members are gone from the list)."""
    if not challenge_policies.see_committee(actor, application):
        raise NotFound
    return list(
        Challenge.objects.filter(application=application)
        .select_related("seat__evaluator__person")
        .order_by("-id")
    )


def to_decide(actor: Actor, seat_id: int) -> tuple[Seat, list[Challenge]]:
    """The challenges that wait for the panel of an own chair's seat; never one against the chair. Raises NotFound for others."""
    seat = Seat.objects.select_related("evaluator", "committee__call").filter(pk=seat_id, chair=True).first()
    if seat is None or not policies.sit(actor, seat):
        raise NotFound
    waiting = (
        Challenge.objects.filter(
            seat__committee=seat.committee_id, seat__panel=seat.panel, state=ChallengeState.ASKED
        )
        .exclude(seat=seat)
        .select_related("seat__evaluator", "application__lead", "application__region", "organisation")
    )
    return seat, list(waiting)
