"""Destroying the personal data of an application whose time is over. The row, its hashes, its money and its verdicts stay."""

import json
from dataclasses import dataclass

from gongmo.applications.models import (
    Answer,
    Application,
    ApplicationDocument,
    DraftVersion,
    FieldChange,
    PaperContent,
    Signature,
    Submission,
)
from gongmo.definition.form import QuestionKind
from gongmo.definition.model import Definition
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.canonical import canonical_json
from gongmo.rules.form import PERSON_PARTS, question_at

GONE = {"name": "파기", "position": "파기", "phone": "000-0000-0000", "email": "destroyed@account.invalid"}
"""What stands in the place of a person's parts, so that rules which ask for them read the application as they did."""


@dataclass(frozen=True, slots=True)
class Gone:
    """How many values, kept states and signatures were destroyed, and the files (SHA-256) that no longer belong to anything here."""

    values: int
    versions: int
    signatures: int
    files: tuple[str, ...]


def destroy_personal(*, actor: Actor, application_id: int, definition: Definition) -> Gone:
    """Destroy what the application holds of people, inside the transaction of the decision, whose entry in the record follows.

    Of a draft that nobody submitted everything typed goes; of a submission the parts of people (name, position, phone, e-mail), all signatures
    and the texts that were signed. The journal and the kept states go in both cases. Whether it may be destroyed is the caller's to
    decide (custody.commands.destruction); a second call destroys nothing more.
    """
    application = Application.objects.select_for_update().get(pk=application_id)
    if application.destroyed_at is not None:
        return Gone(0, 0, 0, ())
    submissions = list(Submission.objects.filter(application=application))
    values = 0
    for answer in Answer.objects.filter(application=application).exclude(text=""):
        part = _part(definition, answer.question)
        if submissions and part is None:
            continue
        answer.text = GONE[part] if submissions and part else ""
        answer.save(update_fields=["text"])
        values += 1
    for submission in submissions:
        content = json.loads(submission.content)
        answers = content.get("answers") or {}
        for place in answers:
            part = _part(definition, place)
            if part is not None and answers[place]:
                answers[place] = GONE[part]
        submission.content = canonical_json(content)
        submission.save(update_fields=["content"])
    FieldChange.objects.filter(application=application).delete()
    versions, _ = DraftVersion.objects.filter(application=application).delete()
    signatures = list(Signature.objects.filter(application=application))
    signed = {each.content_sha256 for each in signatures}
    for signature in signatures:
        signature.signer_name, signature.signer_title, signature.drawing = "", "", ""
        signature.save(update_fields=["signer_name", "signer_title", "drawing"])
    documents = list(ApplicationDocument.objects.filter(application=application))
    signed |= {each.content_sha256 for each in documents if each.content_sha256}
    for paper in PaperContent.objects.filter(sha256__in=signed).exclude(content=""):
        paper.content = ""
        paper.save(update_fields=["content"])
    application.destroyed_at = clock.now()
    if not submissions:
        application.summary = ""
    application.save(update_fields=["destroyed_at", "summary"])
    return Gone(values, versions, len(signatures), tuple(sorted({each.file_id for each in documents})))


def _part(definition: Definition, place: str) -> str | None:
    """Which part of a person an answer's place is, None for any other answer."""
    found = question_at(definition, place)
    if found is None or found[0].kind is not QuestionKind.PERSON:
        return None
    part = found[1]
    return part if part in PERSON_PARTS else None
