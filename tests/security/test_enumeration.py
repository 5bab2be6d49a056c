"""The pages after signing up and after asking for a new password: alike for a registered address and for a new one, at every button."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from difflib import unified_diff
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from gongmo.kernel import clock
from gongmo.parties.models import Person
from tests.security.conftest import PASSWORD

pytestmark = pytest.mark.django_db
STEPS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("get", "/accounts/confirm-email/", {}),
    ("post", "/accounts/confirm-email/", {"action": "change", "email": "third@example.com"}),
    ("post", "/accounts/confirm-email/", {"code": "ABC-DEF"}),
    ("post", "/accounts/confirm-email/", {"code": ""}),
    ("post", "/accounts/confirm-email/", {"action": "resend"}),
    ("get", "/accounts/confirm-email/", {}),
    ("post", "/accounts/confirm-email/", {"action": "resend"}),
    ("post", "/accounts/confirm-email/", {"action": "resend"}),
    ("get", "/accounts/signup/", {}),
    ("get", "/accounts/login/", {}),
    ("get", "/accounts/2fa/authenticate/", {}),
    ("post", "/accounts/confirm-email/", {"code": "ABC-DEF"}),
    ("post", "/accounts/confirm-email/", {"code": "ABC-DEF"}),
    ("post", "/accounts/confirm-email/", {"code": "ABC-DEF"}),
    ("get", "/accounts/confirm-email/", {}),
    ("get", "/accounts/login/", {}),
)
CANCELLED: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("get", "/accounts/confirm-email/", {}),
    ("post", "/accounts/logout/", {"next": "/accounts/signup/"}),
    ("get", "/accounts/signup/", {}),
    ("get", "/accounts/confirm-email/", {}),
    ("get", "/accounts/login/", {}),
)


@pytest.fixture(autouse=True)
def steady(quick: None) -> Iterator[None]:
    with clock.at(datetime(2025, 8, 1, 3, 0, tzinfo=UTC)):
        yield


def _even(answer: Any, email: str) -> tuple[int, str, list[str]]:
    """Status, where to, and the page without the tokens and the address typed."""
    page = answer.content.decode().replace(email, "ADDRESS")
    page = re.sub(r'"[A-Za-z0-9]{64}"', "TOKEN", page)
    return answer.status_code, answer.get("Location", ""), page.splitlines()


def _differing(one: list[str], other: list[str]) -> list[str]:
    return list(unified_diff(one, other, n=0, lineterm=""))


def _walk(email: str, steps: tuple[tuple[str, str, dict[str, str]], ...]) -> list[tuple[int, str, list[str]]]:
    client = Client()
    form = {"email": email, "display_name": "담당자 B", "password1": PASSWORD, "password2": PASSWORD}
    answers = [client.post("/accounts/signup/", form)]
    answers += [getattr(client, way)(path, given) for way, path, given in steps]
    return [_even(answer, email) for answer in answers]


@pytest.mark.parametrize("steps", [STEPS, CANCELLED], ids=["pressed", "cancelled"])
def test_every_page_after_signing_up_is_the_same_for_a_registered_address(
    person: Person, steps: tuple[tuple[str, str, dict[str, str]], ...]
) -> None:
    registered, new = _walk(person.email, steps), _walk("two@example.com", steps)

    assert not any("change" in line for line in registered[1][2] if "<button" in line)
    for at, (one, other) in enumerate(zip(registered, new, strict=True)):
        assert (at, one[:2], _differing(one[2], other[2])) == (at, other[:2], [])
    assert {to for each in mail.outbox for to in each.to} == {person.email, "two@example.com"}


def test_every_page_after_asking_for_a_new_password_is_the_same(person: Person) -> None:
    def walk(email: str) -> list[tuple[int, str, list[str]]]:
        client = Client()
        path = "/accounts/password/reset/confirm/"
        answers = [client.post("/accounts/password/reset/", {"email": email}), client.get(path)]
        answers += [client.post(path, {"code": "ABC-DEF"}) for _ in range(4)]
        return [_even(answer, email) for answer in (*answers, client.get(path))]

    for one, other in zip(walk(person.email), walk("two@example.com"), strict=True):
        assert (one[:2], _differing(one[2], other[2])) == (other[:2], [])
