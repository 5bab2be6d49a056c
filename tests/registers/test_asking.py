"""Asking: from the cache, in batches, with tries, under a breaker that all processes share, and never an error to the caller."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gongmo.kernel import clock
from gongmo.kernel.actor import Actor, Role, system
from gongmo.kernel.errors import NotAllowed, NotFound, Refused
from gongmo.ledger.models import Entry
from gongmo.registers import breaker, commands, following, holidays, queries
from gongmo.registers import tasks as register_tasks
from gongmo.registers.config import Configuration
from gongmo.registers.models import Circuit, RegisterAnswer, Wanted
from gongmo.registers.outcomes import Outcome, Register
from gongmo.registers.states import CircuitState
from gongmo.registers.trouble import Down, Trouble
from gongmo.registers.values import Answer, Question
from tests.registers.server import World

pytestmark = pytest.mark.django_db(transaction=False)

SYSTEM = system("test")
NOW = datetime(2030, 3, 18, 1, 0, tzinfo=UTC)
OPERATOR = Actor(role=Role.OPERATOR, person=1)


def number(place: int) -> str:
    return f"{place:010}"


def status_of(place: int) -> Question:
    return Question.of(Register.BUSINESS_STATUS, number(place))


def asked_at(at: datetime, *places: int, **more: Any) -> list[Answer]:
    with clock.at(at):
        found = commands.ask(actor=SYSTEM, questions=[status_of(place) for place in places], **more)
    return list(found.values())


@pytest.mark.usefixtures("registers")
def test_numbers_are_asked_a_hundred_at_a_time_and_kept_under_one_entry_a_batch(world: World) -> None:
    world.states = {number(place): ("01", "") for place in range(250)}
    answers = asked_at(NOW, *range(250))
    assert [len(body["b_no"]) for _, _, body in world.requests] == [100, 100, 50]
    assert {answer.outcome for answer in answers} == {Outcome.MATCH}
    assert RegisterAnswer.objects.count() == 250
    assert Entry.objects.filter(act="registers.record_answers").count() == 3


@pytest.mark.usefixtures("registers")
def test_what_is_known_and_fresh_is_not_asked_again(world: World) -> None:
    world.states = {number(1): ("01", "")}
    asked_at(NOW, 1)
    [again] = asked_at(NOW + timedelta(hours=23), 1)
    assert again.cached
    assert again.asked_at == NOW
    assert len(world.requests) == 1
    world.states = {number(1): ("03", "20300318")}
    [later] = asked_at(NOW + timedelta(hours=25), 1)
    assert later.outcome is Outcome.CLOSED
    [told] = [line for line in queries.last_answers([number(1)])[number(1)] if line.answer]
    assert told.outcome is Outcome.CLOSED
    assert told.answer is not None
    assert told.answer.asked_at == NOW + timedelta(hours=25)


@pytest.mark.usefixtures("registers")
def test_two_questions_on_one_number_do_not_share_an_answer(world: World) -> None:
    world.heads = {number(1): ("20200102", "김대표")}
    right = Question.of(Register.BUSINESS_VALIDATION, number(1), start_dt="20200102", p_nm="김대표")
    wrong = Question.of(Register.BUSINESS_VALIDATION, number(1), start_dt="20200102", p_nm="이대표")
    found = commands.ask(actor=SYSTEM, questions=[right, wrong])
    assert (found[right].outcome, found[wrong].outcome) == (Outcome.MATCH, Outcome.MISMATCH)


def test_a_register_without_a_key_is_told_as_off_and_keeps_nothing() -> None:
    [answer] = asked_at(NOW, 1, topic="test", reference=1)
    assert (answer.outcome, answer.trouble) == (Outcome.UNAVAILABLE, Trouble.OFF)
    assert not RegisterAnswer.objects.exists()
    assert not Wanted.objects.exists()
    assert not Circuit.objects.exists()


@pytest.mark.usefixtures("registers")
def test_a_short_failure_is_tried_again_at_once(world: World) -> None:
    world.states = {number(1): ("01", "")}
    world.behave("http:503", times=2)
    [answer] = asked_at(NOW, 1)
    assert answer.outcome is Outcome.MATCH
    assert len(world.requests) == 3


@pytest.mark.usefixtures("registers")
@pytest.mark.parametrize("fault", ["http:500", "reset", "cut", "text"])
def test_an_outage_is_an_answer_of_its_own_kept_once(world: World, fault: str) -> None:
    world.behave(fault)
    for minutes in (0, 1, 2):
        [answer] = asked_at(NOW + timedelta(minutes=minutes), 1, topic="test", reference=7)
        assert answer.outcome is Outcome.UNAVAILABLE
    assert [row.outcome for row in RegisterAnswer.objects.all()] == [Outcome.UNAVAILABLE]
    wanted = Wanted.objects.get()
    assert (wanted.topic, wanted.reference, wanted.tries, wanted.since) == ("test", 7, 3, NOW)
    [line] = queries.last_answers([number(1)])[number(1)]
    assert line.outcome is Outcome.UNAVAILABLE
    assert line.waiting is not None


@pytest.mark.usefixtures("registers")
def test_an_outage_does_not_hide_what_was_known_before(world: World) -> None:
    world.states = {number(1): ("02", "")}
    asked_at(NOW, 1)
    world.behave("http:500")
    asked_at(NOW + timedelta(days=2), 1, topic="test", reference=7)
    [line] = queries.last_answers([number(1)])[number(1)]
    assert line.outcome is Outcome.SUSPENDED
    assert line.waiting is not None


@pytest.mark.usefixtures("registers")
def test_the_breaker_opens_after_three_failures_and_closes_after_one_good_trial(world: World) -> None:
    world.states = {number(1): ("01", "")}
    world.behave("http:500")
    for minutes in range(3):
        asked_at(NOW + timedelta(minutes=minutes), 1)
    assert Circuit.objects.get().state == CircuitState.OPEN
    asked_before = len(world.requests)
    [held] = asked_at(NOW + timedelta(minutes=4), 1)
    assert held.trouble is Trouble.HELD
    assert len(world.requests) == asked_before
    # The pause is over, the trial fails: the next pause is twice as long.
    asked_at(NOW + timedelta(minutes=8), 1)
    circuit = Circuit.objects.get()
    assert circuit.state == CircuitState.OPEN
    assert circuit.retry_at == NOW + timedelta(minutes=18)
    world.behave("")
    [answer] = asked_at(NOW + timedelta(minutes=19), 1)
    assert answer.outcome is Outcome.MATCH
    circuit = Circuit.objects.get()
    assert (circuit.state, circuit.failures, circuit.openings) == (CircuitState.CLOSED, 0, 0)


def test_only_one_process_tries_a_register_whose_pause_is_over(registers: Configuration) -> None:
    with clock.at(NOW):
        for _ in range(3):
            breaker.failed(Register.ACCOUNTS, Down(Trouble.NETWORK), registers)
    with clock.at(NOW + timedelta(minutes=6)):
        breaker.enter(Register.ACCOUNTS)
        with pytest.raises(Down):
            breaker.enter(Register.ACCOUNTS)
    with clock.at(NOW + timedelta(minutes=17)):
        # The first one has not come back: it must be dead.
        breaker.enter(Register.ACCOUNTS)


@pytest.mark.usefixtures("registers")
def test_one_register_down_leaves_the_others_alone(world: World) -> None:
    world.states = {number(1): ("01", "")}
    world.behave("code:30", times=1)
    accounts = Question.of(Register.ACCOUNTS, "0000000000011", year="2029")
    with clock.at(NOW):
        found = commands.ask(actor=SYSTEM, questions=[accounts, status_of(1)])
    # Asked in the order of the registers: the fault met the business status.
    assert found[status_of(1)].trouble is Trouble.KEY
    assert found[accounts].outcome is Outcome.UNREGISTERED


@pytest.mark.usefixtures("registers")
def test_a_wrong_key_and_a_spent_quota_hold_a_register_at_once(world: World) -> None:
    world.behave("code:30")
    asked_at(NOW, 1)
    circuit = Circuit.objects.get()
    assert circuit.retry_at == NOW + timedelta(hours=6)
    Circuit.objects.all().delete()
    world.behave("code:22")
    asked_at(NOW, 2)
    # Until after midnight in Seoul.
    assert Circuit.objects.get().retry_at == datetime(2030, 3, 18, 15, 10, tzinfo=UTC)


@pytest.mark.usefixtures("registers")
def test_a_request_that_is_refused_says_nothing_against_the_register(world: World) -> None:
    world.behave("code:10")
    for _ in range(4):
        asked_at(NOW, 1)
    assert Circuit.objects.get().state == CircuitState.CLOSED


@pytest.mark.usefixtures("registers")
def test_what_went_unanswered_is_followed_up_when_the_register_is_back(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[list[int]] = []
    monkeypatch.setitem(following._followers, "test", heard.append)
    world.states = {number(1): ("01", "")}
    world.behave("code:30")
    asked_at(NOW, 1, topic="test", reference=7)
    with clock.at(NOW + timedelta(hours=1)):
        register_tasks.follow_up()
    assert heard == []
    with clock.at(NOW + timedelta(hours=7)):
        register_tasks.follow_up()
    assert heard == [[7]]
    world.behave("")
    asked_at(NOW + timedelta(hours=7), 1, topic="test", reference=7)
    assert not Wanted.objects.exists()


@pytest.mark.usefixtures("registers")
def test_an_operator_has_a_held_register_tried_at_once_and_nobody_else_does(world: World) -> None:
    world.states = {number(1): ("01", "")}
    world.behave("code:30", times=1)
    asked_at(NOW, 1)
    with clock.at(NOW + timedelta(minutes=1)):
        with pytest.raises(NotFound):
            commands.try_at_once(actor=Actor(role=Role.AGENCY, person=1), register=Register.BUSINESS_STATUS)
        commands.try_at_once(actor=OPERATOR, register=Register.BUSINESS_STATUS)
    [answer] = asked_at(NOW + timedelta(minutes=1), 1)
    assert answer.outcome is Outcome.MATCH
    with pytest.raises(Refused):
        commands.try_at_once(actor=OPERATOR, register=Register.BUSINESS_STATUS)


def test_people_do_not_ask_registers_directly() -> None:
    with pytest.raises(NotAllowed):
        commands.ask(actor=Actor(role=Role.AGENCY, person=1), questions=[status_of(1)])


@pytest.mark.usefixtures("registers")
def test_holidays_are_fetched_once_a_week_and_read_as_days_off(world: World) -> None:
    world.holidays["2030", "04"] = [{"locdate": 20300403, "isHoliday": "Y", "dateName": "임시공휴일"}]
    with clock.at(NOW):
        register_tasks.fetch_holidays.func()
        assert len(world.requests) == 22
        assert {day.isoformat() for day in holidays.days_off(2030)} == {"2030-04-03"}
    with clock.at(NOW + timedelta(days=1)):
        register_tasks.fetch_holidays.func()
    assert len(world.requests) == 22


def test_a_slow_register_costs_no_more_than_its_limit(
    world: World, registers: Configuration, settings: Any
) -> None:
    settings.GONGMO_REGISTERS = replace(registers, waits=())
    world.behave("drip")
    began = time.monotonic()
    [answer] = asked_at(NOW, 1)
    assert answer.trouble is Trouble.TIMEOUT
    assert time.monotonic() - began < 2
