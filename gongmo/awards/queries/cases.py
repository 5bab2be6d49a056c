"""What a person may see of the cases on ending an agreement."""

from dataclasses import dataclass
from datetime import date

from gongmo.awards import policies
from gongmo.awards.consequences import agreed_rows, annual_rate
from gongmo.awards.models import Agreement, TerminationCase, TerminationGround, TerminationStatement
from gongmo.awards.queries.overview import agreement_for
from gongmo.awards.states import UNDER_WAY, CaseState
from gongmo.calls.queries import definition_of
from gongmo.files.models import StoredFile
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import NotFound
from gongmo.rules.termination import Consequences, Paid, consequences


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case with what follows for the money, and what this person may do in it."""

    case: TerminationCase
    money: Consequences
    paid: dict[tuple[int, str], Paid]
    due_passed: bool
    may_state: bool
    may_consent: bool
    may_propose: bool
    may_confirm: bool
    own_proposal: bool


def cases_of(actor: Actor, agreement: Agreement) -> list[TerminationCase]:
    """The cases of an agreement that the actor may see, newest first, with grounds and statements."""
    if not policies.see_agreement(actor, agreement):
        raise NotFound
    found = (
        TerminationCase.objects.filter(agreement=agreement)
        .select_related("opened_by", "proposed_by", "decided_by")
        .prefetch_related("grounds__file", "statements__organisation", "statements__file", "money")
        .order_by("-pk")
    )
    return list(found)


def case_under_way(agreement: Agreement) -> bool:
    """Whether a case on ending the agreement is open. One statement."""
    return TerminationCase.objects.filter(agreement=agreement, state__in=UNDER_WAY).exists()


def agreement_of_case(actor: Actor, case_id: int) -> Agreement:
    """The agreement that a case is about, as `agreement_for` gives it. Raises NotFound."""
    key = TerminationCase.objects.filter(pk=case_id).values_list("agreement_id", flat=True).first()
    if key is None:
        raise NotFound
    return agreement_for(actor, key)


def case_view(actor: Actor, agreement: Agreement, case: TerminationCase) -> CaseView:
    """A case as this person sees it. `agreement` has its parties and money at hand."""
    case.agreement = agreement
    today = clock.now().astimezone(clock.SEOUL).date()
    ended: date = case.decided_at.astimezone(clock.SEOUL).date() if case.decided_at else today
    paid = [Paid(row.year, row.source, row.paid, row.spent, row.paid_on) for row in case.money.all()]
    under_way = case.state in UNDER_WAY
    speaks = policies.speak_in_case(actor, case)
    manages = policies.manage(actor, agreement.call)
    passed = case.due_on is not None and today > case.due_on
    answered = {each.organisation_id for each in case.statements.all() if each.consents}
    return CaseView(
        case=case,
        money=consequences(
            agreed_rows(agreement), paid, on=ended, annual=annual_rate(definition_of(agreement.call))
        ),
        paid={(row.year, row.source): row for row in paid},
        due_passed=passed,
        may_state=under_way and speaks and case.kind == "cause",
        may_consent=case.state == CaseState.OPENED
        and case.kind == "consent"
        and speaks
        and actor.organisation not in answered,
        may_propose=manages and case.state in (CaseState.OPENED, CaseState.HEARD),
        may_confirm=manages and case.state == CaseState.PROPOSED and actor.person != case.proposed_by_id,
        own_proposal=manages and case.state == CaseState.PROPOSED and actor.person == case.proposed_by_id,
    )


def case_file(actor: Actor, case_id: int, sha256: str) -> tuple[StoredFile, str]:
    """A file of a ground or a statement, with its name. Raises NotFound."""
    case = (
        TerminationCase.objects.select_related("agreement__call")
        .prefetch_related("grounds__file", "statements__file", "agreement__parties")
        .filter(pk=case_id)
        .first()
    )
    if case is None or not policies.see_agreement(actor, case.agreement):
        raise NotFound
    kept: list[TerminationGround | TerminationStatement] = [*case.grounds.all(), *case.statements.all()]
    for each in kept:
        if each.file is not None and each.file_id == sha256:
            return each.file, each.file_name
    raise NotFound
