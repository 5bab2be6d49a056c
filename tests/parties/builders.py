"""Organisations and people for tests, made through the commands."""

from itertools import count

from gongmo.definition.base import OrganisationKind
from gongmo.kernel.actor import Actor, OrganisationRole, Role, system
from gongmo.parties import queries
from gongmo.parties.checks import invented_business_number
from gongmo.parties.commands import add_member, grant_role, register_organisation, register_person
from gongmo.parties.models import Organisation, Person

_number = count(1)


def make_organisation(kind: OrganisationKind = OrganisationKind.COMPANY, **more: object) -> Organisation:
    number = next(_number)
    fields: dict[str, object] = {
        "name": f"가상 기관 {number}",
        "business_number": invented_business_number(number),
        **more,
    }
    return register_organisation(actor=system(), kind=kind, invented=True, **fields)  # type: ignore[arg-type]


def make_person(name: str = "담당자 A", password: str | None = None) -> Person:
    return register_person(
        actor=system(), email=f"person{next(_number)}@example.test", display_name=name, password=password
    )


def make_member(
    organisation: Organisation, role: OrganisationRole = OrganisationRole.OWNER
) -> tuple[Person, Actor]:
    person = make_person()
    add_member(actor=system(), person_id=person.pk, organisation_id=organisation.pk, role=role)
    return person, queries.actor_for(person, Role.APPLICANT, organisation.pk)


def make_officer(role: Role, organisation: Organisation | None = None) -> tuple[Person, Actor]:
    person = make_person()
    organisation_id = organisation.pk if organisation is not None else None
    grant_role(actor=system(), person_id=person.pk, role=role, organisation_id=organisation_id)
    return person, queries.actor_for(person, role, organisation_id)
