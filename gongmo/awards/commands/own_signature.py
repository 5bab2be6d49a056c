"""A party's own certificate: the sealed PDF signed elsewhere, checked and kept beside the seal."""

import io

from django.db import transaction

from gongmo.awards import policies, printing
from gongmo.awards.commands.case_base import locked_agreement
from gongmo.awards.models import AgreementPrint, AgreementVersion, PrintKind
from gongmo.awards.queries.versions import newest_sealed
from gongmo.awards.sealing import Checked, Unreadable, check_pdf, first_part
from gongmo.files.commands import store
from gongmo.files.queries import open_file
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.canonical import plain
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.ledger import commands as ledger

LARGEST = 50 * 1024**2


def add_own_signature(*, actor: Actor, agreement_id: int, number: int, content: bytes) -> AgreementPrint:
    """Keep a sealed PDF that a party has signed with its own certificate elsewhere.

    The file must begin with the newest sealed file, byte for byte, and add signatures only; all signatures in it must hold. Whether the
    certificate is trusted (GONGMO_SEAL_TRUST) is told, not required. Raises NotFound, NotAllowed, BadInput for another file.
    """
    with transaction.atomic():
        agreement = locked_agreement(agreement_id)
        if not policies.see_agreement(actor, agreement):
            raise NotFound
        policies.sign_agreement.require(actor, agreement)
        version = AgreementVersion.objects.filter(agreement=agreement, number=number).first()
        newest = newest_sealed(version) if version is not None else None
        if version is None or newest is None:
            raise Refused(
                "not_sealed",
                "아직 봉인한 협약서가 없습니다. 모든 당사자가 서명한 뒤에 다시 해 주세요.",
                "There is no sealed agreement yet; try again once every party has signed.",
            )
        found = _checked(content, newest, rehearsal=agreement.call.rehearsal)
        stored = store(stream=io.BytesIO(content), name=f"{agreement.number}-{number}.pdf", limit=LARGEST)
        last = AgreementPrint.objects.filter(version=version, kind=PrintKind.OWN).order_by("-number").first()
        made = AgreementPrint.objects.create(
            version=version,
            kind=PrintKind.OWN,
            number=(last.number if last else 0) + 1,
            file=stored,
            organisation_id=actor.organisation,
            told={"signatures": [plain(each) for each in found]},
            made_at=clock.now(),
        )
        ledger.append(
            actor=actor,
            act="awards.add_own_signature",
            subject=("application", agreement.application_id),
            call=agreement.call.slug,
            payload={
                "agreement": agreement.pk,
                "version": number,
                "organisation": actor.organisation,
                "sha256": stored.sha256,
                "certificate": found[-1].fingerprint,
                "trusted": found[-1].trusted,
            },
        )
        return made


def _checked(content: bytes, newest: AgreementPrint, *, rehearsal: bool) -> list[Checked]:
    if len(content) > LARGEST:
        raise BadInput("file_too_large", "50 MB까지 올릴 수 있습니다.", "At most 50 MB.", field="file")
    with open_file(newest.file_id) as handle:
        before = handle.read()
    if not first_part(content, before):
        raise BadInput(
            "another_file",
            "이 협약의 최신 봉인본에 서명을 더한 파일이 아닙니다. 봉인본을 다시 내려받아, 고치거나 인쇄하지 말고 그 파일에 서명해 주세요.",
            "This is not the newest sealed file with a signature added. Download it again and sign that very file.",
            field="file",
        )
    try:
        found = check_pdf(content, printing.trusted_certificates(rehearsal=rehearsal))
        had = len(check_pdf(before))
    except Unreadable:
        found, had = [], 0
    if len(found) <= had or not all(each.holds for each in found):
        raise BadInput(
            "signature_broken",
            "더해진 전자서명이 없거나 서명이 맞지 않습니다. 봉인본에 인증서로 서명한 파일을 그대로 올려 주세요.",
            "No signature was added, or one does not hold. Upload the sealed file as your signing program saved it.",
            field="file",
        )
    return found
