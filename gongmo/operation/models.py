"""What operators tell everyone about the service."""

from enum import StrEnum
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from gongmo.ledger.rows import Sealed
from gongmo.parties.models import Person


class Kind(StrEnum):
    """Something to know; slower than usual; closed for maintenance."""

    INFO = "info"
    SLOW = "slow"
    MAINTENANCE = "maintenance"


class Announcement(Sealed):
    """A notice on the status page from `begins_at` until `ends_at` (None: until it is taken down)."""

    kind = models.CharField(max_length=11, choices=[(kind.value, kind.value) for kind in Kind])
    text_ko = models.CharField(max_length=300)
    text_en = models.CharField(max_length=300, blank=True)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["-begins_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="announcement_begins_before_it_ends",
                condition=Q(ends_at__isnull=True) | Q(begins_at__lt=F("ends_at")),
            )
        ]
