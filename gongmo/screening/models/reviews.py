"""The review of one application, its facts and the proof that is demanded."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from gongmo.applications.models import Application
from gongmo.definition.application import FactSource, Truth
from gongmo.files.models import StoredFile
from gongmo.ledger.rows import Sealed
from gongmo.parties.models import Organisation, Person
from gongmo.screening.states import ReviewState, reviews_table


class Review(Sealed):
    """The eligibility review of one submitted application. An exclusion is proposed by one officer and confirmed by another."""

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="review")
    state = models.CharField(max_length=20, choices=reviews_table.choices(), default=ReviewState.OPEN)
    opened_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    officer = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    """Who is in charge: whose list it is on. Any officer of the operator may act."""
    proposed_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    confirmed_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    clause = models.CharField(max_length=8, blank=True)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.TextField(blank=True)
    findings = models.JSONField(default=list)
    """The rule findings at the decision, as canonical JSON values."""
    inputs = models.TextField(blank=True)
    """Canonical JSON of the application with its facts at the decision, so that the verdict can be recomputed."""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="review_excluded_has_reason",
                condition=~Q(state=ReviewState.EXCLUDED) | (~Q(clause="") & ~Q(reason="")),
            ),
        ]


class FactRecord(Sealed):
    """What was found out about one organisation on one exclusion question. Newer rows replace older ones; none is changed."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="facts")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    fact = models.CharField(max_length=48)
    value = models.CharField(max_length=8, choices=[(truth.value, truth.value) for truth in Truth])
    source = models.CharField(max_length=12, choices=[(source.value, source.value) for source in FactSource])
    as_of = models.DateField()
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    follow_up = models.BooleanField(null=True, blank=True)
    earlier_ended_on = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True)
    evidence = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    evidence_name = models.CharField(max_length=255, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(name="fact_latest", fields=["application", "organisation", "fact", "id"])
        ]


class ProofDemand(Sealed):
    """Proof that the agency demanded of an organisation, with its due instant."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="proof_demands")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    fact = models.CharField(max_length=48)
    due_at = models.DateTimeField()
    demanded_at = models.DateTimeField()
    handed_in_at = models.DateTimeField(null=True, blank=True)
    file = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=255, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="proof_demand_once", fields=["application", "organisation", "fact"]),
        ]
