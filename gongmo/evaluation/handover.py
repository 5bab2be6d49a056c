"""What of the results is open in an officer's hands, for the hand-over (인수인계) of a call."""

from collections.abc import Iterable

from django.urls import reverse

from gongmo.calls.models import Call
from gongmo.definition.base import Text
from gongmo.evaluation.models import Objection
from gongmo.evaluation.states import ObjectionState
from gongmo.screening.queries.handover import Duty, contributes


@contributes({"result_objection": Text(ko="평가 결과 이의신청", en="Objection to a result")})
def open_objections(call: Call) -> Iterable[Duty]:
    """Objections to results that are not settled. One statement."""
    page = reverse("evaluation:objections", args=[call.slug])
    waiting = Objection.objects.filter(
        ranking__call=call, state__in=(ObjectionState.FILED, ObjectionState.UPHELD)
    )
    for pk, application, title in waiting.values_list("pk", "application_id", "application__title"):
        yield Duty("result_objection", pk, application, title, None, page)
