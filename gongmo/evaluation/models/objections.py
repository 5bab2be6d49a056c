"""The notice of the result, and what an applicant says against it."""

from typing import ClassVar

from django.db import models

from gongmo.applications.models import Application
from gongmo.evaluation.models.ranking import Ranking
from gongmo.evaluation.states import ObjectionState, objections_table
from gongmo.files.models import StoredFile
from gongmo.ledger.rows import Sealed
from gongmo.parties.models import Person


class ResultNotice(Sealed):
    """The instant at which the applicants were told the result of a ranking. `objections_until` is the instant before which an
    objection counts; None where the call knows no period for it."""

    ranking = models.OneToOneField(Ranking, on_delete=models.PROTECT, related_name="notice")
    told_at = models.DateTimeField()
    told_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    objections_until = models.DateTimeField(null=True, blank=True)


class Objection(Sealed):
    """An applicant's objection to the own result, and the officer's answer. Upheld, the application is evaluated anew."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="result_objections")
    ranking = models.ForeignKey(Ranking, on_delete=models.PROTECT, related_name="objections")
    reason = models.TextField()
    state = models.CharField(max_length=10, choices=objections_table.choices(), default=ObjectionState.FILED)
    filed_at = models.DateTimeField()
    filed_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    answer_by = models.DateField(null=True, blank=True)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="result_objection_once", fields=["application", "ranking"])
        ]


class ObjectionFile(Sealed):
    """A file handed in with an objection."""

    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, related_name="files")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)

    class Meta:
        ordering: ClassVar = ["id"]
