"""Letters and post, registered by the operator."""

from datetime import date

from django.db import transaction

from gongmo.applications.commands.base import locked
from gongmo.applications.models import Arrival
from gongmo.applications.policies import may_register_arrival
from gongmo.calls.queries import definition_of
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.clock import SEOUL
from gongmo.kernel.errors import BadInput
from gongmo.ledger.commands import append


def register_arrival(
    *, actor: Actor, application_id: int, channel: str, arrived_on: date, note: str = ""
) -> Arrival:
    """Register what came by another channel, with the day in Seoul on which it came. Registering again corrects the day.

    Both days stay in the record. Raises BadInput for a channel that the call does not have and for a day to come.
    """
    with transaction.atomic():
        application = locked(actor, application_id)
        may_register_arrival.require(actor, application)
        if channel not in {item.id for item in definition_of(application.call).intake.channels}:
            raise BadInput(
                "channel_unknown",
                "이 공고에 없는 접수 방법입니다.",
                "The call has no such channel.",
                field="channel",
            )
        now = clock.now()
        if arrived_on > now.astimezone(SEOUL).date():
            raise BadInput(
                "arrival_in_future",
                "도착일은 오늘이나 그 전이어야 합니다.",
                "The day of arrival is today or earlier.",
                field="arrived_on",
            )
        if len(note) > 300:
            raise BadInput(
                "note_too_long",
                "메모는 300자 안으로 적어 주세요.",
                "Keep the note within 300 letters.",
                field="note",
            )
        earlier = (
            Arrival.objects.filter(application=application, channel=channel)
            .values_list("arrived_on", flat=True)
            .first()
        )
        arrival, _ = Arrival.objects.update_or_create(
            application=application,
            channel=channel,
            defaults={
                "arrived_on": arrived_on,
                "note": note.strip(),
                "registered_at": now,
                "registered_by_id": actor.person,
            },
        )
        append(
            actor=actor,
            act="applications.register_arrival",
            subject=("application", application.pk),
            call=application.call.slug,
            payload={"channel": channel, "arrived_on": arrived_on, "earlier": earlier},
        )
    return arrival
