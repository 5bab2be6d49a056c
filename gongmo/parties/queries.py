"""Reading regions, organisations and the capacities in which a person may act."""

from datetime import date

from django.db.models import Q, QuerySet

from gongmo.kernel import clock
from gongmo.kernel.actor import Actor, OrganisationRole, Role
from gongmo.kernel.errors import NotAllowed, NotFound
from gongmo.ledger.queries import Record, history
from gongmo.parties import policies
from gongmo.parties.models import Grant, Membership, Organisation, Person, Region
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


def region_table() -> RegionTable:
    """All regions as the value that rules take. One statement."""
    rows = Region.objects.values("code", "ko", "en", "kind", "valid_from", "valid_to", "successor_id")
    return RegionTable.from_rows(
        {**row, "successors": [row["successor_id"]] if row["successor_id"] else []} for row in rows
    )


# --- Capacities -----------------------------------------------------------------------------------------------------
def _current() -> Q:
    now = clock.now()
    return Q(since__lte=now) & (Q(until__isnull=True) | Q(until__gt=now))


def capacities(person: Person, *, origin: str = "web", address: str = "") -> dict[str, Actor]:
    """Every capacity in which the person may act now, by a stable key ("grant-3", "membership-7"). Two statements.

    Granted roles come first, then organisations, each in the order in which they began.
    """
    if not person.is_active:
        return {}
    found: dict[str, Actor] = {}
    grants = Grant.objects.filter(_current(), person=person).select_related("organisation")
    for grant in grants.order_by("since", "pk"):
        found[f"grant-{grant.pk}"] = Actor(
            role=Role(grant.role),
            person=person.pk,
            name=person.display_name,
            organisation=grant.organisation_id,
            organisation_name=grant.organisation.name if grant.organisation else "",
            origin=origin,
            address=address,
        )
    places = Membership.objects.filter(_current(), person=person).select_related("organisation")
    for membership in places.order_by("since", "pk"):
        found[f"membership-{membership.pk}"] = Actor(
            role=Role.APPLICANT,
            person=person.pk,
            name=person.display_name,
            organisation=membership.organisation_id,
            organisation_name=membership.organisation.name,
            organisation_role=OrganisationRole(membership.role),
            origin=origin,
            address=address,
        )
    return found


def places_of(person: Person) -> QuerySet[Membership]:
    """The person's current places in organisations."""
    return (
        Membership.objects.filter(_current(), person=person)
        .select_related("organisation")
        .order_by("since", "pk")
    )


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


# --- Organisations and their people ---------------------------------------------------------------------------------
def organisation(organisation_id: int) -> Organisation:
    """An organisation's profile: names and numbers of organisations are public. Raises NotFound."""
    found = Organisation.objects.select_related("region").filter(pk=organisation_id).first()
    if found is None:
        raise NotFound
    return found


def find_organisations(words: str, *, limit: int = 20) -> list[Organisation]:
    """Organisations whose name holds the words, or whose business number these digits are; for inviting members."""
    wanted = " ".join(words.split())
    if len(wanted) < 2:
        return []
    number = "".join(each for each in wanted if each.isdigit())
    by = Q(name__icontains=wanted)
    if len(number) == 10:
        by |= Q(business_number=number)
    return list(Organisation.objects.filter(by).select_related("region").order_by("name", "pk")[:limit])


def members(actor: Actor, organisation_id: int) -> QuerySet[Membership]:
    """Current places in an organisation. Raises NotFound for people outside it."""
    if not policies.may_see_members(actor, organisation_id):
        raise NotFound
    return (
        Membership.objects.filter(_current(), organisation=organisation_id)
        .select_related("person")
        .order_by("since", "pk")
    )


def organisation_history(actor: Actor, organisation_id: int, *, limit: int = 50) -> list[Record]:
    """The organisation's recorded acts, for its own people."""
    if not policies.may_see_members(actor, organisation_id):
        raise NotFound
    return history("organisation", organisation_id, limit=limit)
