"""Cases on ending an agreement: opened for a cause (programme clause A-5d) or by consent, heard, proposed by one officer, confirmed by another."""

from collections.abc import Sequence
from datetime import date
from typing import BinaryIO

from django.db import transaction

from gongmo.awards import policies
from gongmo.awards.commands.ending import end_agreement
from gongmo.awards.consequences import agreed_rows, annual_rate, hearing_period
from gongmo.awards.models import (
    Agreement,
    CaseKind,
    TerminationCase,
    TerminationGround,
    TerminationMoney,
    TerminationStatement,
)
from gongmo.awards.states import UNDER_WAY, AgreementState, CaseState, cases_table
from gongmo.calls.due import due_day
from gongmo.calls.queries import definition_of
from gongmo.files.commands import receive
from gongmo.files.models import StoredFile
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotAllowed, NotFound, Refused
from gongmo.ledger import commands as ledger
from gongmo.ledger.locks import lock
from gongmo.rules.termination import Paid, consequences

PURPOSE = "awards.case"
STANDING = (AgreementState.DRAFT, AgreementState.IN_FORCE)


def open_case(
    *,
    actor: Actor,
    agreement: int | Agreement,
    clause: str,
    reason: str,
    evidence: str,
    name: str = "",
    stream: BinaryIO | None = None,
) -> TerminationCase:
    """Open a case on ending an agreement under a clause of its call; the parties are told and heard.

    `reason` says what was found, `evidence` where that stands (a register's answer with its day, a document), `stream` may bring it as
    a file. While a case is under way another ground joins it and the time for statements begins anew; the very same ground again
    changes nothing. Raises NotFound, NotAllowed, BadInput (clause, reason, evidence), Refused for an agreement that has ended.
    """
    key = agreement.pk if isinstance(agreement, Agreement) else agreement
    if stream is not None:
        # Nobody stores a file here who may not open a case.
        policies.manage.require(actor, _read(key).call)
    kept = _file(actor, name, stream)
    with transaction.atomic():
        found = locked_agreement(key)
        policies.manage.require(actor, found.call)
        _require_standing(found)
        known = {item.id for item in definition_of(found.call).clauses}
        if clause not in known:
            raise BadInput(
                "unknown_clause",
                "근거 조항을 공고의 조항 번호로 적어 주세요.",
                "Name the ground by a clause of the call.",
                field="clause",
            )
        reason = _words(reason, "reason", "무엇이 드러났는지 적어 주세요.", "Say what was found.")
        evidence = _words(
            evidence, "evidence", "무엇으로 확인했는지 적어 주세요.", "Say by what it was established."
        )
        case = TerminationCase.objects.filter(agreement=found, state__in=UNDER_WAY).first()
        if case is not None and _same(case, clause, reason, evidence):
            return case
        now = clock.now()
        due = due_day(hearing_period(definition_of(found.call)), now)
        if case is None:
            case = TerminationCase.objects.create(
                agreement=found,
                kind=CaseKind.CAUSE,
                clause=clause,
                reason=reason,
                opened_at=now,
                opened_by_id=actor.person,
                due_on=due,
            )
        else:
            # What was proposed rested on the grounds as they were; the parties are heard on the new one.
            if case.state != CaseState.OPENED:
                case.state = cases_table.require(CaseState(case.state), CaseState.OPENED)
            if case.kind == CaseKind.CONSENT:
                case.kind, case.clause, case.reason = CaseKind.CAUSE, clause, reason
            case.due_on, case.proposal, case.proposed_by, case.proposed_at = due, "", None, None
            case.save()
        ground = TerminationGround.objects.create(
            case=case,
            clause=clause,
            reason=reason,
            evidence=evidence,
            file=kept[0] if kept else None,
            file_name=kept[1] if kept else "",
            added_at=now,
            added_by_id=actor.person,
        )
        _record(
            actor,
            case,
            "awards.open_termination",
            {
                "ground": ground.pk,
                "clause": clause,
                "reason": reason,
                "evidence": evidence,
                "sha256": ground.file_id,
                "due_on": due,
            },
        )
        return case


def ask_consent(*, actor: Actor, agreement_id: int, reason: str) -> TerminationCase:
    """Ask all parties to end an agreement by consent. An officer of the operator or a party's signer asks; that is its own consent, too."""
    with transaction.atomic():
        agreement = locked_agreement(agreement_id)
        if not policies.see_agreement(actor, agreement):
            raise NotFound
        policies.sign_agreement.require(actor, agreement)
        _require_standing(agreement)
        if TerminationCase.objects.filter(agreement=agreement, state__in=UNDER_WAY).exists():
            raise Refused(
                "case_under_way",
                "이 협약의 해약을 이미 다루고 있습니다. 진행 중인 건에서 이어서 처리해 주세요.",
                "A case on ending this agreement is under way; go on there.",
            )
        reason = _words(
            reason, "reason", "협약을 끝내려는 까닭을 적어 주세요.", "Say why the agreement is to end."
        )
        case = TerminationCase.objects.create(
            agreement=agreement,
            kind=CaseKind.CONSENT,
            reason=reason,
            opened_at=clock.now(),
            opened_by_id=actor.person,
        )
        _consent(actor, case, reason)
        _record(actor, case, "awards.ask_consent", {"organisation": actor.organisation, "reason": reason})
        return case


def state_case(
    *, actor: Actor, case_id: int, text: str, name: str = "", stream: BinaryIO | None = None
) -> TerminationStatement:
    """A party states its case. After the lead's statement the case counts as heard; a statement in time sends a proposal back.

    Raises NotFound, NotAllowed, BadInput for no text, Refused once it is decided.
    """
    if stream is not None:
        with transaction.atomic():
            _require_party(actor, _case(actor, case_id))
    kept = _file(actor, name, stream)
    with transaction.atomic():
        case = _case(actor, case_id)
        _require_party(actor, case)
        _require_under_way(case)
        text = _words(text, "text", "의견을 적어 주세요.", "Write your statement.")
        statement = TerminationStatement.objects.create(
            case=case,
            organisation_id=_own(actor),
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
            _move(case, CaseState.HEARD)
            _drop_proposal(case)
        _record(
            actor,
            case,
            "awards.state_in_termination",
            {"statement": statement.pk, "organisation": actor.organisation, "sha256": statement.file_id},
        )
        return statement


def consent(*, actor: Actor, case_id: int, agreed: bool, text: str = "") -> TerminationCase:
    """Answer a request to end the agreement by consent. Once every party has consented it counts as heard; one refusal keeps the agreement."""
    with transaction.atomic():
        case = _case(actor, case_id)
        _require_party(actor, case)
        if case.kind != CaseKind.CONSENT or case.state != CaseState.OPENED:
            raise Refused(
                "no_consent_asked",
                "동의를 기다리는 건이 아닙니다. 진행 상태를 확인해 주세요.",
                "No consent is asked for in this case; see how it stands.",
            )
        if agreed:
            if not case.statements.filter(organisation=actor.organisation, consents=True).exists():
                _consent(actor, case, text.strip())
            parties = set(case.agreement.parties.values_list("organisation_id", flat=True))
            given = set(case.statements.filter(consents=True).values_list("organisation_id", flat=True))
            if given >= parties:
                _move(case, CaseState.HEARD)
        else:
            text = _words(text, "text", "동의하지 않는 까닭을 적어 주세요.", "Say why you do not consent.")
            TerminationStatement.objects.create(
                case=case,
                organisation_id=_own(actor),
                text=text,
                made_at=clock.now(),
                made_by_id=actor.person,
            )
            case.grounds_text, case.decided_at = text, clock.now()
            _move(case, CaseState.KEPT)
        _record(
            actor,
            case,
            "awards.answer_consent",
            {"organisation": actor.organisation, "agreed": agreed, "text": text.strip()},
        )
        return case


def propose_decision(
    *, actor: Actor, case_id: int, terminate: bool, reasons: str, money: Sequence[Paid] = ()
) -> TerminationCase:
    """An officer proposes to terminate or to keep. To terminate, the lead must have been heard or its time have passed.

    `money`: what was paid and what spending is accepted, by year and source, as established; it replaces what stood.
    """
    with transaction.atomic():
        case = _case(actor, case_id)
        policies.manage.require(actor, case.agreement.call)
        today = clock.now().astimezone(clock.SEOUL).date()
        if case.state == CaseState.OPENED and terminate:
            if case.kind == CaseKind.CONSENT:
                raise Refused(
                    "consents_missing",
                    "모든 당사자가 동의한 뒤에 해약을 제안할 수 있습니다.",
                    "Termination is proposed once every party has consented.",
                )
            if case.due_on is not None and today <= case.due_on:
                raise Refused(
                    "hearing_open",
                    f"의견을 낼 수 있는 기간({case.due_on.year}. {case.due_on.month}. {case.due_on.day}.까지)이 남아 있고 주관기관의 의견이 없습니다. 의견이 오거나 기간이 지난 뒤에 제안해 주세요.",
                    f"The lead may state its case until {case.due_on} and has not yet; propose after its statement or that day.",
                    details={"due_on": case.due_on.isoformat()},
                )
        reasons = _words(reasons, "reasons", "판단한 까닭을 적어 주세요.", "Give the reasons.")
        case.state = cases_table.require(CaseState(case.state), CaseState.PROPOSED)
        case.proposal = "terminate" if terminate else "keep"
        case.proposed_by_id, case.proposed_at, case.grounds_text = actor.person, clock.now(), reasons
        case.save()
        for row in TerminationMoney.objects.filter(case=case):
            row.delete()
        # The rule looks at the figures before anybody confirms them.
        consequences(
            agreed_rows(case.agreement),
            money,
            on=today,
            annual=annual_rate(definition_of(case.agreement.call)),
        )
        TerminationMoney.objects.bulk_create(
            TerminationMoney(
                case=case,
                year=row.year,
                source=row.source,
                paid=row.paid,
                paid_on=row.paid_on,
                spent=row.spent,
            )
            for row in money
        )
        _record(
            actor,
            case,
            "awards.propose_termination",
            {"proposal": case.proposal, "reasons": reasons, "paid": [_paid_value(row) for row in money]},
        )
        return case


def return_proposal(*, actor: Actor, case_id: int, reason: str) -> TerminationCase:
    """A second officer, or the first, sends the proposal back to be thought over."""
    with transaction.atomic():
        case = _case(actor, case_id)
        policies.manage.require(actor, case.agreement.call)
        reason = _words(reason, "reason", "되돌리는 까닭을 적어 주세요.", "Say why it goes back.")
        if case.state != CaseState.PROPOSED:
            raise _not_proposed()
        heard = case.statements.filter(organisation=case.agreement.application.lead_id).exists()
        _move(case, CaseState.HEARD if heard else CaseState.OPENED)
        _drop_proposal(case)
        _record(actor, case, "awards.return_termination", {"reason": reason})
        return case


def confirm_decision(*, actor: Actor, case_id: int) -> TerminationCase:
    """A second officer confirms: the agreement ends with its money consequences listed, or it is kept. Raises NotAllowed for the proposer."""
    with transaction.atomic():
        case = _case(actor, case_id)
        policies.manage.require(actor, case.agreement.call)
        if case.state != CaseState.PROPOSED:
            raise _not_proposed()
        if actor.person is None or actor.person == case.proposed_by_id:
            raise NotAllowed(
                "awards.confirm_termination",
                "제안한 담당자가 아닌 다른 담당자가 확인해야 합니다. 동료 담당자에게 확인을 부탁해 주세요.",
                "An officer other than the proposer confirms; ask a colleague.",
            )
        case.decided_by_id, case.decided_at = actor.person, clock.now()
        if case.proposal == "keep":
            _move(case, CaseState.KEPT)
            _record(actor, case, "awards.keep_agreement", {"reasons": case.grounds_text})
            return case
        _move(case, CaseState.TERMINATED)
        agreement = case.agreement
        found = consequences(
            agreed_rows(agreement),
            paid_of(case),
            on=clock.now().astimezone(clock.SEOUL).date(),
            annual=annual_rate(definition_of(agreement.call)),
        )
        end_agreement(
            actor,
            agreement,
            case=case.pk,
            clause=case.clause,
            reason=case.grounds_text,
            money={
                "dropped": found.dropped,
                "returned": found.returned,
                "interest": found.interest,
                "complete": found.complete,
            },
        )
        return case


def paid_of(case: TerminationCase) -> list[Paid]:
    """What an officer established for a case, as the rule takes it."""
    return [
        Paid(row.year, row.source, row.paid, row.spent, row.paid_on)
        for row in TerminationMoney.objects.filter(case=case)
    ]


def locked_agreement(agreement_id: int) -> Agreement:
    """The agreement, locked, with its call and application. Raises NotFound."""
    if not lock(Agreement, agreement_id):
        raise NotFound
    return Agreement.objects.select_related("call", "application").get(pk=agreement_id)


def _read(agreement_id: int) -> Agreement:
    found = Agreement.objects.select_related("call").filter(pk=agreement_id).first()
    if found is None:
        raise NotFound
    return found


def _case(actor: Actor, case_id: int) -> TerminationCase:
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


def _file(actor: Actor, name: str, stream: BinaryIO | None) -> tuple[StoredFile, str] | None:
    """A file that came along, kept before anything is locked."""
    return receive(actor=actor, purpose=PURPOSE, name=name, stream=stream) if stream is not None else None


def _consent(actor: Actor, case: TerminationCase, text: str) -> None:
    TerminationStatement.objects.create(
        case=case,
        organisation_id=_own(actor),
        consents=True,
        text=text,
        made_at=clock.now(),
        made_by_id=actor.person,
    )


def _same(case: TerminationCase, clause: str, reason: str, evidence: str) -> bool:
    return case.grounds.filter(clause=clause, reason=reason, evidence=evidence).exists()


def _require_standing(agreement: Agreement) -> None:
    if agreement.state not in STANDING:
        raise Refused(
            "agreement_state",
            "이미 끝난 협약입니다. 협약 상태를 확인해 주세요.",
            "This agreement has ended already.",
        )


def _require_under_way(case: TerminationCase) -> None:
    if case.state not in UNDER_WAY:
        raise Refused(
            "case_decided",
            "이미 결정된 건입니다. 결정 내용을 확인해 주세요.",
            "This case is decided; see the decision.",
        )


def _own(actor: Actor) -> int:
    """The organisation for which the actor speaks. Raises NotFound."""
    if actor.organisation is None:
        raise NotFound
    return actor.organisation


def _require_party(actor: Actor, case: TerminationCase) -> None:
    """The actor speaks for a party. The operator's officers do, too, where consent is asked."""
    policies.speak_in_case.require(actor, case)


def _not_proposed() -> Refused:
    return Refused(
        "not_proposed",
        "확인할 제안이 없습니다. 진행 상태를 다시 확인해 주세요.",
        "There is no proposal to confirm; see how the case stands.",
    )


def _move(case: TerminationCase, state: CaseState) -> None:
    case.state = cases_table.require(CaseState(case.state), state)
    case.save()


def _drop_proposal(case: TerminationCase) -> None:
    case.proposal, case.proposed_by, case.proposed_at = "", None, None
    case.save()


def _words(text: str, field: str, ko: str, en: str) -> str:
    if not text.strip():
        raise BadInput("empty_text", ko, en, field=field)
    return text.strip()


def _paid_value(row: Paid) -> dict[str, object]:
    day: date | None = row.paid_on
    return {"year": row.year, "source": row.source, "paid": row.paid, "spent": row.spent, "paid_on": day}


def _record(actor: Actor, case: TerminationCase, act: str, payload: dict[str, object]) -> None:
    ledger.append(
        actor=actor,
        act=act,
        subject=("application", case.agreement.application_id),
        call=case.agreement.call.slug,
        payload={"agreement": case.agreement_id, "case": case.pk, "state": case.state, **payload},
    )


__all__ = [
    "ask_consent",
    "confirm_decision",
    "consent",
    "locked_agreement",
    "open_case",
    "paid_of",
    "propose_decision",
    "return_proposal",
    "state_case",
]
