"""The main menu leads each role to its work in one click."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from gongmo.kernel.actor import Actor, Role
from gongmo.parties.models import Person
from tests.builders import (
    make_agency_officer,
    make_applicant,
    make_ministry_officer,
    make_task_force_officer,
    officer,
    publish_sample_call,
)

pytestmark = pytest.mark.django_db


def browser(actor: Actor) -> Client:
    client = Client()
    client.force_login(Person.objects.get(pk=actor.person))
    return client


def menu(html: str) -> dict[str, bool]:
    """The menu's addresses, and whether each is the one the reader stands under."""
    links = BeautifulSoup(html, "html.parser").select("nav.gm-nav a")
    return {str(link["href"]): link.get("aria-current") is not None for link in links}


@pytest.mark.parametrize(
    ("role", "work"),
    [
        (Role.EVALUATOR, {"/desk/", "/pool/me/"}),
        (Role.MINISTRY, {"/board/", "/oversight/", "/agreements/", "/corpus/", "/privacy/review/"}),
        (Role.AGENCY, {"/board/", "/oversight/", "/pool/", "/agreements/", "/corpus/", "/privacy/review/"}),
        (Role.TASK_FORCE, {"/board/", "/oversight/", "/pool/", "/agreements/", "/me/", "/privacy/review/"}),
        (Role.APPLICANT, {"/applications/", "/agreements/", "/me/"}),
        (
            Role.OPERATOR,
            {
                "/me/",
                "/operation/",
                "/tasks/",
                "/operator/people/",
                "/permissions/",
                "/corpus/",
                "/pool/",
                "/registers/",
                "/privacy/retention/",
            },
        ),
    ],
)
def test_each_role_reaches_its_work_in_one_click(role: Role, work: set[str]) -> None:
    actors = {
        Role.MINISTRY: make_ministry_officer,
        Role.AGENCY: make_agency_officer,
        Role.TASK_FORCE: make_task_force_officer,
        Role.APPLICANT: make_applicant,
    }
    client = browser(actors[role]() if role in actors else officer(role, None))

    shown = menu(client.get("/calls/").content.decode())

    assert set(shown) == work | {"/calls/"}
    assert {address: client.get(address).status_code for address in shown} == dict.fromkeys(shown, 200)


def test_pages_of_the_work_on_a_call_stand_under_the_boards() -> None:
    agency = make_agency_officer()
    call = publish_sample_call(agency)

    shown = menu(browser(agency).get(f"/screening/{call.slug}/").content.decode())

    assert shown["/board/"]
