"""Regions, and the capacities in which a person may act."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import F, FilteredRelation, Q, QuerySet, Value

from gongmo.kernel import clock
from gongmo.kernel.actor import Actor, OrganisationRole, Role
from gongmo.kernel.errors import NotAllowed, NotFound
from gongmo.ledger.prepared import prepared
from gongmo.parties.models import Grant, Membership, Person, Region
from gongmo.rules.regions import RegionTable


# --- Regions --------------------------------------------------------------------------------------------------------
def region(code: str) -> Region:
    """The region of that code, valid or not. Raises NotFound."""
    found = Region.objects.filter(pk=code).first()
    if found is None:
        raise NotFound
    return found


def regions_on(day: date) -> QuerySet[Region]:
    """Regions that exist on that day."""
    return Region.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)


def standing_regions() -> list[Region]:
    """Regions of which no last day is known. One statement."""
    return list(Region.objects.filter(valid_to__isnull=True))


def region_table() -> RegionTable:
    """All regions as the value that rules take. One statement."""
    return RegionTable.from_rows(
        {**dict(zip(_REGION, row, strict=False)), "successors": [row[-1]] if row[-1] else []}
        for row in _regions()
    )


_REGION = ("code", "ko", "en", "kind", "valid_from", "valid_to")


@prepared
def _regions() -> QuerySet[Region, tuple[Any, ...]]:
    return Region.objects.values_list(*_REGION, "successor_id")


# --- Capacities -----------------------------------------------------------------------------------------------------
def current(at: datetime | None = None, of: str = "") -> Q:
    """Places and roles that are held now, or at that instant; `of`: the way to them ("grants__")."""
    now = at or clock.now()
    since, until = f"{of}since", f"{of}until"
    return Q(**{f"{since}__lte": now}) & (Q(**{f"{until}__isnull": True}) | Q(**{f"{until}__gt": now}))


class Holding(NamedTuple):
    """A role that was granted, or a place in an organisation."""

    granted: bool
    pk: int
    role: str
    organisation: int | None
    organisation_name: str | None
    since: datetime


_OF = ("pk", "role", "organisation_id", "organisation__name", "since")


def with_holdings(people: QuerySet[Person], now: datetime) -> QuerySet[Person]:
    """People with what they hold at an instant, in the statement that reads them: a row for each pair of a role and a place
    (`holdings_in` takes them)."""
    found = people.annotate(
        held_grants=FilteredRelation("grants", condition=current(now, "grants__")),
        held_places=FilteredRelation("memberships", condition=current(now, "memberships__")),
    )
    return found.annotate(
        **{f"grant_{name}": F(f"held_grants__{name}") for name in _OF},
        **{f"place_{name}": F(f"held_places__{name}") for name in _OF},
    )


def holdings_in(rows: Iterable[Person]) -> tuple[Holding, ...]:
    """What one person holds, from the rows of `with_holdings`: roles first, then places, each in the order in which they began."""
    found = {
        Holding(kind == "grant", *(getattr(row, f"{kind}_{name}") for name in _OF))
        for row in rows
        for kind in ("grant", "place")
        if getattr(row, f"{kind}_pk") is not None
    }
    return tuple(sorted(found, key=lambda each: (not each.granted, each.since, each.pk)))


def capacities(
    person: Person, *, origin: str = "web", address: str = "", held: Iterable[Holding] | None = None
) -> dict[str, Actor]:
    """Every capacity in which the person may act now, by a stable key ("grant-3", "membership-7"). One statement; none with `held`, what
    was read with the person.

    Granted roles come first, then organisations, each in the order in which they began.
    """
    if not person.is_active:
        return {}
    found: dict[str, Actor] = {}
    for granted, pk, role, organisation, name, _ in (
        _held(person=person.pk, now=clock.now()) if held is None else held
    ):
        found[f"{'grant' if granted else 'membership'}-{pk}"] = Actor(
            role=Role(role) if granted else Role.APPLICANT,
            person=person.pk,
            name=person.display_name,
            organisation=organisation,
            organisation_name=name or "",
            organisation_role=None if granted else OrganisationRole(role),
            origin=origin,
            address=address,
        )
    return found


# Plain columns instead of whole rows with their organisations.
@prepared
def _held(
    *, person: int, now: datetime
) -> QuerySet[Grant, tuple[bool, int, str, int | None, str | None, datetime]]:
    columns = ("granted", "pk", "role", "organisation_id", "organisation__name", "since")
    grants = Grant.objects.filter(current(now), person=person).annotate(granted=Value(True))
    places = Membership.objects.filter(current(now), person=person).annotate(granted=Value(False))
    both = grants.order_by().values_list(*columns).union(places.order_by().values_list(*columns), all=True)
    return both.order_by("-granted", "since", "pk")


def capacity_after(person: Person, key: str) -> str | None:
    """The key of the place that followed a place which ended (its role was changed), where the person still holds it. One statement."""
    kind, _, number = key.partition("-")
    if kind != "membership" or not number.isdecimal():
        return None
    # A place may have been changed several times since the key was chosen.
    organisations = Membership.objects.filter(pk=int(number), person=person).values("organisation")
    found = (
        Membership.objects.filter(
            current(), person=person, organisation__in=organisations, follows__person=person
        )
        .values_list("pk", flat=True)
        .first()
    )
    return None if found is None else f"membership-{found}"


def places_of(person: Person) -> QuerySet[Membership]:
    """The person's current places in organisations."""
    return (
        Membership.objects.filter(current(), person=person)
        .select_related("organisation")
        .order_by("since", "pk")
    )


def place_in(actor: Actor, organisation_id: int) -> Membership | None:
    """The acting person's own current place in an organisation, or None. One statement."""
    return Membership.objects.filter(
        organisation=organisation_id, person=actor.person, until__isnull=True
    ).first()


def actors_of(person: Person, *, origin: str = "web", address: str = "") -> list[Actor]:
    """The capacities in which the person may act now."""
    return list(capacities(person, origin=origin, address=address).values())


def actor_for(
    person: Person, role: Role, organisation_id: int | None = None, *, origin: str = "web"
) -> Actor:
    """The person in that role (for that organisation where one is named). Raises NotAllowed when they do not hold it."""
    for actor in actors_of(person, origin=origin):
        if actor.role is role and (organisation_id is None or actor.organisation == organisation_id):
            return actor
    raise NotAllowed("parties.capacity", "이 역할로 일할 권한이 없습니다.", "You do not hold this role.")
