"""An application that lacks nothing, to a call that is open by the real clock; its lead and a colleague of the same organisation."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.test import Client

from gongmo.applications import commands
from gongmo.applications.models import Application, Member
from gongmo.calls import commands as calls
from gongmo.calls.models import Call
from gongmo.definition.base import OrganisationKind
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.parties.models import Person
from tests.builders import (
    good_cells,
    hand_in_documents,
    make_agency_officer,
    make_applicant,
    member_actor,
    speak,
)
from tests.sample_call import sample_definition


@dataclass
class Ready:
    """What stands there."""

    call: Call
    agency: Actor
    application: Application
    lead: Actor
    colleague: Actor


def make_ready(closes_in: timedelta = timedelta(days=1), **changes: Any) -> Ready:
    """Make it. The call closes in so much time; `changes` of its definition are those of `sample_definition`."""
    now = clock.now()
    agency = make_agency_officer()
    kinds = ("share_ceiling", "share_floor", "budget_axes", "exclusion")
    rules = [rule.model_dump(mode="json") for rule in sample_definition().rules if rule.kind in kinds]
    with clock.at(now - timedelta(days=3)):
        call = calls.publish(
            actor=agency,
            definition=sample_definition(rules=rules, **changes),
            operator_id=agency.organisation or 0,
            intake=(now - timedelta(days=2), now + closes_in),
        )
    with clock.at(now - timedelta(days=1)):
        lead = make_applicant(kind=OrganisationKind.COMPANY)
        application = commands.start(actor=lead, call_id=call.pk, title="가상 사업", region="KR-48")
        speak(call, Member.objects.get(application=application), lead)
        commands.set_cells(
            actor=lead, application_id=application.pk, cells=good_cells(lead.organisation or 0)
        )
        commands.update_overview(
            actor=lead, application_id=application.pk, title="가상 사업", summary="개요", fields=["solution"]
        )
        hand_in_documents(application, lead)
        colleague = member_actor(application.lead)
    application.refresh_from_db()
    return Ready(call, agency, application, lead, colleague)


def session_of(actor: Actor) -> str:
    """The value of a session's cookie of somebody who has signed in."""
    client = Client()
    client.force_login(Person.objects.get(pk=actor.person))
    return client.cookies[settings.SESSION_COOKIE_NAME].value
