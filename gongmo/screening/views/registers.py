"""Pages of what outside registers say of the organisations under review."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from gongmo.calls.models import Call
from gongmo.calls.queries import call_by_slug, definition_of
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import NotFound, Refused
from gongmo.parties.pages import actor_of, said
from gongmo.registers.outcomes import NAMES
from gongmo.registers.queries import any_on, troubled
from gongmo.rules.exclusions import closing_day
from gongmo.screening import policies, queries
from gongmo.screening.commands.register_facts import check_registers
from gongmo.screening.queries.registers import SHOWN, being_asked, page_rows, register_page, register_rows
from gongmo.screening.telling import TRUTHS


@require_http_methods(["GET", "POST"])
def registers(request: HttpRequest, slug: str) -> HttpResponse:
    """All organisations of a call's reviews. POST has the registers asked for all of them."""
    actor = actor_of(request)
    call = call_by_slug(actor, slug)
    page = register_page(actor, call, request.GET.get("page"))
    refused = None
    if request.method == "POST":
        refused = _ask(request, actor, call, None)
        if refused is None:
            return redirect("screening:registers", slug)
    rows = page_rows(definition_of(call), page)
    only = request.GET.get("show") == "attention"
    context = {
        "rows": [row for row in rows if row.attention or not only],
        "waiting_rows": sum(row.attention for row in rows),
        "only": only,
        "pending": being_asked(call, {row.application.pk for row in rows}),
        "asked": any(row.asked for row in rows),
        "page": page,
        "application": None,
    }
    return _render(request, actor, call, refused, context)


@require_http_methods(["GET", "POST"])
def registers_of(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The organisations of one application. POST has the registers asked for them."""
    actor = actor_of(request)
    review = queries.review_for(actor, pk)
    application = review.application
    if application.call.slug != slug:
        raise NotFound
    refused = None
    if request.method == "POST":
        refused = _ask(request, actor, application.call, pk)
        if refused is None:
            return redirect("screening:registers_of", slug, pk)
    rows = register_rows(actor, application)
    context = {
        "rows": rows,
        "waiting_rows": sum(row.attention for row in rows),
        "only": False,
        "pending": being_asked(application.call, [pk]),
        "asked": any(row.asked for row in rows),
        "page": None,
        "application": application,
    }
    return _render(request, actor, application.call, refused, context)


def _ask(request: HttpRequest, actor: Actor, call: Call, application: int | None) -> Refused | None:
    try:
        count = check_registers(
            actor=actor, call_id=call.pk, application_ids=None if application is None else [application]
        )
    except NotFound:
        raise
    except Refused as refused:
        return refused
    messages.success(
        request,
        said(
            f"신청 {count}건의 참여기관을 등록부에 묻고 있습니다. 잠시 뒤 이 화면에서 답을 볼 수 있습니다.",
            f"The registers are being asked for {count} application(s); the answers appear here shortly.",
        ),
    )
    return None


def _render(
    request: HttpRequest, actor: Actor, call: Call, refused: Refused | None, context: dict[str, object]
) -> HttpResponse:
    definition = definition_of(call)
    return render(
        request,
        "screening/registers.html",
        {
            **context,
            "call": call,
            "columns": [NAMES[register] for register in SHOWN],
            "truths": TRUTHS,
            "on": any_on(),
            "troubled": troubled(),
            "manages": policies.review(actor, call),
            "closing": closing_day(definition),
            "lookups": [kind for kind in definition.facts if kind.lookup is not None],
            "refused": refused,
        },
        status=refused.status if refused else 200,
    )
