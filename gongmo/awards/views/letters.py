"""Texts of official letters on an agreement, for officers to copy into their document system."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from gongmo.awards import policies, queries
from gongmo.kernel.errors import NotFound
from gongmo.parties.pages import actor_of


@require_GET
def letters(request: HttpRequest, pk: int) -> HttpResponse:
    """Every letter that the agreement's state calls for."""
    actor = actor_of(request)
    agreement = queries.agreement_for(actor, pk)
    if not policies.manage(actor, agreement.call):
        raise NotFound
    return render(
        request,
        "awards/letters.html",
        {"agreement": agreement, "letters": queries.letters_of(actor, agreement)},
    )
