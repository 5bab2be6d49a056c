"""An expert's private notes: read by the expert alone."""

from django.db.models import QuerySet

from gongmo.evaluation.models import EvaluatorNote, ScoreSheet


def notes_at(sheet: ScoreSheet) -> QuerySet[EvaluatorNote]:
    """The notes of the sheet's own expert on its application, by document and page. Give it a sheet that `sheet_for` has found."""
    return EvaluatorNote.objects.filter(
        seat=sheet.seat_id, application=sheet.application_id, run=sheet.run_id
    ).select_related("document")
