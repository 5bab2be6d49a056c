"""Destruction by schedule: the system finds what is due, one officer agrees, another one destroys; or it is kept for a reason."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from django.db import transaction

from gongmo.applications.commands.destroying import destroy_personal
from gongmo.applications.models import Application, ApplicationDocument
from gongmo.awards.commands.destroying import destroy_agreement_people
from gongmo.awards.models import AgreementPrint, TerminationGround, TerminationStatement
from gongmo.calls.models import Call
from gongmo.calls.queries import definition_of
from gongmo.custody import policies
from gongmo.custody.models import Destruction, DestructionState
from gongmo.custody.times import disputes, times
from gongmo.evaluation.commands.destroying import destroy_evaluation_people
from gongmo.evaluation.commands.destroying import files_of as evaluation_files
from gongmo.evaluation.models import Bonus, ObjectionFile, SiteVisit, VisitPhoto
from gongmo.files.commands.destroy import mark_destroyed
from gongmo.files.models import StoredFile
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.ledger import commands as ledger
from gongmo.privacy import policies as privacy
from gongmo.screening.models import FactRecord, ProofDemand, ReviewObjection, Supplement, SupplementItem

HELD_DAYS = 365
LONGEST = 500


def propose(*, actor: Actor) -> int:
    """Find applications whose personal data may be kept no longer, and propose their destruction. Returns how many are new."""
    privacy.keep_access.require(actor)
    today = clock.now().astimezone(clock.SEOUL).date()
    with transaction.atomic():
        made = [Destruction.objects.create(**each) for each in _due(today)]
        again = list(
            Destruction.objects.select_for_update().filter(state=DestructionState.HELD, held_until__lte=today)
        )
        for each in again:
            each.state, each.proposed_at = DestructionState.PROPOSED.value, clock.now()
            each.agreed_by, each.agreed_at, each.held_until = None, None, None
            each.save()
        if made or again:
            ledger.append(
                actor=actor,
                act="custody.propose_destruction",
                subject=("destructions", today.isoformat()),
                payload={"applications": sorted(each.application_id for each in (*made, *again))},
            )
    return len(made) + len(again)


def _due(today: date) -> Iterator[dict[str, object]]:
    """What is due and not proposed."""
    closed = Call.objects.filter(closes_at__lt=clock.now()).select_related("version").order_by("pk")
    for _, time in list(times(closed)):
        if time.on is not None and time.on <= today:
            yield {
                "application_id": time.application,
                "ground": time.ground.value,
                "due_on": time.on,
                "proposed_at": clock.now(),
            }


def agree(*, actor: Actor, destruction_id: int) -> Destruction:
    """The first officer's word that it is to be destroyed. Raises NotFound, NotAllowed, Refused."""
    with transaction.atomic():
        found = _locked(actor, destruction_id, DestructionState.PROPOSED)
        _require_settled(found)
        found.state, found.agreed_by_id, found.agreed_at = (
            DestructionState.AGREED.value,
            actor.person,
            clock.now(),
        )
        found.save()
        _record(actor, "custody.agree_destruction", found)
    return found


def reason_of(words: str) -> str:
    """A reason for keeping something, trimmed. Raises BadInput for one that says nothing."""
    reason = " ".join(words.split())
    if len(reason) < 5 or len(reason) > LONGEST:
        raise BadInput(
            "reason",
            f"보존하는 까닭과 근거를 {LONGEST}자 이내로 적어 주세요.",
            f"Say within {LONGEST} letters why it is kept and on what ground.",
            field="reason",
        )
    return reason


def hold(*, actor: Actor, destruction_id: int, reason: str) -> Destruction:
    """Keep it for a reason (a lawsuit, an audit, a law that asks for more): it is proposed anew after a year."""
    with transaction.atomic():
        found = _locked(actor, destruction_id, DestructionState.PROPOSED, DestructionState.AGREED)
        reason = reason_of(reason)
        found.state, found.reason = DestructionState.HELD.value, reason
        found.held_until = clock.now().astimezone(clock.SEOUL).date() + timedelta(days=HELD_DAYS)
        found.save()
        _record(actor, "custody.hold_destruction", found, reason=reason)
    return found


def destroy(*, actor: Actor, destruction_id: int) -> Destruction:
    """The second officer's act: the personal data goes for good. Raises Refused for the officer who agreed."""
    with transaction.atomic():
        found = _locked(actor, destruction_id, DestructionState.AGREED)
        if found.agreed_by_id == actor.person:
            raise Refused(
                "second_officer",
                "파기는 동의한 담당자와 다른 담당자가 합니다. 다른 담당자에게 부탁해 주세요.",
                "Another officer than the one who agreed destroys it. Please ask a colleague.",
            )
        _require_settled(found)
        application = Application.objects.select_related("call").get(pk=found.application_id)
        definition = definition_of(application.call)
        gone = destroy_personal(actor=actor, application_id=application.pk, definition=definition)
        agreement = destroy_agreement_people(application_id=application.pk)
        beside = destroy_evaluation_people(application_id=application.pk)
        mine = sorted({*gone.files, *agreement.files, *_handed_in_later(application)})
        files = [sha256 for sha256 in mine if not _elsewhere(sha256, application)]
        mark_destroyed(files)
        found.state, found.destroyed_by_id = DestructionState.DESTROYED.value, actor.person
        found.destroyed_at = clock.now()
        found.outcome = {
            "values": gone.values + agreement.values + beside,
            "versions": gone.versions,
            "signatures": gone.signatures + agreement.signatures,
            "files": files,
            "kept_files": [sha256 for sha256 in mine if sha256 not in files],
        }
        found.save()
        _record(actor, "custody.destroy", found, **found.outcome)
    return found


def _require_settled(found: Destruction) -> None:
    """Raise Refused while something about the application is undecided: what may be evidence is not destroyed."""
    open_ = disputes(found.application_id)
    if open_:
        raise Refused(
            "dispute_open",
            f"{', '.join(each.ko for each in open_)}. 끝난 뒤에 파기하거나, 보존하는 까닭을 적어 주세요.",
            f"{', '.join(each.en for each in open_)}. Destroy it once that is settled, or say why it is kept.",
        )


def _handed_in_later(application: Application) -> Iterator[str]:
    """Files of the review, the evaluation and of objections."""
    yield from evaluation_files(application.pk)
    for rows in (
        FactRecord.objects.filter(application=application).values_list("evidence", flat=True),
        ProofDemand.objects.filter(application=application).values_list("file", flat=True),
        Supplement.objects.filter(application=application).values_list("file", flat=True),
        SupplementItem.objects.filter(supplement__application=application).values_list("file", flat=True),
        ReviewObjection.objects.filter(review__application=application).values_list("file", flat=True),
        ObjectionFile.objects.filter(objection__application=application).values_list("file", flat=True),
    ):
        yield from (str(sha256) for sha256 in rows if sha256)


def _elsewhere(sha256: str, application: Application) -> bool:
    """Whether the same content also belongs to something else: another application's document, a certificate, a call's attachment."""
    own: dict[str, Iterable[int]] = {
        ApplicationDocument._meta.label: ApplicationDocument.objects.filter(
            application=application
        ).values_list("pk", flat=True),
        **{
            model._meta.label: model._base_manager.filter(**{path: application}).values_list("pk", flat=True)
            for model, path in (
                (FactRecord, "application"),
                (ProofDemand, "application"),
                (Supplement, "application"),
                (SupplementItem, "supplement__application"),
                (ReviewObjection, "review__application"),
                (ObjectionFile, "objection__application"),
                (SiteVisit, "application"),
                (VisitPhoto, "visit__application"),
                (Bonus, "application"),
                (AgreementPrint, "version__agreement__application"),
                (TerminationGround, "case__agreement__application"),
                (TerminationStatement, "case__agreement__application"),
            )
        },
    }
    for relation in StoredFile._meta.get_fields(include_hidden=True):
        if not (relation.auto_created and relation.is_relation) or relation.name in ("inspection",):
            continue
        model, field = relation.related_model, relation.field.name  # type: ignore[union-attr]
        label = model._meta.label  # type: ignore[union-attr]
        if label == "files.Upload":
            continue
        rows = model._base_manager.filter(**{field: sha256})  # type: ignore[union-attr]
        if rows.exclude(pk__in=list(own.get(label, ()))).exists():
            return True
    return False


def _locked(actor: Actor, destruction_id: int, *states: DestructionState) -> Destruction:
    found = Destruction.objects.select_for_update().filter(pk=destruction_id).first()
    if found is None:
        raise NotFound
    call = Call.objects.get(applications=found.application_id)
    if not policies.keep_retention(actor, call):
        raise NotFound
    if found.state not in states:
        raise Refused(
            "destruction_state",
            "그 사이에 상태가 바뀌었습니다. 화면을 새로 고쳐 확인해 주세요.",
            "Its state has changed meanwhile. Please reload the page.",
        )
    return found


def _record(actor: Actor, act: str, found: Destruction, **payload: object) -> None:
    application = Application.objects.select_related("call").get(pk=found.application_id)
    ledger.append(
        actor=actor,
        act=act,
        subject=("application", found.application_id),
        call=application.call.slug,
        payload={"destruction": found.pk, "ground": found.ground, "due_on": found.due_on, **payload},
    )
