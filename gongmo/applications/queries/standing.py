"""Where an application stands: its value, the rules' findings and what is left to do, worked out once for each state of the record.

Kept in this process under marks that no change escapes: the hashes of the newest record entries about the application and about its
organisations, the call's version and deadline, the day in Seoul. Every command appends to the record in its own transaction, so that a
changed profile, a correction notice, an arrival or a saved field each make a new mark.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from threading import Lock
from typing import Any, NamedTuple, TypeVar

from django.db.models import CharField, F, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Cast

from gongmo.applications.models import Application, Consent, Member
from gongmo.applications.paperwork import Paperwork
from gongmo.applications.policies import readable_by
from gongmo.applications.queries.documents import stale_slots
from gongmo.applications.queries.reading import refusal, visible_applications
from gongmo.applications.queries.snapshot import present_members, snapshot, submitted_value
from gongmo.applications.readiness import Obstacle, obstacles
from gongmo.applications.states import ApplicationState
from gongmo.calls.queries import definition_of
from gongmo.definition import application as plain
from gongmo.definition.model import Definition
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor, Role
from gongmo.kernel.clock import SEOUL
from gongmo.ledger.models import Entry
from gongmo.ledger.prepared import prepared
from gongmo.parties.kept import Shelf
from gongmo.parties.queries import region_table
from gongmo.rules.check import check
from gongmo.rules.finding import Finding

_KEPT = 40

T = TypeVar("T")


class _Mark(NamedTuple):
    application: int
    own: str
    organisations: str
    version: int | None
    call_state: str
    opens_at: datetime
    closes_at: datetime
    state: str
    opened: bool
    closed: bool
    today: date


@dataclass(frozen=True, slots=True)
class Standing:
    """An application's members (read only: shared between requests), value, findings, obstacles (none once submitted), and the
    consents given as member and kind. `once` keeps what pages work out of them.
    """

    members: list[Member]
    value: plain.Application
    findings: tuple[Finding, ...]
    obstacles: list[Obstacle]
    consents: frozenset[tuple[int, str]]
    pages: Shelf = field(default_factory=Shelf)
    """What was made of it for each reader (views.base.kept)."""
    _memo: dict[str, Any] = field(default_factory=dict)

    def once(self, name: str, make: Callable[[], T]) -> T:
        """What `make` answers, worked out once while nothing changes. It must be a pure function of this value."""
        if name not in self._memo:
            self._memo[name] = make()
        found: T = self._memo[name]
        return found


_known: OrderedDict[_Mark, Standing] = OrderedDict()
_lock = Lock()


def marked(actor: Actor, application_id: int, *, invited: bool = False) -> Application:
    """The application with the marks of its record, when the actor may read its content; with `invited`, when it may know of it.

    One query. Raises NotFound, or NotAllowed for an organisation that has not accepted yet.
    """
    one: Application | None = None
    if actor.organisation is None or actor.role in (Role.SYSTEM, Role.MINISTRY):
        one = _one.first(actor.role, invited, pk=application_id)
    else:
        one = _one_of.first(actor.role, invited, organisation=actor.organisation, pk=application_id)
    if one is None:
        raise refusal(actor, application_id)
    return one


@prepared
def _one(role: Role, invited: bool, /, *, pk: int) -> QuerySet[Application]:
    return _as_seen(Actor(role=role), invited).filter(pk=pk)


@prepared
def _one_of(role: Role, invited: bool, /, *, organisation: int, pk: int) -> QuerySet[Application]:
    return _as_seen(Actor(role=role, organisation=organisation), invited).filter(pk=pk)


def _as_seen(actor: Actor, invited: bool) -> QuerySet[Application]:
    found = marked_all(actor)
    return found if invited else found.filter(readable_by(actor))


def marked_all(actor: Actor) -> QuerySet[Application]:
    """Every application that the actor may see, with the marks of its record."""
    return _with_marks(visible_applications(actor))


def marked_own(actor: Actor) -> list[Application]:
    """The applications of the actor's organisation (an applicant's), invitations too, the last changed first, with their marks. One query;
    none for people without an organisation."""
    if actor.role is not Role.APPLICANT or actor.organisation is None:
        return []
    return _own(organisation=actor.organisation)


@prepared
def _own(*, organisation: int) -> QuerySet[Application]:
    actor = Actor(role=Role.APPLICANT, organisation=organisation)
    return marked_all(actor).order_by("-changed_at", "-pk")[:500]


def marks_of(applications: Iterable[Application]) -> tuple[Hashable, ...]:
    """The marks of applications that were read with them: a list of them stands as long as these do."""
    return tuple(_mark(each) for each in applications)


def _with_marks(applications: QuerySet[Application]) -> QuerySet[Application]:
    entries = Entry.objects.order_by()
    text = CharField(max_length=80)
    # Each OuterRef steps out of one query: the entry found by its number, its newest number, the members.
    own = entries.filter(subject_type="application", subject_id=Cast(OuterRef(OuterRef("pk")), text))
    # Those that left, too: pages name them.
    places = Member.objects.filter(application=OuterRef(OuterRef(OuterRef("pk"))))
    organisations = entries.filter(
        subject_type="organisation",
        subject_id__in=places.order_by().annotate(key=Cast("organisation_id", text)).values("key"),
    )

    def newest(of: QuerySet[Entry]) -> Subquery:
        last = of.values("subject_type").annotate(last=Max("sequence")).values("last")
        return Subquery(entries.filter(sequence=Subquery(last)).values("hash")[:1])

    return applications.annotate(
        own_mark=newest(own),
        organisations_mark=newest(organisations),
        changed_by_name=F("changed_by__display_name"),
    )


def standing_of(application: Application, definition: Definition | None = None) -> Standing:
    """Where an application read by `marked` stands. No query while nothing has changed, about ten else."""
    mark = _mark(application)
    with _lock:
        known = _known.get(mark)
        if known is not None:
            _known.move_to_end(mark)
            return known
    made = _made(application, definition or definition_of(application.call))
    with _lock:
        _known[mark] = made
        while len(_known) > _KEPT:
            _known.popitem(last=False)
    return made


def _mark(application: Application) -> _Mark:
    now, call = clock.now(), application.call
    return _Mark(
        application.pk,
        getattr(application, "own_mark", None) or "",
        getattr(application, "organisations_mark", None) or "",
        call.version_id,
        call.state,
        call.opens_at,
        call.closes_at,
        application.state,
        now >= call.opens_at,
        now >= call.closes_at,
        now.astimezone(SEOUL).date(),
    )


def _made(application: Application, definition: Definition) -> Standing:
    members = present_members(application)
    for member in members:
        member.application = application
    submitted = application.state == ApplicationState.SUBMITTED
    value = submitted_value(application) if submitted else snapshot(application, members=members)
    findings = check(definition, value, regions=region_table(), at=clock.now())
    left: list[Obstacle] = []
    if not submitted:
        stale = stale_slots(Paperwork(application, definition, members, value))
        left = obstacles(definition, members, findings, stale)
    given = Consent.objects.filter(member__in=members, given=True).values_list("member_id", "kind")
    return Standing(members, value, findings, left, frozenset(given))
