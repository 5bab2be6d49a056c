"""What this floor shows on an application's front page."""

from django.urls import reverse

from gongmo.applications.doors import Door, opens
from gongmo.applications.models import Application, Member
from gongmo.definition.base import Text
from gongmo.definition.model import Definition
from gongmo.kernel.actor import Actor
from gongmo.screening.models import Review


@opens
def review(actor: Actor, application: Application, definition: Definition, own: Member) -> Door | None:
    """The own review, from the day on which reviews are opened."""
    if not Review.objects.filter(application=application).exists():
        return None
    return Door(
        Text(ko="적격성 검토와 보완 요청", en="Eligibility and requests"),
        reverse("screening:own", args=[application.pk]),
        strong=True,
    )
