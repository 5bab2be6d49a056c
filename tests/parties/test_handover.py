"""Handing work over in one act: places, offices, sessions and links."""

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse

from gongmo.definition.base import OrganisationKind
from gongmo.kernel.actor import Actor, OrganisationRole, Role, system
from gongmo.kernel.errors import NotAllowed, NotFound, Refused
from gongmo.parties import queries
from gongmo.parties.commands import (
    accept_invitation,
    change_role,
    end_membership,
    hand_over,
    invite_member,
    offer_hand_over,
    read_invitation,
)
from gongmo.parties.models import Membership
from tests.parties.builders import make_member, make_officer, make_organisation, make_person

pytestmark = pytest.mark.django_db
PASSWORD = "long-enough-secret-1"


def test_an_agency_officer_hands_the_office_to_a_colleague() -> None:
    agency = make_organisation(OrganisationKind.PUBLIC_INSTITUTION)
    giver, officer = make_officer(Role.AGENCY, agency)
    taker, _ = make_officer(Role.AGENCY, agency)

    new = hand_over(actor=officer, organisation_id=agency.pk, from_person_id=giver.pk, to_person_id=taker.pk)

    assert new is None
    assert queries.actors_of(giver) == []
    assert [actor.role for actor in queries.actors_of(taker)] == [Role.AGENCY]


def test_an_officer_hands_over_only_the_own_work() -> None:
    agency = make_organisation(OrganisationKind.PUBLIC_INSTITUTION)
    other, _ = make_officer(Role.AGENCY, agency)
    _, officer = make_officer(Role.AGENCY, agency)

    with pytest.raises(NotAllowed):
        hand_over(
            actor=officer,
            organisation_id=agency.pk,
            from_person_id=other.pk,
            to_person_id=officer.person or 0,
        )


def test_an_officer_without_a_place_offers_the_office_by_a_link() -> None:
    agency = make_organisation(OrganisationKind.PUBLIC_INSTITUTION)
    giver, officer = make_officer(Role.AGENCY, agency)
    taker = make_person("담당자 B")
    _, token = offer_hand_over(actor=officer, organisation_id=agency.pk)

    made = accept_invitation(actor=Actor(Role.APPLICANT, person=taker.pk), token=token)

    assert made is None
    assert queries.actors_of(giver) == []
    assert [actor.role for actor in queries.actors_of(taker)] == [Role.AGENCY]


@pytest.mark.parametrize(
    ("gives", "has", "then"),
    [
        (OrganisationRole.OWNER, OrganisationRole.VIEWER, "owner"),
        (OrganisationRole.VIEWER, OrganisationRole.WRITER, "writer"),
        (OrganisationRole.WRITER, OrganisationRole.OWNER, "owner"),
        (OrganisationRole.SIGNER, OrganisationRole.SIGNER, "signer"),
        (OrganisationRole.WRITER, OrganisationRole.SIGNER, None),
    ],
)
def test_a_member_who_takes_over_keeps_the_place_that_may_do_more(
    gives: OrganisationRole, has: OrganisationRole, then: str | None
) -> None:
    organisation = make_organisation()
    make_member(organisation)
    giver, _ = make_member(organisation, gives)
    taker, _ = make_member(organisation, has)

    def act() -> Membership | None:
        return hand_over(
            actor=system(),
            organisation_id=organisation.pk,
            from_person_id=giver.pk,
            to_person_id=taker.pk,
        )

    if then is None:
        with pytest.raises(Refused, match="places_differ"):
            act()
        return
    new = act()
    assert new is not None
    assert new.role == then
    held = Membership.objects.filter(organisation=organisation, until__isnull=True)
    assert not held.filter(person=giver).exists()
    assert held.filter(person=taker).count() == 1


def test_links_and_sessions_end_with_a_place() -> None:
    organisation = make_organisation()
    _, owner = make_member(organisation)
    leaver = make_person("담당자 B", password=PASSWORD)
    place = Membership.objects.create(
        person=leaver, organisation=organisation, role="owner", since=organisation.created_at
    )
    actor = queries.actor_for(leaver, Role.APPLICANT, organisation.pk)
    _, token = invite_member(actor=actor, organisation_id=organisation.pk, role=OrganisationRole.WRITER)
    EmailAddress.objects.filter(user=leaver).update(verified=True)
    client = Client()
    client.post(reverse("account_login"), {"login": leaver.email, "password": PASSWORD})
    assert UserSession.objects.filter(user=leaver).count() == 1

    end_membership(actor=owner, membership_id=place.pk)

    with pytest.raises(Refused):
        read_invitation(token)
    assert UserSession.objects.filter(user=leaver).count() == 0
    assert client.get(reverse("parties:profile")).status_code == 302


def test_a_changed_role_starts_a_place_that_follows_the_old_one() -> None:
    organisation = make_organisation()
    _, owner = make_member(organisation)
    person, _ = make_member(organisation, OrganisationRole.WRITER)
    old = Membership.objects.get(person=person)

    new = change_role(actor=owner, membership_id=old.pk, role=OrganisationRole.SIGNER)

    old.refresh_from_db()
    assert (new.role, new.follows_id, old.until) == ("signer", old.pk, new.since)
    assert queries.capacity_after(person, f"membership-{old.pk}") == f"membership-{new.pk}"
    assert [span.role for span in queries.spans(owner, organisation.pk) if span.person == "담당자 A"][:1] == [
        "signer"
    ]


def test_the_last_owner_does_not_become_a_viewer() -> None:
    organisation = make_organisation()
    _, owner = make_member(organisation)
    only = Membership.objects.get(organisation=organisation)

    with pytest.raises(Refused, match="last_owner"):
        change_role(actor=owner, membership_id=only.pk, role=OrganisationRole.VIEWER)


def test_only_owners_change_roles_and_everyone_may_leave() -> None:
    organisation = make_organisation()
    make_member(organisation)
    person, writer = make_member(organisation, OrganisationRole.WRITER)
    place = Membership.objects.get(person=person)

    with pytest.raises(NotAllowed):
        change_role(actor=writer, membership_id=place.pk, role=OrganisationRole.OWNER)
    with pytest.raises(NotFound):
        change_role(actor=writer, membership_id=987654, role=OrganisationRole.OWNER)
    assert end_membership(actor=writer, membership_id=place.pk).until is not None


def test_the_page_hands_over_and_the_giver_reads_that_it_is_done() -> None:
    organisation = make_organisation()
    giver, _ = make_member(organisation)
    taker, _ = make_member(organisation, OrganisationRole.VIEWER)
    stranger = make_person("담당자 C")
    client = Client()
    client.force_login(giver)
    address = reverse("parties:hand_over", args=[organisation.pk])

    unknown = client.post(address, {"to": str(stranger.pk)})
    done = client.post(address, {"to": str(taker.pk)}, follow=True)

    assert unknown.status_code == 422
    assert "인수인계를 마쳤습니다" in done.content.decode()
    assert queries.actors_of(giver) == []
    history = Client()
    history.force_login(taker)
    text = history.get(reverse("parties:history", args=[organisation.pk])).content.decode()
    assert "담당자 A → 담당자 A" in text
