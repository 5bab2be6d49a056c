"""The access log's rows. The database refuses to change them, and to delete those younger than a year (gongmo.privacy.guards)."""

from enum import StrEnum
from typing import ClassVar

from django.db import models


class Kind(StrEnum):
    """What somebody did with personal data."""

    SHOW = "show"
    LIST = "list"
    FILE = "file"
    EXPORT = "export"
    CHANGE = "change"
    SIGN_IN = "sign_in"
    SIGN_OUT = "sign_out"


class AccessBatch(models.Model):
    """Notes that came into the database together. `hash` covers them and the batch before, so that none can be changed unseen.

    `name` is the buffer's file: the same file is never taken twice.
    """

    number = models.BigIntegerField(primary_key=True)
    name = models.CharField(max_length=80, unique=True)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    count = models.PositiveIntegerField()
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar = ["number"]


class AccessNote(models.Model):
    """Who (person, role, organisation) from where (address) did what (kind, page) with whose data (subject), when and why.

    People and subjects are kept by their ids: names are looked up when somebody entitled reads the log. `outcome` is the answer's HTTP
    status: 403 and 404 are refused attempts. `detail` holds a list's filter or search words.
    """

    batch = models.ForeignKey(AccessBatch, on_delete=models.PROTECT, related_name="notes")
    place = models.PositiveIntegerField()
    at = models.DateTimeField()
    kind = models.CharField(max_length=8, choices=[(kind.value, kind.value) for kind in Kind])
    outcome = models.PositiveSmallIntegerField()
    person = models.BigIntegerField(null=True)
    role = models.CharField(max_length=12)
    organisation = models.BigIntegerField(null=True)
    address = models.CharField(max_length=45, blank=True)
    origin = models.CharField(max_length=10)
    page = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=24, blank=True)
    subject_id = models.CharField(max_length=80, blank=True)
    detail = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(name="access_at", fields=["at"]),
            models.Index(name="access_by_person", fields=["person", "at"]),
            models.Index(name="access_by_subject", fields=["subject_type", "subject_id", "at"]),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(name="access_note_once", fields=["batch", "place"]),
        ]

    @property
    def refused(self) -> bool:
        """Whether the data was not shown."""
        return self.outcome >= 400
