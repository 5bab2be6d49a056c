"""The officer's page of objections to the result: their grounds and files, the answer, and the panel that evaluates anew."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from gongmo.calls.models import Call
from gongmo.calls.queries import call_by_slug
from gongmo.evaluation import commands, policies, queries
from gongmo.evaluation.queries.belonging import of_call
from gongmo.evaluation.states import objections_table, stages_table
from gongmo.files.responses import send
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.parties.pages import actor_of, said
from gongmo.screening.reading import instant, number


@require_GET
def objections(request: HttpRequest, slug: str) -> HttpResponse:
    """The objections of a call."""
    actor = actor_of(request)
    return _page(request, actor, call_by_slug(actor, slug))


def _page(
    request: HttpRequest,
    actor: Actor,
    call: Call,
    *,
    refused: Refused | None = None,
    typed: Mapping[str, str] | None = None,
) -> HttpResponse:
    found = queries.objections_of(actor, call)
    return render(
        request,
        "evaluation/objections.html",
        {
            "call": call,
            "manages": policies.manage(actor, call),
            "objections": found,
            "waiting": [each for each in found if each.state == "filed"],
            "shown": objections_table.shown,
            "stage_shown": stages_table.shown,
            "panels": queries.panels_for(call, found),
            "refused": refused,
            "typed": typed or {},
        },
        status=200 if refused is None else refused.status,
    )


@require_POST
def act(request: HttpRequest, slug: str, act: str) -> HttpResponse:
    """One act on an objection: `answer` or `again`. A refusal is told on the page, with everything that was typed."""
    actor = actor_of(request)
    call = call_by_slug(actor, slug)
    if act not in ("answer", "again") or not policies.oversee(actor, call):
        raise NotFound
    given = request.POST.dict()
    try:
        pk = of_call(actor, call, "objection", number(given.get("objection", ""), "objection"))
        if act == "answer":
            if given.get("uphold") not in ("yes", "no"):
                raise BadInput(
                    "uphold_missing",
                    "받아들일지 골라 주세요.",
                    "Say whether the objection is upheld.",
                    field="uphold",
                )
            commands.answer_objection(
                actor=actor,
                objection_id=pk,
                uphold=given.get("uphold") == "yes",
                answer=given.get("answer", ""),
            )
            words = said("이의신청에 답했습니다.", "The objection is answered.")
        else:
            commands.open_reevaluation(
                actor=actor,
                objection_id=pk,
                committee_id=number(given.get("committee", ""), "committee"),
                due_at=instant(given["due_at"], "due_at") if given.get("due_at", "").strip() else None,
            )
            words = said("재평가를 시작하고 평가표를 나누었습니다.", "The re-evaluation is open.")
    except Refused as refused:
        if isinstance(refused, NotFound) or not policies.manage(actor, call):
            raise
        return _page(request, actor, call, refused=refused, typed=given)
    messages.success(request, words)
    return redirect("evaluation:objections", slug)


@require_GET
def file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A file handed in with an objection."""
    found = queries.objection_file(actor_of(request), pk)
    return send(found.file, found.name, inline=True)
