"""Requests to complete something, and what each of them opens."""

from enum import StrEnum
from typing import ClassVar

from django.db import models

from gongmo.applications.models import Application
from gongmo.files.models import StoredFile
from gongmo.ledger.rows import Sealed
from gongmo.parties.models import Organisation, Person
from gongmo.screening.states import SupplementState, supplements_table


class Supplement(Sealed):
    """A request to the applicant to complete something, with its own deadline.

    Its items name the answers and documents that are open meanwhile. `draft` is the reply as it is being written.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="supplements")
    what = models.TextField()
    due_at = models.DateTimeField()
    state = models.CharField(
        max_length=10, choices=supplements_table.choices(), default=SupplementState.ASKED
    )
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    draft = models.TextField(blank=True)
    draft_revision = models.PositiveIntegerField(default=0)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=255, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]


class ItemKind(StrEnum):
    ANSWER = "answer"
    DOCUMENT = "document"


class SupplementItem(Sealed):
    """One thing that a request opens: the answer at a place of the form, or a document (of one organisation, or once for all).

    `before` is the submitted text, or the submitted file's name. `text` and `file` are what the applicant writes instead; they count
    once the request is answered and accepted. `revision` counts the saves of the text from 1.
    """

    supplement = models.ForeignKey(Supplement, on_delete=models.PROTECT, related_name="items")
    kind = models.CharField(max_length=8, choices=[(kind.value, kind.value) for kind in ItemKind])
    place = models.CharField(max_length=120)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    before = models.TextField(blank=True)
    text = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=0)
    file = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=255, blank=True)
    saved_at = models.DateTimeField(null=True, blank=True)
    saved_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["id"]
