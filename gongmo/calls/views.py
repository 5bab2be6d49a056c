"""The public page of a call."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from markupsafe import Markup

from gongmo.calls import fragments, presentation, queries
from gongmo.calls.listing_views import KIND_WORDS, call_life
from gongmo.calls.marks import standing
from gongmo.calls.models import Call
from gongmo.calls.policies import operates
from gongmo.calls.states import LIVES
from gongmo.definition.base import Text
from gongmo.kernel import clock
from gongmo.kernel.actor import PUBLIC, Role
from gongmo.kernel.public import Span, keep, public, span
from gongmo.parties.kept import Shelf, keep_page
from gongmo.parties.pages import actor_of, address, said
from gongmo.parties.queries import region_table

_CALLS = Shelf(400)
SHOWN_QUESTIONS = 5
"""So many of the latest answers stand on the call's page; the rest have a page of their own."""


@public()
@require_safe
def call(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything that an applicant must know of a call, on one page that also prints."""
    actor = actor_of(request)
    if actor.person is None:
        return _call(request, slug)
    return keep_page(request, _CALLS, (standing().value,), actor, lambda: _call(request, slug))


def _call(request: HttpRequest, slug: str) -> HttpResponse:
    actor = actor_of(request)
    found = queries.call_by_slug(actor, slug)
    now = clock.now()
    life = call_life(found, now)
    own = operates(actor, found)
    (body, toc), within = fragments.shared(
        request, ("call", found.pk, own), now, lambda: _parts(found, now, own=own)
    )
    version = found.version
    context = {
        "call": found,
        "shown": LIVES,
        "life": life,
        "now": now,
        "invented": queries.definition_of(found).invented,
        "corrected": version if version is not None and version.number > 1 else None,
        "parent_region": _region_names().get(found.parent_region, Text(ko="-", en="-"))
        if found.parent_region
        else None,
        "body": body,
        "toc": toc,
        "waiting": queries.waiting(found).count() if own else 0,
        "operates": own,
        "may_apply": life == "open" and actor.role in (Role.APPLICANT, Role.PUBLIC),
        "apply_url": address("applications:start", found.slug),
        "board_url": address("awards:board", found.slug) if own or actor.role is Role.MINISTRY else "",
        "arrivals_url": address("applications:arrivals", found.slug) if own else "",
    }
    return keep(render(request, "calls/call.html", context), at=now, within=within)


def _parts(found: Call, now: datetime, *, own: bool) -> tuple[tuple[Markup, Markup], Span]:
    """The body of the page and its table of contents, as everyone reads them; to those who operate the call no way to ask themselves."""
    definition = queries.definition_of(found)
    clauses = fragments.clauses_of(found)
    context = {
        "call": found,
        "steps": presentation.steps(definition, now),
        "rules": fragments.rules_of(found, _region_names),
        "clauses": clauses,
        "announced": getattr(found, "announced", False),
        "defaults": 'id="defaults"' in clauses,
        "questions": list(queries.answered(PUBLIC, found)[:SHOWN_QUESTIONS]),
        "call_notices": list(queries.notices_of(found)),
        "notice_words": {kind.value: said(*words) for kind, words in KIND_WORDS.items()},
        "versions": list(queries.versions_of(found)),
        "children": list(queries.children_of(found)),
        "takes_questions": queries.takes_questions(found) and not own and now < found.closes_at,
    }
    made = tuple(fragments.rendered(f"calls/{name}.html", context) for name in ("_call_body", "_call_toc"))
    return (made[0], made[1]), span(now, instants_of(found))


def instants_of(*calls: Call) -> list[datetime]:
    """When pages of these calls say something else by themselves."""
    return [each for one in calls for each in (one.opens_at, one.closes_at)]


def _region_names() -> dict[str, Text]:
    return {code: region.name for code, region in region_table().regions.items()}
