"""The list of applications."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from gongmo.applications import queries
from gongmo.applications.models import Application
from gongmo.applications.queries.standing import marked_own, marks_of
from gongmo.applications.queries.unsubmitted import is_near, unsubmitted
from gongmo.applications.states import MemberState, applications_table
from gongmo.applications.views.base import actor_of
from gongmo.calls.queries import definition_of
from gongmo.kernel.actor import Actor, Role
from gongmo.parties.kept import Shelf, keep_page

_LISTS = Shelf(400)
MOST = 500
"""So many applications stand in an officer's list."""


@require_GET
def applications(request: HttpRequest) -> HttpResponse:
    """The applications that the actor may see: an applicant's own with invitations on top, an officer's by call."""
    actor = actor_of(request)
    if actor.role is not Role.APPLICANT:
        return _page(request, actor, queries.newest_applications(actor, limit=MOST))
    found = marked_own(actor)
    key = (marks_of(found), tuple(is_near(each.call) for each in found))
    return keep_page(request, _LISTS, key, actor, lambda: _page(request, actor, found))


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
