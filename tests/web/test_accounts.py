"""Signing up, signing in, and in which capacity a person then acts."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from gongmo.kernel import clock
from gongmo.kernel.actor import Actor, OrganisationRole, Role
from gongmo.parties.models import Grant, Membership, Organisation, Person
from gongmo.web.acting import SESSION_KEY, actor_of

PASSWORD = "correct horse battery"
START = datetime(2025, 1, 1, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Person:
    made = Person.objects.create_user("officer@example.org", PASSWORD, display_name="담당자 A")
    EmailAddress.objects.create(user=made, email=made.email, verified=True, primary=True)
    return made


@pytest.fixture
def organisation() -> Organisation:
    return Organisation.objects.create(name="가상 진흥원", kind="government", created_at=START)


def _actor(client: Client, headers: dict[str, str] | None = None) -> Actor:
    """The actor of this client's next request."""
    return cast(Any, client.get("/no-such-page/", headers=headers).wsgi_request).actor  # type: ignore[no-any-return]


def test_a_visitor_acts_as_the_public(client: Client) -> None:
    actor = _actor(client)

    assert (actor.role, actor.person) == (Role.PUBLIC, None)


def test_signing_in_needs_only_e_mail_and_password(client: Client, person: Person) -> None:
    response = client.post("/accounts/login/", {"login": "Officer@Example.org", "password": PASSWORD})

    assert (response.status_code, response["Location"]) == (302, "/")
    assert _actor(client).person == person.pk


def test_a_wrong_password_says_nothing_of_who_exists(client: Client, person: Person) -> None:
    known = client.post("/accounts/login/", {"login": person.email, "password": "wrong password"})
    unknown = client.post("/accounts/login/", {"login": "nobody@example.org", "password": "wrong password"})

    sentences = [
        re.findall(r"올바르지 않습니다[^<]*", response.content.decode()) for response in (known, unknown)
    ]
    assert sentences[0]
    assert sentences[0] == sentences[1]


def test_signing_up_asks_to_confirm_the_address_and_keeps_the_name(client: Client) -> None:
    form = {
        "email": "new@example.org",
        "password1": PASSWORD,
        "password2": PASSWORD,
        "display_name": "담당자 B",
    }

    client.post("/accounts/signup/", form)

    assert Person.objects.get(email="new@example.org").display_name == "담당자 B"
    assert mail.outbox[0].to == ["new@example.org"]
    assert _actor(client).person is None


def test_an_office_comes_before_an_organisation_and_only_while_it_lasts(
    client: Client, person: Person, organisation: Organisation
) -> None:
    now = clock.now()
    Membership.objects.create(
        person=person, organisation=organisation, role=OrganisationRole.WRITER, since=START
    )
    Grant.objects.create(person=person, role=Role.MINISTRY, since=START, until=now - timedelta(seconds=1))
    Grant.objects.create(person=person, role=Role.AGENCY, organisation=organisation, since=START)
    client.force_login(person)

    actor = _actor(client)

    assert (actor.role, actor.organisation) == (Role.AGENCY, organisation.pk)


def test_a_person_chooses_the_capacity_among_the_own_ones(
    client: Client, person: Person, organisation: Organisation
) -> None:
    Grant.objects.create(person=person, role=Role.AGENCY, since=START)
    held = Membership.objects.create(person=person, organisation=organisation, role="writer", since=START)
    foreign = Grant.objects.create(
        person=Person.objects.create_user("other@example.org", display_name="담당자 C"),
        role=Role.MINISTRY,
        since=START,
    )
    client.force_login(person)

    client.post("/act-as/", {"capacity": f"membership-{held.pk}"})
    client.post("/act-as/", {"capacity": f"grant-{foreign.pk}"})

    actor = _actor(client)
    assert (actor.role, actor.organisation_role) == (Role.APPLICANT, OrganisationRole.WRITER)


def test_a_capacity_that_ended_is_no_longer_acted_in(client: Client, person: Person) -> None:
    grant = Grant.objects.create(person=person, role=Role.AGENCY, since=START)
    client.force_login(person)
    session = client.session
    session[SESSION_KEY] = f"grant-{grant.pk}"
    session.save()
    grant.until = clock.now()
    grant.save()

    assert _actor(client).role == Role.APPLICANT


def test_a_forwarded_address_is_believed_only_behind_a_proxy(client: Client, settings: Settings) -> None:
    headers = {"X-Forwarded-For": "198.51.100.7, 203.0.113.9"}

    direct = _actor(client, headers).address
    settings.GONGMO_BEHIND_PROXY = True
    proxied = _actor(client, headers).address

    assert (direct, proxied) == ("127.0.0.1", "203.0.113.9")


def test_the_actor_of_a_request_names_its_door(client: Client, person: Person) -> None:
    client.force_login(person)
    request = client.get("/no-such-page/").wsgi_request

    assert actor_of(request).origin == "web"


SIGN_UP = {
    "email": "newcomer@example.org",
    "display_name": "담당자 C",
    "password1": PASSWORD,
    "password2": PASSWORD,
}


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_link_of_the_confirmation_mail_stands_alone_and_works(
    client: Client, settings: Settings, language: str
) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    client.post("/accounts/signup/", SIGN_UP)

    body = str(mail.outbox[-1].body)
    links = [line for line in body.splitlines() if "http" in line]
    assert len(links) == 1
    assert re.fullmatch(r"http://testserver/accounts/confirm-email/[\w:.-]+/", links[0])
    assert client.get(links[0]).status_code == 200
    assert ("Hello" in body) == (language == "en")


def test_sign_up_says_where_mails_lie_when_there_is_no_mail_server(
    client: Client, settings: Settings
) -> None:
    settings.GONGMO_MAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    told = client.get("/accounts/confirm-email/").content.decode()
    settings.GONGMO_MAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    told_of_files = client.get("/accounts/confirm-email/").content.decode()

    assert "GONGMO_HOME" not in told
    assert "GONGMO_HOME" in told_of_files


def test_the_user_menu_leads_to_the_own_account(client: Client, person: Person) -> None:
    client.force_login(person)

    page = client.get("/no-such-page/").content.decode()
    assert f'href="{reverse("parties:profile")}"' in page
