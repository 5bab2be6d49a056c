"""The way on from an application's front page: its negotiation, then its agreement. A reserve is shown neither."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from gongmo.applications.models import Application
from gongmo.awards import commands as awards
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.parties.models import Person
from tests.awards.builders import (
    LATER,
    agreed_call,
    agreement_in_force,
    negotiation_of,
    ranked_call,
)

pytestmark = pytest.mark.django_db


def ways(actor: Actor, application: Application) -> list[str]:
    """Words of the links on the front page that lead into a negotiation or an agreement."""
    client = Client()
    client.force_login(Person.objects.get(pk=actor.person or 0))
    with clock.at(LATER):
        page = BeautifulSoup(client.get(f"/applications/{application.pk}/").content, "html.parser")
    links = page.select("main a[href^='/negotiations/'], main a[href^='/agreements/']")
    return [link.get_text(strip=True) for link in links]


def test_a_lead_finds_its_open_negotiation_and_a_reserve_finds_nothing() -> None:
    found = ranked_call(4)
    with clock.at(LATER):
        awards.open_negotiations(actor=found.agency, call_id=found.call.pk)
    chosen, reserve = found.order[0], found.order[-1]
    assert negotiation_of(reserve.application).state == "reserve"

    assert ways(chosen.lead, chosen.application) == ["협상"]
    assert ways(reserve.lead, reserve.application) == []


def test_an_agreement_is_found_from_the_application_that_it_was_made_for() -> None:
    found = agreed_call()
    agreement = agreement_in_force(found)

    assert ways(found.order[0].lead, found.order[0].application) == [f"협약 {agreement.number}"]
    assert ways(found.order[-1].lead, found.order[-1].application) == []
