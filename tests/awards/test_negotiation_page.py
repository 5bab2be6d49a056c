"""The page of negotiations on a bad day: the wrong button, an objection that waits, a ranking that changed, who is in charge."""

import pytest
from django.test import Client

from gongmo.awards.models import Negotiation
from gongmo.evaluation import commands as evaluation
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.parties.models import Person
from tests.awards.builders import LATER, Ranked, negotiation_of, ranked_call
from tests.evaluation.builders import AT_EVALUATION, fixed, panel, scored_anew, upheld
from tests.evaluation.test_objections import announced
from tests.screening.test_pages import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def later():
    with clock.at(LATER):
        yield


def browser(actor: Actor) -> Client:
    client = Client()
    client.force_login(Person.objects.get(pk=actor.person))
    return client


def opened(count: int = 4) -> tuple[Ranked, Client, str]:
    found = ranked_call(count)
    client = browser(found.agency)
    page = f"/board/{found.call.slug}/negotiations/"
    client.post(f"{page}open/")
    return found, client, page


@pytest.mark.usefixtures("later")
def test_a_failure_needs_the_typed_name_and_a_second_press_is_told_that_it_is_done():
    found, client, _ = opened()
    lead = found.order[0].application.lead.name
    first = negotiation_of(found.order[0].application)
    address = f"/negotiations/{first.pk}/fail/"

    untyped = client.post(address, {"text": "금액 이견", "confirm": "아무개"}, follow=True).content.decode()
    first.refresh_from_db()
    still = first.state
    given = {"text": "결렬", "confirm": lead}
    client.post(address, given)
    again = client.post(address, given, follow=True).content.decode()

    assert still == "open"
    assert "결렬은 되돌릴 수 없습니다" in untyped
    assert "금액 이견" in untyped
    assert "이미 ‘협상 결렬’ 상태입니다" in again
    assert Negotiation.objects.filter(state="open").count() == 2


def test_objections_and_a_newer_ranking_are_said_with_who_rises_and_falls():
    found = announced([90, 80, 70, 60])
    page = f"/board/{found.call.slug}/negotiations/"
    with clock.at(AT_EVALUATION):
        client = signed_in(found.agency)
        client.post(f"{page}open/")
        quiet = client.get(page).content.decode()
        objection = upheld(found, place=3)
        waiting = client.get(page).content.decode()
        committee, experts = panel(found)
        evaluation.open_reevaluation(actor=found.agency, objection_id=objection.pk, committee_id=committee.pk)
        scored_anew(found, objection, experts, 95)
        fixed(found)
        newer = client.get(page).content.decode()
    risen, fallen = found.items[3].application.lead.name, found.items[1].application.lead.name

    assert "끝나지 않은 이의신청" not in quiet
    assert "끝나지 않은 이의신청이 1건 있습니다" in waiting
    assert "끝나지 않은 이의신청" not in newer
    assert "순위 제2판이 새로 확정되었습니다" in newer
    assert f"{risen}: 새 판에서는 선정입니다." in newer
    assert f"{fallen}: 새 판에서는 선정이 아닙니다." in newer
