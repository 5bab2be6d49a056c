"""Pages of the overview: parse, call one query, render."""

from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from gongmo.awards.queries import overseen_calls, work_pages
from gongmo.calls.bizinfo import short
from gongmo.calls.listing_views import call_life
from gongmo.calls.queries import call_by_slug
from gongmo.calls.states import LIVES
from gongmo.kernel import clock
from gongmo.kernel.errors import NotFound
from gongmo.kernel.sheets import to_csv, to_xlsx
from gongmo.oversight import queries, report
from gongmo.oversight.queries import Overview
from gongmo.oversight.tiles import COLUMNS
from gongmo.papers import Language, to_pdf
from gongmo.parties.pages import actor_of, said

FORMS = ("xlsx", "csv", "pdf")
TILE = 96
"""Width and height of a tile in the picture's own units."""


@require_GET
def calls(request: HttpRequest) -> HttpResponse:
    """The calls that the person oversees."""
    found = overseen_calls(actor_of(request))
    now = clock.now()
    lives = [(call, LIVES[call_life(call, now)]) for call in found]
    return render(request, "oversight/calls.html", {"calls": lives})


@require_GET
def call(request: HttpRequest, slug: str) -> HttpResponse:
    """A call as a whole."""
    actor = actor_of(request)
    found = queries.overview(actor, call_by_slug(actor, slug))
    return render(
        request,
        "oversight/call.html",
        {
            **_common(found),
            "steps": [
                {"label": step.name, "state": step.state, "note": step.note} for step in found.board.steps
            ],
            "standings": found.standings,
            "unfinished": found.unfinished,
            "tiles": [
                {
                    "place": one,
                    "name": said(short(one.name.ko), one.name.en),
                    "sum": _brief(one.money.applied),
                    "x": one.column * TILE,
                    "y": one.row * TILE,
                    "url": reverse("oversight:region", args=[slug, one.code]),
                }
                for one in found.places
            ],
            "size": (
                COLUMNS * TILE,
                (max(one.row for one in found.places) + 1) * TILE if found.places else 0,
            ),
            "most": max((one.money.applied for one in found.places), default=0),
            "links": [
                {"label": name, "url": reverse(view, args=[slug])}
                for name, view in work_pages(actor, found.call)
            ],
        },
    )


@require_GET
def region(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """One region in a call."""
    actor = actor_of(request)
    found = queries.overview(actor, call_by_slug(actor, slug))
    where = found.place(code)
    return render(
        request,
        "oversight/region.html",
        {
            **_common(found),
            "place": where,
            "participants": queries.participants(actor, found.call, code),
            "roles": {role.id: role.name for role in found.definition.consortium.roles},
        },
    )


@require_GET
def export(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """The overview as a file: xlsx, csv or pdf."""
    if form not in FORMS:
        raise NotFound
    actor = actor_of(request)
    found = queries.overview(actor, call_by_slug(actor, slug))
    if form == "pdf":
        language: Language = "en" if (get_language() or "ko").startswith("en") else "ko"
        content, kind = to_pdf(report.paper(found, language)), "application/pdf"
    elif form == "csv":
        content, kind = to_csv(*report.rows(found)), "text/csv; charset=utf-8"
    else:
        content = to_xlsx(said("추진 현황", "Progress"), *report.rows(found))
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{found.call.slug}-overview.{form}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _brief(won: int) -> str:
    """A sum short enough for a tile, cut off below 100 million won; the table has it whole."""
    return said(f"{won // 10**8:,}억", f"₩{won // 10**9:,}.{won // 10**8 % 10}bn")


def _common(found: Overview) -> dict[str, object]:
    definition = found.definition
    return {
        "found": found,
        "call": found.call,
        "sources": definition.budget.sources,
        "fields": definition.fields,
        "baselines": [(one, Decimal(one.percent)) for one in definition.baselines],
        "figure": report.figure,
    }
