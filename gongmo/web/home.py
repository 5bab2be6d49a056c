"""The start page: what can be applied for now, what is under way, and in a rehearsal how to sign in as whom."""

from decimal import Decimal

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gongmo.applications.queries.standing import marked_own, marks_of
from gongmo.applications.queries.unsubmitted import is_near, unsubmitted
from gongmo.calls import search
from gongmo.calls.listing_views import call_life
from gongmo.calls.marks import standing
from gongmo.calls.models import Call
from gongmo.calls.queries import definition_of
from gongmo.calls.search import Wanted
from gongmo.calls.states import LIVES
from gongmo.definition.model import Baseline
from gongmo.kernel import clock
from gongmo.kernel.public import keep, public
from gongmo.parties.kept import Shelf, keep_page
from gongmo.rehearsal.queries import rehearsed_people, sign_in_sheet
from gongmo.web.acting import actor_of

_STARTS = Shelf(400)
SHOWN = 12
"""How many calls the start page shows; the list of calls has the rest."""


@public()
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Calls that take applications first, each with its parent; then the others; then the sign-in sheet of a rehearsal."""
    actor, rehearsal = actor_of(request), _rehearsal()
    if actor.person is None and rehearsal is None:
        return _home(request)
    # For the reader alone; a rehearsal's visitor gets buttons that are forms of its own.
    own = marked_own(actor)
    key = (standing().value, rehearsal, marks_of(own), tuple(is_near(each.call) for each in own))
    return keep_page(request, _STARTS, key, actor, lambda: _home(request))


def _rehearsal() -> tuple[int, int] | None:
    """A mark of the rehearsal's sheet: when it was written, and how many of its people may still sign in."""
    try:
        written = settings.GONGMO_REHEARSAL_MARK.stat().st_mtime_ns
    except FileNotFoundError:
        return None
    return written, rehearsed_people()


def _home(request: HttpRequest) -> HttpResponse:
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
            "shown": LIVES,
            "now": now,
            "unsubmitted": unsubmitted(actor_of(request)) if request.user.is_authenticated else [],
            "baselines": _baselines(newest),
            "sheet": sheet,
        },
    )
    return keep(response, at=now, instants=search.instants(now))


def _baselines(call: Call | None) -> list[tuple[Baseline, Decimal]]:
    """The figures against which a programme shows its results, with their percent."""
    if call is None:
        return []
    return [(figure, Decimal(figure.percent)) for figure in definition_of(call).baselines]
