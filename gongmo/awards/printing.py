"""An agreement's files: made once from a version, kept, and made anew whenever they are missing."""

import io
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, time
from pathlib import Path

from asn1crypto.x509 import Certificate
from django.conf import settings
from django.db import transaction

from gongmo.applications.models import PaperContent
from gongmo.applications.strokes import read_drawing
from gongmo.awards.content import read_content
from gongmo.awards.kept import read_paper, signed_by
from gongmo.awards.models import AgreementPrint, AgreementSignature, AgreementVersion, PrintKind
from gongmo.awards.sealing import Seal, certificates, configured, seal_pdf, self_made
from gongmo.files.commands import store
from gongmo.kernel import clock
from gongmo.kernel.canonical import canonical_json
from gongmo.kernel.clock import SEOUL
from gongmo.kernel.korean import day, stamp
from gongmo.papers import Attachment, Paper, Signed, to_hwpx, to_pdf

SUFFIX = {
    PrintKind.PDF: "pdf",
    PrintKind.HWPX: "hwpx",
    PrintKind.SEALED: "pdf",
    PrintKind.OWN: "pdf",
}


def version_paper(version: AgreementVersion, *, signed: bool = False) -> Paper:
    """A version as a paper in the words that were kept when it was made; with its signatures drawn in, and its data attached, where `signed`."""
    content = read_content(version.content)
    kept = PaperContent.objects.get(pk=version.paper_sha256)
    paper = read_paper(kept.content, datetime.combine(content.drawn_up, time(), SEOUL))
    if not signed:
        return paper
    signatures = list(signatures_of(version))
    by = {
        each.party.organisation_id: Signed(
            each.signer_name, day(each.signed_at), each.signer_title, read_drawing(each.drawing)
        )
        for each in signatures
    }
    return replace(
        signed_by(paper, [by.get(party.organisation) for party in content.parties]),
        attachments=_attachments(version, signatures),
    )


def signatures_of(version: AgreementVersion) -> Iterable[AgreementSignature]:
    """The signatures under a version, in the order in which they were given."""
    return version.signatures.select_related("party__organisation").order_by("pk")


def _attachments(version: AgreementVersion, signatures: list[AgreementSignature]) -> tuple[Attachment, ...]:
    told = {
        "format": "gongmo/agreement-signatures/1",
        "agreement": version.agreement.number,
        "version": version.number,
        "paper_sha256": version.paper_sha256,
        "signatures": [
            {
                "organisation": each.party.organisation_id,
                "organisation_name": each.party.organisation.name,
                "name": each.signer_name,
                "title": each.signer_title,
                "at": each.signed_at,
                "paper_sha256": each.paper_sha256,
            }
            for each in signatures
        ],
    }
    return (
        Attachment("agreement.json", version.content, "application/json", "협약의 내용"),
        Attachment(
            "signatures.json", canonical_json(told), "application/json", "누가 언제 무엇에 서명했는지"
        ),
    )


def known(version: AgreementVersion, kind: PrintKind, number: int = 1) -> AgreementPrint | None:
    """The kept file, or None where it is not made yet."""
    return (
        AgreementPrint.objects.select_related("file")
        .filter(version=version, kind=kind, number=number)
        .first()
    )


def printed(version: AgreementVersion, kind: PrintKind) -> AgreementPrint:
    """The version as PDF or HWPX, as it lies before its signers."""
    found = known(version, kind)
    if found is not None:
        return found
    paper = version_paper(version)
    return keep(version, kind, to_hwpx(paper) if kind == PrintKind.HWPX else to_pdf(paper))


def sealed(version: AgreementVersion) -> AgreementPrint | None:
    """The version with every signature, sealed by the site. None where the site has no seal."""
    found = known(version, PrintKind.SEALED)
    if found is not None:
        return found
    seal = site_seal(rehearsal=version.agreement.call.rehearsal)
    if seal is None:
        return None
    last = max(each.signed_at for each in signatures_of(version))
    content = seal_pdf(
        to_pdf(version_paper(version, signed=True)),
        seal,
        name=str(settings.GONGMO_SEAL_NAME),
        reason=f"협약 {version.agreement.number} 제{version.number}판에 당사자 모두가 {stamp(last, seconds=True)}까지 서명했음을 확인합니다."
        f" 내용 SHA-256 {version.paper_sha256}",
    )
    return keep(version, PrintKind.SEALED, content)


def keep(version: AgreementVersion, kind: PrintKind, content: bytes) -> AgreementPrint:
    """Keep a file of a version. The first of two at once stands."""
    stored = store(
        stream=io.BytesIO(content), name=f"{version.agreement.number}-{version.number}.{SUFFIX[kind]}"
    )
    with transaction.atomic():
        return AgreementPrint.objects.get_or_create(
            version=version, kind=kind, number=1, defaults={"file": stored, "made_at": clock.now()}
        )[0]


def site_seal(*, rehearsal: bool) -> Seal | None:
    """The seal of the settings; a self-made one for a rehearsal; else None."""
    own = configured(str(settings.GONGMO_SEAL_KEY), str(settings.GONGMO_SEAL_CERTIFICATE))
    if own is not None or not rehearsal:
        return own
    return self_made(Path(settings.GONGMO_HOME) / "seal")


def trusted_certificates(*, rehearsal: bool) -> list[Certificate]:
    """Whose signatures are trusted: the site's own seal, and the certificates of GONGMO_SEAL_TRUST (a PEM file)."""
    found: list[Certificate] = []
    seal = site_seal(rehearsal=rehearsal)
    if seal is not None:
        found += certificates(seal.chain)
    if settings.GONGMO_SEAL_TRUST:
        found += certificates(Path(str(settings.GONGMO_SEAL_TRUST)).read_bytes())
    return found
