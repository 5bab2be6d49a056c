"""The monthly review of the access log, and the destruction of what may be kept no longer."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from gongmo.applications.models import Application
from gongmo.evaluation.models import Evaluator
from gongmo.ledger.rows import Sealed
from gongmo.parties.models import Organisation, Person


class AccessMonth(models.Model):
    """A month's figures, counted at night so that no page counts a large log. `organisation` is the office; None: the site's other people."""

    month = models.CharField(max_length=7)
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    counted_at = models.DateTimeField()
    figures = models.JSONField()

    class Meta:
        ordering: ClassVar = ["month", "id"]
        constraints: ClassVar = [
            # Two constraints, for SQLite takes every missing organisation for another one.
            models.UniqueConstraint(
                name="access_month_of_office_once",
                fields=["month", "organisation"],
                condition=Q(organisation__isnull=False),
            ),
            models.UniqueConstraint(
                name="access_month_of_site_once", fields=["month"], condition=Q(organisation__isnull=True)
            ),
        ]


class AccessReview(Sealed):
    """One person's signature under a month's review. Nobody's covers the own accesses: these wait for another one's.

    `checks` says of each kind of standout what was found out, `figures` what the reviewer saw.
    """

    month = models.CharField(max_length=7)
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    reviewer = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()
    opinion = models.TextField(blank=True)
    checks = models.JSONField(default=dict)
    figures = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["signed_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="access_review_of_office_once",
                fields=["month", "organisation", "reviewer"],
                condition=Q(organisation__isnull=False),
            ),
            models.UniqueConstraint(
                name="access_review_of_site_once",
                fields=["month", "reviewer"],
                condition=Q(organisation__isnull=True),
            ),
        ]


class DestructionState(models.TextChoices):
    """Found due; one officer has agreed; destroyed; kept for a reason; no longer due (a person signed in or consented anew)."""

    PROPOSED = "proposed", "파기 대상"
    AGREED = "agreed", "두 번째 담당자 확인 대기"
    DESTROYED = "destroyed", "파기 완료"
    HELD = "held", "보존"
    DROPPED = "dropped", "대상에서 빠짐"


class Planned(Sealed):
    """A destruction: proposed by the system, agreed to by one officer, done by another.

    `due_on` is the first day on which it may be kept no longer. `outcome` counts what was destroyed; `held_until` is the day until which it is kept
    for the reason that an officer gave.
    """

    ground = models.CharField(max_length=12)
    due_on = models.DateField()
    state = models.CharField(
        max_length=10, choices=DestructionState.choices, default=DestructionState.PROPOSED
    )
    proposed_at = models.DateTimeField()
    agreed_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField(null=True, blank=True)
    destroyed_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    destroyed_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    held_until = models.DateField(null=True, blank=True)
    outcome = models.JSONField(default=dict)

    class Meta:
        abstract = True
        ordering: ClassVar = ["due_on", "id"]


class Destruction(Planned):
    """The destruction of one application's personal data."""

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="destruction")

    class Meta(Planned.Meta):
        pass


class PersonDestruction(Planned):
    """The destruction of a person's data outside applications: of an expert who left the pool (`evaluator`), or of an account that was long not used,
    whose owner was told by mail (`told_at`). The first is agreed to by one officer and done by another, the second is an operator's after the mail.

    Of an expert whose account goes on for other reasons, `person` stands for nobody afterwards.
    """

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="+")
    evaluator = models.OneToOneField(Evaluator, null=True, on_delete=models.PROTECT, related_name="+")
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta(Planned.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                name="person_destruction_has_its_ground",
                condition=Q(ground="expert", evaluator__isnull=False)
                | Q(ground="idle", evaluator__isnull=True, told_at__isnull=False),
            ),
        ]
