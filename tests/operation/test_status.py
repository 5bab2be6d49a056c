"""How the service is, for everyone: by measured facts and by what operators say."""

import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from gongmo.kernel import clock
from gongmo.kernel.actor import Actor, Role
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.ledger.models import Entry
from gongmo.operation import commands, pace, probes, state
from gongmo.operation.models import Announcement, Kind
from gongmo.operation.state import Level
from gongmo.parties.models import Person
from tests.builders import make_agency_officer
from tests.parties.builders import make_officer
from tests.tasks.sample_tasks import note

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def anew() -> Any:
    state.forget()
    pace.forget()
    probes.clock_now.forget()
    yield
    state.forget()
    pace.forget()


def words(client: Client) -> str:
    return client.get("/status/").content.decode()


def test_everyone_reads_that_all_is_well(client: Client) -> None:
    answer = client.get("/status/")

    assert "서비스가 정상입니다" in answer.content.decode()
    assert answer["Cache-Control"] == "public, max-age=5"
    assert client.get("/status.json").json()["level"] == "fine"


def test_slow_pages_make_the_service_slow() -> None:
    for _ in range(pace.FEWEST):
        pace.took(state.SLOW_PAGES + 1)

    assert state.measured().level is Level.SLOW


def test_a_few_slow_pages_do_not() -> None:
    for _ in range(pace.FEWEST - 1):
        pace.took(60)

    assert state.measured().level is Level.FINE


def waiting_since(hours: int) -> None:
    """A task that has waited for so long; nobody works."""
    note.enqueue(folder="", word="one")
    DBTaskResult.objects.update(enqueued_at=timezone.now() - timedelta(hours=hours))


def test_what_waited_while_the_server_was_off_makes_no_fresh_start_slow(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waiting_since(hours=9)

    monkeypatch.setattr(probes, "_began", time.monotonic() - state.LATE_ALONE + 20)
    fresh = state.measured().level
    monkeypatch.setattr(probes, "_began", time.monotonic() - state.LATE_ALONE - 1)

    assert (fresh, state.measured().level) == (Level.FINE, Level.SLOW)


def test_the_first_question_that_also_opens_the_connection_is_no_sample(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers = iter([3.0, 0.001, 3.0, 3.0])
    monkeypatch.setattr("gongmo.operation.probes.database_seconds", lambda: next(answers))

    assert [state.measured().level for _ in range(2)] == [Level.FINE, Level.SLOW]


def test_without_a_database_the_page_still_says_so(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    client.force_login(Person.objects.get(pk=make_agency_officer().person or 0))

    def away(*_: Any) -> None:
        raise OperationalError("away")

    with monkeypatch.context() as patch:
        patch.setattr("django.db.backends.base.base.BaseDatabaseWrapper.cursor", away)
        patch.setattr("django.db.backends.base.base.BaseDatabaseWrapper.chunked_cursor", away)
        answer = client.get("/status/")

    assert "서비스에 장애가 있습니다" in answer.content.decode()


def test_an_operator_s_notice_is_shown_recorded_and_taken_down(client: Client) -> None:
    operator = make_officer(Role.OPERATOR)[1]

    made = commands.announce(actor=operator, kind=Kind.MAINTENANCE, text_ko="오늘 밤 점검합니다.")
    shown = words(client)
    commands.withdraw_announcement(actor=operator, announcement_id=made.pk)
    after = words(client)

    assert "오늘 밤 점검합니다." in shown
    assert "서비스를 점검하고 있습니다" in shown
    assert "오늘 밤 점검합니다." not in after
    assert list(Entry.objects.filter(subject_type="announcement").values_list("act", flat=True)) == [
        "operation.announce",
        "operation.withdraw_announcement",
    ]
    with pytest.raises(Refused):
        commands.withdraw_announcement(actor=operator, announcement_id=made.pk)


def test_a_coming_notice_is_told_and_does_not_change_the_state_yet() -> None:
    now = clock.now()
    commands.announce(
        actor=make_officer(Role.OPERATOR)[1],
        kind=Kind.MAINTENANCE,
        text_ko="내일 점검합니다.",
        begins_at=now + timedelta(days=1),
        ends_at=now + timedelta(days=1, hours=2),
    )

    seen = [(state.measured().level, len(state.measured().notices))]
    for hours in (25, 27):
        with clock.at(now + timedelta(hours=hours)):
            found = state.measured()
            seen.append((found.level, len(found.notices)))

    assert seen == [(Level.FINE, 1), (Level.MAINTENANCE, 1), (Level.FINE, 0)]


@pytest.mark.parametrize("text", ["", " \n ", "가" * 301])
def test_a_notice_needs_a_sentence(text: str) -> None:
    with pytest.raises(BadInput):
        commands.announce(actor=make_officer(Role.OPERATOR)[1], kind=Kind.INFO, text_ko=text)


def test_a_notice_cannot_end_before_it_begins() -> None:
    with pytest.raises(BadInput):
        commands.announce(
            actor=make_officer(Role.OPERATOR)[1],
            kind=Kind.INFO,
            text_ko="안내",
            ends_at=clock.now() - timedelta(minutes=1),
        )


@pytest.mark.parametrize("role", [Role.AGENCY, Role.MINISTRY, Role.APPLICANT, Role.PUBLIC])
def test_only_operators_tell_everyone(role: Role) -> None:
    actor = Actor(role=role)
    with pytest.raises(NotFound):
        commands.announce(actor=actor, kind=Kind.INFO, text_ko="안내")
    assert not Announcement.objects.exists()


def test_the_operator_s_page_shows_the_figures_and_takes_a_notice(client: Client) -> None:
    client.force_login(Person.objects.get(pk=make_officer(Role.OPERATOR)[1].person or 0))

    page = client.get("/operation/").content.decode()
    refused = client.post("/operation/notices/", {"kind": "slow", "text_ko": "", "ends_at": "soon"})
    done = client.post(
        "/operation/notices/", {"kind": "slow", "text_ko": "<b>늦습니다</b>", "ends_at": ""}, follow=True
    )

    for word in ("작업 프로세스", "마지막 서명", "제때", "남은 디스크", "시계"):
        assert word in page
    # Nobody works here: a page with something to look at is not headed by "all is well".
    assert "작업 프로세스 없음" in page
    assert "순조롭습니다" not in page
    assert refused.status_code == 422
    assert "&lt;b&gt;늦습니다&lt;/b&gt;" in done.content.decode()
    assert state.measured().level is Level.SLOW
