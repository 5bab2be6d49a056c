"""What browsers are told about how far our pages reach, and cookies on a site that is reached by https."""

import json
import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import get_resolver

from gongmo.web.binding import BINDING
from gongmo.web.passwords import OwnWords

pytestmark = pytest.mark.django_db


def test_pages_hold_no_inline_code_and_texts_become_markup_by_one_door_only() -> None:
    policy = Client().get("/calls/")["Content-Security-Policy"]

    for told in (
        "script-src 'self'",
        "style-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'self'",
        "require-trusted-types-for 'script'",
        "trusted-types default",
    ):
        assert told in policy
    assert "unsafe" not in policy


def test_every_page_loads_the_one_door_before_other_scripts() -> None:
    for path in ("/calls/", "/accounts/login/", "/no-such-page/"):
        html = Client().get(path).content.decode()
        scripts = [piece.split('"')[0] for piece in html.split('<script src="')[1:]]
        assert "trusted" in scripts[0], path


def test_answers_belong_to_this_site_and_use_no_device() -> None:
    for path in ("/calls/", "/record/checkpoints.json", "/no-such-page/"):
        answer = Client().get(path)
        assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "camera=()" in answer["Permissions-Policy"]
        assert answer["Referrer-Policy"] == "same-origin"
        assert answer["X-Content-Type-Options"] == "nosniff"
        # Only the public record may be read by other sites' programs: so that anyone can watch it.
        assert ("Access-Control-Allow-Origin" in answer) is path.startswith("/record/"), path


def test_by_https_cookies_are_bound_to_this_host(tmp_path: Path) -> None:
    given = {
        "GONGMO_HOME": str(tmp_path),
        "GONGMO_MODE": "server",
        "GONGMO_HOSTS": "example.com",
        "GONGMO_HTTPS": "1",
        "GONGMO_SECRET_KEY": secrets.token_urlsafe(50),
        "GONGMO_SIGNING_SEED": secrets.token_urlsafe(32),
        "GONGMO_FIELD_KEYS": f"k1={secrets.token_urlsafe(32)}",
    }
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GONGMO_")}
    names = [
        "SESSION_COOKIE_NAME",
        "SESSION_COOKIE_SECURE",
        "SESSION_COOKIE_HTTPONLY",
        "SESSION_COOKIE_SAMESITE",
        "CSRF_COOKIE_NAME",
        "CSRF_COOKIE_SECURE",
        "CSRF_COOKIE_HTTPONLY",
        "SECURE_HSTS_SECONDS",
        "SECURE_HSTS_INCLUDE_SUBDOMAINS",
        "SECURE_SSL_REDIRECT",
        "GONGMO_CONFIRM_MINUTES",
        "GONGMO_SECOND_FACTOR_ROLES",
    ]
    program = f"import json; from gongmo.web import settings as s; print(json.dumps([getattr(s, n) for n in {names!r}]))"

    run = subprocess.run(
        [sys.executable, "-c", program], env={**clean, **given}, capture_output=True, text=True, check=False
    )

    assert run.returncode == 0, run.stderr
    assert dict(zip(names, json.loads(run.stdout.splitlines()[-1]), strict=True)) == {
        "SESSION_COOKIE_NAME": "__Host-gongmo_session",
        "SESSION_COOKIE_SECURE": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "CSRF_COOKIE_NAME": "__Host-gongmo_csrf",
        "CSRF_COOKIE_SECURE": True,
        "CSRF_COOKIE_HTTPONLY": True,
        "SECURE_HSTS_SECONDS": 31536000,
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
        "SECURE_SSL_REDIRECT": True,
        "GONGMO_CONFIRM_MINUTES": 30,
        "GONGMO_SECOND_FACTOR_ROLES": ["ministry", "agency", "task_force", "evaluator", "operator"],
    }


@pytest.mark.parametrize("password", ["gongmo2025!", "평가위원2025", "Operator-12"])
def test_a_word_of_this_site_is_no_password(password: str) -> None:
    with pytest.raises(ValidationError):
        OwnWords().validate(password)
    OwnWords().validate(f"{password} und noch mehr")


def test_the_binding_acts_name_views_that_there_are() -> None:
    known: set[str] = set()

    def walk(patterns: list[object], space: str) -> None:
        for each in patterns:
            if hasattr(each, "url_patterns"):
                walk(each.url_patterns, getattr(each, "namespace", None) or space)
            elif getattr(each, "name", None):
                known.add(f"{space}:{each.name}" if space else str(each.name))  # type: ignore[attr-defined]

    walk(get_resolver().url_patterns, "")

    assert set(BINDING) - known == set()
