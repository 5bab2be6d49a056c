"""People, the capacities in which they act, and handing over."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.hashers import make_password

from gongmo.definition.base import OrganisationKind
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor, OrganisationRole, Role, system
from gongmo.kernel.errors import BadInput, NotAllowed, NotFound, Refused
from gongmo.ledger.models import Entry
from gongmo.ledger.queries import history
from gongmo.parties import queries
from gongmo.parties.commands import (
    add_member,
    end_membership,
    grant_role,
    hand_over,
    register_person,
    rename_person,
    revoke_role,
)
from gongmo.parties.models import Membership
from tests.parties.builders import make_member, make_officer, make_organisation, make_person

pytestmark = pytest.mark.django_db
MORNING = datetime(2025, 8, 1, 0, 0, tzinfo=UTC)


def test_person_signs_in_with_an_address_in_lower_case_that_the_record_does_not_hold() -> None:
    person = register_person(
        actor=system(), email=" Officer@Example.TEST ", display_name="담당자 A", password="long-enough-1"
    )

    assert person.email == "officer@example.test"
    assert person.check_password("long-enough-1")
    assert not Entry.objects.filter(body__icontains="example.test").exists()


@pytest.mark.parametrize(
    ("email", "name", "password", "field"),
    [
        ("no address", "담당자 A", None, "email"),
        ("a@example.test", " ", None, "display_name"),
        ("a@example.test", "담당자 A", "short", "password"),
    ],
)
def test_unusable_person_is_told_with_its_field(
    email: str, name: str, password: str | None, field: str
) -> None:
    with pytest.raises(BadInput) as refusal:
        register_person(actor=system(), email=email, display_name=name, password=password)
    assert refusal.value.field == field


def test_address_is_registered_once() -> None:
    register_person(actor=system(), email="a@example.test", display_name="담당자 A")

    with pytest.raises(Refused):
        register_person(actor=system(), email="A@example.test", display_name="담당자 B")


def test_ready_hash_is_for_invented_people_only() -> None:
    ready = make_password("rehearsal-only")

    person = register_person(
        actor=system(), email="a@example.test", display_name="담당자 A", password_hash=ready, invented=True
    )

    assert person.check_password("rehearsal-only")
    with pytest.raises(ValueError, match="invented"):
        register_person(actor=system(), email="b@example.test", display_name="담당자 B", password_hash=ready)


def test_only_operators_register_people_and_grant_roles() -> None:
    _, owner = make_member(make_organisation())

    with pytest.raises(NotAllowed):
        register_person(actor=owner, email="a@example.test", display_name="담당자 A")
    with pytest.raises(NotAllowed):
        grant_role(actor=owner, person_id=owner.person or 0, role=Role.OPERATOR)


def test_a_person_has_every_capacity_that_they_hold_now() -> None:
    agency, company = make_organisation(OrganisationKind.PUBLIC_INSTITUTION), make_organisation()
    with clock.at(MORNING):
        person, _ = make_officer(Role.AGENCY, agency)
        add_member(
            actor=system(), person_id=person.pk, organisation_id=company.pk, role=OrganisationRole.SIGNER
        )

        held = queries.actors_of(person)

    assert [(actor.role, actor.organisation) for actor in held] == [
        (Role.AGENCY, agency.pk),
        (Role.APPLICANT, company.pk),
    ]
    with clock.at(MORNING - timedelta(seconds=1)):
        assert queries.actors_of(person) == []


def test_ended_role_is_no_capacity() -> None:
    person, _ = make_officer(Role.OPERATOR)
    grant = person.grants.get()

    revoke_role(actor=system(), grant_id=grant.pk)

    assert queries.actors_of(person) == []
    with pytest.raises(NotAllowed):
        queries.actor_for(person, Role.OPERATOR)
    with pytest.raises(NotFound):
        revoke_role(actor=system(), grant_id=grant.pk)


def test_role_is_granted_once_and_for_an_organisation_where_it_needs_one() -> None:
    person, _ = make_officer(Role.EVALUATOR)

    with pytest.raises(Refused):
        grant_role(actor=system(), person_id=person.pk, role=Role.EVALUATOR)
    with pytest.raises(BadInput):
        grant_role(actor=system(), person_id=person.pk, role=Role.AGENCY)
    with pytest.raises(BadInput):
        grant_role(actor=system(), person_id=person.pk, role=Role.SYSTEM)


def test_handing_over_moves_place_and_roles_and_keeps_the_history() -> None:
    organisation = make_organisation()
    giver, owner = make_member(organisation)
    grant_role(actor=system(), person_id=giver.pk, role=Role.TASK_FORCE, organisation_id=organisation.pk)
    taker = make_person("담당자 B")

    new = hand_over(
        actor=owner, organisation_id=organisation.pk, from_person_id=giver.pk, to_person_id=taker.pk
    )

    assert new is not None
    assert new.role == OrganisationRole.OWNER
    assert queries.actors_of(giver) == []
    assert {actor.role for actor in queries.actors_of(taker)} == {Role.TASK_FORCE, Role.APPLICANT}
    assert new.follows is not None
    assert new.follows.person == giver
    assert history("organisation", organisation.pk)[0].payload == {
        "from": giver.pk,
        "to": taker.pk,
        "place": "owner",
        "roles": ["task_force"],
    }


def test_handing_over_needs_something_to_hand_and_somebody_else() -> None:
    organisation = make_organisation()
    giver, _ = make_member(organisation)
    member, _ = make_member(organisation, OrganisationRole.VIEWER)
    outsider = make_person()

    for from_person, to_person in ((outsider, member), (giver, giver)):
        with pytest.raises(Refused):
            hand_over(
                actor=system(),
                organisation_id=organisation.pk,
                from_person_id=from_person.pk,
                to_person_id=to_person.pk,
            )
    assert Membership.objects.filter(until__isnull=True).count() == 2


def test_last_owner_stays() -> None:
    organisation = make_organisation()
    _, owner = make_member(organisation)
    only = Membership.objects.get(organisation=organisation)

    with pytest.raises(Refused) as refusal:
        end_membership(actor=owner, membership_id=only.pk)
    assert refusal.value.code == "last_owner"

    make_member(organisation)
    assert end_membership(actor=owner, membership_id=only.pk).until is not None


def test_a_person_has_one_place_in_an_organisation() -> None:
    organisation = make_organisation()
    person, owner = make_member(organisation)

    with pytest.raises(Refused):
        add_member(
            actor=owner, person_id=person.pk, organisation_id=organisation.pk, role=OrganisationRole.VIEWER
        )


def test_people_rename_themselves_only() -> None:
    person, other = make_person(), make_person()
    self_actor = Actor(role=Role.APPLICANT, person=person.pk)

    assert (
        rename_person(actor=self_actor, person_id=person.pk, display_name="담당자 C").display_name
        == "담당자 C"
    )
    with pytest.raises(NotAllowed):
        rename_person(actor=self_actor, person_id=other.pk, display_name="담당자 C")
