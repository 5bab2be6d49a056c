"""What was found out about an organisation (programme clauses A-5 to A-5d): appended, never changed."""

from datetime import date
from typing import BinaryIO

from django.db import transaction

from gongmo.definition.application import FactSource, Truth
from gongmo.files.commands import store
from gongmo.files.models import StoredFile
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.clock import SEOUL
from gongmo.kernel.errors import BadInput, NotFound
from gongmo.screening.commands.base import (
    fact_kind,
    locked_review_of,
    member_organisation,
    record_inside,
    reviewer,
    standing,
)
from gongmo.screening.models import FactRecord, Review


def record_fact(
    *,
    actor: Actor,
    application_id: int,
    organisation_id: int,
    fact: str,
    value: Truth,
    source: FactSource,
    as_of: date,
    since: date | None = None,
    until: date | None = None,
    follow_up: bool | None = None,
    earlier_ended_on: date | None = None,
    note: str = "",
    evidence: tuple[str, BinaryIO] | None = None,
) -> FactRecord:
    """Record what a register, a certificate or an officer says of one organisation on one question.

    `as_of` is the day on which it was looked up; `since` and `until` are the days on which "yes" holds (both included).
    It can be recorded at any time after the submission, also after selection. A certificate needs its file as evidence.
    """
    review = Review.objects.select_related("application__call").filter(application_id=application_id).first()
    if review is None:
        raise NotFound
    reviewer(actor, review.application.call)
    value, source = Truth(value), FactSource(source)
    _check(value, source, as_of, since, until, evidence)
    # A large file is stored before the transaction, so that nobody waits for its bytes.
    stored = _stored(evidence)
    with transaction.atomic():
        review = locked_review_of(actor, application_id)
        standing(review)
        application = review.application
        fact_kind(application, fact)
        made = FactRecord.objects.create(
            application=application,
            organisation_id=member_organisation(application, organisation_id),
            fact=fact,
            value=value,
            source=source,
            as_of=as_of,
            since=since,
            until=until,
            follow_up=follow_up,
            earlier_ended_on=earlier_ended_on,
            note=note.strip(),
            evidence=stored,
            evidence_name=evidence[0] if evidence else "",
            recorded_at=clock.now(),
            recorded_by_id=actor.person,
        )
        record_inside(
            actor,
            review,
            "screening.record_fact",
            {
                "record": made.pk,
                "organisation": organisation_id,
                "fact": fact,
                "value": value.value,
                "source": source.value,
                "as_of": as_of,
                "since": since,
                "until": until,
                "follow_up": follow_up,
                "earlier_ended_on": earlier_ended_on,
                "evidence": stored.sha256 if stored else None,
            },
        )
        return made


def _stored(evidence: tuple[str, BinaryIO] | None) -> StoredFile | None:
    return None if evidence is None else store(stream=evidence[1], name=evidence[0])


def _check(
    value: Truth,
    source: FactSource,
    as_of: date,
    since: date | None,
    until: date | None,
    evidence: tuple[str, BinaryIO] | None,
) -> None:
    if source is FactSource.SELF:
        raise BadInput(
            "source_self",
            "자가점검은 신청 기관이 합니다. 공적 조회, 증명서, 담당자 확인 가운데 하나를 골라 주세요.",
            "Self-confirmation is the applicant's. Choose register, certificate or officer.",
            field="source",
        )
    if as_of > clock.now().astimezone(SEOUL).date():
        raise BadInput(
            "as_of_ahead",
            "확인한 날은 오늘보다 뒤일 수 없습니다.",
            "The day of the look-up cannot lie ahead.",
            field="as_of",
        )
    if since is not None and until is not None and since > until:
        raise BadInput(
            "since_after_until",
            "해당 기간의 끝이 시작보다 앞섭니다. 날짜를 확인해 주세요.",
            "The span ends before it starts.",
            field="until",
        )
    if source is FactSource.CERTIFICATE and evidence is None:
        raise BadInput(
            "evidence_missing",
            "증명서로 확인했다면 그 파일을 붙여 주세요.",
            "Attach the certificate that this rests on.",
            field="evidence",
        )
