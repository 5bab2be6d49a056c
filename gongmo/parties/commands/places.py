"""Who may act for whom: places in organisations, granted roles, and handing them over (인수인계)."""

from datetime import datetime

from django.db import transaction

from gongmo.kernel import clock
from gongmo.kernel.actor import Actor, OrganisationRole, Role
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.ledger import commands as ledger
from gongmo.parties import policies
from gongmo.parties.models import Grant, Membership, Organisation, Person

_GRANTED = frozenset({Role.MINISTRY, Role.AGENCY, Role.TASK_FORCE, Role.EVALUATOR, Role.OPERATOR})
_FOR_AN_ORGANISATION = frozenset({Role.MINISTRY, Role.AGENCY, Role.TASK_FORCE})


def add_member(*, actor: Actor, person_id: int, organisation_id: int, role: OrganisationRole) -> Membership:
    """Give a person a place in an organisation, from now. Raises NotAllowed, NotFound, and Refused when they have one."""
    with transaction.atomic():
        _organisation(organisation_id)
        policies.may_manage.require(actor, organisation_id)
        _person(person_id)
        return place(
            actor=actor, person_id=person_id, organisation_id=organisation_id, role=role, now=clock.now()
        )


def end_membership(*, actor: Actor, membership_id: int) -> Membership:
    """End a place from now on. The last owner stays until another one is there."""
    with transaction.atomic():
        membership = (
            Membership.objects.select_for_update().filter(pk=membership_id, until__isnull=True).first()
        )
        if membership is None:
            raise NotFound
        policies.may_manage.require(actor, membership.organisation_id)
        owners = Membership.objects.filter(
            organisation=membership.organisation_id, role=OrganisationRole.OWNER, until__isnull=True
        )
        if membership.role == OrganisationRole.OWNER and not owners.exclude(pk=membership.pk).exists():
            raise Refused(
                "last_owner",
                "기관에 대표 담당자가 한 사람은 있어야 합니다. 먼저 다른 사람에게 인수인계해 주세요.",
                "An organisation needs an owner. Hand over to another person first.",
            )
        membership.until = clock.now()
        membership.save(update_fields=["until"])
        ledger.append(
            actor=actor,
            act="parties.end_membership",
            subject=("organisation", membership.organisation_id),
            payload={"membership": membership.pk, "person": membership.person_id, "role": membership.role},
        )
    return membership


def hand_over(
    *, actor: Actor, organisation_id: int, from_person_id: int, to_person_id: int
) -> Membership | None:
    """Move everything that one person holds in an organisation (place and granted roles) to another, from now on, in one act.

    What the first person did stays theirs in the record. Returns the new place, None where only roles moved. Raises NotAllowed,
    NotFound, and Refused when nothing is held or the other person holds a place already.
    """
    with transaction.atomic():
        _organisation(organisation_id)
        policies.may_manage.require(actor, organisation_id)
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
    taker, now = _person(to_person_id), clock.now()
    old = (
        Membership.objects.select_for_update()
        .filter(organisation=organisation_id, person=from_person_id, until__isnull=True)
        .first()
    )
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
        if Membership.objects.filter(
            organisation=organisation_id, person=to_person_id, until__isnull=True
        ).exists():
            raise _already_member()
        old.until = now
        old.save(update_fields=["until"])
        new = Membership.objects.create(
            person=taker, organisation_id=organisation_id, role=old.role, since=now, follows=old
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
        person = _person(person_id)
        organisation = _organisation(organisation_id) if organisation_id is not None else None
        if Grant.objects.filter(
            person=person, role=role, organisation=organisation, until__isnull=True
        ).exists():
            raise Refused("role_held", "이미 가진 역할입니다.", "This role is held already.")
        grant = Grant.objects.create(
            person=person, role=role.value, organisation=organisation, since=clock.now()
        )
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
        raise _already_member()
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


def _already_member() -> Refused:
    return Refused(
        "member_already",
        "이미 이 기관의 구성원입니다.",
        "This person has a place in the organisation already.",
    )


def _organisation(organisation_id: int) -> Organisation:
    """The organisation's row, locked: two changes to its places come one after the other."""
    organisation = Organisation.objects.select_for_update().filter(pk=organisation_id).first()
    if organisation is None:
        raise NotFound
    return organisation


def _person(person_id: int) -> Person:
    person = Person.objects.filter(pk=person_id, is_active=True).first()
    if person is None:
        raise NotFound
    return person
