"""From the record to people: every act that concerns somebody is told once, to those who may know of it."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from gongmo.applications import commands as applications
from gongmo.calls import commands as calls
from gongmo.definition.base import OrganisationKind
from gongmo.kernel import clock
from gongmo.kernel.invariants import examine, invariants
from gongmo.ledger.commands import append
from gongmo.ledger.models import Entry
from gongmo.ledger.queries import Record
from gongmo.notices import invariants as _registered  # noqa: F401
from gongmo.notices import telling
from gongmo.notices.models import Cursor, Notice
from gongmo.notices.tasks import tell, tell_missed
from gongmo.parties.models import Person
from gongmo.tasks import run_waiting
from gongmo.tasks.models import Job
from tests.builders import (
    AT_OPENING,
    SYSTEM,
    filled_application,
    make_agency_officer,
    make_organisation,
    make_person,
    member_actor,
    publish_sample_call,
)
from tests.notices.builders import telling as a_telling

pytestmark = pytest.mark.django_db


def told(person: int | None) -> list[str]:
    return list(Notice.objects.filter(person=person).order_by("pk").values_list("title_ko", flat=True))


def broken() -> list[object]:
    ours = ("notices.", "tasks.")
    return [place for each in invariants() if each.name.startswith(ours) for place in examine(each)]


def test_an_invited_organisation_is_told_and_whoever_invited_is_not() -> None:
    call = publish_sample_call(make_agency_officer(), slug="open")
    draft = filled_application(call)
    guest = member_actor(make_organisation(OrganisationKind.COMPANY, "KR-48"))
    run_waiting()
    Notice.objects.all().delete()
    assert guest.organisation is not None

    with clock.at(AT_OPENING):
        applications.invite(
            actor=draft.lead,
            application_id=draft.application.pk,
            organisation_id=guest.organisation,
            role="partner",
        )
    run_waiting()

    notice = Notice.objects.get()
    assert notice.person_id == guest.person
    assert notice.organisation == guest.organisation
    assert "초대" in notice.title_ko


def test_an_act_is_told_once_however_often_the_record_is_walked() -> None:
    call = publish_sample_call(make_agency_officer(), slug="open")
    filled_application(call)
    run_waiting()
    before = Notice.objects.count()
    assert before
    Cursor.objects.update(sequence=0)

    tell.func()

    assert Notice.objects.count() == before


def test_an_act_that_was_rolled_back_is_told_to_nobody() -> None:
    call = publish_sample_call(make_agency_officer(), slug="open")
    asker = member_actor(make_organisation(OrganisationKind.COMPANY, "KR-48"))
    with clock.at(AT_OPENING), transaction.atomic():
        calls.ask(actor=asker, call_id=call.pk, title="문의", body="내용")
        transaction.set_rollback(True)
    run_waiting()
    assert not Notice.objects.filter(title_ko__contains="질문").exists()


def test_an_officer_hears_of_a_question_and_the_asker_of_its_answer() -> None:
    agency = make_agency_officer()
    call = publish_sample_call(agency, slug="open")
    asker = member_actor(make_organisation(OrganisationKind.COMPANY, "KR-48"))
    with clock.at(AT_OPENING):
        question = calls.ask(actor=asker, call_id=call.pk, title="문의", body="내용")
        calls.answer(actor=agency, question_id=question.pk, answer="답", public=True)
    run_waiting()
    assert any("새 질문" in title for title in told(agency.person))
    assert any("답이 달렸습니다" in title for title in told(asker.person))


def test_one_act_that_cannot_be_told_silences_no_other() -> None:
    person = make_person()

    def broken_teller(entry: Record) -> list[telling.Telling]:
        raise RuntimeError("a fault")

    def teller(entry: Record) -> list[telling.Telling]:
        return [a_telling(person.pk, key="")]

    telling.tells("test.broken")(broken_teller)
    telling.tells("test.fine")(teller)
    try:
        with transaction.atomic():
            for act in ("test.broken", "test.fine"):
                append(actor=SYSTEM, act=act, subject=("test", 1), payload={})
        run_waiting()
        assert told(person.pk) == ["공고가 바뀌었습니다"]
        assert Job.objects.get(name="notices.tell_one").error
    finally:
        telling._tellers.pop("test.broken")
        telling._tellers.pop("test.fine")


def test_a_person_who_left_is_told_nothing() -> None:
    person = make_person()
    Person.objects.filter(pk=person.pk).update(is_active=False)
    from gongmo.notices import commands

    commands.tell(a_telling(person.pk))
    assert told(person.pk) == []


def test_the_doctor_sees_an_act_that_nobody_will_tell() -> None:
    call = publish_sample_call(make_agency_officer(), slug="open")
    filled_application(call)
    assert broken() == []
    run_waiting()
    assert broken() == []
    Cursor.objects.update(sequence=0)
    assert broken() != []
    tell_missed.func()
    assert broken() == []


def test_acts_of_which_nobody_is_told_wake_no_task(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with transaction.atomic():
        append(actor=SYSTEM, act="test.silent", subject=("test", 1), payload={})
    assert Entry.objects.exists()
    assert not Job.objects.filter(name="notices.tell").exists()


def test_visitors_cost_no_statement_and_signed_in_people_none_more(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    person = make_person()
    client.force_login(person)
    # Session, person with the number of unread notices and what is held.
    with django_assert_num_queries(2):
        page = client.get("/permissions/").content.decode()
    assert 'href="/notices/"' in page
    with django_assert_num_queries(0):
        page = Client().get("/permissions/").content.decode()
    assert 'href="/notices/"' not in page


def test_many_notices_are_written_in_few_statements() -> None:
    people = [make_person() for _ in range(30)]
    from gongmo.notices import commands

    commands.tell(a_telling(*(person.pk for person in people)))
    assert Notice.objects.count() == 30
    commands.tell(a_telling(*(person.pk for person in people)))
    assert Notice.objects.count() == 30
    assert timedelta(0) <= clock.now() - Notice.objects.latest("pk").created_at
