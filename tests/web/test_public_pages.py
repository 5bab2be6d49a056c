"""Pages for everyone: answered from memory, never stale, and holding nothing of anybody."""

import gzip
from datetime import datetime, timedelta

import brotli
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gongmo.calls import commands
from gongmo.calls.models import Call
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.clock import SEOUL
from gongmo.parties.models import Organisation
from tests.builders import AT_OPENING, CLOSES, make_agency_officer, make_applicant, publish_sample_call
from tests.calls.test_pages import signed_in
from tests.sample_call import sample_definition

pytestmark = pytest.mark.django_db
MICROSECOND = timedelta(microseconds=1)


@pytest.fixture
def agency() -> Actor:
    return make_agency_officer()


@pytest.fixture
def call(agency: Actor) -> Call:
    return publish_sample_call(agency)


def read(client: Client, path: str, at: datetime = AT_OPENING, **headers: str) -> tuple[str, str]:
    """The page's text and its tag."""
    with clock.at(at):
        answer = client.get(path, headers=headers)
    assert answer.status_code == 200
    return answer.content.decode(), answer["ETag"]


def test_second_reader_is_answered_from_memory(call: Call) -> None:
    client, path = Client(), f"/calls/{call.slug}/"
    first, tag = read(client, path)

    with CaptureQueriesContext(connection) as queries:
        again = read(client, path, AT_OPENING + timedelta(hours=1))

    assert again == (first, tag)
    assert len(queries) == 1


def test_page_that_the_reader_holds_is_not_sent_again(call: Call) -> None:
    client, path = Client(), f"/calls/{call.slug}/"
    _, tag = read(client, path)

    with clock.at(AT_OPENING), CaptureQueriesContext(connection) as queries:
        held = client.get(path, headers={"if-none-match": tag})
        other = client.get(path, headers={"if-none-match": '"other"'})

    assert (held.status_code, held.content, held["ETag"]) == (304, b"", tag)
    assert "max-age" in held["Cache-Control"]
    assert other.status_code == 200
    assert len(queries) == 2


def test_date_of_the_last_change_is_understood_too(call: Call) -> None:
    client, path = Client(), f"/calls/{call.slug}/"
    with clock.at(AT_OPENING):
        page = client.get(path)
        held = client.get(path, headers={"if-modified-since": page["Last-Modified"]})
        older = client.get(path, headers={"if-modified-since": "Mon, 01 Jan 2024 00:00:00 GMT"})
        odd = client.get(path, headers={"if-modified-since": "어제"})

    assert [held.status_code, older.status_code, odd.status_code] == [304, 200, 200]


@pytest.mark.parametrize(
    "page", ["/", "/calls/", "/calls/sample-call/", "/calls/feed/", "/calls/bizinfo.json"]
)
def test_extension_shows_at_once_everywhere(call: Call, agency: Actor, page: str) -> None:
    client = Client()
    before = read(client, page)

    with clock.at(AT_OPENING):
        commands.extend(
            actor=agency, call_id=call.pk, closes_at=CLOSES + timedelta(days=3), reason="접수 장애"
        )

    after = read(client, page)
    assert after[0] != before[0]
    assert after[1] != before[1]


def test_correction_answer_and_cancelling_show_at_once(call: Call, agency: Actor) -> None:
    client, path = Client(), f"/calls/{call.slug}/"
    read(client, path)
    with clock.at(AT_OPENING):
        commands.correct(
            actor=agency,
            call_id=call.pk,
            definition=sample_definition(purpose={"ko": "고친 목적입니다.", "en": "A corrected purpose."}),
            reason="목적을 고칩니다",
        )
        assert "고친 목적입니다." in read(client, path)[0]

        asked = commands.ask(actor=make_applicant(), call_id=call.pk, title="현물 질문", body="되나요?")
        assert "현물 질문" not in read(client, path)[0]
        commands.answer(actor=agency, question_id=asked.pk, answer="됩니다.", public=True)
        assert "됩니다." in read(client, path)[0]

        commands.cancel(actor=agency, call_id=call.pk, reason="예산")
        assert "공고를 취소합니다" in read(client, path)[0]


def test_renamed_operator_shows_at_once(call: Call) -> None:
    client, path = Client(), f"/calls/{call.slug}/"
    read(client, path)

    operator = Organisation.objects.get(pk=call.operator_id)
    operator.name = "이름을 바꾼 기관"
    operator.save()

    assert "이름을 바꾼 기관" in read(client, path)[0]


def test_page_says_something_else_from_the_very_instant_on(call: Call) -> None:
    client, path = Client(), f"/calls/{call.slug}/"

    assert "접수 전" in read(client, path, call.opens_at - MICROSECOND)[0]
    assert "신청하기" in read(client, path, call.opens_at)[0]
    assert "신청하기" in read(client, path, CLOSES - MICROSECOND)[0]
    assert "신청하기" not in read(client, path, CLOSES)[0]
    # The clock of a rehearsal may go back.
    assert "신청하기" in read(client, path, CLOSES - MICROSECOND)[0]


def test_days_left_follow_midnight_in_seoul(call: Call) -> None:
    client, path = Client(), "/calls/"
    midnight = datetime(2030, 3, 15, 0, 0, tzinfo=SEOUL)

    assert ">1일</time>" in read(client, path, midnight - MICROSECOND)[0]
    assert ">오늘 마감</time>" in read(client, path, midnight)[0]


def test_nobody_may_keep_the_page_beyond_the_next_instant(call: Call) -> None:
    client, path = Client(), f"/calls/{call.slug}/"
    with clock.at(CLOSES - timedelta(seconds=4)):
        late = client.get(path)["Cache-Control"]
    with clock.at(AT_OPENING):
        usual = client.get(path)["Cache-Control"]

    assert late == "public, max-age=4, stale-while-revalidate=0"
    assert usual == "public, max-age=10, stale-while-revalidate=30"


def test_language_and_contrast_are_kept_apart(call: Call) -> None:
    client, path = Client(), f"/calls/{call.slug}/"
    korean = read(client, path)[0]
    client.cookies["gongmo_language"] = "en"
    english = read(client, path)[0]
    client.cookies["gongmo_contrast"] = "high"
    contrast = read(client, path)[0]
    client.cookies.clear()

    assert "Who may apply" in english
    assert 'data-krds-mode="high-contrast"' not in english
    assert 'data-krds-mode="high-contrast"' in contrast
    assert read(client, path)[0] == korean


def test_signed_in_person_gets_a_page_of_the_own_that_nobody_else_sees(call: Call, agency: Actor) -> None:
    client, path = signed_in(agency), f"/calls/{call.slug}/"
    with clock.at(AT_OPENING):
        own = client.get(path)
        client.cookies.clear()
        public = client.get(path)

    assert "공고 운영" in own.content.decode()
    assert own["Cache-Control"] == "private, no-store"
    assert "공고 운영" not in public.content.decode()
    assert public["Cache-Control"].startswith("public")


def test_kept_page_holds_no_token_no_clock_and_sets_no_cookie(call: Call) -> None:
    with clock.at(AT_OPENING):
        answer = Client().get(f"/calls/{call.slug}/")

    page = answer.content.decode()
    assert "csrf" not in page.lower()
    assert "2030-02-10" not in page
    assert not answer.cookies
    assert answer["Vary"] == "Accept-Encoding, Cookie"
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_unknown_parameters_make_no_page_of_their_own(call: Call) -> None:
    client = Client()
    plain = read(client, "/calls/?q=가상")

    with CaptureQueriesContext(connection) as queries:
        marked = read(client, "/calls/?utm_source=<b>&q=가상&page=")

    assert marked == plain
    assert len(queries) == 1


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("gzip, br", "br"), ("gzip;q=0.5", "gzip"), ("br;q=0, gzip", "gzip"), ("identity", ""), ("", "")],
)
def test_page_comes_in_the_best_form_that_the_reader_takes(call: Call, accepted: str, encoding: str) -> None:
    client, path = Client(), f"/calls/{call.slug}/"
    plain = read(client, path)[0].encode()

    with clock.at(AT_OPENING):
        answer = client.get(path, headers={"accept-encoding": accepted})

    assert answer.get("Content-Encoding", "") == encoding
    opened = {"br": brotli.decompress, "gzip": gzip.decompress}.get(encoding, bytes)(answer.content)
    assert opened == plain
    assert int(answer["Content-Length"]) == len(answer.content)


def test_server_tells_its_clock_and_nobody_keeps_it() -> None:
    with clock.at(AT_OPENING):
        answer = Client().get("/clock/")

    assert datetime.fromisoformat(answer.content.decode().strip()) == AT_OPENING
    assert answer["Cache-Control"] == "no-store"


def test_missing_and_refused_pages_are_not_kept(call: Call) -> None:
    client = Client()
    with clock.at(AT_OPENING):
        assert client.get("/calls/later/").status_code == 404
        publish_sample_call(slug="later")
        assert client.get("/calls/later/").status_code == 200
        assert "Cache-Control" not in client.get("/calls/nowhere/")
