"""The operator's pages: registering people and organisations, granting and ending roles."""

import json
from io import StringIO
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from gongmo.definition.base import OrganisationKind
from gongmo.kernel.actor import Actor, Role
from gongmo.kernel.errors import NotAllowed, Refused
from gongmo.parties import queries
from gongmo.parties.commands import close_account, reset_second_factor
from gongmo.parties.models import Grant, Organisation, Person
from tests.parties.builders import make_member, make_officer, make_organisation, make_person

pytestmark = pytest.mark.django_db


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def operator() -> Client:
    return signed_in(make_officer(Role.OPERATOR)[0])


def test_a_registered_person_is_found_by_a_part_of_name_or_address(operator: Client) -> None:
    response = operator.post(
        reverse("parties:operator_person_new"),
        {"email": "new.officer@example.test", "display_name": "담당자 <B>"},
    )
    made = Person.objects.get(email="new.officer@example.test")

    assert response["Location"] == reverse("parties:operator_person", args=[made.pk])
    people = reverse("parties:operator_people")
    assert "담당자 &lt;B&gt;" in operator.get(people, {"q": "new.off"}).content.decode()
    assert "담당자 &lt;B&gt;" not in operator.get(people, {"q": "nobody"}).content.decode()


def test_a_role_is_granted_for_an_organisation_named_and_ended(operator: Client) -> None:
    person = make_person()
    agency = make_organisation(OrganisationKind.PUBLIC_INSTITUTION, name="가상 진흥공단")
    make_organisation(OrganisationKind.PUBLIC_INSTITUTION, name="가상 진흥공단 지부")
    address = reverse("parties:operator_person", args=[person.pk])

    unknown = operator.post(address, {"role": "agency", "organisation": "없는 기관"})
    several = operator.post(address, {"role": "agency", "organisation": "가상 진흥"})
    missing = operator.post(address, {"role": "agency", "organisation": ""})
    granted = operator.post(address, {"role": "agency", "organisation": "가상 진흥공단"})

    assert [each.status_code for each in (unknown, several, missing, granted)] == [422, 422, 422, 302]
    assert [(each.role, each.organisation) for each in queries.actors_of(person)] == [
        (Role.AGENCY, agency.pk)
    ]
    grant = Grant.objects.get(person=person)
    operator.post(reverse("parties:operator_revoke", args=[person.pk, grant.pk]))
    assert queries.actors_of(person) == []


def test_a_government_is_registered_and_its_officer_appointed(operator: Client) -> None:
    operator.post(
        reverse("parties:new_organisation"),
        {"name": "가상광역시", "kind": "metropolitan_government", "region": "KR-48"},
    )
    made = Organisation.objects.get(name="가상광역시")
    person = make_person()

    nobody = operator.post(
        reverse("parties:add_person", args=[made.pk]), {"email": "no@example.test", "role": "owner"}
    )
    operator.post(reverse("parties:add_person", args=[made.pk]), {"email": person.email, "role": "owner"})

    assert nobody.status_code == 422
    assert [each.organisation for each in queries.actors_of(person)] == [made.pk]
    assert (
        "가상광역시"
        in operator.get(reverse("parties:operator_organisations"), {"q": "가상광역"}).content.decode()
    )


def test_others_are_told_that_there_is_no_such_page() -> None:
    person, _ = make_member(make_organisation())
    client = signed_in(person)

    for name, args in (
        ("operator_people", []),
        ("operator_person_new", []),
        ("operator_person", [person.pk]),
        ("operator_organisations", []),
    ):
        assert client.get(reverse(f"parties:{name}", args=args)).status_code == 404


def test_a_page_holds_fifty_and_asks_a_fixed_number_of_times(
    operator: Client,
    django_assert_max_num_queries: Any,
) -> None:
    Person.objects.bulk_create(
        Person(email=f"p{index}@example.test", display_name=f"담당자 {index}") for index in range(60)
    )

    with django_assert_max_num_queries(12):
        text = operator.get(reverse("parties:operator_people")).content.decode()
    assert text.count("@example.test") == 50
    assert operator.get(reverse("parties:operator_people"), {"page": "99"}).status_code == 200


def test_a_lost_phone_is_reset_by_the_operator_alone() -> None:
    person, actor = make_member(make_organisation())
    _, operator = make_officer(Role.OPERATOR)
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={})

    with pytest.raises(NotAllowed):
        reset_second_factor(actor=actor, person_id=person.pk)
    assert reset_second_factor(actor=operator, person_id=person.pk) == 1
    assert not queries.has_second_factor(person)


def test_an_account_is_closed_by_its_person_once_nothing_is_held() -> None:
    person = make_person("담당자 Z", password="long-enough-secret-1")
    own = Actor(role=Role.APPLICANT, person=person.pk)
    holder, holding = make_member(make_organisation())

    with pytest.raises(Refused, match="account_in_use"):
        close_account(actor=holding, person_id=holder.pk)
    with pytest.raises(NotAllowed):
        close_account(actor=holding, person_id=person.pk)
    closed = close_account(actor=own, person_id=person.pk)

    assert not closed.is_active
    assert not EmailAddress.objects.filter(user=closed).exists()
    assert "example" not in closed.email


def test_closing_asks_to_type_the_address_and_signs_out() -> None:
    person = make_person()
    client = signed_in(person)

    assert client.post(reverse("parties:close"), {"confirm": "wrong"}).status_code == 422
    assert client.post(reverse("parties:close"), {"confirm": person.email}).status_code == 302
    assert client.get(reverse("parties:profile")).status_code == 302


def test_everybody_downloads_the_own_data() -> None:
    organisation = make_organisation(name="가상 기관 데이터")
    person, _ = make_member(organisation)
    other = make_person("담당자 Q")

    told = json.loads(signed_in(person).get(reverse("parties:own_data")).content)

    assert told["account"]["email"] == person.email
    assert [place["organisation"] for place in told["places"]] == ["가상 기관 데이터"]
    assert {act["act"] for act in told["acts"]} == {"parties.signed_in"}
    assert other.email not in json.dumps(told)


def test_the_first_operator_is_made_on_the_command_line_once() -> None:
    told = StringIO()
    call_command("make_operator", "First@Example.test", stdout=told)

    person = Person.objects.get(email="first@example.test")
    assert [actor.role for actor in queries.actors_of(person)] == [Role.OPERATOR]
    assert "비밀번호를 정해" in told.getvalue()
    with pytest.raises(CommandError):
        call_command("make_operator", "first@example.test")
    with pytest.raises(CommandError):
        call_command("make_operator", "no address")
