"""Several people at once. Real threads with their own connections, on both databases."""

import threading
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection

from gongmo.evaluation import commands
from gongmo.evaluation.models import Ranking, ScoreSheet
from gongmo.evaluation.sealing import commitment, points_of, sealed_texts
from gongmo.kernel import clock
from gongmo.kernel.errors import Refused
from gongmo.ledger.queries import entries_of_call
from gongmo.screening import commands as screening
from gongmo.screening.models import Review
from tests.evaluation.builders import AT_EVALUATION, both_stages, fill, opened, ready
from tests.screening.builders import AT_REVIEW, found_out, in_review

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Run the acts in threads that start together. Answers each result, or the refusal that it met."""
    results: list[object] = [None] * len(acts)
    barrier = threading.Barrier(len(acts))

    def run(place: int, act: Callable[[], object]) -> None:
        try:
            barrier.wait(timeout=10)
            with clock.at(AT_EVALUATION):
                results[place] = act()
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    unexpected = [each for each in results if isinstance(each, Exception) and not isinstance(each, Refused)]
    assert unexpected == []
    return results


def test_two_windows_saving_one_sheet_leave_one_save_and_one_told() -> None:
    found = ready(1)
    opened(found)
    sheet = found.sheet(0, 0)

    def save(points: int) -> Callable[[], object]:
        return lambda: commands.save_sheet(
            actor=found.experts[0].actor,
            sheet_id=sheet.pk,
            points={"1-1": Decimal(points)},
            comments={},
            overall_opinion="",
            revision=0,
        )

    results = at_once(save(10), save(11))
    refused = [result for result in results if isinstance(result, Refused)]
    saved = [result for result in results if isinstance(result, ScoreSheet)]
    assert [refusal.code for refusal in refused] == ["stale_revision"]
    assert len(saved) == 1
    assert found.sheet(0, 0).revision == 1
    assert points_of(found.sheet(0, 0)) == {"1-1": "10" if results[0] is saved[0] else "11"}


def test_a_save_against_a_lock_never_changes_what_was_locked() -> None:
    found = ready(1)
    opened(found)
    sheet = fill(found, 0, 0, 80, lock=False)
    actor = found.experts[0].actor
    at_once(
        lambda: commands.lock_sheet(actor=actor, sheet_id=sheet.pk),
        lambda: commands.save_sheet(
            actor=actor,
            sheet_id=sheet.pk,
            points={"1-1": Decimal(1)},
            comments={},
            overall_opinion="",
            revision=sheet.revision,
        ),
    )
    now = found.sheet(0, 0)
    told = [e.payload for e in entries_of_call(found.call.slug) if e.act == "evaluation.lock_sheet"]
    assert now.state == "locked"
    assert [each["commitment"] for each in told] == [
        commitment(now.pk, now.seal, points_of(now), sealed_texts(now))
    ]


def test_two_officers_fixing_at_once_fix_one_ranking() -> None:
    found = both_stages([90, 80])
    fix = lambda: commands.fix_ranking(actor=found.agency, call_id=found.call.pk)  # noqa: E731
    results = at_once(fix, fix, fix)
    assert Ranking.objects.count() == 1
    assert {result.pk for result in results if isinstance(result, Ranking)} == {Ranking.objects.get().pk}
    assert sum(e.act == "evaluation.fix_ranking" for e in entries_of_call(found.call.slug)) == 1


def test_two_officers_opening_a_stage_at_once_give_each_sheet_once() -> None:
    found = ready(2)
    open_ = lambda: commands.open_stage(actor=found.agency, call_id=found.call.pk, stage="desk")  # noqa: E731
    results = at_once(open_, open_)
    assert not [result for result in results if isinstance(result, Refused)]
    assert ScoreSheet.objects.count() == 6


def test_two_officers_confirming_at_once_exclude_once() -> None:
    found = in_review()
    with clock.at(AT_REVIEW):
        found_out(found, found.partner())
        review = screening.propose_exclusion(
            actor=found.agency, review_id=found.review().pk, clause="T-1", organisation_id=None, reason="체납"
        )
    confirm = lambda: screening.confirm_exclusion(actor=found.second, review_id=review.pk)  # noqa: E731
    results = at_once(confirm, confirm)
    assert [r.code for r in results if isinstance(r, Refused)] == ["review_state"]
    assert Review.objects.get().state == "excluded"
    assert sum(e.act == "screening.confirm_exclusion" for e in entries_of_call(found.call.slug)) == 1


def test_an_exclusion_against_a_save_leaves_no_live_sheet() -> None:
    found = ready(2)
    opened(found)
    sheet = found.sheet(0, 0)
    with clock.at(AT_EVALUATION):
        found_out(found.reviewed, found.reviewed.partner())
        review = screening.propose_exclusion(
            actor=found.agency,
            review_id=found.reviewed.review().pk,
            clause="T-1",
            organisation_id=None,
            reason="체납",
        )
    at_once(
        lambda: screening.confirm_exclusion(actor=found.reviewed.second, review_id=review.pk),
        lambda: commands.save_sheet(
            actor=found.experts[0].actor,
            sheet_id=sheet.pk,
            points={"1-1": Decimal(1)},
            comments={},
            overall_opinion="",
            revision=0,
        ),
    )
    assert set(
        ScoreSheet.objects.filter(application=found.application(0)).values_list("state", flat=True)
    ) == {"void"}
