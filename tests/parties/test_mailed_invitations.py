"""Invitations by mail: for one address or one organisation, used once, taken back, sent again."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from gongmo.kernel import clock
from gongmo.kernel.actor import Actor, OrganisationRole, Role, system
from gongmo.kernel.errors import BadInput, NotAllowed, NotFound, Refused
from gongmo.ledger.models import Entry
from gongmo.parties import queries
from gongmo.parties.checks import invented_business_number
from gongmo.parties.commands import (
    accept_for_organisation,
    accept_invitation,
    forget_invited_addresses,
    invitation_mails,
    invite_member,
    invite_organisation,
    offer_hand_over,
    read_invitation,
    resend_invitation,
    withdraw_invitation,
)
from gongmo.parties.invited import when_accepted
from gongmo.parties.models import Invitation, Membership, Organisation, Person
from tests.parties.builders import make_member, make_organisation, make_person

pytestmark = pytest.mark.django_db
NOON = datetime(2025, 8, 1, 3, 0, tzinfo=UTC)
_heard: list[tuple[str, str, int]] = []


@when_accepted("tests.consortium")
def hears(actor: Actor, invitation: Invitation, organisation: Organisation) -> str | None:
    _heard.append((invitation.reference, actor.organisation_name, organisation.pk))
    return None


def as_self(person: Person) -> Actor:
    return Actor(role=Role.APPLICANT, person=person.pk, name=person.display_name)


def mailed_token() -> str:
    found = re.search(r"/join/([\w-]+)/", str(mail.outbox[-1].body))
    assert found is not None
    return found[1]


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_the_mail_goes_to_the_address_and_the_record_does_not_hold_it() -> None:
    organisation = make_organisation(name="가상\n기관")
    _, owner = make_member(organisation)

    invite_member(
        actor=owner, organisation_id=organisation.pk, role=OrganisationRole.WRITER, email=" New@Example.test "
    )

    assert mail.outbox[-1].to == ["new@example.test"]
    assert read_invitation(mailed_token()).role == "writer"
    assert not Entry.objects.filter(body__icontains="new@example.test").exists()
    assert not Entry.objects.filter(body__contains=mailed_token()).exists()


def test_only_whoever_uses_the_address_accepts_and_only_once() -> None:
    organisation = make_organisation()
    _, owner = make_member(organisation)
    comer, other = make_person("담당자 B"), make_person("담당자 C")
    _, token = invite_member(
        actor=owner, organisation_id=organisation.pk, role=OrganisationRole.WRITER, email=comer.email
    )

    with pytest.raises(NotAllowed) as refusal:
        accept_invitation(actor=as_self(other), token=token)
    assert comer.email not in refusal.value.ko
    made = accept_invitation(actor=as_self(comer), token=token)
    assert made is not None
    with pytest.raises(Refused, match="invitation_over"):
        accept_invitation(actor=as_self(comer), token=token)


def test_a_link_taken_back_or_sent_again_is_dead() -> None:
    organisation = make_organisation()
    _, owner = make_member(organisation)
    _, stranger = make_member(make_organisation())
    made, first = invite_member(
        actor=owner, organisation_id=organisation.pk, role=OrganisationRole.WRITER, email="b@example.test"
    )

    with clock.at(clock.now() + timedelta(hours=1)):
        resend_invitation(actor=owner, invitation_id=made.pk)
    second = mailed_token()
    with pytest.raises(NotFound):
        read_invitation(first)
    with pytest.raises(NotFound):
        withdraw_invitation(actor=stranger, invitation_id=made.pk)
    assert read_invitation(second).pk == made.pk
    withdraw_invitation(actor=owner, invitation_id=made.pk)
    with pytest.raises(Refused):
        read_invitation(second)


def invite(
    owner: Actor, email: str, role: OrganisationRole = OrganisationRole.WRITER
) -> tuple[Invitation, str]:
    return invite_member(actor=owner, organisation_id=owner.organisation or 0, role=role, email=email)


def test_an_address_invited_again_keeps_its_one_invitation_and_has_one_mail_an_hour() -> None:
    _, owner = make_member(make_organisation())
    with clock.at(NOON):
        made, first = invite(owner, "b@example.test")
    with clock.at(NOON + timedelta(minutes=59)):
        with pytest.raises(Refused, match="invited_lately") as refusal:
            invite(owner, "B@example.test", OrganisationRole.VIEWER)
        with pytest.raises(Refused, match="invited_lately"):
            resend_invitation(actor=owner, invitation_id=made.pk)
        assert len(mail.outbox) == 1
        assert read_invitation(first).role == "writer"
    with clock.at(NOON + timedelta(hours=1)):
        again, second = invite(owner, "b@example.test", OrganisationRole.VIEWER)

        assert "13:00부터" in refusal.value.ko
        assert (again.pk, read_invitation(second).role, len(mail.outbox)) == (made.pk, "viewer", 2)
        with pytest.raises(NotFound):
            read_invitation(first)
        assert queries.waiting_invitations(owner, owner.organisation or 0).count() == 1


def test_taking_an_invitation_back_does_not_let_the_next_mail_go_at_once() -> None:
    _, owner = make_member(make_organisation())
    with clock.at(NOON):
        made, _ = invite(owner, "b@example.test")
        withdraw_invitation(actor=owner, invitation_id=made.pk)

        with pytest.raises(Refused, match="invited_lately"):
            invite(owner, "b@example.test")
        with pytest.raises(Refused, match="invited_lately"):
            offer_hand_over(actor=owner, organisation_id=owner.organisation or 0, email="b@example.test")
        # Another organisation's invitation is its own.
        invite(make_member(make_organisation())[1], "b@example.test")


def test_an_organisation_mails_twenty_invitations_a_day_and_makes_links_beyond() -> None:
    _, owner = make_member(make_organisation())
    with clock.at(NOON):
        for number in range(20):
            invite(owner, f"n{number}@example.test")
        with pytest.raises(Refused, match="invited_enough"):
            invite(owner, "one.more@example.test")
        assert invite(owner, "")[1]
    assert len(mail.outbox) == 20
    with clock.at(NOON + timedelta(days=1)):
        invite(owner, "one.more@example.test")


def invite_partner(owner: Actor, number: int) -> Invitation:
    return invite_organisation(actor=owner, email=f"n{number}@example.test", topic="tests", reference="1")


def test_mails_to_partners_are_bound_by_day_and_neither_taking_back_nor_another_organisation_frees_any(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(invitation_mails, "MOST_ORGANISATIONS_A_DAY", 3)
    _, owner = make_member(make_organisation())
    with clock.at(NOON):
        for number in range(3):
            made = invite_partner(owner, number)
        withdraw_invitation(actor=owner, invitation_id=made.pk)
        with pytest.raises(Refused, match="invited_enough"):
            invite_partner(owner, 3)
        with pytest.raises(Refused, match="invited_enough"):
            invite_partner(replace(owner, organisation=make_organisation().pk), 3)
    with clock.at(NOON + timedelta(days=1)):
        invite_partner(owner, 3)


@pytest.mark.parametrize("name", ["You won http://evil.example/now", "경품 www.evil.example", "a HTTPS b"])
def test_no_organisation_is_named_by_an_address(name: str) -> None:
    with pytest.raises(BadInput, match="name_with_address"):
        make_organisation(name=name)


def test_the_page_says_why_no_mail_went_and_offers_what_can_be_done() -> None:
    organisation = make_organisation()
    person, _ = make_member(organisation)
    client, form = signed_in(person), {"role": "writer", "email": "b@example.test"}
    client.post(reverse("parties:invite", args=[organisation.pk]), form)

    again = client.post(reverse("parties:invite", args=[organisation.pk]), form)
    made = Invitation.objects.get(email="b@example.test")
    resent = client.post(reverse("parties:resend_invitation", args=[made.pk]))

    for answer in (again, resent):
        assert answer.status_code == 409
        assert "b@example.test 주소로는 이미 초대를 보냈습니다" in answer.content.decode()
    assert len(mail.outbox) == 1


def test_many_organisations_are_invited_at_once_but_one_address_has_three_mails_an_hour() -> None:
    _, lead = make_member(make_organisation())

    def ask(email: str, number: int) -> None:
        invite_organisation(
            actor=lead, email=email, topic="tests.consortium", reference=str(number), next="/calls/"
        )

    with clock.at(NOON):
        for number in range(30):
            ask(f"n{number}@example.test", 1)
        for number in range(3):
            ask("b@example.test", number)
        with pytest.raises(Refused, match="invited_lately"):
            ask("b@example.test", 3)
    with clock.at(NOON + timedelta(hours=1)):
        ask("b@example.test", 3)


def test_a_month_after_its_end_an_invitation_forgets_the_address() -> None:
    organisation = make_organisation()
    _, owner = make_member(organisation)
    with clock.at(NOON):
        made, _ = invite_member(
            actor=owner, organisation_id=organisation.pk, role=OrganisationRole.WRITER, email="b@example.test"
        )
    with clock.at(NOON + timedelta(days=33)):
        assert forget_invited_addresses(actor=system()) == 0
    with clock.at(NOON + timedelta(days=33, seconds=1)):
        assert forget_invited_addresses(actor=system()) == 1

    made.refresh_from_db()
    assert made.email == ""


def test_an_unregistered_organisation_is_invited_registered_and_led_to_its_page() -> None:
    _heard.clear()
    inviting = make_organisation()
    _, lead = make_member(inviting)
    number = invented_business_number(424242)
    invite_organisation(
        actor=lead, email="info@example.test", business_number=number, name="가상 새 기관",
        topic="tests.consortium", reference="7", next="/calls/",
    )  # fmt: skip
    token = mailed_token()
    # The link was passed on inside the organisation: whoever is in charge there accepts.
    client = signed_in(make_person("담당자 B"))

    offered = client.get(reverse("parties:join", args=[token])).content.decode()
    form = client.get(reverse("parties:new_organisation") + f"?invitation={token}").content.decode()
    done = client.post(
        reverse("parties:new_organisation"),
        {"name": "가상 새 기관", "kind": "company", "business_number": number, "invitation": token},
    )

    assert "기관 등록하고 수락하기" in offered
    assert f'value="{number}"' in form
    assert (done.status_code, done["Location"]) == (302, "/calls/")
    made = queries.find_by_business_number(number)
    assert made is not None
    assert _heard == [("7", "가상 새 기관", made.pk)]
    (invitation,) = queries.invitations_about("tests.consortium", "7")
    assert invitation.accepted_for == made


def test_an_organisation_s_invitation_is_for_its_number_and_its_owner_or_signer() -> None:
    _, lead = make_member(make_organisation())
    invited, other = make_organisation(), make_organisation()
    owner, _ = make_member(invited)
    viewer, _ = make_member(invited, OrganisationRole.VIEWER)
    stranger, _ = make_member(other)
    invite_organisation(actor=lead, email="info@example.test", business_number=invited.business_number or "")
    token = mailed_token()

    with pytest.raises(Refused, match="invitation_of_another"):
        accept_for_organisation(actor=as_self(stranger), token=token, organisation_id=other.pk)
    with pytest.raises(NotAllowed):
        accept_for_organisation(actor=as_self(viewer), token=token, organisation_id=invited.pk)
    with pytest.raises(NotAllowed):
        accept_for_organisation(actor=as_self(stranger), token=token, organisation_id=invited.pk)
    found, _ = accept_for_organisation(actor=as_self(owner), token=token, organisation_id=invited.pk)
    assert found.accepted_for_id == invited.pk
    assert "이미 쓰였거나" in signed_in(owner).get(reverse("parties:join", args=[token])).content.decode()


def test_wrong_numbers_wrong_addresses_and_visitors_invite_nobody() -> None:
    _, lead = make_member(make_organisation())
    _, viewer = make_member(make_organisation(), OrganisationRole.VIEWER)

    with pytest.raises(BadInput) as number:
        invite_organisation(actor=lead, email="a@example.test", business_number="124-81-00999")
    with pytest.raises(BadInput) as address:
        invite_organisation(actor=lead, email="no address")
    with pytest.raises(NotAllowed):
        invite_organisation(actor=viewer, email="a@example.test")
    with pytest.raises(ValueError, match="path"):
        invite_organisation(actor=lead, email="a@example.test", next="//elsewhere.test/")
    assert (number.value.field, address.value.field) == ("business_number", "email")
    assert mail.outbox == []


def test_the_people_page_invites_lists_and_takes_back() -> None:
    organisation = make_organisation()
    owner, _ = make_member(organisation)
    client = signed_in(owner)
    people = reverse("parties:people", args=[organisation.pk])

    empty = client.post(reverse("parties:invite", args=[organisation.pk]), {"role": "writer", "email": ""})
    client.post(
        reverse("parties:invite", args=[organisation.pk]), {"role": "writer", "email": "b@example.test"}
    )
    listed = client.get(people).content.decode()
    made = Invitation.objects.get()
    client.post(reverse("parties:withdraw_invitation", args=[made.pk]))

    assert empty.status_code == 422
    assert "b@example.test" in listed
    assert "http://testserver/join/" in str(mail.outbox[-1].body)
    assert "b@example.test" not in client.get(people).content.decode()


def test_the_people_page_of_a_large_organisation_asks_a_fixed_number_of_times(
    django_assert_max_num_queries: Any,
) -> None:
    organisation = make_organisation()
    owner, _ = make_member(organisation)
    for index in range(20):
        Membership.objects.create(
            person=Person.objects.create(email=f"m{index}@example.test", display_name=f"담당자 {index}"),
            organisation=organisation,
            role="viewer",
            since=organisation.created_at,
        )
    client = signed_in(owner)

    with django_assert_max_num_queries(14):
        assert client.get(reverse("parties:people", args=[organisation.pk])).status_code == 200
