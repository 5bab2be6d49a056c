"""Reminding organisations of what they still owe, in one act."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from gongmo.applications.commands.base import locked, require_editable
from gongmo.applications.commands.members import cleaned_word
from gongmo.applications.models import Member
from gongmo.applications.policies import may_remind
from gongmo.applications.queries.members import MemberRow, member_rows
from gongmo.applications.queries.standing import marked, standing_of
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import Refused
from gongmo.kernel.korean import stamp
from gongmo.ledger.commands import append

PAUSE = timedelta(hours=1)
"""So long an organisation is not reminded again."""


@dataclass(frozen=True, slots=True)
class Reminded:
    """Who was reminded, and who was left out because the last reminder is not an hour old."""

    told: list[MemberRow]
    too_soon: list[MemberRow]


def remind(
    *, actor: Actor, application_id: int, members: Collection[int] | None = None, text: str = ""
) -> Reminded:
    """Remind every organisation that owes something, or the chosen ones among them, with a word of the lead's own.

    Each is told what it owes (gongmo.applications.notices). The lead itself is not reminded. Raises Refused where nobody is to be told.
    """
    with transaction.atomic():
        application = locked(actor, application_id)
        may_remind.require(actor, application)
        require_editable(application)
        text = cleaned_word(text)
        now = clock.now()
        standing = standing_of(marked(actor, application_id))
        asked = [
            row
            for row in member_rows(application, standing)
            if not row.lead and row.left and (members is None or row.member.pk in members)
        ]
        if not asked:
            raise Refused(
                "nobody_owes",
                "고른 기관 가운데 남은 일이 있는 기관이 없습니다."
                if members
                else "남은 일이 있는 기관이 없습니다.",
                "None of these organisations owes anything.",
            )
        told = [row for row in asked if _due(row.reminded_at, now)]
        too_soon = [row for row in asked if not _due(row.reminded_at, now)]
        if not told:
            first = min(row.reminded_at for row in too_soon if row.reminded_at is not None) + PAUSE
            raise Refused(
                "reminded_lately",
                f"모두 한 시간 안에 알린 기관입니다. {stamp(first)}부터 다시 알릴 수 있습니다.",
                f"All of them were reminded within the last hour. You can remind again from {stamp(first)} (Seoul).",
                details={"from": first.isoformat()},
            )
        keys = [row.member.pk for row in told]
        Member.objects.filter(pk__in=keys).update(reminded_at=now)
        # Nothing of the application's content changes: its revision stays.
        append(
            actor=actor,
            act="applications.remind",
            subject=("application", application.pk),
            call=application.call.slug,
            payload={"members": keys, "text": text},
        )
    return Reminded(told, too_soon)


def _due(reminded_at: datetime | None, now: datetime) -> bool:
    return reminded_at is None or now - reminded_at >= PAUSE
