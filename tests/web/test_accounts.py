"""Signing up, signing in, and in which capacity a person then acts."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any, cast

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from gongmo.kernel import clock
from gongmo.kernel.actor import Actor, OrganisationRole, Role
from gongmo.ledger.queries import history
from gongmo.parties.models import Grant, Membership, Organisation, Person
from gongmo.web.accounts import KNOWN_COOKIE, known_here
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
    assert ("전자우편" in known.content.decode(), "이메일" in known.content.decode()) == (True, False)
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


def code_in(body: str) -> str:
    """The code of a mail: the one line that is nothing else."""
    found = re.search(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\s*$", body, re.MULTILINE)
    assert found is not None, body
    return found[1]


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_mail_holds_a_code_on_a_line_of_its_own(
    client: Client, settings: Settings, language: str
) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    client.post("/accounts/signup/", SIGN_UP)

    body = str(mail.outbox[-1].body)
    assert code_in(body)
    assert ("Hello" in body) == (language == "en")


def test_a_newcomer_who_came_from_a_page_lands_there_after_the_code(client: Client) -> None:
    asked = client.get("/me/organisations/new/?invitation=x")
    entrance = client.get(asked["Location"]).content.decode()
    way = re.search(r'href="(/accounts/signup/[^"]*)"', entrance)
    assert way is not None
    form = client.get(unescape(way[1])).content.decode().split("<main")[1]
    kept = re.search(r'name="next"[^>]*value="([^"]+)"', form)
    assert kept is not None

    sent = client.post("/accounts/signup/", {**SIGN_UP, "next": unescape(kept[1])})
    assert "/accounts/confirm-email/" in sent["Location"]
    done = client.post("/accounts/confirm-email/", {"code": code_in(str(mail.outbox[-1].body))})

    assert done["Location"] == "/me/organisations/new/?invitation=x"
    assert _actor(client).name == "담당자 C"


def test_another_site_is_never_the_next_page(client: Client, person: Person) -> None:
    form = {"login": person.email, "password": PASSWORD, "next": "https://elsewhere.test/"}

    assert client.post("/accounts/login/", form)["Location"] == "/"


def test_signing_up_with_a_known_address_looks_the_same(client: Client, person: Person) -> None:
    known = client.post("/accounts/signup/", {**SIGN_UP, "email": person.email})
    body = str(mail.outbox[-1].body)
    unknown = Client().post("/accounts/signup/", SIGN_UP)

    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert Person.objects.filter(email=person.email).count() == 1
    assert not re.search(r"^\s*[A-Z0-9]{3}-[A-Z0-9]{3}\s*$", body, re.MULTILINE)


def test_a_forgotten_password_is_set_anew_by_a_code_and_other_sessions_end(
    client: Client, person: Person
) -> None:
    old = Client()
    old.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    client.post("/accounts/password/reset/", {"email": person.email})
    code = code_in(str(mail.outbox[-1].body))

    client.post("/accounts/password/reset/confirm/", {"code": code})
    client.post(
        "/accounts/password/reset/complete/",
        {"password1": "a new long secret", "password2": "a new long secret"},
    )

    assert _actor(old).person is None
    fresh = Client().post("/accounts/login/", {"login": person.email, "password": "a new long secret"})
    assert fresh.status_code == 302
    # The password came by mail: it is not yet as good as typing it, so the record says that it changed.
    assert history("person", person.pk, acts=frozenset({"parties.change_password"}))


def test_resetting_an_unknown_address_looks_the_same(client: Client, person: Person) -> None:
    known = client.post("/accounts/password/reset/", {"email": person.email})
    unknown = Client().post("/accounts/password/reset/", {"email": "nobody@example.org"})

    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])


def test_the_address_is_changed_by_a_code_to_the_new_one(client: Client, person: Person) -> None:
    client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})

    client.post("/accounts/email/", {"action_add": "", "email": "new.office@example.org"})
    body = next(str(m.body) for m in mail.outbox if m.to == ["new.office@example.org"])
    client.post("/accounts/confirm-email/", {"code": code_in(body)})

    person.refresh_from_db()
    assert person.email == "new.office@example.org"
    changes = history("person", person.pk, acts=frozenset({"parties.change_email"}))
    assert len(changes) == 1
    assert "example.org" not in str(changes)


def _fail(client: Client, person: Person, times: int, **headers: Any) -> Any:
    for _ in range(times):
        answer = client.post(
            "/accounts/login/", {"login": person.email, "password": "wrong password"}, **headers
        )
    return answer


def _signs_in(client: Client, person: Person, **headers: Any) -> bool:
    form = {"login": person.email, "password": PASSWORD}
    return client.post("/accounts/login/", form, **headers).status_code == 302


def test_guessing_is_stopped_at_the_account_and_not_at_the_office_s_address(person: Person) -> None:
    cache.clear()
    colleague = Person.objects.create_user("colleague@example.org", PASSWORD, display_name="담당자 D")
    EmailAddress.objects.create(user=colleague, email=colleague.email, verified=True, primary=True)
    _fail(Client(), person, 5)

    assert not _signs_in(Client(), person)
    assert _signs_in(Client(), colleague)
    # From elsewhere the owner still comes in.
    assert _signs_in(Client(), person, REMOTE_ADDR="198.51.100.9")


def test_a_flood_from_everywhere_stops_strangers_but_not_the_browser_that_is_known(
    person: Person, settings: Settings
) -> None:
    cache.clear()
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login_failed_everywhere": "50/h/key"}
    known = Client()
    assert _signs_in(known, person)
    known.post("/accounts/logout/")
    for number in range(60):
        _fail(Client(), person, 1, REMOTE_ADDR=f"203.0.113.{number}")

    assert not _signs_in(Client(), person, REMOTE_ADDR="198.51.100.10")
    assert _signs_in(known, person)


def test_a_forged_mark_of_a_known_browser_is_not_believed(client: Client) -> None:
    client.cookies[KNOWN_COOKIE] = "['officer@example.org']"
    request = client.get("/accounts/login/").wsgi_request

    assert known_here(cast(Any, request)) == []


def test_a_person_sees_the_sessions_and_ends_all_others(client: Client, person: Person) -> None:
    other = Client()
    for each in (client, other):
        each.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    assert client.get("/accounts/sessions/").content.decode().count("127.0.0.1") == 2

    client.post("/accounts/sessions/")

    assert _actor(other).person is None
    assert _actor(client).person == person.pk


def test_what_was_typed_for_one_organisation_is_not_done_for_another(
    client: Client, person: Person, organisation: Organisation
) -> None:
    later = Organisation.objects.create(name="가상 기업", kind="company", created_at=START)
    kept = Membership.objects.create(person=person, organisation=organisation, role="owner", since=START)
    lost = Membership.objects.create(person=person, organisation=later, role="owner", since=START)
    client.force_login(person)
    client.post("/act-as/", {"capacity": f"membership-{lost.pk}"})
    assert _actor(client).organisation == later.pk
    lost.until = clock.now()
    lost.save()

    sent = cast(Any, client.post("/no-such-page/").wsgi_request).actor
    then = _actor(client)

    assert (sent.organisation, then.organisation) == (None, kept.organisation_id)


def test_a_changed_role_goes_on_in_the_same_organisation(
    client: Client, person: Person, organisation: Organisation
) -> None:
    first = Organisation.objects.create(name="가상 기업", kind="company", created_at=START)
    Membership.objects.create(person=person, organisation=first, role="owner", since=START)
    old = Membership.objects.create(person=person, organisation=organisation, role="writer", since=START)
    client.force_login(person)
    client.post("/act-as/", {"capacity": f"membership-{old.pk}"})
    old.until = clock.now()
    old.save()
    Membership.objects.create(
        person=person, organisation=organisation, role="viewer", since=old.until, follows=old
    )

    actor = cast(Any, client.post("/no-such-page/").wsgi_request).actor

    assert (actor.organisation, actor.organisation_role) == (organisation.pk, OrganisationRole.VIEWER)


def test_the_user_menu_leads_to_the_own_account(client: Client, person: Person) -> None:
    client.force_login(person)

    page = client.get("/no-such-page/").content.decode()
    assert f'href="{reverse("parties:profile")}"' in page
