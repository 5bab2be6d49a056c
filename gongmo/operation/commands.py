"""What operators tell everyone: put up a notice, take it down."""

from datetime import datetime, timedelta

from django.db import transaction

from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.ledger import commands as ledger
from gongmo.operation import policies, state
from gongmo.operation.models import Announcement, Kind

LONGEST_TEXT = 300
LONGEST = timedelta(days=30)


def announce(
    *,
    actor: Actor,
    kind: Kind,
    text_ko: str,
    text_en: str = "",
    begins_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> Announcement:
    """Put a notice on the status page, from now on or from `begins_at`, until `ends_at` or until it is taken down.

    Raises NotFound for those who may not, BadInput for a text or times that cannot be shown.
    """
    if not policies.announce(actor):
        raise NotFound
    now = clock.now()
    texts = [" ".join(each.split()) for each in (text_ko, text_en)]
    if not texts[0] or max(map(len, texts)) > LONGEST_TEXT:
        raise BadInput(
            "text",
            "안내 문장을 1자에서 300자까지 적어 주세요.",
            "Write a notice of 1 to 300 characters.",
            field="text_ko",
        )
    begins = begins_at or now
    if ends_at is not None and not max(begins, now) < ends_at <= begins + LONGEST:
        raise BadInput(
            "times",
            "끝나는 때는 시작하는 때와 지금보다 뒤이고, 30일 안이어야 합니다.",
            "It has to end after it begins and after now, within 30 days.",
            field="ends_at",
        )
    with transaction.atomic():
        made = Announcement.objects.create(
            kind=kind.value,
            text_ko=texts[0],
            text_en=texts[1],
            begins_at=begins,
            ends_at=ends_at,
            made_at=now,
            made_by_id=actor.person,
        )
        ledger.append(
            actor=actor,
            act="operation.announce",
            subject=("announcement", made.pk),
            payload={
                "kind": kind.value,
                "text_ko": texts[0],
                "text_en": texts[1],
                "begins_at": begins,
                "ends_at": ends_at,
            },
        )
    state.forget()
    return made


def withdraw_announcement(*, actor: Actor, announcement_id: int) -> Announcement:
    """Take a notice down. Raises NotFound, or Refused when it is down already."""
    if not policies.announce(actor):
        raise NotFound
    with transaction.atomic():
        found = Announcement.objects.select_for_update().filter(pk=announcement_id).first()
        if found is None:
            raise NotFound
        if found.withdrawn_at is not None:
            raise Refused(
                "withdrawn",
                "이 안내는 이미 내려졌습니다. 화면을 새로 고쳐 주세요.",
                "This notice is down already. Reload the page.",
            )
        found.withdrawn_at = clock.now()
        found.save(update_fields=["withdrawn_at"])
        ledger.append(
            actor=actor,
            act="operation.withdraw_announcement",
            subject=("announcement", found.pk),
            payload={},
        )
    state.forget()
    return found
