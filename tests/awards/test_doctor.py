"""A row that a hand changed is found, whichever floor it lies on."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection

from gongmo.applications.models import Application, BudgetCell, Submission
from gongmo.awards import commands
from gongmo.awards.models import Agreement, AgreementMoney, AllocationLine, AllocationRun, Negotiation
from gongmo.calls.models import Call, CallVersion
from gongmo.cli.doctor import discover
from gongmo.evaluation.models import Ranking, Score
from gongmo.kernel import clock
from gongmo.kernel.canonical import canonical_json
from gongmo.kernel.invariants import examine, invariants
from gongmo.screening.models import FactRecord, Review
from tests.awards.builders import LATER, agreed_call, agreement_in_force, task_force_of
from tests.awards.test_agreement import WINDOW
from tests.sample_call import sample_regional

pytestmark = pytest.mark.django_db


def broken() -> set[str]:
    discover()
    return {each.name for each in invariants() if examine(each)}


def whole_life() -> None:
    found = agreed_call(3)
    agreement = agreement_in_force(found)
    force = task_force_of(found)
    with clock.at(LATER + timedelta(days=3)):
        commands.open_regional_call(
            actor=force, agreement_id=agreement.pk, definition=sample_regional(),
            operator_id=force.organisation or 0, intake=WINDOW,
        )  # fmt: skip


def test_a_whole_life_breaks_no_invariant():
    whole_life()

    assert broken() == set()


CHANGES: list[tuple[str, Callable[[], int]]] = [
    ("a score", lambda: Score.objects.filter(pk=Score.objects.first().pk).update(points="1")),
    ("a budget cell", lambda: BudgetCell.objects.filter(pk=BudgetCell.objects.first().pk).update(amount=1)),
    ("a submission", lambda: Submission.objects.update(content="{}")),
    ("an application's state", lambda: Application.objects.update(state="draft")),
    ("a ranking", lambda: Ranking.objects.update(result="{}")),
    ("an allocation", lambda: AllocationLine.objects.update(amount=1)),
    ("a negotiation", lambda: Negotiation.objects.filter(place=1).update(state="failed")),
    ("an agreement's money", lambda: AgreementMoney.objects.filter(source="national").update(amount=1)),
    ("an agreement's state", lambda: Agreement.objects.update(state="terminated")),
    ("a call's text", lambda: CallVersion.objects.update(definition="{}")),
    ("a call's deadline", lambda: Call.objects.filter(parent=None).update(closes_at=LATER)),
    ("a call's pot", lambda: Call.objects.exclude(parent=None).update(pot=10**12)),
    ("a fact", lambda: FactRecord.objects.filter(pk=FactRecord.objects.first().pk).update(value="yes")),
    (
        "a verdict",
        lambda: Review.objects.filter(pk=Review.objects.first().pk).update(
            state="excluded", clause="T-1", reason="x"
        ),
    ),
]


@pytest.mark.parametrize(("what", "change"), CHANGES, ids=[what for what, _ in CHANGES])
def test_a_changed_row_is_found(what: str, change: Callable[[], int]):
    whole_life()

    changed = change()

    assert changed
    assert broken(), what


def test_an_altered_entry_of_the_record_is_found():
    whole_life()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER ledger_entry_no_update")
        else:
            cursor.execute("ALTER TABLE ledger_entry DISABLE TRIGGER USER")
        cursor.execute("UPDATE ledger_entry SET actor_name = 'x' WHERE sequence = 3")

    assert "ledger.chain" in broken()


def test_an_allocation_said_in_other_words_by_an_earlier_version_still_recomputes():
    whole_life()
    run = AllocationRun.objects.get()
    said = json.loads(run.result)
    for amount in said["amounts"]:
        amount["why"] = {"ko": "예전 문장", "en": "words of old"}
    AllocationRun.objects.filter(pk=run.pk).update(result=canonical_json(said))

    # That a hand has changed the row is found all the same.
    assert broken() == {"ledger.rows"}
