"""The application itself."""

from typing import ClassVar

from django.db import models

from gongmo.applications.states import ApplicationState, applications_table
from gongmo.calls.models import Call
from gongmo.ledger.rows import Sealed
from gongmo.parties.models import Organisation, Person, Region


class Application(Sealed):
    """A consortium's application to a call. `revision` rises with every change of its content.

    `kept_at` is when a version of it was last kept (DraftVersion): what stands is kept already when it is not before `changed_at`.
    """

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="applications")
    lead = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="led_applications")
    region = models.ForeignKey(
        Region, null=True, blank=True, on_delete=models.PROTECT, related_name="applications"
    )
    title = models.CharField(max_length=300)
    summary = models.TextField(blank=True)
    fields = models.JSONField(default=list)
    state = models.CharField(
        max_length=12, choices=applications_table.choices(), default=ApplicationState.DRAFT
    )
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kept_at = models.DateTimeField(null=True, blank=True)
    destroyed_at = models.DateTimeField(null=True, blank=True)
    """When its personal data was destroyed, for nobody may keep it longer (applications.commands.destroying)."""

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="application_one_per_lead_and_call", fields=["call", "lead"]),
        ]

    def __str__(self) -> str:
        return self.title
