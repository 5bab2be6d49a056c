"""A call seen as a whole: money by region, source and field, and what the regions set out to reach.

Only applications that were handed in count; drafts and withdrawn ones are shown as a number and nothing else of them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Q, Sum

from gongmo.applications.models import Application, BudgetCell, Kpi, Member
from gongmo.applications.states import ApplicationState, MemberState
from gongmo.awards import policies
from gongmo.awards.board import SHOWN, Board, Column, board
from gongmo.awards.models import AgreementMoney, AllocationLine, AllocationRun
from gongmo.awards.states import AgreementState
from gongmo.calls.cards import regions_of
from gongmo.calls.models import Call
from gongmo.definition.base import Text
from gongmo.definition.model import Definition
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import NotFound
from gongmo.kernel.states import Family
from gongmo.oversight.tiles import place
from gongmo.parties.models import Region

_SHOWN_FIRST = (
    Column.AGREEMENT,
    Column.NEGOTIATION,
    Column.RESERVE,
    Column.ELIGIBLE,
    Column.EXCLUSION,
    Column.SUPPLEMENT,
    Column.SUBMITTED,
    Column.STOPPED,
)
"""Which of several applications of one region gives the region its colour."""


@dataclass(slots=True)
class Money:
    """Won. `sources` and `fields` are what was applied for; `allocated` is None before an allocation, `agreed` before an agreement."""

    sources: dict[str, int] = field(default_factory=dict)
    fields: dict[str, int] = field(default_factory=dict)
    allocated: int | None = None
    agreed: dict[str, int] | None = None

    @property
    def applied(self) -> int:
        """Won applied for, of all sources and in every form."""
        return sum(self.sources.values())

    @property
    def agreed_total(self) -> int | None:
        """Won of the agreements, of all sources and in every form."""
        return None if self.agreed is None else sum(self.agreed.values())

    def add(self, other: "Money") -> None:
        """Take another sum in."""
        for mine, others in ((self.sources, other.sources), (self.fields, other.fields)):
            for key, amount in others.items():
                mine[key] = mine.get(key, 0) + amount
        if other.allocated is not None:
            self.allocated = (self.allocated or 0) + other.allocated
        if other.agreed is not None:
            agreed = self.agreed or {}
            for key, amount in other.agreed.items():
                agreed[key] = agreed.get(key, 0) + amount
            self.agreed = agreed


@dataclass(frozen=True, slots=True)
class Indicator:
    """An indicator that an applicant set itself: where it stands and where it shall go (None: not written)."""

    name: str
    unit: str
    baseline: Decimal | None
    target: Decimal | None
    measured_by: str


@dataclass(frozen=True, slots=True)
class Handed:
    """One application that was handed in."""

    pk: int
    title: str
    lead: str
    column: Column
    note: Text
    at: datetime | None
    members: int
    money: Money
    indicators: tuple[Indicator, ...]

    @property
    def state(self) -> tuple[Text, Family]:
        """The word and the family of colour of where it stands."""
        return SHOWN[self.column]


@dataclass(slots=True)
class Place:
    """One region: whether the call admits it, its tile, and what came from there."""

    code: str
    name: Text
    admitted: bool
    column: int
    row: int
    applications: list[Handed] = field(default_factory=list)
    unfinished: int = 0
    """Drafts and withdrawn applications; nothing else of them is told."""
    money: Money = field(default_factory=Money)

    @property
    def standing(self) -> tuple[Text, Family]:
        """The word and the family of colour of the furthest application."""
        for column in _SHOWN_FIRST:
            if any(one.column is column for one in self.applications):
                return SHOWN[column]
        if not self.admitted:
            return Text(ko="대상 아님", en="Not admitted"), Family.PREPARING
        return Text(ko="신청 없음", en="No application"), Family.PREPARING


@dataclass(frozen=True, slots=True)
class Overview:
    """A call as a whole. `elsewhere` stands for applications whose lead belongs to no region."""

    call: Call
    definition: Definition
    board: Board
    places: tuple[Place, ...]
    elsewhere: Place | None
    money: Money

    @property
    def handed_in(self) -> list[tuple[Place, Handed]]:
        """Every application that was handed in, with its region."""
        places = self.places if self.elsewhere is None else (*self.places, self.elsewhere)
        return [(one, each) for one in places for each in one.applications]

    @property
    def standings(self) -> list[tuple[Text, Family, int]]:
        """How many of those that were handed in stand where: word, family of colour, count, in the board's order."""
        held = [each.column for _, each in self.handed_in]
        return [
            (lane.name, lane.family, held.count(lane.column))
            for lane in self.board.lanes
            if lane.column in held
        ]

    @property
    def unfinished(self) -> int:
        """Drafts and withdrawn applications, which count nowhere else."""
        places = self.places if self.elsewhere is None else (*self.places, self.elsewhere)
        return sum(one.unfinished for one in places)

    def place(self, code: str) -> Place:
        """The region with that code. Raises NotFound."""
        for one in self.places:
            if one.code == code:
                return one
        raise NotFound


def overview(actor: Actor, call: Call) -> Overview:
    """The call for its operator or the ministry. Raises NotFound for everybody else.

    The number of statements depends neither on applications nor on regions.
    """
    if not policies.oversee(actor, call):
        raise NotFound
    standing = board(actor, call)
    cards = {card.application: (lane.column, card) for lane in standing.lanes for card in lane.cards}
    definition = standing.definition
    money = _money(call)
    indicators = _indicators(call)
    regions = _regions(call, definition)
    elsewhere = Place("", Text(ko="지역 없음", en="No region"), True, -1, -1)
    total = Money()
    for application in _applications(call):
        where = regions.get(application.region_id or "", elsewhere)
        column, card = cards[application.pk]
        if application.state != ApplicationState.SUBMITTED:
            where.unfinished += 1
            continue
        own = money.get(application.pk, Money())
        where.applications.append(
            Handed(
                application.pk,
                application.title,
                application.lead.name,
                column,
                card.note,
                card.at,
                getattr(application, "member_count", 0),
                own,
                tuple(indicators.get(application.pk, ())),
            )
        )
        where.money.add(own)
        total.add(own)
    return Overview(
        call=call,
        definition=definition,
        board=standing,
        places=tuple(regions.values()),
        elsewhere=elsewhere if elsewhere.applications or elsewhere.unfinished else None,
        money=total,
    )


def _applications(call: Call) -> Iterable[Application]:
    present = Q(members__state=MemberState.ACCEPTED)
    return (
        Application.objects.filter(call=call)
        .select_related("lead")
        .only("pk", "title", "state", "region_id", "lead__name", "call_id")
        .annotate(member_count=Count("members", filter=present))
        .order_by("pk")
    )


def _regions(call: Call, definition: Definition) -> dict[str, Place]:
    """The regions there are on the call's closing day, and those of its applications that have ended since."""
    day = call.closes_at.astimezone(clock.SEOUL).date()
    admitted = set(regions_of(definition, call.parent_region))
    found: dict[str, Place] = {}
    taken: set[tuple[int, int]] = set()
    valid = Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gte=day))
    for region in Region.objects.filter(valid | Q(applications__call=call)).distinct():
        column, row = place(region.code, taken)
        taken.add((column, row))
        found[region.code] = Place(
            region.code,
            Text(ko=region.ko, en=region.en),
            not admitted or region.code in admitted,
            column,
            row,
        )
    return found


def _money(call: Call) -> dict[int, Money]:
    """Money by application: three statements."""
    found: dict[int, Money] = {}
    cells = (
        BudgetCell.objects.filter(application__call=call, application__state=ApplicationState.SUBMITTED)
        .order_by()
        .values_list("application", "source", "field")
        .annotate(won=Sum("amount"))
    )
    for pk, source, support, won in cells:
        own = found.setdefault(pk, Money())
        own.sources[source] = own.sources.get(source, 0) + won
        own.fields[support] = own.fields.get(support, 0) + won
    newest = AllocationRun.objects.filter(call=call).order_by("-number").values("pk")[:1]
    for pk, won in AllocationLine.objects.filter(run__in=newest).values_list("application", "amount"):
        found.setdefault(pk, Money()).allocated = won
    agreed = (
        AgreementMoney.objects.filter(agreement__call=call)
        .exclude(agreement__state=AgreementState.TERMINATED)
        .order_by()
        .values_list("agreement__application", "source")
        .annotate(won=Sum("amount"))
    )
    for pk, source, won in agreed:
        own = found.setdefault(pk, Money())
        own.agreed = {**(own.agreed or {}), source: won}
    return found


def _indicators(call: Call) -> dict[int, list[Indicator]]:
    found: dict[int, list[Indicator]] = {}
    rows = Kpi.objects.filter(application__call=call, application__state=ApplicationState.SUBMITTED)
    for row in rows.exclude(name=""):
        found.setdefault(row.application_id, []).append(
            Indicator(row.name, row.unit, row.baseline, row.target, row.measured_by)
        )
    return found


@dataclass(frozen=True, slots=True)
class Participant:
    """An organisation that joined, by name and role."""

    name: str
    role: str


def participants(actor: Actor, call: Call, code: str) -> dict[int, list[Participant]]:
    """Who takes part in the applications that a region handed in, by application. Raises NotFound for those who may not oversee."""
    if not policies.oversee(actor, call):
        raise NotFound
    found: dict[int, list[Participant]] = {}
    members = (
        Member.objects.filter(
            application__call=call,
            application__region=code,
            application__state=ApplicationState.SUBMITTED,
            state=MemberState.ACCEPTED,
        )
        .select_related("organisation")
        .order_by("application", "pk")
    )
    for member in members:
        found.setdefault(member.application_id, []).append(Participant(member.organisation.name, member.role))
    return found
