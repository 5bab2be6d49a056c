"""Objections to an exclusion: who, until when, answered by whom, and what comes of them."""

from datetime import date, datetime, timedelta

import pytest
from django.test import Client

from gongmo.definition.application import FactSource, Truth
from gongmo.definition.model import Definition
from gongmo.kernel import clock
from gongmo.kernel.actor import OrganisationRole
from gongmo.kernel.clock import SEOUL
from gongmo.kernel.errors import NotAllowed, NotFound, Refused
from gongmo.ledger import queries as ledger
from gongmo.ledger.queries import history
from gongmo.notices.telling import tellings_of
from gongmo.parties.models import Organisation, Person
from gongmo.screening import commands, queries
from gongmo.screening.deadlines import objection_deadline
from gongmo.screening.exclusion_notice import exclusion_notices
from gongmo.screening.invariants import objections_in_order, two_officers, verdicts_recompute
from gongmo.screening.models import ReviewObjection
from gongmo.screening.states import ObjectionState, ReviewState
from tests.builders import make_ministry_officer, member_actor, pdf
from tests.sample_call import sample_definition, t
from tests.screening.builders import AT_REVIEW, Reviewed, excluded, found_out, in_review

pytestmark = pytest.mark.django_db

WHY = "체납을 마감 전에 모두 냈습니다."


def with_periods() -> Definition:
    period = {"clause": "T-1", "days": 10}
    return sample_definition(
        periods=[
            {"id": "objection", "name": t("이의신청", "Objection"), **period},
            {"id": "objection_answer", "name": t("이의신청 답변", "Answer"), **period, "days": 14},
        ]
    )


def excluded_call() -> Reviewed:
    found = in_review(1, with_periods())
    with clock.at(AT_REVIEW):
        excluded(found)
    return found


def file(found: Reviewed, at: datetime = AT_REVIEW + timedelta(days=1)) -> ReviewObjection:
    with clock.at(at):
        return commands.file_objection(
            actor=found.items[0].lead,
            application_id=found.items[0].application.pk,
            text=WHY,
            name="proof.pdf",
            stream=pdf("paid"),
        )


def settle(found: Reviewed) -> None:
    """An officer finds out that the arrears were paid before the closing day."""
    with clock.at(AT_REVIEW + timedelta(days=2)):
        found_out(found, found.partner(), Truth.NO, FactSource.OFFICER)


def deadline(found: Reviewed) -> datetime:
    decided = found.review().decided_at
    assert decided is not None
    until = objection_deadline(with_periods(), decided)
    assert until is not None
    return until.ends


def test_the_period_does_not_count_its_first_day_and_rolls_past_days_off() -> None:
    period = {"clause": "T-1", "name": t("이의신청", "Objection"), "days": 10}
    definition = sample_definition(periods=[{"id": "objection", **period}])
    told = datetime(2030, 9, 1, 23, 59, tzinfo=SEOUL)
    until = objection_deadline(definition, told)
    assert until is not None
    # Ten days later is the eve of Chuseok 2030, a holiday; two more and a weekend follow.
    assert until.day == date(2030, 9, 16)
    assert until.ends == datetime(2030, 9, 17, tzinfo=SEOUL)


def test_a_period_for_exclusions_alone_goes_before_the_general_one() -> None:
    periods = [
        {"id": name, "clause": "T-1", "name": t("기간", "Span"), "days": days, "unit": "working"}
        for name, days in (("objection", 10), ("exclusion_objection", 3))
    ]
    until = objection_deadline(sample_definition(periods=periods), datetime(2030, 3, 14, 9, tzinfo=SEOUL))
    assert until is not None
    assert until.day == date(2030, 3, 19)


def test_the_lead_objects_once_with_a_file_and_the_operator_sees_by_when_to_answer() -> None:
    found = excluded_call()
    objection = file(found)
    assert (objection.state, objection.clause, objection.file_name) == ("filed", "T-1", "proof.pdf")
    assert objection.answer_due_at is not None
    assert objection.answer_due_at > objection.filed_at + timedelta(days=13)
    with pytest.raises(Refused) as again:
        file(found)
    assert again.value.code == "objected_already"


def test_an_objection_counts_until_the_last_instant_and_is_refused_at_the_end_with_both_times() -> None:
    found = excluded_call()
    ends = deadline(found)
    with pytest.raises(Refused) as late:
        file(found, ends)
    assert late.value.code == "past_due"
    assert set(late.value.details) == {"due_at", "now"}
    assert file(found, ends - timedelta(microseconds=1)).state == ObjectionState.FILED


def test_only_those_who_write_for_the_lead_object() -> None:
    found = excluded_call()
    item = found.items[0]
    lead = Organisation.objects.get(pk=item.application.lead_id)
    with clock.at(AT_REVIEW + timedelta(days=1)):
        reader = member_actor(lead, OrganisationRole.VIEWER)
        for actor, refusal in (
            (item.actors[found.partner().pk], NotAllowed),
            (reader, NotAllowed),
            (found.agency, NotFound),
            (make_ministry_officer(), NotFound),
        ):
            with pytest.raises(refusal):
                commands.file_objection(actor=actor, application_id=item.application.pk, text=WHY)


def test_without_an_exclusion_or_a_period_there_is_nothing_to_object_to() -> None:
    found = in_review(1, with_periods())
    with pytest.raises(Refused) as not_excluded:
        file(found)
    assert not_excluded.value.code == "not_excluded"


def test_a_call_without_a_period_gives_no_right_and_says_whom_to_ask() -> None:
    found = in_review()
    with clock.at(AT_REVIEW):
        excluded(found)
    with pytest.raises(Refused) as refused:
        file(found)
    assert refused.value.code == "no_objection_period"
    assert "문의처" in refused.value.ko


def test_upholding_needs_the_changed_fact_first_then_reinstates() -> None:
    found = excluded_call()
    objection = file(found)
    with clock.at(AT_REVIEW + timedelta(days=3)), pytest.raises(Refused) as held:
        commands.answer_objection(
            actor=found.second, objection_id=objection.pk, accept=True, answer="확인했습니다."
        )
    assert held.value.code == "not_eligible_yet"
    objection.refresh_from_db()
    assert objection.state == ObjectionState.FILED
    settle(found)
    with clock.at(AT_REVIEW + timedelta(days=3)):
        commands.answer_objection(
            actor=found.second, objection_id=objection.pk, accept=True, answer="납부를 확인했습니다."
        )
    assert found.review().state == ReviewState.ELIGIBLE
    acts = [entry.act for entry in history("review", found.review().pk)]
    assert acts[0] == "screening.reinstate"
    assert [*two_officers(), *verdicts_recompute()] == []


def test_a_rejected_objection_leaves_the_exclusion_and_cannot_be_answered_again() -> None:
    found = excluded_call()
    objection = file(found)
    with clock.at(AT_REVIEW + timedelta(days=3)):
        commands.answer_objection(
            actor=found.second, objection_id=objection.pk, accept=False, answer="납부일이 마감 뒤입니다."
        )
        with pytest.raises(Refused):
            commands.answer_objection(
                actor=found.second, objection_id=objection.pk, accept=True, answer="다시 보았습니다."
            )
    assert found.review().state == ReviewState.EXCLUDED


def test_whoever_proposed_the_exclusion_does_not_answer_the_objection() -> None:
    found = excluded_call()
    objection = file(found)
    settle(found)
    with clock.at(AT_REVIEW + timedelta(days=3)):
        for accept in (True, False):
            with pytest.raises(NotAllowed):
                commands.answer_objection(
                    actor=found.agency, objection_id=objection.pk, accept=accept, answer="답변"
                )
        # Nor by the other way to lift an exclusion.
        with pytest.raises(NotAllowed):
            commands.reinstate(actor=found.agency, review_id=found.review().pk, reason="취소")
        commands.reinstate(actor=found.second, review_id=found.review().pk, reason="납부 확인")
    objection.refresh_from_db()
    assert (objection.state, objection.answer) == (ObjectionState.ACCEPTED, "납부 확인")


def test_a_new_exclusion_after_reinstatement_can_be_objected_to_again() -> None:
    found = excluded_call()
    objection = file(found)
    settle(found)
    with clock.at(AT_REVIEW + timedelta(days=3)):
        commands.answer_objection(
            actor=found.second, objection_id=objection.pk, accept=True, answer="확인했습니다."
        )
    with clock.at(AT_REVIEW + timedelta(days=4)):
        partner = found.partner()
        found_out(found, partner, Truth.YES, FactSource.OFFICER)
        commands.propose_exclusion(
            actor=found.agency,
            review_id=found.review().pk,
            clause="T-1",
            organisation_id=partner.pk,
            reason="다시 체납이 확인되었습니다.",
        )
        commands.confirm_exclusion(actor=found.second, review_id=found.review().pk)
    again = file(found, AT_REVIEW + timedelta(days=5))
    assert again.pk != objection.pk
    with clock.at(AT_REVIEW + timedelta(days=6)):
        commands.withdraw_objection(actor=found.items[0].lead, objection_id=again.pk)
    with pytest.raises(Refused) as gone:
        file(found, AT_REVIEW + timedelta(days=7))
    assert gone.value.code == "objected_already"


def test_only_the_lead_sees_its_objections() -> None:
    found = excluded_call()
    file(found)
    item = found.items[0]
    partner = item.actors[found.partner().pk]
    assert len(queries.own_objections(item.lead, item.application)) == 1
    assert queries.own_objections(partner, item.application) == []
    with pytest.raises(NotFound):
        queries.own_objections(found.agency, item.application)


def test_lead_and_second_officer_settle_an_objection_on_their_pages() -> None:
    found = excluded_call()
    item = found.items[0]
    own = f"/applications/{item.application.pk}/screening/"
    review = f"/screening/{found.call.slug}/{item.application.pk}/"
    with clock.at(AT_REVIEW + timedelta(days=1)):
        lead = _signed_in(item.lead.person)
        assert "이의신청 내기" in lead.get(own).content.decode()
        empty = lead.post(f"{own}objection/", {"text": " "})
        assert (empty.status_code, "이의가 있는 까닭을 적어 주세요." in empty.content.decode()) == (422, True)
        filed = lead.post(f"{own}objection/", {"text": WHY}, follow=True).content.decode()
        assert ("이의신청을 냈습니다." in filed, WHY in filed) == (True, True)
        partner = _signed_in(item.actors[found.partner().pk].person).get(own).content.decode()
        assert WHY not in partner
        first = _signed_in(found.agency.person).get(review).content.decode()
        assert "제외를 제안한 사람은 답할 수 없습니다" in first
    settle(found)
    objection = ReviewObjection.objects.get()
    with clock.at(AT_REVIEW + timedelta(days=3)):
        answered = _signed_in(found.second.person).post(
            f"{review}objection/",
            {"objection": objection.pk, "verdict": "accept", "answer": "납부를 확인했습니다."},
            follow=True,
        )
        assert "이의를 받아들여 제외를 취소했습니다." in answered.content.decode()
        assert "납부를 확인했습니다." in _signed_in(item.lead.person).get(own).content.decode()


def test_doctor_finds_an_objection_that_is_out_of_order() -> None:
    found = excluded_call()
    objection = file(found)
    assert [*objections_in_order()] == []
    ReviewObjection.objects.filter(pk=objection.pk).update(filed_at=objection.due_at)
    assert len([*objections_in_order()]) == 1
    ReviewObjection.objects.filter(pk=objection.pk).update(
        filed_at=objection.filed_at, state=ObjectionState.ACCEPTED, answer="확인"
    )
    assert [broken.observed for broken in objections_in_order()] == ["upheld while the exclusion stands"]


def test_the_notice_that_is_sent_is_the_one_that_was_shown() -> None:
    found = in_review(1, with_periods())
    item, partner = found.items[0], found.partner()
    with clock.at(AT_REVIEW):
        found_out(found, partner)
        commands.propose_exclusion(
            actor=found.agency,
            review_id=found.review().pk,
            clause="T-1",
            organisation_id=partner.pk,
            reason="체납이 확인되었습니다.",
        )
        page = _signed_in(found.second.person).get(f"/screening/{found.call.slug}/{item.application.pk}/")
        before = list(exclusion_notices(found.review(), "T-1", partner.pk, AT_REVIEW))
        commands.confirm_exclusion(actor=found.second, review_id=found.review().pk)
    told = [
        telling
        for entry in ledger.after(0, 10**9, acts=frozenset({"screening.confirm_exclusion"}), limit=5)
        for telling in tellings_of(entry)
    ]
    whole, short = (notice.body.ko for notice in before)
    assert "체납이 확인되었습니다." in whole
    assert "이의신청" in whole
    assert "체납이 확인되었습니다." not in short
    assert {telling.body.ko for telling in told} == {whole, short}
    assert {telling.organisation for telling in told if telling.body.ko == whole} == {
        item.application.lead_id,
        partner.pk,
    }
    assert all(line in page.content.decode() for line in whole.splitlines() if "‘" not in line)


def _signed_in(person: int | None) -> Client:
    client = Client()
    client.force_login(Person.objects.get(pk=person), backend="gongmo.notices.people.SignedIn")
    return client
