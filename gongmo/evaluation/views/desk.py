"""The evaluator's desk: answer the invitation, declare conflicts, and what is mine to score. Nothing of anybody else's."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from gongmo.calls.queries import definition_of
from gongmo.evaluation import commands, queries
from gongmo.evaluation.queries.desk import DeskSheet
from gongmo.evaluation.queries.desk_scores import titles_of
from gongmo.evaluation.queries.presentation import days_of_seat
from gongmo.evaluation.states import SeatState, StageState, seats_table, sheets_table
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.kernel.numbers import Kind
from gongmo.parties.pages import actor_of, said
from gongmo.rules.ranking.exact import text
from gongmo.screening.reading import row


@require_GET
def seats(request: HttpRequest) -> HttpResponse:
    """Every committee on which the expert sits or is asked to sit."""
    actor = actor_of(request)
    # What has ended with its committee comes last.
    found = sorted(queries.my_seats(actor), key=lambda seat: seat.state == SeatState.DISSOLVED)
    return render(
        request,
        "evaluation/seats.html",
        {"seats": found, "left": queries.sheets_left(actor), "shown": seats_table.shown},
    )


@require_GET
def desk(request: HttpRequest, pk: int) -> HttpResponse:
    """One seat: what is to be declared on, and the own sheets by stage."""
    return _desk(request, actor_of(request), pk)


def _desk(request: HttpRequest, actor: Actor, pk: int, refused: Refused | None = None) -> HttpResponse:
    found = queries.desk_of(actor, pk)
    call = found.seat.committee.call
    evaluation = definition_of(call).evaluation
    return render(
        request,
        "evaluation/desk.html",
        {
            "seat": found.seat,
            "call": call,
            "shown": seats_table.shown,
            "sheet_shown": sheets_table.shown,
            "to_declare": found.to_declare,
            "blind": any(stage.blind is not None for stage in evaluation.stages),
            "stages": _stages(found.sheets),
            "left": sum(line.sheet.state == "open" for line in found.sheets),
            "days": days_of_seat(actor, found.seat),
            "now": clock.now(),
            "refused": refused,
        },
        status=200 if refused is None else refused.status,
    )


def _stages(lines: tuple[DeskSheet, ...]) -> list[dict[str, Any]]:
    """The own sheets by stage run, the newest first: the names they stand under, how many are left, until when, and which is next."""
    by_run: dict[int, list[DeskSheet]] = {}
    for line in lines:
        by_run.setdefault(line.sheet.run_id, []).append(line)
    found = []
    for held in reversed(by_run.values()):
        run = held[0].sheet.run
        evaluation = definition_of(run.version).evaluation
        stage = evaluation.stage(run.stage)
        criteria = evaluation.criteria_of(stage)
        left = [line for line in held if line.sheet.state == "open" and run.state == StageState.OPEN]
        found.append(
            {
                "run": run,
                "stage": stage,
                "lines": held,
                "titles": titles_of(run, [line.sheet for line in held]),
                "criteria": len(criteria),
                "maximum": text(sum((c.max_points for c in criteria), Decimal(0))),
                "left": left,
                # Where one was begun it goes on; else the first of those not begun.
                "next": next(
                    (line for line in left if 0 < line.scored < len(criteria)), left[0] if left else None
                ),
                "begun": any(line.scored for line in held),
            }
        )
    return found


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Pledge and accept the seat, or decline it."""
    actor = actor_of(request)
    try:
        if request.POST.get("answer") == "decline":
            commands.decline(actor=actor, seat_id=pk, reason=str(request.POST.get("reason", "")))
            messages.success(request, said("위촉을 거절했습니다.", "You have declined the seat."))
            return redirect("evaluation:desk")
        if request.POST.get("pledge") != "yes":
            raise BadInput(
                "pledge_missing",
                "비밀유지와 청렴 서약에 동의해 주세요.",
                "Please agree to the pledge.",
                field="pledge",
            )
        commands.pledge(actor=actor, seat_id=pk)
    except Refused as refused:
        if isinstance(refused, NotFound):
            raise
        return _desk(request, actor, pk, refused)
    messages.success(
        request,
        said("위촉을 수락했습니다. 이해충돌을 신고해 주세요.", "You have a seat. Please declare conflicts."),
    )
    return redirect("evaluation:seat", pk)


@require_POST
def declare(request: HttpRequest, pk: int) -> HttpResponse:
    """Declare on applications, as many as were answered at once."""
    actor = actor_of(request)
    queries.own_seat(actor, pk)
    answers = {
        row(name.removeprefix("conflict-"), Kind.APPLICATION, name): value
        for name, value in request.POST.items()
        if name.startswith("conflict-") and value in ("yes", "no")
    }
    try:
        for application, value in answers.items():
            commands.declare_conflict(
                actor=actor,
                seat_id=pk,
                application_id=application,
                conflict=value == "yes",
            )
    except Refused as refused:
        if isinstance(refused, NotFound):
            raise
        return _desk(request, actor, pk, refused)
    messages.success(
        request,
        said(f"{len(answers)}건을 신고했습니다.", f"You have declared on {len(answers)} application(s)."),
    )
    return redirect("evaluation:seat", pk)
