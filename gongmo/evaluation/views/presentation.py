"""Planning the days of presentations: when, where, in which order (drawn or by hand), what clashes, who is told; and the calendars."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from gongmo.applications.queries import application_for
from gongmo.calls.calendar import response
from gongmo.calls.models import Call
from gongmo.calls.queries import call_by_slug, definition_of
from gongmo.definition.desk import PresentationDay as Terms
from gongmo.evaluation import commands, policies
from gongmo.evaluation.commands.presentation import Order
from gongmo.evaluation.day_calendar import calendar_of
from gongmo.evaluation.day_policies import see_turn
from gongmo.evaluation.models import PresentationDay
from gongmo.evaluation.presentation import presentation_stage
from gongmo.evaluation.queries import presentation as queries
from gongmo.evaluation.states import days_table, slots_table
from gongmo.kernel.actor import Actor, Role
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.parties.pages import actor_of, said
from gongmo.rules.presentation import Pace
from gongmo.screening.reading import instant, number

USUAL = {"talk": 20, "questions": 20, "change": 5, "rest_after": 3, "rest": 10}
"""Minutes that the form begins with where the call says nothing."""


@require_GET
def presentations(request: HttpRequest, slug: str) -> HttpResponse:
    """The days of a call's presentations, and a form for the next."""
    actor = actor_of(request)
    return _page(request, actor, call_by_slug(actor, slug))


def _page(
    request: HttpRequest,
    actor: Actor,
    call: Call,
    *,
    part: str = "",
    refused: Refused | None = None,
    typed: Mapping[str, str] | None = None,
) -> HttpResponse:
    days = queries.days_of(actor, call)
    run = queries.presentation_run(call)
    stage = presentation_stage(definition_of(run.version if run is not None else call))
    terms = stage.day if stage is not None else None
    return render(
        request,
        "evaluation/presentations.html",
        {
            "call": call,
            "stage": stage,
            "terms": terms,
            "run": run,
            "days": [(day, list(day.slots.all()), queries.clashes_of(day)) for day in days],
            "waiting": queries.waiting_for_a_turn(run) if run is not None and run.state == "open" else [],
            "day_shown": days_table.shown,
            "slot_shown": slots_table.shown,
            "usual": _usual(terms),
            "by_lot": terms is None or terms.order == "lot",
            "substitutes": {slot.pk: queries.consented(slot) for day in days for slot in day.slots.all()},
            "part": part,
            "refused": refused,
            "typed": typed or {},
        },
        status=200 if refused is None else refused.status,
    )


def _usual(terms: Terms | None) -> dict[str, int]:
    if terms is None:
        return USUAL
    return {
        "talk": terms.talk_minutes,
        "questions": terms.question_minutes,
        "change": terms.change_minutes,
        "rest_after": terms.rest_after or 0,
        "rest": terms.rest_minutes,
    }


@require_POST
def plan(request: HttpRequest, slug: str) -> HttpResponse:
    """Plan a day."""
    actor = actor_of(request)
    call = call_by_slug(actor, slug)
    if not policies.oversee(actor, call):
        raise NotFound
    given = request.POST.dict()
    try:
        policies.manage.require(actor, call)
        run = queries.presentation_run(call)
        if run is None:
            raise Refused(
                "stage_not_open",
                "발표하는 평가 단계를 먼저 시작해 주세요.",
                "Open the stage with presentations first.",
            )
        rest_after = _whole(given, "rest_after")
        day = commands.plan_day(
            actor=actor,
            run_id=run.pk,
            starts_at=instant(given.get("starts_at", ""), "starts_at"),
            place=given.get("place", ""),
            pace=Pace(
                _whole(given, "talk"),
                _whole(given, "questions"),
                _whole(given, "change"),
                rest_after or None,
                _whole(given, "rest"),
            ),
            order=Order(
                tuple(number(each, "applications") for each in request.POST.getlist("application")),
                given.get("order") != "by_hand",
            ),
        )
    except Refused as refused:
        if isinstance(refused, NotFound) or not policies.manage(actor, call):
            raise
        return _page(request, actor, call, part="plan", refused=refused, typed=given)
    words = (
        (
            "추첨으로 순서를 정했습니다. 확인한 뒤 알려 주세요.",
            "The order is drawn. Look at it, then announce it.",
        )
        if day.seed
        else (
            "일정을 세웠습니다. 확인한 뒤 알려 주세요.",
            "The day is planned. Look at it, then announce it.",
        )
    )
    messages.success(request, said(*words))
    return redirect(f"{reverse('evaluation:presentations', args=[slug])}#day-{day.pk}")


@require_POST
def change(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Move or reorder a day, announce it, or take it back."""
    actor = actor_of(request)
    if act not in ("replan", "announce", "drop"):
        raise NotFound
    call = queries.day_to_plan(actor, pk).run.call
    given = request.POST.dict()
    try:
        if act == "announce":
            commands.announce_day(actor=actor, day_id=pk)
            told = (
                "발표자와 평가위원, 담당자에게 알렸습니다.",
                "Presenters, evaluators and officers are told.",
            )
        elif act == "drop":
            commands.drop_day(actor=actor, day_id=pk)
            told = ("일정을 지웠습니다.", "The day is dropped.")
        else:
            commands.replan_day(
                actor=actor,
                day_id=pk,
                starts_at=instant(given.get("starts_at", ""), "starts_at"),
                place=given.get("place", ""),
                order=_order(given),
                reason=given.get("reason", ""),
            )
            told = ("일정을 바꾸었습니다. 다시 알려 주세요.", "The day is changed. Announce it again.")
    except Refused as refused:
        if isinstance(refused, NotFound) or not policies.manage(actor, call):
            raise
        return _page(request, actor, call, part=f"{act}-{pk}", refused=refused, typed=given)
    messages.success(request, said(*told))
    return redirect("evaluation:presentations", call.slug)


def _order(given: Mapping[str, str]) -> list[int]:
    """The slots by the places that were typed. Raises BadInput where two have one place."""
    places = [
        (number(value, name), int(name.removeprefix("place-")))
        for name, value in given.items()
        if name.startswith("place-") and name.removeprefix("place-").isdecimal()
    ]
    if len({place for place, _ in places}) != len(places):
        raise BadInput(
            "same_place",
            "순서가 겹칩니다. 서로 다른 순서를 적어 주세요.",
            "Two share a place; give different ones.",
            field="order",
        )
    return [slot for _, slot in sorted(places)]


def _whole(given: Mapping[str, str], field: str) -> int:
    value = given.get(field, "").strip()
    if not value:
        return 0
    if not (value.isascii() and value.isdecimal() and len(value) < 5):
        raise BadInput("bad_minutes", "분을 숫자로 적어 주세요.", "Give minutes as a number.", field=field)
    return int(value)


@require_GET
def turns_calendar(request: HttpRequest) -> HttpResponse:
    """The reader's own announced turns (member, officer) as a calendar (RFC 5545)."""
    actor = actor_of(request)
    if actor.role not in (Role.EVALUATOR, Role.AGENCY, Role.TASK_FORCE):
        raise NotFound
    slots = queries.turns_of_person(actor)
    evaluator = actor.role is Role.EVALUATOR

    def address(day: PresentationDay) -> str:
        return request.build_absolute_uri(reverse("evaluation:day", args=[day.pk]))

    made = calendar_of(slots, said("발표평가", "Presentations"), address, named=True, whole_day=evaluator)
    return response(made, "presentations.ics")


@require_GET
def application_calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """An application's own announced turns as a calendar, for its own people."""
    actor = actor_of(request)
    application = application_for(actor, pk)
    if not see_turn(actor, application):
        raise NotFound

    def address(day: PresentationDay) -> str:
        return request.build_absolute_uri(reverse("evaluation:presenter", args=[pk]))

    slots = list(queries.own_turns(application))
    made = calendar_of(slots, said("발표평가", "Presentation"), address, named=False, whole_day=False)
    return response(made, "presentation.ics")
