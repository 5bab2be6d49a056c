"""A substitute presenter from a participating organisation needs the operator's prior consent (programme clause A-11b)."""

from django.db import transaction

from gongmo.applications.models import Application
from gongmo.applications.states import MemberState
from gongmo.calls.queries import definition_of
from gongmo.evaluation import policies
from gongmo.evaluation.commands.base import manager, said
from gongmo.evaluation.models import StageRun, Substitute
from gongmo.evaluation.presentation import presentation_stage
from gongmo.evaluation.states import StageState, SubstituteState, substitutes_table
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.ledger.commands import append
from gongmo.screening.queries import eligible_applications


def ask_substitute(
    *, actor: Actor, application_id: int, organisation_id: int, presenter: str, reason: str
) -> Substitute:
    """Ask that somebody of a participating organisation presents. After a refusal it can be asked again.

    Refused once the presentation stage is locked, in a call that knows no substitutes, and for an organisation outside the
    consortium. The presenter's name stays out of the ledger.
    """
    with transaction.atomic():
        application = (
            Application.objects.select_for_update(of=("self",))
            .select_related("call__version")
            .filter(pk=application_id)
            .first()
        )
        if application is None or not policies.ask_substitute(actor, application):
            raise NotFound
        presenter = said(
            presenter, field="presenter", ko="발표할 사람을 적어 주세요.", en="Name the presenter.", limit=80
        )
        reason = said(
            reason, field="reason", ko="대리 발표가 필요한 까닭을 적어 주세요.", en="Give the reason."
        )
        _may_present(application)
        member = application.members.filter(organisation_id=organisation_id, state=MemberState.ACCEPTED)
        if not member.exists():
            raise BadInput(
                "not_a_member",
                "컨소시엄에 참여한 기관에서 발표할 사람을 정해 주세요.",
                "The presenter has to come from an organisation of the consortium.",
                field="organisation",
            )
        held = Substitute.objects.select_for_update(of=("self",)).filter(application=application).first()
        if held is None:
            held = Substitute(application=application)
        else:
            held.state = substitutes_table.require(SubstituteState(held.state), SubstituteState.ASKED)
        held.organisation_id, held.presenter, held.reason = organisation_id, presenter, reason
        held.asked_at, held.answered_at = clock.now(), None
        held.save()
        _record(actor, held, "evaluation.ask_substitute", {"organisation": organisation_id, "reason": reason})
        return held


def answer_substitute(*, actor: Actor, substitute_id: int, consent: bool) -> Substitute:
    """The operator consents or refuses, before the presentation stage is locked."""
    with transaction.atomic():
        held = (
            Substitute.objects.select_for_update(of=("self",))
            .select_related("application__call__version")
            .filter(pk=substitute_id)
            .first()
        )
        if held is None:
            raise NotFound
        manager(actor, held.application.call)
        held.state = substitutes_table.require(
            SubstituteState(held.state), SubstituteState.CONSENTED if consent else SubstituteState.REFUSED
        )
        _may_present(held.application)
        held.answered_at = clock.now()
        held.save(update_fields=["state", "answered_at"])
        _record(actor, held, "evaluation.answer_substitute", {"consent": consent})
        return held


def _may_present(application: Application) -> None:
    definition = definition_of(application.call)
    if definition.presenter is None or definition.presenter.substitute == "none":
        raise Refused(
            "no_substitutes",
            "이 공고에서는 대리 발표를 할 수 없습니다.",
            "This call knows no substitute presenters.",
        )
    stage = presentation_stage(definition)
    locked = stage is not None and StageRun.objects.filter(
        call=application.call, stage=stage.id, state=StageState.LOCKED
    )
    if locked:
        raise Refused(
            "presentation_over", "발표평가가 이미 끝났습니다.", "The presentations are over already."
        )
    if not eligible_applications(application.call).filter(pk=application.pk).exists():
        raise Refused(
            "not_eligible",
            "적격으로 결정된 신청만 발표자를 바꿀 수 있습니다.",
            "Only an eligible application can change its presenter.",
        )


def _record(actor: Actor, held: Substitute, act: str, payload: dict[str, object]) -> None:
    # The applicant's own matter: it belongs in the application's history.
    append(
        actor=actor,
        act=act,
        subject=("application", held.application_id),
        call=held.application.call.slug,
        payload={"substitute": held.pk, **payload},
    )
