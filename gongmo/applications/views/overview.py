"""Writing what the project is: title, summary, fields of support."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from gongmo.applications import commands
from gongmo.applications.views.base import desk, said, show
from gongmo.kernel.errors import NotFound, Refused

SAVED = ("저장했습니다.", "Saved.")


@require_http_methods(["GET", "POST"])
def overview(request: HttpRequest, pk: int) -> HttpResponse:
    """Title, summary and fields of support."""
    at = desk(request, pk)
    application = at.application
    if request.method == "GET":
        typed = {
            "title": application.title,
            "summary": application.summary,
            "fields": application.fields,
            "revision": application.revision,
        }
        return show(request, "applications/overview.html", at, {"typed": typed}, page="overview")
    revision = request.POST.get("revision", "")
    typed = {
        "title": request.POST.get("title", ""),
        "summary": request.POST.get("summary", ""),
        "fields": request.POST.getlist("fields"),
        "revision": application.revision,
    }
    try:
        commands.update_overview(
            actor=at.actor,
            application_id=pk,
            title=typed["title"],
            summary=typed["summary"],
            fields=typed["fields"],
            revision=int(revision) if revision.isdecimal() else None,
        )
    except NotFound:
        raise
    except Refused as refused:
        stale = application if refused.code == "application_stale" else None
        return show(
            request,
            "applications/overview.html",
            at,
            {"typed": typed, "stale": stale},
            page="overview",
            refused=refused,
        )
    messages.success(request, said(*SAVED))
    return redirect("applications:members" if request.POST.get("next") else "applications:overview", pk)
