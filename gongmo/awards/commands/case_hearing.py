"""The parties in a case on ending an agreement: heard on its grounds, or asked for their consent."""

from typing import BinaryIO

from django.db import transaction

from gongmo.awards import policies
from gongmo.awards.commands.case_base import (
    add_consent,
    drop_proposal,
    kept_file,
    locked_case,
    move,
    record,
    speaks_for,
    words,
)
from gongmo.awards.models import (
    CaseKind,
    TerminationCase,
    TerminationStatement,
)
from gongmo.awards.states import UNDER_WAY, CaseState
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import Refused


def state_case(
    *, actor: Actor, case_id: int, text: str, name: str = "", stream: BinaryIO | None = None
) -> TerminationStatement:
    """A party states its case. After the lead's statement the case counts as heard; a statement in time sends a proposal back.

    Raises NotFound, NotAllowed, BadInput for no text, Refused once it is decided.
    """
    if stream is not None:
        with transaction.atomic():
            _require_party(actor, locked_case(actor, case_id))
    kept = kept_file(actor, name, stream)
    with transaction.atomic():
        case = locked_case(actor, case_id)
        _require_party(actor, case)
        _require_under_way(case)
        text = words(text, "text", "의견을 적어 주세요.", "Write your statement.")
        statement = TerminationStatement.objects.create(
            case=case,
            organisation_id=speaks_for(actor),
            text=text,
            file=kept[0] if kept else None,
            file_name=kept[1] if kept else "",
            made_at=clock.now(),
            made_by_id=actor.person,
        )
        today = clock.now().astimezone(clock.SEOUL).date()
        in_time = case.due_on is None or today <= case.due_on
        lead = case.agreement.application.lead_id == actor.organisation
        if case.kind == CaseKind.CAUSE and (
            (case.state == CaseState.OPENED and lead) or (case.state == CaseState.PROPOSED and in_time)
        ):
            move(case, CaseState.HEARD)
            drop_proposal(case)
        record(
            actor,
            case,
            "awards.state_in_termination",
            {"statement": statement.pk, "organisation": actor.organisation, "sha256": statement.file_id},
        )
        return statement


def consent(*, actor: Actor, case_id: int, agreed: bool, text: str = "") -> TerminationCase:
    """Answer a request to end the agreement by consent. Once every party has consented it counts as heard; one refusal keeps the agreement."""
    with transaction.atomic():
        case = locked_case(actor, case_id)
        _require_party(actor, case)
        if case.kind != CaseKind.CONSENT or case.state != CaseState.OPENED:
            raise Refused(
                "no_consent_asked",
                "동의를 기다리는 건이 아닙니다. 진행 상태를 확인해 주세요.",
                "No consent is asked for in this case; see how it stands.",
            )
        if agreed:
            if not case.statements.filter(organisation=actor.organisation, consents=True).exists():
                add_consent(actor, case, text.strip())
            parties = set(
                case.agreement.parties.filter(pending=False).values_list("organisation_id", flat=True)
            )
            given = set(case.statements.filter(consents=True).values_list("organisation_id", flat=True))
            if given >= parties:
                move(case, CaseState.HEARD)
        else:
            text = words(text, "text", "동의하지 않는 까닭을 적어 주세요.", "Say why you do not consent.")
            TerminationStatement.objects.create(
                case=case,
                organisation_id=speaks_for(actor),
                text=text,
                made_at=clock.now(),
                made_by_id=actor.person,
            )
            case.grounds_text, case.decided_at = text, clock.now()
            move(case, CaseState.KEPT)
        record(
            actor,
            case,
            "awards.answer_consent",
            {"organisation": actor.organisation, "agreed": agreed, "text": text.strip()},
        )
        return case


def _require_party(actor: Actor, case: TerminationCase) -> None:
    """The actor speaks for a party. The operator's officers do, too, where consent is asked."""
    policies.speak_in_case.require(actor, case)


def _require_under_way(case: TerminationCase) -> None:
    if case.state not in UNDER_WAY:
        raise Refused(
            "case_decided",
            "이미 결정된 건입니다. 결정 내용을 확인해 주세요.",
            "This case is decided; see the decision.",
        )
