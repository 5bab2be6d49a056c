"""Finding calls: the list, its feeds, its calendar, and the listing that other sites embed. The same filters everywhere."""

from datetime import datetime
from html import escape

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed
from django.views.decorators.http import require_GET, require_safe
from markupsafe import Markup

from gongmo.calls import calendar, fragments, search
from gongmo.calls.bizinfo import listing, listing_names, wanted_of
from gongmo.calls.cards import items_of
from gongmo.calls.models import Call, NoticeKind
from gongmo.calls.queries import open_now
from gongmo.calls.search import NAMES, Wanted
from gongmo.calls.states import LIVES, CallState
from gongmo.kernel import clock
from gongmo.kernel.actor import PUBLIC
from gongmo.kernel.public import Span, keep, public, span
from gongmo.parties.pages import said

FEED_ITEMS = 50
"""So many notices stand in a feed."""
EVENTS = 200
"""So many calls stand in the calendar of all calls."""
KIND_WORDS = {
    NoticeKind.ANNOUNCEMENT: ("공고", "New call"),
    NoticeKind.AMENDMENT: ("정정공고", "Correction"),
    NoticeKind.EXTENSION: ("마감 연장", "Deadline extended"),
    NoticeKind.GENERAL: ("알림", "Notice"),
}
STATE_WORDS = {
    "": ("전체", "All"),
    "open": ("접수 중", "Open"),
    "soon": ("7일 안에 마감", "Closing within 7 days"),
    "coming": ("접수 전", "Not open yet"),
    "over": ("접수 마감", "Closed"),
}
"""The list's states in words."""
SORT_WORDS = (
    ("closing", ("마감이 가까운 순", "Closing soon first")),
    ("newest", ("새 공고 순", "Newest first")),
)


@public(*NAMES)
@require_safe
def calls(request: HttpRequest) -> HttpResponse:
    """The list: words, filters, states with their counts, pages."""
    now = clock.now()
    wanted = Wanted.read(request.GET.dict())
    (body,), within = fragments.shared(request, ("list", wanted), now, lambda: _list(wanted, now))
    context = {"body": body, "query": wanted.address(page=1)}
    return keep(render(request, "calls/list.html", context), at=now, within=within)


def _list(wanted: Wanted, now: datetime) -> tuple[tuple[Markup], Span]:
    """The list as everyone reads it."""
    found = search.find(PUBLIC, wanted, now)
    context = {
        "wanted": wanted,
        "found": found,
        "rows": [(call, call_life(call, now), items_of(call.card.supports)) for call in found.calls],
        "tabs": [
            {
                "label": said(*words),
                "url": reverse("calls:list") + wanted.address(state=state),
                "current": state == wanted.state,
                "count": found.counts[state],
            }
            for state, words in STATE_WORDS.items()
        ],
        "choices": search.choices(),
        "sorts": [(value, said(*words)) for value, words in SORT_WORDS],
        "shown": LIVES,
        "query": wanted.address(page=1),
        "now": now,
    }
    return (fragments.rendered("calls/_list_body.html", context),), span(now, search.instants(now))


def call_life(call: Call, now: datetime) -> str:
    """Where a call stands for those who would apply: "open", "coming", "ended" (intake over by its instants) or its own state."""
    if open_now(call, now):
        return "open"
    if call.state == CallState.PUBLISHED:
        return "coming" if now < call.opens_at else "ended"
    return call.state


@public(*NAMES, "format")
@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """New calls, corrections, extensions and notices of the calls that fit the filters, newest first: RSS 2.0, or Atom with format=atom."""
    now = clock.now()
    wanted = Wanted.read(request.GET.dict())
    atom = request.GET.get("format") == "atom"
    maker = Atom1Feed if atom else Rss201rev2Feed
    query = request.META.get("QUERY_STRING", "")
    made = maker(
        title=said("공모 새 소식", "Calls for proposals"),
        link=request.build_absolute_uri(reverse("calls:list") + wanted.address()),
        description=said(
            "새 공고, 정정공고, 마감 연장, 알림", "New calls, corrections, extensions and notices"
        ),
        language=said("ko", "en"),
        feed_url=request.build_absolute_uri(reverse("calls:feed") + (f"?{query}" if query else "")),
    )
    for notice in search.news(PUBLIC, wanted, now, limit=FEED_ITEMS):
        call = notice.call
        kind = said(*KIND_WORDS[NoticeKind(notice.kind)])
        title = said(call.title_ko, call.title_en)
        words = notice.body or (
            said(call.card.purpose_ko, call.card.purpose_en)
            if notice.kind == NoticeKind.ANNOUNCEMENT
            else notice.title
        )
        page = request.build_absolute_uri(reverse("calls:call", args=[call.slug]))
        made.add_item(
            title=_clean(f"[{kind}] {title}"),
            link=page if notice.kind == NoticeKind.ANNOUNCEMENT else f"{page}#notice-{notice.pk}",
            # Readers take this for HTML: everything of the author's is escaped.
            description=escape(_clean(words)),
            unique_id=f"{page}#notice-{notice.pk}",
            unique_id_is_permalink=False if not atom else None,
            pubdate=notice.published_at,
            updateddate=notice.published_at,
            author_name=_clean(call.operator.name),
            categories=[_clean(item) for item in items_of(call.card.supports)],
        )
    response = HttpResponse(made.writeString("utf-8"), content_type=maker.content_type)
    return keep(response, at=now, instants=search.instants(now))


@public(*NAMES)
@require_safe
def calendar_of_all(request: HttpRequest) -> HttpResponse:
    """Opening, closing and dated milestones of the calls that fit the filters (those open and coming where no state is asked for)."""
    now = clock.now()
    wanted = Wanted.read(request.GET.dict())
    found = search.dated(PUBLIC, wanted, now, limit=EVENTS)
    made = calendar.of_calls(found, said("공모 일정", "Calls for proposals"), _page_of(request))
    return keep(calendar.response(made, "calls.ics"), at=now, instants=search.instants(now))


@public(*listing_names())
@require_GET
def bizinfo(request: HttpRequest) -> HttpResponse:
    """The calls in the shape of 기업마당's listing (docs/public.md), for other sites to embed."""
    now = clock.now()
    wanted, first, count, tags = wanted_of(request.GET)
    body = listing(wanted, first, count, tags, now, request.build_absolute_uri)
    response = HttpResponse(body, content_type="application/json; charset=utf-8")
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return keep(response, at=now, instants=search.instants(now))


def _page_of(request: HttpRequest) -> calendar.Address:
    return lambda call: request.build_absolute_uri(reverse("calls:call", args=[call.slug]))


def _clean(text: str) -> str:
    """Text without the control letters that XML cannot hold."""
    return "".join(each for each in text if each >= " " or each in "\n\t")
