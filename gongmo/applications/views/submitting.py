"""Check and submit, withdraw; and the operator's registering of arrivals."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from gongmo.applications import commands, presentation
from gongmo.applications.models import Application
from gongmo.applications.queries import standing_submission, visible_applications
from gongmo.applications.states import ApplicationState, applications_table
from gongmo.applications.views.base import actor_of, desk, said, show
from gongmo.calls.policies import operates
from gongmo.calls.queries import call_by_slug, definition_of
from gongmo.kernel import clock
from gongmo.kernel.clock import SEOUL
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


@require_http_methods(["GET", "POST"])
def arrivals(request: HttpRequest, slug: str) -> HttpResponse:
    """The operator registers what came by letter and post, application by application."""
    actor = actor_of(request)
    call = call_by_slug(actor, slug)
    if not operates(actor, call):
        raise NotFound
    refused: Refused | None = None
    typed = {name: request.POST.get(name, "") for name in ("application", "channel", "arrived_on", "note")}
    if request.method == "POST":
        try:
            commands.register_arrival(
                actor=actor,
                application_id=int(typed["application"]) if typed["application"].isdecimal() else 0,
                channel=typed["channel"],
                arrived_on=_day(typed["arrived_on"]),
                note=typed["note"],
            )
        except NotFound:
            refused = BadInput(
                "application_missing", "신청을 골라 주세요.", "Choose the application.", field="application"
            )
        except Refused as error:
            refused = error
        else:
            messages.success(request, said("도착을 등록했습니다.", "The arrival is registered."))
            return redirect("applications:arrivals", slug)
    channels = definition_of(call).intake.channels
    found = visible_applications(actor, call).prefetch_related("arrivals").order_by("pk")
    context = {
        "call": call,
        "channels": channels,
        "rows": [(item, _by_channel(item)) for item in found],
        "today": clock.now().astimezone(SEOUL).date(),
        "typed": typed,
        "refused": refused,
        "shown": {state.value: shown for state, shown in applications_table.shown.items()},
    }
    return render(request, "applications/arrivals.html", context, status=refused.status if refused else 200)


def _by_channel(application: Application) -> dict[str, object]:
    return {arrival.channel: arrival for arrival in application.arrivals.all()}


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadInput(
            "day_unreadable", "도착한 날을 골라 주세요.", "Choose the day of arrival.", field="arrived_on"
        ) from error
