"""Where an application stands is worked out once, and never stale."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongmo.applications import commands
from gongmo.applications.models import Application, Member
from gongmo.applications.papers import load
from gongmo.applications.queries.standing import Standing, marked, standing_of
from gongmo.applications.steps import StepState, steps
from gongmo.calls import commands as calls
from gongmo.calls.models import Call
from gongmo.definition.application import Truth
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.parties import commands as parties
from gongmo.rules.finding import Status
from tests.builders import (
    AT_OPENING,
    AT_REGIONAL,
    CLOSES,
    SYSTEM,
    Filled,
    filled_application,
    filled_regional,
    make_agency_officer,
    make_applicant,
    publish_sample_call,
    publish_sample_regional,
    submitted_application,
)

pytestmark = pytest.mark.django_db
LATER = AT_OPENING + timedelta(hours=1)


@pytest.fixture(autouse=True)
def _open() -> Iterator[None]:
    with clock.at(LATER):
        yield


@pytest.fixture
def agency() -> Actor:
    return make_agency_officer()


@pytest.fixture
def call(agency: Actor) -> Call:
    return publish_sample_call(agency)


@pytest.fixture
def filled(call: Call) -> Filled:
    return filled_application(call)


def read(application: Application) -> Standing:
    return standing_of(marked(SYSTEM, application.pk))


def failing(application: Application) -> set[str]:
    return {finding.rule for finding in read(application).findings if finding.status is Status.FAIL}


def test_the_same_state_is_worked_out_once(filled: Filled) -> None:
    first = read(filled.application)

    with CaptureQueriesContext(connection) as queries:
        again = read(filled.application)

    assert again is first
    assert len(queries) == 1


def _answer_yes(filled: Filled) -> None:
    partner = Member.objects.get(application=filled.application, role="partner")
    actor = filled.actors[partner.organisation_id]
    commands.declare(actor=actor, member_id=partner.pk, fact="arrears", value=Truth.YES)


def _drop_money(filled: Filled) -> None:
    commands.set_cells(actor=filled.lead, application_id=filled.application.pk, cells=[], replace=True)


def _detach(filled: Filled) -> None:
    document = filled.application.documents.filter(removed_at__isnull=True).first()
    assert document is not None
    commands.detach(actor=filled.lead, document_id=document.pk)


@pytest.mark.parametrize("change", [_answer_yes, _drop_money, _detach])
def test_every_change_of_the_application_is_seen(filled: Filled, change: Callable[[Filled], None]) -> None:
    before = failing(filled.application)

    change(filled)

    assert failing(filled.application) != before


def test_a_members_changed_profile_is_seen(filled: Filled) -> None:
    partner = Member.objects.get(application=filled.application, role="partner")
    before = read(filled.application)

    parties.update_organisation(
        actor=filled.actors[partner.organisation_id],
        organisation_id=partner.organisation_id,
        name="이름을 바꾼 기관",
    )

    names = {organisation.name for organisation in read(filled.application).value.organisations}
    assert "이름을 바꾼 기관" in names
    assert "이름을 바꾼 기관" not in {organisation.name for organisation in before.value.organisations}


def test_an_extension_is_seen(filled: Filled, call: Call, agency: Actor) -> None:
    read(filled.application)
    calls.extend(actor=agency, call_id=call.pk, closes_at=CLOSES + timedelta(days=2), reason="접수 장애")

    (intake,) = [item for item in read(filled.application).findings if item.rule == "intake"]

    assert datetime.fromisoformat(intake.numbers["closes"]) == CLOSES + timedelta(days=2)


def test_the_deadlines_passing_is_seen(filled: Filled) -> None:
    def intake() -> Status:
        return next(item.status for item in read(filled.application).findings if item.rule == "intake")

    before = intake()
    with clock.at(CLOSES):
        after = intake()

    assert (before, after) == (Status.UNKNOWN, Status.FAIL)


def test_an_arrival_is_seen_after_the_submission(call: Call, agency: Actor) -> None:
    submitted = submitted_application(call, partners=0)
    assert not read(submitted.application).value.arrivals

    with clock.at(AT_OPENING + timedelta(days=2)):
        commands.register_arrival(
            actor=agency,
            application_id=submitted.application.pk,
            channel="post",
            arrived_on=(AT_OPENING + timedelta(days=2)).date(),
        )

        assert [item.channel for item in read(submitted.application).value.arrivals] == ["post"]


def test_a_new_application_is_empty_and_a_filled_one_is_done(filled: Filled, call: Call) -> None:
    new = commands.start(actor=make_applicant(), call_id=call.pk, title="가상 사업")

    begun, done = read(new), read(filled.application)

    states = {step.page: step.state for step in steps(begun.value, begun.obstacles, submitted=False)}
    assert states["money"] is states["documents"] is states["statements"] is StepState.EMPTY
    assert {step.state for step in steps(done.value, done.obstacles, submitted=False)} == {
        StepState.DONE,
        StepState.WRITING,  # ready to be submitted
    }
    assert {step.state for step in steps(done.value, [], submitted=True)} == {StepState.DONE}


def test_a_wrong_budget_needs_a_look(filled: Filled) -> None:
    cell = filled.application.cells.filter(source="national").first()
    assert cell is not None
    path = f"cell:{cell.organisation_id}:{cell.year}:{cell.field}:{cell.category}:national:cash:0"
    commands.save_fields(
        actor=filled.lead,
        application_id=filled.application.pk,
        changes=[commands.FieldInput(path, cell.amount * 9, 1)],
    )

    found = read(filled.application)

    states = {step.page: step.state for step in steps(found.value, found.obstacles, submitted=False)}
    assert states["money"] is StepState.ATTENTION


def test_region_of_a_lead_that_applies_itself_is_its_own_wherever_it_moves() -> None:
    filled = filled_regional(publish_sample_regional())
    application = filled.application
    with clock.at(AT_REGIONAL):
        parties.update_organisation(actor=filled.lead, organisation_id=application.lead_id, region="KR-26")
        away, printed = read(application).value.region, load(_fresh(application)).region

    assert away == "KR-26"
    assert printed is not None
    assert printed.ko == "부산광역시"


def test_region_that_a_lead_had_at_the_start_is_put_right_at_submission() -> None:
    filled = filled_regional(publish_sample_regional(region="KR-48"), region="KR-26")
    application = filled.application
    with clock.at(AT_REGIONAL):
        parties.update_organisation(actor=filled.lead, organisation_id=application.lead_id, region="KR-48")

        commands.submit(actor=filled.lead, application_id=application.pk)

    assert _fresh(application).region_id == "KR-48"


def _fresh(application: Application) -> Application:
    return Application.objects.select_related("call__version", "lead", "region").get(pk=application.pk)


def test_consortium_is_no_step_where_one_organisation_applies_by_itself() -> None:
    filled = filled_regional(publish_sample_regional())
    found = read(filled.application)

    one = steps(found.value, found.obstacles, submitted=False, alone=True)
    many = steps(found.value, found.obstacles, submitted=False)

    assert [step.page for step in one] == [step.page for step in many if step.page != "members"]


def test_partners_are_a_choice_where_the_lead_itself_applies() -> None:
    filled = filled_regional(publish_sample_regional())
    found = read(filled.application)

    step = next(
        step
        for step in steps(found.value, found.obstacles, submitted=False, itself=True)
        if step.page == "members"
    )

    assert step.state is StepState.OPTIONAL
    assert step.name.ko == "함께할 기관"
