"""Documents that were handed in, and signatures on those that Gongmo writes."""

from enum import StrEnum
from typing import ClassVar

from django.db import models
from django.db.models import Q

from gongmo.applications.models.application import Application
from gongmo.applications.models.consortium import Member
from gongmo.files.models import StoredFile
from gongmo.ledger.rows import Sealed
from gongmo.parties.models import Person
from gongmo.privacy.fields import EncryptedText


class Origin(StrEnum):
    """How a document came to be: uploaded as it is, written by Gongmo and signed on screen, or written by Gongmo, sealed on paper and scanned."""

    UPLOAD = "upload"
    SIGNED = "signed"
    SEALED = "sealed"


class ApplicationDocument(Sealed):
    """A document handed in: its kind, its file, the member it is due from (None: once for all). Replaced ones stay."""

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
    origin = models.CharField(
        max_length=8, choices=[(origin.value, origin.value) for origin in Origin], default=Origin.UPLOAD
    )
    content_sha256 = models.CharField(max_length=64, blank=True)
    """Of a generated or sealed document: the hash of the data that was printed in it (gongmo.applications.papers)."""

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


class Signature(Sealed):
    """A person's signature on screen under a document that Gongmo wrote, for one member, over exactly the data of `content_sha256`.

    `drawing` holds the strokes as JSON [[[x, y], ...], ...] in thousandths of the field's width, or "" where the name was typed.
    Once the data changes, the signature stands for what was signed then and a new one is due.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="signatures")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="signatures")
    kind = models.CharField(max_length=48)
    content_sha256 = models.CharField(max_length=64)
    signer = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    signer_name = EncryptedText()
    signer_title = models.CharField(max_length=100, blank=True)
    drawing = EncryptedText(blank=True)
    signed_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="signature_stands_once",
                fields=["application", "member", "kind", "content_sha256"],
                condition=Q(withdrawn_at__isnull=True),
            )
        ]


class PaperContent(Sealed):
    """What a signed or sealed document said, kept so that a later difference can be named: the canonical text of its paper.

    Named by the text's SHA-256, as signatures and documents name it (`content_sha256`); the same content is kept once.
    """

    sha256 = models.CharField(max_length=64, primary_key=True)
    content = EncryptedText()
    kept_at = models.DateTimeField()
