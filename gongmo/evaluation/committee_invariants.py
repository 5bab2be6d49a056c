"""What must hold of pool, proposals and assignments in live data."""

from collections.abc import Iterator

from django.db.models import Exists, F, OuterRef

from gongmo.evaluation.assignments import SITTING
from gongmo.evaluation.models import Assignment, Challenge, Proposal, ScoreSheet, Seat
from gongmo.evaluation.states import ChallengeState, ProposalState, SeatState, SheetState
from gongmo.kernel.invariants import Broken, invariant
from gongmo.rules.committee_values import parse_problem


@invariant(
    "evaluation.proposals_as_computed",
    ko="구성안의 입력은 기록된 해시와 씨앗 그대로이고, 확정한 구성안의 명단은 위원회의 자리와 같습니다.",
    en="A proposal's inputs have the recorded hash and seed, and a fixed proposal's list was seated.",
)
def proposals_as_computed() -> Iterator[Broken]:
    for held in Proposal.objects.order_by("id").iterator(chunk_size=50):
        try:
            problem = parse_problem(held.inputs)
        except (ValueError, KeyError, TypeError) as error:
            yield Broken(f"proposal {held.pk}", f"unreadable inputs: {error}", "the inputs of a forming")
            continue
        if (problem.hash(), problem.seed) != (held.inputs_hash, held.seed):
            yield Broken(f"proposal {held.pk}", f"inputs {problem.hash()}", f"inputs {held.inputs_hash}")
        if held.state == ProposalState.FIXED:
            named = {each["expert"] for each in held.seats}
            seated = set(
                Seat.objects.filter(committee=held.committee_id).values_list("evaluator__label", flat=True)
            )
            if not named <= seated:
                yield Broken(
                    f"proposal {held.pk}", f"not seated: {sorted(named - seated)}", "everybody seated"
                )


@invariant(
    "evaluation.sheets_as_assigned",
    ko="배정이 있는 위원회에서는 배정된 신청의 평가표만 유효합니다.",
    en="In a committee with assignments only assigned applications have live sheets.",
)
def sheets_as_assigned() -> Iterator[Broken]:
    divided = Assignment.objects.filter(seat__committee=OuterRef("seat__committee"))
    own = Assignment.objects.filter(seat=OuterRef("seat"), application=OuterRef("application"))
    for sheet in ScoreSheet.objects.filter(Exists(divided), ~Exists(own)).exclude(state=SheetState.VOID):
        yield Broken(f"sheet {sheet.pk}", "a live sheet that nobody assigned", "no live sheet")


@invariant(
    "evaluation.dissolved_is_over",
    ko="해산한 위원회에는 앉은 위원, 유효한 평가표, 확정했던 평가표, 기다리는 기피 신청이 없고, 해산 표시는 해산한 위원회의 자리에만 있습니다.",
    en="Nobody sits on a dissolved committee, none of its sheets is live or was handed in, no challenge waits; and no other seat is marked so.",
)
def dissolved_is_over() -> Iterator[Broken]:
    over = {"seat__committee__dissolution__isnull": False}
    for seat in Seat.objects.filter(committee__dissolution__isnull=False, state__in=SITTING):
        yield Broken(f"seat {seat.pk}", seat.state, "a seat of a dissolved committee")
    for seat in Seat.objects.filter(committee__dissolution=None, state=SeatState.DISSOLVED):
        yield Broken(f"seat {seat.pk}", seat.state, "a seat of a committee that stands")
    for sheet in ScoreSheet.objects.filter(**over).exclude(state=SheetState.VOID, locked_at=None):
        yield Broken(
            f"sheet {sheet.pk}", f"{sheet.state}, handed in {sheet.locked_at}", "void, never handed in"
        )
    for challenge in Challenge.objects.filter(**over, state=ChallengeState.ASKED):
        yield Broken(f"challenge {challenge.pk}", challenge.state, "decided, or ended with the committee")


@invariant(
    "evaluation.chairs_sit",
    ko="위원장은 위촉된 위원입니다.",
    en="A chair is a member who is invited or seated, never a reserve.",
)
def chairs_sit() -> Iterator[Broken]:
    # Who chaired a committee that was dissolved stays told.
    wrong = Seat.objects.filter(chair=True).exclude(reserve=False, state__in=(*SITTING, SeatState.DISSOLVED))
    for seat in wrong.annotate(label=F("evaluator__label")):
        yield Broken(f"seat {seat.pk}", f"{seat.state}, reserve {seat.reserve}", "a sitting member")
