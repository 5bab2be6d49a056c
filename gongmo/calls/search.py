"""Finding calls: words, filters, order, counts. The page, the feeds, the calendar and the JSON listing all ask here."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from threading import Lock
from urllib.parse import urlencode

from django.db.models import Case, Count, DateTimeField, F, IntegerField, Q, QuerySet, Value, When

from gongmo.calls import marks
from gongmo.calls.cards import folded, item_in, items_of
from gongmo.calls.models import Call, Card, Notice
from gongmo.calls.queries import visible_calls
from gongmo.calls.states import CallState
from gongmo.definition.base import OrganisationKind, Text
from gongmo.definition.wording import KINDS
from gongmo.kernel.actor import Actor
from gongmo.parties.queries import region_table

SOON = timedelta(days=7)
"""From when on a call counts as closing soon."""
PER_PAGE = 20
FARTHEST = 1000
"""The last page that is answered; a larger number shows it."""
WORDS, LETTERS = 8, 100
"""So many words of a search are used, of so many letters together."""

STATES = ("open", "soon", "coming", "over")
SORTS = ("closing", "newest")
NAMES = ("q", "state", "region", "field", "programme", "office", "who", "sort", "page")
"""The parameters of the list's address."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader asked for. Anything that is not a known choice counts as not asked."""

    q: str = ""
    state: str = ""
    region: str = ""
    field: str = ""
    programme: str = ""
    office: str = ""
    who: str = ""
    sort: str = "closing"
    page: int = 1

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "Wanted":
        """From an address. Odd values are dropped, never refused: a stranger's link must lead somewhere."""
        text = {name: " ".join(given.get(name, "").split())[:LETTERS] for name in NAMES}
        number = text["page"]
        page = (
            min(int(number), FARTHEST) if number.isascii() and number.isdecimal() and len(number) < 9 else 1
        )
        return cls(
            q=text["q"],
            state=text["state"] if text["state"] in STATES else "",
            region=text["region"],
            field=text["field"],
            programme=text["programme"],
            office=text["office"],
            who=text["who"] if text["who"] in {kind.value for kind in OrganisationKind} else "",
            sort=text["sort"] if text["sort"] in SORTS else "closing",
            page=max(1, page),
        )

    def address(self, **changed: object) -> str:
        """The query that asks for this, with some parts changed: "?q=…", "" for nothing. The page begins anew unless it is named."""
        asked = replace(self, **{"page": 1, **changed})  # type: ignore[arg-type]
        plain = Wanted()
        parts = {
            each.name: getattr(asked, each.name)
            for each in fields(asked)
            if getattr(asked, each.name) != getattr(plain, each.name)
        }
        return f"?{urlencode(parts)}" if parts else ""

    @property
    def narrows(self) -> bool:
        """Whether anything but order and page was asked for."""
        return replace(self, sort="closing", page=1) != Wanted()


def matching(actor: Actor, wanted: Wanted) -> QuerySet[Call]:
    """The calls that fit everything asked but the state."""
    found = visible_calls(actor).select_related("card")
    for word in wanted.q.split()[:WORDS]:
        if folded(word):
            found = found.filter(card__search__contains=folded(word))
    if wanted.region:
        # A call that names no region is for every region.
        found = found.filter(Q(card__regions="") | Q(card__regions__contains=item_in(wanted.region)))
    for value, column in ((wanted.field, "supports"), (wanted.office, "offices"), (wanted.who, "kinds")):
        if value:
            found = found.filter(**{f"card__{column}__contains": item_in(value)})
    if wanted.programme:
        found = found.filter(programme=wanted.programme)
    return found


def in_state(state: str, now: datetime) -> Q:
    """Calls in one of STATES at an instant, everything for ""."""
    alive = Q(state__in=(CallState.PUBLISHED, CallState.CLOSED))
    is_open = alive & Q(opens_at__lte=now, closes_at__gt=now)
    if state == "open":
        return is_open
    if state == "soon":
        return is_open & Q(closes_at__lte=now + SOON)
    if state == "coming":
        return Q(state=CallState.PUBLISHED, opens_at__gt=now)
    if state == "over":
        return ~is_open & ~Q(state=CallState.PUBLISHED, opens_at__gt=now)
    return Q()


def ordered(calls: QuerySet[Call], sort: str, now: datetime) -> QuerySet[Call]:
    """Open ones first, the one that closes next on top, then those to come, then the others, the latest first; or simply the newest first."""
    if sort == "newest":
        return calls.order_by("-published_at", "-pk")
    rank = Case(
        When(in_state("open", now), then=Value(0)),
        When(in_state("coming", now), then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    # Those that are over stand by their end, the latest first; the others by what comes next.
    next_instant = Case(
        When(in_state("open", now), then=F("closes_at")),
        When(in_state("coming", now), then=F("opens_at")),
        default=None,
        output_field=DateTimeField(),
    )
    return calls.annotate(rank=rank, next_instant=next_instant).order_by(
        "rank", "next_instant", "-closes_at", "-pk"
    )


@dataclass(frozen=True, slots=True)
class Found:
    """One page of calls with the counts of every state under the other filters ("" for all)."""

    calls: list[Call]
    counts: dict[str, int]
    page: int
    pages: int


def find(actor: Actor, wanted: Wanted, now: datetime) -> Found:
    """The page asked for; the last one where there are fewer. Two statements."""
    calls = matching(actor, wanted)
    counted = calls.order_by().aggregate(
        **{
            f"n_{state or 'all'}": Count("pk", filter=in_state(state, now)) if state else Count("pk")
            for state in ("", *STATES)
        }
    )
    counts = {state: int(counted[f"n_{state or 'all'}"]) for state in ("", *STATES)}
    pages = max(1, -(-counts[wanted.state] // PER_PAGE))
    page = min(wanted.page, pages)
    shown = ordered(calls.filter(in_state(wanted.state, now)), wanted.sort, now)
    # What a list does not show is not read.
    shown = shown.defer(
        "version__definition", "version__announcement_ko", "version__announcement_en", "card__search"
    )
    return Found(list(shown[(page - 1) * PER_PAGE : page * PER_PAGE]), counts, page, pages)


def news(actor: Actor, wanted: Wanted, now: datetime, *, limit: int) -> list[Notice]:
    """Notices of the calls that fit, the newest first, at most `limit`, each with its call, operator and card. One statement."""
    fitting = matching(actor, wanted).filter(in_state(wanted.state, now))
    return list(
        Notice.objects.filter(call__in=fitting.order_by().values("pk"))
        .select_related("call", "call__operator", "call__card")
        .order_by("-published_at", "-pk")[:limit]
    )


def dated(actor: Actor, wanted: Wanted, now: datetime, *, limit: int) -> list[Call]:
    """The calls that fit (the open and the coming ones where no state is asked for), at most `limit`, the next to close first, with the
    whole text of their versions. One statement."""
    state = in_state(wanted.state, now) if wanted.state else in_state("open", now) | in_state("coming", now)
    return list(ordered(matching(actor, wanted).defer(None).filter(state), "closing", now)[:limit])


def instants(now: datetime) -> list[datetime]:
    """When a list says something else by itself: intakes that open, close, or come to close soon. One statement."""
    rows = Call.objects.filter(closes_at__gt=now).values_list("opens_at", "closes_at")
    return [each for opens, closes in rows for each in (opens, closes, closes - SOON)]


@dataclass(frozen=True, slots=True)
class Choices:
    """What the filters offer: values with their names, only such as lead to some call."""

    regions: tuple[tuple[str, Text], ...]
    fields: tuple[tuple[str, Text], ...]
    programmes: tuple[tuple[str, Text], ...]
    offices: tuple[tuple[str, Text], ...]
    kinds: tuple[tuple[str, Text], ...]


_lock = Lock()
_choices: tuple[str, Choices] | None = None


def choices() -> Choices:
    """The filters' choices. Kept in memory until a call changes."""
    global _choices
    mark = marks.standing().value
    with _lock:
        if _choices is not None and mark and _choices[0] == mark:
            return _choices[1]
    made = _read_choices()
    with _lock:
        _choices = (mark, made)
    return made


def _read_choices() -> Choices:
    found: dict[str, dict[str, Text]] = {
        name: {} for name in ("regions", "supports", "programmes", "offices", "kinds")
    }
    rows = Card.objects.order_by("-call__published_at").values_list(
        "regions", "supports", "offices", "kinds", "call__programme", "short_ko", "short_en"
    )
    for regions, supports, offices, kinds, programme, short_ko, short_en in rows:
        for name, items in (
            ("regions", regions),
            ("supports", supports),
            ("offices", offices),
            ("kinds", kinds),
        ):
            for item in items_of(items):
                found[name].setdefault(item, Text(ko=item, en=item))
        if short_ko:
            found["programmes"].setdefault(programme, Text(ko=short_ko, en=short_en or short_ko))
    names = {code: region.name for code, region in region_table().regions.items()}
    places = sorted((names.get(code, text).ko, code) for code, text in found["regions"].items())
    return Choices(
        regions=tuple((code, names.get(code, Text(ko=code, en=code))) for _, code in places),
        fields=tuple(sorted(found["supports"].items())),
        programmes=tuple(sorted(found["programmes"].items(), key=lambda item: item[1].ko)),
        offices=tuple(sorted(found["offices"].items())),
        kinds=tuple((kind.value, KINDS[kind]) for kind in OrganisationKind if kind.value in found["kinds"]),
    )
