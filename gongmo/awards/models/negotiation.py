"""Negotiations in the order of the ranking."""

from typing import ClassVar

from django.db import models

from gongmo.applications.models import Application
from gongmo.awards.states import NegotiationState, negotiations_table
from gongmo.calls.models import Call
from gongmo.ledger.rows import Sealed
from gongmo.parties.models import Person


class Negotiation(Sealed):
    """One ranked application's place after the ranking: preferred negotiator, reserve, agreed or failed."""

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="negotiation")
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="negotiations")
    place = models.PositiveIntegerField()
    """Order in which negotiators are called: 1 is the best."""
    rank = models.PositiveIntegerField()
    """Rank in the fixed ranking. Reserves that share a rank wait for the committee's choice when their turn comes."""
    state = models.CharField(
        max_length=8, choices=negotiations_table.choices(), default=NegotiationState.RESERVE
    )
    opened_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.TextField(blank=True)
    promoted_for = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="promoted"
    )
    """The failed negotiation in whose stead this one was opened; each failure promotes at most one."""

    class Meta:
        ordering: ClassVar = ["call", "place"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="negotiation_place_once", fields=["call", "place"])
        ]


class NegotiationNote(Sealed):
    """The record of one negotiation meeting."""

    negotiation = models.ForeignKey(Negotiation, on_delete=models.PROTECT, related_name="notes")
    text = models.TextField()
    held_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["id"]
