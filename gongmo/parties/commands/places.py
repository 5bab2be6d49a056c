"""Who may act for whom: places in organisations and granted roles."""

from datetime import datetime

from django.db import transaction

from gongmo.kernel import clock
from gongmo.kernel.actor import Actor, OrganisationRole, Role
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.ledger import commands as ledger
from gongmo.parties import policies
from gongmo.parties.commands.leaving import begin_anew, leave
from gongmo.parties.models import Grant, Membership, Organisation, Person

_GRANTED = frozenset({Role.MINISTRY, Role.AGENCY, Role.TASK_FORCE, Role.EVALUATOR, Role.OPERATOR})
_FOR_AN_ORGANISATION = frozenset({Role.MINISTRY, Role.AGENCY, Role.TASK_FORCE})


def add_member(*, actor: Actor, person_id: int, organisation_id: int, role: OrganisationRole) -> Membership:
    """Give a person a place in an organisation, from now. Raises NotAllowed, NotFound, and Refused when they have one."""
    with transaction.atomic():
        locked_organisation(organisation_id)
        policies.may_manage.require(actor, organisation_id)
        active_person(person_id)
        return place(
            actor=actor, person_id=person_id, organisation_id=organisation_id, role=role, now=clock.now()
        )


def end_membership(*, actor: Actor, membership_id: int) -> Membership:
    """End a place from now on. The last owner stays until another one is there. Everyone may leave by themselves."""
    with transaction.atomic():
        membership = _current_place(actor, membership_id, leaving=True)
        _require_another_owner(membership)
        membership.until = clock.now()
        membership.save(update_fields=["until"])
        leave(
            actor=actor,
            person_id=membership.person_id,
            organisation_id=membership.organisation_id,
            now=membership.until,
        )
        ledger.append(
            actor=actor,
            act="parties.end_membership",
            subject=("organisation", membership.organisation_id),
            payload={"membership": membership.pk, "person": membership.person_id, "role": membership.role},
        )
    return membership


def change_role(*, actor: Actor, membership_id: int, role: OrganisationRole) -> Membership:
    """Give a member another role from now on. The former place ends and the new one follows it, so that the history stays.

    Raises NotAllowed, NotFound, and Refused for the last owner.
    """
    with transaction.atomic():
        old = _current_place(actor, membership_id)
        wanted = OrganisationRole(role)
        if old.role == wanted:
            return old
        _require_another_owner(old)
        now = clock.now()
        old.until = now
        old.save(update_fields=["until"])
        new = Membership.objects.create(
            person_id=old.person_id,
            organisation_id=old.organisation_id,
            role=wanted.value,
            since=now,
            follows=old,
        )
        begin_anew(actor=actor, person_id=old.person_id)
        ledger.append(
            actor=actor,
            act="parties.change_role",
            subject=("organisation", old.organisation_id),
            payload={
                "membership": new.pk,
                "person": old.person_id,
                "before": old.role,
                "after": new.role,
            },
        )
    return new


def grant_role(*, actor: Actor, person_id: int, role: Role, organisation_id: int | None = None) -> Grant:
    """Grant a role outside the applying organisations. Ministry, agency and task force are roles for an organisation.

    Raises BadInput, NotAllowed, NotFound, and Refused when the role is held already.
    """
    with transaction.atomic():
        policies.may_operate.require(actor)
        role = Role(role)
        if role not in _GRANTED:
            raise BadInput("role", "부여할 수 없는 역할입니다.", "This role cannot be granted.", field="role")
        if role in _FOR_AN_ORGANISATION and organisation_id is None:
            raise BadInput(
                "role_organisation",
                "이 역할은 어느 기관의 일인지 함께 골라 주세요.",
                "Name the organisation for which this role is held.",
                field="organisation",
            )
        person = active_person(person_id)
        organisation = locked_organisation(organisation_id) if organisation_id is not None else None
        if Grant.objects.filter(
            person=person, role=role, organisation=organisation, until__isnull=True
        ).exists():
            raise Refused("role_held", "이미 가진 역할입니다.", "This role is held already.")
        grant = Grant.objects.create(
            person=person, role=role.value, organisation=organisation, since=clock.now()
        )
        begin_anew(actor=actor, person_id=person.pk)
        ledger.append(
            actor=actor,
            act="parties.grant_role",
            subject=("person", person.pk),
            payload={"grant": grant.pk, "role": role, "organisation": organisation_id},
        )
    return grant


def revoke_role(*, actor: Actor, grant_id: int) -> Grant:
    """End a granted role from now on."""
    with transaction.atomic():
        policies.may_operate.require(actor)
        grant = Grant.objects.select_for_update().filter(pk=grant_id, until__isnull=True).first()
        if grant is None:
            raise NotFound
        grant.until = clock.now()
        grant.save(update_fields=["until"])
        leave(actor=actor, person_id=grant.person_id, organisation_id=grant.organisation_id, now=grant.until)
        ledger.append(
            actor=actor,
            act="parties.revoke_role",
            subject=("person", grant.person_id),
            payload={"grant": grant.pk, "role": grant.role, "organisation": grant.organisation_id},
        )
    return grant


def place(
    *,
    actor: Actor,
    person_id: int,
    organisation_id: int,
    role: OrganisationRole,
    now: datetime,
    invited_by: int | None = None,
) -> Membership:
    """Write a place and its entry; the caller has asked who may and is inside a transaction."""
    if Membership.objects.filter(person=person_id, organisation=organisation_id, until__isnull=True).exists():
        raise already_member()
    membership = Membership.objects.create(
        person_id=person_id, organisation_id=organisation_id, role=OrganisationRole(role).value, since=now
    )
    ledger.append(
        actor=actor,
        act="parties.add_member",
        subject=("organisation", organisation_id),
        payload={
            "membership": membership.pk,
            "person": person_id,
            "role": membership.role,
            "invited_by": invited_by,
        },
    )
    return membership


def _current_place(actor: Actor, membership_id: int, *, leaving: bool = False) -> Membership:
    """A current place that the actor may change (`leaving`: or that is their own), its organisation locked."""
    organisation_id = (
        Membership.objects.filter(pk=membership_id).values_list("organisation", flat=True).first()
    )
    if organisation_id is None:
        raise NotFound
    locked_organisation(organisation_id)
    found = Membership.objects.select_for_update().filter(pk=membership_id, until__isnull=True).first()
    if found is None:
        raise NotFound
    if not (leaving and actor.person == found.person_id):
        if not policies.may_see_members(actor, organisation_id):
            raise NotFound
        policies.may_manage.require(actor, organisation_id)
    return found


def _require_another_owner(place: Membership) -> None:
    """The organisation's row is locked: no other owner can leave meanwhile."""
    owners = Membership.objects.filter(
        organisation=place.organisation_id, role=OrganisationRole.OWNER, until__isnull=True
    )
    if place.role == OrganisationRole.OWNER and not owners.exclude(pk=place.pk).exists():
        raise Refused(
            "last_owner",
            "기관에 대표 담당자가 한 사람은 있어야 합니다. 먼저 다른 사람에게 인수인계해 주세요.",
            "An organisation needs an owner. Hand over to another person first.",
        )


def already_member() -> Refused:
    return Refused(
        "member_already",
        "이미 이 기관의 구성원입니다.",
        "This person has a place in the organisation already.",
    )


def locked_organisation(organisation_id: int) -> Organisation:
    """The organisation's row, locked: two changes to its places come one after the other."""
    organisation = Organisation.objects.select_for_update().filter(pk=organisation_id).first()
    if organisation is None:
        raise NotFound
    return organisation


def active_person(person_id: int) -> Person:
    person = Person.objects.filter(pk=person_id, is_active=True).first()
    if person is None:
        raise NotFound
    return person
