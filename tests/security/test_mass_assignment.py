"""Forms with more in them than the page has."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from gongmo.kernel.actor import OrganisationRole
from gongmo.parties import queries
from gongmo.parties.models import Grant, Membership, Organisation, Person
from tests.builders import make_applicant, make_organisation
from tests.security.world import BACKEND

pytestmark = pytest.mark.django_db

MORE = {
    "is_staff": "on",
    "is_superuser": "on",
    "is_active": "on",
    "invented": "on",
    "role": "operator",
    "person": "1",
    "id": "1",
    "pk": "1",
    "password": "planted-password",
    "email": "planted@example.com",
    "kind": "metropolitan_government",
    "verified_at": "2025-01-01",
    "state": "submitted",
    "actor": "1",
    "capacity": "grant-1",
}


def told(organisation: Organisation) -> dict[str, Any]:
    return {
        field.attname: getattr(organisation, field.attname) for field in Organisation._meta.concrete_fields
    }


def test_fields_that_no_form_has_change_nothing() -> None:
    cache.clear()
    actor = make_applicant()
    person = Person.objects.get(pk=actor.person or 0)
    own = Organisation.objects.get(pk=actor.organisation or 0)
    other = make_organisation()
    client = Client()
    client.force_login(person, backend=BACKEND)
    before, others = told(own), told(other)

    client.post("/me/", {"display_name": "담당자 C", **MORE})
    client.post(
        f"/organisations/{own.pk}/edit/",
        {
            **{
                name: str(before.get(name) or before.get(f"{name}_id") or "")
                for name in ("region", "business_number", "founded_on")
            },
            "name": own.name,
            "address": "새 주소",
            **MORE,
            "organisation": str(other.pk),
        },
    )
    client.post("/act-as/", {**MORE, "capacity": "grant-1"})

    person.refresh_from_db()
    own.refresh_from_db()
    other.refresh_from_db()
    changed = {name for name, value in told(own).items() if value != before[name]}
    assert (person.display_name, person.email == "planted@example.com") == ("담당자 C", False)
    assert not person.check_password("planted-password")
    assert changed <= {"address"}
    assert told(other) == others
    assert not Grant.objects.filter(person=person).exists()
    assert [each.role for each in queries.actors_of(person)] == ["applicant"]


def test_a_role_that_is_none_and_a_foreign_place_change_nobody() -> None:
    actor = make_applicant()
    stranger = make_applicant()
    client = Client()
    client.force_login(Person.objects.get(pk=stranger.person or 0), backend=BACKEND)
    place = Membership.objects.get(person=actor.person)

    for organisation in (actor.organisation, stranger.organisation):
        for role in (*OrganisationRole, "operator", ""):
            client.post(f"/organisations/{organisation}/members/{place.pk}/role/", {"role": role})
        client.post(f"/organisations/{organisation}/members/{place.pk}/end/", {})
    client.post(f"/me/places/{place.pk}/leave/", {})

    place.refresh_from_db()
    assert (place.until, place.role) == (None, "owner")
