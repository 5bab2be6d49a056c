"""Turns of presentations as a calendar (RFC 5545): a turn keeps its UID for good, and SEQUENCE counts how often its day was changed."""

from collections.abc import Callable, Iterable
from datetime import timedelta

from icalendar import Alarm, Calendar, Event

from gongmo.calls.queries import definition_of
from gongmo.evaluation.models import PresentationDay, PresentationSlot
from gongmo.evaluation.states import SlotState
from gongmo.kernel import numbers
from gongmo.parties.pages import said

WARNING = timedelta(minutes=30)


def calendar_of(
    slots: Iterable[PresentationSlot],
    name: str,
    address: Callable[[PresentationDay], str],
    *,
    named: bool,
    whole_day: bool,
) -> Calendar:
    """The calendar. `named`: with whose turn it is. `whole_day`: one event from the first to the last turn of each day, for who sits there all day."""
    made = Calendar()
    made.add("prodid", "-//Gongmo//presentations//KO")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    made.add("name", name)
    made.add("x-wr-calname", name)
    made.add("x-wr-timezone", "Asia/Seoul")
    by_day: dict[int, list[PresentationSlot]] = {}
    for slot in slots:
        by_day.setdefault(slot.day_id, []).append(slot)
    for held in by_day.values():
        held.sort(key=lambda slot: slot.starts_at)
        for part in [held] if whole_day else [[slot] for slot in held]:
            made.add_component(_event(part, address, named=named, whole_day=whole_day))
    return made


def _event(
    slots: list[PresentationSlot],
    address: Callable[[PresentationDay], str],
    *,
    named: bool,
    whole_day: bool,
) -> Event:
    day = slots[0].day
    call = day.run.call
    title = said(call.title_ko, call.title_en)
    stage = definition_of(day.run.version).evaluation.stage(day.run.stage).name
    event = Event()
    which = f"day-{day.pk}" if whole_day else f"turn-{slots[0].pk}"
    event.add("uid", f"{numbers.mark(f'presentation-{which}-{day.planned_at:%Y%m%d%H%M%S}')}@gongmo")
    event.add("sequence", day.sequence)
    event.add("dtstamp", day.planned_at)
    event.add("dtstart", slots[0].starts_at)
    event.add("dtend", slots[-1].ends_at)
    whose = f": {slots[0].application.title}" if named and not whole_day else ""
    event.add("summary", f"{said(stage.ko, stage.en)} · {title}{whose}")
    event.add("location", day.place)
    page = address(day)
    event.add("url", page)
    if whole_day:
        event.add("description", said(f"발표 {len(slots)}건\n{page}", f"{len(slots)} presentations\n{page}"))
    else:
        minutes = f"{day.talk_minutes}+{day.question_minutes}"
        event.add(
            "description",
            said(f"발표와 질의응답 {minutes}분\n{page}", f"Talk and questions, {minutes} minutes\n{page}"),
        )
    absent = not whole_day and slots[0].state == SlotState.ABSENT
    event.add("status", "CANCELLED" if absent else "CONFIRMED")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", -WARNING)
    alarm.add("description", said("곧 발표평가가 있습니다", "A presentation is coming up"))
    event.add_component(alarm)
    return event
