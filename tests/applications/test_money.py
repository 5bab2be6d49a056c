from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from gongmo.applications import commands
from gongmo.applications.commands.money import key_of
from gongmo.applications.models import Application, BudgetCell
from gongmo.applications.values import CellInput
from gongmo.calls.models import Call
from gongmo.definition.base import Form
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotAllowed
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
def lead() -> Actor:
    return make_applicant()


@pytest.fixture
def application(lead: Actor) -> Application:
    return _start(publish_sample_call(), lead)


def _start(call: Call, lead: Actor) -> Application:
    with clock.at(AT_OPENING):
        return commands.start(actor=lead, call_id=call.pk, title="가상 사업")


def test_cells_are_added_changed_and_emptied_one_by_one(application: Application, lead: Actor) -> None:
    cells = good_cells(lead.organisation or 0)
    commands.set_cells(actor=lead, application_id=application.pk, cells=cells)

    commands.set_cells(
        actor=lead,
        application_id=application.pk,
        cells=[replace(cells[0], amount=1), replace(cells[1], amount=0)],
    )

    amounts = {key_of(cell): cell.amount for cell in application.cells.all()}
    assert amounts[key_of(cells[0])] == 1
    assert key_of(cells[1]) not in amounts
    assert len(amounts) == 7


def test_replace_empties_what_is_not_named(application: Application, lead: Actor) -> None:
    cells = good_cells(lead.organisation or 0)
    commands.set_cells(actor=lead, application_id=application.pk, cells=cells)

    commands.set_cells(actor=lead, application_id=application.pk, cells=cells[:2], replace=True)

    assert application.cells.count() == 2


def test_saving_the_same_money_changes_nothing(application: Application, lead: Actor) -> None:
    cells = good_cells(lead.organisation or 0)
    commands.set_cells(actor=lead, application_id=application.pk, cells=cells)
    revision = Application.objects.get(pk=application.pk).revision

    commands.set_cells(actor=lead, application_id=application.pk, cells=cells)

    assert Application.objects.get(pk=application.pk).revision == revision


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"organisation_id": 10**9}, "organisation_id"),
        ({"year": 2029}, "year"),
        ({"field": "nothing"}, "field"),
        ({"category": "nothing"}, "category"),
        ({"source": "nothing"}, "source"),
        ({"form": "gold"}, "form"),
        ({"amount": -1}, "amount"),
        ({"amount": 10**15 + 1}, "amount"),
        ({"amount": True}, "amount"),
        ({"amount": 1.5}, "amount"),
    ],
)
def test_each_unusable_cell_is_told_by_its_place(
    application: Application, lead: Actor, change: dict[str, object], field: str
) -> None:
    cells = good_cells(lead.organisation or 0)[:3]
    cells[1] = replace(cells[1], **change)

    with pytest.raises(BadInput) as refusal:
        commands.set_cells(actor=lead, application_id=application.pk, cells=cells)

    assert [(item["index"], item["field"]) for item in refusal.value.details["cells"]] == [(1, field)]
    assert not application.cells.exists()


def test_a_cell_that_stands_twice_is_told(application: Application, lead: Actor) -> None:
    cell = good_cells(lead.organisation or 0)[0]

    with pytest.raises(BadInput) as refusal:
        commands.set_cells(
            actor=lead, application_id=application.pk, cells=[cell, replace(cell, form=Form.CASH)]
        )

    assert refusal.value.details["cells"][0]["index"] == 1


def test_member_edits_its_own_part_only(application: Application, lead: Actor) -> None:
    partner = make_organisation()
    member = commands.invite(
        actor=lead, application_id=application.pk, organisation_id=partner.pk, role="partner"
    )
    actor = member_actor(partner)
    commands.answer_invitation(actor=actor, member_id=member.pk, accept=True)
    leads = good_cells(lead.organisation or 0)
    commands.set_cells(actor=lead, application_id=application.pk, cells=leads)
    own = CellInput(partner.pk, 2030, "people", "staff", "private", "in_kind", 500)

    commands.set_cells(actor=actor, application_id=application.pk, cells=[own], replace=True)

    assert application.cells.count() == len(leads) + 1
    with pytest.raises(NotAllowed):
        commands.set_cells(actor=actor, application_id=application.pk, cells=[replace(leads[0], amount=5)])


class CellsProperty(TestCase):
    """Whatever is written in whatever order, the stored cells are the last amounts that were written."""

    @given(
        st.lists(
            st.tuples(
                st.sampled_from([2030, 2031]),
                st.sampled_from(["national", "local", "private"]),
                st.sampled_from(["cash", "in_kind"]),
                st.integers(0, 10**15),
            ),
            max_size=12,
        )
    )
    def test_last_amount_of_each_cell_stands(self, writes: list[tuple[int, str, str, int]]) -> None:
        lead = make_applicant()
        application = _start(
            publish_sample_call(slug=None) if not Call.objects.exists() else Call.objects.first(), lead
        )  # type: ignore[arg-type]
        wanted: dict[tuple[int, str, str], int] = {}
        for year, source, form, amount in writes:
            cell = CellInput(lead.organisation or 0, year, "solution", "staff", source, form, amount)
            commands.set_cells(actor=lead, application_id=application.pk, cells=[cell])
            wanted[(year, source, form)] = amount

        stored = {
            (cell.year, cell.source, cell.form): cell.amount
            for cell in BudgetCell.objects.filter(application=application)
        }
        assert stored == {key: amount for key, amount in wanted.items() if amount}
