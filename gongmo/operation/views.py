"""The public status, figures for monitors, and the operator's page."""

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongmo.kernel.clock import SEOUL
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.operation import commands, exposition, policies, queries, state
from gongmo.operation.models import Kind
from gongmo.parties.pages import actor_of, said
from gongmo.parties.words import AREAS

FRESH = 5
"""Seconds for which anyone may show the status without asking again: as long as we do not look again ourselves."""


@require_GET
def status(request: HttpRequest) -> HttpResponse:
    """How the service is, for everyone. Answers also while the database is away (gongmo.web.health sees to it)."""
    service = state.service()
    word, family = state.WORDS[service.level]
    response = render(
        request,
        "operation/status.html",
        {"service": service, "word": word, "family": family, "words": state.WORDS},
    )
    return _fresh(request, response)


@require_GET
def status_json(request: HttpRequest) -> HttpResponse:
    """The same for programs: `level`, `word`, `at`, `parts` and `notices`."""
    service = state.service()
    return _fresh(
        request,
        JsonResponse(
            {
                "level": service.level.value,
                "word": state.WORDS[service.level][0].ko,
                "at": service.at.isoformat(),
                "parts": [
                    {"name": fact.name.ko, "level": fact.level.value, "told": fact.told.ko}
                    for fact in service.facts
                ],
                "notices": [
                    {
                        "kind": each.kind.value,
                        "text": each.text.ko,
                        "begins_at": each.begins_at.isoformat(),
                        "ends_at": each.ends_at.isoformat() if each.ends_at else None,
                    }
                    for each in service.notices
                ],
            },
            json_dumps_params={"ensure_ascii": False},
        ),
    )


def _fresh(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    if not request.user.is_authenticated:
        response["Cache-Control"] = f"public, max-age={FRESH}"
    return response


@never_cache
@require_GET
def metrics(request: HttpRequest) -> HttpResponse:
    """Figures for Prometheus. For outsiders there is no such page."""
    if not exposition.open_to(request):
        raise Http404
    return HttpResponse(exposition.exposed(), content_type=exposition.CONTENT_TYPE)


@login_required
@never_cache
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """How the servers fare, for operators."""
    return _page(request)


def _page(request: HttpRequest, refused: Refused | None = None) -> HttpResponse:
    actor = actor_of(request)
    found = queries.overview(actor)
    return render(
        request,
        "operation/overview.html",
        {
            "seen": found,
            "word": state.WORDS[found.service.level][0],
            "family": state.WORDS[found.service.level][1],
            "words": state.WORDS,
            "areas": AREAS,
            "announcements": queries.announcements(actor),
            "standing": {each.pk for each in found.service.notices},
            "typed": request.POST.dict() if refused is not None else {},
            "refused": refused,
            "wrong": getattr(refused, "field", None),
        },
        status=refused.status if refused else 200,
    )


@login_required
@require_http_methods(["GET", "POST"])
def announce(request: HttpRequest) -> HttpResponse:
    """POST `kind`, `text_ko`, `text_en`, `begins_at`, `ends_at`: put a notice on the status page."""
    actor = actor_of(request)
    if not policies.announce(actor):
        raise NotFound
    if request.method != "POST":
        return redirect("operation:overview")
    try:
        kind = request.POST.get("kind", "")
        if kind not in set(Kind):
            raise BadInput("kind", "안내의 종류를 골라 주세요.", "Choose a kind of notice.", field="kind")
        commands.announce(
            actor=actor,
            kind=Kind(kind),
            text_ko=request.POST.get("text_ko", ""),
            text_en=request.POST.get("text_en", ""),
            begins_at=_instant(request, "begins_at"),
            ends_at=_instant(request, "ends_at"),
        )
    except NotFound:
        raise
    except Refused as refused:
        return _page(request, refused)
    messages.success(request, said("안내를 올렸습니다.", "The notice is up."))
    return redirect("operation:overview")


def _instant(request: HttpRequest, name: str) -> datetime | None:
    """A time of the form, in Seoul's; None for an empty one. Raises BadInput."""
    text = request.POST.get(name, "").strip()
    if not text:
        return None
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None or not 2000 <= found.year <= 2200:
        raise BadInput("instant", "날짜와 시각을 골라 주세요.", "Choose a date and a time.", field=name)
    return found if found.tzinfo is not None else found.replace(tzinfo=SEOUL)


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """POST: take a notice down."""
    commands.withdraw_announcement(actor=actor_of(request), announcement_id=pk)
    messages.success(request, said("안내를 내렸습니다.", "The notice is down."))
    return redirect("operation:overview")
