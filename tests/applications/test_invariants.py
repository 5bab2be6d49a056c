from collections.abc import Callable
from datetime import timedelta

import pytest

import gongmo.applications.invariants
import gongmo.calls.invariants  # noqa: F401
from gongmo.applications import commands as applications
from gongmo.applications.models import Application, BudgetCell, Submission
from gongmo.calls import commands as calls
from gongmo.calls.models import Call, CallVersion
from gongmo.kernel import clock
from gongmo.kernel.invariants import invariants
from tests.builders import (
    AFTER,
    CLOSES,
    Submitted,
    filled_application,
    make_agency_officer,
    publish_sample_call,
    submitted_application,
)

pytestmark = pytest.mark.django_db


def broken() -> dict[str, int]:
    """How many places each invariant of these floors finds broken."""
    counts = {
        item.name: len(list(item.check()))
        for item in invariants()
        if item.name.startswith(("applications.", "calls."))
    }
    return {name: count for name, count in counts.items() if count}


@pytest.fixture
def submitted() -> Submitted:
    return submitted_application(publish_sample_call())


def test_nothing_is_broken_after_the_commands(submitted: Submitted) -> None:
    assert broken() == {}


def test_a_request_that_waited_while_the_deadline_was_moved_is_judged_by_the_moved_one() -> None:
    agency = make_agency_officer()
    call = publish_sample_call(agency)
    filled = filled_application(call)
    with clock.at(AFTER):
        calls.extend(
            actor=agency, call_id=call.pk, closes_at=AFTER + timedelta(days=1), reason="접수 기간을 늘립니다."
        )

    # Received a second after the first deadline, before it was moved; taken after.
    with clock.at(CLOSES + timedelta(seconds=1)):
        applications.submit(actor=filled.lead, application_id=filled.application.pk)

    assert "applications.received_in_time" not in broken()


HANDS: dict[str, Callable[[Submitted], object]] = {
    "applications.submitted_has_receipt": lambda s: Application.objects.update(state="draft"),
    "applications.manifest_holds": lambda s: Submission.objects.update(manifest="{}"),
    "applications.receipts_without_gaps": lambda s: Submission.objects.update(
        receipt_number="sample-call-0002"
    ),
    "applications.received_in_time": lambda s: Submission.objects.update(received_at=CLOSES),
    "applications.cells_on_axes": lambda s: BudgetCell.objects.filter(year=2031).update(year=2032),
    "applications.money_as_submitted": lambda s: BudgetCell.objects.filter(form="in_kind").update(amount=1),
    "calls.versions_frozen": lambda s: CallVersion.objects.update(sha256="0" * 64),
    "calls.version_in_force": lambda s: Call.objects.update(closes_at=CLOSES.replace(year=2031)),
}


@pytest.mark.parametrize("name", sorted(HANDS))
def test_row_changed_by_hand_is_found(submitted: Submitted, name: str) -> None:
    HANDS[name](submitted)

    assert name in broken()
