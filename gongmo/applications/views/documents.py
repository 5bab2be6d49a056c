"""Handing in documents: the list of what is due, uploads, taking down and bringing back, and the files themselves."""

import json
from collections.abc import Mapping
from typing import Any, BinaryIO, Protocol, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongmo.applications import commands
from gongmo.applications import presentation_documents as shown
from gongmo.applications.commands.documents import UPLOAD_PURPOSE
from gongmo.applications.models import ApplicationDocument, Origin
from gongmo.applications.paperwork import Key, Paperwork
from gongmo.applications.presentation_documents import Filter
from gongmo.applications.queries.arrivals import channel_states
from gongmo.applications.queries.documents import (
    Row,
    changes_of,
    document_for,
    found_in_files,
    removed_documents,
    rows_of,
    to_sign,
)
from gongmo.applications.queries.whose import application_of_document
from gongmo.applications.views.base import Desk, actor_of, desk, kept, said, show
from gongmo.files.commands import limit_of
from gongmo.files.queries import Inspected, inspections
from gongmo.files.showing import serve
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotFound, Refused


@require_http_methods(["GET"])
def documents(request: HttpRequest, pk: int) -> HttpResponse:
    """Every due document: how it stands, what is missing, and where to hand it in or sign it."""
    at = desk(request, pk)
    return kept(request, at, "documents", lambda: _page(request, at), found_in_files(at.application))


@require_POST
def attach(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand in one document: a file of this request, or an upload that has come in. Scripts are answered in JSON."""
    actor = actor_of(request)
    place = kind = member = ""
    try:
        kind, member = _target(request.POST)
        place = f"{kind}-{member or 'all'}"
        file = request.FILES.get("file")
        commands.attach(
            actor=actor,
            application_id=pk,
            kind=kind,
            name=(file.name or kind) if file is not None else "",
            stream=cast(BinaryIO, file) if file is not None else None,
            upload=request.POST.get("upload", ""),
            member_id=int(member) if member.isdecimal() else None,
            code=request.POST.get("code", ""),
        )
    except NotFound:
        raise
    except Refused as refused:
        if _wants_json(request):
            answer = {"code": refused.code, "message": said(refused.ko, refused.en)}
            return JsonResponse(answer, status=refused.status)
        if "code" in request.POST:
            from gongmo.applications.views.papers import refused_seal

            return refused_seal(request, pk, kind, member, refused)
        return _page(request, desk(request, pk), refused, place)
    to = reverse("applications:documents", args=[pk]) + f"#{place}"
    words = said("문서를 올렸습니다.", "The document is in.")
    if _wants_json(request):
        return JsonResponse({"message": words, "redirect": to})
    messages.success(request, words)
    return redirect(to)


@require_POST
def detach(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a document down."""
    return _change(
        request,
        pk,
        commands.detach,
        (
            "파일을 내렸습니다. 목록에서 되살릴 수 있습니다.",
            "is taken down. You can bring it back in the list.",
        ),
    )


@require_POST
def reinstate(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring a document back that was taken down or replaced."""
    return _change(request, pk, commands.reinstate, ("파일을 되살렸습니다.", "is back."))


class _Act(Protocol):
    def __call__(self, *, actor: Actor, document_id: int) -> ApplicationDocument: ...


def _change(request: HttpRequest, pk: int, act: _Act, done: tuple[str, str]) -> HttpResponse:
    """Act on a document and go back to its place in the list; a refusal is told on the list."""
    try:
        document = act(actor=actor_of(request), document_id=pk)
    except NotFound:
        raise
    except Refused as refused:
        return _page(request, desk(request, application_of_document(pk)), refused)
    messages.success(request, said(f"‘{document.name}’ {done[0]}", f"“{document.name}” {done[1]}"))
    return redirect(
        reverse("applications:documents", args=[document.application_id])
        + f"#{document.kind}-{document.member_id or 'all'}"
    )


@require_GET
def document(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A handed-in document's file, for whoever may see the application's content, and the own organisation's for everyone in it."""
    found = document_for(actor_of(request), pk)
    return serve(request, found.file, found.name)


def inspected(rows: list[Row]) -> dict[Key, Inspected]:
    """What was found in the uploaded files of some rows; what Gongmo wrote itself needs no look. One statement."""
    files = {
        row.slot.key: row.document.file_id
        for row in rows
        if row.document is not None and row.document.origin != Origin.SIGNED
    }
    found = inspections(files.values()) if files else {}
    return {key: found[sha256] for key, sha256 in files.items() if sha256 in found}


def paperwork(at: Desk) -> Paperwork:
    """The application's papers for a page that has read it; kept while nothing changes."""
    return at.once("paperwork", lambda: Paperwork(at.application, at.definition, at.members, at.value))


def every_row(at: Desk) -> list[Row]:
    """Every due document with its state, whoever looks; kept while nothing changes."""
    return at.once("document_rows", lambda: rows_of(paperwork(at), frozen=not at.writable))


def _page(request: HttpRequest, at: Desk, refused: Refused | None = None, place: str = "") -> HttpResponse:
    work = paperwork(at)
    every = every_row(at)
    chosen = Filter(
        request.GET.get("show", ""), request.GET.get("kind", ""), request.GET.get("q", "").strip()
    )
    rows = [row for row in every if chosen.takes(row, at.own)]
    if place:
        # What was refused stands on the page that answers, wherever the list would have it.
        rows = [row for row in every if _place(row) == place] or rows
    pages = max(1, -(-len(rows) // shown.PER_PAGE))
    asked = request.GET.get("page", "1")
    page = min(pages, max(1, int(asked))) if asked.isdecimal() and len(asked) < 6 else 1
    part = rows[(page - 1) * shown.PER_PAGE : page * shown.PER_PAGE]
    may = {row.slot.key: shown.may_hand_in(at.actor, work, row.slot) for row in part}
    gone = removed_documents(
        at.application, [row.slot.key for row in part if row.document is None and may[row.slot.key]]
    )
    signer = shown.signing_member(at.actor, at.own)
    looked = inspected(part)
    kept = {"show": chosen.show, "kind": chosen.kind, "q": chosen.text}
    context = {
        "rows": [
            {
                "row": row,
                "id": _place(row),
                "may": may[row.slot.key] and at.writable,
                "gone": gone.get(row.slot.key),
                "found": looked.get(row.slot.key),
                "shown": shown.state_of(row, looked.get(row.slot.key)),
                "why": shown.why_due(at.definition, at.value, row.slot),
                "sign": signer is not None and row.open and any(m.pk == signer.pk for m in row.waiting),
            }
            for row in part
        ],
        "changes": changes_of(work, part),
        "left": sum(1 for row in every if row.open),
        "total": len(every),
        "counts": shown.counts(every),
        "filters": _filters(every, at, kept),
        "chosen": chosen,
        "query": urlencode({name: value for name, value in kept.items() if value}),
        "page": page,
        "pages": pages,
        "found": len(rows),
        "place": place,
        "mine_to_sign": len(to_sign(work, signer, every)) if signer is not None and at.writable else 0,
        "places": shown.places(at.actor, work, every) if at.writable else [],
        "not_due": shown.not_due(at.definition, at.value, work.slots.values()),
        "purpose": UPLOAD_PURPOSE,
        "limit": limit_of(),
        "channel_states": channel_states(at.definition, at.value.arrivals),
    }
    return show(request, "applications/documents.html", at, context, page="documents", refused=refused)


def _filters(rows: list[Row], at: Desk, kept: dict[str, str]) -> list[dict[str, Any]]:
    found = []
    for name, words, count in shown.tabs(rows, at.own):
        asked = {key: value for key, value in {**kept, "show": name}.items() if value}
        found.append(
            {
                "label": words,
                "url": "?" + urlencode(asked),
                "current": kept["show"] == name,
                "count": count,
            }
        )
    return found


def _place(row: Row) -> str:
    kind, member = row.slot.key
    return f"{kind}-{member or 'all'}"


def _target(posted: Mapping[str, str]) -> tuple[str, str]:
    """Where a file goes: kind and member, or both in the drop zone's choice (`row`)."""
    kind, member = posted.get("kind", ""), posted.get("member", "")
    if kind or not posted.get("row"):
        return kind, member
    try:
        chosen = json.loads(posted["row"])
        kind, member = str(chosen["kind"]), str(chosen.get("member") or "")
        (kind + member).encode()  # Half a letter (ValueError) can be neither stored nor shown.
        return kind, member
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BadInput(
            "document_kind_unknown",
            "어느 서류에 넣을지 골라 주세요.",
            "Choose which document this is.",
            field="row",
        ) from error


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")
