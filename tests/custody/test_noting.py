"""Which accesses are noted: an office's of others' data on every page, also kept ones; everybody's refused attempts; downloads with why."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from gongmo.calls.models import Call
from gongmo.custody import noting
from gongmo.custody.watched import PLAIN, WATCHED
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor, Role
from gongmo.parties.models import Person
from gongmo.privacy.models import AccessNote
from tests.builders import (
    AT_OPENING,
    Filled,
    filled_application,
    make_agency_officer,
    make_applicant,
    publish_sample_call,
)
from tests.custody.reasons import say_why
from tests.parties.builders import make_officer
from tests.privacy.builders import drained, own_buffer


def client_of(actor: Actor) -> Client:
    client = Client()
    client.force_login(Person.objects.get(pk=actor.person or 0))
    return client


@pytest.fixture
def agency() -> Actor:
    return make_agency_officer()


@pytest.fixture
def call(agency: Actor) -> Call:
    return publish_sample_call(agency)


@pytest.fixture
def filled(call: Call, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Filled:
    made = filled_application(call)
    noting._lately.clear()
    own_buffer(monkeypatch, tmp_path)
    return made


def told(notes: list[AccessNote]) -> list[tuple[str, str, str, str, int]]:
    return [(each.kind, each.page, each.subject_type, each.subject_id, each.outcome) for each in notes]


def _names(patterns: list[URLPattern | URLResolver], space: str = "") -> Iterator[str]:
    for each in patterns:
        if isinstance(each, URLResolver):
            inner = f"{space}{each.namespace}:" if each.namespace else space
            yield from _names(each.url_patterns, inner)
        else:
            yield f"{space}{each.name}"


def test_every_page_is_watched_or_named_as_one_without_others_data() -> None:
    pages = {name for name in _names(get_resolver().url_patterns) if ":" in name}
    assert pages - set(WATCHED) - PLAIN == set(), (
        "say in gongmo/custody/watched.py whose data these pages show"
    )
    assert set(WATCHED) & PLAIN == set()
    assert (set(WATCHED) | PLAIN) - pages == set(), "pages that are no more"


@pytest.mark.django_db
def test_an_officer_is_noted_at_each_showing_also_of_a_kept_page(agency: Actor, filled: Filled) -> None:
    client, address = client_of(agency), f"/applications/{filled.application.pk}/"
    with clock.at(AT_OPENING):
        for _ in range(3):
            assert client.get(address).status_code == 200
    line = ("show", "applications:application", "application", str(filled.application.pk), 200)
    notes = drained()
    assert told(notes) == [line] * 3
    assert {(each.person, each.role, each.address) for each in notes} == {
        (agency.person, "agency", "127.0.0.1")
    }


@pytest.mark.django_db
def test_an_officer_is_noted_where_a_refused_form_shows_its_page_again(agency: Actor, filled: Filled) -> None:
    client, member = client_of(agency), filled.application.members.first()
    _, operator = make_officer(Role.OPERATOR)
    assert member is not None
    with clock.at(AT_OPENING):
        refused = client.post(f"/application-members/{member.pk}/role/", {"role": "partner"})
        wrong = client_of(operator).post(f"/operator/people/{agency.person}/", {"email": ""})
    assert (refused.status_code, wrong.status_code) == (403, 422)
    assert told(drained()) == [
        ("change", "applications:role", "member", str(member.pk), 403),
        ("change", "parties:operator_person", "person", str(agency.person), 422),
    ]


@pytest.mark.django_db
def test_the_own_application_is_not_noted_and_a_foreign_one_as_refused(call: Call, filled: Filled) -> None:
    stranger = make_applicant()
    address = f"/applications/{filled.application.pk}/"
    with clock.at(AT_OPENING):
        assert client_of(filled.lead).get(address).status_code == 200
        assert client_of(stranger).get(address).status_code == 404
        Client().get(address)
    (note,) = drained()
    assert (note.person, note.role, note.refused) == (stranger.person, "applicant", True)


@pytest.mark.django_db
def test_an_applicant_is_noted_once_for_a_page_with_people_of_other_organisations(filled: Filled) -> None:
    client, address = client_of(filled.lead), f"/applications/{filled.application.pk}/members/"
    with clock.at(AT_OPENING):
        for _ in range(3):
            assert client.get(address).status_code == 200
        assert client.get(f"{address}members.csv")["Content-Type"].startswith("text/csv")
    assert [(each.kind, each.page, each.role) for each in drained()] == [
        ("show", "applications:members", "applicant"),
        ("export", "applications:members_csv", "applicant"),
    ]


@pytest.mark.django_db
def test_lists_are_noted_with_what_was_searched(agency: Actor, call: Call, filled: Filled) -> None:
    client = client_of(agency)
    with clock.at(AT_OPENING):
        assert client.get("/pool/?words=robot").status_code == 200
    (note,) = drained()
    assert (note.kind, note.page, note.detail) == ("list", "evaluation:pool", "words=robot")


@pytest.mark.django_db
def test_signing_in_and_failing_to_is_noted_with_the_address(agency: Actor, filled: Filled) -> None:
    person = Person.objects.get(pk=agency.person or 0)
    client_of(agency)
    Client().post("/accounts/login/", {"login": person.email, "password": "wrong"})
    drained()
    notes = AccessNote.objects.filter(kind="sign_in").order_by("id")
    assert [(each.person, each.outcome, each.address) for each in notes] == [
        (person.pk, 200, ""),
        (person.pk, 401, "127.0.0.1"),
    ]


@pytest.mark.django_db
def test_a_bulk_download_asks_why_and_notes_the_answer(agency: Actor, call: Call, filled: Filled) -> None:
    client = client_of(agency)
    address = f"/calls/{call.slug}/arrivals.csv?x=1"
    with clock.at(AT_OPENING):
        form = client.get(address)
        assert "내려받는 까닭을 알려 주세요" in form.content.decode()
        assert drained() == []
        empty = client.post("/privacy/reason/", {"next": address, "purpose": "other", "words": "왜"})
        assert (empty.status_code, 'value="왜"' in empty.content.decode()) == (422, True)
        say_why(client, address)
        assert client.get(address)["Content-Type"].startswith("text/csv")
    (note,) = [each for each in drained() if each.kind == "export"]
    assert (note.reason, note.detail, note.subject_id) == ("내부 보고·결재: 주간 보고", "x=1", call.slug)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "place", ["https://elsewhere.example/", "//elsewhere.example/", "/me/", "javascript:1"]
)
def test_the_form_leads_nowhere_but_to_a_download(agency: Actor, place: str) -> None:
    answer = client_of(agency).post("/privacy/reason/", {"next": place, "purpose": "audit", "words": ""})
    assert answer.status_code == 404


@pytest.mark.django_db
def test_who_may_not_download_is_refused_not_asked(call: Call, filled: Filled) -> None:
    with clock.at(AT_OPENING):
        answer = client_of(make_applicant()).get(f"/calls/{call.slug}/arrivals.csv")
    assert answer.status_code == 404
    assert [each.outcome for each in drained()] == [404]
