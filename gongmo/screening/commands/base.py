"""What the review commands share: locked rows, texts that must be given, the ledger entry of an application."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from gongmo.applications.models import Application
from gongmo.applications.states import ApplicationState, MemberState
from gongmo.calls.models import Call
from gongmo.calls.queries import definition_of
from gongmo.definition.model import FactKind
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.kernel.korean import stamp
from gongmo.ledger.commands import append
from gongmo.screening import policies
from gongmo.screening.models import Review

_RELATED = ("application__call__version", "application__call__operator", "application__lead")


def reviewer(actor: Actor, call: Call) -> None:
    """Only the operator goes on; whoever may not even see the reviews learns nothing of them."""
    if not policies.oversee(actor, call):
        raise NotFound
    policies.review.require(actor, call)


def locked_review(actor: Actor, review_id: int) -> Review:
    """The review for its operator, locked until the transaction ends. Raises NotFound or NotAllowed."""
    review = (
        Review.objects.select_for_update(of=("self",)).select_related(*_RELATED).filter(pk=review_id).first()
    )
    if review is None:
        raise NotFound
    reviewer(actor, review.application.call)
    return review


def locked_review_of(actor: Actor, application_id: int) -> Review:
    """The same by the application."""
    review = (
        Review.objects.select_for_update(of=("self",))
        .select_related(*_RELATED)
        .filter(application_id=application_id)
        .first()
    )
    if review is None:
        raise NotFound
    reviewer(actor, review.application.call)
    return review


def standing(review: Review) -> None:
    """Refuse acts on a withdrawn application."""
    if review.application.state != ApplicationState.SUBMITTED:
        raise Refused(
            "application_withdrawn",
            "철회된 신청입니다. 검토를 이어갈 수 없습니다.",
            "The application was withdrawn; its review cannot go on.",
        )


def member_organisation(application: Application, organisation_id: int) -> int:
    """The organisation's id when it takes part in the application. Raises BadInput."""
    if not application.members.filter(organisation_id=organisation_id, state=MemberState.ACCEPTED).exists():
        raise BadInput(
            "not_a_member",
            "이 컨소시엄에 참여한 기관을 골라 주세요.",
            "Choose an organisation of this consortium.",
            field="organisation",
        )
    return organisation_id


def fact_kind(application: Application, fact: str) -> FactKind:
    """The call's question of that id. Raises BadInput with the known ones."""
    kinds = {kind.id: kind for kind in definition_of(application.call).facts}
    if fact not in kinds:
        raise BadInput(
            "unknown_fact",
            f"이 공고에서 확인하는 항목을 골라 주세요: {', '.join(kind.name.ko for kind in kinds.values())}.",
            f"Choose a question of this call: {', '.join(kinds)}.",
            field="fact",
        )
    return kinds[fact]


def said(value: str, *, field: str, ko: str, en: str, limit: int = 4000) -> str:
    """A text that a person must give, trimmed. Raises BadInput where it is empty or too long."""
    text = value.strip()
    if not text:
        raise BadInput(f"{field}_missing", ko, en, field=field)
    if len(text) > limit:
        raise BadInput(
            f"{field}_too_long",
            f"{limit:,}자 이내로 줄여 주세요. 지금은 {len(text):,}자입니다.",
            f"Shorten this to {limit:,} letters; it has {len(text):,}.",
            field=field,
        )
    return text


def due(value: datetime) -> datetime:
    """A deadline that lies ahead. Raises BadInput."""
    if value.tzinfo is None or value <= clock.now():
        raise BadInput(
            "due_not_ahead",
            "기한은 지금보다 뒤로 정해 주세요.",
            "The deadline must lie ahead.",
            field="due_at",
        )
    return value


def before(due_at: datetime) -> datetime:
    """Now, when it is before the deadline instant; one at or after it is refused with both times."""
    now = clock.now()
    if now >= due_at:
        raise Refused(
            "past_due",
            f"기한({stamp(due_at, seconds=True)})이 지났습니다. 지금은 {stamp(now, seconds=True)}입니다. 담당자에게 문의해 주세요.",
            f"The deadline ({stamp(due_at, seconds=True)}, Seoul) has passed; it is {stamp(now, seconds=True)}. Ask the officer.",
            details={"due_at": due_at.isoformat(), "now": now.isoformat()},
        )
    return now


def record(actor: Actor, application: Application, act: str, payload: Mapping[str, Any]) -> None:
    """Append an act to the ledger that the consortium may see in its application's history."""
    append(
        actor=actor,
        act=act,
        subject=("application", application.pk),
        call=application.call.slug,
        payload=payload,
    )


def record_inside(actor: Actor, review: Review, act: str, payload: Mapping[str, Any]) -> None:
    """Append an act of the review itself, which only those who oversee reviews may see."""
    append(
        actor=actor,
        act=act,
        subject=("review", review.pk),
        call=review.application.call.slug,
        payload={"application": review.application_id, **payload},
    )
