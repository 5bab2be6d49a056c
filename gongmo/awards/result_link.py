"""The negotiation as the page on which a selected applicant goes on."""

from django.urls import reverse

from gongmo.applications.models import Application
from gongmo.awards import policies
from gongmo.awards.models import Negotiation
from gongmo.evaluation.results_links import goes_on
from gongmo.kernel.actor import Actor


@goes_on
def negotiation_page(actor: Actor, application: Application) -> str:
    """The negotiation's page where there is one that the actor may see."""
    found = Negotiation.objects.select_related("application", "call").filter(application=application).first()
    if found is None or not policies.see_negotiation(actor, found):
        return ""
    return reverse("awards:table", args=[found.pk])
