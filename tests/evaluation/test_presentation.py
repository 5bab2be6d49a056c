"""The day of presentations: planned by lot or by hand, announced, run turn by turn; presenters checked, absence and questions noted."""

from datetime import datetime, timedelta
from http import HTTPStatus

import pytest

from gongmo.evaluation import commands
from gongmo.evaluation.commands.presentation import Order
from gongmo.evaluation.models import PresentationDay, PresentationQuestion, PresentationSlot
from gongmo.evaluation.queries.presentation import clashes_of, unheld_turns, waiting_for_a_turn
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.clock import SEOUL
from gongmo.kernel.errors import BadInput, NotAllowed, NotFound, Refused
from gongmo.ledger.models import Entry
from gongmo.ledger.queries import after
from gongmo.notices.telling import tellings_of
from gongmo.rules.presentation import Pace, drawn
from tests.builders import make_ministry_officer
from tests.evaluation.builders import (
    AT_EVALUATION,
    Evaluated,
    fill,
    opened,
    ready,
    scored,
)
from tests.evaluation.test_pages import get, post, read
from tests.screening.test_pages import signed_in

pytestmark = pytest.mark.django_db
STARTS = (
    (AT_EVALUATION + timedelta(days=1)).astimezone(SEOUL).replace(hour=10, minute=0, second=0, microsecond=0)
)
PACE = Pace(talk=20, questions=20, change=5, rest_after=1, rest=10)


def presenting(count: int = 2) -> Evaluated:
    """A call whose presentation stage is open."""
    found = ready(count)
    scored(found, "desk", [80] * count)
    opened(found, "presentation")
    return found


def planned(
    found: Evaluated, *, by_lot: bool = False, starts: datetime = STARTS, items: tuple[int, ...] | None = None
) -> PresentationDay:
    with clock.at(AT_EVALUATION):
        return commands.plan_day(
            actor=found.agency,
            run_id=found.sheet(0, 0, "presentation").run_id,
            starts_at=starts,
            place="가상 회의장",
            pace=PACE,
            order=Order(
                tuple(found.application(n) for n in (range(len(found.items)) if items is None else items)),
                by_lot,
            ),
        )


def announced(found: Evaluated) -> PresentationDay:
    day = planned(found)
    with clock.at(AT_EVALUATION):
        return commands.announce_day(actor=found.agency, day_id=day.pk)


def slots(day: PresentationDay) -> list[PresentationSlot]:
    return list(PresentationSlot.objects.filter(day=day).order_by("place"))


def test_a_lot_is_recorded_with_its_seed_and_can_be_drawn_again() -> None:
    found = presenting(3)
    day = planned(found, by_lot=True)
    assert [slot.application_id for slot in slots(day)] == list(
        drawn(day.seed, [found.application(n) for n in range(3)])
    )
    assert day.seed in Entry.objects.get(act="evaluation.plan_presentations").body
    first, second, _ = slots(day)
    assert (first.starts_at, second.starts_at) == (STARTS, STARTS + timedelta(minutes=50))


def test_only_the_operator_plans_only_what_stands_and_nobody_twice() -> None:
    found = presenting(2)
    planned(found)
    with pytest.raises(Refused) as refusal:
        planned(found)
    assert refusal.value.code == "turn_already"
    with pytest.raises(BadInput):
        planned(found, starts=AT_EVALUATION - timedelta(hours=1))
    run = found.sheet(0, 0, "presentation").run_id
    order = Order((found.application(0),), by_lot=False)
    for actor, wrong in (
        (found.experts[0].actor, NotFound),
        (found.items[0].lead, NotFound),
        (make_ministry_officer(), NotAllowed),
    ):
        with pytest.raises(wrong), clock.at(AT_EVALUATION):
            commands.plan_day(actor=actor, run_id=run, starts_at=STARTS, place="가", pace=PACE, order=order)


def test_a_day_is_moved_and_reordered_by_hand_with_its_reason_before_it_begins() -> None:
    found = presenting(2)
    day = announced(found)
    first, second = slots(day)
    later = STARTS + timedelta(hours=3)
    with clock.at(AT_EVALUATION):
        moved = commands.replan_day(
            actor=found.agency,
            day_id=day.pk,
            starts_at=later,
            place="다른 곳",
            order=[second.pk, first.pk],
            reason="장소 변경",
        )
    assert (moved.sequence, [slot.pk for slot in slots(day)], slots(day)[0].starts_at) == (
        1,
        [second.pk, first.pk],
        later,
    )
    with clock.at(AT_EVALUATION):
        commands.check_presenter(actor=found.agency, slot_id=first.pk, who="director")
        commands.start_talk(actor=found.agency, slot_id=first.pk)
        with pytest.raises(Refused) as refusal:
            commands.replan_day(
                actor=found.agency,
                day_id=day.pk,
                starts_at=later,
                place="곳",
                order=[first.pk, second.pk],
                reason="또",
            )
    assert refusal.value.code == "day_begun"


def test_a_turn_begins_only_with_a_checked_presenter_and_one_at_a_time() -> None:
    found = presenting(2)
    first, second = slots(announced(found))
    chair, member = found.experts[0].actor, found.experts[1].actor
    with clock.at(AT_EVALUATION):
        with pytest.raises(Refused) as unchecked:
            commands.start_talk(actor=found.agency, slot_id=first.pk)
        with pytest.raises(Refused) as substitute:
            commands.check_presenter(actor=found.agency, slot_id=first.pk, who="substitute")
        with pytest.raises(NotAllowed):
            commands.check_presenter(actor=member, slot_id=first.pk, who="director")
        for slot in (first, second):
            commands.check_presenter(actor=chair, slot_id=slot.pk, who="director")
        commands.start_talk(actor=chair, slot_id=first.pk)
        with pytest.raises(Refused) as another:
            commands.start_talk(actor=chair, slot_id=second.pk)
    assert [each.value.code for each in (unchecked, substitute, another)] == [
        "presenter_unchecked",
        "no_consent",
        "another_on",
    ]
    with clock.at(AT_EVALUATION + timedelta(minutes=20)):
        commands.start_questions(actor=chair, slot_id=first.pk)
    with clock.at(AT_EVALUATION + timedelta(minutes=40)):
        done = commands.end_turn(actor=chair, slot_id=first.pk)
    assert (done.state, done.ended_at, done.asked_at) == (
        "done",
        AT_EVALUATION + timedelta(minutes=40),
        AT_EVALUATION + timedelta(minutes=20),
    )


def test_a_substitute_presents_with_the_operators_prior_consent() -> None:
    found = presenting(1)
    item = found.items[0]
    with clock.at(AT_EVALUATION):
        asked = commands.ask_substitute(
            actor=item.lead,
            application_id=item.application.pk,
            organisation_id=found.reviewed.partner().pk,
            presenter="담당자 B",
            reason="출장",
        )
        commands.answer_substitute(actor=found.agency, substitute_id=asked.pk, consent=True)
        [slot] = slots(announced(found))
        assert (
            commands.check_presenter(actor=found.agency, slot_id=slot.pk, who="substitute").presenter
            == "substitute"
        )


def test_who_was_absent_can_be_given_another_turn_or_come_late() -> None:
    found = presenting(1)
    [slot] = slots(announced(found))
    with clock.at(AT_EVALUATION):
        commands.mark_absent(actor=found.agency, slot_id=slot.pk, reason="연락이 닿지 않음")
        assert [each.pk for each in waiting_for_a_turn(slot.day.run)] == [found.application(0)]
        commands.undo_absence(actor=found.agency, slot_id=slot.pk)
        commands.mark_absent(actor=found.agency, slot_id=slot.pk, reason="끝내 오지 않음")
    planned(found, starts=STARTS + timedelta(days=1))
    with pytest.raises(Refused), clock.at(AT_EVALUATION):
        commands.undo_absence(actor=found.agency, slot_id=slot.pk)
    with pytest.raises(Refused), clock.at(AT_EVALUATION):
        commands.start_talk(actor=found.agency, slot_id=slot.pk)


def test_questions_are_noted_by_who_judges_and_read_by_who_judges() -> None:
    found = presenting(1)
    day = announced(found)
    [slot] = slots(day)
    with clock.at(AT_EVALUATION):
        commands.note_question(
            actor=found.experts[1].actor, slot_id=slot.pk, text="운영비는 어떻게 마련합니까"
        )
        commands.declare_conflict(
            actor=found.experts[2].actor,
            seat_id=found.seat(2).pk,
            application_id=found.application(0),
            conflict=True,
        )
        with pytest.raises(NotFound):
            commands.note_question(actor=found.experts[2].actor, slot_id=slot.pk, text="가")
        for actor in (found.items[0].lead, make_ministry_officer()):
            with pytest.raises(NotFound):
                commands.note_question(actor=actor, slot_id=slot.pk, text="가")
    assert PresentationQuestion.objects.count() == 1
    with clock.at(AT_EVALUATION):
        commands.check_presenter(actor=found.agency, slot_id=slot.pk, who="director")
        commands.start_talk(actor=found.agency, slot_id=slot.pk)
    assert "운영비는" in get(found.experts[1].actor, f"/presentations/{day.pk}/")[1]
    assert "운영비는" not in get(found.experts[2].actor, f"/presentations/{day.pk}/")[1]


def test_two_lists_that_need_the_members_at_once_are_told() -> None:
    found = presenting(2)
    first = planned(found, items=(0,))
    assert clashes_of(first) == []
    second = planned(found, items=(1,), starts=STARTS + timedelta(minutes=39))
    assert {clash.who for clash in clashes_of(second)} == {each.evaluator.label for each in found.experts}
    assert clashes_of(first)[0].other.day_id == second.pk


def test_evaluators_are_told_when_a_day_is_announced_and_not_before() -> None:
    found = presenting(1)
    day = planned(found)
    with clock.at(AT_EVALUATION):
        commands.announce_day(actor=found.agency, day_id=day.pk)
    records = after(
        0,
        10**9,
        acts=frozenset({"evaluation.plan_presentations", "evaluation.announce_presentations"}),
        limit=9,
    )
    plan, announce = (tellings_of(record) for record in records)
    told = {person for telling in announce for person in telling.people}
    assert (plan, {expert.actor.person for expert in found.experts} - told) == ([], set())


def test_the_pages_plan_announce_and_run_a_day_without_javascript() -> None:
    found = presenting(2)
    base = f"/evaluation/{found.call.slug}/presentations/"
    assert "발표 시각을 정할 신청이 2건" in read(get(found.agency, base)[1])
    given = {
        "talk": 20,
        "questions": 10,
        "change": 5,
        "rest_after": "",
        "rest": 0,
        "order": "lot",
        "place": "회의장",
    }
    ids = [found.application(n) for n in range(2)]
    status, html = post(found.agency, f"{base}plan/", starts_at="", application=ids, **given)
    assert (status, 'value="회의장"' in html) == (HTTPStatus.UNPROCESSABLE_ENTITY, True)
    _, html = post(
        found.agency, f"{base}plan/", starts_at=f"{STARTS:%Y-%m-%dT%H:%M}", application=ids, **given
    )
    assert "추첨으로 순서를 정했습니다" in html
    day = PresentationDay.objects.get()
    page = f"/presentations/{day.pk}/"
    assert get(found.experts[1].actor, page)[0] == HTTPStatus.NOT_FOUND
    _, html = post(found.agency, f"{page}announce/")
    assert "알렸습니다" in html
    slot = slots(day)[0]
    for act, words in (
        ("check", "발표자를 확인했습니다"),
        ("start", "지금 발표"),
        ("questions", "지금 질의응답"),
        ("end", "발표를 마쳤습니다"),
    ):
        status, html = post(found.agency, f"/presentations/turns/{slot.pk}/{act}/")
        assert (status, words in html) == (HTTPStatus.OK, True)
    html = get(found.experts[1].actor, page)[1]
    assert ("평가표 열기" in html, "발표 시작" not in read(html)) == (True, True)
    item = next(each for each in found.items if each.application.pk == slot.application_id)
    html = get(item.lead, f"/applications/{slot.application_id}/presenter/")[1]
    assert "회의장" in html


def calendar(actor: Actor, address: str) -> tuple[int, str]:
    with clock.at(AT_EVALUATION):
        answer = signed_in(actor).get(address)
    return answer.status_code, answer.content.decode().replace("\r\n ", "")


def test_calendars_tell_each_only_the_own_turns_and_a_moved_day_keeps_its_event() -> None:
    found = presenting(2)
    day = announced(found)
    lead = found.items[0].lead
    _, own = calendar(lead, f"/applications/{found.application(0)}/presentation.ics")
    assert (own.count("BEGIN:VEVENT"), found.items[1].application.title in own) == (1, False)
    assert calendar(lead, f"/applications/{found.application(1)}/presentation.ics")[0] == HTTPStatus.NOT_FOUND
    assert calendar(lead, "/presentations/calendar.ics")[0] == HTTPStatus.NOT_FOUND
    _, judge = calendar(found.experts[0].actor, "/presentations/calendar.ics")
    _, officer = calendar(found.agency, "/presentations/calendar.ics")
    assert (judge.count("BEGIN:VEVENT"), officer.count("BEGIN:VEVENT")) == (1, 2)
    uid = next(line for line in own.splitlines() if line.startswith("UID"))
    with clock.at(AT_EVALUATION):
        commands.replan_day(
            actor=found.agency,
            day_id=day.pk,
            starts_at=STARTS + timedelta(hours=1),
            place="회의장",
            order=[slot.pk for slot in slots(day)],
            reason="늦춤",
        )
    _, moved = calendar(lead, f"/applications/{found.application(0)}/presentation.ics")
    assert (uid in moved, "SEQUENCE:1" in moved) == (True, True)


def test_a_stage_is_locked_without_a_planned_presentation_only_for_a_recorded_reason() -> None:
    found = presenting(2)
    day = announced(found)
    for expert in range(3):
        for item in range(2):
            fill(found, expert, item, 80, "presentation")
    first, second = slots(day)
    with clock.at(STARTS):
        commands.check_presenter(actor=found.agency, slot_id=first.pk, who="director")
        commands.start_talk(actor=found.agency, slot_id=first.pk)
        with pytest.raises(Refused) as running:
            commands.lock_stage(actor=found.agency, run_id=day.run_id, reason="끝내겠습니다.")
        commands.end_turn(actor=found.agency, slot_id=first.pk)
        with pytest.raises(BadInput) as waiting:
            commands.lock_stage(actor=found.agency, run_id=day.run_id)
        page = read(signed_in(found.agency).get(f"/evaluation/{found.call.slug}/").content.decode())
        commands.lock_stage(actor=found.agency, run_id=day.run_id, reason="서면으로 대신하기로 의결했습니다.")
    assert (running.value.code, waiting.value.code) == ("turn_under_way", "turns_waiting")
    assert waiting.value.details == {"applications": [second.application_id]}
    assert "발표하지 않은 신청이 1건 있습니다" in page
    body = Entry.objects.filter(act="evaluation.lock_stage").latest("sequence").body
    assert f'"unheld":[{second.application_id}]' in body
    assert "서면으로 대신하기로 의결했습니다." in body


def test_where_no_day_was_planned_nothing_is_asked() -> None:
    found = presenting(2)
    assert unheld_turns(found.call.stage_runs.get(stage="presentation")) == []
