"""Who is in charge of a review, and handing everything open over to another officer (인수인계)."""

from collections.abc import Sequence

from django.db import transaction

from gongmo.calls.models import Call
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.ledger.commands import append
from gongmo.screening.commands.base import record_inside, reviewer, said
from gongmo.screening.models import Review
from gongmo.screening.officers import officers_of
from gongmo.screening.queries.handover import Duty, duties, open_reviews

MOST = 2_000
"""Reviews that one act puts into other hands."""


def assign_officer(
    *, actor: Actor, call_id: int, review_ids: Sequence[int], officer_id: int | None
) -> list[Review]:
    """Put an officer in charge of reviews of one call (None: nobody). Those that the officer has already stay as they are.

    Returns the reviews that changed hands. Raises BadInput for somebody who does not run the call, NotFound for a foreign review.
    """
    with transaction.atomic():
        call = _call(actor, call_id)
        wanted = set(review_ids)
        if not wanted or len(wanted) > MOST:
            raise BadInput(
                "nothing_chosen",
                f"담당자를 정할 신청을 골라 주세요. 한 번에 {MOST:,}건까지 됩니다.",
                f"Choose the applications, {MOST:,} at once at most.",
                field="review",
            )
        officer = None if officer_id is None else _officer(call, officer_id)
        found = _locked(call, wanted)
        if {review.pk for review in found} != wanted:
            raise NotFound
        changed = [review for review in found if review.officer_id != officer]
        for review in changed:
            before, review.officer_id = review.officer_id, officer
            review.save(update_fields=["officer"])
            record_inside(actor, review, "screening.assign_officer", {"from": before, "to": officer})
        return changed


def hand_over(*, actor: Actor, call_id: int, from_officer: int, to_officer: int, note: str) -> list[Duty]:
    """Hand everything open of one officer over to another in one act: reviews that are not closed, with their requests, demanded
    proof and objections, and what floors above have open of these applications (negotiations, agreements). Returns what was handed over. `note` is what the other must know; it stays in the record.

    The officer who leaves need not run the call any more. Refused where nothing is open.
    """
    with transaction.atomic():
        call = _call(actor, call_id)
        note = said(note, field="note", ko="인계 내용을 적어 주세요.", en="Say what the other has to know.")
        if from_officer == to_officer:
            raise BadInput(
                "same_officer",
                "넘겨받을 다른 담당자를 골라 주세요.",
                "Choose another officer to take over.",
                field="to_officer",
            )
        officer = _officer(call, to_officer, field="to_officer")
        open_, above = open_reviews(call)
        found = _locked(call, set(open_.filter(officer=from_officer).values_list("pk", flat=True)))
        if not found:
            raise Refused(
                "nothing_to_hand_over",
                "이 담당자가 맡은 열린 일이 없습니다.",
                "This officer is in charge of nothing that is open.",
            )
        moved = duties({review.pk: review.application_id for review in found}, above)
        for review in found:
            review.officer_id = officer
            review.save(update_fields=["officer"])
            record_inside(
                actor,
                review,
                "screening.take_over",
                {"from": from_officer, "to": officer, "note": note},
            )
        append(
            actor=actor,
            act="screening.hand_over",
            subject=("call", call.pk),
            call=call.slug,
            payload={
                "from": from_officer,
                "to": officer,
                "note": note,
                "reviews": [review.pk for review in found],
                "duties": [{"kind": str(duty.kind), "id": duty.key} for duty in moved],
            },
        )
        return moved


def _call(actor: Actor, call_id: int) -> Call:
    call = Call.objects.filter(pk=call_id).first()
    if call is None:
        raise NotFound
    reviewer(actor, call)
    return call


def _officer(call: Call, officer_id: int, field: str = "officer") -> int:
    if officer_id not in {person.pk for person in officers_of(call)}:
        raise BadInput(
            "not_an_officer",
            "이 공고를 운영하는 담당자 가운데에서 골라 주세요.",
            "Choose one of the officers who run this call.",
            field=field,
        )
    return officer_id


def _locked(call: Call, wanted: set[int]) -> list[Review]:
    """The reviews, locked in one order, then read with what is joined to them."""
    found = Review.objects.filter(pk__in=wanted, application__call=call)
    list(found.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True))
    return list(found.select_related("application__call").order_by("pk"))
