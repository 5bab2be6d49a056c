"""Requests to complete something (보완요청), each with its own deadline."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, BinaryIO

from django.db import transaction

from gongmo.calls.models import Call
from gongmo.calls.queries import definition_of
from gongmo.files.commands import store
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotFound, Refused
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
from gongmo.screening.items import item_name, item_problem, openable
from gongmo.screening.judgement import screened_value
from gongmo.screening.models import ItemKind, Review, Supplement, SupplementItem
from gongmo.screening.states import ReviewState, SupplementState, reviews_table, supplements_table


def request_supplement(
    *, actor: Actor, application_id: int, what: str, due_at: datetime, opened: Sequence[str] = ()
) -> Supplement:
    """Ask the applicant to complete something before an instant. The review waits until every request is dealt with.

    `opened` are keys of `gongmo.screening.items.openable`: exactly these answers and documents can be changed until then.
    """
    with transaction.atomic():
        review = locked_review_of(actor, application_id)
        what = said(
            what, field="what", ko="무엇을 보완해야 하는지 적어 주세요.", en="Say what has to be completed."
        )
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
        _open(supplement, opened)
        record(
            actor,
            review.application,
            "screening.request_supplement",
            {"supplement": supplement.pk, "what": what, "due_at": due_at, "opened": list(opened)},
        )
        return supplement


def _open(supplement: Supplement, keys: Sequence[str]) -> None:
    application = supplement.application
    found = {
        item.key: item for item in openable(definition_of(application.call), screened_value(application))
    }
    if any(key not in found for key in keys):
        raise BadInput(
            "opened_unknown",
            "보완할 항목을 다시 골라 주세요.",
            "Choose again what is to be completed.",
            field="opened",
        )
    for key in dict.fromkeys(keys):
        item = found[key]
        for place, submitted in item.before.items():
            SupplementItem.objects.create(
                supplement=supplement,
                kind=item.kind,
                place=place,
                organisation_id=int(item.organisation) if item.organisation else None,
                before=submitted,
                text=submitted if item.kind is ItemKind.ANSWER else "",
            )


def answer_supplement(
    *, actor: Actor, supplement_id: int, answer: str, name: str | None = None, stream: BinaryIO | None = None
) -> Supplement:
    """Answer a request with all that it opened, with a further file where one helps.

    Refused at or after its due instant, and while an opened item is not changed or not fit (details: {"items": [...]}).
    """
    found = Supplement.objects.select_related("application").filter(pk=supplement_id).first()
    if found is None or not policies.see_own(actor, found.application):
        raise NotFound
    policies.answer.require(actor, found.application)
    answer = said(answer, field="answer", ko="보완한 내용을 적어 주세요.", en="Say what you completed.")
    now = before(found.due_at)
    stored = store(stream=stream, name=name) if stream is not None and name else None
    with transaction.atomic():
        supplement = locked_supplement(supplement_id)
        supplement.state = supplements_table.require(
            SupplementState(supplement.state), SupplementState.ANSWERED
        )
        items = list(supplement.items.select_related("organisation"))
        _require_complete(supplement, items)
        supplement.answer, supplement.draft = answer, ""
        supplement.answered_at = now
        supplement.answered_by_id = actor.person
        supplement.file = stored
        supplement.file_name = name or "" if stored else ""
        supplement.save()
        record(
            actor,
            supplement.application,
            "screening.answer_supplement",
            {
                "supplement": supplement.pk,
                "answer": answer,
                "file": stored.sha256 if stored else None,
                "items": [
                    {
                        "item": item.pk,
                        "kind": item.kind,
                        "place": item.place,
                        "organisation": item.organisation_id,
                        "text": item.text if item.kind == ItemKind.ANSWER else None,
                        "file": item.file_id,
                    }
                    for item in items
                ],
            },
        )
        return supplement


def _require_complete(supplement: Supplement, items: list[SupplementItem]) -> None:
    definition = definition_of(supplement.application.call)
    wrong: list[dict[str, Any]] = []
    for item in items:
        problem = item_problem(definition, item)
        if problem is not None:
            name = item_name(definition, item)
            wrong.append(
                {"item": item.pk, "ko": f"{name.ko}: {problem.ko}", "en": f"{name.en}: {problem.en}"}
            )
    if wrong:
        rest = len(wrong) - 1
        raise Refused(
            "supplement_incomplete",
            wrong[0]["ko"] + (f" 그 밖에 {rest:,}가지가 더 있습니다." if rest else ""),
            wrong[0]["en"] + (f" There are {rest:,} more." if rest else ""),
            details={"items": wrong},
        )


def accept_supplement(*, actor: Actor, supplement_id: int) -> Supplement:
    """Accept an answer. When no request is open any more, the review goes on."""
    with transaction.atomic():
        application_id = (
            Supplement.objects.filter(pk=supplement_id).values_list("application_id", flat=True).first()
        )
        if application_id is None:
            raise NotFound
        review = locked_review_of(actor, application_id)
        supplement = locked_supplement(supplement_id)
        supplement.state = supplements_table.require(
            SupplementState(supplement.state), SupplementState.ACCEPTED
        )
        supplement.save(update_fields=["state"])
        _go_on(review)
        record(actor, review.application, "screening.accept_supplement", {"supplement": supplement.pk})
        return supplement


def withdraw_supplement(*, actor: Actor, supplement_id: int, reason: str) -> Supplement:
    """Take back a request that was asked by mistake or is needed no more, before it is answered. The review goes on, the applicant is told.

    What the applicant has written for it stays with the request and is judged nowhere.
    """
    with transaction.atomic():
        application_id = (
            Supplement.objects.filter(pk=supplement_id).values_list("application_id", flat=True).first()
        )
        if application_id is None:
            raise NotFound
        review = locked_review_of(actor, application_id)
        reason = said(
            reason,
            field="reason",
            ko="요청을 거두는 까닭을 적어 주세요.",
            en="Say why the request is taken back.",
        )
        supplement = locked_supplement(supplement_id)
        supplement.state = supplements_table.require(
            SupplementState(supplement.state), SupplementState.WITHDRAWN
        )
        supplement.save(update_fields=["state"])
        _go_on(review)
        record(
            actor,
            review.application,
            "screening.withdraw_supplement",
            {"supplement": supplement.pk, "reason": reason},
        )
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


def locked_supplement(supplement_id: int) -> Supplement:
    """The request, locked until the transaction ends."""
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
