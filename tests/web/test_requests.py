"""What happens around every request."""

from datetime import UTC, datetime, timedelta

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from pytest_django import Settings

from gongmo.kernel import clock
from gongmo.web.middleware import RequestInstant

RECEIVED = datetime(2025, 8, 29, 7, 59, 59, 999_999, tzinfo=UTC)


def _seen(request: HttpRequest) -> tuple[datetime, datetime]:
    """The instants that a view sees for this request."""
    seen: list[datetime] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.extend((request.received_at, clock.now()))  # type: ignore[attr-defined]
        return HttpResponse()

    with clock.at(RECEIVED):
        RequestInstant(view)(request)
    return seen[0], seen[1]


def test_a_request_sees_one_instant() -> None:
    assert _seen(RequestFactory().get("/")) == (RECEIVED, RECEIVED)


def test_a_trusted_proxy_tells_the_moment_of_receipt(settings: Settings) -> None:
    settings.GONGMO_REQUEST_START_HEADER = "X-Request-Start"
    told = RECEIVED - timedelta(seconds=3)

    received, now = _seen(RequestFactory().get("/", HTTP_X_REQUEST_START=f"t={told.timestamp():.6f}"))

    assert received == now
    assert abs(received - told) < timedelta(milliseconds=1)


def test_a_proxy_may_tell_milliseconds(settings: Settings) -> None:
    settings.GONGMO_REQUEST_START_HEADER = "X-Request-Start"
    told = RECEIVED - timedelta(seconds=3)

    received, _ = _seen(RequestFactory().get("/", HTTP_X_REQUEST_START=f"t={told.timestamp() * 1000:.0f}"))

    assert abs(received - told) < timedelta(milliseconds=2)


@pytest.mark.parametrize("told", ["", "soon", "t=nan", "t=1e99", "t=0", "t=99999999999"])
def test_an_impossible_moment_of_receipt_is_not_believed(settings: Settings, told: str) -> None:
    settings.GONGMO_REQUEST_START_HEADER = "X-Request-Start"

    assert _seen(RequestFactory().get("/", HTTP_X_REQUEST_START=told)) == (RECEIVED, RECEIVED)


def test_a_told_moment_is_not_believed_without_the_setting() -> None:
    told = RECEIVED - timedelta(seconds=3)

    assert _seen(RequestFactory().get("/", HTTP_X_REQUEST_START=str(told.timestamp())))[0] == RECEIVED


def test_health_answers_without_a_database(client: Client) -> None:
    response = client.get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_an_unknown_page_says_what_to_do_in_korean(client: Client) -> None:
    response = client.get("/no-such-page/", headers={"accept-language": "en"})

    assert response.status_code == 404
    assert "찾으시는 내용이 없거나" in response.content.decode()
    assert response["X-Request-ID"]


@pytest.mark.django_db
def test_the_language_is_kept_by_a_cookie(client: Client) -> None:
    client.post("/language/", {"language": "en", "next": "/somewhere/"})

    response = client.get("/no-such-page/")

    assert response["Content-Language"] == "en"
    assert "There is no such page" in response.content.decode()


@pytest.mark.django_db
def test_a_choice_never_leads_to_another_site(client: Client) -> None:
    response = client.post("/language/", {"language": "en", "next": "https://elsewhere.example/"})

    assert response["Location"] == "/"


@pytest.mark.django_db
def test_a_forged_form_is_refused_with_a_sentence() -> None:
    response = Client(enforce_csrf_checks=True).post("/act-as/", {"capacity": "x"})

    assert response.status_code == 403
    assert "새로 고친 뒤" in response.content.decode()


@pytest.mark.django_db
def test_pages_forbid_inline_scripts_and_styles(client: Client) -> None:
    policy = client.get("/no-such-page/")["Content-Security-Policy"]

    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


@pytest.mark.django_db
def test_a_program_gets_its_refusal_as_json(client: Client) -> None:
    response = client.get("/no-such-page/", headers={"accept": "application/json"})

    assert response.status_code == 404
    assert response.json()["code"] == "not_found"
