"""Organisations and their people."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import NotFound
from gongmo.ledger.queries import Record, history
from gongmo.parties import checks, policies
from gongmo.parties.models import Grant, Invitation, InvitationPurpose, Membership, Organisation
from gongmo.parties.queries.capacities import current
from gongmo.parties.queries.people import names_of


def organisation(organisation_id: int) -> Organisation:
    """An organisation's profile: names and numbers of organisations are public. Raises NotFound."""
    found = Organisation.objects.select_related("region").filter(pk=organisation_id).first()
    if found is None:
        raise NotFound
    return found


def own_organisation(actor: Actor) -> Organisation | None:
    """The organisation for which the actor acts, None where it is none. One statement."""
    return Organisation.objects.filter(pk=actor.organisation or 0).first()


def organisation_names(organisations: Iterable[int]) -> dict[int, str]:
    """The names of organisations by their ids: they are public. One statement, none for none."""
    return dict(Organisation.objects.filter(pk__in=set(organisations)).values_list("pk", "name"))


def find_by_business_number(number: str) -> Organisation | None:
    """The organisation registered under that number (hyphens allowed), or None. Raises nothing for a wrong number."""
    wanted = checks.digits(number)
    if not checks.is_business_number(wanted):
        return None
    return Organisation.objects.select_related("region").filter(business_number=wanted).first()


def names_by_number(numbers: Iterable[str]) -> dict[str, str]:
    """The names of the organisations registered under these numbers (ten digits each), by number. One statement."""
    found = Organisation.objects.filter(business_number__in=set(numbers))
    return {number: name for number, name in found.values_list("business_number", "name") if number}


def find_organisations(words: str, *, limit: int = 20) -> list[Organisation]:
    """Organisations whose name holds the words, or whose business number these digits are; for inviting members."""
    found = _named(words)
    return [] if found is None else list(found.select_related("region").order_by("name", "pk")[:limit])


def _named(words: str) -> QuerySet[Organisation] | None:
    wanted = " ".join(words.split())
    if len(wanted) < 2:
        return None
    number = "".join(each for each in wanted if each.isdigit())
    by = Q(name__icontains=wanted)
    if len(number) == 10:
        by |= Q(business_number=number)
    return Organisation.objects.filter(by)


def all_organisations(actor: Actor, words: str = "") -> QuerySet[Organisation]:
    """Every organisation (those that the words name), with `people` (current members), for operators. Raises NotAllowed."""
    policies.may_operate.require(actor)
    found = _named(words)
    base = Organisation.objects.all() if found is None else found
    people = Count("memberships", filter=Q(memberships__until__isnull=True))
    return base.select_related("region").annotate(people=people).order_by("name", "pk")


def members(actor: Actor, organisation_id: int) -> QuerySet[Membership]:
    """Current places in an organisation. Raises NotFound for people outside it."""
    if not policies.may_see_members(actor, organisation_id):
        raise NotFound
    return (
        Membership.objects.filter(current(), organisation=organisation_id)
        .select_related("person")
        .order_by("since", "pk")
    )


def officers(actor: Actor, organisation_id: int) -> QuerySet[Grant]:
    """Current granted roles for an organisation. Raises NotFound for people outside it."""
    if not policies.may_see_members(actor, organisation_id):
        raise NotFound
    return (
        Grant.objects.filter(current(), organisation=organisation_id)
        .select_related("person")
        .order_by("since", "pk")
    )


def waiting_invitations(actor: Actor, organisation_id: int) -> QuerySet[Invitation]:
    """Invitations of people that nobody has accepted yet, run out or not, newest first. Raises NotFound for people outside."""
    if not policies.may_see_members(actor, organisation_id):
        raise NotFound
    return (
        Invitation.objects.filter(
            organisation=organisation_id,
            purpose__in=(InvitationPurpose.MEMBER, InvitationPurpose.HAND_OVER),
            accepted_at__isnull=True,
            ended_at__isnull=True,
        )
        .select_related("invited_by")
        .order_by("-made_at", "-pk")
    )


def invitations_about(topic: str, reference: str) -> QuerySet[Invitation]:
    """Invitations of organisations to one business of a floor above (its topic and reference), newest first.

    The caller has asked whether the reader may see them.
    """
    return (
        Invitation.objects.filter(topic=topic, reference=reference)
        .select_related("accepted_for")
        .order_by("-made_at", "-pk")
    )


@dataclass(frozen=True, slots=True)
class Span:
    """Somebody's place or role in an organisation: from when until when (None: still), and after whom."""

    person: str
    role: str
    granted: bool
    since: datetime
    until: datetime | None
    after: str


def spans(actor: Actor, organisation_id: int) -> list[Span]:
    """Who held which place and role in the organisation, newest first. Raises NotFound for people outside. Two statements."""
    if not policies.may_see_members(actor, organisation_id):
        raise NotFound
    found = [
        Span(
            place.person.display_name,
            place.role,
            False,
            place.since,
            place.until,
            place.follows.person.display_name
            if place.follows is not None and place.follows.person_id != place.person_id
            else "",
        )
        for place in Membership.objects.filter(organisation=organisation_id).select_related(
            "person", "follows__person"
        )
    ]
    grants = Grant.objects.filter(organisation=organisation_id).select_related("person")
    found += [
        Span(grant.person.display_name, grant.role, True, grant.since, grant.until, "") for grant in grants
    ]
    # Those who hold something now stand first.
    return sorted(
        found, key=lambda each: (each.until is None, each.until or each.since, each.since), reverse=True
    )


def organisation_history(actor: Actor, organisation_id: int, *, limit: int = 50) -> list[Record]:
    """The organisation's recorded acts, for its own people."""
    if not policies.may_see_members(actor, organisation_id):
        raise NotFound
    return history("organisation", organisation_id, limit=limit)


def names_in(records: list[Record]) -> dict[int, str]:
    """Names of the people whom the records' payloads name by their ids. One statement, none where they name nobody."""
    return names_of(
        value
        for record in records
        for name, value in record.payload.items()
        if name in ("person", "from", "to", "invited_by") and isinstance(value, int)
    )


def changed_fields(record: Record) -> dict[str, list[Any]]:
    """Fields of a profile that an act changed: [before, after] by name."""
    changed = record.payload.get("changed", {})
    return changed if isinstance(changed, dict) else {}
