"""Private notes and bookmarks. They are nobody's act: the record tells nothing of them, and no other command or query reads them (decision 0132)."""

from django.db import transaction

from gongmo.applications.fields.base import text_of
from gongmo.calls.queries import definition_of
from gongmo.evaluation.models import EvaluatorNote, NoteKind, StageRun
from gongmo.evaluation.queries.desk import sheet_for
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotFound, Refused

LONGEST = 4000
MOST = 500
"""Notes on one application."""
LAST_PAGE = 100_000


def note(
    *, actor: Actor, sheet_id: int, kind: NoteKind, document_id: int | None, page: int, text: str = ""
) -> EvaluatorNote:
    """Note something at a page of a document of an own sheet (page 0: no page). A bookmark at the same page is kept once.

    Raises NotFound for a sheet or document that the actor may not read, BadInput for an empty note or too many.
    """
    with transaction.atomic():
        sheet = sheet_for(actor, sheet_id)
        text = text_of(text, lines=True)
        if kind is NoteKind.NOTE and not text:
            raise BadInput("note_empty", "메모를 적어 주세요.", "Write the note.", field="text")
        if len(text) > LONGEST:
            raise BadInput(
                "note_too_long",
                f"메모는 {LONGEST:,}자까지 적을 수 있습니다.",
                f"A note may have up to {LONGEST:,} letters.",
                field="text",
            )
        if not 0 <= page <= LAST_PAGE:
            raise BadInput("bad_page", "쪽 번호를 확인해 주세요.", "Check the page number.", field="page")
        if document_id is not None and all(
            each.pk != document_id for each in sheet.application.documents.all()
        ):
            raise NotFound
        mine = EvaluatorNote.objects.filter(seat=sheet.seat_id, application=sheet.application_id)
        if kind is NoteKind.BOOKMARK:
            held = mine.filter(kind=kind, document=document_id, page=page).first()
            if held is not None:
                return held
        if mine.count() >= MOST:
            raise Refused(
                "too_many_notes",
                f"메모는 신청 하나에 {MOST}건까지 둘 수 있습니다.",
                f"At most {MOST} notes are kept for one application.",
            )
        return EvaluatorNote.objects.create(
            seat_id=sheet.seat_id,
            run_id=sheet.run_id,
            application_id=sheet.application_id,
            kind=kind,
            document_id=document_id,
            page=page,
            text=text,
            noted_at=clock.now(),
        )


def drop_note(*, actor: Actor, sheet_id: int, note_id: int) -> None:
    """Delete an own note. Raises NotFound for any other."""
    with transaction.atomic():
        sheet = sheet_for(actor, sheet_id)
        gone, _ = EvaluatorNote.objects.filter(
            pk=note_id, seat=sheet.seat_id, application=sheet.application_id
        ).delete()
        if not gone:
            raise NotFound


def forget_notes(run: StageRun) -> None:
    """Delete the notes of a stage that is being locked, where the call says so (the default). Inside the locking transaction."""
    desk = definition_of(run.version).evaluation.desk
    if desk is None or desk.notes == "delete_at_lock":
        EvaluatorNote.objects.filter(run=run).delete()
