"""Whoever asks too often at the doors of sign-in is refused alone: nobody keeps somebody else from coming in."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client
from pytest_django import Settings

from gongmo.parties.models import Person
from tests.security.conftest import PASSWORD

HOME, STRANGER = "198.51.100.9", "203.0.113.7"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick")]


def ask(email: str, address: str) -> Any:
    return Client(REMOTE_ADDR=address).post("/accounts/password/reset/", {"email": email})


def sign_up(email: str, address: str) -> Any:
    form = {"email": email, "display_name": "담당자 B", "password1": PASSWORD, "password2": PASSWORD}
    return Client(REMOTE_ADDR=address).post("/accounts/signup/", form)


def sign_in(email: str, password: str, address: str) -> int:
    form = {"login": email, "password": password}
    return Client(REMOTE_ADDR=address).post("/accounts/login/", form).status_code


@pytest.mark.parametrize("door", [ask, sign_up])
def test_who_asks_without_end_is_refused_alone_in_korean_and_told_when_to_come_back(
    person: Person, door: Any
) -> None:
    answers = [door(person.email, STRANGER) for _ in range(6)]

    assert [each.status_code for each in answers] == [302] * 5 + [429]
    assert answers[-1].headers["Retry-After"] == "1800"
    assert "30분 뒤에 다시 시도해 주세요" in answers[-1].content.decode()
    assert (door(person.email, HOME).status_code, mail.outbox[-1].to) == (302, [person.email])


def test_an_unknown_address_is_counted_like_a_registered_one(person: Person) -> None:
    for email in (person.email, "nobody@example.com"):
        assert [ask(email, STRANGER).status_code for _ in range(6)][4:] == [302, 429]


def test_a_mailbox_is_not_flooded_and_the_page_answers_as_ever(person: Person, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "mail_everywhere": "4/h/key"}
    answers = [ask(person.email, f"203.0.113.{number}").status_code for number in range(6)]

    assert set(answers) == {302}
    assert len(mail.outbox) == 4


def test_two_who_sign_up_with_one_address_within_seconds_are_both_answered() -> None:
    assert [sign_up("new@example.com", each).status_code for each in (STRANGER, HOME)] == [302, 302]


def test_one_address_that_guesses_is_stopped_and_its_owner_comes_in_from_another(
    person: Person, settings: Settings
) -> None:
    # As though five minutes passed between any two tries: only the counts for an hour remain.
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login_failed": ""}
    for _ in range(12):
        sign_in(person.email, "wrong password", STRANGER)

    assert sign_in(person.email, PASSWORD, STRANGER) == 200
    assert sign_in(person.email, PASSWORD, HOME) == 302


def test_one_address_never_uses_up_what_is_counted_from_everywhere(settings: Settings) -> None:
    limits = {name: int(rates.split("/")[0]) for name, rates in settings.ACCOUNT_RATE_LIMITS.items() if rates}

    assert limits["login_failed_here"] * 10 <= limits["login_failed_everywhere"]
    assert limits["mail_here"] * 4 <= limits["mail_everywhere"]
    # Two half hours of asking.
    assert limits["code_asked"] * 2 <= limits["mail_here"]


def test_a_network_of_version_six_counts_as_one_address(person: Person) -> None:
    for number in range(5):
        sign_in(person.email, "wrong password", f"2001:db8:1:2::{number + 1}")

    assert sign_in(person.email, PASSWORD, "2001:db8:1:2::99") == 200
    assert sign_in(person.email, PASSWORD, "2001:db8:1:3::1") == 302


def test_any_limit_of_the_sign_in_library_shows_the_own_page(settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "signup": "1/m/ip"}
    sign_up("one@example.com", STRANGER)

    refused = sign_up("two@example.com", STRANGER)

    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
    assert "1분 뒤에 다시 시도해 주세요" in refused.content.decode()
