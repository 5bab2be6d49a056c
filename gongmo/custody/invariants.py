"""What must hold of destroyed data, on live data."""

from collections.abc import Iterable

from django.db.models import F, Q

from gongmo.applications.models import DraftVersion, FieldChange, Signature
from gongmo.awards.models import AgreementSignature
from gongmo.custody.models import Destruction, DestructionState, PersonDestruction
from gongmo.evaluation.models import Absence, Affiliation, EvaluatorNote, Relation
from gongmo.kernel.invariants import Broken, invariant


@invariant(
    "custody.destroyed_is_gone",
    ko="파기했다고 기록한 개인정보는 남아 있지 않습니다.",
    en="What the record tells to be destroyed is not there any more.",
)
def destroyed_is_gone() -> Iterable[Broken]:
    done = Destruction.objects.filter(state=DestructionState.DESTROYED).values("application")
    left = (
        ("kept states", DraftVersion.objects.filter(application__in=done), "application"),
        ("changes in the journal", FieldChange.objects.filter(application__in=done), "application"),
        ("private notes", EvaluatorNote.objects.filter(application__in=done), "application"),
        (
            "names of signers",
            Signature.objects.filter(application__in=done).exclude(signer_name=""),
            "application",
        ),
        (
            "names under the agreement",
            AgreementSignature.objects.filter(version__agreement__application__in=done).exclude(
                signer_name=""
            ),
            "version__agreement__application",
        ),
    )
    for what, rows, path in left:
        for application in rows.order_by().values_list(path, flat=True).distinct():
            yield Broken(f"application {application}", what, "nothing: its personal data was destroyed")
    gone = PersonDestruction.objects.filter(state=DestructionState.DESTROYED)
    for model in (Affiliation, Relation, Absence):
        kept = model._base_manager.filter(evaluator__in=gone.exclude(evaluator=None).values("evaluator"))
        for expert in kept.order_by().values_list("evaluator", flat=True).distinct():
            yield Broken(f"expert {expert}", model._meta.label, "nothing: the expert's data was destroyed")
    for person in gone.filter(person__is_active=True).values_list("person", flat=True):
        yield Broken(f"person {person}", "an account in use", "closed, for its data was destroyed")


@invariant(
    "custody.destroyed_by_two",
    ko="신청과 평가위원의 개인정보는 동의한 담당자와 다른 담당자가 파기했습니다.",
    en="Applications' and experts' personal data was destroyed by another officer than the one who agreed.",
)
def destroyed_by_two() -> Iterable[Broken]:
    alone = Q(agreed_by=None) | Q(agreed_by=F("destroyed_by"))
    for model in (Destruction, PersonDestruction):
        found = model._base_manager.filter(alone, state=DestructionState.DESTROYED).exclude(ground="idle")
        for pk in found.values_list("pk", flat=True):
            yield Broken(f"{model._meta.label} {pk}", "destroyed by one officer", "by two")
