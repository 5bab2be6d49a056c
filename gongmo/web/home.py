"""The start page: what can be applied for now, what is under way, and in a rehearsal how to sign in as whom."""

from decimal import Decimal

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from gongmo.calls.models import Call
from gongmo.calls.queries import definition_of, open_now, visible_calls
from gongmo.calls.states import calls_table
from gongmo.definition.model import Baseline
from gongmo.kernel import clock
from gongmo.rehearsal.queries import sign_in_sheet
from gongmo.web.acting import actor_of

SHOWN = 12
"""How many calls the start page shows; the list of calls has the rest."""


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Calls that take applications first, each with its parent; then the others; then the sign-in sheet of a rehearsal."""
    now = clock.now()
    calls = list(visible_calls(actor_of(request)).order_by("-opens_at", "pk")[:SHOWN])
    open_calls = [call for call in calls if open_now(call, now)]
    first = next((call for call in calls if call.parent_id is None), None)
    return render(
        request,
        "home.html",
        {
            "open_calls": open_calls,
            "other_calls": [call for call in calls if call not in open_calls],
            "states": calls_table.shown,
            "baselines": _baselines(first),
            "sheet": sign_in_sheet() if settings.GONGMO_REHEARSAL_MARK.exists() else [],
        },
    )


def _baselines(call: Call | None) -> list[tuple[Baseline, Decimal]]:
    """The figures against which a programme shows its results, with their percent."""
    if call is None:
        return []
    return [(figure, Decimal(figure.percent)) for figure in definition_of(call).baselines]
