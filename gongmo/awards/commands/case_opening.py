"""Opening a case on ending an agreement: for a cause (programme clause A-5d), or by asking everybody's consent."""

from typing import BinaryIO

from django.db import transaction

from gongmo.awards import policies
from gongmo.awards.commands.case_base import (
    add_consent,
    kept_file,
    locked_agreement,
    record,
    require_standing,
    words,
)
from gongmo.awards.consequences import hearing_period
from gongmo.awards.models import (
    Agreement,
    CaseKind,
    TerminationCase,
    TerminationGround,
)
from gongmo.awards.states import UNDER_WAY, CaseState, cases_table
from gongmo.calls.due import due_day
from gongmo.calls.queries import definition_of
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotFound, Refused


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
    kept = kept_file(actor, name, stream)
    with transaction.atomic():
        found = locked_agreement(key)
        policies.manage.require(actor, found.call)
        require_standing(found)
        known = {item.id for item in definition_of(found.call).clauses}
        if clause not in known:
            raise BadInput(
                "unknown_clause",
                "근거 조항을 공고의 조항 번호로 적어 주세요.",
                "Name the ground by a clause of the call.",
                field="clause",
            )
        reason = words(reason, "reason", "무엇이 드러났는지 적어 주세요.", "Say what was found.")
        evidence = words(
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
        record(
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
        require_standing(agreement)
        if TerminationCase.objects.filter(agreement=agreement, state__in=UNDER_WAY).exists():
            raise Refused(
                "case_under_way",
                "이 협약의 해약을 이미 다루고 있습니다. 진행 중인 건에서 이어서 처리해 주세요.",
                "A case on ending this agreement is under way; go on there.",
            )
        reason = words(
            reason, "reason", "협약을 끝내려는 까닭을 적어 주세요.", "Say why the agreement is to end."
        )
        case = TerminationCase.objects.create(
            agreement=agreement,
            kind=CaseKind.CONSENT,
            reason=reason,
            opened_at=clock.now(),
            opened_by_id=actor.person,
        )
        add_consent(actor, case, reason)
        record(actor, case, "awards.ask_consent", {"organisation": actor.organisation, "reason": reason})
        return case


def _read(agreement_id: int) -> Agreement:
    found = Agreement.objects.select_related("call").filter(pk=agreement_id).first()
    if found is None:
        raise NotFound
    return found


def _same(case: TerminationCase, clause: str, reason: str, evidence: str) -> bool:
    return case.grounds.filter(clause=clause, reason=reason, evidence=evidence).exists()
