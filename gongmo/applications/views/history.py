"""What changed when, and going back."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from gongmo.applications import commands, history, queries
from gongmo.applications.models import FieldChange
from gongmo.applications.policies import may_edit
from gongmo.applications.queries.journal import journal_of, kpi_names
from gongmo.applications.views.base import actor_of, desk, said, show
from gongmo.kernel.errors import NotFound, Refused

LINES = 40
VERSIONS = 20


@require_GET
def versions(request: HttpRequest, pk: int) -> HttpResponse:
    """The journal by person and time, and the kept versions; `?version=` tells how one differs from what stands now."""
    at = desk(request, pk)
    application = at.application
    pages = Paginator(journal_of(at.actor, application, at.own), LINES)
    page = pages.get_page(request.GET.get("page"))
    changes: list[FieldChange] = list(page.object_list)
    kept = list(queries.versions_of(application)[:VERSIONS])
    asked = request.GET.get("version", "")
    chosen = queries.version_with_content(application, int(asked)) if _number(asked) else None
    return show(
        request,
        "applications/versions.html",
        at,
        {
            "sittings": history.sittings(at.definition, at.members, kpi_names(application), changes),
            "pages": page,
            "versions": kept,
            "chosen": chosen,
            "differences": queries.differences_from(at.definition, chosen, at.value, application.summary)
            if chosen is not None
            else [],
            "may_restore": may_edit(at.actor, application) and at.writable,
        },
    )


def _number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10


@require_POST
def restore(request: HttpRequest, pk: int, revision: int) -> HttpResponse:
    """Go back to a kept version."""
    try:
        commands.restore_version(actor=actor_of(request), application_id=pk, revision=revision)
    except NotFound:
        raise
    except Refused as refused:
        messages.error(request, said(refused.ko, refused.en))
        return redirect("applications:versions", pk)
    messages.success(
        request,
        said(
            "되돌렸습니다. 되돌리기 전의 내용도 저장 이력에 남아 있습니다.",
            "Restored. What stood before is kept in the history too.",
        ),
    )
    return redirect("applications:versions", pk)


@require_POST
def restore_field(request: HttpRequest, pk: int, change: int) -> HttpResponse:
    """Bring back what one field held before a change."""
    try:
        commands.restore_field(actor=actor_of(request), application_id=pk, change_id=change)
    except NotFound:
        raise
    except Refused as refused:
        messages.error(request, said(refused.ko, refused.en))
    else:
        messages.success(
            request,
            said(
                "그 칸을 되돌렸습니다. 방금까지의 내용도 이력에 남아 있습니다.",
                "That field is restored; what it held until now stays in the history.",
            ),
        )
    return redirect("applications:versions", pk)
