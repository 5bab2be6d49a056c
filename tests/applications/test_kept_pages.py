"""Pages of the desk are made once for a reader and shown again while the record stands: never stale, never another reader's."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gongmo.applications import commands
from gongmo.applications.commands.autosave import FieldInput
from gongmo.applications.models import Member
from gongmo.calls import commands as calls
from gongmo.calls.models import Call
from gongmo.files.models import Inspection
from gongmo.kernel import clock, numbers
from gongmo.kernel.actor import Actor, OrganisationRole
from gongmo.parties import commands as parties
from gongmo.parties.models import Membership, Organisation, Person
from tests.builders import (
    AT_OPENING,
    CLOSES,
    Filled,
    filled_application,
    make_agency_officer,
    make_applicant,
    member_actor,
    publish_sample_call,
)

pytestmark = pytest.mark.django_db
LATER = AT_OPENING + timedelta(hours=1)
# Session, person with what is held, the application with its marks; what else is asked at each showing because no act tells of it: links to
# strangers, who gave the consents, what was found in files.
PAGES = {"": 3, "overview/": 3, "members/": 4, "money/": 3, "statements/": 4, "documents/": 4, "submit/": 3}


@pytest.fixture(autouse=True)
def _open() -> Iterator[None]:
    with clock.at(LATER):
        yield


@pytest.fixture
def agency() -> Actor:
    return make_agency_officer()


@pytest.fixture
def call(agency: Actor) -> Call:
    return publish_sample_call(agency)


@pytest.fixture
def filled(call: Call) -> Filled:
    return filled_application(call)


def client_of(actor: Actor, *, enforce_csrf_checks: bool = False) -> Client:
    client = Client(enforce_csrf_checks=enforce_csrf_checks)
    client.force_login(Person.objects.get(pk=actor.person or 0))
    return client


def page(client: Client, filled: Filled, name: str) -> str:
    response = client.get(f"/applications/{filled.application.pk}/{name}")
    assert response.status_code == 200
    return response.content.decode()


def words(html: str) -> str:
    return BeautifulSoup(html, "html.parser").get_text(" ", strip=True)


def partner_of(filled: Filled) -> tuple[Member, Actor]:
    member = Member.objects.get(application=filled.application, role="partner")
    return member, filled.actors[member.organisation_id]


@pytest.mark.parametrize(("name", "count"), PAGES.items())
def test_a_page_that_is_shown_again_asks_only_who_reads_and_whether_it_stands(
    filled: Filled, name: str, count: int
) -> None:
    client = client_of(filled.lead)
    first = page(client, filled, name)

    with CaptureQueriesContext(connection) as queries:
        again = page(client, filled, name)

    assert words(again) == words(first)
    assert len(queries) == count


# What pages of the desk are made of, and why each stands as long as the application's marks do: rows of the application and its record (every
# change of them is an act on it), organisations and their certificates (acts on the organisation), the call and its versions (the mark holds
# version, state and instants), files and regions (never changed). People's names and what tasks find in files are asked at each showing.
MADE_OF = {
    "applications_",
    "ledger_entry",
    "parties_organisation",
    "parties_certificate",
    "calls_call",
    "calls_callversion",
    "files_storedfile",
    "parties_region",
}
ASKED_EACH_TIME = {
    "members/": {"parties_invitation"},
    "statements/": {"parties_person"},
    "documents/": {"files_inspection"},
}


@pytest.mark.parametrize("name", PAGES)
def test_a_kept_page_is_made_of_what_its_marks_tell(filled: Filled, name: str) -> None:
    client = client_of(filled.lead)
    with CaptureQueriesContext(connection) as queries:
        page(client, filled, name)

    signed_in = r"django_session|parties_grant|notices_notice"
    tables = {
        table
        for query in queries
        if not re.search(signed_in, query["sql"])
        for table in re.findall(r'(?:FROM|JOIN) "(\w+)"', query["sql"])
    }

    # The name of who saved last is a part of the key, and comes with the marks.
    allowed = ASKED_EACH_TIME.get(name, set()) | {"parties_person"}
    assert {each for each in tables if not each.startswith(tuple(MADE_OF))} <= allowed


def _save_title(filled: Filled) -> str:
    commands.save_fields(
        actor=filled.lead,
        application_id=filled.application.pk,
        changes=[FieldInput("title", "새로 지은 사업명", 0)],
    )
    return "새로 지은 사업명"


def _rename_partner(filled: Filled) -> str:
    member, actor = partner_of(filled)
    parties.update_organisation(actor=actor, organisation_id=member.organisation_id, name="이름을 바꾼 기관")
    return "이름을 바꾼 기관"


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("", _save_title),
        ("overview/", _save_title),
        ("money/", _save_title),
        ("members/", _rename_partner),
        ("money/", _rename_partner),
    ],
)
def test_what_somebody_changes_is_there_at_the_next_showing(
    filled: Filled, name: str, change: Callable[[Filled], str]
) -> None:
    client = client_of(filled.lead)
    before = page(client, filled, name)

    expected = change(filled)

    assert expected not in before
    assert expected in page(client, filled, name)


def test_what_is_found_in_a_file_is_there_at_the_next_showing(filled: Filled) -> None:
    client = client_of(filled.lead)
    page(client, filled, "documents/")
    documents = filled.application.documents.filter(removed_at__isnull=True)
    for file in documents.values_list("file_id", flat=True):
        Inspection.objects.update_or_create(
            file_id=file, defaults={"state": "failed", "attempts": 3, "checked_at": clock.now()}
        )

    with CaptureQueriesContext(connection) as queries:
        page(client, filled, "documents/")

    assert len(queries) > PAGES["documents/"]


def test_the_renamed_person_who_consented_is_named_as_now(filled: Filled) -> None:
    client = client_of(filled.lead)
    page(client, filled, "statements/")

    Person.objects.filter(pk=filled.lead.person or 0).update(display_name="담당자 하늘")

    assert words(page(client, filled, "statements/")).count("담당자 하늘") > 2


def test_an_extended_deadline_is_there_at_the_next_showing(filled: Filled, call: Call, agency: Actor) -> None:
    client = client_of(filled.lead)
    page(client, filled, "")

    calls.extend(
        actor=agency, call_id=call.pk, closes_at=CLOSES + timedelta(days=2), reason="접수 장애 때문입니다."
    )

    assert "접수 장애 때문입니다." in page(client, filled, "")


def test_the_clock_and_the_time_left_are_those_of_the_showing(filled: Filled) -> None:
    client = client_of(filled.lead)
    first = BeautifulSoup(page(client, filled, ""), "html.parser")

    with clock.at(LATER + timedelta(seconds=70)):
        then = BeautifulSoup(page(client, filled, ""), "html.parser")

    for place in ("[data-server-clock]", "[data-countdown]"):
        assert str(first.select_one(place)) != str(then.select_one(place))


def test_a_day_later_the_page_is_made_anew(filled: Filled) -> None:
    client = client_of(filled.lead)
    page(client, filled, "")

    with clock.at(LATER + timedelta(days=1)), CaptureQueriesContext(connection) as queries:
        page(client, filled, "")

    assert len(queries) > PAGES[""]


def test_near_the_deadline_the_same_page_shouts(filled: Filled) -> None:
    with clock.at(CLOSES - timedelta(days=3, minutes=1)):
        client = client_of(filled.lead)
        before = page(client, filled, "overview/")
    with clock.at(CLOSES - timedelta(days=2, hours=23, minutes=59)):
        assert "아직 제출하지 않았습니다" in page(client, filled, "overview/")
    assert "아직 제출하지 않았습니다" not in before


def test_two_people_of_one_organisation_are_shown_their_own_page(filled: Filled) -> None:
    organisation = Organisation.objects.get(pk=filled.lead.organisation or 0)
    viewer = member_actor(organisation, OrganisationRole.VIEWER)
    writer = page(client_of(filled.lead), filled, "overview/")

    read = page(client_of(viewer), filled, "overview/")

    assert "data-autosave" in writer
    assert "data-autosave" not in read


def test_an_organisation_is_not_shown_the_page_of_another(filled: Filled) -> None:
    _, partner = partner_of(filled)
    shown = page(client_of(filled.lead), filled, "statements/")

    other = page(client_of(partner), filled, "statements/")

    assert filled.lead.organisation_name in words(shown)
    assert f'data-person="{numbers.token(filled.lead.person or 0, numbers.Kind.PERSON)}"' not in other
    stranger = client_of(make_applicant())
    assert stranger.get(f"/applications/{filled.application.pk}/statements/").status_code == 404


def test_who_loses_the_place_does_not_see_the_kept_page_again(filled: Filled) -> None:
    client = client_of(filled.lead)
    page(client, filled, "overview/")

    Membership.objects.filter(person=filled.lead.person).update(until=clock.now() - timedelta(minutes=1))

    assert client.get(f"/applications/{filled.application.pk}/overview/").status_code == 404


def test_each_showing_has_a_form_token_that_works(filled: Filled) -> None:
    client = client_of(filled.lead, enforce_csrf_checks=True)
    path = f"/applications/{filled.application.pk}/overview/"
    tokens = []
    for _ in range(2):
        html = BeautifulSoup(client.get(path).content, "html.parser")
        tokens += [field["value"] for field in html.select("form.app-form [name=csrfmiddlewaretoken]")]

    assert len(set(tokens)) == 2
    for token in tokens:
        answer = client.post(path, {"csrfmiddlewaretoken": token, "title": "표를 가진 사업", "do": "save"})
        assert answer.status_code in (302, 409)
    assert client.post(path, {"csrfmiddlewaretoken": "x" * 64, "title": "표 없는 사업"}).status_code == 403


def test_a_message_is_shown_once_and_not_kept(filled: Filled) -> None:
    client = client_of(filled.lead)
    path = f"/applications/{filled.application.pk}/overview/"
    page(client, filled, "overview/")
    client.post(path, {"title": "고친 사업명", "do": "save"})

    assert "저장했습니다." in page(client, filled, "overview/")
    assert "저장했습니다." not in page(client, filled, "overview/")


def test_language_and_contrast_have_pages_of_their_own(filled: Filled) -> None:
    client = client_of(filled.lead)
    page(client, filled, "money/")

    client.cookies["gongmo_language"] = "en"
    english = page(client, filled, "money/")
    client.cookies["gongmo_contrast"] = "high"

    assert "Budget" in english
    assert 'data-krds-mode="high-contrast"' in page(client, filled, "money/")


def test_no_mark_of_a_hole_is_left_in_a_page(filled: Filled) -> None:
    from gongmo.parties.kept import _MARK

    client = client_of(filled.lead)
    for name in PAGES:
        for _ in range(2):
            assert _MARK not in page(client, filled, name)


def test_the_list_of_applications_is_kept_while_none_of_them_changes(filled: Filled) -> None:
    client = client_of(filled.lead)
    client.get("/applications/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/applications/")
    assert len(queries) == 3

    title = _save_title(filled)

    assert title in client.get("/applications/").content.decode()


def test_the_start_page_of_a_reader_follows_its_calls_and_applications(
    filled: Filled, call: Call, agency: Actor
) -> None:
    client = client_of(filled.lead)
    client.get("/")
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/").status_code == 200
    assert len(queries) == 4
    with clock.at(CLOSES - timedelta(days=1)):
        assert "아직 제출하지 않았습니다" in client.get("/").content.decode()

    calls.cancel(actor=agency, call_id=call.pk, reason="사업을 하지 않습니다.")

    with clock.at(CLOSES - timedelta(days=1)):
        assert "아직 제출하지 않았습니다" not in client.get("/").content.decode()
