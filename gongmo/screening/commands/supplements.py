"""Requests to complete something (보완요청), each with its own deadline."""

from datetime import datetime
from typing import BinaryIO

from django.db import transaction

from gongmo.calls.models import Call
from gongmo.files.commands import store
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import NotFound
from gongmo.ledger.commands import append
from gongmo.screening import policies
from gongmo.screening.commands.base import (
    before,
    due,
    locked_review,
    locked_review_of,
    record,
    reviewer,
    said,
    standing,
)
from gongmo.screening.models import Review, Supplement
from gongmo.screening.states import ReviewState, SupplementState, reviews_table, supplements_table


def request_supplement(*, actor: Actor, application_id: int, what: str, due_at: datetime) -> Supplement:
    """Ask the applicant to complete something before an instant. The review waits until every request is dealt with."""
    what = said(
        what, field="what", ko="무엇을 보완해야 하는지 적어 주세요.", en="Say what has to be completed."
    )
    with transaction.atomic():
        review = locked_review_of(actor, application_id)
        standing(review)
        if review.state != ReviewState.SUPPLEMENT:
            review.state = reviews_table.require(ReviewState(review.state), ReviewState.SUPPLEMENT)
            review.save(update_fields=["state"])
        supplement = Supplement.objects.create(
            application=review.application,
            what=what,
            due_at=due(due_at),
            asked_at=clock.now(),
            asked_by_id=actor.person,
        )
        record(
            actor,
            review.application,
            "screening.request_supplement",
            {"supplement": supplement.pk, "what": what, "due_at": due_at},
        )
        return supplement


def answer_supplement(
    *, actor: Actor, supplement_id: int, answer: str, name: str | None = None, stream: BinaryIO | None = None
) -> Supplement:
    """Answer a request, with a file where one helps. Refused at or after its due instant."""
    answer = said(answer, field="answer", ko="보완한 내용을 적어 주세요.", en="Say what you completed.")
    found = Supplement.objects.select_related("application").filter(pk=supplement_id).first()
    if found is None or not policies.see_own(actor, found.application):
        raise NotFound
    policies.answer.require(actor, found.application)
    now = before(found.due_at)
    stored = store(stream=stream, name=name) if stream is not None and name else None
    with transaction.atomic():
        supplement = _locked(supplement_id)
        supplement.state = supplements_table.require(
            SupplementState(supplement.state), SupplementState.ANSWERED
        )
        supplement.answer = answer
        supplement.answered_at = now
        supplement.answered_by_id = actor.person
        supplement.file = stored
        supplement.file_name = name or "" if stored else ""
        supplement.save()
        record(
            actor,
            supplement.application,
            "screening.answer_supplement",
            {"supplement": supplement.pk, "answer": answer, "file": stored.sha256 if stored else None},
        )
        return supplement


def accept_supplement(*, actor: Actor, supplement_id: int) -> Supplement:
    """Accept an answer. When no request is open any more, the review goes on."""
    with transaction.atomic():
        application_id = (
            Supplement.objects.filter(pk=supplement_id).values_list("application_id", flat=True).first()
        )
        if application_id is None:
            raise NotFound
        review = locked_review_of(actor, application_id)
        supplement = _locked(supplement_id)
        supplement.state = supplements_table.require(
            SupplementState(supplement.state), SupplementState.ACCEPTED
        )
        supplement.save(update_fields=["state"])
        _go_on(review)
        record(actor, review.application, "screening.accept_supplement", {"supplement": supplement.pk})
        return supplement


def expire_supplements(*, actor: Actor, call_id: int) -> list[Supplement]:
    """Mark the requests of a call that were not answered before their due instant, so that their reviews go on."""
    with transaction.atomic():
        call = Call.objects.filter(pk=call_id).first()
        if call is None:
            raise NotFound
        reviewer(actor, call)
        # Reviews are locked before their requests everywhere, in one order.
        reviews = list(
            Review.objects.filter(application__call=call, state=ReviewState.SUPPLEMENT)
            .order_by("pk")
            .values_list("pk", flat=True)
        )
        expired: list[Supplement] = []
        for review_id in reviews:
            review = locked_review(actor, review_id)
            late = Supplement.objects.select_for_update().filter(
                application_id=review.application_id, state=SupplementState.ASKED, due_at__lte=clock.now()
            )
            for supplement in late:
                supplement.state = supplements_table.require(
                    SupplementState(supplement.state), SupplementState.OVERDUE
                )
                supplement.save(update_fields=["state"])
                expired.append(supplement)
            _go_on(review)
        if expired:
            append(
                actor=actor,
                act="screening.expire_supplements",
                subject=("call", call.pk),
                call=call.slug,
                payload={"supplements": [supplement.pk for supplement in expired]},
            )
        return expired


def _locked(supplement_id: int) -> Supplement:
    return (
        Supplement.objects.select_for_update(of=("self",))
        .select_related("application__call")
        .get(pk=supplement_id)
    )


def _go_on(review: Review) -> None:
    waiting = review.application.supplements.filter(
        state__in=(SupplementState.ASKED, SupplementState.ANSWERED)
    )
    if review.state == ReviewState.SUPPLEMENT and not waiting.exists():
        review.state = reviews_table.require(ReviewState(review.state), ReviewState.OPEN)
        review.save(update_fields=["state"])
