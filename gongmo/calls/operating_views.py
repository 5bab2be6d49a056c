"""Pages on which the operator runs a call: extend, correct, close, cancel, answer."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from gongmo.calls import commands, queries
from gongmo.calls.commands.correct import correction
from gongmo.calls.models import Call
from gongmo.calls.policies import operates
from gongmo.calls.publishing_views import announcement_of
from gongmo.calls.states import CallState, calls_table
from gongmo.calls.values import Announcement
from gongmo.definition.diff import Change
from gongmo.definition.loader import Unusable, parse_definition
from gongmo.definition.problems import Problem
from gongmo.definition.source import DEFINITION_LIMIT
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.clock import SEOUL
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.kernel.korean import stamp
from gongmo.parties.pages import actor_of, said


def _operated(request: HttpRequest, slug: str) -> tuple[Actor, Call]:
    """The call, for its operator only; others do not learn of this page."""
    actor = actor_of(request)
    call = queries.call_by_slug(actor, slug)
    if not operates(actor, call):
        raise NotFound
    return actor, call


@require_GET
def manage(request: HttpRequest, slug: str) -> HttpResponse:
    """What the operator can do with the call."""
    _, call = _operated(request, slug)
    return _page(request, call)


@require_POST
def extend(request: HttpRequest, slug: str) -> HttpResponse:
    """Extend the deadline for everyone."""
    actor, call = _operated(request, slug)
    typed = {"closes_at": request.POST.get("closes_at", ""), "extend_reason": request.POST.get("reason", "")}
    try:
        closes_at = _instant(typed["closes_at"])
        extended = commands.extend(
            actor=actor, call_id=call.pk, closes_at=closes_at, reason=typed["extend_reason"]
        )
    except Refused as refused:
        return _page(request, call, typed=typed, refused=refused, part="extend")
    until = stamp(extended.closes_at)
    messages.success(
        request,
        said(
            f"모두의 접수 마감을 {until}까지 연장했습니다.",
            f"The deadline is now {until} (Seoul) for everyone.",
        ),
    )
    return redirect("calls:manage", slug)


@require_POST
def correct(request: HttpRequest, slug: str) -> HttpResponse:
    """Upload a corrected definition: first its differences are shown, then it is published."""
    actor, call = _operated(request, slug)
    upload = request.FILES.get("definition")
    text = request.POST.get("text", "")
    typed = {"correct_reason": request.POST.get("reason", "")}
    try:
        data = upload.read(DEFINITION_LIMIT + 1) if upload is not None else text.encode()
        if not data:
            raise BadInput(
                "definition_missing",
                "고친 공고 정의 파일을 골라 주세요.",
                "Choose the corrected definition file.",
                field="definition",
            )
        name = getattr(upload, "name", None) or "call.yaml"
        definition = parse_definition(data, name)
        _, changes = correction(queries.definition_of(call), definition)
        for part in ("announcement_ko", "announcement_en"):
            typed[part] = request.POST.get(part, "")
        typed |= announcement_of(request)
        announcement = Announcement(typed["announcement_ko"], typed["announcement_en"])
        if request.POST.get("publish") and (changes or announcement):
            version = commands.correct(
                actor=actor,
                call_id=call.pk,
                definition=definition,
                reason=typed["correct_reason"],
                announcement=announcement or None,
            )
            messages.success(
                request,
                said(
                    f"정정공고(제{version.number}판)를 냈습니다.",
                    f"The correction (version {version.number}) is published.",
                ),
            )
            return redirect(reverse("calls:call", args=[slug]) + "#notices")
    except Unusable as unusable:
        return _page(request, call, typed=typed, part="correct", problems=unusable.problems)
    except Refused as refused:
        return _page(request, call, typed=typed, refused=refused, part="correct")
    return _page(request, call, typed={**typed, "text": data.decode()}, part="correct", changes=changes)


@require_POST
def close(request: HttpRequest, slug: str) -> HttpResponse:
    """Close the intake after the deadline."""
    actor, call = _operated(request, slug)
    try:
        commands.close(actor=actor, call_id=call.pk)
    except Refused as refused:
        return _page(request, call, refused=refused, part="close")
    messages.success(request, said("접수를 마감했습니다.", "The intake is closed."))
    return redirect("calls:manage", slug)


@require_POST
def cancel(request: HttpRequest, slug: str) -> HttpResponse:
    """Cancel the call. It cannot be undone, so the call's name is typed."""
    actor, call = _operated(request, slug)
    typed = {"cancel_reason": request.POST.get("reason", ""), "confirm": request.POST.get("confirm", "")}
    try:
        if typed["confirm"].strip() != call.slug:
            raise BadInput(
                "confirmation",
                f"취소하려면 확인 칸에 공고 주소 이름 ‘{call.slug}’을(를) 그대로 적어 주세요.",
                f"To cancel, type “{call.slug}” in the confirmation box.",
                field="confirm",
            )
        commands.cancel(actor=actor, call_id=call.pk, reason=typed["cancel_reason"])
    except Refused as refused:
        return _page(request, call, typed=typed, refused=refused, part="cancel")
    messages.success(request, said("공고를 취소했습니다.", "The call is cancelled."))
    return redirect("calls:call", slug)


@require_POST
def finish(request: HttpRequest, slug: str) -> HttpResponse:
    """Mark the call as finished."""
    actor, call = _operated(request, slug)
    try:
        commands.finish(actor=actor, call_id=call.pk)
    except Refused as refused:
        return _page(request, call, refused=refused, part="finish")
    messages.success(request, said("공고를 마쳤습니다.", "The call is finished."))
    return redirect("calls:manage", slug)


def _instant(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=SEOUL)
    except ValueError as error:
        raise BadInput(
            "closes_at_unreadable",
            "새 마감의 날짜와 시각을 골라 주세요.",
            "Choose the day and time of the new deadline.",
            field="closes_at",
        ) from error


def _page(
    request: HttpRequest,
    call: Call,
    *,
    typed: dict[str, str] | None = None,
    refused: Refused | None = None,
    part: str = "",
    changes: tuple[Change, ...] | None = None,
    problems: tuple[Problem, ...] = (),
) -> HttpResponse:
    state = CallState(call.state)
    status = refused.status if refused else 422 if problems else 200
    context = {
        "call": call,
        "waiting": queries.waiting(call).count(),
        "shown": calls_table.shown[state],
        "may_correct": state in (CallState.PUBLISHED, CallState.CLOSED),
        "may_extend": state in (CallState.PUBLISHED, CallState.CLOSED) and not queries.review_started(call),
        "may_close": calls_table.allows(state, CallState.CLOSED),
        "over": call.closes_at <= clock.now(),
        "may_cancel": calls_table.allows(state, CallState.CANCELLED),
        "may_finish": calls_table.allows(state, CallState.FINISHED),
        "typed": typed or {},
        "refused": refused,
        "part": part,
        "changes": changes,
        "problems": problems,
    }
    return render(request, "calls/manage.html", context, status=status)
