"""Cases in which an agreement may end before its time: their grounds, what the parties say, and the money that follows."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from gongmo.awards.models.agreement import Agreement
from gongmo.awards.states import CaseState, cases_table
from gongmo.files.models import StoredFile
from gongmo.ledger.rows import Sealed
from gongmo.parties.models import Organisation, Person


class CaseKind(models.TextChoices):
    """Why an agreement may end: for a cause that a clause names, or because everyone wants it."""

    CAUSE = "cause", "사유"
    CONSENT = "consent", "합의"


class TerminationCase(Sealed):
    """A case on ending one agreement. One may be under way at a time; a decided one stays.

    `due_on` is the last day on which a party may state its case. `proposal` is what one officer proposes and another confirms.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="cases")
    kind = models.CharField(max_length=8, choices=CaseKind.choices, default=CaseKind.CAUSE)
    state = models.CharField(max_length=10, choices=cases_table.choices(), default=CaseState.OPENED)
    clause = models.CharField(max_length=8, blank=True)
    reason = models.TextField()
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField(null=True, blank=True)
    proposal = models.CharField(
        max_length=9, blank=True, choices=[("terminate", "terminate"), ("keep", "keep")]
    )
    proposed_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(null=True, blank=True)
    grounds_text = models.TextField(blank=True)
    """The reasons of what is proposed, which become those of the decision."""
    decided_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="termination_case_one_under_way",
                fields=["agreement"],
                condition=Q(state__in=["opened", "heard", "proposed"]),
            ),
            models.CheckConstraint(
                name="termination_case_four_eyes",
                condition=~Q(state="terminated")
                | Q(decided_by__isnull=True)
                | ~Q(decided_by=models.F("proposed_by")),
            ),
        ]


class TerminationGround(Sealed):
    """One ground of a case: the clause, what was found, and where that stands. Grounds are added, none is changed."""

    case = models.ForeignKey(TerminationCase, on_delete=models.PROTECT, related_name="grounds")
    clause = models.CharField(max_length=8)
    reason = models.TextField()
    evidence = models.TextField(blank=True)
    file = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=255, blank=True)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["id"]


class TerminationStatement(Sealed):
    """What a party states in a case: its view, or that it consents to the end of the agreement."""

    case = models.ForeignKey(TerminationCase, on_delete=models.PROTECT, related_name="statements")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    consents = models.BooleanField(default=False)
    text = models.TextField(blank=True)
    file = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=255, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["id"]


class TerminationMoney(Sealed):
    """What was paid of one source in one year, when, and how much spending is accepted, as an officer established it for a case."""

    case = models.ForeignKey(TerminationCase, on_delete=models.PROTECT, related_name="money")
    year = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=48)
    paid = models.BigIntegerField()
    paid_on = models.DateField(null=True, blank=True)
    spent = models.BigIntegerField()

    class Meta:
        ordering: ClassVar = ["year", "source"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="termination_money_once", fields=["case", "year", "source"]),
            models.CheckConstraint(
                name="termination_money_in_bounds", condition=Q(paid__gte=0, spent__gte=0)
            ),
        ]
