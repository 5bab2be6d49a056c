from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from gongmo.applications import commands
from gongmo.applications.models import Application, DraftVersion, Member
from gongmo.applications.queries import (
    application_for,
    differences_from,
    snapshot,
    versions_of,
    visible_applications,
)
from gongmo.applications.states import MemberState
from gongmo.calls.models import Call
from gongmo.calls.queries import definition_of
from gongmo.definition.base import OrganisationKind
from gongmo.kernel import clock
from gongmo.kernel.actor import PUBLIC, Actor, OrganisationRole, Role
from gongmo.kernel.errors import BadInput, NotAllowed, NotFound, Refused
from gongmo.parties.models import Person
from tests.builders import (
    AT_OPENING,
    AT_REGIONAL,
    CLOSES,
    good_cells,
    make_agency_officer,
    make_applicant,
    make_ministry_officer,
    make_organisation,
    member_actor,
    officer,
    publish_sample_call,
    publish_sample_regional,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def call() -> Call:
    return publish_sample_call()


def start(actor: Actor, call: Call) -> Application:
    with clock.at(AT_OPENING):
        return commands.start(actor=actor, call_id=call.pk, title="  가상   사업 ")


def test_start_makes_the_actors_organisation_the_lead(call: Call) -> None:
    lead = make_applicant("KR-49")

    application = start(lead, call)

    assert application.title == "가상 사업"
    assert application.region_id == "KR-49"
    member = Member.objects.get(application=application)
    assert (member.organisation_id, member.role, member.state) == (
        lead.organisation,
        "lead",
        MemberState.ACCEPTED,
    )


def test_only_regions_that_may_apply_are_offered_at_the_start_and_in_the_overview(call: Call) -> None:
    lead = make_applicant("KR-49")
    client = Client()
    client.force_login(Person.objects.get(pk=lead.person or 0))
    with clock.at(AT_OPENING):
        first = BeautifulSoup(client.get(f"/calls/{call.slug}/apply/").content, "html.parser")
        application = commands.start(actor=lead, call_id=call.pk, title="가상 사업")
        address = f"/applications/{application.pk}/overview/"
        overview = BeautifulSoup(client.get(address).content, "html.parser")
        client.post(address, {"title": "가상 사업", "region": "KR-48", "do": "save"})

    offered = [option["value"] for option in first.select("select[name=region] option")]
    assert sorted(offered) == ["", "KR-26", "KR-27", "KR-48", "KR-49"]
    chosen = overview.select_one("select[name=region][data-save=region] option[selected]")
    assert chosen is not None
    assert chosen["value"] == "KR-49"
    application.refresh_from_db()
    assert application.region_id == "KR-48"


def test_start_twice_is_refused_and_names_the_first(call: Call) -> None:
    lead = make_applicant()
    first = start(lead, call)

    with pytest.raises(Refused) as refusal:
        start(lead, call)

    assert refusal.value.details == {"application": first.pk}


@pytest.mark.parametrize("at", [CLOSES, CLOSES + timedelta(days=1)])
def test_start_is_refused_at_and_after_the_deadline(call: Call, at: object) -> None:
    with clock.at(CLOSES), pytest.raises(Refused) as refusal:
        commands.start(actor=make_applicant(), call_id=call.pk, title="늦은 사업")

    assert refusal.value.code == "call_not_open"


def test_viewers_and_visitors_cannot_start(call: Call) -> None:
    for actor in (make_applicant(role=OrganisationRole.VIEWER), make_agency_officer(), PUBLIC):
        with pytest.raises(NotAllowed):
            start(actor, call)


def test_company_starts_alone_in_a_second_level_call() -> None:
    call = publish_sample_regional()
    company = make_applicant("KR-48", OrganisationKind.COMPANY)

    with clock.at(AT_REGIONAL):
        application = commands.start(actor=company, call_id=call.pk, title="도입 사업")

    assert Member.objects.get(application=application).role == "sme"


def test_consortium_operator_and_ministry_see_it_and_nobody_else_knows_of_it(call: Call) -> None:
    lead = make_applicant()
    application = start(lead, call)
    operator = officer(Role.AGENCY, call.operator)

    for actor in (lead, operator, make_ministry_officer()):
        assert application_for(actor, application.pk) == application
        assert visible_applications(actor, call).count() == 1
    for actor in (make_applicant(), make_agency_officer(), PUBLIC, officer(Role.EVALUATOR, None)):
        assert not visible_applications(actor, call).exists()
        with pytest.raises(NotFound):
            application_for(actor, application.pk)
        with pytest.raises(NotFound):
            commands.update_overview(
                actor=actor, application_id=application.pk, title="남의 것", summary="", fields=[]
            )


def test_operator_may_look_and_not_edit(call: Call) -> None:
    application = start(make_applicant(), call)

    with pytest.raises(NotAllowed):
        commands.update_overview(
            actor=officer(Role.AGENCY, call.operator),
            application_id=application.pk,
            title="고침",
            summary="",
            fields=[],
        )


def test_overview_refuses_unknown_fields_and_empty_titles(call: Call) -> None:
    lead = make_applicant()
    application = start(lead, call)

    with pytest.raises(BadInput) as field:
        commands.update_overview(
            actor=lead, application_id=application.pk, title="제목", summary="", fields=["nothing"]
        )
    with pytest.raises(BadInput) as title:
        commands.update_overview(actor=lead, application_id=application.pk, title="  ", summary="", fields=[])

    assert (field.value.field, title.value.field) == ("fields", "title")


def test_restore_brings_back_an_earlier_state_as_a_new_revision(call: Call) -> None:
    lead = make_applicant()
    application = start(lead, call)
    commands.set_cells(actor=lead, application_id=application.pk, cells=good_cells(lead.organisation or 0))
    good = DraftVersion.objects.filter(application=application).latest("revision")
    commands.set_cells(actor=lead, application_id=application.pk, cells=[], replace=True)
    assert not application.cells.exists()

    commands.restore_version(actor=lead, application_id=application.pk, revision=good.revision)

    assert application.cells.count() == 8
    application.refresh_from_db()
    assert versions_of(application)[0].revision > good.revision
    assert differences_from(definition_of(call), good, snapshot(application), application.summary) == []


def test_differences_are_told_in_words(call: Call) -> None:
    lead = make_applicant()
    application = start(lead, call)
    first = versions_of(application)[0]
    commands.set_cells(
        actor=lead, application_id=application.pk, cells=good_cells(lead.organisation or 0)[:1]
    )
    commands.update_overview(
        actor=lead, application_id=application.pk, title="새 사업명", summary="개요", fields=["people"]
    )
    moved = [commands.FieldInput("region", "KR-49", 0)]
    commands.save_fields(actor=lead, application_id=application.pk, changes=moved)

    application.refresh_from_db()
    found = differences_from(definition_of(call), first, snapshot(application), application.summary)

    told = {item.where.ko: (item.before.ko, item.after.ko) for item in found}
    assert told["사업명"] == ("가상 사업", "새 사업명")
    assert told["지원 분야"] == ("(없음)", "인력")
    assert told["신청 지역"] == ("경상남도", "제주특별자치도")
    assert any("295,000,000원" in after for _, after in told.values())


def test_restore_of_another_applications_version_is_not_found(call: Call) -> None:
    lead = make_applicant()
    application = start(lead, call)

    with pytest.raises(NotFound):
        commands.restore_version(actor=lead, application_id=application.pk, revision=99)


def test_organisation_without_a_region_can_start_and_is_told_later(call: Call) -> None:
    organisation = make_organisation(OrganisationKind.UNIVERSITY, None)

    application = start(member_actor(organisation), call)

    assert application.region_id is None
