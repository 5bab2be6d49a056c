"""What pages ask about the own account, the own organisation and names."""

import pytest

from gongmo.kernel.actor import PUBLIC, system
from gongmo.kernel.errors import NotFound
from gongmo.parties.queries import (
    names_by_number,
    names_of,
    organisation_names,
    own_organisation,
    own_person,
    place_in,
    standing_regions,
)
from tests.builders import make_applicant
from tests.parties.builders import make_member, make_organisation

pytestmark = pytest.mark.django_db


def test_the_own_account_is_for_people_only() -> None:
    actor = make_applicant()

    assert own_person(actor).pk == actor.person
    for nobody in (PUBLIC, system()):
        with pytest.raises(NotFound):
            own_person(nobody)


def test_the_own_organisation_and_place_are_those_for_which_somebody_acts() -> None:
    actor, other = make_applicant(), make_applicant()
    assert actor.organisation is not None
    assert other.organisation is not None

    own, place = own_organisation(actor), place_in(actor, actor.organisation)

    assert own is not None
    assert own.pk == actor.organisation
    assert place is not None
    assert place.person_id == actor.person
    assert place_in(actor, other.organisation) is None
    assert own_organisation(PUBLIC) is None


def test_names_are_told_in_one_statement_and_for_nobody_in_none(django_assert_num_queries: object) -> None:
    own = make_organisation()
    person, _ = make_member(own)

    with django_assert_num_queries(3):  # type: ignore[operator]
        assert names_of([person.pk, 10**9]) == {person.pk: person.display_name}
        assert organisation_names([own.pk]) == {own.pk: own.name}
        assert names_by_number([str(own.business_number), "1234567890"]) == {own.business_number: own.name}
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert (names_of([]), organisation_names([]), names_by_number([])) == ({}, {}, {})


def test_standing_regions_have_no_last_day() -> None:
    regions = standing_regions()

    assert regions
    assert all(region.valid_to is None for region in regions)
