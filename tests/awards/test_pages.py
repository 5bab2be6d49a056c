"""The pages of board, negotiation and agreements: who sees them, in how many statements, and that their buttons work."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from gongmo.awards import board
from gongmo.awards.models import Agreement, Negotiation
from gongmo.calls import commands as calls
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor, Role
from gongmo.parties.models import Organisation, Person
from tests.awards.builders import (
    LATER,
    agreed_call,
    agreement_in_force,
    negotiation_of,
    ranked_call,
    reviewed_call,
)
from tests.builders import (
    CLOSES,
    make_agency_officer,
    make_ministry_officer,
    officer,
    publish_sample_call,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _later():
    with clock.at(LATER):
        yield


def browser(actor: Actor) -> Client:
    client = Client()
    client.force_login(Person.objects.get(pk=actor.person))
    return client


def test_the_board_costs_the_same_for_two_and_for_eight_applications(django_assert_max_num_queries):
    small, large = ranked_call(2, slug="small"), ranked_call(8, slug="large")
    client = browser(small.agency)
    other = browser(large.agency)
    client.get("/board/small/")

    with django_assert_max_num_queries(26):
        few = client.get("/board/small/")
    with django_assert_max_num_queries(26):
        many = other.get("/board/large/")

    assert few.status_code == many.status_code == 200
    assert many.content.decode().count("gm-board__card") == 8


def test_the_intake_that_is_over_waits_for_the_operator_to_close_it():
    """A minute past the deadline the board named nothing to do, while no review can begin before this act."""
    agency = make_agency_officer()
    call = publish_sample_call(agency)

    with clock.at(CLOSES - timedelta(minutes=1)):
        before = board.board(agency, call)
    with clock.at(CLOSES + timedelta(minutes=1)):
        after = board.board(agency, call)

    assert "manage" not in [item.page for item in before.waiting]
    assert [item.page for item in after.waiting] == ["manage"]


def test_the_board_does_not_call_a_step_begun_that_nobody_has_begun():
    found = reviewed_call(1)

    steps = board.board(found.agency, found.call).steps

    assert [step.state for step in steps[:4]] == ["done", "done", "done", "current"]
    assert steps[3].note == board.NOT_BEGUN
    assert {step.note for step in (*steps[:3], *steps[4:])} == {None}
    page = browser(found.agency).get(f"/board/{found.call.slug}/").content.decode()
    assert re.search(r"<h1[^>]*>[^<]*적격(?:&nbsp;|\s)1건", page)


def test_saves_of_drafts_do_not_crowd_out_what_others_did():
    found = reviewed_call(1)

    acts = {record.act for record in board.board(make_ministry_officer(), found.call).others}

    assert not acts & board.WRITING
    assert "screening.decide_eligible" in acts


def test_the_board_is_for_the_operator_and_the_ministry_alone():
    found = ranked_call(2)
    url = f"/board/{found.call.slug}/"

    assert browser(found.agency).get(url).status_code == 200
    assert browser(make_ministry_officer()).get(url).status_code == 200
    for stranger in (Client(), browser(found.order[0].lead)):
        assert stranger.get(url).status_code in (302, 404)


def test_the_ministry_reads_and_is_offered_no_act():
    found = agreed_call()
    agreement = agreement_in_force(found)
    ministry = browser(make_ministry_officer())

    pages = [
        ministry.get(f"/board/{found.call.slug}/negotiations/").content.decode(),
        ministry.get(f"/agreements/{agreement.pk}/").content.decode(),
    ]

    for page in pages:
        main = page[page.index("<main") :]
        assert "<form" not in main[: main.index("</main>")]


def test_negotiations_open_fail_and_agree_by_their_buttons():
    found = ranked_call(4)
    client = browser(found.agency)
    slug = found.call.slug

    client.post(f"/board/{slug}/negotiations/open/")
    first, second = (negotiation_of(item.application).pk for item in found.order[:2])
    client.post(f"/negotiations/{first}/agree/", {"text": "합의했습니다."})
    client.post(
        f"/negotiations/{second}/fail/",
        {"text": "조건이 맞지 않습니다.", "confirm": found.order[1].application.lead.name},
    )

    assert list(Negotiation.objects.order_by("place").values_list("state", flat=True)) == [
        "agreed",
        "failed",
        "open",
        "reserve",
    ]
    assert "조건이 맞지 않습니다." in client.get(f"/board/{slug}/negotiations/").content.decode()


def test_a_refused_act_says_why_and_keeps_what_was_typed():
    found = ranked_call(4, tied_reserves=True)
    client = browser(found.agency)
    client.post(f"/board/{found.call.slug}/negotiations/open/")
    first = negotiation_of(found.order[0].application).pk

    answer = client.post(
        f"/negotiations/{first}/fail/",
        {"text": "사업비 이견", "confirm": found.order[0].application.lead.name},
        follow=True,
    ).content.decode()

    assert "동점" in answer
    assert "사업비 이견" in answer


def test_a_party_signs_on_the_agreements_page_and_a_stranger_finds_none():
    found = agreed_call()
    item = found.order[0]
    client = browser(found.agency)
    client.post(f"/negotiations/{negotiation_of(item.application).pk}/agreement/")
    agreement = Agreement.objects.get()
    lead = browser(item.lead)

    seen = lead.get(f"/agreements/{agreement.pk}/").content.decode()
    paper = agreement.versions.get().paper_sha256
    lead.post(f"/agreements/{agreement.pk}/sign/", {"paper": paper, "name": "김담당", "agreed": "yes"})

    assert reverse("awards:text", args=[agreement.pk]) in seen
    assert agreement.parties.get(organisation=item.lead.organisation).signed_at == LATER
    assert browser(found.order[1].lead).get(f"/agreements/{agreement.pk}/").status_code == 404


def test_the_list_of_agreements_shows_only_the_own_ones():
    found = agreed_call()
    agreement = agreement_in_force(found)

    assert agreement.number in browser(found.order[0].lead).get("/agreements/").content.decode()
    assert agreement.number not in browser(found.order[1].lead).get("/agreements/").content.decode()


def _main(html: str) -> str:
    return html[html.index("<main") : html.index("</main>")]


@pytest.mark.parametrize("ministry", [False, True], ids=["operator", "ministry"])
def test_every_link_of_the_board_answers(ministry: bool):
    found = ranked_call(2)
    client = browser(make_ministry_officer() if ministry else found.agency)

    board = _main(client.get(f"/board/{found.call.slug}/").content.decode())
    links = {link.split("#")[0] for link in re.findall(r'href="(/[^"]*)"', board)}

    assert f"/screening/{found.call.slug}/" in links
    assert (f"/calls/{found.call.slug}/manage/" in links) is not ministry
    assert {link: client.get(link).status_code for link in links} == dict.fromkeys(links, 200)


def test_what_waits_is_named_in_the_readers_language():
    found = reviewed_call(1)
    calls.ask(actor=found.order[0].lead, call_id=found.call.pk, title="질문", body="내용")
    client = browser(found.agency)

    korean = client.get(f"/board/{found.call.slug}/").content.decode()
    client.cookies["gongmo_language"] = "en"
    english = client.get(f"/board/{found.call.slug}/").content.decode()

    assert "답하지 않은 질문" in korean
    assert "Questions to answer" in english
    assert "ko=" not in _main(korean)


def test_negotiations_are_offered_only_once_the_ranking_is_fixed():
    found = reviewed_call(2)
    client = browser(found.agency)
    url = f"/board/{found.call.slug}/negotiations/"

    page = client.get(url).content.decode()
    told = client.post(f"{url}open/", follow=True)

    assert f'action="{url}open/"' not in page
    assert "먼저 순위를 확정해 주세요" in page
    assert told.status_code == 200
    assert told.redirect_chain


def test_a_task_force_is_led_to_no_application_that_it_may_not_read():
    found = agreed_call()
    agreement = agreement_in_force(found)
    lead = Organisation.objects.get(pk=found.order[0].lead.organisation)
    client = browser(officer(Role.TASK_FORCE, lead))

    page = client.get(f"/agreements/{agreement.pk}/")

    assert page.status_code == 200
    assert reverse("applications:application", args=[agreement.application_id]) not in page.content.decode()
