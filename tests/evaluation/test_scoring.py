"""Stages and sheets: who gets which sheet, what may be written on it, and when it is over."""

from decimal import Decimal

import pytest

from gongmo.calls import commands as calls
from gongmo.definition.application import FactSource, Truth
from gongmo.evaluation import commands
from gongmo.evaluation.models import Score, ScoreSheet
from gongmo.evaluation.states import SheetState, StageState
from gongmo.kernel import clock
from gongmo.kernel.errors import BadInput, NotAllowed, NotFound, Refused
from gongmo.screening import commands as screening
from tests.builders import make_ministry_officer
from tests.evaluation.builders import (
    AT_EVALUATION,
    Evaluated,
    committee,
    eligible,
    fill,
    make_expert,
    opened,
    ready,
    scored,
    seated,
    with_evaluation,
)
from tests.screening.builders import excluded, found_out

pytestmark = pytest.mark.django_db


def save(
    found: Evaluated, points: dict[str, str | None], *, revision: int | None = None, **more: object
) -> ScoreSheet:
    sheet = found.sheet(0, 0)
    with clock.at(AT_EVALUATION):
        return commands.save_sheet(
            actor=found.experts[0].actor,
            sheet_id=sheet.pk,
            points={name: None if value is None else Decimal(value) for name, value in points.items()},
            comments=more.get("comments", {}),  # type: ignore[arg-type]
            overall_opinion=str(more.get("opinion", "")),
            revision=sheet.revision if revision is None else revision,
        )


def test_every_seat_gets_a_sheet_for_every_application_without_a_conflict() -> None:
    found = eligible(2)
    experts = [make_expert(0), make_expert(1), make_expert(2), make_expert(0, found.reviewed.partner(0))]
    seated(committee(found, experts=experts))
    run = opened(found)
    given = set(ScoreSheet.objects.filter(run=run).values_list("seat__evaluator", "application"))
    assert given == {
        (expert.evaluator.pk, found.application(place))
        for expert in experts
        for place in (0, 1)
        if (expert is not experts[3] or place == 1)
    }


def test_opening_again_adds_nothing_twice() -> None:
    found = ready(2)
    first, second = opened(found), opened(found)
    assert first.pk == second.pk
    assert ScoreSheet.objects.count() == 6


def test_a_stage_waits_for_eligibility() -> None:
    found = eligible(1)
    seated(committee(found))
    with clock.at(AT_EVALUATION):
        found_out(found.reviewed, found.reviewed.partner())
        screening.propose_exclusion(
            actor=found.agency,
            review_id=found.reviewed.review().pk,
            clause="T-1",
            organisation_id=None,
            reason="체납",
        )
    with pytest.raises(Refused) as refusal:
        opened(found)
    assert refusal.value.code == "eligibility_undecided"


@pytest.mark.parametrize(
    ("stage", "code"),
    [("presentation", "earlier_stage_open"), ("site", "stage_not_scored"), ("dance", "unknown_stage")],
)
def test_stages_come_in_order_and_only_scored_ones_are_opened(stage: str, code: str) -> None:
    found = ready(1)
    with pytest.raises(Refused) as refusal:
        opened(found, stage)
    assert refusal.value.code == code


def test_a_stage_needs_a_committee_that_has_pledged() -> None:
    found = eligible(1)
    with pytest.raises(Refused) as without:
        opened(found)
    assert without.value.code == "which_committee"
    committee(found)
    with pytest.raises(Refused) as unpledged:
        opened(found)
    assert unpledged.value.code == "committee_not_whole"


def test_points_are_kept_exactly_and_nothing_given_is_not_zero() -> None:
    found = ready(1)
    opened(found)
    save(found, {"1-1": "12.5", "1-2": None}, comments={"1-1": "좋습니다", "2-1": "아직"}, opinion="의견")
    held = {score.criterion: (score.points, score.comment) for score in found.sheet(0, 0).scores.all()}
    assert held == {"1-1": (Decimal("12.5"), "좋습니다"), "2-1": (None, "아직")}
    save(found, {"1-1": None}, opinion="의견")
    assert Score.objects.get(criterion="1-1").points is None


@pytest.mark.parametrize("points", ["-0.5", "20.5", "12.3", "1E-20", "NaN", "Infinity"])
def test_points_outside_their_limits_are_refused_at_their_field(points: str) -> None:
    found = ready(1)
    opened(found)
    with pytest.raises(BadInput) as refusal:
        save(found, {"1-1": points, "1-2": "10"})
    assert list(refusal.value.details["fields"]) == ["1-1"]
    assert not Score.objects.exists()


def test_the_maximum_and_zero_are_points() -> None:
    found = ready(1)
    opened(found)
    save(found, {"1-1": "20", "1-2": "0"})
    assert sorted(Score.objects.values_list("points", flat=True)) == [Decimal(0), Decimal(20)]


def test_an_unknown_criterion_is_refused() -> None:
    found = ready(1)
    opened(found)
    with pytest.raises(BadInput):
        save(found, {"9-9": "1"})


def test_a_save_from_an_old_window_is_refused_and_tells_when_it_was_saved() -> None:
    found = ready(1)
    opened(found)
    save(found, {"1-1": "10"}, revision=0)
    with pytest.raises(Refused) as refusal:
        save(found, {"1-1": "11"}, revision=0)
    assert refusal.value.code == "stale_revision"
    assert refusal.value.details["revision"] == 1
    assert "2030. 3. 28." in refusal.value.ko
    assert Score.objects.get().points == Decimal(10)


def test_the_same_save_sent_twice_is_one_save() -> None:
    found = ready(1)
    opened(found)
    save(found, {"1-1": "10"}, revision=0)
    assert save(found, {"1-1": "10"}, revision=0).revision == 1


def test_a_sheet_is_locked_only_when_complete_and_then_stays() -> None:
    found = ready(1)
    opened(found)
    save(found, {"1-1": "10"})
    expert, sheet = found.experts[0].actor, found.sheet(0, 0)
    with clock.at(AT_EVALUATION), pytest.raises(Refused) as refusal:
        commands.lock_sheet(actor=expert, sheet_id=sheet.pk)
    assert refusal.value.details["missing"] == ["1-2", "2-1"]
    fill(found, 0, 0, 75)
    with pytest.raises(Refused) as locked:
        save(found, {"1-1": "11"})
    assert locked.value.code == "sheet_locked"


def test_a_stage_is_locked_when_every_live_sheet_is_and_tells_whose_is_not() -> None:
    found = ready(1)
    run = opened(found)
    fill(found, 0, 0, 70)
    fill(found, 1, 0, 75)
    with clock.at(AT_EVALUATION):
        with pytest.raises(Refused) as refusal:
            commands.lock_stage(actor=found.agency, run_id=run.pk)
        assert refusal.value.details["left"] == {found.experts[2].evaluator.label: 1}
        commands.declare_conflict(
            actor=found.experts[2].actor,
            seat_id=found.seat(2).pk,
            application_id=found.application(0),
            conflict=True,
        )
        assert commands.lock_stage(actor=found.agency, run_id=run.pk).state == StageState.LOCKED


def test_a_stage_below_the_quorum_is_not_locked() -> None:
    found = ready(1)
    run = opened(found)
    fill(found, 0, 0, 70)
    with clock.at(AT_EVALUATION):
        for place in (1, 2):
            commands.declare_conflict(
                actor=found.experts[place].actor,
                seat_id=found.seat(place).pk,
                application_id=found.application(0),
                conflict=True,
            )
        with pytest.raises(Refused) as refusal:
            commands.lock_stage(actor=found.agency, run_id=run.pk)
    assert refusal.value.code == "too_few_judges"


def test_only_the_operator_opens_and_locks() -> None:
    found = ready(1)
    run = opened(found)
    with pytest.raises(NotAllowed):
        commands.lock_stage(actor=make_ministry_officer(), run_id=run.pk)
    for actor in (found.experts[0].actor, found.items[0].lead):
        with pytest.raises(NotFound):
            commands.lock_stage(actor=actor, run_id=run.pk)
        with pytest.raises(NotFound):
            commands.open_stage(actor=actor, call_id=found.call.pk, stage="desk")


def test_an_exclusion_voids_the_sheets_and_lifting_it_brings_them_back() -> None:
    found = ready(2)
    opened(found)
    fill(found, 0, 0, 70)
    with clock.at(AT_EVALUATION):
        review = excluded(found.reviewed)
        assert set(
            ScoreSheet.objects.filter(application=found.application(0)).values_list("state", flat=True)
        ) == {SheetState.VOID}
        found_out(found.reviewed, found.reviewed.partner(), Truth.NO, FactSource.OFFICER)
        screening.reinstate(actor=found.agency, review_id=review.pk, reason="이의신청 인용")
    sheet = found.sheet(0, 0)
    assert (sheet.state, sheet.seal, sheet.scores.count()) == (SheetState.OPEN, "", 3)
    assert fill(found, 0, 0, 75).state == SheetState.LOCKED


def test_an_exclusion_is_not_lifted_once_a_stage_was_locked_without_it() -> None:
    found = ready(2)
    opened(found)
    with clock.at(AT_EVALUATION):
        review = excluded(found.reviewed)
    scored(found, "desk", [0, 80])
    with clock.at(AT_EVALUATION):
        found_out(found.reviewed, found.reviewed.partner(), Truth.NO, FactSource.OFFICER)
        with pytest.raises(Refused) as refusal:
            screening.reinstate(actor=found.agency, review_id=review.pk, reason="이의신청 인용")
    assert refusal.value.code == "stage_locked"
    assert found.reviewed.review().state == "excluded"


def test_only_the_best_go_on_where_the_stage_says_so() -> None:
    stages = [
        {"id": "desk", "clause": "T-1", "name": {"ko": "서면", "en": "Desk"}, "weight": "40", "advance": 2},
        {"id": "presentation", "clause": "T-1", "name": {"ko": "대면", "en": "Talk"}, "weight": "60"},
    ]
    found = ready(3, definition=with_evaluation(stages=stages))
    scored(found, "desk", [70, 90, 80])
    run = opened(found, "presentation")
    going = set(ScoreSheet.objects.filter(run=run).values_list("application", flat=True))
    assert going == {found.application(1), found.application(2)}


def test_a_tie_on_who_goes_on_waits_for_the_committee() -> None:
    stages = [
        {"id": "desk", "clause": "T-1", "name": {"ko": "서면", "en": "Desk"}, "weight": "40", "advance": 1},
        {"id": "presentation", "clause": "T-1", "name": {"ko": "대면", "en": "Talk"}, "weight": "60"},
    ]
    found = ready(2, definition=with_evaluation(stages=stages))
    scored(found, "desk", [80, 80])
    with pytest.raises(Refused) as refusal:
        opened(found, "presentation")
    assert refusal.value.code == "advance_undecided"
    order = [found.application(1), found.application(0)]
    with clock.at(AT_EVALUATION):
        commands.decide_tie(
            actor=found.experts[0].actor, call_id=found.call.pk, order=order, reason="효과", stage="desk"
        )
    run = opened(found, "presentation")
    assert set(ScoreSheet.objects.filter(run=run).values_list("application", flat=True)) == {order[0]}


def test_the_rules_of_scoring_are_frozen_when_the_first_stage_opens() -> None:
    found = ready(1)
    run = opened(found)
    changed = with_evaluation(point_step={"clause": "T-1", "step": "5"})
    with clock.at(AT_EVALUATION):
        calls.correct(actor=found.agency, call_id=found.call.pk, definition=changed, reason="점수 단위")
    save(found, {"1-1": "10.5"})
    found.call.refresh_from_db()
    run.refresh_from_db()
    assert (run.version.number, found.call.version.number if found.call.version else 0) == (1, 2)
