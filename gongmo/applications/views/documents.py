"""Handing in documents."""

from typing import BinaryIO, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from gongmo.applications import commands, presentation
from gongmo.applications.models import ApplicationDocument
from gongmo.applications.policies import may_edit, may_fill
from gongmo.applications.views.base import Desk, actor_of, desk, said, show
from gongmo.kernel.errors import BadInput, NotFound, Refused


@require_http_methods(["GET"])
def documents(request: HttpRequest, pk: int) -> HttpResponse:
    """Every due document: what is there, what is missing, and where to hand it in."""
    return _documents_page(request, desk(request, pk))


@require_POST
def attach(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand in one document."""
    actor = actor_of(request)
    kind, member = request.POST.get("kind", ""), request.POST.get("member", "")
    upload = request.FILES.get("file")
    place = f"{kind}-{member or 'all'}"
    try:
        if upload is None:
            raise BadInput(
                "file_missing", "올릴 파일을 골라 주세요.", "Choose the file to hand in.", field="file"
            )
        commands.attach(
            actor=actor,
            application_id=pk,
            kind=kind,
            name=upload.name or kind,
            stream=cast(BinaryIO, upload),
            member_id=int(member) if member.isdecimal() else None,
        )
    except NotFound:
        raise
    except Refused as refused:
        return _documents_page(request, desk(request, pk), refused, place)
    messages.success(request, said("문서를 올렸습니다.", "The document is in."))
    return redirect(reverse("applications:documents", args=[pk]) + f"#{place}")


@require_POST
def detach(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a document down."""
    try:
        document = commands.detach(actor=actor_of(request), document_id=pk)
    except NotFound:
        raise
    except Refused as refused:
        found = ApplicationDocument.objects.get(pk=pk)
        return _documents_page(request, desk(request, found.application_id), refused)
    messages.success(
        request,
        said(
            f"‘{document.name}’을(를) 내렸습니다. 기록에는 남아 있습니다.",
            f"“{document.name}” is taken down; the record keeps it.",
        ),
    )
    return redirect("applications:documents", document.application_id)


def _documents_page(
    request: HttpRequest, at: Desk, refused: Refused | None = None, place: str = ""
) -> HttpResponse:
    given = ApplicationDocument.objects.filter(application=at.application, removed_at__isnull=True)
    rows = presentation.document_rows(at.definition, at.value, at.members, given.select_related("file"))
    lead = may_edit(at.actor, at.application)
    context = {
        "rows": [(row, lead if row.member is None else may_fill(at.actor, row.member)) for row in rows],
        "missing": sum(1 for row in rows if row.document is None),
        "place": place,
    }
    return show(request, "applications/documents.html", at, context, page="documents", refused=refused)
