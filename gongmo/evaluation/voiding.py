"""Voiding score sheets: what a disqualification, an exclusion or a member who leaves does to sheets that are live."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Exists, OuterRef, Q

from gongmo.evaluation.models import Ranking, ScoreSheet, StageRun, VoidKind
from gongmo.evaluation.states import ObjectionState, SheetState, sheets_table

Told = tuple[str, Mapping[str, Any]]
"""An act and its payload, to be appended to the ledger once every row is locked."""


def void(sheets: Iterable[ScoreSheet], kind: VoidKind, reason: str) -> Told | None:
    """Void live sheets (locked rows); returns what the ledger is to be told once all rows are locked, None for no sheet."""
    done: list[dict[str, object]] = []
    for sheet in sheets:
        if sheet.state == SheetState.VOID:
            continue
        was = sheet.state
        sheet.state = sheets_table.require(SheetState(sheet.state), SheetState.VOID)
        sheet.void_kind = kind
        sheet.void_reason = reason[:300]
        sheet.save(update_fields=["state", "void_kind", "void_reason"])
        done.append({"sheet": sheet.pk, "application": sheet.application_id, "was": was})
    if not done:
        return None
    return "evaluation.void_sheets", {"kind": kind.value, "reason": reason[:300], "sheets": done}


def live_sheets(**narrowed: object) -> list[ScoreSheet]:
    """Sheets that are open or locked, narrowed by fields, locked until the transaction ends, in the order of their ids.

    Sheets of a stage from which a ranking was fixed are not among them: they are the ground of what was decided.
    """
    return list(
        ScoreSheet.objects.select_for_update(of=("self",))
        .filter(**narrowed)
        .exclude(state=SheetState.VOID)
        .exclude(run__in=StageRun.objects.filter(ranked()))
        .order_by("pk")
    )


def ranked() -> Q:
    """A filter on stages: those from which a ranking was fixed."""
    first = Q(Exists(Ranking.objects.filter(call=OuterRef("call"))), objection=None)
    return first | Q(objection__state=ObjectionState.RESCORED)


def counts_in(ranking: Ranking) -> Q:
    """A filter on sheets: those of stages that were over when this version of the ranking was fixed."""
    return Q(run__objection=None) | Q(run__objection__ranking__number__lt=ranking.number)
