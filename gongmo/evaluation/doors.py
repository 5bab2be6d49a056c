"""What this floor shows on an application's front page."""

from django.urls import reverse

from gongmo.applications.doors import Door, opens
from gongmo.applications.models import Application, Member
from gongmo.definition.base import Text
from gongmo.definition.model import Definition
from gongmo.evaluation.models import Committee, ResultNotice
from gongmo.kernel.actor import Actor


@opens
def evaluators(actor: Actor, application: Application, definition: Definition, own: Member) -> Door | None:
    """Who evaluates: for the lead, once there is a committee, where the call shows its names."""
    if definition.evaluation.formed_by().applicants_see != "names":
        return None
    if own.organisation_id != application.lead_id:
        return None
    if not Committee.objects.filter(call=application.call_id).exists():
        return None
    return Door(Text(ko="평가위원", en="Evaluators"), reverse("evaluation:challenge", args=[application.pk]))


@opens
def result(actor: Actor, application: Application, definition: Definition, own: Member) -> Door | None:
    """The own result, once the call's results are told: that there is a door says nothing of what it is."""
    if not ResultNotice.objects.filter(ranking__call=application.call_id).exists():
        return None
    return Door(Text(ko="평가 결과", en="Result"), reverse("evaluation:result", args=[application.pk]))
