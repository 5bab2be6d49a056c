import json
from datetime import UTC, datetime, timedelta

import pytest

from gongmo.calls import commands
from gongmo.calls.models import Call, Notice, NoticeKind
from gongmo.calls.queries import definition_of, open_now
from gongmo.calls.states import CallState
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotAllowed, Refused
from gongmo.ledger.models import Entry
from tests.builders import AFTER, AT_OPENING, CLOSES, make_agency_officer, make_applicant, publish_sample_call
from tests.sample_call import sample_definition

pytestmark = pytest.mark.django_db
MICROSECOND = timedelta(microseconds=1)


@pytest.fixture
def agency() -> Actor:
    return make_agency_officer()


@pytest.fixture
def call(agency: Actor) -> Call:
    return publish_sample_call(agency)


def test_call_is_open_until_just_before_the_closing_instant(call: Call) -> None:
    assert not open_now(call, call.opens_at - MICROSECOND)
    assert open_now(call, call.opens_at)
    assert open_now(call, CLOSES - MICROSECOND)
    assert not open_now(call, CLOSES)


def test_close_refuses_before_the_instant_and_closes_at_it(agency: Actor, call: Call) -> None:
    with clock.at(CLOSES - MICROSECOND), pytest.raises(Refused) as refusal:
        commands.close(actor=agency, call_id=call.pk)
    assert refusal.value.code == "call_still_open"

    with clock.at(CLOSES):
        assert commands.close(actor=agency, call_id=call.pk).state == CallState.CLOSED


def test_extend_moves_the_deadline_for_everyone_with_a_notice_and_a_version(
    agency: Actor, call: Call
) -> None:
    later = CLOSES + timedelta(days=3)

    with clock.at(AT_OPENING):
        extended = commands.extend(actor=agency, call_id=call.pk, closes_at=later, reason="접수 장애")

    assert extended.closes_at == later == definition_of(extended).closes()
    assert str(definition_of(extended).intake.channels[0].due_on) == "2030-03-18"
    version = extended.version
    assert version is not None
    assert version.number == 2
    assert version.changes
    notice = Notice.objects.get(call=call, kind=NoticeKind.EXTENSION)
    assert "2030. 3. 18. 17:00" in notice.title


@pytest.mark.parametrize("shift", [timedelta(0), -MICROSECOND, -timedelta(days=1)])
def test_extend_refuses_what_is_not_later_than_the_deadline(
    agency: Actor, call: Call, shift: timedelta
) -> None:
    with clock.at(AT_OPENING), pytest.raises(Refused) as refusal:
        commands.extend(actor=agency, call_id=call.pk, closes_at=CLOSES + shift, reason="까닭")

    assert refusal.value.code == "call_extension_not_later"


def test_extend_refuses_a_year_that_no_definition_can_hold(agency: Actor, call: Call) -> None:
    mistyped = datetime(9999, 12, 31, 14, 59, tzinfo=UTC)

    with clock.at(AT_OPENING), pytest.raises(BadInput) as refusal:
        commands.extend(actor=agency, call_id=call.pk, closes_at=mistyped, reason="접수 장애")

    assert refusal.value.code == "window_unreadable"
    assert definition_of(Call.objects.get(pk=call.pk)).closes() == CLOSES


def test_extend_refuses_an_instant_that_has_passed(agency: Actor, call: Call) -> None:
    with clock.at(AFTER), pytest.raises(Refused):
        commands.extend(actor=agency, call_id=call.pk, closes_at=AFTER - timedelta(minutes=1), reason="까닭")


def test_extend_after_closing_takes_applications_again(agency: Actor, call: Call) -> None:
    with clock.at(AFTER):
        commands.close(actor=agency, call_id=call.pk)
        extended = commands.extend(
            actor=agency, call_id=call.pk, closes_at=AFTER + timedelta(days=1), reason="접수 장애"
        )

    assert extended.state == CallState.PUBLISHED
    entry = Entry.objects.get(act="calls.extend")
    assert json.loads(entry.body)["payload"]["reopened"] is True


def test_extend_needs_a_reason_and_the_operator(agency: Actor, call: Call) -> None:
    later = CLOSES + timedelta(days=1)

    with pytest.raises(BadInput):
        commands.extend(actor=agency, call_id=call.pk, closes_at=later, reason="  ")
    with pytest.raises(NotAllowed):
        commands.extend(actor=make_applicant(), call_id=call.pk, closes_at=later, reason="까닭")
    with pytest.raises(NotAllowed):
        commands.extend(actor=make_agency_officer(), call_id=call.pk, closes_at=later, reason="까닭")


def test_correct_makes_a_version_with_its_differences_in_words(agency: Actor, call: Call) -> None:
    changed = sample_definition(purpose={"ko": "고친 목적입니다.", "en": "A corrected purpose."})

    version = commands.correct(actor=agency, call_id=call.pk, definition=changed, reason="목적을 고칩니다")

    assert version.number == 2
    assert [change["path"].split(".")[0] for change in version.changes] == ["purpose"]
    assert definition_of(Call.objects.get(pk=call.pk)).purpose.ko == "고친 목적입니다."
    assert Notice.objects.filter(call=call, kind=NoticeKind.AMENDMENT).count() == 1


def test_correct_keeps_the_deadline_in_force(agency: Actor, call: Call) -> None:
    later = CLOSES + timedelta(days=3)
    with clock.at(AT_OPENING):
        commands.extend(actor=agency, call_id=call.pk, closes_at=later, reason="접수 장애")
    changed = sample_definition(purpose={"ko": "고친 목적입니다.", "en": "A corrected purpose."})

    version = commands.correct(actor=agency, call_id=call.pk, definition=changed, reason="목적을 고칩니다")

    assert definition_of(version).closes() == later == Call.objects.get(pk=call.pk).closes_at


def test_correct_refuses_a_file_that_changes_nothing(agency: Actor, call: Call) -> None:
    with pytest.raises(Refused) as refusal:
        commands.correct(actor=agency, call_id=call.pk, definition=sample_definition(), reason="까닭")

    assert refusal.value.code == "call_unchanged"


def test_correct_refuses_the_definition_of_another_programme(agency: Actor, call: Call) -> None:
    with pytest.raises(Refused) as refusal:
        commands.correct(
            actor=agency, call_id=call.pk, definition=sample_definition(programme="other"), reason="까닭"
        )

    assert refusal.value.code == "call_other_programme"


def test_cancelled_call_takes_nothing_and_stays_cancelled(agency: Actor, call: Call) -> None:
    cancelled = commands.cancel(actor=agency, call_id=call.pk, reason="예산 없음")

    assert cancelled.state == CallState.CANCELLED
    assert not open_now(cancelled, AT_OPENING)
    with pytest.raises(Refused):
        commands.extend(actor=agency, call_id=call.pk, closes_at=CLOSES + timedelta(days=1), reason="까닭")


def test_finish_follows_closing_only(agency: Actor, call: Call) -> None:
    with pytest.raises(Refused):
        commands.finish(actor=agency, call_id=call.pk)

    with clock.at(AFTER):
        commands.close(actor=agency, call_id=call.pk)
    assert commands.finish(actor=agency, call_id=call.pk).state == CallState.FINISHED
