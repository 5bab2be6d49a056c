"""Timing: the intake's instants and the channels' days, to the microsecond and to the day."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongmo.rules.finding import Status
from gongmo.rules.timing import check_timing
from tests.rules.sample import CLOSES, T, application, definition, of_rule, only

CLOSE = datetime.fromisoformat(CLOSES)
OPEN = datetime.fromisoformat("2030-02-01T00:00:00+09:00")
TICK = timedelta(microseconds=1)


def channels(**more: Any) -> dict[str, Any]:
    post = {"id": "post", "clause": "T-1", "name": T, "required": True, "instructions": T, **more}
    return {"clause": "T-1", "opens": OPEN.isoformat(), "closes": CLOSES, "channels": [post]}


@pytest.mark.parametrize(
    ("received", "status"),
    [
        (None, Status.UNKNOWN),
        (OPEN - TICK, Status.FAIL),
        (OPEN, Status.PASS),
        (CLOSE - TICK, Status.PASS),
        (CLOSE, Status.FAIL),
        (CLOSE + timedelta(seconds=1), Status.FAIL),
    ],
)
def test_what_is_received_at_the_closing_instant_does_not_count(
    received: datetime | None, status: Status
) -> None:
    made = application(received_at=received.isoformat() if received else None)
    assert only(check_timing(definition(), made), "intake").status is status


def test_a_late_submission_is_told_both_instants_exactly() -> None:
    made = application(received_at="2030-03-15T17:00:00.000001+09:00")
    message = only(check_timing(definition(), made), "intake").message.ko
    assert "2030. 3. 15. 17:00:00에" in message
    assert "17:00:00.000001" in message


def test_nothing_submitted_after_the_close_fails() -> None:
    call = definition()
    assert only(check_timing(call, application(), at=CLOSE - TICK), "intake").status is Status.UNKNOWN
    assert only(check_timing(call, application(), at=CLOSE), "intake").status is Status.FAIL


@pytest.mark.parametrize(
    ("arrived", "at", "status"),
    [
        ("2030-03-15", None, Status.PASS),
        ("2030-03-16", None, Status.FAIL),
        (None, None, Status.UNKNOWN),
        (None, "2030-03-15T23:59:59.999999+09:00", Status.UNKNOWN),
        (None, "2030-03-16T00:00:00+09:00", Status.FAIL),
        (None, "2030-03-15T15:00:00Z", Status.FAIL),
    ],
)
def test_a_required_arrival_counts_by_the_day_in_seoul(
    arrived: str | None, at: str | None, status: Status
) -> None:
    made = application(arrivals=[{"channel": "post", "arrived_on": arrived}] if arrived else [])
    call = definition(intake=channels(due_on="2030-03-15"))
    instant = datetime.fromisoformat(at) if at else None
    assert only(check_timing(call, made, at=instant), "post").status is status


def test_a_channel_without_a_day_is_due_on_the_closing_day() -> None:
    made = application(arrivals=[{"channel": "post", "arrived_on": "2030-03-16"}])
    assert only(check_timing(definition(intake=channels()), made), "post").status is Status.FAIL


def test_the_first_arrival_counts() -> None:
    arrivals = [{"channel": "post", "arrived_on": day} for day in ("2030-03-20", "2030-03-14")]
    assert (
        only(check_timing(definition(intake=channels()), application(arrivals=arrivals)), "post").status
        is Status.PASS
    )


def test_an_optional_channel_is_silent_until_used() -> None:
    call = definition(intake=channels(required=False))
    assert of_rule(check_timing(call, application()), "post") == []
    late = application(arrivals=[{"channel": "post", "arrived_on": "2030-03-16"}])
    assert only(check_timing(call, late), "post").status is Status.FAIL


@given(st.timedeltas(timedelta(days=-60), timedelta(days=60)))
def test_the_intake_is_half_open(offset: timedelta) -> None:
    received = CLOSE + offset
    made = application(received_at=received.isoformat())
    passed = only(check_timing(definition(), made), "intake").status is Status.PASS
    assert passed == (OPEN <= received < CLOSE)
