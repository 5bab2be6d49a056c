"""Destroying what the evaluation of an application holds of the applicant's people. Sheets, opinions, points and seals stay."""

from gongmo.applications.commands.destroying import GONE
from gongmo.evaluation.models import Bonus, EvaluatorNote, SiteVisit, Substitute, VisitPhoto


def destroy_evaluation_people(*, application_id: int) -> int:
    """Destroy the name of another presenter and the experts' private notes, inside the transaction of the decision, whose entry in the record
    follows. Returns how many there were."""
    notes, _ = EvaluatorNote.objects.filter(application=application_id).delete()
    named = Substitute.objects.filter(application=application_id).exclude(presenter__in=("", GONE["name"]))
    for substitute in named:
        substitute.presenter = GONE["name"]
        substitute.save(update_fields=["presenter"])
        notes += 1
    return notes


def files_of(application_id: int) -> tuple[str, ...]:
    """The files of an application's evaluation: site visit with its photographs, proof of bonus points."""
    found = {
        *SiteVisit.objects.filter(application=application_id).values_list("file", flat=True),
        *VisitPhoto.objects.filter(visit__application=application_id).values_list("file", flat=True),
        *Bonus.objects.filter(application=application_id).values_list("file", flat=True),
    }
    return tuple(sorted(str(each) for each in found if each))
