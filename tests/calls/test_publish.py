from datetime import UTC, datetime

import pytest

from gongmo.calls import commands
from gongmo.calls.models import Call, Notice
from gongmo.calls.queries import children_of, definition_of
from gongmo.calls.values import ParentGrant
from gongmo.kernel import clock
from gongmo.kernel.actor import PUBLIC
from gongmo.kernel.canonical import sha256_hex
from gongmo.kernel.errors import BadInput, NotAllowed, Refused
from gongmo.ledger.models import Entry
from tests.builders import (
    make_agency_officer,
    make_applicant,
    make_task_force_officer,
    publish_sample_call,
    publish_sample_regional,
)
from tests.sample_call import sample_definition, sample_regional

pytestmark = pytest.mark.django_db


def test_publish_freezes_version_one_and_records_it() -> None:
    call = publish_sample_call()

    assert call.version is not None
    assert call.version.number == 1
    assert sha256_hex(call.version.definition) == call.version.sha256
    assert definition_of(call).closes() == call.closes_at
    assert Notice.objects.get(call=call).title == call.title_ko
    entry = Entry.objects.get(act="calls.publish", subject_id=str(call.pk))
    assert call.version.sha256 in entry.body


def test_frozen_definition_reads_back_the_same() -> None:
    call = publish_sample_call()

    again = definition_of(Call.objects.get(pk=call.pk))

    assert again.model_dump() == sample_definition().model_dump()


def test_publish_under_another_slug_names_the_definition_after_it() -> None:
    call = publish_sample_call(slug="another-name")

    assert definition_of(call).id == "another-name"


def test_intake_override_stands_in_the_frozen_version_and_moves_what_is_due_on_the_closing_day() -> None:
    agency = make_agency_officer()
    opens, closes = datetime(2030, 2, 5, tzinfo=UTC), datetime(2030, 4, 1, 8, tzinfo=UTC)

    call = commands.publish(
        actor=agency,
        definition=sample_definition(),
        operator_id=agency.organisation or 0,
        intake=(opens, closes),
    )

    intake = definition_of(call).intake
    assert (call.opens_at, call.closes_at) == (opens, closes) == (intake.opens, intake.closes)
    assert str(intake.channels[0].due_on) == "2030-04-01"


def test_publish_refuses_a_taken_slug() -> None:
    publish_sample_call()

    with pytest.raises(Refused) as refusal:
        publish_sample_call()

    assert refusal.value.code == "call_slug_taken"


def test_only_the_operating_agency_publishes() -> None:
    agency, applicant, task_force = make_agency_officer(), make_applicant(), make_task_force_officer()

    for actor in (applicant, task_force, PUBLIC, make_agency_officer()):
        with pytest.raises(NotAllowed):
            commands.publish(
                actor=actor, definition=sample_definition(), operator_id=agency.organisation or 0
            )


def test_second_level_call_needs_its_parent() -> None:
    task_force = make_task_force_officer()

    with pytest.raises(Refused) as refusal:
        commands.publish(
            actor=task_force, definition=sample_regional(), operator_id=task_force.organisation or 0
        )

    assert refusal.value.code == "call_needs_parent"


@pytest.mark.parametrize(("available", "fits"), [(300_000_000, True), (299_999_999, False)])
def test_pot_never_exceeds_the_parents_money(available: int, fits: bool) -> None:
    task_force = make_task_force_officer()
    parent = ParentGrant(7, "협약 07", "KR-48", available)

    def publish() -> Call:
        return commands.publish(
            actor=task_force,
            definition=sample_regional(),
            operator_id=task_force.organisation or 0,
            parent=parent,
        )

    if fits:
        assert publish().pot == 300_000_000
    else:
        with pytest.raises(Refused) as refusal:
            publish()
        assert refusal.value.details == {"pot": 300_000_000, "available": available}


def test_parent_money_is_refused_where_the_definition_hands_on_none() -> None:
    agency = make_agency_officer()

    with pytest.raises(Refused) as refusal:
        commands.publish(
            actor=agency,
            definition=sample_definition(),
            operator_id=agency.organisation or 0,
            parent=ParentGrant(7, "협약 07", "KR-48", 10**9),
        )

    assert refusal.value.code == "call_not_second_level"


def test_second_level_calls_are_found_below_their_parent() -> None:
    parent = publish_sample_call()
    with clock.at(datetime(2030, 5, 1, tzinfo=UTC)):
        child = publish_sample_regional(parent=parent)

    assert list(children_of(parent)) == [child]


@pytest.mark.parametrize(("opens", "closes"), [(1, 2031), (2031, 9999)])
def test_publish_refuses_years_that_no_definition_can_hold(opens: int, closes: int) -> None:
    agency = make_agency_officer()

    with pytest.raises(BadInput):
        commands.publish(
            actor=agency,
            definition=sample_definition(),
            operator_id=agency.organisation or 0,
            intake=(
                datetime(opens, 1, 1, tzinfo=clock.SEOUL),
                datetime(closes, 12, 31, 23, tzinfo=clock.SEOUL),
            ),
        )

    assert not Call.objects.exists()
