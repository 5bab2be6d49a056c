import pytest

from gongmo.applications import commands
from gongmo.applications.models import Application, Consent, Declaration, Member
from gongmo.applications.queries import snapshot, visible_applications
from gongmo.applications.states import MemberState
from gongmo.applications.values import CellInput
from gongmo.calls.models import Call
from gongmo.definition.application import Truth
from gongmo.definition.base import OrganisationKind
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor, OrganisationRole
from gongmo.kernel.errors import BadInput, NotAllowed, NotFound, Refused
from tests.builders import (
    AT_OPENING,
    good_cells,
    make_applicant,
    make_organisation,
    member_actor,
    publish_sample_call,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def call() -> Call:
    return publish_sample_call()


@pytest.fixture
def lead() -> Actor:
    return make_applicant()


@pytest.fixture
def application(call: Call, lead: Actor) -> Application:
    with clock.at(AT_OPENING):
        return commands.start(actor=lead, call_id=call.pk, title="가상 사업")


def invite(application: Application, lead: Actor, role: str = "partner") -> tuple[Member, Actor]:
    organisation = make_organisation(OrganisationKind.COMPANY)
    member = commands.invite(
        actor=lead, application_id=application.pk, organisation_id=organisation.pk, role=role
    )
    return member, member_actor(organisation)


def test_invited_organisation_sees_the_application_and_accepts(application: Application, lead: Actor) -> None:
    member, actor = invite(application, lead)
    assert list(visible_applications(actor)) == [application]

    accepted = commands.answer_invitation(actor=actor, member_id=member.pk, accept=True)

    assert accepted.state == MemberState.ACCEPTED
    assert accepted.answered_by_id == actor.person


def test_an_invited_organisation_writes_nothing_before_it_has_joined(
    application: Application, lead: Actor
) -> None:
    organisation = make_organisation()
    member = commands.invite(
        actor=lead, application_id=application.pk, organisation_id=organisation.pk, role="partner"
    )
    writer = member_actor(organisation)
    cells = good_cells(organisation.pk)[:1]

    with clock.at(AT_OPENING), pytest.raises(Refused):
        commands.set_cells(actor=writer, application_id=application.pk, cells=cells)
    with clock.at(AT_OPENING):
        commands.answer_invitation(actor=writer, member_id=member.pk, accept=True)
        commands.set_cells(actor=writer, application_id=application.pk, cells=cells)

    assert application.cells.filter(organisation=organisation).count() == 1


def test_declining_takes_out_its_money_and_its_sight(application: Application, lead: Actor) -> None:
    member, actor = invite(application, lead)
    cell = CellInput(member.organisation_id, 2030, "solution", "staff", "private", "cash", 100)
    commands.set_cells(actor=lead, application_id=application.pk, cells=[cell])

    commands.answer_invitation(actor=actor, member_id=member.pk, accept=False)

    assert not application.cells.exists()
    assert not visible_applications(actor).exists()
    assert len(snapshot(application).organisations) == 1


def test_answer_is_given_once_and_only_by_the_invited(application: Application, lead: Actor) -> None:
    member, actor = invite(application, lead)

    with pytest.raises(NotAllowed):
        commands.answer_invitation(actor=lead, member_id=member.pk, accept=True)
    writer = member_actor(member.organisation, OrganisationRole.WRITER)
    with pytest.raises(NotAllowed):
        commands.answer_invitation(actor=writer, member_id=member.pk, accept=True)
    with pytest.raises(NotFound):
        commands.answer_invitation(actor=make_applicant(), member_id=member.pk, accept=True)
    commands.answer_invitation(actor=actor, member_id=member.pk, accept=True)
    with pytest.raises(Refused):
        commands.answer_invitation(actor=actor, member_id=member.pk, accept=True)


def test_invitation_is_refused_twice_and_possible_again_after_a_refusal(
    application: Application, lead: Actor
) -> None:
    member, actor = invite(application, lead)
    with pytest.raises(Refused) as twice:
        commands.invite(
            actor=lead, application_id=application.pk, organisation_id=member.organisation_id, role="partner"
        )
    assert twice.value.code == "member_already"
    commands.answer_invitation(actor=actor, member_id=member.pk, accept=False)

    again = commands.invite(
        actor=lead, application_id=application.pk, organisation_id=member.organisation_id, role="partner"
    )

    assert (again.pk, again.state) == (member.pk, MemberState.INVITED)


def test_unknown_roles_and_organisations_are_refused(application: Application, lead: Actor) -> None:
    organisation = make_organisation()
    for role in ("nobody", "lead"):
        with pytest.raises(BadInput):
            commands.invite(
                actor=lead, application_id=application.pk, organisation_id=organisation.pk, role=role
            )
    with pytest.raises(BadInput):
        commands.invite(actor=lead, application_id=application.pk, organisation_id=10**9, role="partner")


def test_lead_takes_a_member_out_but_never_itself(application: Application, lead: Actor) -> None:
    member, _ = invite(application, lead)
    own = Member.objects.get(application=application, organisation_id=lead.organisation)

    assert commands.remove_member(actor=lead, member_id=member.pk).state == MemberState.REMOVED
    with pytest.raises(Refused) as refusal:
        commands.remove_member(actor=lead, member_id=own.pk)
    assert refusal.value.code == "member_is_lead"


def test_self_check_is_each_organisations_own(application: Application, lead: Actor) -> None:
    member, actor = invite(application, lead)

    with pytest.raises(Refused) as early:
        commands.declare(actor=actor, member_id=member.pk, fact="arrears", value=Truth.NO)
    assert early.value.code == "member_not_joined"
    commands.answer_invitation(actor=actor, member_id=member.pk, accept=True)
    with pytest.raises(NotAllowed):
        commands.declare(actor=lead, member_id=member.pk, fact="arrears", value=Truth.NO)
    commands.declare(actor=actor, member_id=member.pk, fact="arrears", value=Truth.UNKNOWN)
    commands.declare(actor=actor, member_id=member.pk, fact="arrears", value=Truth.NO)

    assert Declaration.objects.get(member=member).value == "no"
    facts = next(
        item.facts for item in snapshot(application).organisations if item.id == str(member.organisation_id)
    )
    assert facts["arrears"].value is Truth.NO


def test_unknown_facts_and_consents_are_refused(application: Application, lead: Actor) -> None:
    own = Member.objects.get(application=application)

    with pytest.raises(BadInput):
        commands.declare(actor=lead, member_id=own.pk, fact="height", value=Truth.NO)
    with pytest.raises(BadInput):
        commands.consent(actor=lead, member_id=own.pk, kind="marketing", given=True)


def test_consent_can_be_taken_back(application: Application, lead: Actor) -> None:
    own = Member.objects.get(application=application)
    commands.consent(actor=lead, member_id=own.pk, kind="personal_data", given=True)

    commands.consent(actor=lead, member_id=own.pk, kind="personal_data", given=False)

    assert Consent.objects.get(member=own).given is False


def test_buying_assets_is_marked_by_the_lead_or_the_member(application: Application, lead: Actor) -> None:
    member, actor = invite(application, lead)
    commands.answer_invitation(actor=actor, member_id=member.pk, accept=True)

    commands.set_buys_assets(actor=lead, member_id=member.pk, value=True)
    commands.set_buys_assets(actor=actor, member_id=member.pk, value=False)

    with pytest.raises(NotFound):
        commands.set_buys_assets(actor=make_applicant(), member_id=member.pk, value=True)
    assert not Member.objects.get(pk=member.pk).buys_assets
