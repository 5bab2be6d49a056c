"""After the agreement registers are asked again; a ground that is met opens one termination case with its evidence (A-5d)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from gongmo.awards.models import Agreement, TerminationCase
from gongmo.awards.rechecks import recheck, rechecks
from gongmo.definition.application import FactSource, Truth
from gongmo.kernel import clock
from gongmo.ledger import queries as ledger
from gongmo.ledger.models import Entry
from gongmo.notices.telling import tellings_of
from gongmo.parties.models import Organisation
from gongmo.registers.models import Wanted
from gongmo.screening import commands as screening
from gongmo.tasks import run_waiting
from tests import builders
from tests.awards.builders import LATER, Ranked, agreed_call, agreement_in_force
from tests.registers.builders import looked_up_definition, number_organisations
from tests.registers.server import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("registers")]
AT = LATER + timedelta(days=40)


@dataclass
class InForce:
    """An agreement in force, and one of its organisations."""

    found: Ranked
    agreement: Agreement
    partner: Organisation
    numbers: list[str]


@pytest.fixture(scope="module")
def _built(django_db_setup: None, django_db_blocker: Any) -> Iterator[InForce]:
    """Built once; everything is rolled back after the last of this file's tests."""
    plain = builders.filled_application

    def numbered(*arguments: Any, **named: Any) -> builders.Filled:
        """The builder's application, its organisations with numbers before they hand in."""
        item = plain(*arguments, **named)
        with clock.at(builders.AT_OPENING + timedelta(hours=1)):
            number_organisations(item.application)
        return item

    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patched:
        patched.setattr(builders, "filled_application", numbered)
        whole = transaction.atomic()
        whole.__enter__()
        try:
            found = agreed_call(1, looked_up_definition())
            agreement = agreement_in_force(found)
            members = agreement.application.members.select_related("organisation").order_by("id")
            numbers = [str(member.organisation.business_number) for member in members]
            yield InForce(found, agreement, members.get(role="partner").organisation, numbers)
        finally:
            transaction.set_rollback(True)
            whole.__exit__(None, None, None)


@pytest.fixture
def agreed(_built: InForce, world: World) -> InForce:
    """An agreement in force, all of whose organisations are in business."""
    world.states = dict.fromkeys(_built.numbers, ("01", ""))
    return _built


def checked(agreed: InForce, days: int = 0) -> None:
    with clock.at(AT + timedelta(days=days)):
        recheck(agreement=agreed.agreement.pk)


def test_nothing_is_opened_while_every_organisation_is_in_business(agreed: InForce) -> None:
    checked(agreed)
    assert not TerminationCase.objects.exists()
    assert Entry.objects.filter(act="awards.recheck").count() == 1


def test_a_business_that_has_closed_opens_one_case_with_evidence_and_tells_the_officers(
    agreed: InForce, world: World
) -> None:
    world.states[str(agreed.partner.business_number)] = ("03", "20300601")
    checked(agreed)
    checked(agreed)
    case = TerminationCase.objects.get()
    ground = case.grounds.get()
    assert ground.clause == "T-1"
    assert agreed.partner.name in ground.reason
    assert "폐업" in ground.evidence
    entry = Entry.objects.filter(act="awards.recheck").earliest("sequence")
    [record] = ledger.after(entry.sequence - 1, entry.sequence, acts={entry.act}, limit=1)
    [telling] = tellings_of(record)
    assert agreed.found.agency.person in telling.people
    assert "해약 건을 열었습니다" in telling.body.ko


def test_an_officers_word_against_the_register_opens_nothing(agreed: InForce, world: World) -> None:
    with clock.at(AT):
        screening.record_fact(
            actor=agreed.found.agency,
            application_id=agreed.agreement.application_id,
            organisation_id=agreed.partner.pk,
            fact="arrears",
            value=Truth.NO,
            source=FactSource.OFFICER,
            as_of=AT.date(),
        )
    world.states[str(agreed.partner.business_number)] = ("03", "20300601")
    checked(agreed)
    assert not TerminationCase.objects.exists()


def test_a_register_that_is_down_opens_nothing_and_is_asked_again(agreed: InForce, world: World) -> None:
    world.behave("code:30")
    checked(agreed)
    assert not TerminationCase.objects.exists()
    assert Wanted.objects.filter(topic="agreement", reference=agreed.agreement.pk).exists()


def test_the_daily_schedule_asks_for_each_agreement_once_a_month(agreed: InForce) -> None:
    for days in (0, 1, 29, 31):
        with clock.at(AT + timedelta(days=days)):
            rechecks.func()
            run_waiting(only="awards.recheck")
    assert Entry.objects.filter(act="awards.recheck").count() == 2
