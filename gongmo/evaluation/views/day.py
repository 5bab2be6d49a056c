"""The day of presentations on a tablet: who is on, how long is left, who presents, absence, questions, and the way to the own sheet."""

from collections.abc import Callable, Mapping
from typing import Any, Literal

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from gongmo.calls.queries import definition_of
from gongmo.evaluation import commands
from gongmo.evaluation.commands.presentation import pace_of
from gongmo.evaluation.day_page import shown_turns
from gongmo.evaluation.day_policies import run_day
from gongmo.evaluation.queries import presentation as queries
from gongmo.evaluation.states import slots_table
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import NotFound, Refused
from gongmo.kernel.numbers import Kind, token
from gongmo.parties.pages import actor_of, said


@require_GET
def day(request: HttpRequest, pk: int) -> HttpResponse:
    """The day as it goes."""
    return _page(request, actor_of(request), pk)


def _page(
    request: HttpRequest,
    actor: Actor,
    pk: int,
    *,
    slot: int = 0,
    refused: Refused | None = None,
    typed: Mapping[str, str] | None = None,
) -> HttpResponse:
    found = queries.day_for(actor, pk)
    definition = definition_of(found.run.version)
    stage = definition.evaluation.stage(found.run.stage)
    slots = list(found.slots.all())
    own = queries.own_sheets_of_day(actor, found)
    turns = shown_turns(slots, pace_of(found), queries.questions_of(actor, found), own)
    return render(
        request,
        "evaluation/day.html",
        {
            "day": found,
            "call": found.run.call,
            "stage": stage,
            "turns": turns,
            "on": next((turn for turn in turns if turn.ends_at is not None), None),
            "coming": next((turn for turn in turns if turn.slot.state == "waiting"), None),
            "done": sum(turn.slot.state in ("done", "absent") for turn in turns),
            "runs": run_day(actor, found),
            "open": found.run.state == "open",
            "follows": stage.day.absent if stage.day is not None else "reschedule",
            "presenter_clause": definition.presenter.clause if definition.presenter is not None else None,
            "shown": slots_table.shown,
            "own": own,
            "now": clock.now(),
            "at_slot": slot,
            "refused": refused,
            "typed": typed or {},
        },
        status=200 if refused is None else refused.status,
    )


def _check(actor: Actor, pk: int, given: Mapping[str, str]) -> tuple[str, str]:
    who: Literal["director", "substitute"] = "substitute" if given.get("who") == "substitute" else "director"
    commands.check_presenter(actor=actor, slot_id=pk, who=who)
    return "발표자를 확인했습니다.", "The presenter is checked."


def _start(actor: Actor, pk: int, given: Mapping[str, str]) -> tuple[str, str]:
    commands.start_talk(actor=actor, slot_id=pk)
    return "발표를 시작했습니다.", "The talk has begun."


def _questions(actor: Actor, pk: int, given: Mapping[str, str]) -> tuple[str, str]:
    commands.start_questions(actor=actor, slot_id=pk)
    return "질의응답을 시작했습니다.", "The questions have begun."


def _end(actor: Actor, pk: int, given: Mapping[str, str]) -> tuple[str, str]:
    commands.end_turn(actor=actor, slot_id=pk)
    return "발표를 마쳤습니다.", "The turn is over."


def _absent(actor: Actor, pk: int, given: Mapping[str, str]) -> tuple[str, str]:
    commands.mark_absent(actor=actor, slot_id=pk, reason=given.get("reason", ""))
    return "불참으로 기록했습니다.", "The absence is noted."


def _undo(actor: Actor, pk: int, given: Mapping[str, str]) -> tuple[str, str]:
    commands.undo_absence(actor=actor, slot_id=pk)
    return "불참 기록을 되돌렸습니다.", "The absence is taken back."


def _note(actor: Actor, pk: int, given: Mapping[str, str]) -> tuple[str, str]:
    commands.note_question(actor=actor, slot_id=pk, text=given.get("text", ""))
    return "질문을 적었습니다.", "The question is noted."


ACTS: dict[str, Callable[[Actor, int, Mapping[str, Any]], tuple[str, str]]] = {
    "check": _check,
    "start": _start,
    "questions": _questions,
    "end": _end,
    "absent": _absent,
    "undo": _undo,
    "note": _note,
}


@require_POST
def act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """One act on a turn."""
    actor = actor_of(request)
    run = ACTS.get(act)
    if run is None:
        raise NotFound
    found = queries.day_of_turn(actor, pk)
    given = request.POST.dict()
    try:
        ko, en = run(actor, pk, given)
    except Refused as refused:
        if isinstance(refused, NotFound) or not (run_day(actor, found) or act == "note"):
            raise
        return _page(request, actor, found.pk, slot=pk, refused=refused, typed=given)
    messages.success(request, said(ko, en))
    return redirect(f"{reverse('evaluation:day', args=[found.pk])}#turn-{token(pk, Kind.TURN)}")
