"""Cases on ending an agreement: heard in time, proposed by one officer, confirmed by another, or ended by everyone's consent."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from gongmo.awards import commands
from gongmo.awards.models import Agreement, TerminationCase, TerminationGround
from gongmo.awards.states import AgreementState, CaseState
from gongmo.calls.models import Call
from gongmo.calls.states import CallState
from gongmo.kernel import clock
from gongmo.kernel.actor import OrganisationRole, Role
from gongmo.kernel.errors import BadInput, NotAllowed, NotFound, Refused
from gongmo.notices.models import Notice
from gongmo.notices.tasks import tell
from gongmo.parties.models import Organisation, Person
from gongmo.rules.termination import Paid
from tests.awards.builders import (
    LATER,
    Ranked,
    agreed_call,
    agreement_in_force,
    end_agreement,
    second_officer,
    task_force_of,
)
from tests.awards.test_agreement import WINDOW
from tests.builders import make_applicant
from tests.sample_call import sample_regional

pytestmark = pytest.mark.django_db

DAY = LATER + timedelta(days=2)
AFTER_HEARING = LATER + timedelta(days=40)


@pytest.fixture
def standing() -> tuple[Ranked, Agreement]:
    found = agreed_call(2)
    return found, agreement_in_force(found)


def opened(found: Ranked, agreement: Agreement, **more: str) -> TerminationCase:
    with clock.at(DAY):
        return commands.open_case(
            actor=found.agency,
            agreement=agreement.pk,
            **{"clause": "T-1", "reason": "체납이 드러났습니다.", "evidence": "등록부 조회", **more},
        )


def test_a_case_gives_the_parties_working_days_to_be_heard_and_tells_them(standing):
    found, agreement = standing
    case = opened(found, agreement)
    with clock.at(DAY):
        tell()

    assert case.state == CaseState.OPENED
    assert case.due_on is not None
    assert case.due_on >= date(2030, 5, 30)
    told = set(Notice.objects.filter(person=found.order[0].lead.person).values_list("title_ko", "url"))
    assert any(url.startswith(reverse("awards:case", args=[agreement.pk])) for _, url in told)


def test_the_same_ground_again_changes_nothing_and_another_joins_the_case(standing):
    found, agreement = standing
    first = opened(found, agreement)
    again = opened(found, agreement)
    other = opened(found, agreement, reason="휴업이 드러났습니다.")

    assert first.pk == again.pk == other.pk
    assert TerminationGround.objects.filter(case=first).count() == 2


def test_termination_waits_for_the_lead_or_for_its_time_to_pass(standing):
    found, agreement = standing
    case = opened(found, agreement)

    with clock.at(DAY), pytest.raises(Refused) as refused:
        commands.propose_decision(actor=found.agency, case_id=case.pk, terminate=True, reasons="해약")
    with clock.at(AFTER_HEARING):
        later = commands.propose_decision(actor=found.agency, case_id=case.pk, terminate=True, reasons="해약")

    assert refused.value.code == "hearing_open"
    assert later.state == CaseState.PROPOSED


def test_one_officer_proposes_and_only_another_confirms(standing):
    found, agreement = standing
    case = opened(found, agreement)
    with clock.at(AFTER_HEARING):
        commands.propose_decision(
            actor=found.agency,
            case_id=case.pk,
            terminate=True,
            reasons="해약합니다.",
            money=[Paid(2030, "national", 1000, 400, date(2030, 6, 1))],
        )
        with pytest.raises(NotAllowed):
            commands.confirm_decision(actor=found.agency, case_id=case.pk)
        done = commands.confirm_decision(actor=second_officer(found), case_id=case.pk)

    agreement.refresh_from_db()
    assert done.state == CaseState.TERMINATED
    assert (agreement.state, agreement.end_clause, agreement.end_reason) == (
        "terminated",
        "T-1",
        "해약합니다.",
    )


def test_a_statement_in_time_sends_a_proposal_back(standing):
    found, agreement = standing
    item = found.order[0]
    case = opened(found, agreement)
    with clock.at(DAY):
        heard = commands.state_case(actor=item.lead, case_id=case.pk, text="사실과 다릅니다.")
        commands.propose_decision(actor=found.agency, case_id=case.pk, terminate=True, reasons="해약")
        partner = next(actor for actor in item.actors.values() if actor != item.lead)
        commands.state_case(actor=partner, case_id=case.pk, text="저희도 의견이 있습니다.")

    case.refresh_from_db()
    assert heard.organisation_id == item.lead.organisation
    assert (case.state, case.proposal) == (CaseState.HEARD, "")


def test_an_agreement_may_be_kept_by_two_officers(standing):
    found, agreement = standing
    case = opened(found, agreement)
    with clock.at(DAY):
        commands.propose_decision(actor=found.agency, case_id=case.pk, terminate=False, reasons="해소")
        commands.confirm_decision(actor=second_officer(found), case_id=case.pk)

    agreement.refresh_from_db()
    case.refresh_from_db()
    assert (agreement.state, case.state) == (AgreementState.IN_FORCE, CaseState.KEPT)


def test_all_must_consent_and_one_refusal_keeps_the_agreement(standing):
    found, agreement = standing
    item = found.order[0]
    with clock.at(DAY):
        case = commands.ask_consent(actor=item.lead, agreement_id=agreement.pk, reason="여건이 바뀌었습니다.")
        commands.consent(actor=found.agency, case_id=case.pk, agreed=True)
        with pytest.raises(Refused) as refused:
            commands.propose_decision(actor=found.agency, case_id=case.pk, terminate=True, reasons="합의")
        for actor in item.actors.values():
            if actor != item.lead:
                case = commands.consent(actor=actor, case_id=case.pk, agreed=True)

    assert refused.value.code == "consents_missing"
    assert case.state == CaseState.HEARD

    other = agreement_in_force(found, 1)
    with clock.at(DAY):
        second = commands.ask_consent(actor=found.agency, agreement_id=other.pk, reason="합의 해약")
        kept = commands.consent(
            actor=found.order[1].lead, case_id=second.pk, agreed=False, text="계속하겠습니다."
        )
    assert kept.state == CaseState.KEPT


def test_the_end_cancels_the_calls_under_it(standing):
    found, agreement = standing
    force = task_force_of(found)
    with clock.at(DAY):
        child = commands.open_regional_call(
            actor=force, agreement_id=agreement.pk, definition=sample_regional(),
            operator_id=force.organisation or 0, intake=WINDOW,
        )  # fmt: skip

    end_agreement(found, agreement)

    assert Call.objects.get(pk=child.pk).state == CallState.CANCELLED
    with clock.at(AFTER_HEARING), pytest.raises(Refused):
        commands.open_case(
            actor=found.agency, agreement=agreement, clause="T-1", reason="사유", evidence="자료"
        )


@pytest.mark.parametrize(
    ("given", "field"),
    [({"clause": "Z-9"}, "clause"), ({"reason": " "}, "reason"), ({"evidence": ""}, "evidence")],
)
def test_a_ground_needs_a_clause_a_finding_and_its_source(standing, given, field):
    found, agreement = standing

    with pytest.raises(BadInput) as refused:
        opened(found, agreement, **given)

    assert refused.value.field == field


def test_strangers_know_of_no_case_and_viewers_do_not_speak(standing):
    found, agreement = standing
    case = opened(found, agreement)
    lead = found.order[0].lead
    for stranger in (make_applicant("KR-26"), found.order[1].lead):
        with pytest.raises(NotFound):
            commands.state_case(actor=stranger, case_id=case.pk, text="의견")
    with pytest.raises(NotAllowed):
        commands.state_case(
            actor=replace(lead, organisation_role=OrganisationRole.VIEWER), case_id=case.pk, text="의견"
        )


def browser(person: int | None) -> Client:
    client = Client()
    client.force_login(Person.objects.get(pk=person))
    return client


def test_the_page_carries_a_case_from_its_ground_to_its_end(standing):
    found, agreement = standing
    second = second_officer(found)
    url = f"/agreements/{agreement.pk}/case/"
    with clock.at(DAY):
        agency, lead = browser(found.agency.person), browser(found.order[0].lead.person)
        agency.post(f"{url}open/", {"clause": "T-1", "reason": "체납", "evidence": "등록부"})
        case = TerminationCase.objects.get()
        refused = agency.post(f"/cases/{case.pk}/propose/", {"proposal": "terminate", "reasons": "해약"})
        lead.post(f"/cases/{case.pk}/state/", {"text": "사정이 있었습니다."})
        agency.post(
            f"/cases/{case.pk}/propose/",
            {
                "proposal": "terminate",
                "reasons": "해약",
                "paid-2030-national": "1,000",
                "spent-2030-national": "10",
            },
        )
        proposed = agency.get(url).content.decode()
        colleague = browser(second.person)
        colleague.post(f"/cases/{case.pk}/confirm/", {"confirm": "아니요"})
        waits = TerminationCase.objects.get().state
        colleague.post(f"/cases/{case.pk}/confirm/", {"confirm": agreement.number})
        ended = lead.get(url)

    assert refused.status_code == 409
    assert "확인할 수 없습니다" in proposed
    assert waits == CaseState.PROPOSED
    assert TerminationCase.objects.get().state == CaseState.TERMINATED
    assert "사정이 있었습니다." in ended.content.decode()


def test_the_cases_page_costs_the_same_for_more_statements(standing, django_assert_max_num_queries):
    found, agreement = standing
    item = found.order[0]
    case = opened(found, agreement)
    with clock.at(DAY):
        for actor in item.actors.values():
            commands.state_case(actor=actor, case_id=case.pk, text="의견")
        client = browser(found.agency.person)
        client.get(f"/agreements/{agreement.pk}/case/")
        with django_assert_max_num_queries(20):
            page = client.get(f"/agreements/{agreement.pk}/case/")

    assert page.status_code == 200


def test_a_task_force_officer_has_no_part_in_the_case(standing):
    found, agreement = standing
    case = opened(found, agreement)
    force = task_force_of(found)
    assert force.role is Role.TASK_FORCE
    assert Organisation.objects.filter(pk=force.organisation).exists()

    with pytest.raises(NotAllowed):
        commands.state_case(actor=force, case_id=case.pk, text="의견")
