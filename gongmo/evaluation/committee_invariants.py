"""What must hold of pool, proposals and assignments in live data."""

from collections.abc import Iterator

from django.db.models import Exists, F, OuterRef

from gongmo.evaluation.models import Assignment, Proposal, ScoreSheet, Seat
from gongmo.evaluation.states import ProposalState, SeatState, SheetState
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
    "evaluation.chairs_sit",
    ko="위원장은 위촉된 위원입니다.",
    en="A chair is a member who is invited or seated, never a reserve.",
)
def chairs_sit() -> Iterator[Broken]:
    wrong = Seat.objects.filter(chair=True).exclude(
        reserve=False, state__in=(SeatState.INVITED, SeatState.PLEDGED)
    )
    for seat in wrong.annotate(label=F("evaluator__label")):
        yield Broken(f"seat {seat.pk}", f"{seat.state}, reserve {seat.reserve}", "a sitting member")
