"""Several people at once. Real threads with their own connections, on both databases."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, transaction

from gongmo.applications import commands
from gongmo.applications.models import Application, Submission
from gongmo.applications.states import ApplicationState
from gongmo.calls import commands as calls
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import Refused
from gongmo.kernel.invariants import Broken, invariants
from gongmo.ledger.models import Entry
from gongmo.parties.models import Organisation
from tests.builders import (
    AT_OPENING,
    CLOSES,
    filled_application,
    make_agency_officer,
    make_applicant,
    member_actor,
    publish_sample_call,
    submitted_application,
)

pytestmark = pytest.mark.django_db(transaction=True)
MICROSECOND = timedelta(microseconds=1)


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Run the acts in threads that start together. Answers each result, or the refusal that it met."""
    results: list[object] = [None] * len(acts)
    barrier = threading.Barrier(len(acts))

    def run(place: int, act: Callable[[], object]) -> None:
        try:
            barrier.wait(timeout=10)
            results[place] = act()
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, act), daemon=True) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return results


def broken() -> list[Broken]:
    import gongmo.applications.invariants
    import gongmo.calls.invariants  # noqa: F401

    return [
        place
        for item in invariants()
        if item.name.startswith(("applications.", "calls."))
        for place in item.check()
    ]


def test_two_submissions_at_once_make_one() -> None:
    filled = filled_application(publish_sample_call(), partners=0)
    colleague = member_actor(filled.application.lead)

    def submit_as(actor: object) -> object:
        with clock.at(AT_OPENING):
            return commands.submit(actor=actor, application_id=filled.application.pk)  # type: ignore[arg-type]

    results = at_once(*(lambda actor=actor: submit_as(actor) for actor in (filled.lead, colleague) * 2))

    assert {getattr(result, "receipt_number", result) for result in results} == {"sample-call-0001"}
    assert Submission.objects.count() == 1
    assert Entry.objects.filter(act="applications.submit").count() == 1


def test_applications_submitted_at_once_get_receipt_numbers_without_gaps() -> None:
    call = publish_sample_call()
    filled = [filled_application(call, partners=0) for _ in range(4)]

    def submit(place: int) -> object:
        with clock.at(AT_OPENING):
            return commands.submit(actor=filled[place].lead, application_id=filled[place].application.pk)

    results = at_once(*(lambda place=place: submit(place) for place in range(4)))

    receipts = sorted(str(getattr(result, "receipt_number", result)) for result in results)
    assert receipts == [f"sample-call-{serial:04d}" for serial in (1, 2, 3, 4)]
    assert broken() == []


def test_at_the_deadline_each_request_is_judged_by_its_own_instant() -> None:
    call = publish_sample_call()
    filled = [filled_application(call, partners=0) for _ in range(2)]

    def submit(place: int, instant: object) -> object:
        with clock.at(instant):  # type: ignore[arg-type]
            return commands.submit(actor=filled[place].lead, application_id=filled[place].application.pk)

    in_time, late = at_once(lambda: submit(0, CLOSES - MICROSECOND), lambda: submit(1, CLOSES))

    assert isinstance(in_time, Submission)
    assert isinstance(late, Refused)
    assert late.code == "after_deadline"


def test_submission_against_closing_at_the_deadline_counts_by_its_instant() -> None:
    agency = make_agency_officer()
    call = publish_sample_call(agency)
    filled = filled_application(call, partners=0)

    def submit() -> object:
        with clock.at(CLOSES - MICROSECOND):
            return commands.submit(actor=filled.lead, application_id=filled.application.pk)

    def close() -> object:
        with clock.at(CLOSES):
            return calls.close(actor=agency, call_id=call.pk)

    submitted, closed = at_once(submit, close)

    assert isinstance(submitted, Submission)
    assert getattr(closed, "state", closed) == "closed"
    assert broken() == []


def test_withdrawal_against_submission_leaves_one_right_state() -> None:
    submitted = submitted_application(publish_sample_call(), partners=0)

    def withdraw() -> object:
        with clock.at(AT_OPENING + timedelta(days=2)):
            return commands.withdraw(
                actor=submitted.lead, application_id=submitted.application.pk, reason="고칩니다"
            )

    def submit() -> object:
        with clock.at(AT_OPENING + timedelta(days=2)):
            return commands.submit(actor=submitted.lead, application_id=submitted.application.pk)

    results = at_once(withdraw, submit)

    assert not [result for result in results if isinstance(result, Exception)]
    application = Application.objects.get(pk=submitted.application.pk)
    standing = Submission.objects.filter(withdrawn_at__isnull=True).count()
    assert (application.state, standing) in {
        (ApplicationState.SUBMITTED, 1),
        (ApplicationState.WITHDRAWN, 0),
    }
    assert broken() == []


def test_two_withdrawals_at_once_make_one() -> None:
    submitted = submitted_application(publish_sample_call(), partners=0)

    def withdraw() -> object:
        with clock.at(AT_OPENING + timedelta(days=2)):
            return commands.withdraw(
                actor=submitted.lead, application_id=submitted.application.pk, reason="고칩니다"
            )

    results = at_once(withdraw, withdraw)

    assert sorted(type(result).__name__ for result in results) == ["Application", "Refused"]
    assert Entry.objects.filter(act="applications.withdraw").count() == 1


def test_edit_against_submission_never_changes_what_was_submitted() -> None:
    filled = filled_application(publish_sample_call(), partners=0)

    def edit() -> object:
        with clock.at(AT_OPENING):
            return commands.update_overview(
                actor=filled.lead,
                application_id=filled.application.pk,
                title="바뀐 사업명",
                summary="",
                fields=[],
            )

    def submit() -> object:
        with clock.at(AT_OPENING):
            return commands.submit(actor=filled.lead, application_id=filled.application.pk)

    edited, submitted = at_once(edit, submit)

    assert isinstance(submitted, Submission)
    title = Application.objects.get(pk=filled.application.pk).title
    assert f'"title":"{title}"' in submitted.content
    assert (title == "바뀐 사업명") == isinstance(edited, Application)


def test_two_extensions_at_once_both_count_or_one_is_told() -> None:
    agency = make_agency_officer()
    call = publish_sample_call(agency)

    def extend(days: int) -> object:
        with clock.at(AT_OPENING):
            return calls.extend(
                actor=agency, call_id=call.pk, closes_at=CLOSES + timedelta(days=days), reason="접수 장애"
            )

    at_once(lambda: extend(1), lambda: extend(2))

    call.refresh_from_db()
    assert call.closes_at == CLOSES + timedelta(days=2)
    assert broken() == []


@pytest.mark.parametrize("act", ["extend", "submit"])
def test_an_act_that_waits_for_an_extension_sees_the_call_as_extended(act: str) -> None:
    agency = make_agency_officer()
    call = publish_sample_call(agency)
    filled = filled_application(call)
    holding = threading.Event()

    def hold() -> object:
        with clock.at(AT_OPENING), transaction.atomic():
            calls.extend(
                actor=agency, call_id=call.pk, closes_at=CLOSES + timedelta(days=1), reason="접수 장애"
            )
            holding.set()
            time.sleep(0.7)  # long enough for the other to begin and to wait for the call's row
        return None

    def wait() -> object:
        holding.wait(10)
        with clock.at(AT_OPENING):
            if act == "submit":
                return commands.submit(actor=filled.lead, application_id=filled.application.pk)
            return calls.extend(
                actor=agency, call_id=call.pk, closes_at=CLOSES + timedelta(days=2), reason="접수 장애"
            )

    _, result = at_once(hold, wait)

    assert not isinstance(result, Exception), result
    if isinstance(result, Submission):
        assert result.version.number == 2
    assert broken() == []


def test_two_people_of_one_organisation_starting_at_once_make_one_application() -> None:
    call = publish_sample_call()
    lead = make_applicant()
    colleague = member_actor(Organisation.objects.get(pk=lead.organisation))

    def start(actor: Actor) -> object:
        with clock.at(AT_OPENING):
            return commands.start(actor=actor, call_id=call.pk, title="가상 사업")

    results = at_once(lambda: start(lead), lambda: start(colleague))

    assert sorted(type(result).__name__ for result in results) == ["Application", "Refused"]
    assert Application.objects.count() == 1
