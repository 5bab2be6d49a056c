"""What must not be learnt by side ways: a visit before declaring, a sign-in that others can block, an upload without end."""

from datetime import date
from http import HTTPStatus

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from gongmo.definition.source import DEFINITION_LIMIT
from gongmo.evaluation import commands
from gongmo.evaluation.models import SiteVisit
from gongmo.evaluation.states import VisitState
from gongmo.files.commands import store
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.parties.models import Person
from tests.builders import AT_OPENING, make_agency_officer, pdf, publish_sample_call
from tests.evaluation.builders import AT_EVALUATION, committee, eligible, seated
from tests.security.world import BACKEND

pytestmark = pytest.mark.django_db


def browser(actor: Actor) -> Client:
    client = Client()
    client.force_login(Person.objects.get(pk=actor.person or 0), backend=BACKEND)
    return client


def test_a_member_reads_of_a_visit_only_after_declaring_no_conflict_with_the_application() -> None:
    found = seated(committee(eligible(1), 3), declare=False)
    assert found.committee is not None
    visit = SiteVisit.objects.create(
        committee=found.committee,
        application=found.items[0].application,
        reason="확인",
        wanted_at=AT_EVALUATION,
        state=VisitState.DONE,
        visited_on=date(2030, 3, 27),
        file=store(stream=pdf("visit"), name="visit.pdf"),
        file_name="visit.pdf",
    )
    actor = found.experts[1].actor
    client, address = browser(actor), f"/site-visits/{visit.pk}/file/"

    with clock.at(AT_EVALUATION):
        before = client.get(address).status_code
        commands.declare_conflict(
            actor=actor, seat_id=found.seat(1).pk, application_id=found.application(0), conflict=False
        )
        after = client.get(address).status_code

    assert (before, after) == (HTTPStatus.NOT_FOUND, HTTPStatus.OK)


def fail(login: str) -> None:
    Client().post("/accounts/login/", {"login": login, "password": "wrong"})


def sign_in(person: Person) -> bool:
    client = Client()
    client.post("/accounts/login/", {"login": person.email, "password": "a-good-password"})
    return "_auth_user_id" in client.session


@pytest.fixture
def person() -> Person:
    cache.clear()
    made = Person.objects.create_user("member@example.com", "a-good-password", display_name="담당자 A")
    made.emailaddress_set.create(email=made.email, verified=True, primary=True)  # type: ignore[attr-defined]
    return made


def test_mistakes_of_a_whole_office_behind_one_address_do_not_keep_a_colleague_out(person: Person) -> None:
    for number in range(20):
        fail(f"colleague{number}@example.com")

    assert sign_in(person)


def test_one_account_is_not_guessed_at_without_end(person: Person) -> None:
    for _ in range(5):
        fail(person.email)

    assert not sign_in(person)


def test_an_endless_definition_is_refused_with_words() -> None:
    agency = make_agency_officer()
    call = publish_sample_call(agency)
    upload = SimpleUploadedFile("call.yaml", b"# " + b"x" * (DEFINITION_LIMIT * 3))

    with clock.at(AT_OPENING):
        answer = browser(agency).post(
            f"/calls/{call.slug}/correct/", {"definition": upload, "reason": "정정"}
        )

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
