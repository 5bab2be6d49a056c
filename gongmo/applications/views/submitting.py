"""Check and submit, withdraw."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from gongmo.applications import commands, presentation, presentation_check
from gongmo.applications.presentation_check import Group
from gongmo.applications.queries import standing_submission, submissions_of
from gongmo.applications.states import ApplicationState
from gongmo.applications.views.base import Desk, actor_of, desk, kept, said, show
from gongmo.kernel import clock
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.parties.recent import recent_sign_in_required

WORDS = ("제출", "submit")


@require_http_methods(["GET", "POST"])
def submit(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What is still missing; when nothing is, the submission. An installation may ask once more who sits at the keyboard."""
    minutes = settings.GONGMO_SUBMIT_CONFIRM_MINUTES
    return recent_sign_in_required(minutes)(_submit)(request, pk) if minutes else _submit(request, pk)


def _submit(request: HttpRequest, pk: int) -> HttpResponse:
    if request.method != "POST":
        at = desk(request, pk)
        return kept(request, at, "submit", lambda: _submit_page(request, at))
    try:
        if request.POST.get("confirm", "").strip().lower() not in WORDS:
            raise BadInput(
                "confirmation",
                "확인 칸에 ‘제출’이라고 적어 주세요.",
                "Type “submit” in the box.",
                field="confirm",
            )
        seen = request.POST.get("seen", "")
        known = int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 7 else None
        commands.submit(actor=actor_of(request), application_id=pk, seen=known)
    except NotFound:
        raise
    except Refused as refused:
        return _submit_page(request, desk(request, pk), refused)
    to = reverse("applications:receipt", args=[pk])
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"receipt": to})
    return redirect(to)


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the submission back before the deadline."""
    try:
        commands.withdraw(actor=actor_of(request), application_id=pk, reason=request.POST.get("reason", ""))
    except NotFound:
        raise
    except Refused as refused:
        return _submit_page(request, desk(request, pk), refused)
    messages.success(
        request,
        said(
            "제출을 철회했습니다. 고친 뒤 마감 전에 다시 제출해 주세요.",
            "The submission is withdrawn. Change it and submit again before the deadline.",
        ),
    )
    return redirect("applications:application", pk)


def groups_of(at: Desk) -> list[Group]:
    """The check's groups, worked out once while nothing changes."""
    return at.once(
        f"check:{at.own.pk if at.own else ''}",
        lambda: presentation_check.checked(
            at.definition, at.value, at.members, at.findings, at.obstacles, at.application.pk, at.own
        ),
    )


def _submit_page(request: HttpRequest, at: Desk, refused: Refused | None = None) -> HttpResponse:
    groups = groups_of(at)
    context: dict[str, Any] = {
        "groups": groups,
        "alone": presentation_check.page_of(
            groups,
            request.GET.get("group", ""),
            met=request.GET.get("show") == "met",
            page=request.GET.get("page", "1"),
        ),
        "first": presentation_check.FIRST,
        "tally": at.once("tally", lambda: presentation.tally(at.findings)),
        "standing": standing_submission(at.application) if not at.writable else None,
        "submissions": list(submissions_of(at.application)),
        "withdrawable": at.application.state == ApplicationState.SUBMITTED
        and clock.now() < at.application.call.closes_at,
        "reason": request.POST.get("reason", ""),
        "word": said(*WORDS),
    }
    return show(request, "applications/submit.html", at, context, page="submit", refused=refused)
