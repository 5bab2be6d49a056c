"""Pages of the own account, organisations, invitations and the permission catalogue."""

import re

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from gongmo.kernel.actor import OrganisationRole, Role
from gongmo.ledger.queries import history
from gongmo.parties import queries
from gongmo.parties.checks import invented_business_number
from gongmo.parties.models import Membership, Organisation, Person
from tests.parties.builders import make_member, make_officer, make_organisation, make_person

pytestmark = pytest.mark.django_db


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend="gongmo.notices.people.SignedIn")
    return client


def page(client: Client, name: str, *args: object) -> str:
    response = client.get(reverse(name, args=args))
    assert response.status_code == 200
    return response.content.decode()


def test_visitors_are_asked_to_sign_in() -> None:
    assert Client().get(reverse("parties:profile")).status_code == 302


def test_newcomer_is_told_what_to_do_and_registers_a_company() -> None:
    client = signed_in(make_person())
    assert "기관 등록하기" in page(client, "parties:profile")

    response = client.post(
        reverse("parties:new_organisation"),
        {
            "name": "가상 정밀",
            "kind": "company",
            "region": "KR-48",
            "business_number": invented_business_number(7),
        },
    )

    made = Organisation.objects.get(name="가상 정밀")
    assert response.status_code == 302
    assert "가상 정밀" in page(client, "parties:organisation", made.pk)
    assert "대표 담당자" in page(client, "parties:profile")


def test_wrong_number_keeps_what_was_typed_and_says_where() -> None:
    client = signed_in(make_person())

    response = client.post(
        reverse("parties:new_organisation"),
        {
            "name": "가상 정밀",
            "kind": "company",
            "business_number": "124-81-00999",
            "founded_on": "2020-02-30",
        },
    )
    text = response.content.decode()

    assert response.status_code == 422
    assert 'value="가상 정밀"' in text
    assert 'value="124-81-00999"' in text
    assert not Organisation.objects.exists()


def test_government_is_not_offered_and_not_taken() -> None:
    client = signed_in(make_person())

    assert 'value="metropolitan_government"' not in page(client, "parties:new_organisation")
    response = client.post(
        reverse("parties:new_organisation"), {"name": "가상광역시", "kind": "metropolitan_government"}
    )
    assert response.status_code == 403


def test_capacity_is_switched_on_the_account_page() -> None:
    organisation, other = make_organisation(), make_organisation()
    person, _ = make_member(organisation)
    Membership.objects.create(
        person=person, organisation=other, role="viewer", since=person.memberships.get().since
    )
    client = signed_in(person)
    key = next(key for key, actor in queries.capacities(person).items() if actor.organisation == other.pk)

    client.post(reverse("web:act_as"), {"capacity": key, "next": reverse("parties:profile")})

    text = page(client, "parties:profile")
    assert text.count("지금 역할") == 1
    assert text.index(other.name) < text.index("지금 역할")


def test_invitation_goes_from_the_page_to_a_new_member() -> None:
    organisation = make_organisation()
    owner, _ = make_member(organisation)
    response = signed_in(owner).post(
        reverse("parties:invite", args=[organisation.pk]), {"role": "signer", "by": "link"}
    )
    link = re.search(r'value="(http://testserver/join/[^"]+)"', response.content.decode())
    assert link is not None
    comer = make_person("담당자 B")
    client = signed_in(comer)

    assert "서명자" in client.get(link[1]).content.decode()
    client.post(link[1])

    assert Membership.objects.get(person=comer).role == OrganisationRole.SIGNER
    assert "담당자 B" in page(client, "parties:people", organisation.pk)


def test_owner_ends_a_place_and_strangers_see_no_members() -> None:
    organisation = make_organisation()
    owner, _ = make_member(organisation)
    member, _ = make_member(organisation, OrganisationRole.WRITER)
    stranger, _ = make_member(make_organisation())
    place = Membership.objects.get(person=member)

    assert signed_in(stranger).get(reverse("parties:people", args=[organisation.pk])).status_code == 404
    # Who is registered is not told either.
    assert signed_in(stranger).get(reverse("parties:organisation", args=[organisation.pk])).status_code == 404
    refused = signed_in(stranger).post(reverse("parties:end_place", args=[organisation.pk, place.pk]))
    assert refused.status_code == 404
    signed_in(owner).post(reverse("parties:end_place", args=[organisation.pk, place.pk]))

    place.refresh_from_db()
    assert place.until is not None


def test_profile_is_edited_by_owners_and_writers_only() -> None:
    organisation = make_organisation()
    owner, _ = make_member(organisation)
    viewer, _ = make_member(organisation, OrganisationRole.VIEWER)
    address = reverse("parties:edit_organisation", args=[organisation.pk])

    assert signed_in(viewer).get(address).status_code == 403
    client = signed_in(owner)
    assert organisation.name in client.get(address).content.decode()
    client.post(address, {"name": "가상 새 이름", "business_number": organisation.business_number})

    organisation.refresh_from_db()
    assert organisation.name == "가상 새 이름"


def test_names_are_shown_as_text() -> None:
    organisation = make_organisation(name="<script>alert(1)</script>")
    owner, _ = make_member(organisation)

    assert "<script>alert" not in page(signed_in(owner), "parties:organisation", organisation.pk)


def test_everyone_reads_the_permission_catalogue() -> None:
    text = BeautifulSoup(page(Client(), "parties:policies"), "html.parser").get_text()

    assert "parties.manage_organisation" in text
    assert "ledger.checkpoint" in text


def test_own_name_is_changed_and_signing_in_is_recorded() -> None:
    person, _ = make_officer(Role.EVALUATOR)
    client = signed_in(person)

    client.post(reverse("parties:profile"), {"display_name": "평가위원 C"})

    person.refresh_from_db()
    assert person.display_name == "평가위원 C"
    assert {record.act for record in history("person", person.pk)} >= {
        "parties.signed_in",
        "parties.rename_person",
    }


@pytest.mark.parametrize("known", [True, False])
def test_failed_sign_in_is_recorded_without_the_address(known: bool) -> None:
    person = make_person(password="long-enough-1")
    address = person.email if known else "nobody@example.test"

    Client().post(reverse("account_login"), {"login": address, "password": "wrong"})

    failures = history("person", person.pk if known else "", acts=frozenset({"parties.sign_in_failed"}))
    assert len(failures) == 1
    assert address not in str(failures)


def test_account_page_asks_the_database_a_fixed_number_of_times(django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    person, _ = make_member(make_organisation())
    for _ in range(5):
        Membership.objects.create(
            person=person,
            organisation=make_organisation(),
            role="viewer",
            since=person.memberships.first().since,  # type: ignore[union-attr]
        )
    client = signed_in(person)

    with django_assert_max_num_queries(12):
        client.get(reverse("parties:profile"))
