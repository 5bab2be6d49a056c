"""Codes of authenticator apps, tried twice and tried often."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.test import Client
from pytest_django import Settings

from gongmo.kernel.actor import Role
from gongmo.parties.models import Person
from tests.builders import officer
from tests.security.conftest import PASSWORD, able_to_sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def holder(quick: None, settings: Settings) -> tuple[Person, str]:
    """An operator with an authenticator app, and the app's secret."""
    settings.GONGMO_SECOND_FACTOR_ROLES = ["operator"]
    person = able_to_sign_in(officer(Role.OPERATOR, None).person)
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(person, secret)
    return person, secret


def half_way(person: Person) -> Client:
    """A browser in which the password was right and the code is still to come."""
    client = Client()
    answer = client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    assert answer["Location"].startswith("/accounts/2fa/authenticate/")
    return client


def is_in(client: Client) -> bool:
    answer: Any = client.get("/no-such-page/")
    found: bool = answer.wsgi_request.user.is_authenticated
    return found


def now(secret: str) -> str:
    return f"{totp.hotp_value(secret, totp.yield_hotp_counters_from_time().__next__()):06d}"


def test_a_code_counts_once_also_in_another_browser(holder: tuple[Person, str]) -> None:
    person, secret = holder
    code = now(secret)
    first, second = half_way(person), half_way(person)

    first.post("/accounts/2fa/authenticate/", {"code": code})
    second.post("/accounts/2fa/authenticate/", {"code": code})

    assert (is_in(first), is_in(second)) == (True, False)


def test_codes_are_not_guessed_without_end(holder: tuple[Person, str]) -> None:
    person, secret = holder
    guesser = half_way(person)
    right = now(secret)
    wrong = "000000" if right != "000000" else "000001"

    for _ in range(6):
        guesser.post("/accounts/2fa/authenticate/", {"code": wrong})
    guesser.post("/accounts/2fa/authenticate/", {"code": right})

    assert not is_in(guesser)


def test_a_password_alone_opens_no_page_and_sets_up_no_second_app(holder: tuple[Person, str]) -> None:
    person, _ = holder
    thief = half_way(person)

    for path in (
        "/me/",
        "/operator/people/",
        "/accounts/2fa/totp/activate/",
        "/accounts/2fa/",
        "/accounts/email/",
    ):
        assert thief.get(path)["Location"].startswith("/accounts/login/"), path

    assert Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).count() == 1
