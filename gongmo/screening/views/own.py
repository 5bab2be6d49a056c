"""What the consortium sees of its own review: requests to answer, proof to hand in, and the result once it is decided."""

import json
from collections.abc import Mapping
from typing import Any, BinaryIO, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse, RawPostDataException
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from gongmo.applications.models import Application
from gongmo.calls.queries import definition_of
from gongmo.definition.form import Question
from gongmo.definition.model import Definition
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.parties.pages import actor_of, said
from gongmo.rules.form import question_at
from gongmo.screening import commands, policies, queries
from gongmo.screening.commands.supplement_items import UPLOAD_PURPOSE
from gongmo.screening.items import item_name
from gongmo.screening.models import ItemKind, ProofDemand, Supplement, SupplementItem
from gongmo.screening.states import SupplementState, supplements_table

UNREADABLE = BadInput(
    "changes_unreadable",
    "보낸 내용을 읽을 수 없습니다. 화면을 새로 고치고 다시 저장해 주세요.",
    "What was sent cannot be read. Load the page again and save once more.",
)


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
    supplements = queries.own_supplements(actor, application)
    problems = {item["item"]: item for item in refused.details.get("items", ())} if refused else {}
    return render(
        request,
        "screening/own.html",
        {
            "call": application.call,
            "application": application,
            "result": queries.own_result(actor, application),
            "supplements": supplements,
            "items": {
                supplement.pk: [
                    (item, item_name(definition, item), _question(definition, item), problems.get(item.pk))
                    for item in supplement.items.all()
                ]
                for supplement in supplements
            },
            "formats": {kind.id: kind.formats for kind in definition.documents},
            "purpose": UPLOAD_PURPOSE,
            "actor": actor,
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


def _question(definition: Definition, item: SupplementItem) -> Question | None:
    found = question_at(definition, item.place) if item.kind == ItemKind.ANSWER else None
    return found[0] if found else None


@require_POST
def save(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what is being written for open requests; speaks as the pages of an application do (docs/writing.md)."""
    actor = actor_of(request)
    try:
        given = json.loads(request.body)
        changes = [
            commands.TextInput(str(each["path"]), str(each["value"]), int(each["base"]))
            for each in given["changes"][:200]
        ]
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError, RawPostDataException):
        _application(actor, pk)
        return _said_json(UNREADABLE)
    try:
        found = commands.save_supplement_texts(actor=actor, application_id=pk, changes=changes)
    except Refused as refused:
        return _said_json(refused)
    return JsonResponse(
        {"at": clock.now().isoformat(), "revision": 0, "results": [_told(each) for each in found]}
    )


@require_GET
def changes(request: HttpRequest, pk: int) -> HttpResponse:
    """What stands in the open requests now, as the pages of an application are told it."""
    actor = actor_of(request)
    application = _application(actor, pk)
    supplements = [
        one for one in queries.own_supplements(actor, application) if one.state == SupplementState.ASKED
    ]
    due = min((one.due_at for one in supplements), default=clock.now())
    fields = [
        {"path": f"reply:{one.pk}", "revision": one.draft_revision, "value": one.draft, "by": "", "at": None}
        for one in supplements
        if one.draft_revision
    ]
    fields += [
        {
            "path": f"item:{item.pk}",
            "revision": item.revision,
            "value": item.text,
            "by": item.saved_by.display_name if item.saved_by else "",
            "own": item.saved_by_id == actor.person,
            "at": item.saved_at.isoformat() if item.saved_at else None,
        }
        for one in supplements
        for item in one.items.all()
        if item.kind == ItemKind.ANSWER and item.revision
    ]
    now = clock.now()
    return JsonResponse(
        {
            "person": actor.person,
            "revision": 0,
            "state": "open",
            "closes_at": due.isoformat(),
            "closed": False,  # each request has its own deadline, told where it stands
            "at": now.isoformat(),
            "complete": True,
            "changes": fields,
            "writing": [],
            **({"token": get_token(request)} if request.GET.get("token") else {}),
        }
    )


def _told(each: commands.TextOutcome) -> dict[str, Any]:
    if each.refused is not None:
        return {
            "path": each.path,
            "state": "refused",
            "code": each.refused.code,
            "ko": each.refused.ko,
            "en": each.refused.en,
        }
    told: dict[str, Any] = {
        "path": each.path,
        "state": "conflict" if each.conflict else "saved",
        "revision": each.revision,
        "value": each.value,
    }
    if each.conflict:
        told |= {"by": each.by, "at": each.at.isoformat() if each.at else None}
    return told


def _said_json(refused: Refused) -> JsonResponse:
    answer = {"code": refused.code, "ko": refused.ko, "en": refused.en, "said": said(refused.ko, refused.en)}
    return JsonResponse(answer, status=refused.status)


@require_POST
def attach(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand in the file of one opened document: of this request, or an upload that has come in."""
    actor = actor_of(request)
    item = SupplementItem.objects.select_related("supplement").filter(pk=pk).first()
    if item is None:
        raise NotFound
    application = _application(actor, item.supplement.application_id)
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
        return _page(request, actor, application, part=f"supplement-{item.supplement_id}", refused=refused)
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
    found = Supplement.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound
    application = _application(actor, found.application_id)
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
        return _page(
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
