"""Accounts long not used: whose, told by mail, closed by an operator, kept for who comes back; experts who go on elsewhere."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from gongmo.custody import commands, queries
from gongmo.custody.models import DestructionState, PersonDestruction
from gongmo.evaluation import commands as evaluation
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor, Role
from gongmo.kernel.errors import NotFound, Refused
from gongmo.ledger import queries as ledger
from gongmo.ledger import rows
from gongmo.parties.models import Membership, Organisation, Person
from gongmo.rules.retention import expert_due_on
from tests.awards.builders import make_evaluators
from tests.builders import (
    AFTER,
    AT_OPENING,
    SYSTEM,
    filled_application,
    make_agency_officer,
    make_applicant,
    officer,
    publish_sample_call,
)

YEAR = timedelta(days=366)
THEN = AT_OPENING
NOW = THEN + 3 * YEAR


@given(
    st.dates(date(2020, 1, 1), date(2040, 1, 1)),
    st.lists(st.none() | st.dates(date(2020, 1, 1), date(2040, 1, 1)), max_size=4),
)
def test_an_expert_is_kept_as_long_as_anything_that_was_judged(left: date, kept: list[date | None]) -> None:
    due = expert_due_on(left, kept)
    assert (due is None) == (None in kept)
    assert due is None or (due >= left and all(each is None or due >= each for each in kept))


def client_of(actor: Actor) -> Client:
    client = Client()
    client.force_login(Person.objects.get(pk=actor.person or 0))
    return client


def unused(actor: Actor) -> Person:
    """The actor's account, last signed in at THEN."""
    Person.objects.filter(pk=actor.person).update(last_login=THEN)
    return Person.objects.get(pk=actor.person or 0)


@pytest.fixture
def idle(settings: Settings) -> Person:
    """An applicant of an organisation without applications."""
    settings.GONGMO_IDLE_YEARS = 3
    with clock.at(THEN):
        return unused(make_applicant())


@pytest.mark.django_db
def test_nobody_is_closed_who_has_a_role_or_an_open_application_and_nobody_by_default(
    idle: Person, settings: Settings
) -> None:
    agency = make_agency_officer()
    unused(agency)
    call = publish_sample_call(agency)
    with clock.at(AT_OPENING):
        filled = filled_application(call)
    unused(filled.lead)
    Person.objects.exclude(pk__in=[idle.pk, agency.person, filled.lead.person]).update(last_login=NOW)
    settings.GONGMO_IDLE_YEARS = 0
    with clock.at(NOW):
        assert commands.propose_people(actor=SYSTEM) == 0
        settings.GONGMO_IDLE_YEARS = 3
        assert commands.propose_people(actor=SYSTEM) == 1
        assert commands.propose_people(actor=SYSTEM) == 0
    assert PersonDestruction.objects.get().person == idle


@pytest.mark.django_db
def test_the_owner_is_told_and_whoever_signs_in_stays(idle: Person) -> None:
    operator = officer(Role.OPERATOR, None)
    with clock.at(NOW):
        commands.propose_people(actor=SYSTEM)
        found = PersonDestruction.objects.get()
        (sent,) = [each for each in mail.outbox if each.to == [idle.email]]
        assert "로그인" in sent.body
        with pytest.raises(Refused, match="not_due"):
            commands.destroy_person(actor=operator, destruction_id=found.pk)
    with clock.at(NOW + timedelta(days=29)):
        Person.objects.filter(pk=idle.pk).update(last_login=clock.now())
    with clock.at(NOW + timedelta(days=31)):
        with pytest.raises(Refused, match="no_longer_due"):
            commands.destroy_person(actor=operator, destruction_id=found.pk)
        commands.propose_people(actor=SYSTEM)
    found.refresh_from_db()
    assert found.state == DestructionState.DROPPED
    with clock.at(NOW + timedelta(days=29) + 3 * YEAR):
        assert commands.propose_people(actor=SYSTEM) == 1
    assert list(rows.differences(ledger.row_seals())) == []


@pytest.mark.django_db
def test_an_operator_closes_it_after_the_time_and_others_see_nothing(idle: Person) -> None:
    operator, agency = officer(Role.OPERATOR, None), make_agency_officer()
    with clock.at(NOW):
        commands.propose_people(actor=SYSTEM)
    found = PersonDestruction.objects.get()
    address = f"/privacy/retention/people/{found.pk}/"
    with clock.at(NOW + timedelta(days=31)):
        assert client_of(agency).get(address).status_code == 404
        client = client_of(operator)
        assert idle.email in client.get("/privacy/retention/").content.decode()
        done = client.post(address, {"act": "destroy", "confirm": "파기"}, follow=True).content.decode()
        assert client.get(f"{address}certificate.txt").status_code == 404
    assert "개인정보를 파기했습니다" in done
    idle.refresh_from_db()
    assert (idle.is_active, idle.display_name) == (False, "닫은 계정")
    assert not Membership.objects.filter(person=idle, until=None).exists()
    assert list(rows.differences(ledger.row_seals())) == []


@pytest.mark.django_db
def test_an_expert_whose_account_goes_on_is_only_parted_from_it_and_a_hold_keeps_all() -> None:
    first = make_agency_officer()
    second = make_agency_officer(Organisation.objects.get(pk=first.organisation))
    ((expert, own),) = make_evaluators(1)
    place = make_applicant()
    Membership.objects.filter(person=place.person).update(person=own.person)
    with clock.at(AFTER):
        evaluation.withdraw_consent(actor=own, evaluator_id=expert.pk)
        assert commands.propose_people(actor=SYSTEM) == 1
        found = PersonDestruction.objects.get()
        commands.hold_person(actor=first, destruction_id=found.pk, reason="소송이 진행 중")
        assert commands.propose_people(actor=SYSTEM) == 0
        with pytest.raises(NotFound):
            queries.person_destruction(officer(Role.OPERATOR, None), found.pk)
    with clock.at(AFTER + YEAR):
        assert commands.propose_people(actor=SYSTEM) == 1
        commands.agree_person(actor=first, destruction_id=found.pk)
        commands.destroy_person(actor=second, destruction_id=found.pk)
    expert.refresh_from_db()
    person = Person.objects.get(pk=own.person or 0)
    assert (person.is_active, person.display_name != "닫은 계정") == (True, True)
    assert (expert.person_id != person.pk, expert.person.display_name) == (True, "파기한 위원")
    assert (expert.affiliations.count(), expert.expertise, expert.active) == (0, [], False)
