"""The day of presentations: planned by lot or by hand, announced, and carried out turn by turn (programme clause A-11b)."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from gongmo.evaluation.commands.base import managed_call, manager, record, said, unfixed
from gongmo.evaluation.models import (
    PresentationDay,
    PresentationSlot,
    ScoreSheet,
    StageRun,
)
from gongmo.evaluation.states import DayState, SheetState, SlotState, StageState, days_table
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.kernel.korean import stamp
from gongmo.ledger.locks import lock
from gongmo.rules.presentation import Pace, drawn, turns

LONGEST_DAY = 60
"""Turns in one day."""


@dataclass(frozen=True, slots=True)
class Order:
    """How the turns are ordered: by lot (`applications` in any order, a seed drawn here) or by hand (`applications` in their order)."""

    applications: tuple[int, ...]
    by_lot: bool


def plan_day(
    *, actor: Actor, run_id: int, starts_at: datetime, place: str, pace: Pace, order: Order
) -> PresentationDay:
    """Plan a day of an open stage. The seed of a lot comes from the system's randomness and is recorded with the order that it gave.

    Refused for applications that do not stand in the stage, or have a turn already that is not over by absence; BadInput for minutes
    and times that make no day.
    """
    with transaction.atomic():
        run = _open_run(actor, run_id)
        place = said(place, field="place", ko="발표할 곳을 적어 주세요.", en="Say where.", limit=200)
        _paced(pace)
        if not 0 < len(order.applications) <= LONGEST_DAY or len(set(order.applications)) != len(
            order.applications
        ):
            raise BadInput(
                "no_order",
                f"발표할 신청을 1건 이상 {LONGEST_DAY}건 이하로 골라 주세요.",
                f"Choose 1 to {LONGEST_DAY} applications, each once.",
                field="applications",
            )
        if starts_at <= clock.now():
            raise BadInput(
                "day_past", "앞으로 올 시각을 골라 주세요.", "Choose a time to come.", field="starts_at"
            )
        _presentable(run, order.applications)
        seed = secrets.token_hex(16) if order.by_lot else ""
        placed = drawn(seed, order.applications) if order.by_lot else order.applications
        day = PresentationDay.objects.create(
            run=run,
            starts_at=starts_at,
            place=place,
            talk_minutes=pace.talk,
            question_minutes=pace.questions,
            change_minutes=pace.change,
            rest_after=pace.rest_after,
            rest_minutes=pace.rest,
            seed=seed,
            planned_at=clock.now(),
        )
        for number, turn in enumerate(turns(placed, starts_at, pace), 1):
            PresentationSlot.objects.create(
                day=day,
                application_id=turn.application,
                place=number,
                starts_at=turn.starts_at,
                ends_at=turn.ends_at,
            )
        _record(actor, day, "evaluation.plan_presentations", {"by_lot": order.by_lot, "seed": seed})
        return day


def replan_day(
    *, actor: Actor, day_id: int, starts_at: datetime, place: str, order: Sequence[int], reason: str
) -> PresentationDay:
    """Move a day, or order its turns by hand, before anybody has begun. `order` names the day's slots. An announced day is announced anew."""
    with transaction.atomic():
        day = _day(actor, day_id)
        place = said(place, field="place", ko="발표할 곳을 적어 주세요.", en="Say where.", limit=200)
        reason = said(reason, field="reason", ko="바꾸는 까닭을 적어 주세요.", en="Say why.", limit=300)
        slots = {slot.pk: slot for slot in PresentationSlot.objects.filter(day=day)}
        if any(slot.state != SlotState.WAITING for slot in slots.values()):
            raise Refused(
                "day_begun",
                "발표가 시작되어 순서를 바꿀 수 없습니다.",
                "The presentations have begun; the order stands.",
            )
        if sorted(order) != sorted(slots):
            raise BadInput(
                "bad_order",
                "순서를 빠짐없이 한 번씩 정해 주세요.",
                "Give every turn one place.",
                field="order",
            )
        if starts_at <= clock.now():
            raise BadInput(
                "day_past", "앞으로 올 시각을 골라 주세요.", "Choose a time to come.", field="starts_at"
            )
        day.starts_at, day.place = starts_at, place
        day.sequence += 1
        day.save(update_fields=["starts_at", "place", "sequence"])
        for number, (pk, turn) in enumerate(
            zip(order, turns(list(order), starts_at, pace_of(day)), strict=True), 1
        ):
            slot = slots[pk]
            slot.place, slot.starts_at, slot.ends_at = number, turn.starts_at, turn.ends_at
            slot.save(update_fields=["place", "starts_at", "ends_at"])
        _record(actor, day, "evaluation.replan_presentations", {"reason": reason})
        return day


def announce_day(*, actor: Actor, day_id: int) -> PresentationDay:
    """Tell presenters, evaluators and officers the times. After a change it is announced again."""
    with transaction.atomic():
        day = _day(actor, day_id)
        day.state = days_table.require(DayState(day.state), DayState.ANNOUNCED)
        day.save(update_fields=["state"])
        _record(actor, day, "evaluation.announce_presentations", {})
        return day


def drop_day(*, actor: Actor, day_id: int) -> None:
    """Take back a day that was not announced."""
    with transaction.atomic():
        day = _day(actor, day_id)
        if day.state != DayState.PLANNED:
            raise Refused(
                "day_announced",
                "이미 알린 일정은 지울 수 없습니다. 시각을 바꾸고 다시 알려 주세요.",
                "An announced day is not dropped; change its times and announce it again.",
            )
        call, run, pk = day.run.call, day.run_id, day.pk
        for slot in PresentationSlot.objects.filter(day=day):
            slot.delete()
        day.delete()
        record(actor, call, "evaluation.drop_presentations", ("stage", run), {"day": pk})


def pace_of(day: PresentationDay) -> Pace:
    """The day's minutes as the rules take them."""
    return Pace(day.talk_minutes, day.question_minutes, day.change_minutes, day.rest_after, day.rest_minutes)


def _paced(pace: Pace) -> None:
    minutes = {"talk": pace.talk, "questions": pace.questions, "change": pace.change, "rest": pace.rest}
    for field, value in minutes.items():
        if not (1 if field == "talk" else 0) <= value <= 480:
            raise BadInput(
                "bad_minutes",
                "시간은 480분까지, 발표는 1분부터 적어 주세요.",
                "Give up to 480 minutes, and at least one for the talk.",
                field=field,
            )
    if pace.rest_after is not None and not 1 <= pace.rest_after <= LONGEST_DAY:
        raise BadInput(
            "bad_minutes",
            f"쉬는 간격은 1건에서 {LONGEST_DAY}건 사이로 적어 주세요.",
            f"Take a break after 1 to {LONGEST_DAY} turns.",
            field="rest_after",
        )


def _open_run(actor: Actor, run_id: int) -> StageRun:
    call_id = StageRun.objects.filter(pk=run_id).values_list("call_id", flat=True).first()
    if call_id is None:
        raise NotFound
    call = managed_call(actor, call_id)
    unfixed(call)
    run = StageRun.objects.select_related("call", "version", "committee").get(pk=run_id)
    _still_open(run)
    return run


def _still_open(run: StageRun) -> None:
    if run.state != StageState.OPEN:
        raise Refused("presentation_over", "이 평가 단계는 이미 끝났습니다.", "This stage is over already.")


def _day(actor: Actor, day_id: int) -> PresentationDay:
    """The day of an open stage for its operator, locked until the transaction ends."""
    if not lock(PresentationDay, day_id):
        raise NotFound
    day = PresentationDay.objects.select_related("run__call__version", "run__version").get(pk=day_id)
    manager(actor, day.run.call)
    _still_open(day.run)
    return day


def _presentable(run: StageRun, applications: Sequence[int]) -> None:
    standing = set(
        ScoreSheet.objects.filter(run=run)
        .exclude(state=SheetState.VOID)
        .values_list("application_id", flat=True)
    )
    if not set(applications) <= standing:
        raise BadInput(
            "not_standing",
            "이 단계의 평가 대상인 신청만 고를 수 있습니다.",
            "Only applications that stand in this stage present.",
            field="applications",
        )
    taken = (
        PresentationSlot.objects.filter(day__run=run, application__in=applications)
        .exclude(state=SlotState.ABSENT)
        .select_related("application")
        .first()
    )
    if taken is not None:
        raise Refused(
            "turn_already",
            f"‘{taken.application.title}’은(는) {stamp(taken.starts_at)}에 이미 차례가 있습니다.",
            f"“{taken.application.title}” has its turn at {stamp(taken.starts_at)} already.",
        )


def _record(actor: Actor, day: PresentationDay, act: str, more: dict[str, object]) -> None:
    slots = PresentationSlot.objects.filter(day=day).order_by("place")
    record(
        actor,
        day.run.call,
        act,
        ("presentation_day", day.pk),
        {
            "stage": day.run.stage,
            "starts_at": day.starts_at,
            "place": day.place,
            "minutes": [
                day.talk_minutes,
                day.question_minutes,
                day.change_minutes,
                day.rest_after,
                day.rest_minutes,
            ],
            "turns": [[slot.pk, slot.application_id, slot.starts_at] for slot in slots],
            **more,
        },
    )
