"""Writing the budget, and the verdict on it after every change."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from gongmo.applications import budget_form, commands, presentation, presentation_money
from gongmo.applications.policies import may_fill
from gongmo.applications.queries import application_for
from gongmo.applications.queries.budget import Budget, budget_of, cell_revisions
from gongmo.applications.states import ApplicationState
from gongmo.applications.views.base import Desk, actor_of, desk, kept, said, show
from gongmo.applications.views.money_files import required_parts
from gongmo.definition.application import Cell
from gongmo.definition.base import Text
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.rules.money import check_money
from gongmo.rules.values import SumTable

SAVED = ("저장했습니다.", "Saved.")


@require_http_methods(["GET", "POST"])
def money(request: HttpRequest, pk: int) -> HttpResponse:
    """The budget table. Rows that the actor may edit are inputs; what cannot be read stays as typed, with its fault.

    A large consortium's table is shown one organisation at a time (`?organisation=`).
    """
    at = desk(request, pk)
    if request.method == "GET":
        return kept(request, at, "money", lambda: _stored_page(request, at))
    table = _table(request, at)
    required_parts(at.actor, at.application)
    rows = budget_form.typed_rows(request.POST, table.columns)
    if request.POST.get("more"):
        rows += budget_form.blank_rows(len(rows), budget_form.BLANK_ROWS, table.first, table.columns)
        return _money_page(request, at, table, rows)
    typed = budget_form.read_rows(rows, table.columns)
    if any(row.errors for row in rows):
        count = sum(len(row.errors) for row in rows)
        refused = BadInput(
            "cells_unreadable",
            f"고칠 곳이 {count:,}군데 있어 아직 저장하지 않았습니다. 표시한 칸을 고치고 다시 저장해 주세요.",
            f"{count:,} places need mending, so nothing has been saved yet. Mend the marked cells and save again.",
            field="cells",
        )
        return _money_page(request, at, table, rows, refused)
    try:
        commands.set_cells(
            actor=at.actor,
            application_id=pk,
            cells=[item.cell for item in typed],
            seen=[item.seen for item in typed],
        )
    except NotFound:
        raise
    except Refused as refused:
        _mark(typed, refused)
        return _money_page(request, at, table, rows, refused)
    messages.success(request, said(*SAVED))
    if request.POST.get("next"):
        return redirect("applications:statements", pk)
    one = f"?organisation={table.one}" if table.one else ""
    return redirect(reverse("applications:money", args=[pk]) + one)


def _mark(typed: list[budget_form.Typed], refused: Refused) -> None:
    """Note what the command refused at the cells; having been told, the writer has seen what others wrote."""
    for item in refused.details.get("cells", ()):
        at_fault = typed[item["index"]]
        at_fault.row.errors[at_fault.column] = Text(ko=item["ko"], en=item["en"])
        if "now" in item:
            at_fault.row.seen[at_fault.column] = item["now"]


@require_GET
def verdict(request: HttpRequest, pk: int) -> HttpResponse:
    """The verdict on the stored money as JSON: pieces of the page in `bars` and `findings`, and where every fault stands.

    Few queries whatever the size, no check of anything but money: pages ask for it after every saved change.
    """
    actor = actor_of(request)
    if actor.person is None:
        raise NotFound
    application = application_for(actor, pk)
    budget = budget_of(application)
    definition, value = budget.definition, budget.value
    one = request.GET.get("organisation", "")
    found = presentation_money.verdict_of(definition, value, budget.table, budget.findings, one=one)
    context = {
        "verdict": found,
        "application": application,
        "call": application.call,
        "clauses": {clause.id: clause.text for clause in definition.clauses},
        "may_fit": application.state != ApplicationState.SUBMITTED,
    }
    return JsonResponse(
        {
            "revision": application.revision,
            "title": said(*title_of(found)),
            "bars": render_to_string("applications/_money_bars.html", context, request),
            "findings": render_to_string("applications/_money_findings.html", context, request),
            "faults": [
                {
                    "cells": fault.cells,
                    "columns": fault.columns,
                    "organisation": fault.organisation,
                    "text": said(fault.short.ko, fault.short.en),
                    "href": fault.href,
                }
                for fault in found.faults
            ],
            "totals": {
                name: f"{sum(groups.values()):,}" for name, groups in budget.table.by_organisation.items()
            },
            "columns": {
                name: f"{amount:,}" for name, amount in presentation_money.column_sums(budget.table).items()
            },
            "total": f"{found.total:,}",
        }
    )


def title_of(found: presentation_money.Verdict) -> tuple[str, str]:
    """The page's question or its answer."""
    if not found.total:
        return ("돈을 어떻게 마련하고 씁니까", "Where does the money come from and go")
    if found.blocking:
        return (
            f"사업비에서 고칠 것이 {found.blocking:,}가지 있습니다",
            f"{found.blocking:,} things in the budget need mending",
        )
    return ("사업비가 모든 한도 안에 있습니다", "The budget is within every limit")


@dataclass(frozen=True)
class Table:
    """What of the budget is on the page: its columns, the organisations that may be edited and that are shown, the only one shown
    ("" for all), whose new rows are first, and the revisions of the cells that may be edited, by path.
    """

    columns: list[presentation.Column]
    editable: list[tuple[str, str]]
    shown: dict[str, tuple[str, Text | None]]
    one: str
    first: str
    revisions: dict[str, int]


def _budget(at: Desk) -> Budget:
    """The money judged, worked out once while nothing changes."""

    def judged() -> Budget:
        table = SumTable.of(at.value)
        return Budget(at.definition, at.value, table, check_money(at.definition, at.value, table=table))

    return at.once("money", judged)


def _cells(at: Desk) -> dict[str, list[Cell]]:
    def sorted_out() -> dict[str, list[Cell]]:
        found: dict[str, list[Cell]] = {}
        for cell in at.value.budget:
            found.setdefault(cell.organisation, []).append(cell)
        return found

    return at.once("money_cells", sorted_out)


def _table(request: HttpRequest, at: Desk) -> Table:
    roles = {role.id: role.name for role in at.definition.consortium.roles}
    everyone = {
        organisation.id: (organisation.name, roles.get(organisation.role))
        for organisation in at.value.organisations
    }
    editable = [
        (str(member.organisation_id), member.organisation.name)
        for member in at.members
        if at.writable and may_fill(at.actor, member)
    ]
    keys = [key for key, _ in editable]
    own = str(at.actor.organisation)
    first = own if own in everyone else next(iter(keys or everyone), "")
    one, shown = "", everyone
    blank = budget_form.BLANK_ROWS * len(at.definition.budget.sources)
    if len(at.value.budget) > budget_form.MOST_CELLS or len(everyone) * blank > budget_form.MOST_CELLS:
        asked = request.POST.get("organisation") or request.GET.get("organisation", "")
        one = first = asked if asked in everyone else first
        shown = {one: everyone[one]} if one else {}
        editable = [item for item in editable if item[0] == one]
    elif first not in keys:
        first = keys[0] if keys else ""
    revisions = cell_revisions(at.application, [int(key) for key, _ in editable]) if editable else {}
    return Table(presentation.columns(at.definition, at.value.budget), editable, shown, one, first, revisions)


def _stored(at: Desk, table: Table) -> list[budget_form.FormRow]:
    cells = [cell for key in table.shown for cell in _cells(at).get(key, ())]
    rows = budget_form.stored_rows(cells, table.columns, table.revisions)
    count = budget_form.BLANK_ROWS if table.editable else 0
    return rows + budget_form.blank_rows(len(rows), count, table.first, table.columns)


def _stored_page(request: HttpRequest, at: Desk) -> HttpResponse:
    table = _table(request, at)
    return _money_page(request, at, table, _stored(at, table))


def _money_page(
    request: HttpRequest,
    at: Desk,
    table: Table,
    rows: list[budget_form.FormRow],
    refused: Refused | None = None,
) -> HttpResponse:
    definition, value = at.definition, at.value
    budget = _budget(at)
    found = presentation_money.verdict_of(definition, value, budget.table, budget.findings, one=table.one)
    stored = [row for row in rows if row.stored]
    on_page = {row.path(column) for row in stored for column in table.columns} if table.revisions else set()
    writable = [key for key, _ in table.editable]
    context: dict[str, Any] = {
        "question": said(*title_of(found)),
        "verdict": found,
        "by_cell": found.by_cell,
        "by_column": found.by_column,
        "may_fit": bool(writable),
        "columns": table.columns,
        "rows": rows,
        "blocks": presentation_money.blocks(stored, table.shown, writable),
        "new_rows": [row for row in rows if not row.stored],
        "template_row": budget_form.blank_rows(-1, 1, table.first, table.columns)[0],
        "editable": table.editable,
        "everyone": [(item.id, item.name) for item in value.organisations],
        "one": table.one,
        "years": [(str(year.year), f"{year.year}") for year in definition.budget.years],
        "fields": [(field.id, field.name) for field in definition.fields],
        "categories": [(category.id, category.name) for category in definition.budget.categories],
        "words": _words(at),
        # Cells that were written and emptied: a new row on the same place begins from their revisions.
        "emptied": {path: number for path, number in table.revisions.items() if path not in on_page},
        "sums": presentation_money.sums_of(
            at.once("money_rows", lambda: presentation_money.all_rows(definition, value, budget.table)),
            found.faults,
            query=request.GET.get("q", ""),
            page=request.GET.get("page", "1"),
        ),
    }
    return show(request, "applications/money.html", at, context, page="money", refused=refused)


def _words(at: Desk) -> dict[str, Text]:
    """Names of fields and categories by "field:<id>" and "category:<id>"."""
    definition = at.definition
    return {f"field:{item.id}": item.name for item in definition.fields} | {
        f"category:{item.id}": item.name for item in definition.budget.categories
    }
