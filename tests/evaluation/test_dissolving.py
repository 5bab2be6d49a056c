"""A committee formed in error: dissolved before it judged anything, told to everybody it concerns, kept in the record, formed anew."""

import json

import pytest

from gongmo.evaluation import commands, queries
from gongmo.evaluation.models import Committee, Dissolution, ScoreSheet, Seat
from gongmo.evaluation.queries.committee import dissolved_committees
from gongmo.evaluation.queries.pool import sessions
from gongmo.evaluation.states import ChallengeState, SeatState, SheetState
from gongmo.kernel import clock
from gongmo.kernel.errors import BadInput, NotAllowed, NotFound, Refused
from gongmo.ledger.models import Entry
from gongmo.notices.models import Notice
from gongmo.screening.signals import reinstated
from gongmo.tasks import run_waiting
from tests.builders import make_applicant, make_ministry_officer
from tests.evaluation.builders import (
    AT_EVALUATION,
    Evaluated,
    Expert,
    fill,
    fixed,
    make_expert,
    opened,
    ready,
    scored,
    seated,
)
from tests.evaluation.test_challenges import asked, shown
from tests.evaluation.test_pages import get, post, read
from tests.evaluation.test_ranking import broken
from tests.screening.builders import excluded

pytestmark = pytest.mark.django_db

REASON = "연구계 위원을 잘못 골랐습니다."


def dissolved(found: Evaluated) -> Dissolution:
    assert found.committee is not None
    with clock.at(AT_EVALUATION):
        return commands.dissolve_committee(actor=found.agency, committee_id=found.committee.pk, reason=REASON)


def another(found: Evaluated, kept: int = 2, *, declare: bool = True) -> list[Expert]:
    """Another committee, `kept` of the first one's members and one more, all of them pledged; who sat before."""
    before = found.experts
    found.experts = [*before[:kept], make_expert(kept)]
    ids = [each.evaluator.pk for each in found.experts]
    with clock.at(AT_EVALUATION):
        found.committee = commands.form_committee(
            actor=found.agency, call_id=found.call.pk, name="평가위원회 2", evaluator_ids=ids, chair_id=ids[0]
        )
    seated(found, declare=declare)
    return before


def test_a_dissolved_committee_leaves_nothing_to_do_and_the_next_one_takes_its_stage_over() -> None:
    found = ready(2)
    run = opened(found)
    fill(found, 0, 0, 80, lock=False)
    dissolved(found)
    first = found.committee
    seats = Seat.objects.filter(committee=first)
    assert set(seats.values_list("state", flat=True)) == {SeatState.DISSOLVED}
    assert set(run.sheets.values_list("state", "void_kind")) == {(SheetState.VOID, "dissolved")}
    with clock.at(AT_EVALUATION):
        run_waiting()
    told = Notice.objects.filter(title_ko__startswith="평가위원회를 해산")
    assert set(told.values_list("person", flat=True)) == {each.actor.person for each in found.experts}
    with pytest.raises(Refused) as nobody:
        opened(found)

    before = another(found)
    here = [each.evaluator for each in (*before, found.experts[-1])]
    none_yet = set(sessions(here, AT_EVALUATION.year).values())
    # Exactly one committee stands, so it need not be named.
    again = opened(found)
    payload = json.loads(Entry.objects.filter(act="evaluation.open_stage").latest("sequence").body)["payload"]
    assert (nobody.value.code, none_yet, again.pk) == ("which_committee", {0}, run.pk)
    assert (payload["committee"], payload["taken_over_from"]) == (found.committee.pk, first.pk)
    counts = sessions(here, AT_EVALUATION.year)
    assert [counts[each.pk] for each in here] == [1, 1, 0, 1]

    for stage in ("desk", "presentation"):
        scored(found, stage, [80, 60])
    fixed(found)
    assert queries.replay(found.call.slug).ok
    assert broken() == set()


def test_what_was_judged_is_not_thrown_away_and_only_the_operator_dissolves() -> None:
    found = ready(1)
    opened(found)
    assert found.committee is not None
    given = {"committee_id": found.committee.pk, "reason": REASON}
    with clock.at(AT_EVALUATION):
        for actor, error in (
            (make_applicant(), NotFound),
            (found.experts[0].actor, NotFound),
            (make_ministry_officer(), NotAllowed),
        ):
            with pytest.raises(error):
                commands.dissolve_committee(actor=actor, **given)  # type: ignore[arg-type]
        with pytest.raises(BadInput):
            commands.dissolve_committee(actor=found.agency, committee_id=found.committee.pk, reason="  ")
    fill(found, 0, 0, 80)
    with pytest.raises(Refused) as judged:
        dissolved(found)
    # Not even where the sheet that was handed in became void since.
    with clock.at(AT_EVALUATION):
        commands.leave(actor=found.experts[0].actor, seat_id=found.seat(0).pk, reason="건강")
    with pytest.raises(Refused) as still:
        dissolved(found)
    assert (judged.value.code, still.value.code) == ("committee_judged", "committee_judged")
    assert "이미 확정한 평가표가 있어" in judged.value.ko
    assert "위원 더 위촉하기" in judged.value.ko
    assert not Dissolution.objects.exists()


def test_a_dissolved_committee_takes_nobody_any_more_and_a_waiting_challenge_ends_with_it() -> None:
    found = shown(applications=1)
    waiting = asked(found)
    dissolved(found)
    assert found.committee is not None
    with clock.at(AT_EVALUATION):
        with pytest.raises(Refused) as declining:
            commands.decline(actor=found.experts[3].actor, seat_id=found.seat(3).pk)
        with pytest.raises(Refused) as inviting:
            commands.invite_expert(
                actor=found.agency,
                committee_id=found.committee.pk,
                evaluator_id=make_expert(0).evaluator.pk,
                reason="더 필요합니다.",
            )
        with pytest.raises(Refused) as seating:
            commands.seat_reserve(actor=found.agency, seat_id=found.seat(3).pk)
        run_waiting()
    with pytest.raises(Refused) as twice:
        dissolved(found)
    waiting.refresh_from_db()
    assert declining.value.code == "seat_state"
    assert (inviting.value.code, twice.value.code) == ("committee_dissolved", "committee_dissolved")
    assert (seating.value.code, waiting.state) == ("not_a_reserve", ChallengeState.LAPSED)
    told = Notice.objects.filter(title_ko__contains="기피 신청이 끝났습니다")
    assert set(told.values_list("person", flat=True)) == {found.items[0].lead.person}


def test_the_page_asks_for_a_reason_and_the_name_and_keeps_the_history() -> None:
    found = ready(2)
    opened(found)
    with clock.at(AT_EVALUATION):
        excluded(found.reviewed, 1)
    held = Committee.objects.get()
    stage, address = f"/evaluation/{found.call.slug}/", f"/evaluation/{found.call.slug}/committee/"
    status, html = post(found.agency, f"{address}dissolve/", committee=held.pk, reason=REASON, confirm="아님")
    assert (status, REASON in html, Dissolution.objects.exists()) == (422, True, False)
    status, html = post(
        found.agency, f"{address}dissolve/", committee=held.pk, reason=REASON, confirm=held.name
    )
    assert (status, "위원회를 새로 구성해 주세요" in read(html), REASON in read(html)) == (200, True, True)
    assert "새 위원회가 이 단계를 넘겨받아야 합니다" in get(found.agency, stage)[1]
    _, desk = get(found.experts[0].actor, f"/desk/{found.seat(0).pk}/")
    assert ("이 위원회는 해산했습니다" in read(desk), REASON in read(desk)) == (True, True)
    # Sheets that fell with an exclusion do not rise for those who sit no more.
    with clock.at(AT_EVALUATION):
        lifted = found.items[1].application
        reinstated.send(sender=None, application=lifted, actor=found.agency, reason="해소")
    assert not ScoreSheet.objects.exclude(state=SheetState.VOID).exists()
    another(found, declare=False)
    _, after = get(found.agency, stage)
    assert "새 위원회로 다시 시작하기" in read(after)
    status, html = post(found.agency, f"{stage}open/", stage="desk")
    assert (status, "새 위원회가 이 단계를 넘겨받아야 합니다" in html) == (200, False)
    for stranger in (found.experts[0].actor, make_ministry_officer(), found.items[0].lead):
        with pytest.raises(NotFound):
            dissolved_committees(stranger, found.call)
