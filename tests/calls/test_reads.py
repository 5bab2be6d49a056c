"""Which question, answer and news a reader gets."""

from dataclasses import replace
from datetime import timedelta

import pytest

from gongmo.calls import commands, search
from gongmo.calls.queries import answers_of, latest_of, question_by_id, questions_found
from gongmo.calls.search import Wanted
from gongmo.kernel.actor import PUBLIC, Actor
from gongmo.kernel.errors import NotFound
from tests.builders import AFTER, AT_OPENING, make_agency_officer, make_applicant, publish_sample_call

pytestmark = pytest.mark.django_db


def test_a_question_and_its_answers_are_shown_as_far_as_they_are_public() -> None:
    agency, asker, other = make_agency_officer(), make_applicant(), make_applicant()
    call = publish_sample_call(agency)
    asked = commands.ask(actor=asker, call_id=call.pk, title="현물", body="현물을 인정합니까?")
    second = commands.ask(actor=other, call_id=call.pk, title="기한", body="기한이 있습니까?")

    for reader in (agency, asker):
        assert question_by_id(reader, asked.pk) == asked
    for reader in (other, PUBLIC):
        with pytest.raises(NotFound):
            question_by_id(reader, asked.pk)
    with pytest.raises(NotFound):
        question_by_id(agency, 10**9)

    def found(reader: Actor, **wanted: str) -> list[int]:
        return [each.pk for each in questions_found(reader, call, **wanted)]

    assert found(agency, state="waiting") == [asked.pk, second.pk]
    assert found(agency, words="현물 인정") == [asked.pk]
    assert found(agency, words="현물 기한") == []
    assert found(other, state="mine") == [second.pk]
    assert found(PUBLIC, state="mine") == []

    commands.answer(actor=agency, question_id=asked.pk, answer="아니요.", public=False)
    commands.answer(actor=agency, question_id=asked.pk, answer="예.", public=True, reason="잘못 답함")
    answered = question_by_id(PUBLIC, asked.pk)
    assert found(agency, state="waiting") == [second.pk]
    for reader, texts in ((agency, ["예.", "아니요."]), (asker, ["예.", "아니요."]), (other, ["예."])):
        assert [each.text for each in answers_of(reader, answered)] == texts


def test_news_and_dates_follow_the_filters_of_the_list(django_assert_num_queries: object) -> None:
    call = publish_sample_call()
    nothing = replace(Wanted(), q="없는 낱말")

    with django_assert_num_queries(2):  # type: ignore[operator]
        news = search.news(PUBLIC, Wanted(), AT_OPENING, limit=5)
        dated = search.dated(PUBLIC, Wanted(), AT_OPENING, limit=5)

    assert [notice.call_id for notice in news] == [call.pk]
    assert dated == [call]
    assert search.news(PUBLIC, Wanted(), AT_OPENING, limit=0) == []
    assert search.news(PUBLIC, nothing, AT_OPENING, limit=5) == []
    # Over: named only where it is asked for.
    later = AFTER + timedelta(days=1)
    assert search.dated(PUBLIC, Wanted(), later, limit=5) == []
    assert search.dated(PUBLIC, replace(Wanted(), state="over"), later, limit=5) == [call]
    assert latest_of(call.programme) == call
    assert latest_of("없는 사업") is None
