"""What is stored of an application."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from gongmo.applications.states import ApplicationState, MemberState, applications_table, members_table
from gongmo.calls.models import Call, CallVersion
from gongmo.definition.application import FactSource, Truth
from gongmo.definition.base import Form
from gongmo.files.models import StoredFile
from gongmo.ledger.rows import Sealed
from gongmo.parties.models import Organisation, Person, Region


class Application(Sealed):
    """A consortium's application to a call. `revision` rises with every change of its content."""

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

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="application_one_per_lead_and_call", fields=["call", "lead"]),
        ]

    def __str__(self) -> str:
        return self.title


class Member(Sealed):
    """An organisation in the consortium, with its consent to take part."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="members")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="consortium_places")
    role = models.CharField(max_length=48)
    state = models.CharField(max_length=10, choices=members_table.choices(), default=MemberState.INVITED)
    buys_assets = models.BooleanField(default=False)
    invited_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="member_once", fields=["application", "organisation"]),
        ]


class Declaration(Sealed):
    """A member's own answer to one exclusion question (self-confirmation)."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="declarations")
    fact = models.CharField(max_length=48)
    value = models.CharField(max_length=8, choices=[(truth.value, truth.value) for truth in Truth])
    follow_up = models.BooleanField(null=True, blank=True)
    earlier_ended_on = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True)
    declared_at = models.DateTimeField()
    declared_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="declaration_once", fields=["member", "fact"])]


class Consent(Sealed):
    """A consent given by a member's person (personal data, integrity pledge, confirmation of intent)."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="consents")
    kind = models.CharField(max_length=48)
    given = models.BooleanField()
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="consent_once", fields=["member", "kind"])]


class BudgetCell(Sealed):
    """Won of one organisation, year, field, category, source and form; `direct_support` marks money that equips SMEs directly."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="cells")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    field = models.CharField(max_length=48)
    category = models.CharField(max_length=48)
    source = models.CharField(max_length=48)
    form = models.CharField(max_length=8, choices=[(form.value, form.value) for form in Form])
    direct_support = models.BooleanField(default=False)
    amount = models.BigIntegerField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="budget_cell_once",
                fields=[
                    "application",
                    "organisation",
                    "year",
                    "field",
                    "category",
                    "source",
                    "form",
                    "direct_support",
                ],
            ),
            models.CheckConstraint(
                name="budget_cell_amount", condition=Q(amount__gte=0) & Q(amount__lte=10**15)
            ),
        ]


class ApplicationDocument(Sealed):
    """A document handed in: its kind, its file, and the member it is due from (None: once for all). Replaced ones stay."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="documents")
    member = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.PROTECT, related_name="documents"
    )
    kind = models.CharField(max_length=48)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            # Two constraints, for SQLite takes every missing member for another one.
            models.UniqueConstraint(
                name="document_of_member_current_once",
                fields=["application", "member", "kind"],
                condition=Q(removed_at__isnull=True, member__isnull=False),
            ),
            models.UniqueConstraint(
                name="document_for_all_current_once",
                fields=["application", "kind"],
                condition=Q(removed_at__isnull=True, member__isnull=True),
            ),
        ]


class DraftVersion(Sealed):
    """A kept state of what restoring brings back: canonical JSON {"application": gongmo/application/1, "summary": text}."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="versions")
    revision = models.PositiveIntegerField()
    content = models.TextField()
    sha256 = models.CharField(max_length=64)
    what = models.CharField(max_length=200)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["application", "revision"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="draft_version_once", fields=["application", "revision"])
        ]


class Submission(Sealed):
    """A submission: the frozen content, the manifest of files and answers, and the instant the server received it.

    At most one submission of an application stands; withdrawn ones stay in the record.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="submissions")
    number = models.PositiveIntegerField()
    receipt_number = models.CharField(max_length=80, unique=True)
    version = models.ForeignKey(CallVersion, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField()
    content = models.TextField()
    manifest = models.TextField()
    sha256 = models.CharField(max_length=64)
    findings = models.JSONField(default=list)
    submitted_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["application", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="submission_number_once", fields=["application", "number"]),
            models.UniqueConstraint(
                name="submission_one_stands", fields=["application"], condition=Q(withdrawn_at__isnull=True)
            ),
        ]


class Arrival(Sealed):
    """Something that came by another channel (official letter, post, e-mail), registered by the operator."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="arrivals")
    channel = models.CharField(max_length=48)
    arrived_on = models.DateField()
    note = models.CharField(max_length=300, blank=True)
    registered_at = models.DateTimeField()
    registered_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="arrival_once", fields=["application", "channel"])
        ]


__all__ = [
    "Application",
    "ApplicationDocument",
    "Arrival",
    "BudgetCell",
    "Consent",
    "Declaration",
    "DraftVersion",
    "FactSource",
    "Member",
    "Submission",
]
