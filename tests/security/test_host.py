"""The Host header of one request stands in nothing that is kept for, or mailed to, somebody else."""

import pytest
from django.core import mail
from django.core.exceptions import DisallowedHost
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import Settings

from gongmo.kernel import clock
from gongmo.kernel.actor import OrganisationRole
from gongmo.parties.models import Membership, Person
from gongmo.web.origin import NamedOrigin, absolute, origin
from tests.builders import AT_OPENING, make_agency_officer, publish_sample_call

SITE = "https://gongmo.example.kr"


@pytest.fixture(autouse=True)
def site(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["gongmo.example.kr", "other.example.kr", "[::1]"]
    settings.GONGMO_SITE_URL = SITE


def asked(host: str, *, secure: bool = True, **more: str) -> str:
    return origin(RequestFactory().get("/", secure=secure, headers={"host": host}, **more))


@pytest.mark.parametrize(
    ("host", "named"),
    [
        ("gongmo.example.kr", SITE),
        ("GONGMO.example.KR.", SITE),
        ("gongmo.example.kr:443", SITE),
        ("other.example.kr", "https://other.example.kr"),
        ("[::1]", "https://[::1]"),
        ("other.example.kr:6666", SITE),
        ("gongmo.example.kr:80", SITE),
        ("gongmo.example.kr:0443", SITE),
        ("[::1]:6666", SITE),
    ],
)
def test_an_address_that_is_written_is_one_of_the_sites(host: str, named: str) -> None:
    assert asked(host) == named


def test_a_name_that_is_not_the_sites_is_refused() -> None:
    with pytest.raises(DisallowedHost):
        asked("evil.example")


def test_the_sites_own_port_is_written_and_that_of_the_server_where_nothing_stands_in_front(
    settings: Settings,
) -> None:
    settings.GONGMO_SITE_URL = f"{SITE}:8443"
    assert asked("other.example.kr:8443") == "https://other.example.kr:8443"

    served = {"SERVER_PORT": "8120"}
    assert asked("gongmo.example.kr:8120", secure=False, **served) == "http://gongmo.example.kr:8120"

    settings.GONGMO_BEHIND_PROXY = True
    assert asked("gongmo.example.kr:8120", secure=False, **served) == settings.GONGMO_SITE_URL


def test_libraries_write_the_same_addresses() -> None:
    request = RequestFactory().get("/a/b/?c=d", secure=True, headers={"host": "gongmo.example.kr:6666"})
    NamedOrigin(lambda asked: asked)(request)  # type: ignore[arg-type, return-value]

    wanted = {
        None: "/a/b/?c=d",
        "/한글/": "/%ED%95%9C%EA%B8%80/",
        "?e=f": "/a/b/?e=f",
        "../x/": "/a/x/",
    }
    assert {each: request.build_absolute_uri(each) for each in wanted} == {
        each: SITE + path for each, path in wanted.items()
    }
    assert request.build_absolute_uri("https://elsewhere.example/x") == "https://elsewhere.example/x"


def test_a_path_that_begins_with_two_slashes_leads_nowhere_else() -> None:
    request = RequestFactory().get("//evil.example/x", secure=True, headers={"host": "gongmo.example.kr"})

    assert absolute(request).startswith(f"{SITE}/")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/calls/feed/", "/calls/bizinfo.json", "/calls/calendar.ics", "/calls/sample-call/calendar.ics"]
)
def test_a_kept_page_holds_no_port_that_somebody_made_up(path: str) -> None:
    publish_sample_call(make_agency_officer())
    with clock.at(AT_OPENING):
        odd, usual = (
            Client().get(path, secure=True, headers={"host": host}).content.decode()
            for host in ("gongmo.example.kr:6666", "gongmo.example.kr")
        )

    assert odd == usual
    assert f"{SITE}/calls/sample-call/" in odd.replace("\r\n ", "")
    assert "6666" not in odd


@pytest.mark.django_db
@pytest.mark.parametrize("door", ["/accounts/password/reset/", "/accounts/signup/"])
def test_no_mail_leads_to_a_port_that_somebody_made_up(person: Person, door: str) -> None:
    form = {
        "display_name": "담당자 B",
        "password1": "correct horse battery",
        "password2": "correct horse battery",
    }
    for email in (person.email, "nobody@example.com"):
        Client().post(door, {**form, "email": email}, secure=True, headers={"host": "gongmo.example.kr:6666"})

    assert len(mail.outbox) == 2
    assert all(SITE in each.body for each in mail.outbox)
    assert not any("6666" in each.body for each in mail.outbox)


@pytest.mark.django_db
def test_an_invitation_leads_to_the_site_however_its_sender_reached_it(person: Person) -> None:
    place = Membership.objects.get(person=person, role=OrganisationRole.OWNER)
    client = Client()
    client.force_login(person)

    page = client.post(
        f"/organisations/{place.organisation_id}/invite/",
        {"role": "writer", "by": "link"},
        secure=True,
        headers={"host": "gongmo.example.kr:6666"},
    )

    assert f"{SITE}{reverse('parties:join', args=['x'])[:-2]}" in page.content.decode()
    assert "6666" not in page.content.decode()
