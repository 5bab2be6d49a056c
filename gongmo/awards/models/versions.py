"""Versions of an agreement, the signatures under each, its printed files, amendments and yearly results."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from gongmo.awards.models.agreement import Agreement, AgreementParty
from gongmo.awards.states import AmendmentState, VersionState, amendments_table, versions_table
from gongmo.files.models import StoredFile
from gongmo.ledger.rows import Sealed
from gongmo.parties.models import Organisation, Person
from gongmo.privacy.fields import EncryptedText


class VersionCause(models.TextChoices):
    """What a version of an agreement came from."""

    FIRST = "first", "처음"
    AMENDMENT = "amendment", "변경"
    RE_AGREEMENT = "renewal", "재협약"


class AgreementVersion(Sealed):
    """The agreement as it reads: `content` is canonical JSON (gongmo.awards.content), `paper_sha256` the hash of what is signed."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    cause = models.CharField(max_length=9, choices=VersionCause.choices, default=VersionCause.FIRST)
    state = models.CharField(max_length=10, choices=versions_table.choices(), default=VersionState.SIGNING)
    content = models.TextField()
    paper_sha256 = models.CharField(max_length=64)
    reason = models.TextField(blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    in_force_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="agreement_version_once", fields=["agreement", "number"]),
            models.UniqueConstraint(
                name="agreement_version_one_signed_now", fields=["agreement"], condition=Q(state="signing")
            ),
            models.UniqueConstraint(
                name="agreement_version_one_in_force", fields=["agreement"], condition=Q(state="in_force")
            ),
        ]


class AgreementSignature(Sealed):
    """A signature on screen under a version of an agreement, for one party, over exactly the text of `paper_sha256`."""

    version = models.ForeignKey(AgreementVersion, on_delete=models.PROTECT, related_name="signatures")
    party = models.ForeignKey(AgreementParty, on_delete=models.PROTECT, related_name="signatures")
    paper_sha256 = models.CharField(max_length=64)
    signer = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    signer_name = EncryptedText()
    signer_title = models.CharField(max_length=100, blank=True)
    drawing = EncryptedText(blank=True)
    signed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="agreement_signature_once", fields=["version", "party"])
        ]


class PrintKind(models.TextChoices):
    """A version's files: as it lies before the signers, as all have signed it and the site has sealed it, or signed by parties elsewhere."""

    PDF = "pdf", "PDF"
    HWPX = "hwpx", "HWPX"
    SEALED = "sealed", "봉인한 PDF"
    OWN = "own", "기관 인증서로 서명한 PDF"


class AgreementPrint(models.Model):
    """A file of a version. Made anew from the version at any time, so that it is no part of the record; `own` ones are told there."""

    version = models.ForeignKey(AgreementVersion, on_delete=models.PROTECT, related_name="prints")
    kind = models.CharField(max_length=6, choices=PrintKind.choices)
    number = models.PositiveIntegerField(default=1)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    told = models.JSONField(default=dict)
    """Of a signed file: what its check found (gongmo.awards.sealing.Checked as plain values)."""
    made_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="agreement_print_once", fields=["version", "kind", "number"])
        ]


class Amendment(Sealed):
    """A change of an agreement that a party asks for or tells. `proposed` is the whole content as it would read."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="amendments")
    base = models.ForeignKey(AgreementVersion, on_delete=models.PROTECT, related_name="+")
    kinds = models.JSONField(default=list)
    """Ids of the definition's amendment kinds that the change falls under."""
    needs = models.CharField(
        max_length=8, choices=[("approval", "approval"), ("notice", "notice")], default="approval"
    )
    state = models.CharField(max_length=9, choices=amendments_table.choices(), default=AmendmentState.ASKED)
    proposed = models.TextField()
    reason = models.TextField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    version = models.OneToOneField(
        AgreementVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="amendment"
    )

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="amendment_one_asked", fields=["agreement"], condition=Q(state="asked")
            )
        ]


class YearlyResult(Sealed):
    """The result of an annual evaluation as the operator records it: go on or stop, with its grade."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="yearly_results")
    year = models.PositiveSmallIntegerField()
    goes_on = models.BooleanField()
    grade = models.CharField(max_length=40, blank=True)
    opinion = models.TextField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["year"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="yearly_result_once", fields=["agreement", "year"])
        ]
