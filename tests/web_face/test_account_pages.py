"""Sign-in pages wear the same layout as every other page, and echo no secret."""

import pytest
from bs4 import BeautifulSoup
from django.http import Http404
from django.test import Client, RequestFactory

from gongmo.parties.models import Person
from gongmo.web.design import design

pytestmark = pytest.mark.django_db


def _get(client: Client, path: str) -> BeautifulSoup:
    response = client.get(path, follow=True)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"])
def test_entrance_pages_are_in_the_layout(client: Client, path: str) -> None:
    page = _get(client, path)

    assert page.select_one("header.gm-header") is not None
    assert len(page.select("h1")) == 1
    assert page.select_one("main form input[name=csrfmiddlewaretoken]") is not None
    assert page.select("[style]") == []
    assert page.select_one("main form button.krds-btn.primary") is not None
    for control in page.select("main input:not([type=hidden])"):
        assert page.select_one(f"label[for={control['id']}]") is not None


def test_wrong_password_is_said_and_not_echoed(client: Client) -> None:
    response = client.post("/accounts/login/", {"login": "a@example.org", "password": "s3cret-words"})

    page = BeautifulSoup(response.content, "html.parser")
    assert page.select_one("[data-error-summary]") is not None
    assert b"s3cret-words" not in response.content


def test_rules_for_passwords_are_a_list_not_its_source(client: Client) -> None:
    hint = _get(client, "/accounts/signup/").select_one("#id_password1-hint")

    assert hint is not None
    assert len(hint.select("li")) > 1
    assert "<ul>" not in hint.get_text()


@pytest.mark.parametrize(
    "path",
    ["/accounts/email/", "/accounts/2fa/", "/accounts/password/change/", "/accounts/logout/"],
)
def test_pages_of_the_own_account_are_in_the_layout(client: Client, path: str) -> None:
    client.force_login(Person.objects.create_user(email="a@example.org", password="pw"))

    page = _get(client, path)

    assert page.select_one("details.gm-user") is not None
    assert len(page.select("h1")) == 1
    assert "<span" not in page.select_one("main").get_text()  # type: ignore[union-attr]


def test_components_are_shown_in_debug_only(rf: RequestFactory, settings: object) -> None:
    with pytest.raises(Http404):
        design(rf.get("/design/"))
    settings.DEBUG = True  # type: ignore[attr-defined]
    assert design(rf.get("/design/")).status_code == 200
