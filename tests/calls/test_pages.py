from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gongmo.calls import commands, marks
from gongmo.calls.models import Call, Question
from gongmo.calls.queries import REVIEW_STARTED
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.canonical import canonical_json
from gongmo.ledger.commands import append
from gongmo.parties.models import Person
from tests.builders import (
    AFTER,
    AT_OPENING,
    CLOSES,
    make_agency_officer,
    make_applicant,
    publish_sample_call,
    publish_sample_regional,
)
from tests.sample_call import sample_definition

pytestmark = pytest.mark.django_db


def signed_in(actor: Actor) -> Client:
    """A browser in which the actor's person has signed in."""
    client = Client()
    client.force_login(Person.objects.get(pk=actor.person), backend="gongmo.notices.people.SignedIn")
    return client


@pytest.fixture
def agency() -> Actor:
    return make_agency_officer()


@pytest.fixture
def call(agency: Actor) -> Call:
    return publish_sample_call(agency)


def test_list_counts_open_calls_and_names_the_parent_of_a_second_level_call(call: Call) -> None:
    publish_sample_regional(parent=call)

    with clock.at(AT_OPENING):
        page = BeautifulSoup(Client().get("/calls/").content, "html.parser")

    assert "1건" in page.h1.get_text()  # type: ignore[union-attr]
    [regional] = [item for item in page.select(".calls-item") if "가상 지역 기업 공모" in item.h2.get_text()]  # type: ignore[union-attr]
    assert f"‘{call.title_ko}’의 지역 공고" in regional.get_text()


def test_public_page_says_every_rule_with_its_clause_and_the_deadline(call: Call) -> None:
    with clock.at(AT_OPENING):
        response = Client().get(f"/calls/{call.slug}/")

    page = BeautifulSoup(response.content, "html.parser")
    assert response.status_code == 200
    assert page.select_one(f"time[data-countdown][datetime^='{CLOSES:%Y-%m-%dT%H}']")
    for anchor in ("who", "money", "exclusions", "documents", "criteria", "clauses"):
        assert page.select_one(f"section#{anchor}")
    assert page.select_one("article#clause-T-1")
    assert len(page.select(".calls-limit svg line.gm-limit")) == 3
    assert "style=" not in response.content.decode()


def test_public_page_speaks_english(call: Call) -> None:
    client = Client()
    client.cookies["gongmo_language"] = "en"

    page = client.get(f"/calls/{call.slug}/").content.decode()

    assert "Who may apply" in page
    assert "Made-up regional call" in page


def test_unknown_call_is_not_found() -> None:
    assert Client().get("/calls/nothing/").status_code == 404


@pytest.mark.parametrize("questions", [1, 6])
def test_public_page_takes_one_query_when_it_is_kept_and_seven_after_a_change(
    call: Call, agency: Actor, questions: int
) -> None:
    asker = make_applicant()
    for number in range(questions):
        asked = commands.ask(actor=asker, call_id=call.pk, title=f"질문 {number}", body="내용")
        commands.answer(actor=agency, question_id=asked.pk, answer="답", public=True)
    client = Client()
    client.get(f"/calls/{call.slug}/")
    marks.renew()

    with CaptureQueriesContext(connection) as made:
        assert client.get(f"/calls/{call.slug}/").status_code == 200
    with CaptureQueriesContext(connection) as kept:
        assert client.get(f"/calls/{call.slug}/").status_code == 200

    assert (len(made), len(kept)) == (7, 1)


def test_question_is_asked_and_answered_on_the_page(call: Call, agency: Actor) -> None:
    asker, operator = signed_in(make_applicant()), signed_in(agency)

    asker.post(f"/calls/{call.slug}/ask/", {"title": "현물", "body": "<b>현물</b>을 인정합니까?"})
    question = Question.objects.get()
    operator.post(f"/questions/{question.pk}/answer/", {"answer": "예, 인정합니다.", "public": "yes"})

    page = Client().get(f"/calls/{call.slug}/").content.decode()
    assert "예, 인정합니다." in page
    assert "<b>현물</b>" not in page


def test_refused_question_keeps_what_was_typed(call: Call) -> None:
    response = signed_in(make_applicant()).post(
        f"/calls/{call.slug}/ask/", {"title": "", "body": "길게 쓴 내용"}
    )

    assert response.status_code == 422
    assert "길게 쓴 내용" in response.content.decode()


def test_running_a_call_is_unknown_to_others(call: Call) -> None:
    for client in (Client(), signed_in(make_applicant()), signed_in(make_agency_officer())):
        assert client.get(f"/calls/{call.slug}/manage/").status_code == 404
        assert client.post(f"/calls/{call.slug}/extend/").status_code == 404


def test_operator_extends_for_everyone(call: Call, agency: Actor) -> None:
    client = signed_in(agency)

    with clock.at(AT_OPENING):
        late = client.post(
            f"/calls/{call.slug}/extend/", {"closes_at": "2030-03-01T17:00", "reason": "접수 장애"}
        )
        done = client.post(
            f"/calls/{call.slug}/extend/", {"closes_at": "2030-03-18T17:00", "reason": "접수 장애"}
        )

    assert late.status_code == 409
    assert "접수 장애" in late.content.decode()
    assert done.status_code == 302
    call.refresh_from_db()
    assert call.closes_at == CLOSES + timedelta(days=3)


def test_operator_sees_differences_before_the_correction_is_published(call: Call, agency: Actor) -> None:
    client = signed_in(agency)
    changed = sample_definition(purpose={"ko": "고친 목적입니다.", "en": "A corrected purpose."})
    text = canonical_json(changed.model_dump(mode="json"))
    upload = SimpleUploadedFile("call.json", text.encode())

    preview = client.post(f"/calls/{call.slug}/correct/", {"definition": upload})
    assert "고친 목적입니다." in preview.content.decode()
    assert call.versions.count() == 1
    kept = BeautifulSoup(preview.content, "html.parser").select_one("textarea[name=text]")
    assert kept is not None
    published = client.post(
        f"/calls/{call.slug}/correct/",
        {"publish": "yes", "text": kept.get_text(), "reason": "목적을 고칩니다"},
    )

    assert published.status_code == 302
    assert call.versions.count() == 2


def test_unreadable_definition_is_told_by_its_place(call: Call, agency: Actor) -> None:
    upload = SimpleUploadedFile("call.yaml", b"format: gongmo/call/1\nid: 5\n")

    response = signed_in(agency).post(f"/calls/{call.slug}/correct/", {"definition": upload})

    assert response.status_code == 422
    assert "읽을 수 없습니다" in response.content.decode()


def test_operator_closes_and_cancelling_needs_the_name(call: Call, agency: Actor) -> None:
    client = signed_in(agency)
    with clock.at(AT_OPENING):
        assert client.post(f"/calls/{call.slug}/close/").status_code == 409
        refused = client.post(f"/calls/{call.slug}/cancel/", {"reason": "까닭", "confirm": "아니요"})
    assert refused.status_code == 422

    with clock.at(AFTER):
        assert client.post(f"/calls/{call.slug}/close/").status_code == 302
    client.post(f"/calls/{call.slug}/cancel/", {"reason": "까닭", "confirm": call.slug})

    call.refresh_from_db()
    assert call.state == "cancelled"


def test_only_acts_that_can_succeed_are_offered(call: Call, agency: Actor) -> None:
    client = signed_in(agency)
    url = f"/calls/{call.slug}/manage/"

    with clock.at(AT_OPENING):
        early = client.get(url).content.decode()
    with clock.at(AFTER):
        late = client.get(url).content.decode()
        client.post(f"/calls/{call.slug}/close/")
        append(actor=agency, act=REVIEW_STARTED, subject=("call", call.pk), call=call.slug, payload={})
        reviewing = client.get(url).content.decode()

    assert ("/extend/" in early, "/close/" in early) == (True, False)
    assert ("/extend/" in late, "/close/" in late) == (True, True)
    assert "/extend/" not in reviewing
    assert "마감을 더 연장할 수 없습니다" in reviewing
    assert "/correct/" in reviewing
