"""The pool of experts."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from gongmo.ledger.rows import Sealed
from gongmo.parties.models import Organisation, Person, Region
from gongmo.privacy.fields import EncryptedText

SECTORS: list[tuple[str, str]] = [("industry", "산업계"), ("academia", "학계"), ("research", "연구계")]


class Evaluator(Sealed):
    """An expert in the pool. `label` is the name shown to those who may not know the person ("평가위원 A").

    Nobody is proposed for a committee without the own consent to be in the pool and to the use of personal data. `outside_sessions`
    are the sessions of `outside_year` held elsewhere, as the expert or the pool's file tells; the ones held here are counted.
    """

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="evaluator")
    label = models.CharField(max_length=40, unique=True)
    sector = models.CharField(max_length=10, choices=SECTORS)
    expertise = models.JSONField(default=list)
    region = models.ForeignKey(Region, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    active = models.BooleanField(default=True)
    registered_at = models.DateTimeField()
    pool_consent_on = models.DateField(null=True, blank=True)
    privacy_consent_on = models.DateField(null=True, blank=True)
    outside_year = models.PositiveSmallIntegerField(null=True, blank=True)
    outside_sessions = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["label"]


class Affiliation(Sealed):
    """Where an expert works or worked; both days included, open when `until` is missing.

    An employer that is not registered is kept by name and business number, and found by these once it applies.
    """

    evaluator = models.ForeignKey(Evaluator, on_delete=models.PROTECT, related_name="affiliations")
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    organisation_name = models.CharField(max_length=200, blank=True)
    business_number = models.CharField(max_length=10, blank=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    position = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering: ClassVar = ["since", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="affiliation_has_employer",
                condition=Q(organisation__isnull=False) | ~Q(organisation_name=""),
            )
        ]


class Absence(Sealed):
    """Days, both included, on which an expert cannot take part."""

    evaluator = models.ForeignKey(Evaluator, on_delete=models.PROTECT, related_name="absences")
    since = models.DateField()
    until = models.DateField()
    note = EncryptedText(blank=True)


class Relation(Sealed):
    """A relation that an expert declared or that was found: spouse, relative, advice, research, agent, adviser."""

    evaluator = models.ForeignKey(Evaluator, on_delete=models.PROTECT, related_name="relations")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    ended_on = models.DateField(null=True, blank=True)
    note = EncryptedText(blank=True)
    declared_at = models.DateTimeField()
