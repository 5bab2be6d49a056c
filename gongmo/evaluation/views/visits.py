"""A site visit: wanted by the committee, planned by the operator, written down with photographs. It carries no points."""

from collections.abc import Mapping
from typing import BinaryIO, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from gongmo.calls.queries import definition_of
from gongmo.evaluation import commands, policies
from gongmo.evaluation.commands.visits import PHOTO_PURPOSE
from gongmo.evaluation.models import SiteVisit
from gongmo.evaluation.queries.visits import photo_for, photos_of, visit_for
from gongmo.evaluation.states import visits_table
from gongmo.files.commands import limit_of
from gongmo.files.showing import serve
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.clock import SEOUL
from gongmo.kernel.errors import NotFound, Refused
from gongmo.parties.pages import actor_of, said
from gongmo.screening.reading import instant, needed_day


@require_GET
def visit(request: HttpRequest, pk: int) -> HttpResponse:
    """The visit: why, when and where, what was seen."""
    actor = actor_of(request)
    return _page(request, actor, visit_for(actor, pk))


def _page(
    request: HttpRequest,
    actor: Actor,
    found: SiteVisit,
    *,
    part: str = "",
    refused: Refused | None = None,
    typed: Mapping[str, str] | None = None,
) -> HttpResponse:
    call = found.committee.call
    stages = definition_of(call).evaluation.stages
    return render(
        request,
        "evaluation/visit.html",
        {
            "visit": found,
            "call": call,
            "stage": next((stage for stage in stages if not stage.scored), None),
            "photos": photos_of(found),
            "manages": policies.manage(actor, call),
            "shown": visits_table.shown,
            "today": clock.now().astimezone(SEOUL).date(),
            "photo_limit": limit_of(),
            "photo_purpose": PHOTO_PURPOSE,
            "part": part,
            "refused": refused,
            "typed": typed or {},
        },
        status=200 if refused is None else refused.status,
    )


@require_POST
def act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Plan the visit, write down what was seen, or add a photograph. Scripts that upload are answered in JSON."""
    actor = actor_of(request)
    found = visit_for(actor, pk)
    given = request.POST.dict()
    upload = request.FILES.get("file")
    try:
        if act == "plan":
            commands.plan_visit(
                actor=actor,
                visit_id=pk,
                planned_at=instant(given.get("planned_at", ""), "planned_at"),
                place=given.get("place", ""),
                plan=given.get("plan", ""),
            )
            told = ("현장평가 일정을 잡았습니다.", "The visit is planned.")
        elif act == "record":
            commands.record_visit(
                actor=actor,
                visit_id=pk,
                visited_on=needed_day(given.get("visited_on", ""), "visited_on"),
                memo=given.get("memo", ""),
                name=upload.name if upload else None,
                stream=cast(BinaryIO, upload) if upload else None,
            )
            told = ("현장평가를 기록했습니다.", "The site visit is recorded.")
        elif act == "photo":
            commands.add_photo(
                actor=actor,
                visit_id=pk,
                caption=given.get("caption", ""),
                name=(upload.name or "") if upload else "",
                stream=cast(BinaryIO, upload) if upload else None,
                upload=given.get("upload", ""),
            )
            told = ("사진을 올렸습니다.", "The photograph is added.")
        else:
            raise NotFound
    except NotFound:
        raise
    except Refused as refused:
        if _json(request):
            return JsonResponse(
                {"code": refused.code, "message": said(refused.ko, refused.en)}, status=refused.status
            )
        return _page(request, actor, found, part=act, refused=refused, typed=given)
    if _json(request):
        return JsonResponse(
            {"message": said(*told), "redirect": reverse("evaluation:visit", args=[pk]) + "#photos"}
        )
    messages.success(request, said(*told))
    return redirect("evaluation:visit", pk)


def _json(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


@require_GET
def photo(request: HttpRequest, pk: int, photo: int) -> HttpResponseBase:
    """A photograph of a visit."""
    found = photo_for(actor_of(request), pk, photo)
    return serve(request, found.file, found.file_name)
