"""Colleagues come in by a signed link; a hand-over link moves the own place, once."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from gongmo.kernel import clock
from gongmo.kernel.actor import PUBLIC, Actor, OrganisationRole, Role, system
from gongmo.kernel.errors import NotAllowed, NotFound, Refused
from gongmo.ledger.queries import history
from gongmo.parties import queries
from gongmo.parties.commands import accept_invitation, end_membership, hand_over, invitation, read_invitation
from gongmo.parties.commands.invitation_mails import VALID
from gongmo.parties.models import Membership
from tests.parties.builders import make_member, make_organisation, make_person

pytestmark = pytest.mark.django_db
NOON = datetime(2025, 8, 1, 3, 0, tzinfo=UTC)


def newcomer() -> Actor:
    person = make_person("담당자 B")
    return Actor(role=Role.APPLICANT, person=person.pk, name=person.display_name)


def test_whoever_opens_the_link_takes_the_offered_place() -> None:
    organisation = make_organisation()
    giver, owner = make_member(organisation)
    token = invitation(actor=owner, organisation_id=organisation.pk, role=OrganisationRole.WRITER)
    comer = newcomer()

    made = accept_invitation(actor=comer, token=token)

    assert made is not None
    assert (made.person_id, made.organisation_id, made.role) == (comer.person, organisation.pk, "writer")
    assert history("organisation", organisation.pk)[0].payload["invited_by"] == giver.pk


def test_hand_over_link_moves_the_own_place_once() -> None:
    organisation = make_organisation()
    giver, owner = make_member(organisation)
    token = invitation(
        actor=owner, organisation_id=organisation.pk, role=OrganisationRole.VIEWER, hands_over=True
    )
    comer = newcomer()

    made = accept_invitation(actor=comer, token=token)

    assert made is not None
    assert made.role == OrganisationRole.OWNER
    assert queries.actors_of(giver) == []
    with pytest.raises(Refused):
        accept_invitation(actor=newcomer(), token=token)


def test_whoever_lost_the_place_comes_back_by_a_new_link_only() -> None:
    organisation = make_organisation()
    comer = newcomer()
    with clock.at(NOON):
        _, owner = make_member(organisation)
        used = invitation(actor=owner, organisation_id=organisation.pk, role=OrganisationRole.OWNER)
        old = invitation(actor=owner, organisation_id=organisation.pk, role=OrganisationRole.OWNER)
        made = accept_invitation(actor=comer, token=used)
        assert made is not None
    with clock.at(NOON + timedelta(hours=1)):
        end_membership(actor=owner, membership_id=made.pk)
    with clock.at(NOON + timedelta(hours=2)):
        with pytest.raises(Refused, match="place_ended"):
            accept_invitation(actor=comer, token=old)
        new = invitation(actor=owner, organisation_id=organisation.pk, role=OrganisationRole.VIEWER)

        again = accept_invitation(actor=comer, token=new)

    assert again is not None
    assert again.role == OrganisationRole.VIEWER


def test_link_runs_out_at_its_instant() -> None:
    organisation = make_organisation()
    with clock.at(NOON):
        _, owner = make_member(organisation)
        token = invitation(actor=owner, organisation_id=organisation.pk, role=OrganisationRole.WRITER)

    with clock.at(NOON + VALID), pytest.raises(Refused):
        accept_invitation(actor=newcomer(), token=token)


def test_link_of_a_person_who_is_no_owner_any_more_is_dead() -> None:
    organisation = make_organisation()
    giver, owner = make_member(organisation)
    token = invitation(actor=owner, organisation_id=organisation.pk, role=OrganisationRole.WRITER)
    hand_over(
        actor=system(),
        organisation_id=organisation.pk,
        from_person_id=giver.pk,
        to_person_id=make_person().pk,
    )

    with pytest.raises(Refused):
        read_invitation(token)


def test_forged_links_visitors_and_members_without_the_right_are_refused() -> None:
    organisation = make_organisation()
    _, owner = make_member(organisation)
    _, writer = make_member(organisation, OrganisationRole.WRITER)
    token = invitation(actor=owner, organisation_id=organisation.pk, role=OrganisationRole.SIGNER)

    with pytest.raises(NotFound):
        accept_invitation(actor=newcomer(), token=token[:-2])
    with pytest.raises(NotAllowed):
        accept_invitation(actor=PUBLIC, token=token)
    with pytest.raises(NotAllowed):
        invitation(actor=writer, organisation_id=organisation.pk, role=OrganisationRole.WRITER)
    with pytest.raises(Refused):
        accept_invitation(actor=writer, token=token)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_open_a_hand_over_link_at_once_one_takes_the_place() -> None:
    organisation = make_organisation()
    _, owner = make_member(organisation)
    token = invitation(
        actor=owner, organisation_id=organisation.pk, role=OrganisationRole.VIEWER, hands_over=True
    )
    comers, barrier, ends = [newcomer(), newcomer()], threading.Barrier(2), list[str]()

    def accept(comer: Actor) -> None:
        try:
            barrier.wait()
            accept_invitation(actor=comer, token=token)
            ends.append("taken")
        except Refused as refusal:
            ends.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=accept, args=(comer,)) for comer in comers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(ends) == ["invitation_over", "taken"]
    assert Membership.objects.filter(organisation=organisation, until__isnull=True).count() == 1
