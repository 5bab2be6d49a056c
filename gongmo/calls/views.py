"""Public pages of calls: the list, a call, asking a question."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from gongmo.calls import commands, presentation, queries
from gongmo.calls.models import Call
from gongmo.calls.policies import may_ask, operates
from gongmo.calls.states import CallState, calls_table
from gongmo.definition.base import Text
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor, Role
from gongmo.kernel.errors import NotFound, Refused

# The pages of the evaluation still take two of these from here.
from gongmo.parties.pages import actor_of, address, said
from gongmo.parties.queries import region_table


@require_GET
def calls(request: HttpRequest) -> HttpResponse:
    """Every call: open ones first, each second-level call below the call whose money it hands on."""
    now = clock.now()
    found = list(queries.visible_calls(actor_of(request)))
    known = {call.pk for call in found}
    below: dict[int, list[Call]] = {}
    tops: list[Call] = []
    for call in found:
        if call.parent_id in known:
            below.setdefault(call.parent_id or 0, []).append(call)
        else:
            tops.append(call)
    rows = [(call, below.get(call.pk, [])) for call in tops]
    rows.sort(key=lambda row: not any(queries.open_now(call, now) for call in (row[0], *row[1])))
    return render(
        request,
        "calls/list.html",
        {
            "rows": rows,
            "open": {call.pk for call in found if queries.open_now(call, now)},
            "shown": {state.value: shown for state, shown in calls_table.shown.items()},
        },
    )


@require_GET
def call(request: HttpRequest, slug: str) -> HttpResponse:
    """The public page of a call."""
    actor = actor_of(request)
    return show(request, actor, queries.call_by_slug(actor, slug))


@require_POST
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask a question. What was typed stays when it is refused."""
    actor = actor_of(request)
    found = queries.call_by_slug(actor, slug)
    title, body = request.POST.get("title", ""), request.POST.get("body", "")
    try:
        commands.ask(actor=actor, call_id=found.pk, title=title, body=body)
    except NotFound:
        raise
    except Refused as refused:
        return show(request, actor, found, typed={"title": title, "body": body}, refused=refused)
    messages.success(
        request,
        said(
            "질문을 남겼습니다. 답변이 오면 여기에 나타납니다.",
            "Your question has been sent. The answer will stand here.",
        ),
    )
    return redirect(reverse("calls:call", args=[slug]) + "#questions")


def show(
    request: HttpRequest,
    actor: Actor,
    found: Call,
    *,
    typed: dict[str, str] | None = None,
    refused: Refused | None = None,
) -> HttpResponse:
    """The call's page, with a refused question as it was typed."""
    definition = queries.definition_of(found)
    now = clock.now()
    regions = region_table()
    names = {code: region.name for code, region in regions.regions.items()}
    is_open = queries.open_now(found, now)
    context = {
        "call": found,
        "definition": definition,
        "shown": calls_table.shown[CallState(found.state)],
        "is_open": is_open,
        "parent_region": names.get(found.parent_region, Text(ko="-", en="-")),
        "steps": presentation.steps(definition, now),
        "eligibility": presentation.eligibility_lines(definition, names),
        "exclusions": presentation.exclusion_lines(definition),
        "money": presentation.money_lines(definition),
        "limits": presentation.limits(definition),
        "documents": presentation.document_lines(definition),
        "evaluation": presentation.evaluation_lines(definition),
        "defaults": presentation.default_lines(definition),
        "questions": list(queries.questions_of(actor, found)),
        "notices": list(queries.notices_of(found)),
        "versions": list(queries.versions_of(found)),
        "children": list(queries.children_of(found)),
        "may_ask": may_ask(actor, found),
        "operates": operates(actor, found),
        "may_apply": is_open and actor.role in (Role.APPLICANT, Role.PUBLIC),
        "apply_url": address("applications:start", found.slug),
        "board_url": address("awards:board", found.slug)
        if operates(actor, found) or actor.role is Role.MINISTRY
        else "",
        "arrivals_url": address("applications:arrivals", found.slug) if operates(actor, found) else "",
        "typed": typed or {},
        "refused": refused,
    }
    return render(request, "calls/call.html", context, status=refused.status if refused else 200)
