"""The review's pages: what officers do there, what the consortium sees, what nobody else learns."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.parties.models import Person
from gongmo.screening import commands
from gongmo.screening.models import FactRecord
from gongmo.screening.states import ReviewState
from tests.builders import (
    close_sample_call,
    make_agency_officer,
    make_applicant,
    make_ministry_officer,
    pdf,
    publish_sample_call,
    submitted_application,
)
from tests.sample_call import sample_definition
from tests.screening.builders import AT_REVIEW, Reviewed, excluded, found_out, in_review

pytestmark = pytest.mark.django_db


def signed_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(Person.objects.get(pk=actor.person), backend="gongmo.notices.people.SignedIn")
    return client


def page(found: Reviewed, actor: Actor, path: str = "", place: int = 0) -> tuple[int, str]:
    address = f"/screening/{found.call.slug}/" + (path if path else f"{found.items[place].application.pk}/")
    with clock.at(AT_REVIEW):
        response = signed_in(actor).get(address)
    return response.status_code, response.content.decode()


def post(found: Reviewed, actor: Actor, act: str, **given: object) -> tuple[int, str]:
    address = f"/screening/{found.call.slug}/{found.items[0].application.pk}/{act}/"
    with clock.at(AT_REVIEW):
        response = signed_in(actor).post(address, given, follow=True)
    return response.status_code, response.content.decode()


def post_fact(found: Reviewed, actor: Actor, **given: object) -> tuple[int, str]:
    """What an officer found out, posted where one fact stands beside its evidence."""
    with clock.at(AT_REVIEW):
        response = signed_in(actor).post(
            fact_address(found), {"act": "fact", "as_of": "2030-03-14", **given}, follow=True
        )
    return response.status_code, response.content.decode()


def fact_address(found: Reviewed) -> str:
    rule = next(rule.id for rule in sample_definition().rules if getattr(rule, "fact", "") == "arrears")
    return f"/screening/{found.call.slug}/{found.items[0].application.pk}/facts/{found.partner().pk}/{rule}/"


def test_an_officer_carries_a_review_to_a_decision_on_the_page() -> None:
    found = in_review()
    status, html = page(found, found.agency)
    assert (status, "적격으로 결정할 수 있습니다" in html) == (HTTPStatus.OK, True)
    status, html = post(found, found.agency, "eligible")
    assert (status, "적격으로 결정했습니다." in html) == (HTTPStatus.OK, True)
    assert found.review().state == ReviewState.ELIGIBLE


def test_a_fact_with_its_evidence_is_recorded_on_the_page_and_can_be_opened() -> None:
    found = in_review()
    status, html = post_fact(
        found, found.agency, value="yes", source="certificate", note="세무서 확인", evidence=_named()
    )
    assert (status, "세무서 확인" in html, "certificate.pdf" in html) == (HTTPStatus.OK, True, True)
    assert "해결할 항목이" in page(found, found.agency)[1]
    record = FactRecord.objects.get()
    opened = signed_in(make_ministry_officer()).get(f"/screening-facts/{record.pk}/evidence/")
    assert (opened.status_code, opened["Content-Type"]) == (HTTPStatus.OK, "application/pdf")
    for actor in (found.items[0].lead, make_agency_officer()):
        hidden = signed_in(actor).get(f"/screening-facts/{record.pk}/evidence/")
        assert hidden.status_code == HTTPStatus.NOT_FOUND


def _named() -> object:
    file = pdf("certificate")
    file.name = "certificate.pdf"
    return file


def test_a_refused_form_keeps_what_was_typed_and_escapes_it() -> None:
    found = in_review()
    status, html = post_fact(
        found, found.agency, value="no", source="certificate", note="<script>1</script> 확인"
    )
    assert status == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "증명서로 확인했다면 그 파일을 붙여 주세요." in html
    assert "&lt;script&gt;1&lt;/script&gt; 확인" in html
    assert "<script>1</script>" not in html


def test_two_officers_exclude_on_the_page() -> None:
    found = in_review()
    with clock.at(AT_REVIEW):
        found_out(found, found.partner())
    _, html = post(found, found.agency, "propose", ground=f"T-1|{found.partner().pk}", reason="체납 확인")
    assert "제안한 사람은 확정할 수 없습니다" in html
    assert post(found, found.agency, "confirm")[0] == HTTPStatus.FORBIDDEN
    _, html = post(found, found.second, "confirm")
    assert "제외를 확정했습니다." in html
    assert found.review().state == ReviewState.EXCLUDED


def test_the_ministry_looks_on_without_acts_and_others_find_nothing() -> None:
    found = in_review()
    ministry = make_ministry_officer()
    for path in ("", f"{found.items[0].application.pk}/"):
        status, html = page(found, ministry, path)
        assert status == HTTPStatus.OK
        assert 'action="/screening/' not in html
    assert post(found, ministry, "eligible")[0] == HTTPStatus.FORBIDDEN
    for actor in (make_agency_officer(), found.items[0].lead, make_applicant()):
        assert page(found, actor)[0] == HTTPStatus.NOT_FOUND
        assert page(found, actor, "")[0] == HTTPStatus.NOT_FOUND
        assert post(found, actor, "eligible")[0] == HTTPStatus.NOT_FOUND
    assert Client().get(f"/screening/{found.call.slug}/").status_code == HTTPStatus.NOT_FOUND


def test_the_queue_counts_states_and_narrows_to_one() -> None:
    found = in_review(2)
    with clock.at(AT_REVIEW):
        commands.decide_eligible(actor=found.agency, review_id=found.review().pk)
    client = signed_in(found.agency)
    with clock.at(AT_REVIEW):
        whole = client.get(f"/screening/{found.call.slug}/").content.decode()
        narrowed = client.get(f"/screening/{found.call.slug}/?state=eligible").content.decode()
    assert "검토할 신청이 1건 남았습니다" in whole
    assert [item.application.title in narrowed for item in found.items] == [True, False]


def test_pages_take_the_same_queries_however_many_applications_and_facts(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    found = in_review(3)
    with clock.at(AT_REVIEW):
        for organisation in found.items[0].application.members.values_list("organisation_id", flat=True):
            member = found.items[0].application.members.get(organisation_id=organisation)
            found_out(found, member.organisation)
    client = signed_in(found.agency)
    with clock.at(AT_REVIEW):
        client.get(f"/screening/{found.call.slug}/")  # works out the sums of findings
    with clock.at(AT_REVIEW), django_assert_max_num_queries(16):
        assert client.get(f"/screening/{found.call.slug}/").status_code == HTTPStatus.OK
    with clock.at(AT_REVIEW), django_assert_max_num_queries(24):
        address = f"/screening/{found.call.slug}/{found.items[0].application.pk}/"
        assert client.get(address).status_code == HTTPStatus.OK


def test_the_lead_answers_a_supplement_and_hands_in_proof_on_its_page() -> None:
    found = in_review()
    item = found.items[0]
    due = AT_REVIEW + timedelta(days=5)
    with clock.at(AT_REVIEW):
        asked = commands.request_supplement(
            actor=found.agency, application_id=item.application.pk, what="표를 다시 내 주세요.", due_at=due
        )
        demanded = commands.demand_proof(
            actor=found.agency,
            application_id=item.application.pk,
            organisation_id=found.partner().pk,
            fact="arrears",
            due_at=due,
        )
        client = signed_in(item.lead)
        own = client.get(f"/applications/{item.application.pk}/screening/").content.decode()
        assert "보완 요청 1건에 답해 주세요" in own
        refused = client.post(f"/screening-supplements/{asked.pk}/answer/", {"answer": " "})
        assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        answered = client.post(
            f"/screening-supplements/{asked.pk}/answer/",
            {"answer": "고쳤습니다.", "file": _named()},
            follow=True,
        )
        assert "고쳤습니다." in answered.content.decode()
        handed = client.post(f"/screening-proof/{demanded.pk}/hand-in/", {"file": _named()}, follow=True)
        assert "증빙을 냈습니다." in handed.content.decode()
    accepted = post(found, found.agency, "accept", supplement=asked.pk)
    assert accepted[0] == HTTPStatus.OK
    assert found.review().state == ReviewState.OPEN


def test_the_own_page_is_for_the_consortium_alone() -> None:
    found = in_review()
    item = found.items[0]
    with clock.at(AT_REVIEW):
        excluded(found)
        address = f"/applications/{item.application.pk}/screening/"
        lead = signed_in(item.lead).get(address).content.decode()
        assert ("지원 제외로 결정되었습니다" in lead, "체납이 확인되었습니다." in lead) == (True, True)
        government = next(
            actor
            for pk, actor in item.actors.items()
            if pk not in (item.application.lead_id, found.partner().pk)
        )
        other = signed_in(government).get(address).content.decode()
        assert ("T-1" in other, "체납이 확인되었습니다." in other, found.partner().name in other) == (
            True,
            False,
            False,
        )
        for actor in (make_applicant(), found.agency):
            assert signed_in(actor).get(address).status_code == HTTPStatus.NOT_FOUND


def test_english_readers_read_english() -> None:
    found = in_review()
    client = signed_in(found.agency)
    client.cookies["gongmo_language"] = "en"
    with clock.at(AT_REVIEW):
        html = client.get(f"/screening/{found.call.slug}/{found.items[0].application.pk}/").content.decode()
    assert "Can be decided eligible" in html


def _decide(found: Reviewed, actor: Actor, **given: object) -> tuple[int, str]:
    with clock.at(AT_REVIEW):
        response = signed_in(actor).post(f"/screening/{found.call.slug}/decide/", given, follow=True)
    return response.status_code, response.content.decode()


def test_chosen_reviews_are_decided_eligible_in_one_act() -> None:
    found = in_review(3)
    status, html = _decide(found, found.agency, review=[found.review(0).pk, found.review(2).pk])
    assert (status, "2건을 적격으로 결정했습니다." in html) == (HTTPStatus.OK, True)
    assert [found.review(place).state for place in range(3)] == ["eligible", "open", "eligible"]


def test_what_a_rule_holds_up_stays_open_and_is_told_beside_what_was_decided() -> None:
    found = in_review(2)
    with clock.at(AT_REVIEW):
        found_out(found, found.partner(1), place=1)
    status, html = _decide(found, found.agency, all="yes")
    assert status == HTTPStatus.CONFLICT
    assert "1건을 적격으로 결정했습니다." in html
    assert "1건은 처리하지 못했습니다" in html
    assert [found.review(place).state for place in range(2)] == ["eligible", "open"]


def test_deciding_nothing_asks_to_choose() -> None:
    found = in_review()
    status, html = _decide(found, found.agency)
    assert (status, "골라 주세요" in html) == (HTTPStatus.UNPROCESSABLE_ENTITY, True)


def test_only_the_operator_decides_many_and_only_reviews_of_the_call() -> None:
    found, other = in_review(), in_review_of_another_call()
    assert _decide(found, make_ministry_officer(), all="yes")[0] == HTTPStatus.FORBIDDEN
    assert _decide(found, found.items[0].lead, all="yes")[0] == HTTPStatus.NOT_FOUND
    assert _decide(found, found.agency, review=[other])[0] == HTTPStatus.NOT_FOUND
    assert found.review().state == ReviewState.OPEN


def in_review_of_another_call() -> int:
    agency = make_agency_officer()
    call = publish_sample_call(agency, slug="another-call")
    submitted_application(call)
    close_sample_call(call, agency)
    with clock.at(AT_REVIEW):
        return commands.open_reviews(actor=agency, call_id=call.pk)[0].pk


def test_an_officer_is_led_to_close_a_call_whose_deadline_has_passed() -> None:
    agency = make_agency_officer()
    call = publish_sample_call(agency)
    with clock.at(AT_REVIEW):
        html = signed_in(agency).get(f"/screening/{call.slug}/").content.decode()
    assert f'href="/calls/{call.slug}/manage/#life"' in html


def test_only_the_operator_is_led_on_to_the_evaluation() -> None:
    found = in_review()
    _decide(found, found.agency, all="yes")
    link = f'href="/evaluation/{found.call.slug}/"'
    assert link in page(found, found.agency, "?")[1]
    assert link not in page(found, make_ministry_officer(), "?")[1]
