"""Before a deadline: whoever has not submitted is told in time, once for each mark, and what is complete is shouted about."""

from datetime import timedelta

import pytest

from gongmo.applications import commands as applications
from gongmo.applications.reminders import remind_deadlines
from gongmo.calls import commands as calls
from gongmo.kernel import clock
from gongmo.notices.models import Notice
from gongmo.tasks import run_waiting
from tests.builders import AT_OPENING, filled_application, make_agency_officer, publish_sample_call

pytestmark = pytest.mark.django_db


def remind(at: object) -> None:
    with clock.at(at):  # type: ignore[arg-type]
        remind_deadlines.func()
        run_waiting()


def told() -> list[str]:
    return list(Notice.objects.filter(category="deadline").order_by("pk").values_list("title_ko", flat=True))


def test_what_is_complete_and_not_submitted_is_said_once_for_each_mark() -> None:
    call = publish_sample_call(make_agency_officer(), slug="open")
    filled_application(call)
    remind(call.closes_at - timedelta(days=4))
    assert told() == []
    for before in (timedelta(days=3), timedelta(days=2), timedelta(hours=23), timedelta(hours=2)):
        remind(call.closes_at - before)
        remind(call.closes_at - before + timedelta(minutes=10))
    assert len(told()) == 3
    assert all("아직 제출하지 않았습니다" in title for title in told())
    assert ["사흘" in told()[0], "하루" in told()[1], "3시간" in told()[2]] == [True, True, True]


def test_what_is_missing_is_named() -> None:
    call = publish_sample_call(make_agency_officer(), slug="open")
    filled = filled_application(call)
    with clock.at(AT_OPENING):
        document = filled.application.documents.filter(removed_at=None)[0]
        applications.detach(actor=filled.lead, document_id=document.pk)
    remind(call.closes_at - timedelta(hours=2))
    notice = Notice.objects.get(category="deadline")
    assert "할 일이 1가지 있습니다" in notice.title_ko
    assert "·" in notice.body_ko


def test_who_has_submitted_or_comes_too_late_is_left_alone() -> None:
    call = publish_sample_call(make_agency_officer(), slug="open")
    filled = filled_application(call)
    with clock.at(call.closes_at - timedelta(days=2)):
        applications.submit(actor=filled.lead, application_id=filled.application.pk)
    remind(call.closes_at - timedelta(hours=1))
    remind(call.closes_at + timedelta(minutes=1))
    assert told() == []


def test_an_extension_reminds_anew() -> None:
    agency = make_agency_officer()
    call = publish_sample_call(agency, slug="open")
    filled_application(call)
    remind(call.closes_at - timedelta(hours=2))
    with clock.at(call.closes_at - timedelta(hours=1)):
        call = calls.extend(
            actor=agency, call_id=call.pk, closes_at=call.closes_at + timedelta(days=7), reason="서버 점검"
        )
    remind(call.closes_at - timedelta(hours=2))
    shouted = [title for title in told() if "제출하지 않았습니다" in title]
    assert len(shouted) == 2
    assert any("연장되었습니다" in title for title in told())
