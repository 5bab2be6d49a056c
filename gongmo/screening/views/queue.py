"""The officers' list of a call's reviews: filters, views of one's own, one act on many, export."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_POST

from gongmo.calls.models import Call
from gongmo.calls.queries import call_by_slug, definition_of
from gongmo.calls.states import CallState
from gongmo.definition.base import Text
from gongmo.files.names import safe_name
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.kernel.sheets import to_xlsx
from gongmo.parties.pages import actor_of, address, said
from gongmo.screening import commands, policies, queries, reading
from gongmo.screening.commands.many import Held
from gongmo.screening.officers import officers_of
from gongmo.screening.queries import workbench as listing
from gongmo.screening.queries.requests import overdue
from gongmo.screening.queries.workbench import Filters
from gongmo.screening.states import ReviewState, reviews_table
from gongmo.screening.telling import due_words

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Happened:
    """What came of an act that did not go through wholly: the refusal, or those held up; which act, and what was typed."""

    refused: Refused | None = None
    held: list[Held] = field(default_factory=list)
    act: str = ""
    typed: QueryDict | None = None
    chosen: frozenset[int] = frozenset()


@require_GET
def queue(request: HttpRequest, slug: str) -> HttpResponse:
    """Every application of a call with where its review stands."""
    actor = actor_of(request)
    return _queue(request, actor, call_by_slug(actor, slug), Filters.read(request.GET.dict()))


def _queue(
    request: HttpRequest, actor: Actor, call: Call, filters: Filters, happened: Happened | None = None
) -> HttpResponse:
    page = request.GET.get("page", "")
    found = listing.workbench(actor, call, filters, int(page) if page.isdecimal() and len(page) < 7 else 1)
    manages = policies.review(actor, call)
    counts = found.counts
    happened = happened or Happened()
    refused = happened.refused
    return render(
        request,
        "screening/queue.html",
        {
            "call": call,
            "bench": found,
            "reviews": found.rows,
            "total": counts["all"],
            "left": sum(counts[state] for state in listing.OPEN_STATES),
            "filters": filters,
            "tabs": _tabs(filters, counts),
            "views": listing.saved_views(actor, call) if manages else [],
            "officers": officers_of(call) if counts["all"] else [],
            "regions": listing.regions_of(call) if counts["all"] else [],
            "waits": listing.WAITS,
            "sorts": listing.SORTS,
            "shown": reviews_table.shown,
            "manages": manages,
            "closed": call.state == CallState.CLOSED,
            "to_close": call.state == CallState.PUBLISHED and call.closes_at <= clock.now(),
            "overdue": manages and overdue(call),
            "openable": _documents(call) if manages else [],
            "happened": happened,
            "refused": refused,
            "person": actor.person,
            "similar": address("similarity:overview", call.slug) if counts["all"] else "",
            "now": clock.now(),
            "due_words": due_words,
        },
        status=refused.status if refused else HTTPStatus.CONFLICT if happened.held else HTTPStatus.OK,
    )


def _tabs(filters: Filters, numbers: Mapping[str, int]) -> list[dict[str, object]]:
    tabs: list[dict[str, object]] = [
        {
            "label": said("전체", "All"),
            "url": f"?{filters.query(state='')}",
            "current": not filters.state,
            "count": numbers["all"],
        }
    ]
    for state in ReviewState:
        shown = reviews_table.shown[state]
        tabs.append(
            {
                "label": said(shown.ko, shown.en),
                "url": f"?{filters.query(state=state.value)}",
                "current": filters.state == state,
                "count": numbers[state.value],
            }
        )
    return tabs


def _documents(call: Call) -> list[tuple[str, Text]]:
    """What a request to many can open: the documents that an application hands in once."""
    return [
        (f"document:{kind.id}:", kind.name)
        for kind in definition_of(call).documents
        if kind.per == "application"
    ]


@require_POST
def open_reviews(request: HttpRequest, slug: str) -> HttpResponse:
    """Open the reviews of a closed call."""
    actor = actor_of(request)
    call = call_by_slug(actor, slug)
    try:
        reviews = commands.open_reviews(actor=actor, call_id=call.pk)
    except Refused as refused:
        if isinstance(refused, NotFound):
            raise
        return _queue(request, actor, call, Filters(), Happened(refused))
    messages.success(
        request,
        said(f"신청 {len(reviews)}건의 적격성 검토를 시작했습니다.", f"{len(reviews)} reviews are open."),
    )
    return redirect("screening:queue", slug)


@require_POST
def decide(request: HttpRequest, slug: str) -> HttpResponse:
    """Decide the chosen open reviews eligible, or all of them. Each stands alone: what a rule holds up is told, with why."""
    if not request.POST.get("all"):
        return _many(request, slug, "eligible")
    actor = actor_of(request)
    call = call_by_slug(actor, slug)
    chosen = queries.reviews_to_decide(actor, call, limit=commands.MOST_AT_ONCE)
    return _many(request, slug, "eligible", chosen)


@require_POST
def many(request: HttpRequest, slug: str) -> HttpResponse:
    """One act on the chosen reviews: `act` names it."""
    return _many(request, slug, request.POST.get("act", ""))


Outcome = tuple[str, str, list[Held]]


def _many(request: HttpRequest, slug: str, act: str, chosen: list[int] | None = None) -> HttpResponse:
    actor = actor_of(request)
    call = call_by_slug(actor, slug)
    if not policies.oversee(actor, call):
        raise NotFound
    policies.review.require(actor, call)
    filters = Filters.read(QueryDict(request.POST.get("query", "")).dict())
    if chosen is None:
        chosen = [int(text) for text in request.POST.getlist("review") if text.isdecimal() and len(text) < 19]
    run = ACTS.get(act)
    try:
        if run is None:
            raise BadInput("act_missing", "무엇을 할지 골라 주세요.", "Choose what to do.", field="act")
        ko, en, held = run(actor, call, chosen, request.POST)
    except NotFound:
        raise
    except Refused as refused:
        happened = Happened(refused, [], act, request.POST, frozenset(chosen))
        return _queue(request, actor, call, filters, happened)
    if ko:
        messages.success(request, said(ko, en))
    if held:
        return _queue(request, actor, call, filters, Happened(None, held, act))
    query = filters.query()
    return redirect(reverse("screening:queue", args=[slug]) + (f"?{query}" if query else ""))


def _decide(actor: Actor, call: Call, chosen: list[int], given: QueryDict) -> Outcome:
    done, held = commands.decide_many(actor=actor, call_id=call.pk, review_ids=chosen)
    words = (f"{done}건을 적격으로 결정했습니다.", f"{done} application(s) were decided eligible.")
    return *(words if done else ("", "")), held


def _assign(actor: Actor, call: Call, chosen: list[int], given: QueryDict) -> Outcome:
    text = given.get("officer", "")
    officer = None if text == "none" else reading.number(text, "officer")
    changed = commands.assign_officer(actor=actor, call_id=call.pk, review_ids=chosen, officer_id=officer)
    if officer is None:
        return f"{len(changed)}건의 담당자를 비웠습니다.", f"{len(changed)} have no officer now.", []
    return (
        f"{len(changed)}건의 담당자를 정했습니다.",
        f"{len(changed)} application(s) have a new officer.",
        [],
    )


def _supplement(actor: Actor, call: Call, chosen: list[int], given: QueryDict) -> Outcome:
    done, held = commands.request_supplements(
        actor=actor,
        call_id=call.pk,
        review_ids=chosen,
        what=given.get("what", ""),
        due_at=reading.instant(given.get("due_at", ""), "due_at"),
        opened=given.getlist("open"),
    )
    words = (f"{done}건에 같은 보완을 요청했습니다.", f"{done} applicant(s) were asked for the same.")
    return *(words if done else ("", "")), held


def _notice(actor: Actor, call: Call, chosen: list[int], given: QueryDict) -> Outcome:
    done, held = commands.send_notice(
        actor=actor,
        call_id=call.pk,
        review_ids=chosen,
        title=given.get("title", ""),
        text=given.get("text", ""),
    )
    words = (f"신청 {done}건의 기관에 안내를 보냈습니다.", f"The message went to {done} consortium(s).")
    return *(words if done else ("", "")), held


ACTS: dict[str, Callable[[Actor, Call, list[int], QueryDict], Outcome]] = {
    "eligible": _decide,
    "assign": _assign,
    "supplement": _supplement,
    "notice": _notice,
}


@require_POST
def expire(request: HttpRequest, slug: str) -> HttpResponse:
    """Let the reviews go on whose supplement requests ran out."""
    actor = actor_of(request)
    call = call_by_slug(actor, slug)
    expired = commands.expire_supplements(actor=actor, call_id=call.pk)
    messages.success(
        request,
        said(
            f"기한이 지난 보완 요청 {len(expired)}건을 닫았습니다.", f"{len(expired)} requests have run out."
        ),
    )
    return redirect("screening:queue", slug)


@require_POST
def save_view(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep the filters under a name of one's own."""
    actor = actor_of(request)
    call = call_by_slug(actor, slug)
    filters = Filters.read(QueryDict(request.POST.get("query", "")).dict())
    try:
        view = commands.save_view(
            actor=actor, call_id=call.pk, name=request.POST.get("name", ""), filters=filters
        )
    except NotFound:
        raise
    except Refused as refused:
        return _queue(request, actor, call, filters, Happened(refused, [], "view", request.POST))
    messages.success(request, said(f"‘{view.name}’ 보기를 저장했습니다.", f"The view “{view.name}” is kept."))
    return redirect(reverse("screening:queue", args=[slug]) + f"?{view.query}")


@require_POST
def forget_view(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Delete a view of one's own."""
    actor = actor_of(request)
    call_by_slug(actor, slug)
    commands.forget_view(actor=actor, view_id=pk)
    messages.success(request, said("보기를 지웠습니다.", "The view is deleted."))
    return redirect("screening:queue", slug)


@require_GET
def export(request: HttpRequest, slug: str) -> HttpResponse:
    """The filtered list as XLSX."""
    actor = actor_of(request)
    call = call_by_slug(actor, slug)
    english = said("", "en") == "en"
    rows = list(listing.sheet_rows(actor, call, Filters.read(request.GET.dict()), english))
    title = said("적격성 검토", "Eligibility")
    heads = [head.en if english else head.ko for head in listing.HEADS]
    stamp = clock.now().astimezone(clock.SEOUL)
    name = safe_name(f"{said(call.title_ko, call.title_en)[:60]} {title} {stamp:%Y-%m-%d %H%M}.xlsx")
    response = HttpResponse(to_xlsx(title, heads, rows), content_type=XLSX)
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response.headers["Cache-Control"] = "private, no-store"
    return response
