"""Kept versions, submissions, and what arrives by other ways."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from gongmo.applications.models.application import Application
from gongmo.calls.models import CallVersion
from gongmo.ledger.rows import Sealed
from gongmo.parties.models import Person
from gongmo.privacy.fields import EncryptedText


class DraftVersion(Sealed):
    """A kept state of what restoring brings back: canonical JSON {"application": gongmo/application/1, "summary": text}."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="versions")
    revision = models.PositiveIntegerField()
    content = EncryptedText()
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
    content = EncryptedText()
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
    files = models.JSONField(default=list, blank=True)
    """Names of files that came this way (too large for an upload), in the order of the letter."""
    registered_at = models.DateTimeField()
    registered_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="arrival_once", fields=["application", "channel"])
        ]
