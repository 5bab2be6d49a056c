"""The turns of a day as its page shows them: what is on, until when, and the breaks between."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from gongmo.evaluation.models import PresentationQuestion, PresentationSlot, Substitute
from gongmo.evaluation.queries.presentation import consented
from gongmo.evaluation.states import SlotState
from gongmo.rules.presentation import Pace


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn: until when its talk or its questions last (None while neither is on), a break after it, who may present, what was asked, the own sheet."""

    slot: PresentationSlot
    ends_at: datetime | None
    rest_until: datetime | None
    substitute: Substitute | None
    questions: tuple[PresentationQuestion, ...]
    sheet: int | None


def shown_turns(
    slots: Sequence[PresentationSlot],
    pace: Pace,
    questions: Mapping[int, Sequence[PresentationQuestion]],
    sheets: Mapping[int, int],
) -> list[Turn]:
    """The turns in their order."""
    found = []
    for number, slot in enumerate(slots, 1):
        resting = pace.rest_after is not None and number % pace.rest_after == 0 and number < len(slots)
        found.append(
            Turn(
                slot,
                _ends(slot, pace),
                slots[number].starts_at if resting else None,
                consented(slot),
                tuple(questions.get(slot.pk, ())),
                sheets.get(slot.application_id),
            )
        )
    return found


def _ends(slot: PresentationSlot, pace: Pace) -> datetime | None:
    if slot.state == SlotState.TALKING and slot.started_at is not None:
        return slot.started_at + timedelta(minutes=pace.talk)
    if slot.state == SlotState.ASKING and slot.asked_at is not None:
        return slot.asked_at + timedelta(minutes=pace.questions)
    return None
