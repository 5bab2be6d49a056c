"""A score sheet beside the papers: saved by itself field by field or by its form, locked on a page of its own."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongmo.applications.commands.autosave import SaveState
from gongmo.applications.fields.base import is_number
from gongmo.applications.sent import SIGNED_OUT, changes_in
from gongmo.calls.queries import definition_of
from gongmo.evaluation import commands, queries
from gongmo.evaluation.commands.sheets_fields import points_in
from gongmo.evaluation.commands.sheets_fields import told as told_value
from gongmo.evaluation.desk_page import gaps_of, papers_of, sheet_context, shown_name, veil_for
from gongmo.evaluation.models import NoteKind, ScoreSheet
from gongmo.evaluation.presentation import presentation_stage
from gongmo.evaluation.queries.desk import neighbours
from gongmo.evaluation.queries.desk_scores import locked_entry, own_scores, peers_of
from gongmo.evaluation.queries.notes import notes_at
from gongmo.evaluation.queries.visits import visit_of
from gongmo.evaluation.states import StageState
from gongmo.files.showing import serve
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.kernel.numbers import Kind, sent, token
from gongmo.parties.pages import actor_of, said
from gongmo.parties.recent import recent_sign_in_required

CONFIRM_MINUTES = 30
WORDS = ("확정", "lock")


@require_http_methods(["GET", "POST"])
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The score sheet beside the documents. Saving keeps everything; a refused save keeps what was typed."""
    actor = actor_of(request)
    found = queries.sheet_for(actor, pk)
    if request.method == "GET":
        return _sheet(request, actor, found)
    try:
        points = {
            name.removeprefix("points-"): _points(name, str(value))
            for name, value in request.POST.items()
            if name.startswith("points-")
        }
        comments = {
            name.removeprefix("comment-"): str(value).replace("\r\n", "\n")
            for name, value in request.POST.items()
            if name.startswith("comment-")
        }
        revision = request.POST.get("revision", "")
        commands.save_sheet(
            actor=actor,
            sheet_id=pk,
            points=points,
            comments=comments,
            overall_opinion=str(request.POST.get("overall_opinion", "")).replace("\r\n", "\n"),
            revision=int(revision) if is_number(revision) else -1,
        )
    except Refused as refused:
        if isinstance(refused, NotFound):
            raise
        return _sheet(request, actor, queries.sheet_for(actor, pk), refused, request.POST.dict())
    then = request.POST.get("then")
    if then == "lock":
        return redirect("evaluation:lock_sheet", pk)
    messages.success(request, said("저장했습니다.", "Saved."))
    following = neighbours(actor, found)[1] if then == "next" else None
    return redirect("evaluation:sheet", following or pk)


def _points(name: str, value: str) -> Decimal | None:
    try:
        return points_in(value)
    except BadInput as refused:
        criterion = name.removeprefix("points-")
        told = {"ko": refused.ko, "en": refused.en}
        raise BadInput(
            refused.code, refused.ko, refused.en, field=criterion, details={"fields": {criterion: told}}
        ) from None


def _sheet(
    request: HttpRequest,
    actor: Actor,
    found: ScoreSheet,
    refused: Refused | None = None,
    typed: Mapping[str, str] | None = None,
) -> HttpResponse:
    definition = definition_of(found.run.version)
    veil = veil_for(found)
    papers = papers_of(found, veil, request.GET.get("paper", ""))
    own = own_scores(actor, found.run_id)
    before, after, place, count = neighbours(actor, found)
    final_stage = presentation_stage(definition)
    visit = visit_of(found.application)
    context = sheet_context(found, veil, own)
    peers_shown, peers = peers_of(found)
    return render(
        request,
        "evaluation/desk_sheet.html",
        {
            **context,
            "papers": papers,
            "roles": {role.id: role.name for role in definition.consortium.roles},
            "before": before,
            "after": after,
            "place": place,
            "count": count,
            "notes": list(notes_at(found)),
            "note_names": {paper.document: paper.name for paper in papers.items if paper.document},
            "peers_shown": peers_shown,
            "peers": peers,
            "visit": visit,
            "may_want_visit": visit is None
            and final_stage is not None
            and found.run.stage == final_stage.id
            and any(not each.scored for each in definition.evaluation.stages),
            "field": refused.field if isinstance(refused, BadInput) else None,
            "wrong": (refused.details.get("fields", {}) if refused else {}),
            "refused": refused,
            "typed": typed or {},
            "person": actor.person,
            "entry": None if context["open"] else locked_entry(found),
            "desk_terms": definition.evaluation.desk,
        },
        status=200 if refused is None else refused.status,
    )


@require_http_methods(["GET", "POST"])
@recent_sign_in_required(CONFIRM_MINUTES)
def lock(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign and lock: what is missing, what follows, and the typed confirmation by somebody who signed in lately."""
    actor = actor_of(request)
    found = queries.sheet_for(actor, pk)
    refused: Refused | None = None
    if request.method == "POST":
        try:
            if request.POST.get("confirm", "").strip().lower() not in WORDS:
                raise BadInput(
                    "confirmation",
                    "확인 칸에 ‘확정’이라고 적어 주세요.",
                    "Type “lock” in the box.",
                    field="confirm",
                )
            seen = request.POST.get("revision", "")
            if seen != str(found.revision) and found.state == "open":
                raise Refused(
                    "stale_revision",
                    "확인하는 사이에 평가표가 바뀌었습니다. 아래 점수를 다시 확인하고 확정해 주세요.",
                    "The sheet has changed meanwhile. Look at the points below again, then lock it.",
                )
            commands.lock_sheet(actor=actor, sheet_id=pk)
        except NotFound:
            raise
        except Refused as caught:
            refused = caught
        else:
            messages.success(request, said("평가표를 확정했습니다.", "The sheet is locked."))
            _, after, _, _ = neighbours(actor, found)
            return (
                redirect("evaluation:sheet", pk)
                if after is None
                else redirect("evaluation:seat", found.seat_id)
            )
    elif found.state != "open" or found.run.state != StageState.OPEN:
        return redirect("evaluation:sheet", pk)
    context = sheet_context(found, veil_for(found), own_scores(actor, found.run_id))
    return render(
        request,
        "evaluation/desk_lock.html",
        {**context, "gaps": gaps_of(found), "refused": refused},
        status=200 if refused is None else refused.status,
    )


@require_POST
def save(request: HttpRequest, pk: int) -> HttpResponse:
    """Save fields: {"changes": [{"path", "value", "base", "tried"?}]} → {"at", "revision", "closed", "results"} as applications do (docs/writing.md)."""
    actor = actor_of(request)
    if actor.person is None:
        return _told(SIGNED_OUT, 403)
    try:
        try:
            outcome = commands.save_sheet_fields(
                actor=actor,
                sheet_id=pk,
                changes=changes_in(request.body if request.content_type == "application/json" else b""),
            )
        except BadInput:
            queries.sheet_for(actor, pk)  # Whoever may not know of it is not told what was wrong.
            raise
    except Refused as refused:
        return _told(refused)
    results: list[dict[str, Any]] = []
    for item in outcome.results:
        row: dict[str, Any] = {"path": item.path, "state": item.state.value}
        if item.state is not SaveState.REFUSED:
            row |= {"revision": item.revision, "value": item.value}
        if item.code:
            row |= {"code": item.code, "ko": item.ko, "en": item.en}
        if item.state is SaveState.CONFLICT:
            row |= {"by": "", "own": True, "at": item.at.isoformat() if item.at else None}
        results.append(row)
    return JsonResponse(
        {
            "at": clock.now().isoformat(),
            "revision": outcome.sheet.revision,
            "closed": False,
            "results": results,
        }
    )


@require_GET
def changes(request: HttpRequest, pk: int) -> HttpResponse:
    """What was saved in another window of the same person since revision `after`; `token` asks for a CSRF token."""
    actor = actor_of(request)
    if actor.person is None:
        return _told(SIGNED_OUT, 403)
    try:
        found = queries.sheet_for(actor, pk)
    except Refused as refused:
        return _told(refused)
    given = request.GET.get("after", "")
    after = int(given) if is_number(given) and len(given) < 10 else 0
    at = found.saved_at.isoformat() if found.saved_at else None
    fields = [("opinion", found.opinion_revision, found.overall_opinion)]
    for score in found.scores.all():
        fields.append((f"points:{score.criterion}", score.points_revision, told_value(score.points)))
        fields.append((f"comment:{score.criterion}", score.comment_revision, score.comment))
    state = found.state if found.run.state == StageState.OPEN else "locked"
    return JsonResponse(
        {
            "person": token(actor.person, Kind.PERSON),
            "revision": found.revision,
            "state": state,
            "closed": False,
            "at": clock.now().isoformat(),
            "complete": True,
            "changes": [
                {"path": path, "revision": revision, "value": value, "by": "", "own": True, "at": at}
                for path, revision, value in fields
                if revision > after
            ],
            "writing": [],
            **({"token": get_token(request)} if request.GET.get("token") else {}),
        }
    )


def _told(refused: Refused, status: int | None = None) -> JsonResponse:
    answer = {"code": refused.code, "ko": refused.ko, "en": refused.en, "said": said(refused.ko, refused.en)}
    return JsonResponse(answer, status=status or refused.status)


@require_GET
def scores(request: HttpRequest, run: int) -> HttpResponse:
    """The own points of a stage: order, spread by criterion, every sheet a link. Nobody else's."""
    found = own_scores(actor_of(request), run)
    evaluation = definition_of(found.run.version).evaluation
    stage = evaluation.stage(found.run.stage)
    return render(
        request,
        "evaluation/desk_scores.html",
        {
            "own": found,
            "call": found.run.call,
            "stage": stage,
            "criteria": evaluation.criteria_of(stage),
            "seat": found.sheets[0].sheet.seat_id,
            "columns": [{"label": label, "count": count} for label, count in found.tenths],
            "open_left": sum(each.sheet.state == "open" for each in found.sheets),
        },
    )


@require_GET
def document(request: HttpRequest, pk: int, document: int) -> HttpResponseBase:
    """A document of the application on an own sheet: as file, in the page, or as the PDF made of it (gongmo.files.showing)."""
    return _paper(request, pk, f"d{token(document, Kind.DOCUMENT)}")


@require_GET
def supplement(request: HttpRequest, pk: int, item: int) -> HttpResponseBase:
    """A document that an accepted supplement put in place of a submitted one, on an own sheet."""
    return _paper(request, pk, f"s{token(item, Kind.ITEM)}")


def _paper(request: HttpRequest, pk: int, key: str) -> HttpResponseBase:
    found = queries.sheet_for(actor_of(request), pk)
    veil = veil_for(found)
    papers = papers_of(found, veil, key)
    if papers.chosen is None or papers.chosen.key != key or papers.chosen.file is None:
        raise NotFound
    if veil is not None and request.GET.get("show") == "page":
        raise NotFound  # Its page tells what was found in the file, names and all; the desk shows it instead.
    return serve(request, papers.chosen.file, shown_name(papers.chosen, veil))


@require_POST
def add_note(request: HttpRequest, pk: int) -> HttpResponse:
    """Note something, or set a bookmark, at a page of a document. Nobody else reads it."""
    actor = actor_of(request)
    found = queries.sheet_for(actor, pk)
    place, page = request.POST.get("document", ""), request.POST.get("page", "")
    try:
        commands.note(
            actor=actor,
            sheet_id=pk,
            kind=NoteKind.BOOKMARK if request.POST.get("kind") == "bookmark" else NoteKind.NOTE,
            document_id=sent(place, Kind.DOCUMENT),
            page=int(page) if is_number(page) and len(page) < 8 else 0,
            text=request.POST.get("text", ""),
        )
    except NotFound:
        raise
    except Refused as refused:
        return _sheet(request, actor, found, refused, request.POST.dict())
    return redirect(f"{reverse('evaluation:sheet', args=[pk])}{_again(request)}#ev-notes")


@require_POST
def drop_note(request: HttpRequest, pk: int, note: int) -> HttpResponse:
    """Delete an own note."""
    commands.drop_note(actor=actor_of(request), sheet_id=pk, note_id=note)
    return redirect(f"{reverse('evaluation:sheet', args=[pk])}{_again(request)}#ev-notes")


def _again(request: HttpRequest) -> str:
    """Back to the paper that was open."""
    key = request.POST.get("paper", "")
    return f"?paper={key}" if key.isascii() and key.isalnum() and len(key) < 20 else ""


@require_POST
def want_visit(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that the committee finds a site visit necessary."""
    actor = actor_of(request)
    found = queries.sheet_for(actor, pk)
    try:
        commands.want_site_visit(
            actor=actor, application_id=found.application_id, reason=str(request.POST.get("reason", ""))
        )
    except Refused as refused:
        if isinstance(refused, NotFound):
            raise
        return _sheet(request, actor, found, refused, request.POST.dict())
    messages.success(request, said("현장평가가 필요하다고 기록했습니다.", "The site visit is asked for."))
    return redirect("evaluation:sheet", pk)
