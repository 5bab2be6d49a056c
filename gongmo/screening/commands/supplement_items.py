"""What an open request lets the applicant write: its texts, saved as they are written, and its files."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from django.db import transaction

from gongmo.applications.commands.documents import fitting_name
from gongmo.applications.fields import text_of
from gongmo.applications.models import Application
from gongmo.calls.queries import definition_of
from gongmo.files.commands import receive
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.canonical import sha256_hex
from gongmo.kernel.errors import NotFound, Refused
from gongmo.ledger.locks import lock
from gongmo.screening import policies
from gongmo.screening.commands.base import before, record
from gongmo.screening.commands.supplements import locked_supplement
from gongmo.screening.models import ItemKind, SupplementItem
from gongmo.screening.states import SupplementState

LONGEST = 20_000
UPLOAD_PURPOSE = "supplement"
"""What uploads for `attach_to_supplement` are begun for (gongmo.files)."""
GONE = Refused(
    "supplement_gone",
    "없는 보완 항목입니다. 화면을 새로 고쳐 주세요.",
    "There is no such item. Load the page again.",
)
ANSWERED = Refused(
    "supplement_answered",
    "이미 보완을 냈거나 기한이 지난 요청입니다. 더 고치려면 담당자에게 문의해 주세요.",
    "This request is answered or has run out. Ask the officer if more must change.",
)
TOO_LONG = Refused(
    "text_too_long",
    f"{LONGEST:,}자 이내로 줄여 주세요.",
    f"Shorten it to {LONGEST:,} letters.",
)


@dataclass(frozen=True, slots=True)
class TextInput:
    """A text as somebody writes it: its path, the text, and the revision that the writer saw (0: the first)."""

    path: str
    value: str
    base: int


@dataclass(frozen=True, slots=True)
class TextOutcome:
    """What became of one text: saved (or the same already), a conflict with what another wrote, or refused."""

    path: str
    value: str = ""
    revision: int = 0
    written: bool = False
    conflict: bool = False
    refused: Refused | None = None
    by: str = ""
    at: datetime | None = None


def save_supplement_texts(
    *, actor: Actor, application_id: int, changes: Sequence[TextInput]
) -> list[TextOutcome]:
    """Keep what is being written for open requests. Paths: "item:<id>" for an opened answer, "reply:<id>" for the reply itself.

    Each change is judged alone. One whose `base` is older than the stored text, and different, is a conflict and writes nothing.
    Raises NotFound, NotAllowed.
    """
    now = clock.now()
    with transaction.atomic():
        if not lock(Application, application_id):
            raise NotFound
        application = Application.objects.select_related("call").get(pk=application_id)
        if not policies.see_own(actor, application):
            raise NotFound
        policies.answer.require(actor, application)
        found = [_save_text(actor, application, change, now) for change in changes]
        written = [outcome for outcome in found if outcome.written]
        if written:
            record(
                actor,
                application,
                "screening.save_supplement",
                {
                    "texts": [
                        {
                            "path": outcome.path,
                            "revision": outcome.revision,
                            "sha256": sha256_hex(outcome.value),
                        }
                        for outcome in written
                    ]
                },
            )
    return found


def _save_text(actor: Actor, application: Application, change: TextInput, now: datetime) -> TextOutcome:
    kind, _, key = change.path.partition(":")
    pk = int(key) if key.isdecimal() and len(key) < 15 else 0
    if kind == "item":
        row = (
            SupplementItem.objects.select_related("supplement", "saved_by")
            .filter(pk=pk, supplement__application=application, kind=ItemKind.ANSWER)
            .first()
        )
        supplement = row.supplement if row is not None else None
        stored, revision = (row.text, row.revision) if row is not None else ("", 0)
    else:
        row = None
        supplement = application.supplements.filter(pk=pk).first() if kind == "reply" else None
        stored, revision = (
            (supplement.draft, supplement.draft_revision) if supplement is not None else ("", 0)
        )
    if supplement is None:
        return TextOutcome(change.path, refused=GONE)
    if supplement.state != SupplementState.ASKED:
        return TextOutcome(change.path, refused=ANSWERED)
    try:
        before(supplement.due_at)
    except Refused as late:
        return TextOutcome(change.path, refused=late)
    text = text_of(change.value, lines=True)
    if len(text) > LONGEST:
        return TextOutcome(change.path, refused=TOO_LONG)
    if text == stored:
        return TextOutcome(change.path, value=stored, revision=revision)
    if change.base != revision:
        by = row.saved_by.display_name if row is not None and row.saved_by is not None else ""
        at = row.saved_at if row is not None else None
        return TextOutcome(change.path, value=stored, revision=revision, conflict=True, by=by, at=at)
    if row is not None:
        row.text, row.revision, row.saved_at, row.saved_by_id = text, revision + 1, now, actor.person
        row.save(update_fields=["text", "revision", "saved_at", "saved_by"])
    else:
        supplement.draft, supplement.draft_revision = text, revision + 1
        supplement.save(update_fields=["draft", "draft_revision"])
    return TextOutcome(change.path, value=text, revision=revision + 1, written=True)


def attach_to_supplement(
    *, actor: Actor, item_id: int, name: str = "", stream: BinaryIO | None = None, upload: str = ""
) -> SupplementItem:
    """Hand in the file that an open request asks for, in place of an earlier try. Refused at or after its due instant.

    The file comes as a `stream` with its name, or as the id of a finished `upload` (gongmo.files).
    """
    found = SupplementItem.objects.select_related("supplement__application__call").filter(pk=item_id).first()
    if found is None or not policies.see_own(actor, found.supplement.application):
        raise NotFound
    application = found.supplement.application
    policies.answer.require(actor, application)
    if found.kind != ItemKind.DOCUMENT:
        raise NotFound
    before(found.supplement.due_at)
    stored, given = receive(actor=actor, purpose=UPLOAD_PURPOSE, name=name, stream=stream, upload=upload)
    kind = definition_of(application.call).document(found.place)
    shown = fitting_name(given, stored, kind)
    with transaction.atomic():
        supplement = locked_supplement(found.supplement_id)
        if supplement.state != SupplementState.ASKED:
            raise ANSWERED
        now = before(supplement.due_at)
        item = SupplementItem.objects.get(pk=item_id)
        item.file, item.file_name = stored, shown
        item.saved_at, item.saved_by_id, item.revision = now, actor.person, item.revision + 1
        item.save()
        record(
            actor,
            supplement.application,
            "screening.save_supplement",
            {"supplement": supplement.pk, "item": item.pk, "file": stored.sha256, "size": stored.size},
        )
    return item
