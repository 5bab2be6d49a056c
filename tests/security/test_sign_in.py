"""What strangers learn from signing up, signing in and asking for a new password, and what sessions outlive."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from pytest_django import Settings

from gongmo.kernel.actor import OrganisationRole, Role
from gongmo.parties import commands
from gongmo.parties.models import Membership, Person
from gongmo.parties.recent import SIGNED_IN_AT
from gongmo.web.bounds import SEEN_AT
from tests.builders import SYSTEM, make_applicant, officer
from tests.security.conftest import PASSWORD, able_to_sign_in
from tests.security.hashing import Counted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick")]


def signed_in(person: Person) -> Client:
    client = Client()
    answer = client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    assert answer.status_code == 302
    return client


def is_in(client: Client) -> bool:
    answer: Any = client.get("/no-such-page/")
    found: bool = answer.wsgi_request.user.is_authenticated
    return found


def cost(act: Callable[[], Any]) -> tuple[int, int, str]:
    """Status, hashes and where to, of an answer."""
    before = Counted.done
    answer = act()
    return answer.status_code, Counted.done - before, answer.get("Location", "")


# --- Who is registered ------------------------------------------------------------------------------------------------
def test_signing_up_takes_as_long_for_a_registered_address_as_for_a_new_one(person: Person) -> None:
    def sign_up(email: str) -> tuple[int, int, str]:
        form = {"email": email, "display_name": "담당자 B", "password1": PASSWORD, "password2": PASSWORD}
        return cost(lambda: Client().post("/accounts/signup/", form))

    assert sign_up(person.email) == sign_up("new@example.com") == (302, 1, "/accounts/confirm-email/")


def test_signing_in_takes_as_long_for_an_unknown_address_as_for_a_wrong_password(person: Person) -> None:
    def sign_in(email: str) -> tuple[int, int, str]:
        return cost(lambda: Client().post("/accounts/login/", {"login": email, "password": "wrong password"}))

    assert sign_in(person.email) == sign_in("nobody@example.com") == (200, 1, "")


def test_asking_for_a_new_password_is_answered_alike_and_mails_in_both_cases(person: Person) -> None:
    def ask(email: str) -> tuple[int, int, str]:
        return cost(lambda: Client().post("/accounts/password/reset/", {"email": email}))

    assert ask(person.email) == ask("nobody@example.com") == (302, 0, "/accounts/password/reset/confirm/")


# --- Sessions ---------------------------------------------------------------------------------------------------------
def test_signing_in_gives_a_new_session_to_a_browser_that_brought_one(person: Person) -> None:
    client = Client()
    client.session.save()
    planted = client.session.session_key
    client.cookies["gongmo_session"] = planted or ""

    client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})

    assert client.cookies["gongmo_session"].value != planted
    assert not Session.objects.filter(session_key=planted).exists()


def test_a_changed_place_or_role_ends_the_sessions_of_whom_it_concerns(person: Person) -> None:
    place = Membership.objects.get(person=person, until__isnull=True)
    other = Person.objects.get(pk=make_applicant().person or 0)
    commands.add_member(
        actor=SYSTEM,
        person_id=other.pk,
        organisation_id=place.organisation_id,
        role=OrganisationRole.OWNER,
    )

    demoted = signed_in(person)
    commands.change_role(actor=SYSTEM, membership_id=place.pk, role=OrganisationRole.VIEWER)
    raised = signed_in(person)
    grant = commands.grant_role(actor=SYSTEM, person_id=person.pk, role=Role.EVALUATOR)
    lowered = signed_in(person)
    commands.revoke_role(actor=SYSTEM, grant_id=grant.pk)
    stays = signed_in(person)

    assert [is_in(each) for each in (demoted, raised, lowered, stays)] == [False, False, False, True]


def test_a_second_factor_that_comes_or_goes_ends_the_other_sessions(person: Person) -> None:
    from allauth.mfa.models import Authenticator
    from allauth.mfa.signals import authenticator_added, authenticator_removed

    factor = Authenticator.objects.create(user=person, type="totp", data={"secret": "x"})
    for signal in (authenticator_added, authenticator_removed):
        Authenticator.objects.filter(user=person).delete()
        here, elsewhere = signed_in(person), signed_in(person)
        request: Any = here.get("/me/").wsgi_request
        signal.send(sender=Authenticator, request=request, user=person, authenticator=factor)

        assert (is_in(here), is_in(elsewhere)) == (True, False)


def test_a_sign_in_ends_some_hours_after_it_began_however_busy(person: Person, settings: Settings) -> None:
    settings.GONGMO_IDLE_MINUTES = 0
    client = signed_in(person)
    _older(client, settings.SESSION_COOKIE_AGE - 60)
    assert is_in(client)

    _older(client, 61)

    assert not is_in(client)


def test_a_sign_in_ends_when_nobody_does_anything_and_pages_that_ask_by_themselves_do_not_count(
    person: Person, settings: Settings
) -> None:
    settings.GONGMO_IDLE_MINUTES = 60
    client = signed_in(person)
    _older(client, 50 * 60)
    client.get("/me/", headers={"Sec-Fetch-Mode": "cors"})
    assert SEEN_AT not in client.session

    client.get("/me/", headers={"Sec-Fetch-Mode": "navigate"})
    assert SEEN_AT in client.session
    _older(client, 59 * 60)
    assert is_in(client)
    _older(client, 61 * 60)

    assert not is_in(client)


def _older(client: Client, seconds: int) -> None:
    """As if the session had begun, and been used, so much earlier."""
    session = client.session
    for key in (SIGNED_IN_AT, SEEN_AT):
        if key in session:
            session[key] -= seconds
    session.save()


def test_a_binding_act_of_an_old_sign_in_waits_for_the_password_and_is_done_then(settings: Settings) -> None:
    settings.GONGMO_CONFIRM_MINUTES = 30
    operator = able_to_sign_in(officer(Role.OPERATOR, None).person)
    other = Person.objects.get(pk=make_applicant().person or 0)
    client = signed_in(operator)
    session = client.session
    session[SIGNED_IN_AT] -= 1801
    for record in session["account_authentication_methods"]:
        record["at"] -= 1801
    session.save()
    act = f"/operator/people/{other.pk}/"

    asked = client.post(act, {"role": "evaluator"})
    granted_before = other.grants.exists()
    done = client.post(asked["Location"], {"password": PASSWORD, "next": act})

    assert asked["Location"].startswith("/accounts/reauthenticate/")
    assert not granted_before
    assert done.status_code == 302
    assert client.post(act, {"role": "evaluator"}).get("Location", "") != asked["Location"]
