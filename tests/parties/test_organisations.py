"""Organisations are typed once, by those who may, with numbers that fit."""

from datetime import UTC, date, datetime

import pytest

from gongmo.definition.base import OrganisationKind
from gongmo.kernel import clock
from gongmo.kernel.actor import PUBLIC, Actor, OrganisationRole, Role, system
from gongmo.kernel.errors import BadInput, NotAllowed, NotFound, Refused
from gongmo.ledger.queries import history
from gongmo.parties import queries
from gongmo.parties.checks import invented_business_number
from gongmo.parties.commands import register_organisation, update_organisation
from tests.parties.builders import make_member, make_officer, make_organisation, make_person

pytestmark = pytest.mark.django_db


def test_newcomer_registers_own_company_and_owns_it() -> None:
    person = make_person()
    newcomer = Actor(role=Role.APPLICANT, person=person.pk, name=person.display_name)

    made = register_organisation(
        actor=newcomer, name="가상 주식회사", kind="company", region="KR-48", business_number="124-81-00998"
    )

    assert made.business_number == "1248100998"
    owner = queries.actor_for(person, Role.APPLICANT, made.pk)
    assert owner.organisation_role is OrganisationRole.OWNER
    assert [record.act for record in history("organisation", made.pk)] == [
        "parties.add_member",
        "parties.register_organisation",
    ]


@pytest.mark.parametrize(
    "kind", [OrganisationKind.METROPOLITAN_GOVERNMENT, OrganisationKind.PUBLIC_INSTITUTION]
)
def test_nobody_registers_a_government_for_themselves(kind: OrganisationKind) -> None:
    newcomer = Actor(role=Role.APPLICANT, person=make_person().pk)

    with pytest.raises(NotAllowed):
        register_organisation(actor=newcomer, name="가상광역시", kind=kind)


def test_visitors_register_nothing() -> None:
    with pytest.raises(NotAllowed):
        register_organisation(actor=PUBLIC, name="가상 기관", kind="company")


def test_business_number_belongs_to_one_organisation() -> None:
    number = invented_business_number(999)
    make_organisation(business_number=number)

    with pytest.raises(Refused) as refusal:
        make_organisation(business_number=number)
    assert refusal.value.code == "organisation_registered"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"business_number": "124-81-00999"}, "business_number"),
        ({"corporate_number": "130111-0006247"}, "corporate_number"),
        ({"region": "KR-99"}, "region"),
        ({"name": " "}, "name"),
        ({"founded_on": date(2025, 8, 30)}, "founded_on"),
        ({"address": "가" * 301}, "address"),
        ({"phone": "전화 주세요"}, "phone"),
        ({"website": "javascript://alert"}, "website"),
        ({"representative_name": "가" * 61}, "representative_name"),
    ],
)
def test_unusable_profile_is_told_with_its_field(fields: dict[str, object], field: str) -> None:
    with pytest.raises(BadInput) as refusal, clock.at(datetime(2025, 8, 29, 14, 59, tzinfo=UTC)):
        make_organisation(**fields)  # type: ignore[arg-type]
    assert refusal.value.field == field


def test_founding_today_in_seoul_is_taken() -> None:
    with clock.at(datetime(2025, 8, 29, 15, 0, tzinfo=UTC)):
        assert make_organisation(founded_on=date(2025, 8, 30)).founded_on == date(2025, 8, 30)


def test_owner_changes_the_profile_and_the_record_says_what() -> None:
    organisation = make_organisation()
    _, owner = make_member(organisation)

    update_organisation(
        actor=owner, organisation_id=organisation.pk, address="가상로 1", name=organisation.name
    )

    record = history("organisation", organisation.pk)[0]
    assert record.payload == {"changed": {"address": ["", "가상로 1"]}}


def test_unchanged_profile_writes_no_entry() -> None:
    organisation = make_organisation()
    before = len(history("organisation", organisation.pk))

    update_organisation(actor=system(), organisation_id=organisation.pk, name=organisation.name)

    assert len(history("organisation", organisation.pk)) == before


def test_writers_change_a_profile_signers_viewers_and_strangers_do_not() -> None:
    organisation, other = make_organisation(), make_organisation()
    _, writer = make_member(organisation, OrganisationRole.WRITER)
    _, signer = make_member(organisation, OrganisationRole.SIGNER)
    _, viewer = make_member(organisation, OrganisationRole.VIEWER)
    _, stranger = make_member(other)

    changed = update_organisation(actor=writer, organisation_id=organisation.pk, address="가상로 2")
    assert changed.address == "가상로 2"
    for actor in (signer, viewer, stranger, PUBLIC):
        with pytest.raises(NotAllowed):
            update_organisation(actor=actor, organisation_id=organisation.pk, address="가상로 1")


def test_organisations_are_found_by_name_and_by_business_number() -> None:
    organisation = make_organisation(name="가상 한빛기술")

    assert queries.find_organisations("한빛") == [organisation]
    assert queries.find_organisations(organisation.business_number or "") == [organisation]
    assert queries.find_organisations("한") == []


def test_an_address_of_a_website_is_completed() -> None:
    assert make_organisation(website="www.example.test").website == "https://www.example.test"


def test_an_organisation_is_found_by_its_number_only_when_the_number_is_right() -> None:
    organisation = make_organisation()
    number = organisation.business_number or ""

    assert queries.find_by_business_number(f"{number[:3]}-{number[3:5]}-{number[5:]}") == organisation
    assert queries.find_by_business_number(number[:9]) is None
    assert queries.find_by_business_number("1248100998") is None


def test_members_are_not_shown_to_strangers() -> None:
    organisation = make_organisation()
    _, owner = make_member(organisation)
    _, officer = make_officer(Role.AGENCY, make_organisation(OrganisationKind.PUBLIC_INSTITUTION))

    assert queries.members(owner, organisation.pk).count() == 1
    with pytest.raises(NotFound):
        queries.members(officer, organisation.pk)
