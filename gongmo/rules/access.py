"""What stands out in a month's access log. Pure: plain values in, findings out.

Source: 개인정보의 안전성 확보조치 기준 제8조 asks for a review at least once a month and leaves what to look for to the office's own plan; the
numbers of `Limits` are defaults and no clause.
"""

from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from gongmo.kernel.clock import SEOUL


class Oddity(StrEnum):
    """In what way accesses stand out."""

    MANY = "many"
    NIGHT = "night"
    REFUSED = "refused"
    EXPORTS = "exports"
    ADDRESSES = "addresses"


@dataclass(frozen=True, slots=True)
class Limits:
    """From where on something stands out. `many` different subjects within `minutes`; the night runs from one hour to the other in Seoul."""

    many: int = 30
    minutes: int = 10
    night_from: int = 22
    night_until: int = 6
    night: int = 10
    refused: int = 10
    exports: int = 5
    addresses: int = 4


DEFAULTS = Limits()


@dataclass(frozen=True, slots=True)
class Access:
    """One access: when, by whom (id), from where, with what, whether refused and whether a bulk download."""

    at: datetime
    person: int | None
    address: str
    subject: tuple[str, str]
    refused: bool = False
    export: bool = False


@dataclass(frozen=True, slots=True)
class Standout:
    """Something to look at: of which kind, by whom, how many, from when until when."""

    oddity: Oddity
    person: int | None
    count: int
    first: datetime
    last: datetime


def standouts(accesses: Iterable[Access], limits: Limits = DEFAULTS) -> list[Standout]:
    """What stands out in accesses that come in the order of time, by kind, person and time. One finding a person and day (or night)."""
    found: dict[tuple[Oddity, int | None, object], list[datetime]] = defaultdict(list)
    windows: dict[int | None, deque[tuple[datetime, tuple[str, str]]]] = defaultdict(deque)
    inside: dict[int | None, dict[tuple[str, str], int]] = defaultdict(lambda: defaultdict(int))
    busiest: dict[tuple[int | None, object], tuple[int, datetime, datetime]] = {}
    places: dict[tuple[int | None, object], dict[str, datetime]] = defaultdict(dict)
    span = timedelta(minutes=limits.minutes)
    for each in accesses:
        local = each.at.astimezone(SEOUL)
        day = local.date()
        if each.refused:
            found[Oddity.REFUSED, each.person, day].append(each.at)
        if each.export:
            found[Oddity.EXPORTS, each.person, day].append(each.at)
        if _at_night(local, limits):
            # A night belongs to the day on which it began.
            found[Oddity.NIGHT, each.person, (local - timedelta(hours=limits.night_until)).date()].append(
                each.at
            )
        if each.address:
            places[each.person, day].setdefault(each.address, each.at)
        window, counts = windows[each.person], inside[each.person]
        window.append((each.at, each.subject))
        counts[each.subject] += 1
        while window[0][0] < each.at - span:
            _, gone = window.popleft()
            counts[gone] -= 1
            if not counts[gone]:
                del counts[gone]
        if len(counts) >= limits.many and len(counts) > busiest.get((each.person, day), (0,))[0]:
            busiest[each.person, day] = (len(counts), window[0][0], each.at)
    least = {Oddity.REFUSED: limits.refused, Oddity.EXPORTS: limits.exports, Oddity.NIGHT: limits.night}
    told = [
        Standout(oddity, person, len(instants), instants[0], instants[-1])
        for (oddity, person, _), instants in found.items()
        if len(instants) >= least[oddity]
    ]
    told += [Standout(Oddity.MANY, person, *most) for (person, _), most in busiest.items()]
    told += [
        Standout(Oddity.ADDRESSES, person, len(seen), min(seen.values()), max(seen.values()))
        for (person, _), seen in places.items()
        if len(seen) >= limits.addresses
    ]
    order = list(Oddity)
    return sorted(told, key=lambda each: (order.index(each.oddity), each.person or 0, each.first))


def _at_night(local: datetime, limits: Limits) -> bool:
    return local.hour >= limits.night_from or local.hour < limits.night_until


def uncovered(accessors: Iterable[int], reviewers: Iterable[int]) -> set[int]:
    """Whose accesses nobody but themselves has reviewed."""
    signed = set(reviewers)
    return {each for each in accessors if not signed - {each}}
