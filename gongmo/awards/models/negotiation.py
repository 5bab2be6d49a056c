"""Negotiations in the order of the ranking."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from gongmo.applications.models import Application
from gongmo.awards.states import NegotiationState, OfferState, negotiations_table, offers_table
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


class Side(models.TextChoices):
    """Who speaks in a negotiation."""

    AGENCY = "agency", "운영기관"
    CONSORTIUM = "party", "신청기관"


class NegotiationOffer(Sealed):
    """What one side offers, whole: won of the allocated source, scope, goals. The newest stands until it is accepted or answered."""

    negotiation = models.ForeignKey(Negotiation, on_delete=models.PROTECT, related_name="offers")
    number = models.PositiveIntegerField()
    side = models.CharField(max_length=6, choices=Side.choices)
    state = models.CharField(max_length=8, choices=offers_table.choices(), default=OfferState.STANDING)
    amount = models.BigIntegerField(null=True, blank=True)
    """Won of the allocation's source in its year; None where the call allocates no money."""
    scope = models.TextField(blank=True)
    goals = models.TextField(blank=True)
    message = models.TextField(blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="offer_number_once", fields=["negotiation", "number"]),
            models.UniqueConstraint(
                name="offer_one_stands",
                fields=["negotiation"],
                condition=Q(state__in=["standing", "accepted"]),
            ),
            models.CheckConstraint(
                name="offer_not_negative", condition=Q(amount__isnull=True) | Q(amount__gte=0)
            ),
        ]


class NegotiationPoint(Sealed):
    """One point that is negotiated (money, scope, goals) and whether both sides agree on it."""

    negotiation = models.ForeignKey(Negotiation, on_delete=models.PROTECT, related_name="points")
    kind = models.CharField(max_length=8, choices=[(each, each) for each in ("money", "scope", "goals")])
    agreed = models.BooleanField(default=False)
    by_agency = models.BooleanField(default=False)
    by_party = models.BooleanField(default=False)
    offer = models.ForeignKey(
        NegotiationOffer, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    """The offer on which the two agree, or on which one of them has said yes."""
    changed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="negotiation_point_once", fields=["negotiation", "kind"]),
            models.CheckConstraint(
                name="negotiation_point_agreed_by_both",
                condition=Q(agreed=False) | Q(by_agency=True, by_party=True),
            ),
        ]
