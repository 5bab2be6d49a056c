"""Stored files, named by their content, and files on their way in."""

from enum import StrEnum
from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class StoredFile(models.Model):
    """A file's content: its SHA-256 (64 hex digits), size in bytes and the type found in the content."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.BigIntegerField()
    media_type = models.CharField(max_length=120)
    extension = models.CharField(max_length=10)
    stored_at = models.DateTimeField()
    destroyed_at = models.DateTimeField(null=True, blank=True)
    """When its content was destroyed because nobody may keep it longer (gongmo.files.commands.destroy); the hash stays."""
    unseen = models.BooleanField(default=True)
    """No `Inspection` has been begun for it yet: the task that looks into files begins them, so that handing in writes one row."""

    class Meta:
        indexes: ClassVar = [
            models.Index(name="stored_file_unseen", fields=["sha256"], condition=Q(unseen=True))
        ]
        constraints: ClassVar = [
            models.CheckConstraint(name="stored_file_not_empty", condition=Q(size__gt=0))
        ]


class UploadState(StrEnum):
    """Bytes are still coming; they are all there and a task checks them; kept as a stored file; not taken, and why is told."""

    RECEIVING = "receiving"
    CHECKING = "checking"
    STORED = "stored"
    REFUSED = "refused"


class Upload(models.Model):
    """A file on its way in, in pieces: whose, how large, how much of it is safely on the disk.

    `id` is an opaque random word. `person` is the id of the person who sends it (people are a floor above). `purpose` says in a
    short word what it is for, so that it is taken for nothing else. `sha256` is what the sender says the content hashes to until
    the server has counted for itself. `modified` is the sender's own mark of the file's last change (milliseconds), by which the same file is
    known again when an upload is taken up later. A refusal keeps its code and sentences.
    """

    id = models.CharField(max_length=43, primary_key=True)
    person = models.BigIntegerField()
    purpose = models.CharField(max_length=200, blank=True)
    name = models.CharField(max_length=255)
    size = models.BigIntegerField()
    offset = models.BigIntegerField(default=0)
    modified = models.CharField(max_length=20, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    state = models.CharField(
        max_length=10,
        choices=[(state.value, state.value) for state in UploadState],
        default=UploadState.RECEIVING.value,
    )
    refusal = models.JSONField(null=True, blank=True)
    file = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(name="upload_of_person", fields=["person", "state"]),
            models.Index(name="upload_expiry", fields=["expires_at"]),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="upload_within_its_size",
                condition=Q(size__gt=0) & Q(offset__gte=0) & Q(offset__lte=F("size")),
            ),
            models.CheckConstraint(
                name="upload_stored_has_file", condition=~Q(state="stored") | Q(file__isnull=False)
            ),
        ]


class Piece(models.Model):
    """A block of an upload under way that a storage keeps as an object of its own; it counts because it stands here.

    `offset` and `size` in bytes; `word` tells blocks apart that were sent twice for one place.
    """

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="pieces")
    offset = models.BigIntegerField()
    size = models.PositiveIntegerField()
    word = models.CharField(max_length=16)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="one_piece_at_a_place", fields=["upload", "offset"]),
            models.CheckConstraint(name="piece_not_empty", condition=Q(size__gt=0)),
        ]

    @property
    def key(self) -> str:
        """Where the storage keeps it."""
        return f"partial/{self.upload_id}/{self.offset:015d}.{self.word}"


class InspectionState(StrEnum):
    """Not read yet; read; could not be read, and why is told."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


class ScanState(StrEnum):
    """No scanner is set; not looked at yet; nothing found; something found: the file is not served; the scanner did not answer."""

    OFF = "off"
    WAITING = "waiting"
    CLEAN = "clean"
    FOUND = "found"
    UNKNOWN = "unknown"


class Inspection(models.Model):
    """What was found in a stored file. It can be found again at any time, so it is not part of the record.

    `facts` (see queries.Inspected) holds no personal data: numbers of people stand there masked. `version` is the inspector's.
    """

    file = models.OneToOneField(
        StoredFile, primary_key=True, on_delete=models.CASCADE, related_name="inspection"
    )
    state = models.CharField(
        max_length=8,
        choices=[(state.value, state.value) for state in InspectionState],
        default=InspectionState.WAITING.value,
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveSmallIntegerField(default=0)
    facts = models.JSONField(default=dict, blank=True)
    text_length = models.PositiveIntegerField(default=0)
    checked_at = models.DateTimeField(null=True, blank=True)
    scan = models.CharField(
        max_length=8,
        choices=[(state.value, state.value) for state in ScanState],
        default=ScanState.OFF.value,
    )
    scan_told = models.CharField(max_length=200, blank=True)
    scanned_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                name="inspection_waiting",
                fields=["file"],
                condition=Q(state="waiting") | Q(scan__in=["waiting", "unknown"]),
            )
        ]
