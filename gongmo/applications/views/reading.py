"""The list of applications."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from gongmo.applications import queries
from gongmo.applications.fields.base import is_number
from gongmo.applications.models import Application
from gongmo.applications.queries.listing import Asked, listed_applications
from gongmo.applications.queries.standing import marked_own, marks_of
from gongmo.applications.queries.unsubmitted import is_near, unsubmitted
from gongmo.applications.states import MemberState, applications_table
from gongmo.applications.views.base import actor_of
from gongmo.calls.queries import definition_of
from gongmo.kernel.actor import Actor, Role
from gongmo.ledger.queries import mark_of_all
from gongmo.parties.kept import Shelf, keep_by_record, keep_page

_LISTS = Shelf(400)


@require_GET
def applications(request: HttpRequest) -> HttpResponse:
    """The applications that the actor may see: an applicant's own with invitations on top, an officer's page by page."""
    actor = actor_of(request)
    if actor.role is not Role.APPLICANT:
        return keep_by_record(request, actor, (mark_of_all(),), lambda: _officers(request, actor))
    found = marked_own(actor)
    key = (marks_of(found), tuple(is_near(each.call) for each in found))
    return keep_page(request, _LISTS, key, actor, lambda: _page(request, actor, found))


def _officers(request: HttpRequest, actor: Actor) -> HttpResponse:
    page = request.GET.get("page", "1")
    asked = Asked(
        words=" ".join(request.GET.get("q", "").split())[:80],
        state=request.GET.get("state", ""),
        call=request.GET.get("call", "")[:63],
        page=int(page) if is_number(page) and len(page) < 7 else 1,
    )
    query = urlencode({"q": asked.words, "state": asked.state, "call": asked.call} if asked.narrows else {})
    return render(
        request,
        "applications/list_officer.html",
        {
            "asked": asked,
            "listed": listed_applications(actor, asked),
            "query": query,
            "shown": {state.value: shown for state, shown in applications_table.shown.items()},
        },
    )


def _page(request: HttpRequest, actor: Actor, found: list[Application]) -> HttpResponse:
    places = queries.own_places(actor, found)
    return render(
        request,
        "applications/list.html",
        {
            "applications": found,
            "unsubmitted": unsubmitted(actor),
            "invitations": [
                (application, places[application.pk])
                for application in found
                if application.pk in places and places[application.pk].state == MemberState.INVITED
            ],
            "places": places,
            "roles": {
                application.pk: {
                    role.id: role.name for role in definition_of(application.call).consortium.roles
                }
                for application in found
                if application.pk in places
            },
            "shown": {state.value: shown for state, shown in applications_table.shown.items()},
        },
    )
