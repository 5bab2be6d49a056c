"""Deciding a case on ending an agreement: proposed by one officer, confirmed or sent back by another."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from gongmo.awards import policies
from gongmo.awards.commands.case_base import (
    drop_proposal,
    locked_case,
    move,
    record,
    words,
)
from gongmo.awards.commands.ending import end_agreement
from gongmo.awards.consequences import agreed_rows, annual_rate
from gongmo.awards.models import (
    CaseKind,
    TerminationCase,
    TerminationMoney,
)
from gongmo.awards.states import CaseState, cases_table
from gongmo.calls.queries import definition_of
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import NotAllowed, Refused
from gongmo.rules.termination import Paid, consequences


def propose_decision(
    *, actor: Actor, case_id: int, terminate: bool, reasons: str, money: Sequence[Paid] = ()
) -> TerminationCase:
    """An officer proposes to terminate or to keep. To terminate, the lead must have been heard or its time have passed.

    `money`: what was paid and what spending is accepted, by year and source, as established; it replaces what stood.
    """
    with transaction.atomic():
        case = locked_case(actor, case_id)
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
        reasons = words(reasons, "reasons", "판단한 까닭을 적어 주세요.", "Give the reasons.")
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
        record(
            actor,
            case,
            "awards.propose_termination",
            {"proposal": case.proposal, "reasons": reasons, "paid": [_paid_value(row) for row in money]},
        )
        return case


def return_proposal(*, actor: Actor, case_id: int, reason: str) -> TerminationCase:
    """A second officer, or the first, sends the proposal back to be thought over."""
    with transaction.atomic():
        case = locked_case(actor, case_id)
        policies.manage.require(actor, case.agreement.call)
        reason = words(reason, "reason", "되돌리는 까닭을 적어 주세요.", "Say why it goes back.")
        if case.state != CaseState.PROPOSED:
            raise _not_proposed()
        heard = case.statements.filter(organisation=case.agreement.application.lead_id).exists()
        move(case, CaseState.HEARD if heard else CaseState.OPENED)
        drop_proposal(case)
        record(actor, case, "awards.return_termination", {"reason": reason})
        return case


def confirm_decision(*, actor: Actor, case_id: int) -> TerminationCase:
    """A second officer confirms: the agreement ends with its money consequences listed, or it is kept. Raises NotAllowed for the proposer."""
    with transaction.atomic():
        case = locked_case(actor, case_id)
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
            move(case, CaseState.KEPT)
            record(actor, case, "awards.keep_agreement", {"reasons": case.grounds_text})
            return case
        move(case, CaseState.TERMINATED)
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


def _not_proposed() -> Refused:
    return Refused(
        "not_proposed",
        "확인할 제안이 없습니다. 진행 상태를 다시 확인해 주세요.",
        "There is no proposal to confirm; see how the case stands.",
    )


def _paid_value(row: Paid) -> dict[str, object]:
    day: date | None = row.paid_on
    return {"year": row.year, "source": row.source, "paid": row.paid, "spent": row.spent, "paid_on": day}
