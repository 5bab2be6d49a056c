"""The monthly review: figures, what stands out, who may sign, and what a missing review does."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client

from gongmo.custody import commands, queries, tasks
from gongmo.custody.months import Figures, Month, count
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor, Role
from gongmo.kernel.errors import BadInput, NotAllowed, NotFound, Refused
from gongmo.ledger.models import Entry
from gongmo.notices.models import Notice
from gongmo.parties import commands as parties
from gongmo.parties.models import Organisation, Person
from gongmo.privacy.models import Kind
from tests.builders import SYSTEM, make_agency_officer, make_task_force_officer, officer
from tests.custody.reasons import say_why
from tests.privacy.builders import drained, noted, own_buffer

pytestmark = pytest.mark.django_db

MARCH = Month(2030, 3)
AT = datetime(2030, 3, 5, 2, 0, tzinfo=UTC)
AFTER = datetime(2030, 4, 2, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def buffer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    own_buffer(monkeypatch, tmp_path)


@pytest.fixture
def first() -> Actor:
    return make_agency_officer()


@pytest.fixture
def second(first: Actor) -> Actor:
    return make_agency_officer(Organisation.objects.get(pk=first.organisation))


def client_of(actor: Actor) -> Client:
    client = Client()
    client.force_login(Person.objects.get(pk=actor.person or 0))
    return client


def sign(actor: Actor, key: str = "office", **checks: str) -> None:
    scope = queries.scope_of(actor, key)
    commands.sign_off(actor=actor, month=MARCH, scope=scope, opinion="이상 없음", checks=checks)


def test_months_are_seouls() -> None:
    assert Month.of(datetime(2030, 2, 28, 15, 0, tzinfo=UTC)) == MARCH
    assert (MARCH.begin.astimezone(UTC), Month(2030, 12).next) == (
        datetime(2030, 2, 28, 15, 0, tzinfo=UTC),
        Month(2031, 1),
    )
    for wrong in ("2030-13", "2030-3", "२०३०-०३", "x", "2030-03-1"):
        with pytest.raises(NotFound):
            Month.read(wrong)


def test_figures_count_an_offices_own_accesses_and_survive_being_stored(first: Actor, second: Actor) -> None:
    noted(AT, first)
    noted(AT, first, kind=Kind.FILE, outcome=404)
    noted(AT, second, kind=Kind.EXPORT)
    noted(AT, make_agency_officer())
    noted(AT, officer(Role.OPERATOR, None))
    noted(AT - timedelta(days=31), first)
    drained()
    figures = count(MARCH, first.organisation)
    assert (figures.total, figures.accessors, figures.refused, figures.of_kind("export")) == (
        3,
        {first.person, second.person},
        1,
        1,
    )
    assert Figures.from_plain(figures.plain()) == figures
    assert count(MARCH, None).total == 1


def test_ones_own_accesses_wait_for_another_reviewer(first: Actor, second: Actor) -> None:
    noted(AT, first)
    drained()
    with clock.at(AFTER):
        sign(first)
        (line,) = queries.months(first)
        assert (line.done, line.waiting) == (False, {first.person})
        sign(second)
        (line,) = queries.months(first)
        assert line.done
        with pytest.raises(Refused, match="signed_before"):
            sign(second)
    assert Entry.objects.filter(act="custody.sign_off").count() == 2


def test_a_month_is_signed_only_when_it_is_over(first: Actor) -> None:
    with clock.at(MARCH.end - timedelta(seconds=1)), pytest.raises(Refused, match="month_open"):
        sign(first)


def test_what_stands_out_must_be_looked_into(first: Actor, second: Actor) -> None:
    for minute in range(10):
        noted(AT + timedelta(minutes=minute), first, outcome=403)
    drained()
    with clock.at(AFTER):
        with pytest.raises(BadInput) as refused:
            sign(second)
        assert refused.value.field == "check-refused"
        sign(second, refused="잘못된 링크를 눌렀다고 확인함")
        (line,) = queries.months(second)
    assert line.done


def test_an_operator_reviews_nothing_even_as_an_officer(first: Actor) -> None:
    parties.grant_role(actor=SYSTEM, person_id=first.person, role=Role.OPERATOR, organisation_id=None)
    with pytest.raises(NotAllowed):
        queries.scopes(first)
    with pytest.raises(NotFound):
        queries.scopes(officer(Role.OPERATOR, None))


def test_a_task_force_sees_its_own_log_only() -> None:
    assert [each.key for each in queries.scopes(make_task_force_officer())] == ["office"]


def test_a_missing_review_is_told_once_a_week_to_those_who_may_do_it(first: Actor, second: Actor) -> None:
    noted(AT, first)
    drained()
    for hours in (0, 1, 7 * 24):
        with clock.at(AFTER + timedelta(hours=hours)):
            tasks.remind()
    # The own accesses are another one's to review: only the second hears of it.
    assert list(Notice.objects.values_list("person", flat=True)) == [second.person] * 2
    with clock.at(AFTER):
        sign(second)
        Notice.objects.all().delete()
        tasks.remind()
    assert not Notice.objects.exists()


def test_a_large_month_is_counted_at_night(first: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    noted(AT, first)
    noted(AT, first)
    drained()
    monkeypatch.setattr(queries, "FEW", 1)
    scope = queries.scope_of(first, "office")
    assert queries.figures(MARCH, scope) == (Figures(), None)
    with clock.at(AT + timedelta(days=1)):
        commands.count_months(actor=SYSTEM)
    assert queries.figures(MARCH, scope)[0].total == 2


def test_the_pages_sign_and_show_and_download(first: Actor, second: Actor) -> None:
    for minute in range(10):
        noted(AT + timedelta(minutes=minute), first, outcome=403, detail="=1+1")
    drained()
    client, address = client_of(second), "/privacy/review/2030-03/office/"
    with clock.at(AFTER):
        assert "점검을 기다리는 달이 1건" in client.get("/privacy/review/").content.decode()
        empty = client.post(address, {"opinion": "적어 둔 의견"})
        assert (empty.status_code, "적어 둔 의견" in empty.content.decode()) == (422, True)
        done = client.post(address, {"opinion": "", "check-refused": "확인"}, follow=True).content.decode()
        assert "이 달의 점검을 마쳤습니다" in done
        assert client.get(f"{address}people/{first.person}/").status_code == 200
        assert client.get(f"{address}people/99999/").status_code == 404
        say_why(client, f"{address}access.csv")
        assert "'=1+1" in client.get(f"{address}access.csv").content.decode()
