"""Who judges which application: everybody everything, unless the committee has assignments (panels, or judges by application)."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from gongmo.applications.models import Application
from gongmo.calls.models import Call
from gongmo.calls.queries import definition_of
from gongmo.evaluation import conflicts
from gongmo.evaluation.models import Assignment, Committee, Disqualification, Seat
from gongmo.evaluation.states import SeatState

SITTING = (SeatState.INVITED, SeatState.PLEDGED)


def assigned(seats: Iterable[Seat]) -> frozenset[tuple[int, int]] | None:
    """The pairs (seat, application) of the seats' committees; None where nothing is assigned and everybody judges everything."""
    committees = {seat.committee_id for seat in seats}
    pairs = frozenset(
        Assignment.objects.filter(seat__committee__in=committees).values_list("seat_id", "application_id")
    )
    return pairs or None


def only_assigned(found: QuerySet[Application], seat: Seat) -> QuerySet[Application]:
    """The applications that fall to a seat."""
    any_of_committee = Exists(Assignment.objects.filter(seat__committee=seat.committee_id))
    own = Exists(Assignment.objects.filter(seat=seat, application=OuterRef("pk")))
    return found.filter(Q(own) | ~Q(any_of_committee))


def short_of_judges(
    committee: Committee, seats: Iterable[Seat] | None = None
) -> list[tuple[Application, int]]:
    """The applications of a committee that fewer sitting members than the quorum may judge, with how many may. Few queries.

    `seats` are the members to count; None: the regular ones who are invited or seated.
    """
    call: Call = committee.call
    quorum = definition_of(call).evaluation.committee.quorum
    members = (
        list(seats)
        if seats is not None
        else list(Seat.objects.filter(committee=committee, reserve=False, state__in=SITTING))
    )
    out = set(Disqualification.objects.filter(seat__in=members).values_list("seat_id", "application_id"))
    pairs = frozenset(
        Assignment.objects.filter(seat__committee=committee).values_list("seat_id", "application_id")
    )
    ours = {application for _, application in pairs}
    found = []
    for application in conflicts.judged(call):
        if pairs and application.pk not in ours:
            continue
        count = sum(
            (seat.pk, application.pk) not in out and (not pairs or (seat.pk, application.pk) in pairs)
            for seat in members
        )
        if count < quorum:
            found.append((application, count))
    return found
