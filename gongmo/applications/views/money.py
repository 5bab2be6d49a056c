"""Writing the budget."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from gongmo.applications import budget_form, commands, presentation
from gongmo.applications.policies import may_fill
from gongmo.applications.views.base import Desk, desk, said, show
from gongmo.kernel.errors import BadInput, NotFound, Refused

SAVED = ("저장했습니다.", "Saved.")


@require_http_methods(["GET", "POST"])
def money(request: HttpRequest, pk: int) -> HttpResponse:
    """The budget table. Rows that the actor may edit are inputs; what cannot be read stays as typed, with its fault.

    A large consortium's table is shown one organisation at a time (`?organisation=`).
    """
    at = desk(request, pk)
    table = _table(request, at)
    if request.method == "GET":
        return _money_page(request, at, table, _stored(at, table))
    rows = budget_form.typed_rows(request.POST, table.columns)
    if request.POST.get("more"):
        rows += budget_form.blank_rows(len(rows), budget_form.BLANK_ROWS, table.first, table.columns)
        return _money_page(request, at, table, rows)
    cells = budget_form.read_rows(rows, table.columns)
    if any(row.errors for row in rows):
        refused = BadInput(
            "cells_unreadable",
            "빨간 칸을 고쳐 주세요. 연도·분야·비목을 고르고, 금액은 0 이상의 정수(원)로 적어 주세요.",
            "Mend the marked cells: choose year, field and category, and write whole won from 0.",
            field="cells",
        )
        return _money_page(request, at, table, rows, refused)
    try:
        commands.set_cells(actor=at.actor, application_id=pk, cells=[cell for _, _, cell in cells])
    except NotFound:
        raise
    except Refused as refused:
        for item in refused.details.get("cells", ()):
            row, column, _ = cells[item["index"]]
            row.errors[budget_form.name_of(column)] = said(item["ko"], item["en"])
        return _money_page(request, at, table, rows, refused)
    messages.success(request, said(*SAVED))
    if request.POST.get("next"):
        return redirect("applications:statements", pk)
    one = f"?organisation={table.one}" if table.one else ""
    return redirect(reverse("applications:money", args=[pk]) + one)


@dataclass(frozen=True)
class _Table:
    """What of the budget is on the page: its columns, the organisations that may be edited, and the only one shown ("" for all)."""

    columns: list[presentation.Column]
    editable: list[tuple[str, str]]
    one: str
    first: str


def _table(request: HttpRequest, at: Desk) -> _Table:
    editable = [
        (str(member.organisation_id), member.organisation.name)
        for member in at.members
        if may_fill(at.actor, member)
    ]
    keys = [key for key, _ in editable]
    own = str(at.actor.organisation)
    first = own if own in keys else (keys[0] if keys else "")
    one = ""
    if len(at.value.budget) > budget_form.MOST_CELLS:
        asked = request.POST.get("organisation") or request.GET.get("organisation", "")
        one = first = asked if asked in keys else first
    return _Table(presentation.columns(at.definition, at.value.budget), editable, one, first)


def _stored(at: Desk, table: _Table) -> list[budget_form.FormRow]:
    keys = [table.one] if table.one else [key for key, _ in table.editable]
    cells = at.application.cells.filter(organisation__in=[int(key) for key in keys])
    rows = budget_form.stored_rows(cells.order_by("organisation", "year", "id"), table.columns)
    count = budget_form.BLANK_ROWS if at.writable and table.editable else 0
    return rows + budget_form.blank_rows(len(rows), count, table.first, table.columns)


def _money_page(
    request: HttpRequest,
    at: Desk,
    table: _Table,
    rows: list[budget_form.FormRow],
    refused: Refused | None = None,
) -> HttpResponse:
    definition, value = at.definition, at.value
    names = {organisation.id: organisation.name for organisation in value.organisations}
    by_organisation, totals = presentation.rows_by(definition, value.budget, names, "organisation")
    groups = presentation.grouped(definition, value, at.findings)
    context = {
        "columns": table.columns,
        "rows": rows,
        "names": names,
        "one": table.one,
        "editable": table.editable,
        "organisations": [item for item in table.editable if not table.one or item[0] == table.one],
        "years": [(str(year.year), f"{year.year}") for year in definition.budget.years],
        "fields": [(field.id, field.name) for field in definition.fields],
        "categories": [(category.id, category.name) for category in definition.budget.categories],
        "bars": presentation.bars(definition, value),
        "sources": presentation.source_parts(definition, value),
        "by_organisation": by_organisation,
        "totals": totals,
        "group": next((group for group in groups if group.id == "money"), None),
    }
    return show(request, "applications/money.html", at, context, page="money", refused=refused)
