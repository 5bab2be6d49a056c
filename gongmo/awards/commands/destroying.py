"""Destroying what an agreement holds of people, once its time is over. Its money, terms, states and hashes stay."""

from dataclasses import dataclass

from gongmo.applications.commands.destroying import GONE
from gongmo.applications.models import PaperContent
from gongmo.awards.content import content_text, read_content
from gongmo.awards.models import (
    Agreement,
    AgreementPrint,
    AgreementSignature,
    AgreementVersion,
    Amendment,
    AmendmentFile,
    PartyChange,
    TerminationGround,
    TerminationStatement,
)


@dataclass(frozen=True, slots=True)
class AgreementGone:
    """How many values and signatures were destroyed, and the files (SHA-256) that belonged to the agreement."""

    values: int = 0
    signatures: int = 0
    files: tuple[str, ...] = ()


def destroy_agreement_people(*, application_id: int) -> AgreementGone:
    """Destroy the people of an application's agreement, inside the transaction of the decision, whose entry in the record follows.

    The director and the heads of the parties go from every version and proposed change, names and strokes of the signatures, the texts that were
    signed. Whether it may be destroyed is the caller's to decide (custody.commands.destruction).
    """
    agreement = Agreement.objects.select_for_update().filter(application=application_id).first()
    if agreement is None:
        return AgreementGone()
    values = 0
    versions = list(AgreementVersion.objects.filter(agreement=agreement))
    for version in versions:
        text, gone = _without_people(version.content)
        if gone:
            version.content, values = text, values + gone
            version.save(update_fields=["content"])
    for amendment in Amendment.objects.filter(agreement=agreement):
        text, gone = _without_people(amendment.proposed)
        if gone:
            amendment.proposed, values = text, values + gone
            amendment.save(update_fields=["proposed"])
    for change in PartyChange.objects.filter(amendment__agreement=agreement).exclude(notes=""):
        change.notes, values = "", values + 1
        change.save(update_fields=["notes"])
    signatures = list(AgreementSignature.objects.filter(version__agreement=agreement))
    for signature in signatures:
        signature.signer_name, signature.signer_title, signature.drawing = "", "", ""
        signature.save(update_fields=["signer_name", "signer_title", "drawing"])
    signed = {each.paper_sha256 for each in versions}
    for paper in PaperContent.objects.filter(sha256__in=signed).exclude(content=""):
        paper.content = ""
        paper.save(update_fields=["content"])
    return AgreementGone(values, len(signatures), files_of(application_id))


def files_of(application_id: int) -> tuple[str, ...]:
    """The files of an application's agreement: prints, documents with requests for changes, evidence and statements of cases on ending it."""
    found = {
        *AgreementPrint.objects.filter(version__agreement__application=application_id).values_list(
            "file", flat=True
        ),
        *AmendmentFile.objects.filter(amendment__agreement__application=application_id).values_list(
            "file", flat=True
        ),
        *TerminationGround.objects.filter(case__agreement__application=application_id).values_list(
            "file", flat=True
        ),
        *TerminationStatement.objects.filter(case__agreement__application=application_id).values_list(
            "file", flat=True
        ),
    }
    return tuple(sorted(str(each) for each in found if each))


def _without_people(text: str) -> tuple[str, int]:
    """An agreement's content without its director and heads, and how many there were."""
    content = read_content(text)
    gone = GONE["name"]
    parties = tuple(
        party.model_copy(update={"head_name": gone}) if party.head_name not in ("", gone) else party
        for party in content.parties
    )
    count = sum(new is not old for new, old in zip(parties, content.parties, strict=True))
    changed: dict[str, object] = {"parties": parties}
    if content.director not in ("", gone):
        changed["director"], count = gone, count + 1
    return (content_text(content.model_copy(update=changed)), count) if count else (text, 0)
