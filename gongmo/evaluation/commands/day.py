"""A presentation on the spot: who presents is checked, the turn is begun and ended by the server's clock, absence and questions are noted."""

from typing import Literal

from django.db import transaction

from gongmo.calls.queries import definition_of
from gongmo.evaluation.commands.base import record, said
from gongmo.evaluation.day_policies import run_day, seats_of_day, watch_day
from gongmo.evaluation.models import (
    Disqualification,
    PresentationDay,
    PresentationQuestion,
    PresentationSlot,
    ScoreSheet,
    Substitute,
)
from gongmo.evaluation.states import SheetState, SlotState, StageState, SubstituteState, slots_table
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.ledger.locks import lock

ON = (SlotState.TALKING, SlotState.ASKING)


def check_presenter(
    *, actor: Actor, slot_id: int, who: Literal["director", "substitute"]
) -> PresentationSlot:
    """Record who presents, after looking at the person: the project director, or the substitute to whom the operator consented (clause A-11b)."""
    with transaction.atomic():
        slot = _slot(actor, slot_id)
        if slot.state != SlotState.WAITING:
            raise _not_now()
        rules = definition_of(slot.day.run.version).presenter
        if who == "substitute":
            consented = Substitute.objects.filter(
                application=slot.application_id, state=SubstituteState.CONSENTED
            ).exists()
            if rules is None or rules.substitute == "none" or not consented:
                raise Refused(
                    "no_consent",
                    "미리 동의한 대리 발표자가 없습니다. 총괄책임자가 발표해야 합니다.",
                    "There is no substitute with prior consent. The project director has to present.",
                )
        elif who != "director":
            raise BadInput("bad_presenter", "발표자를 골라 주세요.", "Say who presents.", field="who")
        slot.presenter, slot.checked_at = who, clock.now()
        slot.save(update_fields=["presenter", "checked_at"])
        _record(actor, slot, "evaluation.check_presenter", {"who": who})
        return slot


def start_talk(*, actor: Actor, slot_id: int) -> PresentationSlot:
    """The talk begins now. Refused before the presenter is checked, and while another one is on."""
    with transaction.atomic():
        slot = _slot(actor, slot_id)
        slot.state = slots_table.require(SlotState(slot.state), SlotState.TALKING)
        if slot.checked_at is None:
            raise Refused(
                "presenter_unchecked",
                "발표자를 먼저 확인해 주세요.",
                "Check first who presents.",
            )
        other = (
            PresentationSlot.objects.filter(day=slot.day, state__in=ON).select_related("application").first()
        )
        if other is not None:
            raise Refused(
                "another_on",
                f"‘{other.application.title}’의 발표가 끝나지 않았습니다. 먼저 마쳐 주세요.",
                f"“{other.application.title}” is still on. End it first.",
            )
        slot.started_at = clock.now()
        slot.save(update_fields=["state", "started_at"])
        _record(actor, slot, "evaluation.start_talk", {})
        return slot


def start_questions(*, actor: Actor, slot_id: int) -> PresentationSlot:
    """The talk ends and the questions begin now."""
    with transaction.atomic():
        slot = _slot(actor, slot_id)
        slot.state = slots_table.require(SlotState(slot.state), SlotState.ASKING)
        slot.asked_at = clock.now()
        slot.save(update_fields=["state", "asked_at"])
        _record(actor, slot, "evaluation.start_questions", {})
        return slot


def end_turn(*, actor: Actor, slot_id: int) -> PresentationSlot:
    """The turn is over now."""
    with transaction.atomic():
        slot = _slot(actor, slot_id)
        slot.state = slots_table.require(SlotState(slot.state), SlotState.DONE)
        slot.ended_at = clock.now()
        slot.save(update_fields=["state", "ended_at"])
        _record(actor, slot, "evaluation.end_turn", {})
        return slot


def mark_absent(*, actor: Actor, slot_id: int, reason: str) -> PresentationSlot:
    """Nobody entitled came. What follows is the definition's: another time, or scoring on the documents alone."""
    with transaction.atomic():
        slot = _slot(actor, slot_id)
        reason = said(
            reason, field="reason", ko="불참으로 적는 까닭을 적어 주세요.", en="Say why.", limit=300
        )
        slot.state = slots_table.require(SlotState(slot.state), SlotState.ABSENT)
        slot.reason = reason
        slot.save(update_fields=["state", "reason"])
        stage = definition_of(slot.day.run.version).evaluation.stage(slot.day.run.stage)
        follows = stage.day.absent if stage.day is not None else "reschedule"
        _record(actor, slot, "evaluation.mark_absent", {"reason": reason, "follows": follows})
        return slot


def undo_absence(*, actor: Actor, slot_id: int) -> PresentationSlot:
    """Who was noted as absent has come after all. Refused where another turn was planned meanwhile."""
    with transaction.atomic():
        slot = _slot(actor, slot_id)
        slot.state = slots_table.require(SlotState(slot.state), SlotState.WAITING)
        planned = PresentationSlot.objects.filter(
            day__run=slot.day.run_id, application=slot.application_id
        ).exclude(pk=slot.pk)
        if planned.exclude(state=SlotState.ABSENT).exists():
            raise Refused(
                "turn_already",
                "이 신청은 다른 차례를 이미 받았습니다.",
                "The application has been given another turn already.",
            )
        slot.reason = ""
        slot.save(update_fields=["state", "reason"])
        _record(actor, slot, "evaluation.undo_absence", {})
        return slot


def note_question(*, actor: Actor, slot_id: int, text: str) -> PresentationQuestion:
    """Note a question and its answer. Officers and members who judge the application note them, until the stage is locked."""
    with transaction.atomic():
        slot = _slot(actor, slot_id, watching=True)
        text = said(text, field="text", ko="질문을 적어 주세요.", en="Write the question.", limit=4000)
        seats = seats_of_day(actor, slot.day)
        seat = seats[0] if seats else None
        if seat is not None and (
            Disqualification.objects.filter(seat=seat, application=slot.application_id).exists()
            or not ScoreSheet.objects.filter(run=slot.day.run_id, seat=seat, application=slot.application_id)
            .exclude(state=SheetState.VOID)
            .exists()
        ):
            raise NotFound
        made = PresentationQuestion.objects.create(slot=slot, seat=seat, text=text, noted_at=clock.now())
        _record(actor, slot, "evaluation.note_question", {"question": made.pk, "text": text})
        return made


def _slot(actor: Actor, slot_id: int, *, watching: bool = False) -> PresentationSlot:
    """The slot of an open stage, its day locked until the transaction ends."""
    day_id = PresentationSlot.objects.filter(pk=slot_id).values_list("day_id", flat=True).first()
    if day_id is None or not lock(PresentationDay, day_id) or not lock(PresentationSlot, slot_id):
        raise NotFound
    slot = PresentationSlot.objects.select_related("day__run__call__version", "day__run__version").get(
        pk=slot_id
    )
    if not watch_day(actor, slot.day):
        raise NotFound
    if not watching:
        run_day.require(actor, slot.day)
    if slot.day.run.state != StageState.OPEN:
        raise Refused("presentation_over", "이 평가 단계는 이미 끝났습니다.", "This stage is over already.")
    return slot


def _not_now() -> Refused:
    return Refused(
        "turn_begun",
        "이미 시작했거나 불참으로 적은 차례입니다.",
        "This turn has begun already, or was noted as absent.",
    )


def _record(actor: Actor, slot: PresentationSlot, act: str, payload: dict[str, object]) -> None:
    record(
        actor,
        slot.day.run.call,
        act,
        ("presentation", slot.pk),
        {"application": slot.application_id, **payload},
    )
