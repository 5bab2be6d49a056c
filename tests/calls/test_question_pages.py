"""Questions in the browser: asked, found, answered in time, corrected in the open, and never with a name."""

from datetime import datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from gongmo.calls import commands, due
from gongmo.calls.models import Answer, Call, Notice, Question
from gongmo.definition.model import Period
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, Refused
from tests.builders import AT_OPENING, make_agency_officer, make_applicant, publish_sample_call
from tests.calls.test_pages import signed_in
from tests.sample_call import sample_definition

pytestmark = pytest.mark.django_db

PERIOD = {
    "id": "question_answer",
    "default": {"ko": "정한 바 없음", "en": "not stated"},
    "name": {"ko": "질문 답변", "en": "Answer"},
    "days": 3,
    "unit": "working",
}


@pytest.fixture
def agency() -> Actor:
    return make_agency_officer()


@pytest.fixture
def call(agency: Actor) -> Call:
    return publish_sample_call(agency, sample_definition(periods=[PERIOD]))


def ask(call: Call, title: str = "현물", actor: Actor | None = None) -> Question:
    with clock.at(AT_OPENING):
        return commands.ask(
            actor=actor or make_applicant(), call_id=call.pk, title=title, body=f"{title} 됩니까?"
        )


def answer(
    agency: Actor, question: Question, text: str = "됩니다.", public: bool = True, why: str = ""
) -> None:
    with clock.at(AT_OPENING + timedelta(hours=1)):
        commands.answer(actor=agency, question_id=question.pk, answer=text, public=public, reason=why)


def page(client: Client, path: str, at: datetime = AT_OPENING) -> BeautifulSoup:
    with clock.at(at):
        response = client.get(path)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def test_published_answer_never_shows_who_asked(call: Call, agency: Actor) -> None:
    asker = make_applicant()
    question = ask(call, actor=asker)
    answer(agency, question)

    for client in (Client(), signed_in(make_applicant())):
        for path in (f"/calls/{call.slug}/questions/", f"/calls/{call.slug}/questions/{question.pk}/"):
            text = page(client, path).select_one("main").get_text()  # type: ignore[union-attr]
            assert "됩니다." in text
            assert asker.name not in text
            assert asker.organisation_name not in text


def test_search_finds_words_in_question_and_answer_that_the_reader_may_see(call: Call, agency: Actor) -> None:
    answer(agency, ask(call, "현물"), "임차료도 됩니다.")
    answer(agency, ask(call, "비밀"), "임차료는 안 됩니다.", public=False)

    found = page(Client(), f"/calls/{call.slug}/questions/?q=임차료")
    none = page(Client(), f"/calls/{call.slug}/questions/?q=비밀")

    assert [fold.summary.get_text() for fold in found.select("main details")] == ["현물"]  # type: ignore[union-attr]
    assert not none.select("main details")


def test_operator_sees_what_waits_the_oldest_first_with_its_due_day(call: Call, agency: Actor) -> None:
    first = ask(call, "첫째")
    ask(call, "둘째")
    client, path = signed_in(agency), f"/calls/{call.slug}/questions/?state=waiting"

    early = page(client, path)
    late = page(client, path, AT_OPENING + timedelta(days=10))
    for question in Question.objects.all():
        answer(agency, question)

    assert [row.th.get_text() for row in early.select("tbody tr")] == ["첫째", "둘째"]  # type: ignore[union-attr]
    # Asked on Sunday 10 February: Monday, Tuesday, Wednesday.
    assert "2030. 2. 13." in early.select_one("tbody tr").get_text()  # type: ignore[union-attr]
    assert "기한 지남" in late.get_text()
    assert "모두 답변했습니다" in page(client, path).get_text()
    assert first.title in page(Client(), f"/calls/{call.slug}/questions/").get_text()


def test_due_day_passes_over_weekends_and_holidays() -> None:
    working = Period.model_validate(PERIOD)
    calendar = Period.model_validate(PERIOD | {"unit": "calendar", "days": 1})
    # Friday 28 February 2025; Saturday 1 March is a holiday, Monday 3 March its substitute.
    friday = datetime.fromisoformat("2025-02-28T09:00:00+09:00")

    assert due.due_day(working, friday).isoformat() == "2025-03-06"
    assert due.due_day(calendar, friday).isoformat() == "2025-03-04"


def test_published_answer_is_corrected_in_the_open(call: Call, agency: Actor) -> None:
    question = ask(call)
    answer(agency, question)
    client = signed_in(agency)

    with clock.at(AT_OPENING + timedelta(days=1)):
        silent = client.post(f"/questions/{question.pk}/answer/", {"answer": "안 됩니다.", "public": "yes"})
        told = client.post(
            f"/questions/{question.pk}/answer/",
            {"answer": "안 됩니다.", "public": "yes", "reason": "조항을 잘못 읽었습니다"},
        )

    assert silent.status_code == 422
    assert "안 됩니다." in silent.content.decode()
    assert told.status_code == 302
    public = page(Client(), f"/calls/{call.slug}/questions/{question.pk}/").get_text()
    assert "안 됩니다." in public
    assert "됩니다." in public
    assert "조항을 잘못 읽었습니다" in public
    assert [version.number for version in Answer.objects.order_by("number")] == [1, 2]
    assert Notice.objects.filter(title="답변 정정: 현물", body="조항을 잘못 읽었습니다").exists()


def test_published_answer_cannot_be_taken_back_nor_saved_unchanged(call: Call, agency: Actor) -> None:
    question = ask(call)
    answer(agency, question)

    with pytest.raises(Refused) as hidden:
        answer(agency, question, "됩니다.", public=False)
    with pytest.raises(Refused) as same:
        answer(agency, question, "됩니다.")

    assert (hidden.value.code, same.value.code) == ("answer_published", "answer_unchanged")


def test_private_answer_changes_freely_and_its_earlier_text_stays_private(call: Call, agency: Actor) -> None:
    question = ask(call)
    answer(agency, question, "아마도요.", public=False)
    answer(agency, question, "됩니다.", public=True)

    public = page(Client(), f"/calls/{call.slug}/questions/{question.pk}/").get_text()

    assert "됩니다." in public
    assert "아마도요." not in public
    assert not Notice.objects.filter(title__startswith="답변 정정").exists()


def test_questions_page_offers_asking_to_those_who_may(call: Call, agency: Actor) -> None:
    path = f"/calls/{call.slug}/questions/"

    assert page(Client(), path).select_one("form[action$='/ask/']") is None
    assert page(signed_in(make_applicant()), path).select_one("form[action$='/ask/']") is not None
    assert page(signed_in(agency), path).select_one("form[action$='/ask/']") is None


def test_question_of_another_call_is_not_found(call: Call, agency: Actor) -> None:
    question = ask(call)
    answer(agency, question)
    other = publish_sample_call(slug="other")

    assert Client().get(f"/calls/{other.slug}/questions/{question.pk}/").status_code == 404


def test_answer_needs_a_text(call: Call, agency: Actor) -> None:
    with pytest.raises(BadInput):
        answer(agency, ask(call), "  ")
