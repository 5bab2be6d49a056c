"""What this floor shows on an application's front page: the way on after the result."""

from django.urls import reverse

from gongmo.applications.doors import Door, opens
from gongmo.applications.models import Application, Member
from gongmo.awards import policies
from gongmo.awards.models import Agreement, Negotiation
from gongmo.awards.states import NegotiationState
from gongmo.definition.base import Text
from gongmo.definition.model import Definition
from gongmo.kernel.actor import Actor


@opens
def negotiation(actor: Actor, application: Application, definition: Definition, own: Member) -> Door | None:
    """For the lead, while the negotiation goes on. A reserve is shown none."""
    found = Negotiation.objects.filter(application=application.pk, state=NegotiationState.OPEN).first()
    if found is None:
        return None
    found.application, found.call = application, application.call
    if not policies.see_negotiation(actor, found):
        return None
    return Door(Text(ko="협상", en="Negotiation"), reverse("awards:table", args=[found.pk]), strong=True)


@opens
def agreement(actor: Actor, application: Application, definition: Definition, own: Member) -> Door | None:
    """For people of its parties, once it is there."""
    found = Agreement.objects.filter(
        application=application.pk, parties__organisation=actor.organisation, parties__left_at=None
    ).first()
    if found is None:
        return None
    name = Text(ko=f"협약 {found.number}", en=f"Agreement {found.number}")
    return Door(name, reverse("awards:agreement", args=[found.pk]), strong=True)
