"""Roles that need a second factor: led to set one up, acting only with it, and asked again before binding acts."""

import base64
import hashlib
import hmac
import re
import struct
import time
from typing import Any, cast

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path, reverse
from pytest_django import Settings

from gongmo.kernel.actor import Role
from gongmo.ledger.queries import history
from gongmo.parties.models import Grant, Membership, Person
from gongmo.parties.recent import SIGNED_IN_AT, recent_sign_in_required
from gongmo.web import config
from gongmo.web import urls as project
from tests.parties.builders import make_member, make_officer, make_organisation
from tests.parties.builders import make_person as new_person

PASSWORD = "correct horse battery"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh() -> None:
    cache.clear()


@pytest.fixture
def officer(settings: Settings) -> Person:
    settings.GONGMO_SECOND_FACTOR_ROLES = ["agency", "evaluator"]
    person, _ = make_officer(Role.AGENCY, make_organisation())
    _with_password(person)
    return person


def _with_password(person: Person) -> None:
    person.set_password(PASSWORD)
    person.save()
    EmailAddress.objects.filter(user=person).update(verified=True)


def sign_in(person: Person) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    return client


def totp(secret: str) -> str:
    """The six digits of RFC 6238 for now."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    place = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[place : place + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


def set_up(client: Client) -> str:
    form = client.get("/accounts/2fa/totp/activate/").content.decode()
    secret = re.search(r'value="([A-Z2-7]{16,})"', form)
    assert secret is not None
    answer = client.post("/accounts/2fa/totp/activate/", {"code": totp(secret[1])})
    assert answer.status_code == 302
    return secret[1]


def role(client: Client) -> Role:
    found: Role = cast(Any, client.get("/accounts/2fa/").wsgi_request).actor.role
    return found


def test_an_officer_is_led_to_set_one_up_before_anything_else(officer: Person) -> None:
    client = sign_in(officer)

    read, sent = client.get("/board/?x=1"), client.post("/publish/")

    assert (read.status_code, read["Location"]) == (302, "/accounts/2fa/")
    assert sent.status_code == 403
    assert role(client) is Role.APPLICANT
    assert "2단계 인증이 필요합니다" in client.get("/accounts/2fa/").content.decode()
    assert client.get("/health/live/").status_code in (200, 404)


@pytest.mark.django_db(transaction=True)
def test_once_set_up_the_officer_goes_on_and_the_secret_is_not_kept_in_clear(officer: Person) -> None:
    client = sign_in(officer)
    client.get("/board/?x=1")

    secret = set_up(client)

    assert 'href="/board/?x=1"' in client.get("/accounts/2fa/").content.decode()
    assert client.get("/board/?x=1").status_code == 200
    assert role(client) is Role.AGENCY
    assert "/board/?x=1" not in client.get("/accounts/2fa/").content.decode()
    kept = Authenticator.objects.get(user=officer, type="totp").data["secret"]
    assert secret not in kept
    assert history("person", officer.pk, acts=frozenset({"parties.add_second_factor"}))


def test_signing_in_then_asks_for_the_code_and_without_it_nobody_is_in(officer: Person) -> None:
    first = sign_in(officer)
    secret = set_up(first)
    Authenticator.objects.filter(user=officer).update(last_used_at=None)
    cache.clear()

    client = sign_in(officer)
    assert cast(Any, client.get("/accounts/login/").wsgi_request).user.is_anonymous
    wrong = client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert wrong.status_code == 200
    right = client.post("/accounts/2fa/authenticate/", {"code": totp(secret)})

    assert right.status_code == 302
    assert role(client) is Role.AGENCY


def test_a_session_from_before_must_show_it(officer: Person) -> None:
    before = sign_in(officer)
    set_up(sign_in(officer))

    led = before.get("/board/")

    assert led["Location"].startswith("/accounts/2fa/reauthenticate/")
    assert role(before) is Role.APPLICANT


def test_the_last_one_is_not_removed_while_the_role_needs_it(officer: Person) -> None:
    client = sign_in(officer)
    set_up(client)

    client.post("/accounts/2fa/totp/deactivate/")
    assert Authenticator.objects.filter(user=officer, type="totp").exists()

    Grant.objects.filter(person=officer).delete()
    client.post("/accounts/2fa/totp/deactivate/")
    assert not Authenticator.objects.filter(user=officer, type="totp").exists()


def test_applicants_are_not_asked(officer: Person) -> None:
    person, _ = make_member(make_organisation())
    _with_password(person)

    assert sign_in(person).get("/me/").status_code == 200


def test_an_applicant_s_place_of_an_officer_waits_too(officer: Person) -> None:
    Membership.objects.create(
        person=officer, organisation=make_organisation(), role="owner", since=officer.joined_at
    )

    assert sign_in(officer).get("/me/")["Location"] == "/accounts/2fa/"


def test_with_another_secret_key_no_code_fits_and_nothing_breaks(officer: Person, settings: Settings) -> None:
    secret = set_up(sign_in(officer))
    settings.SECRET_KEY = "another key of at least forty-three characters"
    cache.clear()

    client = sign_in(officer)
    answer = client.post("/accounts/2fa/authenticate/", {"code": totp(secret)})

    assert answer.status_code == 200
    assert cast(Any, answer.wsgi_request).user.is_anonymous


@pytest.mark.parametrize(
    ("value", "embedded", "roles"),
    [
        (None, True, []),
        (None, False, ["ministry", "agency", "task_force", "evaluator", "operator"]),
        ("none", False, []),
        ("agency, evaluator", True, ["agency", "evaluator"]),
    ],
)
def test_the_setting_names_the_roles(
    monkeypatch: pytest.MonkeyPatch, value: str | None, embedded: bool, roles: list[str]
) -> None:
    monkeypatch.delenv("GONGMO_REQUIRE_SECOND_FACTOR", raising=False)
    if value is not None:
        monkeypatch.setenv("GONGMO_REQUIRE_SECOND_FACTOR", value)

    assert config.second_factor_roles(embedded=embedded) == roles


def test_a_role_that_is_none_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGMO_REQUIRE_SECOND_FACTOR", "agency,applicant")

    with pytest.raises(ImproperlyConfigured, match="applicant"):
        config.second_factor_roles(embedded=True)


# --- Asked again before binding acts ---------------------------------------------------------------------------------
@recent_sign_in_required(10)
def binding(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"done: {request.POST.get('words', '')} by {request.actor.name}")  # type: ignore[attr-defined]


# The project's addresses and one that binds.
urlpatterns = [*project.urlpatterns, path("binding/", binding)]


@pytest.mark.urls(__name__)
def test_an_old_sign_in_is_confirmed_and_the_form_is_taken_then() -> None:
    person = new_person()
    _with_password(person)
    client = sign_in(person)
    assert client.post("/binding/", {"words": "지금"}).content.decode() == "done: 지금 by 담당자 A"
    session = client.session
    for record in session[AUTHENTICATION_METHODS_SESSION_KEY]:
        record["at"] -= 601
    session[SIGNED_IN_AT] -= 601
    session.save()

    asked = client.post("/binding/", {"words": "서명합니다"})
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    wrong = client.post(asked["Location"], {"password": "wrong", "next": "/binding/"})
    assert wrong.status_code == 200
    done = client.post(asked["Location"], {"password": PASSWORD, "next": "/binding/"})

    assert done.content.decode() == "done: 서명합니다 by 담당자 A"
    assert client.get("/binding/").status_code == 200
