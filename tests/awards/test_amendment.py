"""Changes of an agreement in force: told, approved, signed anew; and the yearly re-agreement."""

from datetime import date, timedelta

import pytest
from django.test import Client

from gongmo.awards import commands
from gongmo.awards.content import read_content
from gongmo.awards.models import Agreement, AgreementVersion, Amendment
from gongmo.cli.doctor import discover
from gongmo.kernel import clock
from gongmo.kernel.errors import NotAllowed, NotFound, Refused
from gongmo.kernel.invariants import examine, invariants
from gongmo.parties.models import Person
from tests.awards.builders import LATER, Ranked, agreed_call, agreement_in_force, sign_by_all
from tests.sample_call import sample_definition

pytestmark = pytest.mark.django_db

DAY = LATER + timedelta(days=5)
TERMS = {
    "clause": "T-1",
    "starts_planned": "2030-06-01",
    "ends": "2031-12-31",
    "parties": ["government", "lead", "partner"],
    "yearly_review": True,
    "termination": {"ko": "해약합니다.", "en": "Ends."},
    "amendments": [
        {"id": "big", "clause": "T-1", "name": {"ko": "기간", "en": "Period"}, "needs": "approval",
         "changes": ["period", "scope", "organisation_total", "carry_over"], "signed": True, "days_before_end": 30},
        {"id": "person", "clause": "T-1", "name": {"ko": "책임자", "en": "Director"}, "needs": "approval", "changes": ["director"]},
        {"id": "small", "clause": "T-1", "name": {"ko": "주소", "en": "Address"}, "needs": "notice",
         "changes": ["address", "representative", "money"]},
    ],
}  # fmt: skip


@pytest.fixture
def standing() -> tuple[Ranked, Agreement]:
    found = agreed_call(2, sample_definition(agreement=TERMS))
    return found, agreement_in_force(found)


def ask(found: Ranked, agreement: Agreement, **wish: object) -> Amendment:
    with clock.at(DAY):
        return commands.ask_amendment(
            actor=found.order[0].lead,
            agreement_id=agreement.pk,
            wish=commands.Wish(**wish),
            reason="여건이 바뀌었습니다.",
        )


def states(agreement: Agreement) -> list[str]:
    return list(AgreementVersion.objects.filter(agreement=agreement).values_list("state", flat=True))


def test_what_is_only_told_counts_at_once(standing):
    found, agreement = standing
    lead = found.order[0].lead.organisation
    made = ask(found, agreement, addresses={lead: "새 주소 1"})

    assert made.state == "told"
    assert states(agreement) == ["superseded", "in_force"]


def test_an_approved_change_without_signatures_is_in_force(standing):
    found, agreement = standing
    asked = ask(found, agreement, director="본부장 나담당")
    with clock.at(DAY):
        commands.answer_amendment(
            actor=found.agency, amendment_id=asked.pk, approved=True, answer="승인합니다."
        )

    assert states(agreement) == ["superseded", "in_force"]
    assert read_content(agreement.versions.get(state="in_force").content).director == "본부장 나담당"


def test_a_longer_period_is_approved_and_then_signed_by_every_party(standing):
    found, agreement = standing
    asked = ask(found, agreement, period_ends=date(2032, 3, 31))
    with clock.at(DAY):
        commands.answer_amendment(
            actor=found.agency, amendment_id=asked.pk, approved=True, answer="승인합니다."
        )
        agreement.refresh_from_db()
        before = agreement.period_ends
        sign_by_all(agreement, found.agency, *found.order[0].actors.values())
    agreement.refresh_from_db()

    assert (before, agreement.period_ends) == (date(2031, 12, 31), date(2032, 3, 31))
    assert states(agreement) == ["superseded", "in_force"]
    discover()
    assert {each.name for each in invariants() if examine(each)} == set()


def test_a_change_of_money_moves_the_agreements_rows_and_keeps_the_rules(standing):
    found, agreement = standing
    content = read_content(agreement.versions.get().content)
    national = next(cell for cell in content.budget if cell.source == "national")

    with pytest.raises(Refused) as refused:
        ask(found, agreement, cells={national.key: national.amount + 500_000_000})
    asked = ask(found, agreement, cells={national.key: national.amount - 1_000_000})
    with clock.at(DAY):
        commands.answer_amendment(
            actor=found.agency, amendment_id=asked.pk, approved=True, answer="승인합니다."
        )
        sign_by_all(agreement, found.agency, *found.order[0].actors.values())

    assert refused.value.code == "money_rule"
    assert sum(agreement.money.values_list("amount", flat=True)) == 999_000_000


def test_a_refused_or_withdrawn_request_changes_nothing(standing):
    found, agreement = standing
    first = ask(found, agreement, director="다른 사람")
    with clock.at(DAY):
        with pytest.raises(Refused) as waits:
            ask(found, agreement, director="또 다른 사람")
        commands.answer_amendment(actor=found.agency, amendment_id=first.pk, approved=False, answer="까닭")
        second = ask(found, agreement, director="다른 사람")
        commands.withdraw_amendment(actor=found.order[0].lead, amendment_id=second.pk)

    assert waits.value.code == "amendment_waits"
    assert states(agreement) == ["in_force"]


@pytest.mark.parametrize("wish", [{}, {"director": ""}])
def test_nothing_to_change_is_refused(standing, wish):
    found, agreement = standing

    with pytest.raises(Refused) as refused:
        ask(found, agreement, **wish)

    assert refused.value.code == "nothing_changed"


def test_only_the_lead_asks_and_only_officers_answer(standing):
    found, agreement = standing
    item = found.order[0]
    partner = next(actor for actor in item.actors.values() if actor != item.lead)
    asked = ask(found, agreement, director="다른 사람")
    with clock.at(DAY):
        with pytest.raises(NotAllowed):
            commands.ask_amendment(
                actor=partner, agreement_id=agreement.pk, wish=commands.Wish(director="x"), reason="x"
            )
        with pytest.raises(NotAllowed):
            commands.answer_amendment(actor=item.lead, amendment_id=asked.pk, approved=True, answer="x")
        with pytest.raises(NotFound):
            commands.answer_amendment(
                actor=found.order[1].lead, amendment_id=asked.pk, approved=True, answer="x"
            )


def test_the_re_agreement_follows_a_recorded_result_and_is_signed(standing):
    found, agreement = standing
    wish = commands.Wish(scope="둘째 해의 범위", period_ends=date(2031, 11, 30))
    with clock.at(DAY):
        with pytest.raises(Refused):
            commands.re_agree(
                actor=found.agency, agreement_id=agreement.pk, year=2030, wish=wish, reason="연차평가"
            )
        commands.record_yearly_result(
            actor=found.agency,
            agreement_id=agreement.pk,
            year=2030,
            goes_on=True,
            grade="보통",
            opinion="계속",
        )
        commands.re_agree(
            actor=found.agency, agreement_id=agreement.pk, year=2030, wish=wish, reason="연차평가"
        )
        sign_by_all(agreement, found.agency, *found.order[0].actors.values())
    agreement.refresh_from_db()

    assert agreement.period_ends == date(2031, 11, 30)
    assert agreement.versions.get(state="in_force").cause == "renewal"


def test_a_stopped_year_allows_no_re_agreement(standing):
    found, agreement = standing
    with clock.at(DAY):
        commands.record_yearly_result(
            actor=found.agency,
            agreement_id=agreement.pk,
            year=2030,
            goes_on=False,
            grade="불성실",
            opinion="중단",
        )
        with pytest.raises(Refused) as refused:
            commands.re_agree(
                actor=found.agency,
                agreement_id=agreement.pk,
                year=2030,
                wish=commands.Wish(scope="x"),
                reason="x",
            )

    assert refused.value.code == "no_yearly_result"


def test_the_pages_show_the_difference_and_carry_the_decision(standing):
    found, agreement = standing
    lead, agency = Client(), Client()
    lead.force_login(Person.objects.get(pk=found.order[0].lead.person))
    agency.force_login(Person.objects.get(pk=found.agency.person))
    url = f"/agreements/{agreement.pk}/changes/"
    with clock.at(DAY):
        form = lead.get(url).content.decode()
        lead.post(f"{url}ask/", {"director": "본부장 나담당", "reason": "인사이동"})
        seen = agency.get(url).content.decode()
        pk = Amendment.objects.get().pk
        agency.post(f"/amendments/{pk}/answer/", {"decision": "approve", "answer": "승인합니다."})
        agency.post(
            f"{url}yearly/", {"year": "2030", "result": "continue", "grade": "보통", "opinion": "잘했습니다."}
        )
        last = agency.get(url).content.decode()
        text = lead.get(f"/agreements/{agreement.pk}/text/").content.decode()

    assert 'name="cell-0"' in form
    assert "본부장 나담당" in seen
    assert "재협약안 만들기" in last
    assert "앞선 판과 다른 곳" in text
