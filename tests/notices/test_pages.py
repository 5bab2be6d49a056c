"""Pages of notices, settings, the calendar and the operator's queue."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar as Feed
from pytest_django import DjangoAssertNumQueries

from gongmo.kernel import clock
from gongmo.kernel.actor import OrganisationRole, Role
from gongmo.notices.models import Calendar, Choice, Notice
from gongmo.parties.models import Person
from gongmo.tasks import run_waiting
from gongmo.web.numbers import begin
from tests.builders import (
    filled_application,
    make_agency_officer,
    make_organisation,
    make_person,
    member_actor,
    officer,
    publish_sample_call,
)
from tests.notices.builders import failed_job, tell

pytestmark = pytest.mark.django_db


def browser(person: Person | int | None) -> Client:
    client = Client()
    client.force_login(person if isinstance(person, Person) else Person.objects.get(pk=person))
    return client


def test_opening_a_notice_marks_it_read_and_leads_to_its_page() -> None:
    person = make_person()
    notice = tell(person.pk, url="/calls/")
    client = browser(person)
    assert "1건" in client.get("/notices/").content.decode()
    answer = client.get(f"/notices/{notice.pk}/")
    assert answer["Location"] == "/calls/"
    notice.refresh_from_db()
    assert notice.read_at is not None
    assert "새 알림이 없습니다" in client.get("/notices/").content.decode()


def test_opening_a_notice_takes_on_the_capacity_in_which_it_concerns_the_person() -> None:
    first, second = make_organisation(), make_organisation()
    actor = member_actor(first)
    person = Person.objects.get(pk=actor.person)
    from gongmo.parties import commands as parties
    from tests.builders import SYSTEM

    parties.add_member(
        actor=SYSTEM, person_id=person.pk, organisation_id=second.pk, role=OrganisationRole.WRITER
    )
    notice = tell(person.pk)
    Notice.objects.filter(pk=notice.pk).update(organisation=second.pk)
    client = browser(person)
    client.get(f"/notices/{notice.pk}/")
    assert second.name in client.get("/permissions/").content.decode()


def test_a_notice_from_before_addresses_held_tokens_still_leads_there(settings) -> None:  # type: ignore[no-untyped-def]
    person = make_person()
    notice = tell(person.pk, url="/applications/22/?show=mine#receipt")
    settings.GONGMO_PLAIN_NUMBERS = False
    begin()
    try:
        answer = browser(person).get(reverse("notices:open", args=[notice.pk]))
    finally:
        settings.GONGMO_PLAIN_NUMBERS = True
        begin()
    there = reverse("applications:application", args=[22])
    assert answer["Location"] == f"{there}?show=mine#receipt"


def test_a_notice_never_leads_off_the_site() -> None:
    person = make_person()
    notice = tell(person.pk, url="//evil.example/")
    assert browser(person).get(f"/notices/{notice.pk}/")["Location"] == "/notices/"


def test_marking_all_read_leaves_what_came_after_the_page_was_drawn() -> None:
    person = make_person()
    seen = tell(person.pk, key="a")
    tell(person.pk, key="b")
    browser(person).post("/notices/read/", {"newest": seen.pk})
    assert Notice.objects.filter(read_at=None).values_list("key", flat=True).get() == "b"


def test_the_list_costs_the_same_for_three_and_for_sixty_notices(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    person = make_person()
    client = browser(person)
    for number in range(60):
        tell(person.pk, key=str(number))
    with django_assert_max_num_queries(6):
        page = client.get("/notices/?page=2")
    assert page.content.decode().count("gm-notices__one--new") == 30


def test_a_notice_of_hostile_text_is_shown_as_text() -> None:
    person = make_person()
    notice = tell(person.pk)
    Notice.objects.filter(pk=notice.pk).update(
        title_ko="<img src=x onerror=alert(1)>", body_ko="<script>1</script>"
    )
    page = browser(person).get("/notices/").content.decode()
    assert "<img src=x" not in page
    assert "<script>1" not in page


def test_choices_are_saved_and_nonsense_is_refused_in_words() -> None:
    person = make_person()
    client = browser(person)
    assert client.post("/notices/settings/", {"call": "daily"}).status_code == 302
    assert Choice.objects.get().manner == "daily"
    refused = client.post("/notices/settings/", {"call": "sometimes"})
    assert refused.status_code == 422
    assert "골라 주세요" in refused.content.decode()


def test_the_calendar_holds_the_deadlines_of_drafts_and_its_address_can_be_changed() -> None:
    call = publish_sample_call(make_agency_officer(), slug="open")
    draft = filled_application(call)
    client = browser(draft.lead.person)
    client.post("/notices/settings/calendar/")
    token = Calendar.objects.get().token
    answer = Client().get(f"/calendar/{token}.ics")
    assert answer["Content-Type"].startswith("text/calendar")
    events = list(Feed.from_ical(answer.content).walk("VEVENT"))
    assert [event.end for event in events] == [call.closes_at]
    assert call.title_ko in str(events[0]["summary"])

    client.post("/notices/settings/calendar/")
    assert Client().get(f"/calendar/{token}.ics").status_code == 404
    client.post("/notices/settings/calendar/", {"end": "yes"})
    assert not Calendar.objects.exists()


def test_an_operator_sees_why_a_task_failed_and_runs_it_again() -> None:
    job = failed_job()
    client = browser(officer(Role.OPERATOR, None).person)
    page = client.get("/tasks/").content.decode()
    assert "실패한 작업이 1건 있습니다" in page
    assert client.post(f"/tasks/{job.pk}/again/").status_code == 302
    assert run_waiting() >= 1
    job.refresh_from_db()
    assert "그런 파일이 없습니다" in job.error
    assert "그런 파일이 없습니다" in client.get("/tasks/").content.decode()


def test_a_task_that_has_not_failed_is_not_run_again() -> None:
    job = failed_job()
    client = browser(officer(Role.OPERATOR, None).person)
    client.post(f"/tasks/{job.pk}/again/")
    assert client.post(f"/tasks/{job.pk}/again/").status_code == 409


def test_tasks_that_wait_too_long_are_told_with_what_to_do() -> None:
    from django_tasks_db.models import DBTaskResult

    from tests.tasks.sample_tasks import note

    note.enqueue(folder="/nowhere", word="x")
    DBTaskResult.objects.update(enqueued_at=clock.now() - timedelta(minutes=10))
    page = browser(officer(Role.OPERATOR, None).person).get("/tasks/").content.decode()
    assert "gongmo work" in page
