"""What must hold of the eligibility reviews in live data."""

import json
from collections.abc import Iterator

from gongmo.kernel.canonical import digest, plain, sha256_hex
from gongmo.kernel.invariants import Broken, invariant
from gongmo.ledger.models import Entry
from gongmo.rules.finding import Verdict, verdict, without_words
from gongmo.screening import register_invariants as register_invariants
from gongmo.screening.judgement import plain_findings, recompute
from gongmo.screening.models import FactRecord, Review, ReviewObjection
from gongmo.screening.states import ObjectionState, ReviewState

DECIDED = (ReviewState.ELIGIBLE, ReviewState.EXCLUDED)
DECISIONS = ("screening.decide_eligible", "screening.confirm_exclusion", "screening.reinstate")


@invariant(
    "screening.four_eyes",
    ko="제외는 서로 다른 두 담당자가 제안하고 확정합니다.",
    en="Every exclusion was proposed and confirmed by two different officers.",
)
def two_officers() -> Iterator[Broken]:
    for review in Review.objects.filter(state=ReviewState.EXCLUDED):
        if (
            not review.proposed_by_id
            or not review.confirmed_by_id
            or review.proposed_by_id == review.confirmed_by_id
        ):
            yield Broken(
                f"review {review.pk}",
                f"proposed by {review.proposed_by_id}, confirmed by {review.confirmed_by_id}",
                "two different officers",
            )


@invariant(
    "screening.verdict_recomputes",
    ko="결정한 적격성 판정은 저장된 입력으로 다시 계산해도 같습니다.",
    en="Every decided verdict is the same when recomputed from its stored inputs.",
)
def verdicts_recompute() -> Iterator[Broken]:
    for review in Review.objects.filter(state__in=DECIDED):
        yield from recomputed(review)


def recomputed(review: Review) -> Iterator[Broken]:
    """Where a decided review differs from its recomputation, or from what the ledger keeps of it."""
    subject = f"review {review.pk}"
    try:
        found = recompute(review.inputs)
    except (ValueError, KeyError) as error:
        yield Broken(subject, f"inputs that cannot be read: {error}", "the canonical inputs of the decision")
        return
    if without_words(plain_findings(found)) != without_words(review.findings):
        yield Broken(
            subject, f"findings {digest(review.findings)}", f"findings {digest(plain_findings(found))}"
        )
    passed = verdict(found) is Verdict.PASS
    if passed != (review.state == ReviewState.ELIGIBLE):
        yield Broken(subject, f"state {review.state}", f"verdict {verdict(found).value}")
    kept = _last_decision(review)
    if kept is None:
        yield Broken(subject, "no decision in the ledger", "the decision's entry")
    elif kept.get("inputs") != sha256_hex(review.inputs):
        yield Broken(subject, f"inputs {sha256_hex(review.inputs)}", f"inputs {kept.get('inputs')}")
    elif kept.get("findings") != digest(review.findings):
        yield Broken(subject, f"findings {digest(review.findings)}", f"findings {kept.get('findings')}")


def _last_decision(review: Review) -> dict[str, object] | None:
    for body in (
        Entry.objects.filter(subject_type="review", subject_id=str(review.pk), act__in=DECISIONS)
        .order_by("-sequence")
        .values_list("body", flat=True)
    ):
        payload: dict[str, object] = json.loads(body)["payload"]
        if "inputs" in payload:
            return payload
    return None


@invariant(
    "screening.objections",
    ko="이의신청은 기한 안에 제외에 대해 냈고, 제안하지 않은 담당자가 답했습니다.",
    en="Every objection came in time against an exclusion and was answered by an officer who did not propose it.",
)
def objections_in_order() -> Iterator[Broken]:
    for objection in ReviewObjection.objects.select_related("review").order_by("pk"):
        subject, review = f"objection {objection.pk}", objection.review
        if not objection.against <= objection.filed_at < objection.due_at:
            yield Broken(subject, f"filed at {objection.filed_at}", f"before {objection.due_at}")
        stands = review.state == ReviewState.EXCLUDED and review.decided_at == objection.against
        if objection.state == ObjectionState.FILED and not stands:
            yield Broken(
                subject, f"waiting while the review is {review.state}", "the exclusion that it is against"
            )
        if objection.state == ObjectionState.ACCEPTED and stands:
            yield Broken(subject, "upheld while the exclusion stands", "a lifted exclusion")
        if (
            objection.state == ObjectionState.REJECTED
            and stands
            and objection.answered_by_id == review.proposed_by_id
        ):
            yield Broken(
                subject, f"answered by {objection.answered_by_id}, who proposed it", "another officer"
            )


@invariant(
    "screening.facts_recorded",
    ko="기록한 사실은 모두 원장의 내용과 같습니다.",
    en="Every recorded fact is as the ledger tells it.",
)
def facts_as_recorded() -> Iterator[Broken]:
    told: dict[int, dict[str, object]] = {}
    bodies = Entry.objects.filter(act="screening.record_fact").values_list("body", flat=True)
    for body in bodies.iterator():
        payload = json.loads(body)["payload"]
        told[payload["record"]] = payload
    for record in FactRecord.objects.order_by("id").iterator():
        stored = plain(
            {
                "record": record.pk,
                "application": record.application_id,
                "organisation": record.organisation_id,
                "fact": record.fact,
                "value": record.value,
                "source": record.source,
                "as_of": record.as_of,
                "since": record.since,
                "until": record.until,
                "follow_up": record.follow_up,
                "earlier_ended_on": record.earlier_ended_on,
                "evidence": record.evidence_id,
            }
        )
        if told.get(record.pk) != stored:
            yield Broken(f"fact {record.pk}", f"{stored}", f"{told.get(record.pk)}")
