"""The decision of an eligibility review: eligible, or excluded by two officers (programme clauses A-5 to A-5e)."""

import json
from datetime import date

from django.db import transaction

from gongmo.calls.queries import definition_of
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.clock import SEOUL
from gongmo.kernel.errors import BadInput, NotAllowed, Refused
from gongmo.rules.finding import Finding, Status
from gongmo.screening import policies, signals
from gongmo.screening.commands.base import (
    locked_review,
    member_organisation,
    record,
    record_inside,
    said,
    standing,
)
from gongmo.screening.judgement import Judgement, judge, plain_findings
from gongmo.screening.models import Review, ReviewObjection
from gongmo.screening.states import ObjectionState, ReviewState, objections_table, reviews_table


def decide_eligible(*, actor: Actor, review_id: int) -> Review:
    """Decide that an application is eligible. Refused while a blocking finding fails or is unknown, naming which."""
    with transaction.atomic():
        review = locked_review(actor, review_id)
        standing(review)
        review.state = reviews_table.require(ReviewState(review.state), ReviewState.ELIGIBLE)
        judgement = _eligible(review)
        _keep(review, judgement)
        _clear(review)
        review.save()
        record_inside(actor, review, "screening.decide_eligible", judgement.record())
        return review


def propose_exclusion(
    *,
    actor: Actor,
    review_id: int,
    clause: str,
    organisation_id: int | None,
    reason: str,
    on: date | None = None,
) -> Review:
    """Propose to exclude an application under a clause, on account of one organisation (None: of the application itself).

    Refused unless a finding under that clause fails, so that no exclusion stands without a rule that explains it. Facts are
    judged on the closing day; once the application is eligible, `on` may name a later day, up to today, on which a ground
    that came to light holds (programme clause A-5d).
    """
    with transaction.atomic():
        review = locked_review(actor, review_id)
        reason = said(
            reason, field="reason", ko="제외하는 까닭을 적어 주세요.", en="Give the reason for the exclusion."
        )
        standing(review)
        _person(actor)
        _later(review, on)
        review.state = reviews_table.require(ReviewState(review.state), ReviewState.EXCLUSION_PROPOSED)
        if organisation_id is not None:
            member_organisation(review.application, organisation_id)
        judgement = judge(review.application, on=on)
        _grounds(review, judgement, clause, organisation_id)
        review.inputs = judgement.inputs
        review.clause, review.organisation_id, review.reason = clause, organisation_id, reason
        review.proposed_by_id, review.confirmed_by_id = actor.person, None
        review.save()
        record_inside(
            actor,
            review,
            "screening.propose_exclusion",
            {"clause": clause, "organisation": organisation_id, "reason": reason, **judgement.record()},
        )
        return review


def confirm_exclusion(*, actor: Actor, review_id: int) -> Review:
    """Confirm a proposed exclusion. Refused to the officer who proposed it, and when its ground no longer holds."""
    with transaction.atomic():
        review = locked_review(actor, review_id)
        review.state = reviews_table.require(ReviewState(review.state), ReviewState.EXCLUDED)
        policies.confirm.require(actor, review.application.call, review.proposed_by_id)
        judgement = judge(review.application, on=_judged_on(review))
        _grounds(review, judgement, review.clause, review.organisation_id)
        _keep(review, judgement)
        review.confirmed_by_id = actor.person
        review.save()
        signals.excluded.send(
            sender=Review,
            application=review.application,
            actor=actor,
            reason=f"적격성 검토에서 제외됨 ({review.clause})",
        )
        record_inside(
            actor,
            review,
            "screening.confirm_exclusion",
            {
                "clause": review.clause,
                "organisation": review.organisation_id,
                "proposed_by": review.proposed_by_id,
                **judgement.record(),
            },
        )
        return review


def reinstate(*, actor: Actor, review_id: int, reason: str) -> Review:
    """Take a proposal back or send it back (the review is open again), or lift a confirmed exclusion (the application is eligible).

    Lifting is refused while a blocking finding fails or is unknown: record the fact that changed first. An objection that waits for
    its answer is upheld with it.
    """
    with transaction.atomic():
        review = locked_review(actor, review_id)
        reason = said(
            reason, field="reason", ko="되돌리는 까닭을 적어 주세요.", en="Say why the exclusion is lifted."
        )
        if review.state == ReviewState.EXCLUDED:
            waiting = _waiting_objection(review)
            if waiting is not None:
                _uphold(actor, review, waiting, reason)
            lift(actor, review, reason, objection=waiting.pk if waiting else None)
            return review
        was = ReviewState(review.state)
        review.state = reviews_table.require(was, ReviewState.OPEN)
        payload = {"from": was.value, "reason": reason, "proposed_by": review.proposed_by_id}
        _clear(review)
        review.save()
        record_inside(actor, review, "screening.reinstate", payload)
        return review


def lift(actor: Actor, review: Review, reason: str, *, objection: int | None = None) -> None:
    """Lift the exclusion of a locked review, inside the caller's transaction: the application is eligible and goes on."""
    was = ReviewState(review.state)
    review.state = reviews_table.require(was, ReviewState.ELIGIBLE)
    judgement = _eligible(review)
    _keep(review, judgement)
    payload: dict[str, object] = {"from": was.value, "reason": reason, "objection": objection}
    _clear(review)
    review.save()
    signals.reinstated.send(sender=Review, application=review.application, actor=actor, reason=reason)
    record_inside(actor, review, "screening.reinstate", {**payload, **judgement.record()})


def _waiting_objection(review: Review) -> ReviewObjection | None:
    if review.decided_at is None:
        return None
    return (
        ReviewObjection.objects.select_for_update(of=("self",))
        .filter(review=review, against=review.decided_at, state=ObjectionState.FILED)
        .first()
    )


def _uphold(actor: Actor, review: Review, objection: ReviewObjection, reason: str) -> None:
    policies.answer_objection.require(actor, review.application.call, review.proposed_by_id)
    objection.state = objections_table.require(ObjectionState(objection.state), ObjectionState.ACCEPTED)
    objection.answer = reason
    objection.answered_at = clock.now()
    objection.answered_by_id = actor.person
    objection.save()
    record(
        actor,
        review.application,
        "screening.answer_objection",
        {"objection": objection.pk, "accepted": True, "answer": reason},
    )


def _eligible(review: Review) -> Judgement:
    judgement = judge(review.application)
    open_ = judgement.open()
    if open_:
        ko, en = _named(open_)
        raise Refused(
            "not_eligible_yet",
            f"적격으로 결정하려면 먼저 해결해야 할 항목이 {len(open_)}건 있습니다. {ko}",
            f"{len(open_)} finding(s) stand in the way of eligibility. {en}",
            details={"open": [{"rule": f.rule, "clause": f.clause, "status": f.status.value} for f in open_]},
            findings=open_,
        )
    return judgement


def _named(findings: tuple[Finding, ...], most: int = 3) -> tuple[str, str]:
    def clause(finding: Finding) -> str:
        return f"[{finding.clause}] " if finding.clause else ""

    shown = findings[:most]
    return (
        " ".join(clause(f) + f.message.ko for f in shown),
        " ".join(clause(f) + f.message.en for f in shown),
    )


def _grounds(review: Review, judgement: Judgement, clause: str, organisation_id: int | None) -> None:
    """Refuse an exclusion that no failing finding under its clause carries."""
    definition = definition_of(review.application.call)
    if clause not in {item.id for item in definition.clauses}:
        raise BadInput(
            "unknown_clause",
            "근거 조항을 공고의 조항 번호로 골라 주세요.",
            "Choose the ground among the call's clauses.",
            field="clause",
        )
    wanted = None if organisation_id is None else str(organisation_id)
    carried = any(
        finding.status is Status.FAIL
        and finding.clause == clause
        and (wanted is None or finding.subject.organisation == wanted)
        for finding in judgement.open()
    )
    if not carried:
        raise Refused(
            "no_ground",
            f"{clause} 조항에 걸리는 사실이 기록되어 있지 않습니다. 확인한 사실을 먼저 기록해 주세요.",
            f"No recorded fact fails clause {clause}; record what was found out first.",
            details={"clause": clause, "organisation": organisation_id},
        )


def _later(review: Review, on: date | None) -> None:
    if on is None:
        return
    closed = review.application.call.closes_at.astimezone(SEOUL).date()
    if review.state != ReviewState.ELIGIBLE or not closed <= on <= clock.now().astimezone(SEOUL).date():
        raise BadInput(
            "bad_day",
            "적격으로 결정한 뒤에 드러난 사유만, 마감일부터 오늘까지의 날짜를 기준으로 판단할 수 있습니다.",
            "A later day counts only after the application was decided eligible, and up to today.",
            field="on",
        )


def _judged_on(review: Review) -> date | None:
    """The day on which the proposal judged the facts."""
    given = json.loads(review.inputs)["on"]
    return None if given is None else date.fromisoformat(given)


def _keep(review: Review, judgement: Judgement) -> None:
    review.findings = plain_findings(judgement.findings)
    review.inputs = judgement.inputs
    review.decided_at = clock.now()


def _clear(review: Review) -> None:
    review.clause = review.reason = ""
    review.organisation = review.proposed_by = review.confirmed_by = None


def _person(actor: Actor) -> None:
    if actor.person is None:
        raise NotAllowed(
            "screening.person",
            "제외는 담당자가 직접 제안해야 합니다.",
            "An exclusion is proposed by a person, not by the software.",
        )
