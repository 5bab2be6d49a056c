"""What every act on a case to end an agreement does: the agreement locked first, files kept before, one entry in the record."""

from typing import BinaryIO

from gongmo.awards import policies
from gongmo.awards.models import (
    Agreement,
    TerminationCase,
    TerminationStatement,
)
from gongmo.awards.states import AgreementState, CaseState, cases_table
from gongmo.files.commands import receive
from gongmo.files.models import StoredFile
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.ledger import commands as ledger
from gongmo.ledger.locks import lock

PURPOSE = "awards.case"
STANDING = (AgreementState.DRAFT, AgreementState.IN_FORCE)


def locked_agreement(agreement_id: int) -> Agreement:
    """The agreement, locked, with its call and application. Raises NotFound."""
    if not lock(Agreement, agreement_id):
        raise NotFound
    return Agreement.objects.select_related("call", "application").get(pk=agreement_id)


def locked_case(actor: Actor, case_id: int) -> TerminationCase:
    """A case, its agreement locked first. Raises NotFound for those who may not see the agreement."""
    key = TerminationCase.objects.filter(pk=case_id).values_list("agreement_id", flat=True).first()
    if key is None:
        raise NotFound
    agreement = locked_agreement(key)
    if not policies.see_agreement(actor, agreement):
        raise NotFound
    case = TerminationCase.objects.get(pk=case_id)
    case.agreement = agreement
    return case


def kept_file(actor: Actor, name: str, stream: BinaryIO | None) -> tuple[StoredFile, str] | None:
    """A file that came along, kept before anything is locked."""
    return receive(actor=actor, purpose=PURPOSE, name=name, stream=stream) if stream is not None else None


def add_consent(actor: Actor, case: TerminationCase, text: str) -> None:
    """The actor's organisation consents to ending the agreement."""
    TerminationStatement.objects.create(
        case=case,
        organisation_id=speaks_for(actor),
        consents=True,
        text=text,
        made_at=clock.now(),
        made_by_id=actor.person,
    )


def speaks_for(actor: Actor) -> int:
    """The organisation for which the actor speaks. Raises NotFound."""
    if actor.organisation is None:
        raise NotFound
    return actor.organisation


def require_standing(agreement: Agreement) -> None:
    """Raise Refused for an agreement that has ended."""
    if agreement.state not in STANDING:
        raise Refused(
            "agreement_state",
            "이미 끝난 협약입니다. 협약 상태를 확인해 주세요.",
            "This agreement has ended already.",
        )


def move(case: TerminationCase, state: CaseState) -> None:
    """Bring the case to a state, as the table allows."""
    case.state = cases_table.require(CaseState(case.state), state)
    case.save()


def drop_proposal(case: TerminationCase) -> None:
    """What was proposed counts no more."""
    case.proposal, case.proposed_by, case.proposed_at = "", None, None
    case.save()


def words(text: str, field: str, ko: str, en: str) -> str:
    """A text without the space around it. Raises BadInput for an empty one, with these sentences."""
    if not text.strip():
        raise BadInput("empty_text", ko, en, field=field)
    return text.strip()


def record(actor: Actor, case: TerminationCase, act: str, payload: dict[str, object]) -> None:
    """Append an act on the case to the record."""
    ledger.append(
        actor=actor,
        act=act,
        subject=("application", case.agreement.application_id),
        call=case.agreement.call.slug,
        payload={"agreement": case.agreement_id, "case": case.pk, "state": case.state, **payload},
    )
