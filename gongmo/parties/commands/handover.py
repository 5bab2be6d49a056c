"""Handing everything over to another person in one act (인수인계)."""

from django.db import transaction

from gongmo.kernel import clock
from gongmo.kernel.actor import Actor, OrganisationRole
from gongmo.kernel.errors import Refused
from gongmo.ledger import commands as ledger
from gongmo.parties import policies
from gongmo.parties.commands.leaving import leave
from gongmo.parties.commands.places import active_person, locked_organisation
from gongmo.parties.models import Grant, Membership


def hand_over(
    *, actor: Actor, organisation_id: int, from_person_id: int, to_person_id: int
) -> Membership | None:
    """Move everything that one person holds in an organisation (place and granted roles) to another, from now on, in one act.

    What belongs to the organisation (applications, reviews, agreements) goes on as it is; what the first person did stays theirs in the
    record. A taker who is a member already keeps the place that may do more. Returns the taker's new place, None where only roles moved.
    Raises NotAllowed, NotFound, and Refused when nothing is held or the two places cannot be one.
    """
    with transaction.atomic():
        locked_organisation(organisation_id)
        policies.may_hand_over.require(actor, organisation_id, from_person_id)
        return hand_over_to(
            actor=actor,
            organisation_id=organisation_id,
            from_person_id=from_person_id,
            to_person_id=to_person_id,
        )


def hand_over_to(
    *, actor: Actor, organisation_id: int, from_person_id: int, to_person_id: int
) -> Membership | None:
    """Write a hand-over and its entry; the caller has asked who may, holds the organisation's lock, and is inside a transaction."""
    taker, now = active_person(to_person_id), clock.now()
    places = {
        place.person_id: place
        for place in Membership.objects.select_for_update().filter(
            organisation=organisation_id, person__in=(from_person_id, to_person_id), until__isnull=True
        )
    }
    old, own = places.get(from_person_id), places.get(to_person_id)
    grants = list(
        Grant.objects.select_for_update().filter(
            organisation=organisation_id, person=from_person_id, until__isnull=True
        )
    )
    if from_person_id == to_person_id or (old is None and not grants):
        raise Refused(
            "nothing_to_hand_over",
            "넘겨줄 역할이 없습니다. 넘겨주는 사람과 받는 사람을 확인해 주세요.",
            "There is nothing to hand over. Check both people.",
        )
    new = None
    if old is not None:
        role = _joined(old, own)
        for ending in filter(None, (old, own)):
            ending.until = now
            ending.save(update_fields=["until"])
        new = Membership.objects.create(
            person=taker, organisation_id=organisation_id, role=role, since=now, follows=old
        )
    for grant in grants:
        grant.until = now
        grant.save(update_fields=["until"])
        Grant.objects.get_or_create(
            person=taker,
            role=grant.role,
            organisation_id=organisation_id,
            until=None,
            defaults={"since": now},
        )
    leave(actor=actor, person_id=from_person_id, organisation_id=organisation_id, now=now)
    ledger.append(
        actor=actor,
        act="parties.hand_over",
        subject=("organisation", organisation_id),
        payload={
            "from": from_person_id,
            "to": to_person_id,
            "place": old.role if old is not None else None,
            "roles": sorted(grant.role for grant in grants),
        },
    )
    return new


def _joined(old: Membership, own: Membership | None) -> str:
    """The role in which the taker goes on."""
    if own is None or own.role in (old.role, OrganisationRole.VIEWER):
        return old.role
    if old.role == OrganisationRole.VIEWER:
        return own.role
    if OrganisationRole.OWNER in (old.role, own.role):
        return OrganisationRole.OWNER.value
    # Writer and signer: neither holds what the other may, and an owner may more than both.
    raise Refused(
        "places_differ",
        "작성자와 서명자의 자리는 한 사람이 함께 가질 수 없습니다. 받는 사람의 역할을 먼저 바꾸거나 다른 사람을 골라 주세요.",
        "One person cannot hold the places of a writer and a signer. Change the taker's role first, or choose another person.",
    )
