"""From an officer's word to facts: as of which day, never over somebody's judgement, never a block when a register is down."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gongmo.calls.queries import definition_of
from gongmo.definition.application import FactSource, Truth
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.ledger import queries as ledger
from gongmo.ledger.models import Entry
from gongmo.notices.telling import tellings_of
from gongmo.parties.models import Person
from gongmo.registers import tasks as register_tasks
from gongmo.registers.invariants import answers_readable, circuits_say_when
from gongmo.registers.models import RegisterAnswer, Wanted
from gongmo.rules.finding import Verdict
from gongmo.screening import commands as screening
from gongmo.screening import queries
from gongmo.screening.commands.register_facts import check_registers
from gongmo.screening.invariants import facts_as_recorded
from gongmo.screening.models import FactRecord
from gongmo.screening.queries.registers import page_rows, register_page
from gongmo.screening.register_invariants import facts_rest_on_answers
from gongmo.screening.register_tasks import ask_at_closing, ask_registers, closings
from gongmo.tasks import run_waiting
from tests.builders import CLOSES, make_agency_officer, make_ministry_officer
from tests.registers.builders import AT_REVIEW, Asked, under_review
from tests.registers.server import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("registers")]


@pytest.fixture(scope="module")
def _built(django_db_setup: None, django_db_blocker: Any) -> Iterator[Asked]:
    """Built once; everything is rolled back after the last of this file's tests."""
    with django_db_blocker.unblock():
        whole = transaction.atomic()
        whole.__enter__()
        try:
            yield under_review()
        finally:
            transaction.set_rollback(True)
            whole.__exit__(None, None, None)


@pytest.fixture
def review(_built: Asked, world: World) -> Asked:
    """One application under review, all of whose organisations are in business."""
    world.states = dict.fromkeys(_built.numbers(), ("01", ""))
    return _built


def asked(found: Asked, at: datetime = AT_REVIEW) -> None:
    """The task that an officer's word queues, run at an instant."""
    with clock.at(at):
        ask_registers(applications=[item.application.pk for item in found.items])


def facts(found: Asked, fact: str = "arrears") -> list[tuple[str, str, date, date | None]]:
    """Register facts of the partner: value, note, as of, since."""
    rows = FactRecord.objects.filter(
        organisation=found.partner(), fact=fact, source=FactSource.REGISTER
    ).order_by("id")
    return [(row.value, row.note, row.as_of, row.since) for row in rows]


def verdict(found: Asked) -> Verdict:
    with clock.at(AT_REVIEW):
        return queries.verdicts(found.application()).verdict


def test_active_businesses_get_a_fact_that_says_the_day_it_rests_on(review: Asked) -> None:
    asked(review)
    [(value, note, as_of, since)] = facts(review)
    assert (value, as_of, since) == (Truth.NO, date(2030, 3, 18), None)
    assert "2030. 3. 18. 조회" in note
    assert verdict(review) is Verdict.PASS
    assert not list(facts_as_recorded())


def test_a_fact_without_the_answer_it_rests_on_is_found(review: Asked) -> None:
    asked(review)
    assert not [*facts_rest_on_answers(), *answers_readable(), *circuits_say_when()]
    RegisterAnswer.objects.filter(register="business_status").update(asked_at=AT_REVIEW + timedelta(days=1))
    assert len(list(facts_rest_on_answers())) == len(review.numbers())


def test_a_closing_before_the_closing_day_excludes_with_its_own_day(review: Asked, world: World) -> None:
    world.states[str(review.partner().business_number)] = ("03", "20300228")
    asked(review)
    [(value, _, _, since)] = facts(review)
    assert (value, since) == (Truth.YES, date(2030, 2, 28))
    assert verdict(review) is Verdict.FAIL


def test_a_closing_after_the_closing_day_does_not_exclude(review: Asked, world: World) -> None:
    world.states[str(review.partner().business_number)] = ("03", "20300316")
    asked(review)
    assert facts(review)[0][0] == Truth.YES
    assert verdict(review) is Verdict.PASS


def test_a_suspension_heard_of_later_is_left_open_for_the_closing_day(review: Asked, world: World) -> None:
    world.states[str(review.partner().business_number)] = ("02", "")
    asked(review)
    [(value, note, _, _)] = facts(review)
    assert value == Truth.UNKNOWN
    assert "증명서" in note
    assert verdict(review) is not Verdict.PASS


def test_a_number_that_is_not_registered_is_left_open(review: Asked, world: World) -> None:
    del world.states[str(review.partner().business_number)]
    asked(review)
    assert facts(review)[0][0] == Truth.UNKNOWN


def test_what_was_heard_on_the_closing_day_counts_as_of_it(world: World) -> None:
    found = under_review(opened=False, slug="other")
    world.states = dict.fromkeys(found.numbers(), ("02", ""))
    with clock.at(CLOSES + timedelta(minutes=3)):
        closings.func()
        ask_at_closing(applications=[found.application().pk])
    assert RegisterAnswer.objects.count() == len(found.numbers())
    # Back in business before the officer asks: the closing day's answer decides.
    world.states = dict.fromkeys(found.numbers(), ("01", ""))
    with clock.at(AT_REVIEW):
        screening.open_reviews(actor=found.agency, call_id=found.call.pk)
    asked(found)
    [(value, _, as_of, _)] = facts(found)
    assert (value, as_of) == (Truth.YES, date(2030, 3, 15))
    assert verdict(found) is Verdict.FAIL


def test_the_closing_of_a_call_has_its_applications_asked_for_once(world: World) -> None:
    found = under_review(opened=False, slug="other")
    world.states = dict.fromkeys(found.numbers(), ("01", ""))
    with clock.at(CLOSES + timedelta(minutes=3)):
        closings.func()
        closings.func()
        run_waiting(only="screening.ask_at_closing")
        closings.func()
        run_waiting(only="screening.ask_at_closing")
    asked_for = [body["b_no"] for _, _, body in world.requests]
    assert asked_for.count(found.numbers()) == 1


def test_equity_below_zero_in_the_separate_accounts_excludes(review: Asked, world: World) -> None:
    corporate = review.partner().corporate_number
    row = {"crno": corporate, "bizYear": "2029", "basDt": "20291231", "enpCptlAmt": "100"}
    world.accounts[corporate, "2029"] = [
        {**row, "fnclDcd": "110", "enpTcptAmt": "5000"},
        {**row, "fnclDcd": "120", "enpTcptAmt": "-1"},
    ]
    asked(review)
    [(value, note, _, _)] = facts(review, "duplicate")
    assert value == Truth.YES
    assert "2029년 별도" in note


def test_a_company_without_accounts_in_the_register_keeps_its_own_answer(review: Asked) -> None:
    asked(review)
    assert facts(review, "duplicate") == []


def test_an_officers_word_stands_and_the_contradiction_is_told(review: Asked, world: World) -> None:
    with clock.at(AT_REVIEW):
        screening.record_fact(
            actor=review.agency,
            application_id=review.application().pk,
            organisation_id=review.partner().pk,
            fact="arrears",
            value=Truth.NO,
            source=FactSource.OFFICER,
            as_of=date(2030, 3, 15),
        )
    world.states[str(review.partner().business_number)] = ("03", "20300228")
    asked(review)
    assert verdict(review) is Verdict.PASS
    entry = Entry.objects.get(act="screening.hear_registers")
    [record] = ledger.after(entry.sequence - 1, entry.sequence, acts={entry.act}, limit=1)
    assert len(record.payload["against"]) == 1
    [telling] = tellings_of(record)
    assert review.agency.person in telling.people
    assert "폐업" in telling.body.ko


def test_asking_again_records_only_what_changed(review: Asked, world: World) -> None:
    asked(review)
    asked(review, AT_REVIEW + timedelta(days=1))
    assert len(facts(review)) == 1
    world.states[str(review.partner().business_number)] = ("03", "20300228")
    asked(review, AT_REVIEW + timedelta(days=2))
    assert [value for value, *_ in facts(review)] == [Truth.NO, Truth.YES]


def test_a_register_that_is_down_blocks_nothing_and_is_asked_again(review: Asked, world: World) -> None:
    world.behave("code:30")
    asked(review)
    assert facts(review) == []
    assert verdict(review) is Verdict.PASS
    with clock.at(AT_REVIEW):
        screening.decide_eligible(actor=review.agency, review_id=review.review().pk)
    assert Wanted.objects.filter(topic="screening").exists()
    world.behave("")
    with clock.at(AT_REVIEW + timedelta(hours=7)):
        register_tasks.follow_up.func()
        run_waiting(only="screening.ask_registers")
    assert [value for value, *_ in facts(review)] == [Truth.NO]
    assert not Wanted.objects.exists()


def test_all_applications_are_asked_for_in_full_batches(world: World) -> None:
    found = under_review(3, slug="other")
    world.states = dict.fromkeys(found.numbers(), ("01", ""))
    asked(found)
    statuses = [body["b_no"] for path, _, body in world.requests if path.endswith("/status")]
    assert [len(numbers) for numbers in statuses] == [9]


def test_an_officers_word_queues_one_task_and_is_recorded(review: Asked) -> None:
    with clock.at(AT_REVIEW):
        assert check_registers(actor=review.agency, call_id=review.call.pk) == 1
        assert check_registers(actor=review.agency, call_id=review.call.pk) == 1
        run_waiting(only="screening.ask_registers")
    assert Entry.objects.filter(act="screening.check_registers").count() == 2
    assert len(facts(review)) == 1


def test_only_the_calls_officers_have_registers_asked(review: Asked) -> None:
    with clock.at(AT_REVIEW):
        with pytest.raises(NotFound):
            check_registers(actor=make_agency_officer(), call_id=review.call.pk)
        with pytest.raises(Refused):
            check_registers(actor=make_ministry_officer(), call_id=review.call.pk)
        with pytest.raises(BadInput):
            check_registers(actor=review.agency, call_id=review.call.pk, application_ids=[0])


def test_without_any_key_the_officer_is_told_so(review: Asked, settings: object) -> None:
    from gongmo.registers.config import Configuration

    settings.GONGMO_REGISTERS = Configuration()  # type: ignore[attr-defined]
    with clock.at(AT_REVIEW), pytest.raises(Refused) as refused:
        check_registers(actor=review.agency, call_id=review.call.pk)
    assert refused.value.code == "registers_off"


def signed_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(Person.objects.get(pk=actor.person), backend="gongmo.notices.people.SignedIn")
    return client


def words(html: bytes) -> str:
    page = BeautifulSoup(html, "html.parser")
    main = page.find("main") or page
    return " ".join(main.get_text(" ").split())


def test_the_page_shows_answers_facts_and_their_days(review: Asked, world: World) -> None:
    world.states[str(review.partner().business_number)] = ("03", "20300316")
    client = signed_in(review.agency)
    page = f"/screening/{review.call.slug}/{review.application().pk}/registers/"
    with clock.at(AT_REVIEW):
        answer = client.post(page)
        assert answer.status_code == 302
        run_waiting(only="screening.ask_registers")
        text = words(client.get(page).content)
    assert "폐업일 2030. 3. 16." in text
    assert "등록부가 적은 날짜 기준" in text
    assert "조회한 날 기준(마감일이 아닙니다)" in text
    assert "확인이 필요한 기관이 1곳 있습니다" in text


def test_rows_cost_the_same_however_many_organisations_they_show(world: World) -> None:
    found = under_review(2, slug="other")
    world.states = dict.fromkeys(found.numbers(), ("01", ""))
    asked(found)
    members = list(register_page(found.agency, found.call, None))
    definition = definition_of(found.call)
    with CaptureQueriesContext(connection) as six:
        assert len(page_rows(definition, members)) == 6
    with CaptureQueriesContext(connection) as one:
        page_rows(definition, members[:1])
    assert len(six) == len(one) == 4


def test_nothing_is_asked_any_more_for_an_application_that_is_gone(world: World) -> None:
    Wanted.objects.create(
        register="accounts", number="1", topic="screening", reference=999, since=AT_REVIEW, tried_at=AT_REVIEW
    )
    with clock.at(AT_REVIEW):
        ask_registers(applications=[999])
    assert not Wanted.objects.exists()
    assert world.requests == []


def test_the_page_says_that_a_register_is_held_off(review: Asked, world: World) -> None:
    world.behave("code:22")
    asked(review)
    with clock.at(AT_REVIEW + timedelta(minutes=1)):
        text = words(signed_in(review.agency).get(f"/screening/{review.call.slug}/registers/").content)
    assert "외부 확인이 멈춰 있습니다" in text
    assert "다시 확인 예정: 2030. 3. 19. 00:10" in text


def test_the_ministry_reads_and_others_learn_nothing(review: Asked) -> None:
    page = f"/screening/{review.call.slug}/registers/"
    with clock.at(AT_REVIEW):
        assert signed_in(make_ministry_officer()).get(page).status_code == 200
        assert signed_in(make_ministry_officer()).post(page).status_code == 403
        assert signed_in(make_agency_officer()).get(page).status_code == 404
        assert signed_in(review.items[0].lead).get(page).status_code == 404
