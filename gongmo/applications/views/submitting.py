"""Check and submit, withdraw."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from gongmo.applications import commands, presentation
from gongmo.applications.queries import standing_submission
from gongmo.applications.states import ApplicationState
from gongmo.applications.views.base import actor_of, desk, said, show
from gongmo.kernel import clock
from gongmo.kernel.errors import BadInput, NotFound, Refused

WORDS = ("제출", "submit")


@require_http_methods(["GET", "POST"])
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """What is still missing; when nothing is, the submission."""
    if request.method == "POST":
        try:
            if request.POST.get("confirm", "").strip().lower() not in WORDS:
                raise BadInput(
                    "confirmation",
                    "확인 칸에 ‘제출’이라고 적어 주세요.",
                    "Type “submit” in the box.",
                    field="confirm",
                )
            commands.submit(actor=actor_of(request), application_id=pk)
        except NotFound:
            raise
        except Refused as refused:
            return _submit_page(request, pk, refused)
        return redirect("applications:receipt", pk)
    return _submit_page(request, pk)


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the submission back before the deadline."""
    try:
        commands.withdraw(actor=actor_of(request), application_id=pk, reason=request.POST.get("reason", ""))
    except NotFound:
        raise
    except Refused as refused:
        return _submit_page(request, pk, refused)
    messages.success(
        request,
        said(
            "제출을 철회했습니다. 고친 뒤 마감 전에 다시 제출해 주세요.",
            "The submission is withdrawn. Change it and submit again before the deadline.",
        ),
    )
    return redirect("applications:application", pk)


def _submit_page(request: HttpRequest, pk: int, refused: Refused | None = None) -> HttpResponse:
    at = desk(request, pk)
    context = {
        "open_groups": [
            (presentation.GROUP_NAMES[group], presentation.GROUP_PAGES[group], found)
            for group, found in presentation.open_by_group(at.obstacles).items()
        ],
        "groups": presentation.grouped(at.definition, at.value, at.findings),
        "tally": presentation.tally(at.findings),
        "standing": standing_submission(at.application),
        "withdrawable": at.application.state == ApplicationState.SUBMITTED
        and clock.now() < at.application.call.closes_at,
        "reason": request.POST.get("reason", ""),
        "word": said(*WORDS),
    }
    return show(request, "applications/submit.html", at, context, page="submit", refused=refused)
