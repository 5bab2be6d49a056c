"""How the service is for everyone, in one word: from measured facts, and from what operators say of their own accord."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import DatabaseError
from django.db.models import Q

from gongmo.definition.base import Text
from gongmo.kernel import clock
from gongmo.kernel.states import Family
from gongmo.operation import pace, probes
from gongmo.operation.figures import Remembered, queue
from gongmo.operation.models import Announcement, Kind

SLOW_DATABASE = 0.5
"""Seconds for the smallest question, above which everything is slow."""
SLOW_PAGES = 1.5
"""Seconds that half of the last minute's pages took or more."""
LATE_TASKS = 180.0
"""Seconds that mail and notices may wait before it is said."""
LATE_ALONE = 30.0
"""The same where no worker lives."""
AHEAD = timedelta(days=7)
"""How long before it begins a notice is shown."""


class Level(StrEnum):
    """From best to worst."""

    FINE = "fine"
    SLOW = "slow"
    MAINTENANCE = "maintenance"
    TROUBLE = "trouble"


WORDS: dict[Level, tuple[Text, Family]] = {
    Level.FINE: (Text(ko="서비스 정상", en="All is well"), Family.DONE),
    Level.SLOW: (Text(ko="느림", en="Slow"), Family.ATTENTION),
    Level.MAINTENANCE: (Text(ko="점검", en="Maintenance"), Family.PROGRESS),
    Level.TROUBLE: (Text(ko="장애", en="Out of order"), Family.STOPPED),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that was looked at: how it is, in a sentence for everyone."""

    name: Text
    level: Level
    told: Text


@dataclass(frozen=True, slots=True)
class Told:
    """A notice as everyone reads it."""

    pk: int
    kind: Kind
    text: Text
    begins_at: datetime
    ends_at: datetime | None
    coming: bool


@dataclass(frozen=True, slots=True)
class Service:
    """The whole: the worst of the facts and of the notices in force."""

    level: Level
    facts: tuple[Fact, ...]
    notices: tuple[Told, ...]
    at: datetime


_ORDER = list(Level)
_OF_KIND = {Kind.SLOW: Level.SLOW, Kind.MAINTENANCE: Level.MAINTENANCE}
_FINE = Text(ko="정상입니다.", en="Well.")


def measured() -> Service:
    """Look at everything. Never raises for what does not work: that is what is told."""
    now = clock.now()
    seconds = probes.database_seconds()
    if seconds is not None and seconds > SLOW_DATABASE:
        # The first question of a process also opens the connection: that is no sample.
        seconds = probes.database_seconds()
    facts = [_database(seconds), _pages()]
    notices: tuple[Told, ...] = ()
    stored = probes.storage_now()
    facts.append(
        Fact(
            Text(ko="파일 저장", en="Files"),
            Level.FINE if stored.error is None else Level.TROUBLE,
            _FINE
            if stored.error is None
            else Text(
                ko="파일을 올리거나 받을 수 없습니다. 적은 내용은 저장됩니다.",
                en="Files cannot be sent or fetched. What you type is saved.",
            ),
        )
    )
    if seconds is not None:
        try:
            facts.append(_tasks())
            notices = told(now)
        except DatabaseError:
            facts[0] = _database(None)
    levels = [each.level for each in facts]
    levels += [_OF_KIND[each.kind] for each in notices if not each.coming and each.kind in _OF_KIND]
    return Service(max(levels, key=_ORDER.index), tuple(facts), notices, now)


def told(now: datetime) -> tuple[Told, ...]:
    """The notices in force and those that begin within a week. One statement."""
    rows = Announcement.objects.filter(
        Q(ends_at__isnull=True) | Q(ends_at__gt=now), withdrawn_at__isnull=True, begins_at__lte=now + AHEAD
    ).order_by("begins_at", "pk")
    return tuple(
        Told(
            row.pk,
            Kind(row.kind),
            Text(ko=row.text_ko, en=row.text_en or row.text_ko),
            row.begins_at,
            row.ends_at,
            row.begins_at > now,
        )
        for row in rows
    )


def _database(seconds: float | None) -> Fact:
    name = Text(ko="저장과 제출", en="Saving and submitting")
    if seconds is None:
        return Fact(
            name,
            Level.TROUBLE,
            Text(
                ko="지금은 저장하거나 제출할 수 없습니다. 이미 저장된 내용은 그대로 있습니다.",
                en="Nothing can be saved or submitted now. What was saved is safe.",
            ),
        )
    if seconds > SLOW_DATABASE:
        return Fact(name, Level.SLOW, Text(ko="평소보다 오래 걸립니다.", en="It takes longer than usual."))
    return Fact(name, Level.FINE, _FINE)


def _pages() -> Fact:
    usual = pace.median()
    slow = usual is not None and usual > SLOW_PAGES
    return Fact(
        Text(ko="화면", en="Pages"),
        Level.SLOW if slow else Level.FINE,
        Text(
            ko="이용자가 많아 화면이 늦게 열립니다. 저장과 제출을 먼저 처리합니다.",
            en="Many people are here and pages open slowly. Saving and submitting go first.",
        )
        if slow
        else _FINE,
    )


def _tasks() -> Fact:
    found = queue()
    # What waited while this server was off says nothing of how it goes now: it counts from the start on.
    waited = min(found.late, probes.up_seconds())
    late = waited > (LATE_TASKS if found.workers.alive else LATE_ALONE)
    return Fact(
        Text(ko="메일과 알림", en="Mail and notices"),
        Level.SLOW if late else Level.FINE,
        Text(
            ko="메일과 알림이 늦어지고 있습니다. 제출과 마감에는 영향이 없습니다.",
            en="Mail and notices are late. Submitting and deadlines are not affected.",
        )
        if late
        else _FINE,
    )


service = Remembered(measured, 5)
"""The service as looked at within the last five seconds."""


def forget() -> None:
    """Look again when next asked (a notice was put up or taken down)."""
    service.forget()
