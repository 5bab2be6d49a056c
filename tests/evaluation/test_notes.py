"""Private notes: the expert's own, told to nobody, gone with the stage."""

import pytest

from gongmo.evaluation import commands
from gongmo.evaluation.models import EvaluatorNote, NoteKind
from gongmo.evaluation.queries import sheet_for
from gongmo.evaluation.queries.notes import notes_at
from gongmo.kernel import clock
from gongmo.kernel.errors import BadInput, NotFound
from gongmo.ledger.models import Entry
from tests.evaluation.builders import AT_EVALUATION, Evaluated, fill, opened, ready, with_evaluation

pytestmark = pytest.mark.django_db


def noted(
    found: Evaluated,
    text: str = "근거를 다시 볼 것",
    *,
    expert: int = 0,
    page: int = 3,
    kind: NoteKind = NoteKind.NOTE,
) -> EvaluatorNote:
    document = found.items[0].application.documents.first()
    assert document is not None
    with clock.at(AT_EVALUATION):
        return commands.note(
            actor=found.experts[expert].actor,
            sheet_id=found.sheet(expert, 0).pk,
            kind=kind,
            document_id=document.pk,
            page=page,
            text=text,
        )


def test_a_note_is_kept_at_its_page_read_by_its_expert_alone_and_not_recorded() -> None:
    found = ready(1)
    opened(found)
    before = Entry.objects.count()
    made = noted(found)
    noted(found, "남의 메모", expert=1)
    own = notes_at(sheet_for(found.experts[0].actor, found.sheet(0, 0).pk))
    assert [(each.text, each.page) for each in own] == [("근거를 다시 볼 것", 3)]
    assert Entry.objects.count() == before
    with pytest.raises(NotFound):
        commands.drop_note(actor=found.experts[1].actor, sheet_id=found.sheet(1, 0).pk, note_id=made.pk)
    commands.drop_note(actor=found.experts[0].actor, sheet_id=found.sheet(0, 0).pk, note_id=made.pk)
    assert EvaluatorNote.objects.count() == 1


def test_a_bookmark_is_set_once_a_note_needs_words_and_a_document_must_be_the_applications() -> None:
    found = ready(2)
    opened(found)
    assert noted(found, "", kind=NoteKind.BOOKMARK).pk == noted(found, "", kind=NoteKind.BOOKMARK).pk
    with pytest.raises(BadInput):
        noted(found, "  ")
    other = found.items[1].application.documents.first()
    assert other is not None
    with pytest.raises(NotFound), clock.at(AT_EVALUATION):
        commands.note(
            actor=found.experts[0].actor,
            sheet_id=found.sheet(0, 0).pk,
            kind=NoteKind.NOTE,
            document_id=other.pk,
            page=1,
            text="다른 신청의 서류",
        )


@pytest.mark.parametrize(("setting", "left"), [("delete_at_lock", 0), ("keep", 1)])
def test_notes_go_with_their_stage_unless_the_call_keeps_them(setting: str, left: int) -> None:
    desk = {"clause": "T-1", "notes": setting}
    found = ready(1, definition=with_evaluation(desk=desk))
    run = opened(found)
    noted(found)
    for expert in range(3):
        fill(found, expert, 0, 80)
    with clock.at(AT_EVALUATION):
        commands.lock_stage(actor=found.agency, run_id=run.pk)
    assert EvaluatorNote.objects.count() == left
