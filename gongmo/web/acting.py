"""From a signed-in person to the `Actor` that every command receives."""

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest

from gongmo.kernel import clock
from gongmo.kernel.actor import PUBLIC, Actor, OrganisationRole, Role
from gongmo.parties.models import Grant, Membership

SESSION_KEY = "gongmo_capacity"


def address_of(request: HttpRequest) -> str:
    """The caller's network address. The header of a proxy is believed only behind one (GONGMO_BEHIND_PROXY)."""
    if settings.GONGMO_PROXIES:
        forwarded = request.headers.get("X-Forwarded-For", "")
        if forwarded:
            # The last entry is the one that our own proxy wrote.
            return forwarded.rsplit(",", 1)[-1].strip()
    return str(request.META.get("REMOTE_ADDR", ""))


def capacities(person_id: int, name: str) -> dict[str, Actor]:
    """Every capacity in which the person may act now, by a stable key ("grant-3", "membership-7"): offices first, then
    organisations, each in the order in which they began.
    """
    now = clock.now()
    current = Q(since__lte=now) & (Q(until__isnull=True) | Q(until__gt=now))
    found: dict[str, Actor] = {}
    grants = (
        Grant.objects.filter(current, person_id=person_id)
        .select_related("organisation")
        .order_by("since", "id")
    )
    for grant in grants:
        found[f"grant-{grant.pk}"] = Actor(
            role=Role(grant.role),
            person=person_id,
            name=name,
            organisation=grant.organisation_id,
            organisation_name=grant.organisation.name if grant.organisation else "",
        )
    memberships = (
        Membership.objects.filter(current, person_id=person_id)
        .select_related("organisation")
        .order_by("since", "id")
    )
    for membership in memberships:
        found[f"membership-{membership.pk}"] = Actor(
            role=Role.APPLICANT,
            person=person_id,
            name=name,
            organisation=membership.organisation_id,
            organisation_name=membership.organisation.name,
            organisation_role=OrganisationRole(membership.role),
        )
    return found


def actor_of(request: HttpRequest) -> Actor:
    """Who acts in this request: the public for visitors; else the capacity chosen in this session, or the first.

    A signed-in person without any office or organisation acts as an applicant for none.
    """
    user = request.user
    address = address_of(request)
    if not user.is_authenticated:
        return Actor(role=PUBLIC.role, origin="web", address=address)
    name = user.display_name
    held = capacities(user.pk, name)
    chosen = held.get(request.session.get(SESSION_KEY, "")) or next(iter(held.values()), None)
    if chosen is None:
        chosen = Actor(role=Role.APPLICANT, person=user.pk, name=name)
    return Actor(
        role=chosen.role,
        person=chosen.person,
        name=chosen.name,
        organisation=chosen.organisation,
        organisation_name=chosen.organisation_name,
        organisation_role=chosen.organisation_role,
        origin="web",
        address=address,
    )
