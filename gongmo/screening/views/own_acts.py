"""What the consortium hands in: files and answers of requests, proof, objections."""

from typing import BinaryIO, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from gongmo.applications.models import Application
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import NotFound, Refused
from gongmo.parties.pages import actor_of, said
from gongmo.screening import commands, queries
from gongmo.screening.views.own import own_page


@require_POST
def attach(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand in the file of one opened document: of this request, or an upload that has come in."""
    actor = actor_of(request)
    item = queries.own_item(actor, pk)
    application = item.supplement.application
    upload = request.FILES.get("file")
    wants_json = "application/json" in request.headers.get("Accept", "")
    try:
        if upload is None and not request.POST.get("upload"):
            raise _no_file()
        commands.attach_to_supplement(
            actor=actor,
            item_id=pk,
            name=(upload.name or "") if upload else "",
            stream=cast(BinaryIO, upload) if upload else None,
            upload=request.POST.get("upload", ""),
        )
    except NotFound:
        raise
    except Refused as refused:
        if wants_json:
            answer = {"code": refused.code, "message": said(refused.ko, refused.en)}
            return JsonResponse(answer, status=refused.status)
        return own_page(request, actor, application, part=f"supplement-{item.supplement_id}", refused=refused)
    to = reverse("screening:own", args=[application.pk]) + f"#item-{pk}"
    words = said("고친 문서를 올렸습니다.", "The mended document is in.")
    if wants_json:
        return JsonResponse({"message": words, "redirect": to})
    messages.success(request, words)
    return redirect(to)


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a supplement request."""
    actor = actor_of(request)
    application = queries.own_supplement(actor, pk).application
    upload = request.FILES.get("file")
    try:
        _keep_typed(request, actor, application)
        commands.answer_supplement(
            actor=actor,
            supplement_id=pk,
            answer=request.POST.get("answer", ""),
            name=upload.name if upload else None,
            stream=cast(BinaryIO, upload) if upload else None,
        )
    except Refused as refused:
        return own_page(
            request, actor, application, part=f"supplement-{pk}", refused=refused, typed=request.POST.dict()
        )
    messages.success(request, said("보완한 내용을 냈습니다.", "Your answer is handed in."))
    return redirect("screening:own", application.pk)


def _keep_typed(request: HttpRequest, actor: Actor, application: Application) -> None:
    """Without a script the form brings the texts along. Raises Refused at the first that another has changed meanwhile."""
    changes = []
    for name, value in request.POST.items():
        if name.startswith("item-") and name[5:].isdecimal():
            base = request.POST.get(f"seen-{name[5:]}", "0")
            changes.append(
                commands.TextInput(f"item:{name[5:]}", str(value), int(base) if base.isdecimal() else 0)
            )
    for each in commands.save_supplement_texts(actor=actor, application_id=application.pk, changes=changes):
        if each.refused is not None:
            raise each.refused
        if each.conflict:
            raise Refused(
                "supplement_conflict",
                f"{each.by or '다른 담당자'}님이 먼저 고친 항목이 있습니다. 화면을 새로 열어 확인하고 다시 내 주세요.",
                f"{each.by or 'A colleague'} has changed one of the items meanwhile. Open the page again and look at it.",
            )


@require_POST
def hand_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand in demanded proof."""
    actor = actor_of(request)
    application = queries.own_demand(actor, pk).application
    upload = request.FILES.get("file")
    if upload is None:
        return own_page(request, actor, application, part=f"proof-{pk}", refused=_no_file())
    try:
        commands.hand_in_proof(
            actor=actor, demand_id=pk, name=upload.name or "", stream=cast(BinaryIO, upload)
        )
    except Refused as refused:
        if isinstance(refused, NotFound):
            raise
        return own_page(request, actor, application, part=f"proof-{pk}", refused=refused)
    messages.success(request, said("증빙을 냈습니다.", "The proof is handed in."))
    return redirect("screening:own", application.pk)


@require_POST
def objection(request: HttpRequest, pk: int) -> HttpResponse:
    """Object to the exclusion that stands."""
    actor = actor_of(request)
    application = queries.own_application(actor, pk)
    upload = request.FILES.get("file")
    try:
        commands.file_objection(
            actor=actor,
            application_id=pk,
            text=request.POST.get("text", ""),
            name=upload.name if upload else None,
            stream=cast(BinaryIO, upload) if upload else None,
        )
    except NotFound:
        raise
    except Refused as refused:
        return own_page(
            request, actor, application, part="objection", refused=refused, typed=request.POST.dict()
        )
    messages.success(request, said("이의신청을 냈습니다.", "Your objection is filed."))
    return redirect(reverse("screening:own", args=[pk]) + "#objection")


@require_POST
def withdraw_objection(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an objection back that is not answered yet."""
    actor = actor_of(request)
    application = queries.own_objection(actor, pk).review.application
    try:
        commands.withdraw_objection(actor=actor, objection_id=pk)
    except NotFound:
        raise
    except Refused as refused:
        return own_page(request, actor, application, part="objection", refused=refused)
    messages.success(request, said("이의신청을 철회했습니다.", "The objection is withdrawn."))
    return redirect(reverse("screening:own", args=[application.pk]) + "#objection")


def _no_file() -> Refused:
    return Refused("file_missing", "낼 파일을 골라 주세요.", "Choose the file to hand in.")
