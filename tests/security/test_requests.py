"""Requests that no page of ours sends, and settings that would open the house."""

import json
import os
import secrets
import subprocess
import sys
from http import HTTPStatus
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client

from gongmo.calls.models import Question
from gongmo.parties.models import Person
from tests.builders import make_applicant, publish_sample_call
from tests.security.world import BACKEND

pytestmark = pytest.mark.django_db


def signed_in() -> Client:
    client = Client()
    client.force_login(Person.objects.get(pk=make_applicant().person or 0), backend=BACKEND)
    return client


def test_a_text_with_nul_is_refused_before_a_database_stumbles_over_it() -> None:
    call = publish_sample_call()

    answer = signed_in().post(f"/calls/{call.slug}/ask/", {"title": "a\0b", "body": "질문입니다."})

    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert not Question.objects.exists()


@pytest.mark.parametrize("form", [{"organisation": "9" * 5000}, {"conflict-" + "9" * 5000: "yes"}])
def test_an_endless_number_is_refused_and_breaks_nothing(form: dict[str, str]) -> None:
    client = signed_in()
    client.raise_request_exception = False

    assert client.post("/applications/1/members/invite/", form).status_code == HTTPStatus.BAD_REQUEST


def test_counts_of_failed_sign_ins_are_not_flushed_by_many_others() -> None:
    cache.clear()
    cache.set("a", 5)
    for number in range(400):
        cache.set(f"b{number}", 1)

    assert cache.get("a") == 5


def test_a_server_installation_refuses_to_start_with_debug_pages(tmp_path: Path) -> None:
    given = {
        "GONGMO_HOME": str(tmp_path),
        "GONGMO_MODE": "server",
        "GONGMO_HOSTS": "example.com",
        "GONGMO_SECRET_KEY": secrets.token_urlsafe(50),
        "GONGMO_SIGNING_SEED": secrets.token_urlsafe(32),
        "GONGMO_FIELD_KEYS": f"k1={secrets.token_urlsafe(32)}",
        "GONGMO_DEBUG": "1",
    }
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GONGMO_")}

    run = subprocess.run(
        [sys.executable, "-c", "import gongmo.web.settings"],
        env={**clean, **given},
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode != 0
    assert "GONGMO_DEBUG" in run.stderr


@pytest.mark.parametrize(
    "planted", ["{}", "[]", "no json", '{"sheet": [{"email": "a@example.com"}]}', "sheet"]
)
def test_a_planted_rehearsal_mark_shows_no_account_and_breaks_no_page(
    planted: str, tmp_path: Path, settings: LazySettings
) -> None:
    real = Person.objects.create_user("officer@example.com", "secret-password", display_name="담당자 A")
    if planted == "sheet":
        row = {
            "who": {"ko": "담당자", "en": "Officer"},
            "organisation": "",
            "see": {"ko": "화면", "en": "Pages"},
            "email": real.email,
            "path": "/",
        }
        planted = json.dumps({"password": "planted-password", "sheet": [row]})
    settings.GONGMO_REHEARSAL_MARK = tmp_path / "rehearsal.json"
    settings.GONGMO_REHEARSAL_MARK.write_text(planted, "utf-8")

    answer = Client().get("/")

    assert answer.status_code == HTTPStatus.OK
    assert real.email not in answer.content.decode()
    assert "planted-password" not in answer.content.decode()


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_no_door_leads_out_of_the_house(target: str) -> None:
    client = signed_in()

    for path in ("/language/", "/contrast/", "/act-as/"):
        assert client.post(path, {"next": target})["Location"] == "/"
    assert client.get("/accounts/login/", {"next": target})["Location"] == "/"
