"""Publishing a call."""

from datetime import datetime

from django.db import IntegrityError, transaction
from pydantic import TypeAdapter, ValidationError

from gongmo.calls.commands.base import freeze, readable, with_window
from gongmo.calls.models import Call, Notice, NoticeKind
from gongmo.calls.policies import may_publish
from gongmo.calls.values import Announcement, ParentGrant
from gongmo.definition.base import Slug
from gongmo.definition.model import Definition
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.canonical import digest
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.kernel.korean import stamp, won
from gongmo.ledger.commands import append
from gongmo.parties.models import Organisation

_slug: TypeAdapter[str] = TypeAdapter(Slug)


def publish(
    *,
    actor: Actor,
    definition: Definition,
    operator_id: int,
    rehearsal: bool = False,
    parent: ParentGrant | None = None,
    slug: str | None = None,
    intake: tuple[datetime, datetime] | None = None,
    announcement: Announcement | None = None,
) -> Call:
    """Publish a definition as version 1 of a call, with its announcement in plain words where there is one.

    `intake` overrides the definition's window (opens, closes); the frozen version carries it too. A second-level call
    needs `parent`, whose money (won) covers the pot. Refused: not allowed, slug taken or unfit for an address, pot beyond the parent's
    money, window empty or past.
    """
    level = definition.second_level
    with transaction.atomic():
        may_publish.require(actor, operator_id, level is not None)
        if not Organisation.objects.filter(pk=operator_id).exists():
            raise NotFound
        if intake is not None:
            _require_window(*intake)
            definition = with_window(definition, *intake)
        pot = _pot(definition, parent)
        now = clock.now()
        if definition.intake.closes <= now:
            raise BadInput(
                "intake_past",
                f"접수 마감({stamp(definition.intake.closes)})이 이미 지났습니다. 새 마감을 정해 주세요.",
                f"The intake's deadline ({stamp(definition.intake.closes)}, Seoul) has passed. Choose another.",
                field="closes_at",
            )
        name = _name(slug or definition.id)
        call = _create(
            name,
            programme=definition.programme,
            title_ko=definition.title.ko,
            title_en=definition.title.en,
            operator_id=operator_id,
            opens_at=definition.intake.opens,
            closes_at=definition.intake.closes,
            rehearsal=rehearsal,
            parent_id=parent.call_id if parent else None,
            parent_agreement=parent.agreement_id if parent else None,
            parent_reference=parent.reference if parent else "",
            parent_region=parent.region if parent else "",
            pot=pot,
            published_at=now,
        )
        version = freeze(
            call, definition, number=1, at=now, announcement=readable(announcement or Announcement())
        )
        Notice.objects.create(call=call, kind=NoticeKind.ANNOUNCEMENT, title=call.title_ko, published_at=now)
        append(
            actor=actor,
            act="calls.publish",
            subject=("call", call.pk),
            call=call.slug,
            payload={
                "slug": call.slug,
                "programme": call.programme,
                "operator": operator_id,
                "version": 1,
                "definition_sha256": version.sha256,
                "opens_at": call.opens_at,
                "closes_at": call.closes_at,
                "rehearsal": rehearsal,
                "parent_agreement": call.parent_agreement,
                "parent_reference": call.parent_reference,
                "parent_region": call.parent_region,
                "pot": pot,
                "announcement_sha256": digest([version.announcement_ko, version.announcement_en]),
            },
        )
    return call


TAKEN = frozenset({"feed", "calendar", "new"})
"""Names that are addresses of their own below /calls/."""


def _name(slug: str) -> str:
    if slug in TAKEN:
        raise BadInput(
            "call_slug_reserved",
            f"‘{slug}’은(는) 쓸 수 없는 주소 이름입니다. 다른 이름을 적어 주세요.",
            f"“{slug}” cannot be used as a call's name. Choose another.",
            field="slug",
        )
    try:
        return _slug.validate_python(slug)
    except ValidationError as error:
        raise BadInput(
            "call_slug_unfit",
            "공고의 주소 이름은 영문 소문자, 숫자, 붙임표(-)로 63자까지 적어 주세요.",
            "Write the call's name in small letters, digits and hyphens, at most 63.",
            field="slug",
        ) from error


def _create(slug: str, **columns: object) -> Call:
    taken = Refused(
        "call_slug_taken",
        f"‘{slug}’ 이름의 공고가 이미 있습니다. 다른 이름을 써 주세요.",
        f"There is already a call named “{slug}”. Choose another name.",
        details={"slug": slug},
    )
    if Call.objects.filter(slug=slug).exists():
        raise taken
    try:
        with transaction.atomic():
            return Call.objects.create(slug=slug, **columns)
    except IntegrityError as error:
        if Call.objects.filter(slug=slug).exists():
            raise taken from error
        raise


def _require_window(opens: datetime, closes: datetime) -> None:
    if opens.tzinfo is None or closes.tzinfo is None or opens >= closes:
        raise BadInput(
            "intake_window",
            "접수 시작이 마감보다 앞서야 합니다. 두 시각을 확인해 주세요.",
            "Applications must open before they close. Check both times.",
            field="intake",
        )


def _pot(definition: Definition, parent: ParentGrant | None) -> int | None:
    level = definition.second_level
    if level is None and parent is None:
        return None
    if level is None:
        raise Refused(
            "call_not_second_level",
            "이 공고 정의에는 상위 협약의 돈을 나누는 내용(second_level)이 없습니다. 정의를 확인해 주세요.",
            "This definition does not hand on a parent agreement's money (second_level).",
        )
    if parent is None:
        raise Refused(
            "call_needs_parent",
            "이 공고는 상위 협약의 돈을 나눕니다. 먼저 협약을 골라 주세요.",
            "This call hands on the money of a parent agreement. Choose the agreement first.",
        )
    if level.pot > parent.available:
        raise Refused(
            "call_pot_beyond_parent",
            f"공고의 총액 {won(level.pot)}이 협약에서 더 나눌 수 있는 {won(parent.available)}보다"
            f" {won(level.pot - parent.available)} 많습니다. 총액을 줄여 주세요.",
            f"The call's pot of {level.pot:,} won exceeds the {parent.available:,} won that the agreement can still hand on"
            f" by {level.pot - parent.available:,} won. Lower the pot.",
            details={"pot": level.pot, "available": parent.available},
        )
    return level.pot
