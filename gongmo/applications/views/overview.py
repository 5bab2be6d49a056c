"""Writing what the project is: title, summary, fields of support, the call's own questions, indicators."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from gongmo.applications import commands, overview_form
from gongmo.applications.overview_form import OverviewForm
from gongmo.applications.queries.content import content_for_reading
from gongmo.applications.queries.regions import eligible_regions
from gongmo.applications.queries.revisions import revisions_of
from gongmo.applications.views.base import Desk, desk, kept, said, show
from gongmo.kernel.errors import NotFound, Refused

SAVED = ("저장했습니다.", "Saved.")
KINDS = ("title", "region", "summary", "fields", "answer", "kpi")


@require_http_methods(["GET", "POST"])
def overview(request: HttpRequest, pk: int) -> HttpResponse:
    """The overview. It saves by itself; sent by a button it is saved with the same command, and a version is kept."""
    at = desk(request, pk)
    if request.method == "GET":
        return kept(request, at, "overview", lambda: _page(request, at, _form(at)))
    form = _form(at)
    changes = overview_form.sent(form, request.POST.dict(), request.POST.getlist("fields"))
    wish = request.POST.get("do", "")
    try:
        outcome = commands.save_fields(actor=at.actor, application_id=pk, changes=changes, by_hand=True)
        further = _asked_for(wish)
        if further is not None:
            further(at, wish)
    except NotFound:
        raise
    except Refused as refused:
        return _page(request, at, form, refused)
    if overview_form.noted(form, outcome.results):
        unusable = any(row.refused for row in form.rows.values())
        return _page(request, at, form, status=422 if unusable else 409)
    if wish == "next":
        messages.success(request, said(*SAVED))
        return redirect("applications:members", pk)
    if _asked_for(wish) is None:
        messages.success(request, said(*SAVED))
        return redirect("applications:overview", pk)
    return redirect(reverse("applications:overview", args=[pk]) + "#kpis")


def _asked_for(wish: str) -> Callable[[Desk, str], None] | None:
    return _add if wish == "add_kpi" else _remove if wish.startswith("remove_kpi:") else None


def _add(at: Desk, wish: str) -> None:
    commands.add_kpi(actor=at.actor, application_id=at.application.pk)


def _remove(at: Desk, wish: str) -> None:
    number = wish.partition(":")[2]
    if number.isdecimal() and len(number) < 18:
        commands.remove_kpi(actor=at.actor, application_id=at.application.pk, kpi_id=int(number))


def _form(at: Desk) -> OverviewForm:
    application = at.application
    asks = at.definition.form
    kpis = application.kpis.all() if asks is not None and asks.kpis is not None else ()
    return overview_form.form_of(
        at.definition, at.value, application.summary, kpis, revisions_of(application, *KINDS)
    )


def _page(
    request: HttpRequest, at: Desk, form: OverviewForm, refused: Refused | None = None, status: int = 200
) -> HttpResponse:
    criteria = {
        criterion.id: criterion for group in at.definition.evaluation.criteria for criterion in group.criteria
    }
    context = {
        "form": form,
        "criteria": criteria,
        "regions": eligible_regions(at.definition, at.application.region_id) if "region" in form.rows else [],
        "left": [obstacle for obstacle in at.obstacles if obstacle.group == "overview"],
        "looked_at": [row for row in form.rows.values() if row.refused or row.conflict],
        "names": _names(form),
        "content": content_for_reading(at.definition, at.value, at.application.summary),
    }
    return show(
        request, "applications/overview.html", at, context, page="overview", refused=refused, status=status
    )


def _names(form: OverviewForm) -> dict[str, object]:
    """The fields' names for the summary of what needs a look."""
    return {
        f"answer:{place}": item.name
        for _, questions in form.sections
        for item in questions
        for place in item.places
    }
