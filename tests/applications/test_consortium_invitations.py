"""Inviting by number or address: registered organisations at once, others by a link; and what an invited one sees."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from gongmo.applications import commands
from gongmo.applications.models import Application, Member
from gongmo.applications.queries.invitations import waiting_links
from gongmo.applications.states import MemberState
from gongmo.applications.values import CellInput
from gongmo.definition.base import OrganisationKind
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor, OrganisationRole, Role
from gongmo.kernel.errors import BadInput, NotAllowed, NotFound, Refused
from gongmo.ledger.models import Entry
from gongmo.notices.models import Notice
from gongmo.notices.telling import walk
from gongmo.parties import commands as parties
from gongmo.parties.checks import invented_business_number
from gongmo.parties.models import Invitation, Organisation, Person
from tests.builders import AT_OPENING, make_applicant, make_organisation, member_actor, publish_sample_call
from tests.parties.builders import make_person

pytestmark = pytest.mark.django_db
NUMBER = invented_business_number(987001)
BACKEND = "gongmo.notices.people.SignedIn"


@pytest.fixture
def lead() -> Actor:
    return make_applicant()


@pytest.fixture
def application(lead: Actor) -> Application:
    call = publish_sample_call()
    with clock.at(AT_OPENING):
        return commands.start(actor=lead, call_id=call.pk, title="가상 사업")


def client_of(actor: Actor) -> Client:
    client = Client()
    client.force_login(Person.objects.get(pk=actor.person or 0), backend=BACKEND)
    return client


def numbered(number: str = NUMBER) -> Organisation:
    organisation = make_organisation(OrganisationKind.COMPANY)
    Organisation.objects.filter(pk=organisation.pk).update(business_number=number)
    organisation.refresh_from_db()
    return organisation


def invite_by(lead: Actor, application: Application, **given: str) -> commands.Asked:
    return commands.invite_by(actor=lead, application_id=application.pk, role="partner", **given)


def mailed_token() -> str:
    found = re.search(r"/join/([\w-]+)/", str(mail.outbox[-1].body))
    assert found is not None
    return found[1]


def test_a_registered_number_is_invited_at_once_and_told(application: Application, lead: Actor) -> None:
    organisation = numbered()
    owner = member_actor(organisation)

    asked = invite_by(lead, application, business_number=f"{NUMBER[:3]}-{NUMBER[3:5]}-{NUMBER[5:]}")

    assert asked.member is not None
    assert asked.member.organisation == organisation
    assert asked.member.state == MemberState.INVITED
    assert not Invitation.objects.exists()
    while walk():
        pass
    assert Notice.objects.filter(person=owner.person).exists()


def test_an_unregistered_number_needs_an_address_and_gets_a_link(
    application: Application, lead: Actor
) -> None:
    with pytest.raises(BadInput) as missing:
        invite_by(lead, application, business_number=NUMBER)
    assert missing.value.field == "email"

    asked = invite_by(
        lead, application, business_number=NUMBER, email="New@example.test", name="가상 새 기업"
    )

    assert asked.link is not None
    assert mail.outbox[-1].to == ["new@example.test"]
    assert not Entry.objects.filter(body__icontains="new@example.test").exists()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "number"),
        ({"business_number": "1234567890"}, "number"),
        ({"business_number": "=1+1"}, "number"),
        ({"email": "no address"}, "email"),
    ],
)
def test_wrong_numbers_and_addresses_are_told_at_their_field(
    application: Application, lead: Actor, given: dict[str, str], field: str
) -> None:
    with pytest.raises(BadInput) as refused:
        invite_by(lead, application, **given)
    assert refused.value.field == field
    assert (
        not Member.objects.filter(application=application)
        .exclude(organisation_id=lead.organisation or 0)
        .exists()
    )


def test_an_address_alone_never_tells_whether_somebody_is_registered(
    application: Application, lead: Actor
) -> None:
    known = make_person("담당자 나")
    for address in (known.email, "nobody@example.test"):
        assert invite_by(lead, application, email=address).link is not None
    assert len(mail.outbox) == 2


def test_the_link_leads_through_registering_to_the_invitation(application: Application, lead: Actor) -> None:
    invite_by(lead, application, business_number=NUMBER, email="comer@example.test")
    person = Person.objects.create_user("comer@example.test", "x", display_name="담당자 다")
    self_ = Actor(role=Role.APPLICANT, person=person.pk, name=person.display_name)
    token = mailed_token()
    organisation = parties.register_organisation(
        actor=self_,
        name="가상 새 기업",
        kind=OrganisationKind.COMPANY,
        region="KR-48",
        business_number=NUMBER,
    )

    _, leads_to = parties.accept_for_organisation(actor=self_, token=token, organisation_id=organisation.pk)

    place = Member.objects.get(organisation=organisation)
    assert (place.state, place.role) == (MemberState.INVITED, "partner")
    assert leads_to == reverse("applications:application", args=[application.pk])
    assert not waiting_links(application.pk).exists()
    with pytest.raises(Refused) as again:
        parties.accept_for_organisation(actor=self_, token=token, organisation_id=organisation.pk)
    assert again.value.code == "invitation_over"


def test_a_waiting_link_is_not_doubled_but_sent_again_or_taken_back(
    application: Application, lead: Actor
) -> None:
    link = invite_by(lead, application, business_number=NUMBER, email="comer@example.test").link
    assert link is not None
    with pytest.raises(Refused) as twice:
        invite_by(lead, application, email="COMER@example.test")
    assert twice.value.code == "link_waiting"
    first = mailed_token()

    with pytest.raises(Refused, match="invited_lately"):
        commands.resend_link(actor=lead, application_id=application.pk, invitation_id=link.pk)
    with clock.at(link.made_at + timedelta(hours=1)):
        commands.resend_link(actor=lead, application_id=application.pk, invitation_id=link.pk)
    assert mailed_token() != first
    commands.withdraw_link(actor=lead, application_id=application.pk, invitation_id=link.pk)

    with pytest.raises(Refused):
        parties.read_invitation(mailed_token())
    with pytest.raises(NotFound):
        commands.resend_link(actor=lead, application_id=application.pk, invitation_id=link.pk)


def test_another_applications_link_is_not_found(application: Application, lead: Actor) -> None:
    other = make_applicant("KR-26")
    with clock.at(AT_OPENING):
        theirs = commands.start(actor=other, call_id=application.call_id, title="다른 사업")
    link = invite_by(lead, application, email="comer@example.test").link
    assert link is not None

    with pytest.raises(NotFound):
        commands.withdraw_link(actor=other, application_id=theirs.pk, invitation_id=link.pk)
    with pytest.raises(NotFound):
        commands.withdraw_link(actor=other, application_id=application.pk, invitation_id=link.pk)


def test_an_invited_organisation_sees_what_it_decides_on_and_no_more(
    application: Application, lead: Actor
) -> None:
    organisation = numbered()
    owner = member_actor(organisation)
    other = make_organisation(OrganisationKind.COMPANY, None, "가상 다른 참여사")
    for each in (organisation, other):
        commands.invite(actor=lead, application_id=application.pk, organisation_id=each.pk, role="partner")
    commands.set_cells(
        actor=lead,
        application_id=application.pk,
        cells=[
            CellInput(organisation.pk, 2030, "solution", "staff", "private", "cash", 1_234_000),
            CellInput(other.pk, 2030, "solution", "staff", "private", "cash", 7_654_000),
        ],
    )
    commands.update_overview(
        actor=lead,
        application_id=application.pk,
        title="가상 사업",
        summary="누구를 위한 사업",
        fields=["solution"],
    )
    client, base = client_of(owner), f"/applications/{application.pk}/"

    page = client.get(base).content.decode()

    assert "누구를 위한 사업" in page
    assert "1,234,000" in page
    assert "7,654,000" not in page
    assert other.name not in page
    for closed in ("members/", "money/", "content/", "statements/", "versions/", "changes/", "submit/"):
        assert client.get(base + closed).status_code == 403, closed
    member = Member.objects.get(organisation=organisation)
    client.post(f"/application-members/{member.pk}/answer/", {"accept": "yes", "word": " 함께하겠습니다. "})
    member.refresh_from_db()
    assert (member.state, member.answer_note) == (MemberState.ACCEPTED, "함께하겠습니다.")
    assert client.get(base + "members/").status_code == 200


def test_a_word_that_is_too_long_keeps_what_was_typed(application: Application, lead: Actor) -> None:
    organisation = numbered()
    owner = member_actor(organisation)
    member = commands.invite(
        actor=lead, application_id=application.pk, organisation_id=organisation.pk, role="partner"
    )
    word = "가" * 501

    answer = client_of(owner).post(
        f"/application-members/{member.pk}/answer/", {"accept": "no", "word": word}
    )

    assert answer.status_code == 422
    assert word in answer.content.decode()
    member.refresh_from_db()
    assert member.state == MemberState.INVITED


def test_the_role_is_changed_by_the_lead_alone(application: Application, lead: Actor) -> None:
    organisation = numbered()
    owner = member_actor(organisation)
    member = commands.invite(
        actor=lead, application_id=application.pk, organisation_id=organisation.pk, role="partner"
    )
    own = Member.objects.get(application=application, organisation_id=lead.organisation or 0)

    assert commands.set_role(actor=lead, member_id=member.pk, role="government").role == "government"
    with pytest.raises(NotAllowed):
        commands.set_role(actor=owner, member_id=member.pk, role="partner")
    with pytest.raises(BadInput):
        commands.set_role(actor=lead, member_id=member.pk, role="lead")
    with pytest.raises(Refused) as refused:
        commands.set_role(actor=lead, member_id=own.pk, role="partner")
    assert refused.value.code == "member_is_lead"


def test_leaving_keeps_what_stood_before_and_writes_the_cells_into_the_journal(
    application: Application, lead: Actor
) -> None:
    organisation = numbered()
    owner = member_actor(organisation)
    member = commands.invite(
        actor=lead, application_id=application.pk, organisation_id=organisation.pk, role="partner"
    )
    commands.answer_invitation(actor=owner, member_id=member.pk, accept=True)
    cell = CellInput(organisation.pk, 2030, "solution", "staff", "private", "cash", 5_000)
    commands.set_cells(actor=lead, application_id=application.pk, cells=[cell])

    commands.remove_member(actor=owner, member_id=member.pk, word="사정이 생겼습니다.")

    member.refresh_from_db()
    assert (member.state, member.answer_note) == (MemberState.REMOVED, "사정이 생겼습니다.")
    assert any(change.after == 0 for change in application.changes.filter(path__startswith="cell:"))
    assert any("5000" in str(version.content) for version in application.versions.all())


def test_whoever_is_taken_out_while_typing_is_told_and_keeps_the_text(
    application: Application, lead: Actor
) -> None:
    organisation = numbered()
    owner = member_actor(organisation, OrganisationRole.OWNER)
    member = commands.invite(
        actor=lead, application_id=application.pk, organisation_id=organisation.pk, role="partner"
    )
    commands.answer_invitation(actor=owner, member_id=member.pk, accept=True)
    client, base = client_of(owner), f"/applications/{application.pk}/"
    commands.remove_member(actor=lead, member_id=member.pk)
    path = f"fact:{member.pk}:arrears:note"

    saved = client.post(
        base + "save/",
        {"changes": [{"path": path, "value": "쓰던 글", "base": 0}]},
        content_type="application/json",
    )
    sent = client.post(base + "statements/", {path: "쓰던 <b>글</b>"})

    assert saved.status_code == 404
    assert saved.json()["code"] == "taken_out"
    assert "더 이상 들어 있지 않아" in saved.json()["said"]
    page = sent.content.decode()
    assert sent.status_code == 404
    assert "쓰던 &lt;b&gt;글&lt;/b&gt;" in page
    assert client_of(make_applicant()).get(base).status_code == 404
