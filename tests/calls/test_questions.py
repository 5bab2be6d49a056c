import pytest

from gongmo.calls import commands
from gongmo.calls.models import Call
from gongmo.calls.queries import questions_of
from gongmo.kernel.actor import PUBLIC, Actor
from gongmo.kernel.errors import BadInput, NotAllowed, NotFound
from gongmo.ledger.models import Entry
from tests.builders import make_agency_officer, make_applicant, publish_sample_call

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency() -> Actor:
    return make_agency_officer()


@pytest.fixture
def call(agency: Actor) -> Call:
    return publish_sample_call(agency)


def test_asker_and_operator_see_an_open_question_and_nobody_else(agency: Actor, call: Call) -> None:
    asker = make_applicant()

    question = commands.ask(actor=asker, call_id=call.pk, title="현물", body="현물을 인정합니까?")

    assert list(questions_of(asker, call)) == [question]
    assert list(questions_of(agency, call)) == [question]
    assert not questions_of(make_applicant(), call).exists()
    assert not questions_of(PUBLIC, call).exists()


def test_public_answer_is_for_everyone_and_a_private_one_is_not(agency: Actor, call: Call) -> None:
    asker = make_applicant()
    one = commands.ask(actor=asker, call_id=call.pk, title="하나", body="하나?")
    two = commands.ask(actor=asker, call_id=call.pk, title="둘", body="둘?")

    commands.answer(actor=agency, question_id=one.pk, answer="예.", public=True)
    commands.answer(actor=agency, question_id=two.pk, answer="아니요.", public=False)

    assert [question.pk for question in questions_of(PUBLIC, call)] == [one.pk]


def test_record_keeps_no_text_of_a_question(call: Call) -> None:
    commands.ask(actor=make_applicant(), call_id=call.pk, title="제목", body="제 번호는 010-0000-0000입니다")

    assert "010-0000-0000" not in Entry.objects.get(act="calls.ask").body


def test_visitors_cannot_ask_and_only_the_operator_answers(call: Call) -> None:
    with pytest.raises(NotAllowed):
        commands.ask(actor=PUBLIC, call_id=call.pk, title="제목", body="내용")

    question = commands.ask(actor=make_applicant(), call_id=call.pk, title="제목", body="내용")
    with pytest.raises(NotAllowed):
        commands.answer(actor=make_agency_officer(), question_id=question.pk, answer="예", public=True)


def test_line_ends_of_a_form_count_as_one_letter(call: Call) -> None:
    question = commands.ask(actor=make_applicant(), call_id=call.pk, title="하나", body="가\r\n" * 2000)

    assert len(question.body) == 3999


def test_empty_texts_are_refused_and_name_their_field(call: Call) -> None:
    with pytest.raises(BadInput) as refusal:
        commands.ask(actor=make_applicant(), call_id=call.pk, title=" ", body="내용")

    assert refusal.value.field == "title"


def test_who_may_not_answer_learns_nothing_from_an_empty_answer(call: Call) -> None:
    stranger, asker = make_applicant(), make_applicant()
    question = commands.ask(actor=asker, call_id=call.pk, title="질문", body="내용")

    for text in ("", "답변"):
        with pytest.raises(NotAllowed):
            commands.answer(actor=stranger, question_id=question.pk, answer=text, public=True)


def test_answering_what_is_not_there_is_not_found(agency: Actor) -> None:
    with pytest.raises(NotFound):
        commands.answer(actor=agency, question_id=999, answer="예", public=True)
