"""What an expert notes for nobody else."""

from typing import ClassVar

from django.db import models

from gongmo.applications.models import Application, ApplicationDocument
from gongmo.evaluation.models.committee import Seat
from gongmo.evaluation.models.stages import StageRun


class NoteKind(models.TextChoices):
    BOOKMARK = "bookmark", "책갈피"
    NOTE = "note", "메모"


class EvaluatorNote(models.Model):
    """A private note or bookmark at a page of a document (or at the application as a whole). No command of anybody else, no export and no
    record entry ever holds it: it is not part of the decision. `document` is empty for a note on the whole application.
    """

    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="notes")
    run = models.ForeignKey(StageRun, on_delete=models.PROTECT, related_name="+")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=NoteKind.choices)
    document = models.ForeignKey(
        ApplicationDocument, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    page = models.PositiveIntegerField(default=0)
    text = models.TextField(blank=True)
    noted_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["document_id", "page", "id"]
        indexes: ClassVar = [models.Index(fields=["seat", "application"], name="note_by_seat")]
