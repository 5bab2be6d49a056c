"""Two people at the same moment: each case has one right outcome, on both databases."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection

from gongmo.awards import commands
from gongmo.awards.models import Agreement, Negotiation
from gongmo.calls.models import Call
from gongmo.kernel import clock
from gongmo.kernel.errors import Refused
from tests.awards.builders import (
    LATER,
    agreed_call,
    agreement_in_force,
    negotiation_of,
    ranked_call,
    task_force_of,
)
from tests.awards.test_agreement import WINDOW
from tests.sample_call import sample_regional

pytestmark = pytest.mark.django_db(transaction=True)


def together(*acts: Callable[[], object]) -> list[object]:
    """Run acts in threads that start at once, each with its own connection; answers results or refusals in order."""
    gate = threading.Barrier(len(acts))
    results: list[object] = [None] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        try:
            gate.wait(10)
            with clock.at(LATER + timedelta(days=3)):
                results[place] = act()
        except Refused as refused:
            results[place] = refused
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def test_two_failures_at_once_promote_two_different_reserves():
    found = ranked_call(4)
    with clock.at(LATER):
        commands.open_negotiations(actor=found.agency, call_id=found.call.pk)
    first, second = (negotiation_of(item.application).pk for item in found.order[:2])

    together(
        lambda: commands.fail_negotiation(actor=found.agency, negotiation_id=first, reason="결렬"),
        lambda: commands.fail_negotiation(actor=found.agency, negotiation_id=second, reason="결렬"),
    )

    assert list(Negotiation.objects.order_by("place").values_list("state", flat=True)) == [
        "failed",
        "failed",
        "open",
        "open",
    ]
    assert set(Negotiation.objects.exclude(promoted_for=None).values_list("promoted_for", flat=True)) == {
        first,
        second,
    }


def test_one_failure_told_twice_at_once_promotes_one():
    found = ranked_call(4)
    with clock.at(LATER):
        commands.open_negotiations(actor=found.agency, call_id=found.call.pk)
    first = negotiation_of(found.order[0].application).pk

    def act() -> object:
        return commands.fail_negotiation(actor=found.agency, negotiation_id=first, reason="결렬")

    results = together(act, act)

    assert sum(isinstance(result, Refused) for result in results) == 1
    assert list(Negotiation.objects.order_by("place").values_list("state", flat=True)) == [
        "failed",
        "open",
        "open",
        "reserve",
    ]


def test_an_agreement_drawn_up_by_two_officers_at_once_is_one():
    found = agreed_call()
    negotiation = negotiation_of(found.order[0].application).pk

    def act() -> object:
        return commands.draw_up_agreement(actor=found.agency, negotiation_id=negotiation).pk

    results = together(act, act)

    assert results[0] == results[1]
    assert Agreement.objects.count() == 1


def test_two_regional_calls_at_once_stay_within_the_agreement():
    found = agreed_call()
    agreement = agreement_in_force(found)
    force = task_force_of(found)

    def act(slug: str) -> Callable[[], object]:
        return lambda: commands.open_regional_call(
            actor=force, agreement_id=agreement.pk, definition=sample_regional(),
            operator_id=force.organisation or 0, slug=slug, intake=WINDOW,
        )  # fmt: skip

    results = together(act("one"), act("two"))

    assert sum(isinstance(result, Refused) for result in results) == 1
    assert Call.objects.filter(parent_agreement=agreement.pk).count() == 1
