"""Agreements and their parties."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from gongmo.applications.models import Application
from gongmo.awards.states import AgreementState, agreements_table
from gongmo.calls.models import Call
from gongmo.ledger.rows import Sealed, SealedManager
from gongmo.parties.models import Organisation, Person


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


class StandingParties(SealedManager["AgreementParty"]):
    """The parties of today: those that left are found through `everyone`."""

    def get_queryset(self) -> "models.QuerySet[AgreementParty]":
        found: models.QuerySet[AgreementParty] = super().get_queryset().filter(left_at=None)
        return found


class AgreementParty(Sealed):
    """A party that signs. One that is `pending` signs the version by which it joins, and is bound once that is in force."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="parties")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=48)
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    pending = models.BooleanField(default=False)
    left_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = StandingParties()
    everyone: ClassVar = SealedManager()

    class Meta:
        ordering: ClassVar = ["id"]
        default_manager_name = "objects"
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
