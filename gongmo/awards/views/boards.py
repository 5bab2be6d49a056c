"""The calls a person looks after, and the pipeline board of one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from gongmo.awards import policies, queries
from gongmo.awards.board import Lane
from gongmo.awards.board import board as read_board
from gongmo.calls.listing_views import call_life
from gongmo.calls.models import Call
from gongmo.calls.policies import may_publish
from gongmo.calls.queries import call_by_slug, moments
from gongmo.calls.states import LIVES
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.korean import stamp
from gongmo.ledger.queries import mark_of
from gongmo.ledger.telling import timeline
from gongmo.parties.kept import keep_by_record
from gongmo.parties.pages import actor_of


@require_GET
def boards(request: HttpRequest) -> HttpResponse:
    """The calls whose boards the person may see."""
    actor = actor_of(request)
    publishes = actor.organisation is not None and may_publish(actor, actor.organisation, second_level=False)
    now = clock.now()
    lives = [(call, LIVES[call_life(call, now)]) for call in queries.overseen_calls(actor)]
    return render(
        request,
        "awards/boards.html",
        {"calls": lives, "publishes": publishes},
    )


@require_GET
def board(request: HttpRequest, slug: str) -> HttpResponse:
    """The pipeline board of a call."""
    actor = actor_of(request)
    call = call_by_slug(actor, slug)
    return keep_by_record(
        request, actor, (mark_of(slug), *moments(call)), lambda: _board(request, actor, call)
    )


def _board(request: HttpRequest, actor: Actor, call: Call) -> HttpResponse:
    slug = call.slug
    found = read_board(actor, call)
    return render(
        request,
        "awards/board.html",
        {
            "call": call,
            "over": moments(call)[1],
            "steps": [{"label": step.name, "state": step.state, "note": step.note} for step in found.steps],
            "columns": [_column(lane) for lane in found.lanes if lane.cards],
            "empty": [lane.name for lane in found.lanes if not lane.cards],
            "links": [
                {"label": name, "url": reverse(view, args=[slug])}
                for name, view in queries.work_pages(actor, call)
            ],
            "waiting": [(item, _page(item.page, slug)) for item in found.waiting],
            "others": timeline(found.others, limit=10),
            "manages": policies.manage(actor, call),
        },
    )


def _column(lane: Lane) -> dict[str, object]:
    cards = [
        {
            "title": card.title,
            "url": reverse("applications:application", args=[card.application]),
            "note": card.note,
            "meta": "" if card.at is None else stamp(card.at),
        }
        for card in lane.cards
    ]
    return {"label": lane.name, "family": lane.family.value, "cards": cards}


def _page(page: str, slug: str) -> str:
    """The address of the page on which a waiting thing is handled."""
    names = {
        "manage": "calls:manage",
        "questions": "calls:call",
        "arrivals": "applications:arrivals",
        "screening": "screening:queue",
        "evaluation": "evaluation:stages",
        "negotiations": "awards:negotiations",
        "agreements": "awards:agreements",
    }
    return reverse(names[page], args=[] if page == "agreements" else [slug])
