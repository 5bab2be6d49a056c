"""What was asked or decided by mistake: a request is taken back, and an exclusion that its facts no longer carry is said."""

from http import HTTPStatus

import pytest

from gongmo.definition.application import FactSource, Truth
from gongmo.kernel import clock
from gongmo.kernel.errors import BadInput, NotAllowed, Refused
from gongmo.ledger.models import Entry
from gongmo.screening import commands
from gongmo.screening.models import Supplement
from gongmo.screening.states import ReviewState, SupplementState
from tests.builders import make_ministry_officer
from tests.screening.builders import AT_REVIEW, excluded, found_out, in_review
from tests.screening.test_pages import page, post, signed_in

pytestmark = pytest.mark.django_db


def test_a_request_asked_by_mistake_is_taken_back_and_the_review_goes_on() -> None:
    found = in_review()
    post(found, found.agency, "supplement", what="잘못 고른 신청입니다.", due_at="2030-04-10T18:00")
    asked = Supplement.objects.get()
    with clock.at(AT_REVIEW):
        with pytest.raises(BadInput):
            commands.withdraw_supplement(actor=found.agency, supplement_id=asked.pk, reason=" ")
        with pytest.raises(NotAllowed):
            commands.withdraw_supplement(
                actor=make_ministry_officer(), supplement_id=asked.pk, reason="거둡니다."
            )
    given = {"supplement": str(asked.pk), "reason": "다른 신청에 할 요청이었습니다."}
    status, words = post(found, found.second, "withdraw-supplement", **given)
    again, refusal = post(found, found.second, "withdraw-supplement", **given)
    asked.refresh_from_db()
    with clock.at(AT_REVIEW):
        own = (
            signed_in(found.items[0].lead)
            .get(f"/applications/{asked.application_id}/screening/")
            .content.decode()
        )
        with pytest.raises(Refused):
            commands.answer_supplement(actor=found.items[0].lead, supplement_id=asked.pk, answer="답")

    assert (status, "보완 요청을 거두고" in words) == (HTTPStatus.OK, True)
    assert (again, "이미 ‘요청 거둠’ 상태입니다" in refusal) == (HTTPStatus.CONFLICT, True)
    assert (asked.state, found.review().state) == (SupplementState.WITHDRAWN, ReviewState.OPEN)
    assert "요청 거둠" in own
    assert Entry.objects.filter(act="screening.withdraw_supplement").count() == 1


def test_an_exclusion_that_no_recorded_fact_carries_any_more_is_said() -> None:
    found = in_review()
    with clock.at(AT_REVIEW):
        excluded(found)
    _, before = page(found, found.agency)
    with clock.at(AT_REVIEW):
        found_out(found, found.partner(), Truth.NO, FactSource.OFFICER)
    _, after = page(found, found.agency)
    assert "제외 근거가 지금 기록된 사실과 맞지 않습니다" not in before
    assert "제외 근거가 지금 기록된 사실과 맞지 않습니다" in after
