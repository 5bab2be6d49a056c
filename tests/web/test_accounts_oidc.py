"""Signing in by another service: a small OpenID Connect service answers over real HTTP, as a ministry's or a company's would."""

import base64
import hashlib
import json
import re
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from pytest_django import Settings

from gongmo.parties.models import Person
from gongmo.web import config

pytestmark = pytest.mark.django_db
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Service:
    """The other service: who is signed in there (`claims`), what was asked of it, and what it answers."""

    def __init__(self) -> None:
        self.claims: dict[str, Any] = {}
        self.challenges: dict[str, str] = {}
        self.asked: list[str] = []
        self.audience = "gongmo-client"
        service = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: object) -> None:
                pass

            def do_GET(self) -> None:
                service.asked.append(urlsplit(self.path).path)
                answers = {
                    "/.well-known/openid-configuration": service.discovery,
                    "/keys": service.keys,
                    "/userinfo": lambda: service.claims,
                }
                found: Any = answers[urlsplit(self.path).path]
                self.answer(found())

            def do_POST(self) -> None:
                service.asked.append(self.path)
                sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                self.answer(*service.token(sent))

            def answer(self, told: Any, status: int = 200) -> None:
                body = json.dumps(told).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "jwks_uri": f"{self.url}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def keys(self) -> dict[str, Any]:
        key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
        return {"keys": [{**key, "kid": "1", "use": "sig", "alg": "RS256"}]}

    def token(self, sent: dict[str, list[str]]) -> tuple[dict[str, Any], int]:
        proof = base64.urlsafe_b64encode(hashlib.sha256(sent["code_verifier"][0].encode()).digest())
        right = self.challenges.get(sent["code"][0]) == proof.rstrip(b"=").decode()
        if not right or sent["client_secret"] != ["a secret"]:
            return {"error": "invalid_grant"}, 400
        now = int(time.time())
        claims = {**self.claims, "iss": self.url, "aud": self.audience, "iat": now, "exp": now + 60}
        signed = jwt.encode(claims, KEY, algorithm="RS256", headers={"kid": "1"})
        return {"access_token": "t", "token_type": "Bearer", "expires_in": 60, "id_token": signed}, 200


@pytest.fixture
def service(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    made = Service()
    monkeypatch.setenv(
        "GONGMO_OIDC",
        json.dumps({"id": "gov", "name": "가상 통합인증", "issuer": made.url, "client_id": "gongmo-client", "secret": "a secret"}),
    )  # fmt: skip
    apps, origins = config.other_sign_ins()
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": apps}}
    assert origins == [made.url]
    yield made
    made.server.shutdown()
    made.server.server_close()


def come_from(service: Service, client: Client, **claims: Any) -> Any:
    """The whole way: the button, the other service, and back."""
    service.claims = {"sub": "42", "name": "담당자 E", **claims}
    page = client.get("/accounts/login/?next=/calls/").content.decode()
    button = re.search(r'href="(/accounts/oidc/gov/login/[^"]*)"', page)
    assert button is not None
    assert "가상 통합인증" in page
    way = client.post(button[1].replace("&amp;", "&"))
    asked = urlsplit(way["Location"])
    assert way["Location"].startswith(f"{service.url}/authorize?")
    query = parse_qs(asked.query)
    service.challenges["code-1"] = query["code_challenge"][0]
    back = urlsplit(query["redirect_uri"][0]).path
    return client.get(back, {"code": "code-1", "state": query["state"][0]})


def signed_in(client: Client) -> Any:
    return cast(Any, client.get("/no-such-page/").wsgi_request).user


def registered(*, verified: bool) -> Person:
    person = Person.objects.create_user(
        "officer@example.org", "correct horse battery", display_name="담당자 A"
    )
    EmailAddress.objects.create(user=person, email=person.email, verified=verified, primary=True)
    return person


def test_a_newcomer_comes_in_with_the_address_that_the_service_confirmed(
    service: Service, client: Client
) -> None:
    answer = come_from(service, client, email="New@Example.org", email_verified=True)

    person = Person.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, "/calls/")
    assert (person.email, person.display_name) == ("new@example.org", "담당자 E")
    assert signed_in(client) == person
    assert "/token" in service.asked


def test_an_account_is_joined_by_an_address_that_both_sides_confirmed(
    service: Service, client: Client
) -> None:
    person = registered(verified=True)

    come_from(service, client, email=person.email, email_verified=True)

    assert signed_in(client) == person
    assert SocialAccount.objects.get().user == person


@pytest.mark.parametrize(("here", "there"), [(True, False), (False, True), (False, False)])
def test_an_account_is_not_joined_by_an_address_that_one_side_did_not_confirm(
    service: Service, client: Client, here: bool, there: bool
) -> None:
    person = registered(verified=here)

    come_from(service, client, email=person.email, email_verified=there)

    assert signed_in(client).is_anonymous
    assert not SocialAccount.objects.filter(user=person).exists()


def test_a_token_for_another_site_signs_nobody_in(service: Service, client: Client) -> None:
    service.audience = "another-client"

    answer = come_from(service, client, email="new@example.org", email_verified=True)

    assert answer.status_code == 401
    assert not Person.objects.exists()


def test_a_service_that_is_down_is_told_in_words(service: Service, client: Client) -> None:
    service.server.shutdown()
    service.server.server_close()

    answer = client.post("/accounts/oidc/gov/login/")

    assert answer.status_code == 503
    assert "비밀번호로 로그인" in answer.content.decode()


@pytest.mark.parametrize(
    "value",
    [
        "not json",
        '{"name": "x"}',
        '{"name": "x", "issuer": "http://elsewhere.test", "client_id": "a", "secret": "b"}',
        '["x"]',
    ],
)
def test_a_wrong_setting_stops_the_start(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("GONGMO_OIDC", value)

    with pytest.raises(ImproperlyConfigured, match="GONGMO_OIDC"):
        config.other_sign_ins()
