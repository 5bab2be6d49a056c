"""A person's deadlines as a calendar feed (RFC 5545). Each floor's `notices.py` says which instants concern whom.

@appoints
def drafts(person: Person) -> Iterable[Appointment]: ...
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from icalendar import Alarm, Event
from icalendar import Calendar as Feed

from gongmo.definition.base import Text
from gongmo.kernel import clock, numbers
from gongmo.notices.posting import site
from gongmo.parties.models import Person


@dataclass(frozen=True, slots=True)
class Appointment:
    """An instant by which a person has to have done something. `uid` names it for ever; `url` is a path."""

    uid: str
    at: datetime
    title: Text
    url: str
    note: Text | None = None
    all_day: bool = False
    """True for what waits without a deadline: it stands at the day of `at`."""


Source = Callable[[Person], Iterable[Appointment]]

_sources: list[Source] = []


def appoints(source: Source) -> Source:
    """Have a function give a person's appointments."""
    if source not in _sources:
        _sources.append(source)
    return source


def appointments(person: Person) -> list[Appointment]:
    """All of a person's appointments, the earliest first."""
    return sorted(
        (each for source in _sources for each in source(person)), key=lambda each: (each.at, each.uid)
    )


def feed(person: Person) -> bytes:
    """The person's feed in the person's language: each deadline ends its event, with reminders a day and three hours before."""
    english = person.language == "en"
    calendar = Feed()
    calendar.add("prodid", "-//Gongmo//Deadlines//KO")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "Gongmo deadlines" if english else "공모 마감 일정")
    calendar.add("refresh-interval", timedelta(hours=6), parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", timedelta(hours=6))
    for each in appointments(person):
        event = Event()
        event.add("uid", f"{numbers.mark(each.uid)}@gongmo")
        event.add("dtstamp", clock.now())
        if each.all_day:
            event.add("dtstart", each.at.astimezone(clock.SEOUL).date())
        else:
            # Half an hour long, ending at the deadline: a calendar shows an event without length as nothing.
            event.add("dtstart", each.at - timedelta(minutes=30))
            event.add("dtend", each.at)
        event.add("summary", each.title.en if english else each.title.ko)
        event.add("url", site(each.url))
        note = each.note.en if each.note and english else each.note.ko if each.note else ""
        event.add("description", f"{note}\n{site(each.url)}".strip())
        for before in () if each.all_day else (timedelta(days=1), timedelta(hours=3)):
            alarm = Alarm()
            alarm.add("action", "DISPLAY")
            alarm.add("trigger", -before)
            alarm.add("description", each.title.en if english else each.title.ko)
            event.add_component(alarm)
        calendar.add_component(event)
    return bytes(calendar.to_ical())
