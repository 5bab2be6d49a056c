"""The page on which the agency publishes a call: nothing is public before it was read."""

from http import HTTPStatus

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gongmo.calls.models import Call
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.canonical import canonical_json
from tests.builders import (
    AT_OPENING,
    make_agency_officer,
    make_applicant,
    make_ministry_officer,
    make_task_force_officer,
)
from tests.calls.test_pages import signed_in
from tests.sample_call import sample_definition, sample_regional

pytestmark = pytest.mark.django_db

SAMPLE = canonical_json(sample_definition().model_dump(mode="json"))
CONFIRMED = {
    "publish": "yes",
    "text": SAMPLE,
    "name": "call.json",
    "slug": "my-call",
    "opens_at": "2030-03-01T09:00",
    "closes_at": "2030-03-20T17:00",
}


@pytest.fixture
def agency() -> Actor:
    return make_agency_officer()


def upload(client: Client, text: str, name: str = "call.json") -> tuple[int, str]:
    with clock.at(AT_OPENING):
        response = client.post("/publish/", {"definition": SimpleUploadedFile(name, text.encode())})
    return response.status_code, response.content.decode()


def test_only_the_agency_learns_of_the_page(agency: Actor) -> None:
    others = (make_applicant(), make_ministry_officer(), make_task_force_officer())

    assert signed_in(agency).get("/publish/").status_code == HTTPStatus.OK
    for client in (Client(), *map(signed_in, others)):
        assert client.get("/publish/").status_code == HTTPStatus.NOT_FOUND
        assert client.post("/publish/", CONFIRMED).status_code == HTTPStatus.NOT_FOUND


def test_an_upload_shows_the_rules_and_publishes_nothing(agency: Actor) -> None:
    status, html = upload(signed_in(agency), SAMPLE)

    assert status == HTTPStatus.OK
    assert "이대로 공고하시겠습니까" in html
    assert "누가 제외됩니까" in html
    assert not Call.objects.exists()


def test_problems_are_told_by_their_line(agency: Actor) -> None:
    status, html = upload(signed_in(agency), "format: gongmo/call/1\nid: 5\n", "call.yaml")

    assert status == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "2번째 줄" in html
    assert "파일을 고쳐 다시 올려 주세요" in html


def test_no_file_at_all_is_said_plainly(agency: Actor) -> None:
    response = signed_in(agency).post("/publish/")

    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "공고 정의 파일을 골라 주세요" in response.content.decode()


def test_the_confirmed_definition_is_published_under_its_name_and_window(agency: Actor) -> None:
    with clock.at(AT_OPENING):
        response = signed_in(agency).post("/publish/", CONFIRMED)

    call = Call.objects.get()
    assert response["Location"] == "/calls/my-call/"
    assert (call.slug, call.operator_id) == ("my-call", agency.organisation)
    assert f"{call.closes_at:%Y-%m-%dT%H:%M}" == "2030-03-20T08:00"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"slug": "이름 / 한글"}, "영문 소문자"),
        ({"closes_at": ""}, "날짜와 시각을 골라 주세요"),
        ({"closes_at": "2030-02-01T17:00"}, "접수 시작이 마감보다 앞서야"),
        ({"opens_at": "2030-01-01T09:00", "closes_at": "2030-02-01T17:00"}, "이미 지났습니다"),
    ],
)
def test_a_refusal_keeps_what_was_typed(agency: Actor, change: dict[str, str], words: str) -> None:
    with clock.at(AT_OPENING):
        response = signed_in(agency).post("/publish/", CONFIRMED | change)

    html = response.content.decode()
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert words in html
    assert f'value="{(CONFIRMED | change)["opens_at"]}"' in html
    assert not Call.objects.exists()


def test_a_taken_name_is_refused(agency: Actor) -> None:
    client = signed_in(agency)
    with clock.at(AT_OPENING):
        client.post("/publish/", CONFIRMED)
        again = client.post("/publish/", CONFIRMED)

    assert again.status_code == HTTPStatus.CONFLICT
    assert "이미 있습니다" in again.content.decode()


def test_a_second_level_definition_is_sent_to_its_agreement(agency: Actor) -> None:
    text = canonical_json(sample_regional().model_dump(mode="json"))

    with clock.at(AT_OPENING):
        response = signed_in(agency).post("/publish/", CONFIRMED | {"text": text})

    assert response.status_code == HTTPStatus.CONFLICT
    assert "먼저 협약을 골라 주세요" in response.content.decode()


def test_differences_from_the_programmes_last_call_are_shown(agency: Actor) -> None:
    client = signed_in(agency)
    with clock.at(AT_OPENING):
        client.post("/publish/", CONFIRMED)
    changed = sample_definition(purpose={"ko": "새 목적입니다.", "en": "A new purpose."})

    _, html = upload(client, canonical_json(changed.model_dump(mode="json")))

    assert "앞선 공고와 다른 곳" in html
    assert "새 목적입니다." in html


def test_the_preview_takes_a_fixed_number_of_queries(agency: Actor) -> None:
    client = signed_in(agency)
    upload(client, SAMPLE)

    with CaptureQueriesContext(connection) as queries:
        upload(client, SAMPLE)

    assert len(queries) <= 8


def test_announcement_is_read_before_it_is_published_and_then_stands_on_the_call(agency: Actor) -> None:
    client = signed_in(agency)
    text = "## 안내\n**굵게** <b>글자</b>"
    with clock.at(AT_OPENING):
        preview = client.post(
            "/publish/",
            {
                "definition": SimpleUploadedFile("call.json", SAMPLE.encode()),
                "announcement_ko": SimpleUploadedFile("announcement.ko.md", text.encode()),
            },
        )
        client.post("/publish/", CONFIRMED | {"announcement_ko": text})
        page = Client().get("/calls/my-call/").content.decode()

    assert "<strong>굵게</strong> &lt;b&gt;글자&lt;/b&gt;" in preview.content.decode()
    assert "<strong>굵게</strong> &lt;b&gt;글자&lt;/b&gt;" in page


@pytest.mark.parametrize("content", [b"\xff\xfe\x00bad", b"a\x00b", b"x" * 400_001])
def test_announcement_that_is_no_text_is_refused(agency: Actor, content: bytes) -> None:
    with clock.at(AT_OPENING):
        answer = signed_in(agency).post(
            "/publish/",
            {
                "definition": SimpleUploadedFile("call.json", SAMPLE.encode()),
                "announcement_ko": SimpleUploadedFile("announcement.ko.md", content),
            },
        )

    assert answer.status_code == 422
    assert "안내문은 UTF-8" in answer.content.decode()


def test_correcting_the_announcement_alone_makes_a_version(agency: Actor) -> None:
    client = signed_in(agency)
    with clock.at(AT_OPENING):
        client.post("/publish/", CONFIRMED | {"announcement_ko": "처음"})
        call = Call.objects.get(slug="my-call")
        again = call.version.definition  # type: ignore[union-attr]
        preview = client.post(
            "/calls/my-call/correct/",
            {
                "definition": SimpleUploadedFile("call.json", again.encode()),
                "announcement_ko": SimpleUploadedFile("a.md", "고친 글".encode()),
            },
        )
        done = client.post(
            "/calls/my-call/correct/",
            {"publish": "yes", "text": again, "reason": "오타", "announcement_ko": "고친 글"},
        )

    assert "안내문도 새로 올린 글로 바뀝니다" in preview.content.decode()
    assert done.status_code == 302
    assert [version.announcement_ko for version in call.versions.order_by("number")] == ["처음", "고친 글"]
