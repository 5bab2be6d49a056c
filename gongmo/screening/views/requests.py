"""Open requests of a call by due time, with reminders; handing work over."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongmo.calls.models import Call
from gongmo.calls.queries import call_by_slug
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import NotFound, Refused
from gongmo.parties.pages import actor_of, said
from gongmo.parties.queries import names_of
from gongmo.screening import commands, policies, reading
from gongmo.screening.officers import officers_of
from gongmo.screening.queries.handover import handovers, open_work
from gongmo.screening.queries.requests import open_requests
from gongmo.screening.telling import due_words


@require_GET
def requests(request: HttpRequest, slug: str) -> HttpResponse:
    """Supplements and proof that are not settled, the next due first."""
    actor = actor_of(request)
    return _requests(request, actor, call_by_slug(actor, slug))


def _requests(request: HttpRequest, actor: Actor, call: Call, refused: Refused | None = None) -> HttpResponse:
    mine = request.GET.get("officer") == "me"
    found = open_requests(actor, call, officer=actor.person if mine else None)
    return render(
        request,
        "screening/requests.html",
        {
            "call": call,
            "requests": found,
            "waiting": sum(each.waits for each in found),
            "mine": mine,
            "manages": policies.review(actor, call),
            "now": clock.now(),
            "due_words": due_words,
            "refused": refused,
        },
        status=refused.status if refused else 200,
    )


@require_POST
def remind(request: HttpRequest, slug: str) -> HttpResponse:
    """Tell the applicants of the chosen open requests once more."""
    actor = actor_of(request)
    call = call_by_slug(actor, slug)
    chosen = [text.partition("-") for text in request.POST.getlist("request")]
    try:
        count = commands.remind(
            actor=actor,
            call_id=call.pk,
            supplement_ids=[int(key) for kind, _, key in chosen if kind == "supplement" and key.isdecimal()],
            demand_ids=[int(key) for kind, _, key in chosen if kind == "demand" and key.isdecimal()],
        )
    except NotFound:
        raise
    except Refused as refused:
        if not policies.review(actor, call):
            raise
        return _requests(request, actor, call, refused)
    messages.success(request, said(f"{count}건을 다시 알렸습니다.", f"{count} request(s) were told again."))
    return redirect("screening:requests", slug)


@require_http_methods(["GET", "POST"])
def handover(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything open by officer, and handing one officer's over to another in one act."""
    actor = actor_of(request)
    call = call_by_slug(actor, slug)
    if not policies.oversee(actor, call):
        raise NotFound
    if request.method != "POST":
        return _handover(request, actor, call)
    policies.review.require(actor, call)
    given = request.POST
    try:
        moved = commands.hand_over(
            actor=actor,
            call_id=call.pk,
            from_officer=reading.number(given.get("from_officer", ""), "from_officer"),
            to_officer=reading.number(given.get("to_officer", ""), "to_officer"),
            note=given.get("note", ""),
        )
    except Refused as refused:
        return _handover(request, actor, call, refused, given)
    messages.success(
        request,
        said(f"열린 일 {len(moved)}건을 인계했습니다.", f"{len(moved)} open thing(s) were handed over."),
    )
    return redirect("screening:handover", slug)


def _handover(
    request: HttpRequest,
    actor: Actor,
    call: Call,
    refused: Refused | None = None,
    typed: QueryDict | None = None,
) -> HttpResponse:
    work = open_work(actor, call)
    past = handovers(actor, call)
    officers = officers_of(call)
    known = {officer.pk: officer.display_name for officer in officers}
    named = {pk for pk in work if pk} | {entry.payload[way] for entry in past for way in ("from", "to")}
    names = known | names_of(named - set(known))
    return render(
        request,
        "screening/handover.html",
        {
            "call": call,
            "work": work,
            "held": sorted(((pk, each) for pk, each in work.items() if pk), key=lambda one: names[one[0]]),
            "officers": officers,
            "names": names,
            "left": set(names) - set(known),
            "past": past,
            "manages": policies.review(actor, call),
            "person": actor.person,
            "now": clock.now(),
            "due_words": due_words,
            "refused": refused,
            "typed": typed,
        },
        status=refused.status if refused else 200,
    )
