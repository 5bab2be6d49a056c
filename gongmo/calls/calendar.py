"""A call's days as a calendar (RFC 5545) that phones and office calendars subscribe to.

Every event keeps its UID for good; its SEQUENCE is the number of the definition's version, so that an extension moves the event that is
already in somebody's calendar. Instants are given in UTC, days as days.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

from django.http import HttpResponse
from icalendar import Alarm, Calendar, Event

from gongmo.calls.models import Call, CallVersion
from gongmo.calls.queries import definition_of
from gongmo.calls.states import CallState
from gongmo.definition.model import Definition
from gongmo.kernel.clock import SEOUL
from gongmo.kernel.korean import stamp
from gongmo.parties.pages import said

Address = Callable[[Call], str]
"""The absolute address of a call's page."""
WARNING = timedelta(days=1)
"""How long before the deadline a calendar reminds."""
MOMENT = timedelta(minutes=15)
"""How long an instant is drawn."""


def of_calls(calls: Iterable[Call], name: str, address: Address) -> Calendar:
    """The calendar of these calls, whose versions' texts are at hand."""
    made = Calendar()
    made.add("prodid", "-//Gongmo//calls//KO")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    made.add("name", name)
    made.add("x-wr-calname", name)
    made.add("x-wr-timezone", "Asia/Seoul")
    made.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", "PT1H")
    for call in calls:
        if call.version is not None:
            for event in _events(call, call.version, definition_of(call), address(call)):
                made.add_component(event)
    return made


def response(made: Calendar, file_name: str) -> HttpResponse:
    """The calendar as an answer that browsers hand to the calendar program."""
    answer = HttpResponse(made.to_ical(), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'inline; filename="{file_name}"'
    return answer


def _events(call: Call, version: CallVersion, definition: Definition, page: str) -> Iterable[Event]:
    title = said(definition.short_title.ko, definition.short_title.en)
    opens = _event(call, version, "opens", said(f"{title} 접수 시작", f"{title}: intake opens"), page)
    _at(opens, call.opens_at, opening=True)
    closes = _event(call, version, "closes", said(f"{title} 접수 마감", f"{title}: intake closes"), page)
    _at(closes, call.closes_at)
    closes.add(
        "description",
        said(
            f"{stamp(call.closes_at)} (한국 시각) 전에 제출해 주세요. 그 시각에 서버가 받은 요청부터는 접수되지 않습니다.\n{page}",
            f"Submit before {stamp(call.closes_at)} (Korea time). Requests received at that instant or later do not count.\n{page}",
        ),
    )
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", -WARNING)
    alarm.add("description", said(f"내일 {title} 접수를 마감합니다", f"{title} closes tomorrow"))
    closes.add_component(alarm)
    yield opens
    yield closes
    window = (_day(call.opens_at), _day(call.closes_at))
    for milestone in definition.milestones:
        first = milestone.starts or milestone.ends
        last = milestone.ends or milestone.starts
        # The intake itself stands above, to the minute.
        if first is None or last is None or (milestone.starts, milestone.ends) == window:
            continue
        event = _event(
            call,
            version,
            f"milestone-{milestone.id}",
            f"{title} {said(milestone.name.ko, milestone.name.en)}",
            page,
        )
        event.add("dtstart", first)
        event.add("dtend", last + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
        yield event


def _event(call: Call, version: CallVersion, part: str, summary: str, page: str) -> Event:
    event = Event()
    # The instant of announcement keeps two installations' calls of one name apart.
    event.add("uid", f"{call.slug}-{call.published_at:%Y%m%d%H%M%S}-{part}@gongmo")
    event.add("sequence", version.number - 1)
    event.add("dtstamp", version.published_at)
    event.add("last-modified", version.published_at)
    event.add("summary", summary)
    event.add("url", page)
    event.add("categories", [call.operator.name])
    cancelled = call.state == CallState.CANCELLED
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    return event


def _at(event: Event, instant: datetime, *, opening: bool = False) -> None:
    """A quarter of an hour that begins at the opening, or ends at the deadline: nobody shall read it as time left."""
    event.add("dtstart", instant if opening else instant - MOMENT)
    event.add("dtend", instant + MOMENT if opening else instant)


def _day(instant: datetime) -> date:
    return instant.astimezone(SEOUL).date()
