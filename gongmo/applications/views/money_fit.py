"""The nearest lawful budget as a proposal, and accepting what was proposed cell by cell."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from gongmo.applications import commands, presentation_money, proposals
from gongmo.applications.commands.money import Key
from gongmo.applications.policies import may_edit
from gongmo.applications.proposals import Proposed
from gongmo.applications.queries import application_for
from gongmo.applications.queries.budget import Budget, budget_of
from gongmo.applications.states import ApplicationState
from gongmo.applications.views.base import actor_of, said
from gongmo.applications.views.money_files import SHOWN, required_parts
from gongmo.definition.application import Cell
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.rules import fit as nearest
from gongmo.rules.finding import Status

MOST_CELLS = 30_000
"""A larger budget is fitted on the command line (`gongmo fit`)."""
MOST_NAMED = 40
"""With more kept cells than this an impossible answer names the rules alone."""


@require_GET
def fit(request: HttpRequest, pk: int) -> HttpResponse:
    """The nearest budget that keeps every blocking rule, beside the present one.

    What stays as it is: `source` (several), `cell` (several, by path), everything outside `organisation`; `new=no` forbids new cells. A
    member's people let only their own organisation's cells move.
    """
    actor = actor_of(request)
    application = application_for(actor, pk)
    may_move = required_parts(actor, application)
    budget = budget_of(application)
    context = _frame(application, budget)
    chosen = _Chosen(request, budget, may_move)
    context |= {
        "chosen": chosen,
        "whole": may_edit(actor, application),
        "organisations": [(item.id, item.name) for item in budget.value.organisations if item.id in may_move],
        "failing": [
            f
            for f in presentation_money.verdict_of(
                budget.definition, budget.value, budget.table, budget.findings
            ).faults
            if f.finding.status is Status.FAIL
        ],
    }
    if application.state == ApplicationState.SUBMITTED:
        return render(request, "applications/money_fit.html", {**context, "locked": True})
    if len(budget.value.budget) > MOST_CELLS:
        return render(request, "applications/money_fit.html", {**context, "too_large": MOST_CELLS})
    try:
        found = nearest.fit(
            budget.definition,
            budget.value,
            keep=chosen.keep(budget),
            new_cells=chosen.allows,
            most_named=MOST_NAMED,
        )
    except BadInput as refused:
        return render(
            request, "applications/money_fit.html", {**context, "refused": refused}, status=refused.status
        )
    if isinstance(found, nearest.Impossible):
        context |= {
            "impossible": found,
            "named": presentation_money.cell_names(budget.definition, budget.value, found.keep),
        }
        return render(request, "applications/money_fit.html", context)
    groups = [(_proposed(change),) for change in found.changes]
    context |= {
        "keepable": True,
        "found": found,
        "changes": presentation_money.changes_of(budget.definition, budget.value, groups),
        "packed": proposals.packed(groups),
        "one_by_one": len(groups) <= SHOWN,
        "shown": SHOWN,
        "source": "fit",
        "rooms": presentation_money.rooms_of(budget.value, found.rooms),
    }
    return render(request, "applications/money_fit.html", context)


@require_POST
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the accepted part of a proposal. What others have changed since it was made is shown, and nothing is written."""
    actor = actor_of(request)
    required_parts(actor, application_for(actor, pk))
    groups = proposals.unpacked(request.POST.get("changes", ""))
    if request.POST.get("one_by_one"):
        taken = {
            int(text)
            for text in request.POST.getlist("take")
            if text.isascii() and text.isdecimal() and len(text) < 7
        }
        groups = [group for number, group in enumerate(groups) if number in taken]
    cells = [item for group in groups for item in group]
    if not cells:
        raise BadInput(
            "nothing_taken",
            "받아들일 칸을 하나 이상 골라 주세요. 아무것도 바꾸지 않았습니다.",
            "Choose at least one cell to accept. Nothing was changed.",
        )
    source = request.POST.get("source", "")
    try:
        commands.set_cells(
            actor=actor,
            application_id=pk,
            cells=[item.cell for item in cells],
            seen=[item.before for item in cells],
            what="사업비를 한도에 맞춤" if source == "fit" else "사업비를 파일에서 가져옴",
        )
    except NotFound:
        raise
    except Refused as refused:
        return _refused(request, pk, groups, refused, source)
    messages.success(
        request, said(f"{len(cells):,}칸을 바꾸었습니다.", f"{len(cells):,} cells were changed.")
    )
    return redirect(reverse("applications:money", args=[pk]))


def _refused(
    request: HttpRequest, pk: int, groups: list[list[Proposed]], refused: Refused, source: str
) -> HttpResponse:
    """The proposal again: where others have written meanwhile, their amount stands beside, and the row is not ticked."""
    application = application_for(actor_of(request), pk)
    budget = budget_of(application)
    notes: dict[int, dict[str, Any]] = {item["index"]: item for item in refused.details.get("cells", ())}
    again: list[list[Proposed]] = []
    doubtful: dict[int, str] = {}
    index = 0
    for number, group in enumerate(groups):
        fresh: list[Proposed] = []
        for item in group:
            note = notes.get(index)
            index += 1
            if note is None:
                fresh.append(item)
                continue
            doubtful[number] = said(note["ko"], note["en"])
            fresh.append(Proposed(item.key, note["now"], item.after) if "now" in note else item)
        again.append(fresh)
    context = _frame(application, budget) | {
        "refused": refused,
        "changes": presentation_money.changes_of(budget.definition, budget.value, again, notes=doubtful),
        "packed": proposals.packed(again),
        "one_by_one": len(again) <= SHOWN,
        "shown": SHOWN,
        "source": source if source == "fit" else "file",
    }
    return render(request, "applications/money_conflict.html", context, status=refused.status)


def _frame(application: Any, budget: Budget) -> dict[str, Any]:
    return {
        "application": application,
        "call": application.call,
        "definition": budget.definition,
        "total": sum(cell.amount for cell in budget.value.budget),
    }


def _proposed(change: nearest.Change) -> Proposed:
    cell = change.cell
    key = Key(
        int(cell.organisation),
        cell.year,
        cell.field,
        cell.category,
        cell.source,
        cell.form.value,
        cell.direct_support,
    )
    return Proposed(key, change.before, change.after)


class _Chosen:
    """What is to stay as it is."""

    def __init__(self, request: HttpRequest, budget: Budget, may_move: frozenset[str]) -> None:
        known = {source.id for source in budget.definition.budget.sources}
        self.sources = [name for name in request.GET.getlist("source") if name in known]
        asked = request.GET.get("organisation", "")
        self.organisation = asked if asked in may_move else ""
        self.moving = frozenset({self.organisation}) if self.organisation else may_move
        self.cells = request.GET.getlist("cell")[:MOST_NAMED]
        self.new = request.GET.get("new") != "no"

    @property
    def any(self) -> bool:
        """Whether anything was chosen."""
        return bool(self.sources or self.organisation or self.cells or not self.new)

    def keep(self, budget: Budget) -> frozenset[str]:
        """Keys of the cells that stay."""
        cells = set(self.cells)
        return frozenset(
            cell.key
            for cell in budget.value.budget
            if cell.organisation not in self.moving
            or cell.source in self.sources
            or (cells and presentation_money.path_of_key(cell.key) in cells)
        )

    def allows(self, cell: Cell) -> bool:
        """Whether a new cell may be proposed."""
        return self.new and cell.organisation in self.moving and cell.source not in self.sources
