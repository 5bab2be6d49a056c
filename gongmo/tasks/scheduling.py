"""The schedules' clockwork. Every worker turns it; the row of a schedule sees to it that each occurrence is taken once."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from gongmo.tasks import queue
from gongmo.tasks.models import Occurrence
from gongmo.tasks.registry import Schedule, schedules

KEY = "schedule:"


class Clockwork:
    """Enqueues what schedules are due. Remembers when the next one is, so that it asks the database only then."""

    def __init__(self) -> None:
        self.next_at: datetime | None = None

    def turn(self) -> int:
        """Enqueue every schedule that is due by now. Returns how many were."""
        now = timezone.now()
        if self.next_at is not None and now < self.next_at:
            return 0
        known = {row.name: row.next_at for row in Occurrence.objects.all()}
        taken, coming = 0, []
        for each in schedules():
            next_at = known.get(each.task.name)
            if next_at is None or next_at <= now:
                took, next_at = _take(each, now)
                taken += took
            coming.append(next_at)
        # Another worker may have moved a schedule on meanwhile: that can only be later than what is remembered here.
        self.next_at = min(coming, default=None)
        return taken


def _take(schedule: Schedule, now: datetime) -> tuple[bool, datetime]:
    """Take the occurrence that is due, one for all that were missed; whether there was one, and when the next is."""
    name = schedule.task.name
    with transaction.atomic():
        Occurrence.objects.bulk_create(
            [Occurrence(name=name, next_at=schedule.following(now))], ignore_conflicts=True
        )
        row = Occurrence.objects.select_for_update().get(name=name)
        if row.next_at > now:
            return False, row.next_at
        row.last_at, row.next_at = now, schedule.following(now)
        row.save(update_fields=["last_at", "next_at"])
        queue.put(schedule.task, {}, key=KEY + name, again=True, skip_running=True)
        return True, row.next_at
