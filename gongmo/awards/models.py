"""What is stored from the selection to the agreement."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from gongmo.applications.models import Application
from gongmo.awards.states import AgreementState, NegotiationState, agreements_table, negotiations_table
from gongmo.calls.models import Call
from gongmo.ledger.rows import Sealed
from gongmo.parties.models import Organisation, Person


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


class AllocationRun(Sealed):
    """An allocation of money by result: canonical JSON of inputs and result, and the inputs' hash."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="allocations")
    number = models.PositiveIntegerField()
    inputs = models.TextField()
    inputs_hash = models.CharField(max_length=64)
    result = models.TextField()
    fixed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["call", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="allocation_number_once", fields=["call", "number"])
        ]


class AllocationLine(Sealed):
    """Won given to one application in an allocation."""

    run = models.ForeignKey(AllocationRun, on_delete=models.PROTECT, related_name="lines")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="allocation_lines")
    amount = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="allocation_line_once", fields=["run", "application"]),
            models.CheckConstraint(name="allocation_line_not_negative", condition=Q(amount__gte=0)),
        ]


class Agreement(Sealed):
    """The agreement with a selected consortium."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="agreements")
    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="agreement")
    number = models.CharField(max_length=60, unique=True)
    state = models.CharField(max_length=10, choices=agreements_table.choices(), default=AgreementState.DRAFT)
    period_starts = models.DateField()
    period_ends = models.DateField()
    drawn_up_at = models.DateTimeField()
    in_force_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_clause = models.CharField(max_length=8, blank=True)
    end_reason = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="agreement_period_in_order", condition=Q(period_starts__lte=F("period_ends"))
            ),
        ]


class AgreementParty(Sealed):
    """A party that signs."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="parties")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=48)
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="agreement_party_once", fields=["agreement", "organisation"])
        ]


class AgreementMoney(Sealed):
    """Won of one source, form and year in the agreement."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="money")
    year = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=48)
    form = models.CharField(max_length=8)
    amount = models.BigIntegerField()

    class Meta:
        ordering: ClassVar = ["year", "source", "form"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="agreement_money_once", fields=["agreement", "year", "source", "form"]
            ),
            models.CheckConstraint(name="agreement_money_not_negative", condition=Q(amount__gte=0)),
        ]
