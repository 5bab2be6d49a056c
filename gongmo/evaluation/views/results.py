"""The applicant's own result and objection, and the page that tells everyone who sees what and when."""

from collections.abc import Mapping
from typing import BinaryIO, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from gongmo.applications.models import Application
from gongmo.calls.queries import call_by_slug, definition_of
from gongmo.evaluation import commands, policies, queries
from gongmo.evaluation.results_disclosure import disclosure_rows
from gongmo.evaluation.results_links import next_page
from gongmo.evaluation.states import objections_table
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import NotFound, Refused
from gongmo.parties.pages import actor_of, said


@require_http_methods(["GET", "HEAD", "POST"])
def result(request: HttpRequest, pk: int) -> HttpResponse:
    """The own result; a POST objects to it."""
    actor = actor_of(request)
    application = queries.own_application(actor, pk)
    if request.method != "POST":
        return _page(request, actor, application)
    try:
        commands.object_to_result(
            actor=actor,
            application_id=pk,
            reason=request.POST.get("reason", ""),
            files=[(each.name or "", cast(BinaryIO, each)) for each in request.FILES.getlist("files")],
        )
    except Refused as refused:
        if isinstance(refused, NotFound):
            raise
        return _page(request, actor, application, refused=refused, typed=request.POST.dict())
    messages.success(
        request, said("이의신청을 접수했습니다. 답변이 나오면 알려 드립니다.", "Your objection is filed.")
    )
    return redirect("evaluation:result", pk)


def _page(
    request: HttpRequest,
    actor: Actor,
    application: Application,
    *,
    refused: Refused | None = None,
    typed: Mapping[str, str] | None = None,
) -> HttpResponse:
    found = queries.own_result(actor, application)
    return render(
        request,
        "evaluation/result.html",
        {
            "application": application,
            "call": application.call,
            "result": found,
            "objections": queries.own_objections(actor, application),
            "shown": objections_table.shown,
            "may_object": policies.object_to_result(actor, application),
            "negotiation_url": next_page(actor, application)
            if found is not None and found.standing == "selected"
            else "",
            "contacts": definition_of(application.call).contacts,
            "now": clock.now(),
            "refused": refused,
            "typed": typed or {},
        },
        status=200 if refused is None else refused.status,
    )


@require_GET
def disclosure(request: HttpRequest, slug: str) -> HttpResponse:
    """Who sees what of the evaluation, and when: made from the call's definition."""
    call = call_by_slug(actor_of(request), slug)
    definition = definition_of(call)
    return render(
        request,
        "evaluation/disclosure.html",
        {
            "call": call,
            "rows": disclosure_rows(definition),
            "ground": definition.disclosure,
            "clauses": {clause.id: clause.text for clause in definition.clauses},
        },
    )
