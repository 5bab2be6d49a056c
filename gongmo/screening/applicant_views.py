"""What the consortium sees of its own review: requests to answer, proof to hand in, and the result once it is decided."""

from collections.abc import Mapping
from typing import BinaryIO, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from gongmo.applications.models import Application
from gongmo.calls.queries import definition_of
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import NotFound, Refused
from gongmo.parties.pages import actor_of, said
from gongmo.screening import commands, policies, queries
from gongmo.screening.models import ProofDemand, Supplement
from gongmo.screening.states import supplements_table


def _application(actor: Actor, pk: int) -> Application:
    found = (
        Application.objects.select_related("call__version", "lead", "region")
        .prefetch_related("members__organisation")
        .filter(pk=pk)
        .first()
    )
    if found is None or not policies.see_own(actor, found):
        raise NotFound
    return found


@require_GET
def own(request: HttpRequest, pk: int) -> HttpResponse:
    """The consortium's own review."""
    actor = actor_of(request)
    return _page(request, actor, _application(actor, pk))


def _page(
    request: HttpRequest,
    actor: Actor,
    application: Application,
    *,
    part: str = "",
    refused: Refused | None = None,
    typed: Mapping[str, str] | None = None,
) -> HttpResponse:
    definition = definition_of(application.call)
    demands = queries.own_proof_demands(actor, application)
    return render(
        request,
        "screening/own.html",
        {
            "call": application.call,
            "application": application,
            "result": queries.own_result(actor, application),
            "supplements": queries.own_supplements(actor, application),
            "shown": supplements_table.shown,
            "demands": [
                (demand, policies.hand_in(actor, application, demand.organisation_id)) for demand in demands
            ],
            "facts": {kind.id: kind for kind in definition.facts},
            "clauses": {clause.id: clause.text for clause in definition.clauses},
            "may_answer": policies.answer(actor, application),
            "now": clock.now(),
            "part": part,
            "refused": refused,
            "typed": typed or {},
        },
        status=200 if refused is None else refused.status,
    )


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a supplement request."""
    actor = actor_of(request)
    found = Supplement.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound
    application = _application(actor, found.application_id)
    upload = request.FILES.get("file")
    try:
        commands.answer_supplement(
            actor=actor,
            supplement_id=pk,
            answer=request.POST.get("answer", ""),
            name=upload.name if upload else None,
            stream=cast(BinaryIO, upload) if upload else None,
        )
    except Refused as refused:
        return _page(
            request, actor, application, part=f"supplement-{pk}", refused=refused, typed=request.POST.dict()
        )
    messages.success(request, said("보완한 내용을 냈습니다.", "Your answer is handed in."))
    return redirect("screening:own", application.pk)


@require_POST
def hand_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand in demanded proof."""
    actor = actor_of(request)
    found = ProofDemand.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound
    application = _application(actor, found.application_id)
    upload = request.FILES.get("file")
    if upload is None:
        return _page(request, actor, application, part=f"proof-{pk}", refused=_no_file())
    try:
        commands.hand_in_proof(
            actor=actor, demand_id=pk, name=upload.name or "", stream=cast(BinaryIO, upload)
        )
    except Refused as refused:
        if isinstance(refused, NotFound):
            raise
        return _page(request, actor, application, part=f"proof-{pk}", refused=refused)
    messages.success(request, said("증빙을 냈습니다.", "The proof is handed in."))
    return redirect("screening:own", application.pk)


def _no_file() -> Refused:
    return Refused("file_missing", "낼 파일을 골라 주세요.", "Choose the file to hand in.")
