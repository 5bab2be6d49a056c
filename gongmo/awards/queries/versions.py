"""What a person may see of an agreement's versions, signatures and files."""

from dataclasses import dataclass

from gongmo.awards import policies, printing
from gongmo.awards.commands.versions import awaited, definition_for
from gongmo.awards.content import Content, Difference, differences, read_content
from gongmo.awards.models import (
    Agreement,
    AgreementPrint,
    AgreementSignature,
    AgreementVersion,
    PrintKind,
)
from gongmo.awards.states import VersionState
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import NotFound
from gongmo.papers import Paper


@dataclass(frozen=True, slots=True)
class VersionView:
    """A version with its text, who has signed it and who is awaited, its files, and what is new in it."""

    version: AgreementVersion
    content: Content
    paper: Paper
    signatures: list[AgreementSignature]
    waiting: list[str]
    prints: list[AgreementPrint]
    changes: list[Difference]
    may_sign: bool


def current_version(agreement: Agreement) -> AgreementVersion | None:
    """The version that counts for readers: the one that is being signed, else the one in force, else the last."""
    found = list(AgreementVersion.objects.filter(agreement=agreement).order_by("-number"))
    for state in (VersionState.SIGNING, VersionState.IN_FORCE):
        for version in found:
            if version.state == state:
                return version
    return found[0] if found else None


def awaits_own_signature(actor: Actor, agreement: Agreement, version: AgreementVersion) -> bool:
    """Whether the version awaits the signature of the actor's own organisation and the actor may give it. At most one statement."""
    if version.state != VersionState.SIGNING or not policies.sign_agreement(actor, agreement):
        return False
    return awaited(version).filter(organisation=actor.organisation).exists()


def version_of(actor: Actor, agreement: Agreement, number: int | None = None) -> AgreementVersion:
    """A version of an agreement that the actor may see, the current one without a number. Raises NotFound."""
    if not policies.see_agreement(actor, agreement):
        raise NotFound
    found = (
        current_version(agreement)
        if number is None
        else AgreementVersion.objects.filter(agreement=agreement, number=number).first()
    )
    if found is None:
        raise NotFound
    found.agreement = agreement
    return found


def version_view(actor: Actor, agreement: Agreement, version: AgreementVersion) -> VersionView:
    """All that a version's page shows. `agreement` has its parties at hand."""
    content = read_content(version.content)
    signatures = list(printing.signatures_of(version))
    signed = {each.party.organisation_id for each in signatures}
    names = {party.organisation: party.name for party in content.parties}
    # Versions that nobody finished signing were never agreed on: the difference is to what was in force.
    earlier = (
        AgreementVersion.objects.filter(agreement=agreement, number__lt=version.number)
        .filter(state__in=[VersionState.IN_FORCE, VersionState.SUPERSEDED, VersionState.DROPPED])
        .order_by("-number")
    )
    before = next((each for each in earlier if each.state != VersionState.DROPPED), None) or earlier.first()
    changes = (
        differences(read_content(before.content), content, definition_for(content), names)
        if before is not None
        else []
    )
    return VersionView(
        version=version,
        content=content,
        paper=printing.version_paper(version, signed=bool(signatures)),
        signatures=signatures,
        waiting=[name for organisation, name in names.items() if organisation not in signed],
        prints=list(AgreementPrint.objects.filter(version=version).select_related("file", "organisation")),
        changes=changes,
        may_sign=version.state == VersionState.SIGNING
        and policies.sign_agreement(actor, agreement)
        and actor.organisation in names
        and actor.organisation not in signed,
    )


def versions_of(actor: Actor, agreement: Agreement) -> list[AgreementVersion]:
    """Every version, newest first."""
    if not policies.see_agreement(actor, agreement):
        raise NotFound
    return list(AgreementVersion.objects.filter(agreement=agreement).order_by("-number"))


def newest_sealed(version: AgreementVersion) -> AgreementPrint | None:
    """The sealed file with the last signature that a party added to it elsewhere."""
    return (
        AgreementPrint.objects.filter(version=version, kind__in=[PrintKind.SEALED, PrintKind.OWN])
        .select_related("file")
        .order_by("-pk")
        .first()
    )
