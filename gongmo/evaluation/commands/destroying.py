"""Destroying what the evaluation holds of the applicant's people, and of an expert who left. Sheets, opinions, points and seals stay."""

from dataclasses import dataclass

from gongmo.applications.commands.destroying import GONE
from gongmo.evaluation.models import (
    Absence,
    Affiliation,
    Bonus,
    ConflictDeclaration,
    Disqualification,
    Dissolution,
    Evaluator,
    EvaluatorNote,
    Relation,
    Seat,
    SiteVisit,
    Substitute,
    VisitPhoto,
)
from gongmo.parties.models import Person


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


@dataclass(frozen=True, slots=True)
class ExpertGone:
    """How many places of work, relations and days away, notes and reasons of an expert were destroyed."""

    career: int
    notes: int


def destroy_expert(*, evaluator_id: int) -> ExpertGone:
    """Destroy what the pool holds of an expert, inside the transaction of the decision, whose entry in the record follows.

    Career, relations, days away, fields, region and consents go, and the notes and reasons on the expert's seats. The label ("평가위원 012"), the sector, seats,
    sheets and points stay: others' results rest on them. The name is the account's (custody.commands.people sees to it).
    """
    evaluator = Evaluator.objects.select_for_update().get(pk=evaluator_id)
    career = 0
    for model in (Affiliation, Relation, Absence):
        gone, _ = model.objects.filter(evaluator=evaluator).delete()
        career += gone
    notes, _ = EvaluatorNote.objects.filter(seat__evaluator=evaluator).delete()
    for declaration in ConflictDeclaration.objects.filter(seat__evaluator=evaluator).exclude(note=""):
        declaration.note, notes = "", notes + 1
        declaration.save(update_fields=["note"])
    for found in Disqualification.objects.filter(seat__evaluator=evaluator).exclude(reason=GONE["name"]):
        found.reason, notes = GONE["name"], notes + 1
        found.save(update_fields=["reason"])
    for seat in Seat.objects.filter(evaluator=evaluator).exclude(answer_reason=""):
        seat.answer_reason, notes = "", notes + 1
        seat.save(update_fields=["answer_reason"])
    # A committee is often dissolved because of one of its members.
    ended = Dissolution.objects.filter(committee__seats__evaluator=evaluator).exclude(reason=GONE["name"])
    for dissolution in ended.distinct():
        dissolution.reason, notes = GONE["name"], notes + 1
        dissolution.save(update_fields=["reason"])
    evaluator.expertise, evaluator.region, evaluator.active = [], None, False
    evaluator.pool_consent_on = evaluator.privacy_consent_on = None
    evaluator.outside_year, evaluator.outside_sessions = None, 0
    evaluator.save()
    return ExpertGone(career, notes)


def hand_to_nobody(*, evaluator_id: int) -> Person:
    """Within such a transaction: the expert's row no longer names the person, whose account goes on for other reasons. Returns who stands there."""
    nobody = Person(
        email=f"destroyed-expert-{evaluator_id}@account.invalid", display_name="파기한 위원", is_active=False
    )
    nobody.set_unusable_password()
    nobody.save()
    evaluator = Evaluator.objects.get(pk=evaluator_id)
    evaluator.person = nobody
    evaluator.save(update_fields=["person"])
    return nobody
