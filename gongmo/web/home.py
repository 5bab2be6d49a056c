"""The start page: what can be applied for now, what is under way, and in a rehearsal how to sign in as whom."""

from decimal import Decimal

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gongmo.applications.queries.unsubmitted import unsubmitted
from gongmo.calls import search
from gongmo.calls.listing_views import call_life
from gongmo.calls.models import Call
from gongmo.calls.queries import definition_of
from gongmo.calls.search import Wanted
from gongmo.calls.states import calls_table
from gongmo.definition.model import Baseline
from gongmo.kernel import clock
from gongmo.kernel.public import keep, public
from gongmo.rehearsal.queries import sign_in_sheet
from gongmo.web.acting import actor_of

SHOWN = 12
"""How many calls the start page shows; the list of calls has the rest."""


@public()
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Calls that take applications first, each with its parent; then the others; then the sign-in sheet of a rehearsal."""
    now = clock.now()
    wanted = Wanted()
    calls = list(search.ordered(search.matching(actor_of(request), wanted), wanted.sort, now)[:SHOWN])
    lives = [(call, call_life(call, now)) for call in calls]
    newest = max(
        (call for call in calls if call.parent_id is None), key=lambda call: call.published_at, default=None
    )
    sheet = sign_in_sheet() if settings.GONGMO_REHEARSAL_MARK.exists() else []
    if sheet:
        # Its buttons are forms of the reader's own.
        request.public = False  # type: ignore[attr-defined]
    response = render(
        request,
        "home.html",
        {
            "open_calls": [row for row in lives if row[1] == "open"],
            "other_calls": [row for row in lives if row[1] != "open"],
            "shown": {state.value: shown for state, shown in calls_table.shown.items()},
            "now": now,
            "unsubmitted": unsubmitted(actor_of(request)) if request.user.is_authenticated else [],
            "baselines": _baselines(newest),
            "sheet": sheet,
        },
    )
    return response if sheet else keep(response, at=now, instants=search.instants(now))


def _baselines(call: Call | None) -> list[tuple[Baseline, Decimal]]:
    """The figures against which a programme shows its results, with their percent."""
    if call is None:
        return []
    return [(figure, Decimal(figure.percent)) for figure in definition_of(call).baselines]
