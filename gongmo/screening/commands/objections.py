"""Objections to an exclusion: filed by the lead within the call's period, answered by an officer who did not propose the exclusion."""

from datetime import datetime
from typing import BinaryIO

from django.db import transaction

from gongmo.calls.queries import definition_of
from gongmo.files.commands import store
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import NotFound, Refused
from gongmo.screening import policies
from gongmo.screening.commands.base import before, record, reviewer, said, standing
from gongmo.screening.commands.decisions import lift
from gongmo.screening.deadlines import Deadline, answer_deadline, objection_deadline
from gongmo.screening.models import Review, ReviewObjection
from gongmo.screening.states import ObjectionState, ReviewState, objections_table

_WITH = ("application__call__version", "application__call__operator", "application__lead")


def file_objection(
    *, actor: Actor, application_id: int, text: str, name: str | None = None, stream: BinaryIO | None = None
) -> ReviewObjection:
    """Object to the exclusion that stands, once, with a file where one helps.

    Refused at or after the end of the call's period (both times are told), where the call gives no period, and a second time.
    """
    review = _own_review(actor, application_id)
    text = said(
        text, field="text", ko="이의가 있는 까닭을 적어 주세요.", en="Say why you object.", limit=10_000
    )
    _in_time(review)
    stored = store(stream=stream, name=name) if stream is not None and name else None
    with transaction.atomic():
        review = _locked(review.pk)
        now, told_at, deadline = _in_time(review)
        if ReviewObjection.objects.filter(review=review, against=told_at).exists():
            raise Refused(
                "objected_already",
                "이 제외에는 이미 이의신청을 냈습니다. 답변을 기다려 주세요.",
                "You have objected to this exclusion already; please wait for the answer.",
            )
        answer = answer_deadline(definition_of(review.application.call), now)
        made = ReviewObjection.objects.create(
            review=review,
            against=told_at,
            clause=review.clause,
            due_at=deadline.ends,
            text=text,
            file=stored,
            file_name=name or "" if stored else "",
            filed_at=now,
            filed_by_id=actor.person,
            answer_due_at=answer.ends if answer else None,
        )
        record(
            actor,
            review.application,
            "screening.file_objection",
            {
                "objection": made.pk,
                "clause": made.clause,
                "against": made.against,
                "due_at": made.due_at,
                "text": text,
                "file": stored.sha256 if stored else None,
            },
        )
        return made


def withdraw_objection(*, actor: Actor, objection_id: int) -> ReviewObjection:
    """Take an objection back that is not answered yet. The exclusion stands, and cannot be objected to again."""
    found = ReviewObjection.objects.select_related("review__application").filter(pk=objection_id).first()
    if found is None:
        raise NotFound
    _own_review(actor, found.review.application_id)
    with transaction.atomic():
        review = _locked(found.review_id)
        objection = _objection(objection_id)
        objection.state = objections_table.require(ObjectionState(objection.state), ObjectionState.WITHDRAWN)
        objection.save(update_fields=["state"])
        record(actor, review.application, "screening.withdraw_objection", {"objection": objection.pk})
        return objection


def answer_objection(*, actor: Actor, objection_id: int, accept: bool, answer: str) -> ReviewObjection:
    """Answer an objection: uphold it (the exclusion is lifted and the application eligible) or reject it, with the reason.

    Refused to the officer who proposed the exclusion. Upholding is refused while a blocking finding fails or is unknown: record the
    fact that changed first.
    """
    found = ReviewObjection.objects.filter(pk=objection_id).values_list("review_id", flat=True).first()
    if found is None:
        raise NotFound
    with transaction.atomic():
        review = _locked(found)
        call = review.application.call
        reviewer(actor, call)
        answer = said(
            answer,
            field="answer",
            ko="답변과 그 까닭을 적어 주세요.",
            en="Write the answer and its reason.",
            limit=10_000,
        )
        standing(review)
        objection = _objection(objection_id)
        then = ObjectionState.ACCEPTED if accept else ObjectionState.REJECTED
        objection.state = objections_table.require(ObjectionState(objection.state), then)
        policies.answer_objection.require(actor, call, review.proposed_by_id)
        objection.answer = answer
        objection.answered_at = clock.now()
        objection.answered_by_id = actor.person
        objection.save()
        record(
            actor,
            review.application,
            "screening.answer_objection",
            {"objection": objection.pk, "accepted": accept, "answer": answer},
        )
        if accept:
            lift(actor, review, answer, objection=objection.pk)
        return objection


def _own_review(actor: Actor, application_id: int) -> Review:
    review = Review.objects.select_related(*_WITH).filter(application_id=application_id).first()
    if review is None or not policies.see_own(actor, review.application):
        raise NotFound
    policies.object_to_exclusion.require(actor, review.application)
    return review


def _in_time(review: Review) -> tuple[datetime, datetime, Deadline]:
    """Now, the instant of the exclusion and the end of the time for objections, where an exclusion stands and that time is not over."""
    if review.state != ReviewState.EXCLUDED or review.decided_at is None:
        raise Refused(
            "not_excluded",
            "제외로 결정된 신청만 이의를 신청할 수 있습니다.",
            "Only an application that was excluded can be objected for.",
        )
    standing(review)
    deadline = objection_deadline(definition_of(review.application.call), review.decided_at)
    if deadline is None:
        raise Refused(
            "no_objection_period",
            "이 공고는 이의신청 기간을 정하지 않았습니다. 공고의 문의처로 알려 주세요.",
            "This call gives no period for objections; write to its contact.",
        )
    return before(deadline.ends), review.decided_at, deadline


def _locked(review_id: int) -> Review:
    return Review.objects.select_for_update(of=("self",)).select_related(*_WITH).get(pk=review_id)


def _objection(objection_id: int) -> ReviewObjection:
    return ReviewObjection.objects.select_for_update(of=("self",)).get(pk=objection_id)
