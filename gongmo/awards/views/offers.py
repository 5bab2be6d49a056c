"""The negotiating table: points, offers of both sides as versions, the budget that an offered sum gives."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from gongmo.awards import commands, queries
from gongmo.awards.states import negotiations_table, offers_table
from gongmo.awards.views.reading import won
from gongmo.definition.base import Text
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import NotAllowed, NotFound, Refused
from gongmo.parties.pages import actor_of, said
from gongmo.parties.queries import organisation_names

POINTS = {
    "money": Text(ko="금액", en="Money"),
    "scope": Text(ko="범위", en="Scope"),
    "goals": Text(ko="목표", en="Goals"),
}


@require_GET
def table(request: HttpRequest, pk: int) -> HttpResponse:
    """The negotiation as it lies before this side."""
    return _page(request, actor_of(request), pk)


@require_POST
def offer(request: HttpRequest, pk: int) -> HttpResponse:
    """Make an offer."""
    actor = actor_of(request)
    queries.require_voice(actor, pk)
    given = request.POST
    try:
        commands.make_offer(
            actor=actor,
            negotiation_id=pk,
            terms=commands.Terms(
                amount=won(given.get("amount", ""), field="amount"),
                scope=given.get("scope", ""),
                goals=given.get("goals", ""),
                message=given.get("message", ""),
            ),
        )
    except (NotFound, NotAllowed):
        raise
    except Refused as refused:
        return _page(request, actor, pk, refused)
    messages.success(
        request,
        said("제안을 냈습니다. 상대방에게 알렸습니다.", "Your offer is made; the other side is told."),
    )
    return redirect("awards:table", pk)


@require_POST
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Agree to points of the offer that was read."""
    actor = actor_of(request)
    number = request.POST.get("offer", "")
    try:
        commands.accept_points(
            actor=actor,
            negotiation_id=pk,
            offer=int(number) if number.isdecimal() and len(number) < 9 else 0,
            kinds=request.POST.getlist("kinds"),
        )
    except (NotFound, NotAllowed):
        raise
    except Refused as refused:
        return _page(request, actor, pk, refused)
    messages.success(request, said("동의했습니다.", "Agreed."))
    return redirect("awards:table", pk)


def _page(request: HttpRequest, actor: Actor, pk: int, refused: Refused | None = None) -> HttpResponse:
    found = queries.table_for(actor, pk)
    names = organisation_names(int(cell.key.split("/")[0]) for cell in found.fitted)
    budget = found.definition.budget
    words = {
        **{each.id: each.name for each in found.definition.fields},
        **{each.id: each.name for each in budget.categories},
        **{each.id: each.name for each in budget.sources},
    }
    rows = []
    for cell in found.fitted:
        organisation, year, field, category, source, *_ = cell.key.split("/")
        parts = [words.get(each, Text(ko=each, en=each)) for each in (field, category, source)]
        name = " · ".join(
            [names.get(int(organisation), organisation), year, *(said(p.ko, p.en) for p in parts)]
        )
        rows.append((name, cell))
    return render(
        request,
        "awards/table.html",
        {
            "found": found,
            "negotiation": found.negotiation,
            "call": found.negotiation.call,
            "points": POINTS,
            "cells": rows,
            "states": negotiations_table.shown,
            "offer_states": offers_table.shown,
            "typed": request.POST.dict() if refused is not None else {},
            "refused": refused,
        },
        status=200 if refused is None else refused.status,
    )
