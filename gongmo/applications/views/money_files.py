"""The budget as a spreadsheet file: out, and back in through a preview."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from gongmo.applications import budget_file, budget_reader, presentation_money, proposals
from gongmo.applications.models import Application
from gongmo.applications.policies import may_fill
from gongmo.applications.queries import application_for, present_members
from gongmo.applications.queries.budget import Budget, budget_of, submitted_budget
from gongmo.applications.states import ApplicationState
from gongmo.applications.views.base import actor_of
from gongmo.files.names import safe_name
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor, Role
from gongmo.kernel.errors import BadInput, NotAllowed

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = 300
"""Rows that are shown one by one; a longer file is accepted as a whole."""


@require_GET
def export(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The budget as XLSX or CSV. A member's people get their own organisation's rows, everybody else who may see it all."""
    actor = actor_of(request)
    application = application_for(actor, pk)
    budget = submitted_budget(application) if _submitted(application) else budget_of(application)
    only = None
    if actor.role is Role.APPLICANT and actor.organisation != application.lead_id:
        only = frozenset({str(actor.organisation)})
    if form == "csv":
        content, kind = budget_file.to_csv(budget.definition, budget.value, only), "text/csv; charset=utf-8"
    else:
        content = budget_file.to_xlsx(budget.definition, budget.value, budget.findings, only)
        kind = XLSX
    stamp = clock.now().astimezone(clock.SEOUL)
    response = HttpResponse(content, content_type=kind)
    name = safe_name(f"{application.title[:60]} 사업비 {stamp:%Y-%m-%d %H%M}.{form}")
    response.headers["Content-Disposition"] = _disposition(name)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "POST"])
def bring_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Upload a file and see row by row what it would change. Nothing is written here."""
    actor = actor_of(request)
    application = application_for(actor, pk)
    parts = required_parts(actor, application)
    budget = budget_of(application)
    context = {
        "application": application,
        "call": application.call,
        "writable": not _submitted(application),
        "most_mb": budget_reader.MOST_BYTES // 1024**2,
        "most_rows": budget_reader.MOST_ROWS,
    }
    if request.method == "GET" or _submitted(application):
        return render(request, "applications/money_import.html", context)
    try:
        reading = _read(request, parts, budget)
    except BadInput as refused:
        return render(
            request, "applications/money_import.html", {**context, "refused": refused}, status=refused.status
        )
    groups = [row.changes for row in reading.rows]
    context |= {
        "reading": reading,
        "changes": presentation_money.changes_of(
            budget.definition, budget.value, groups, [f"{row.number:,}" for row in reading.rows]
        ),
        "packed": proposals.packed(groups),
        "one_by_one": len(groups) <= SHOWN,
        "shown": SHOWN,
        "source": "file",
        "total": sum(cell.amount for cell in budget.value.budget),
    }
    return render(request, "applications/money_import.html", context)


def _read(request: HttpRequest, parts: frozenset[str], budget: Budget) -> budget_reader.Reading:
    upload = request.FILES.get("file")
    if upload is None or not upload.size:
        raise BadInput(
            "file_missing",
            "올릴 파일을 골라 주세요. 빈 파일은 읽을 수 없습니다.",
            "Choose a file to upload; an empty one cannot be read.",
            field="file",
        )
    if upload.size > budget_reader.MOST_BYTES:
        limit = budget_reader.MOST_BYTES // 1024**2
        raise BadInput(
            "file_too_large",
            f"{limit} MB까지 올릴 수 있습니다. 사업비 표만 남겨 다시 저장해 주세요.",
            f"At most {limit} MB. Keep only the budget table and save it again.",
            field="file",
        )
    return budget_reader.read(upload.name or "", upload.read(), budget.definition, budget.value, parts)


def required_parts(actor: Actor, application: Application) -> frozenset[str]:
    """The organisations whose money the actor may write, by reference. Raises NotAllowed where there are none."""
    members = present_members(application)
    found: set[str] = set()
    for member in members:
        member.application = application
        if may_fill(actor, member):
            found.add(str(member.organisation_id))
    if not found:
        raise NotAllowed(may_fill.name, may_fill.ko, may_fill.en)
    return frozenset(found)


def _submitted(application: Application) -> bool:
    return application.state == ApplicationState.SUBMITTED


def _disposition(name: str) -> str:
    from django.utils.http import content_disposition_header

    return content_disposition_header(True, name) or "attachment"
