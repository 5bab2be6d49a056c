"""What a consortium writes: answers, indicators, money, and the journal of every change of a field."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from gongmo.applications.models.application import Application
from gongmo.definition.base import Form
from gongmo.ledger.rows import Sealed
from gongmo.parties.models import Organisation, Person
from gongmo.privacy.fields import EncryptedJSON, EncryptedText


class Answer(Sealed):
    """The answer to one question of the call's form, as text; dates and numbers in their canonical writing.

    `question` is the question's place (gongmo.rules.form): its id, "@" and the field of support, "." and the part of a person.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="answers")
    question = models.CharField(max_length=120)
    text = EncryptedText(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="answer_once", fields=["application", "question"])
        ]


class Kpi(Sealed):
    """An indicator of success: what is measured, in which unit, where it stands (baseline) and where it shall go (target).

    Values are decimals with at most 4 places; None while nobody has written one.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="kpis")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200, blank=True)
    unit = models.CharField(max_length=40, blank=True)
    baseline = models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True)
    target = models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True)
    measured_by = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["position", "id"]


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


class FieldChange(models.Model):
    """One saved change of one field. What one person goes on typing into a field in one minute is one change.

    `path` names the field (gongmo.applications.fields), `revision` counts the saves of this field from 1, `before` and `after` are
    its values as JSON (null: nothing there). What a person saw is the revision it names when it saves. `at_revision` is the
    application's revision that the save made.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="changes")
    path = models.CharField(max_length=200)
    revision = models.PositiveIntegerField()
    at_revision = models.PositiveIntegerField(default=0)
    before = EncryptedJSON(null=True)
    after = EncryptedJSON(null=True)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="field_change_once", fields=["application", "path", "revision"])
        ]
        indexes: ClassVar = [
            models.Index(name="field_change_by_revision", fields=["application", "at_revision"])
        ]
