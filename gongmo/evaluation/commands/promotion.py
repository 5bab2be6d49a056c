"""A reserve takes a place by itself: after a decline, a leave, or a conflict that leaves an application with too few judges.

The order is fixed: the same panel, the same sector as who left, who has pledged before who is only asked, the fewest conflicts, the order
of the invitations. Who takes a seat while a stage is open gets the sheets at once.
"""

from django.db.models import Q

from gongmo.evaluation import conflicts
from gongmo.evaluation.assignments import SITTING, assigned, short_of_judges
from gongmo.evaluation.commands.base import record, record_void
from gongmo.evaluation.models import Assignment, Disqualification, ScoreSheet, Seat, StageRun, VoidKind
from gongmo.evaluation.states import SeatState, StageState
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.screening.queries import eligible_applications


def promote(actor: Actor, gone: Seat, application_id: int | None = None) -> Seat | None:
    """Seat the next reserve in place of who is gone (or for one application); None: there is none who may. Recorded either way."""
    waiting = list(
        Seat.objects.select_for_update(of=("self",))
        .select_related("evaluator", "committee__call__version")
        .filter(committee=gone.committee_id, panel=gone.panel, reserve=True, state__in=SITTING)
        .order_by("pk")
    )
    out: dict[int, set[int]] = {}
    pairs = Disqualification.objects.filter(seat__in=waiting).values_list("seat_id", "application_id")
    for seat_id, application in pairs:
        out.setdefault(seat_id, set()).add(application)
    able = [each for each in waiting if application_id is None or application_id not in out.get(each.pk, ())]
    able.sort(
        key=lambda each: (
            each.evaluator.sector != gone.evaluator.sector,
            each.state != SeatState.PLEDGED,
            len(out.get(each.pk, ())),
            each.pk,
        )
    )
    if not able:
        record(
            actor,
            gone.committee.call,
            "evaluation.no_reserve",
            ("committee", gone.committee_id),
            {
                "gone": gone.evaluator.label,
                "short": [[each.pk, count] for each, count in short_of_judges(gone.committee)],
            },
        )
        return None
    return take_seat(actor, able[0], gone)


def take_seat(actor: Actor, seat: Seat, gone: Seat | None) -> Seat:
    """A reserve (locked) takes a regular seat, with the applications of who is gone, and the sheets of open stages."""
    seat.reserve = False
    seat.save(update_fields=["reserve"])
    handed: list[int] = []
    if gone is not None and Assignment.objects.filter(seat=gone).exists():
        held = set(Assignment.objects.filter(seat=seat).values_list("application_id", flat=True))
        handed = [
            each
            for each in Assignment.objects.filter(seat=gone)
            .order_by("application_id")
            .values_list("application_id", flat=True)
            if each not in held
        ]
        Assignment.objects.bulk_create(
            Assignment(seat=seat, application_id=each, made_at=clock.now()) for each in handed
        )
    record(
        actor,
        seat.committee.call,
        "evaluation.seat_reserve",
        ("seat", seat.pk),
        {
            "evaluator": seat.evaluator.label,
            **({"in_place_of": gone.evaluator.label} if gone is not None else {}),
            **({"assigned": handed} if handed else {}),
            "short": [[each.pk, count] for each, count in short_of_judges(seat.committee)],
        },
    )
    if seat.state == SeatState.PLEDGED:
        give_sheets(actor, seat)
    return seat


def give_sheets(actor: Actor, seat: Seat) -> list[ScoreSheet]:
    """The sheets of open stages for a member who came late: what still stands in the stage, conflicts and others' work left out."""
    runs = list(StageRun.objects.filter(committee=seat.committee_id, state=StageState.OPEN).order_by("pk"))
    if not runs:
        return []
    call = seat.committee.call
    detected = conflicts.detect(seat.committee, [seat])
    out = set(Disqualification.objects.filter(seat=seat).values_list("application_id", flat=True))
    pairs = assigned([seat])
    eligible = set(eligible_applications(call).values_list("pk", flat=True))
    standing = Q(void_kind="") | Q(void_kind__in=[VoidKind.DISQUALIFIED, VoidKind.LEFT])
    made: list[ScoreSheet] = []
    for run in runs:
        taken = set(ScoreSheet.objects.filter(run=run, seat=seat).values_list("application_id", flat=True))
        here = (
            ScoreSheet.objects.filter(standing, run=run).values_list("application_id", flat=True).distinct()
        )
        for application in sorted(set(here) & eligible - taken - out):
            if pairs is None or (seat.pk, application) in pairs:
                made.append(ScoreSheet.objects.create(run=run, seat=seat, application_id=application))
    if made or detected.made:
        record(
            actor,
            call,
            "evaluation.give_sheets",
            ("seat", seat.pk),
            {
                "evaluator": seat.evaluator.label,
                "sheets": [
                    {"sheet": each.pk, "application": each.application_id, "run": each.run_id}
                    for each in made
                ],
                "disqualified": detected.record(),
            },
        )
        record_void(actor, call, detected.voided)
    return made


def refill(actor: Actor, seat: Seat, application_id: int) -> None:
    """After a member is out for one application: a reserve without conflict comes in where too few judges are left."""
    short = {each.pk for each, _ in short_of_judges(seat.committee)}
    if application_id in short and not seat.reserve:
        promote(actor, seat, application_id)


__all__ = ["give_sheets", "promote", "refill", "take_seat"]
