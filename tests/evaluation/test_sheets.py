"""Sheets saved field by field, locked with what the call asks for, and seen by nobody else before the stage is over."""

from decimal import Decimal
from typing import Any

import pytest

from gongmo.applications.commands.autosave import FieldInput, SaveState
from gongmo.evaluation import commands
from gongmo.evaluation.commands.sheets_fields import SheetSaved
from gongmo.evaluation.models import ScoreSheet
from gongmo.evaluation.queries import sheet_for
from gongmo.evaluation.queries.desk_scores import own_scores, peers_of, tenths
from gongmo.kernel import clock
from gongmo.kernel.errors import NotFound, Refused
from gongmo.ledger.models import Entry
from gongmo.rules.ranking.exact import text
from tests.evaluation.builders import AT_EVALUATION, Evaluated, fill, opened, ready, scored, with_evaluation

pytestmark = pytest.mark.django_db


def send(found: Evaluated, *changes: tuple[Any, ...], expert: int = 0, item: int = 0) -> SheetSaved:
    with clock.at(AT_EVALUATION):
        return commands.save_sheet_fields(
            actor=found.experts[expert].actor,
            sheet_id=found.sheet(expert, item).pk,
            changes=[FieldInput(*change) for change in changes],
        )


def states(outcome: SheetSaved) -> list[tuple[str, int, Any]]:
    return [(each.state.value, each.revision, each.value) for each in outcome.results]


def test_fields_are_saved_alone_and_each_keeps_the_revision_at_which_it_changed() -> None:
    found = ready(1)
    opened(found)
    first = send(found, ("points:1-1", "15.50", 0), ("comment:1-1", " 좋습니다\r\n", 0))
    assert states(first) == [("saved", 1, "15.5"), ("saved", 1, "좋습니다")]
    second = send(found, ("opinion", "종합", 0))
    assert states(second) == [("saved", 2, "종합")]
    third = send(found, ("points:1-1", "", 1))
    assert states(third) == [("saved", 3, "")]
    sheet = found.sheet(0, 0)
    score = sheet.scores.get()
    assert (sheet.revision, sheet.opinion_revision) == (3, 2)
    assert (score.points, score.points_revision, score.comment_revision) == (None, 3, 1)


def test_a_field_saved_in_another_window_is_a_conflict_and_nothing_is_overwritten() -> None:
    found = ready(1)
    opened(found)
    send(found, ("points:1-1", "15", 0))
    outcome = send(found, ("points:1-1", "12", 0), ("points:1-2", "8", 0))
    assert states(outcome) == [("conflict", 1, "15"), ("saved", 2, "8")]
    assert outcome.results[0].own
    assert found.sheet(0, 0).scores.get(criterion="1-1").points == Decimal(15)
    assert states(send(found, ("points:1-1", "15", 0))) == [("saved", 1, "15")]
    assert states(send(found, ("points:1-1", "12", 1))) == [("saved", 3, "12")]


def test_points_whose_answer_was_lost_are_no_conflict_however_they_were_typed() -> None:
    found = ready(1)
    opened(found)
    send(found, ("points:1-1", "7.", 0))
    outcome = send(found, ("points:1-1", "7.5", 0, ("7.",)))
    assert states(outcome) == [("saved", 2, "7.5")]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("points:1-1", "21"),
        ("points:1-1", "-1"),
        ("points:1-1", "1.3"),
        ("points:1-1", "열"),
        ("points:1-1", "NaN"),
        ("points:1-1", 5),
        ("points:9-9", "1"),
        ("comment:1-1", None),
        ("opinion:1", "가"),
        ("seat", "1"),
        ("opinion", "가" * 20_001),
    ],
)
def test_what_cannot_stand_is_refused_alone_with_a_sentence(path: str, value: Any) -> None:
    found = ready(1)
    opened(found)
    outcome = send(found, (path, value, 0), ("points:1-2", "8", 0))
    assert [each.state for each in outcome.results] == [SaveState.REFUSED, SaveState.SAVED]
    assert outcome.results[0].ko
    assert list(found.sheet(0, 0).scores.values_list("criterion", flat=True)) == ["1-2"]


def test_the_record_tells_that_a_sheet_was_saved_and_neither_points_nor_words() -> None:
    found = ready(1)
    opened(found)
    send(found, ("points:1-1", "17.5", 0), ("comment:1-1", "비밀스러운 의견", 0))
    body = Entry.objects.filter(act="evaluation.save_sheet").latest("sequence").body
    assert ("17.5" in body, "비밀스러운" in body) == (False, False)
    before = Entry.objects.count()
    send(found, ("points:1-1", "17.5", 1))
    assert Entry.objects.count() == before


def test_nobody_else_saves_a_sheet_and_a_locked_one_is_not_changed() -> None:
    found = ready(1)
    opened(found)
    sheet = found.sheet(0, 0)
    for actor in (found.experts[1].actor, found.agency, found.items[0].lead):
        with pytest.raises(NotFound), clock.at(AT_EVALUATION):
            commands.save_sheet_fields(
                actor=actor, sheet_id=sheet.pk, changes=[FieldInput("points:1-1", "1", 0)]
            )
    fill(found, 0, 0, 70)
    with pytest.raises(Refused) as refusal:
        send(found, ("points:1-1", "1", 1))
    assert refusal.value.code == "sheet_locked"


def test_a_call_may_ask_for_the_opinion_and_comments_before_a_sheet_is_locked() -> None:
    desk = {"clause": "T-1", "requires": ["overall_opinion", "comments"]}
    found = ready(1, definition=with_evaluation(desk=desk))
    opened(found)
    expert, sheet = found.experts[0].actor, found.sheet(0, 0)
    send(found, ("points:1-1", "15", 0), ("points:1-2", "15", 0), ("points:2-1", "50", 0))

    def refused() -> tuple[str, list[str]]:
        with pytest.raises(Refused) as refusal, clock.at(AT_EVALUATION):
            commands.lock_sheet(actor=expert, sheet_id=sheet.pk)
        return refusal.value.code, refusal.value.details["missing"]

    assert refused() == ("comments_missing", ["1-1", "1-2", "2-1"])
    send(found, *((f"comment:{each}", "구체적입니다.", 0) for each in ("1-1", "1-2", "2-1")))
    assert refused() == ("opinion_missing", [])
    send(found, ("opinion", "좋은 계획입니다.", 0))
    with clock.at(AT_EVALUATION):
        assert commands.lock_sheet(actor=expert, sheet_id=sheet.pk).state == "locked"


def test_own_scores_are_ranked_and_spread_over_the_own_sheets_alone() -> None:
    found = ready(3)
    run = opened(found)
    for item, total in enumerate((70, 90, 70)):
        fill(found, 0, item, total, lock=item == 0)
    fill(found, 1, 0, 10)
    own = own_scores(found.experts[0].actor, run.pk)
    assert [(text(each.total or Decimal(0)), each.rank) for each in own.sheets] == [
        ("90", 1),
        ("70", 2),
        ("70", 2),
    ]
    assert [
        (text(each.low or Decimal(0)), text(each.high or Decimal(0)), each.different) for each in own.spreads
    ] == [
        ("14", "18", 2),
        ("14", "18", 2),
        ("42", "54", 2),
    ]
    assert own.tenths == (("70–80", 2), ("80–90", 0), ("90–100", 1))
    with pytest.raises(NotFound):
        own_scores(found.agency, run.pk)


def test_the_full_maximum_lies_in_the_last_tenth() -> None:
    assert tenths([Decimal(100), Decimal(0)], Decimal(100))[-1] == ("90–100", 1)
    assert tenths([], Decimal(100)) == ()


@pytest.mark.parametrize(
    ("shown", "points", "comments"),
    [("totals", False, False), ("points", True, False), ("points_and_comments", True, True)],
)
def test_others_scores_are_shown_only_after_the_stage_and_only_as_far_as_the_call_says(
    shown: str, points: bool, comments: bool
) -> None:
    desk = {"clause": "T-1", "peers_after_lock": shown}
    found = ready(1, definition=with_evaluation(desk=desk))
    run = opened(found)
    for expert, total in enumerate((70, 80, 90)):
        fill(found, expert, 0, total)
    judge, sheet = found.experts[0].actor, found.sheet(0, 0)
    assert peers_of(sheet_for(judge, sheet.pk)) == (shown, ())
    with clock.at(AT_EVALUATION):
        commands.lock_stage(actor=found.agency, run_id=run.pk)
    _, peers = peers_of(sheet_for(judge, sheet.pk))
    assert [peer.total for peer in peers] == [90, 80]
    assert all((bool(peer.points), bool(peer.comments)) == (points, comments) for peer in peers)


def test_without_a_setting_others_scores_are_never_shown() -> None:
    found = ready(1)
    scored(found, "desk", [80])
    sheet = ScoreSheet.objects.filter(seat=found.seat(0)).get()
    assert peers_of(sheet_for(found.experts[0].actor, sheet.pk)) == ("nothing", ())
