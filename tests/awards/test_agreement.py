"""Allocation, agreement, signatures, termination, and a region's own call."""

from datetime import UTC, datetime, timedelta

import pytest

from gongmo.awards import commands
from gongmo.awards.invariants import allocation_recomputes
from gongmo.awards.models import Agreement, AllocationLine
from gongmo.awards.queries import agreement_for, visible_agreements
from gongmo.awards.states import AgreementState
from gongmo.calls.models import Call
from gongmo.kernel import clock
from gongmo.kernel.errors import BadInput, NotAllowed, NotFound, Refused
from tests.awards.builders import (
    LATER,
    agreed_call,
    agreement_in_force,
    negotiation_of,
    ranked_call,
    sign,
    task_force_of,
)
from tests.builders import make_applicant, make_ministry_officer
from tests.sample_call import sample_definition, sample_regional

pytestmark = pytest.mark.django_db

ASKED_2030 = 59 * 5_000_000
WINDOW = (datetime(2030, 6, 1, tzinfo=UTC), datetime(2030, 6, 30, 8, tzinfo=UTC))


def allocation_of(pot: int) -> dict[str, object]:
    return {"clause": "T-1", "source": "national", "pot": pot, "year": 2030, "method": "by_score"}


def test_everyone_gets_what_was_asked_when_the_pot_suffices():
    found = agreed_call()

    amounts = list(AllocationLine.objects.order_by("application_id").values_list("amount", flat=True))

    assert amounts == [ASKED_2030, ASKED_2030]
    assert found.call.allocations.count() == 1


def test_a_smaller_pot_is_shared_by_score_to_the_won():
    pot = 2 * ASKED_2030 - 1
    agreed_call(definition=sample_definition(allocation=allocation_of(pot)))

    amounts = list(AllocationLine.objects.order_by("application_id").values_list("amount", flat=True))

    assert sum(amounts) == pot
    assert amounts[0] >= amounts[1]


def test_a_change_by_hand_is_a_new_run_that_recomputes():
    found = agreed_call(2)
    first = found.order[0].application.pk
    with clock.at(LATER + timedelta(days=1)):
        same = commands.allocate(
            actor=found.agency, call_id=found.call.pk, amounts={first: ASKED_2030}, reason=""
        )
        with pytest.raises(BadInput):
            commands.allocate(
                actor=found.agency, call_id=found.call.pk, amounts={first: ASKED_2030 + 1}, reason="까닭"
            )
        run = commands.allocate(
            actor=found.agency,
            call_id=found.call.pk,
            amounts={first: ASKED_2030 - 1000},
            reason="규모를 줄였습니다.",
        )

    assert (same.number, run.number) == (1, 2)
    assert run.lines.get(application=first).amount == ASKED_2030 - 1000
    assert not list(allocation_recomputes())


def test_money_is_not_allocated_while_a_negotiation_is_open():
    found = ranked_call(2)
    with clock.at(LATER):
        commands.open_negotiations(actor=found.agency, call_id=found.call.pk)

        with pytest.raises(Refused) as refused:
            commands.allocate(actor=found.agency, call_id=found.call.pk)

    assert refused.value.code == "negotiations_open"


def test_allocating_again_from_the_same_inputs_gives_the_run_that_stands():
    found = agreed_call()
    with clock.at(LATER + timedelta(days=1)):
        again = commands.allocate(actor=found.agency, call_id=found.call.pk)

    assert again.number == 1
    assert found.call.allocations.count() == 1


def test_an_agreement_has_every_party_and_the_submitted_money():
    found = agreed_call()
    item = found.order[0]

    with clock.at(LATER):
        agreement = commands.draw_up_agreement(
            actor=found.agency, negotiation_id=negotiation_of(item.application).pk
        )

    assert set(agreement.parties.values_list("organisation_id", flat=True)) == {
        found.call.operator_id,
        *item.actors,
    }
    assert sum(agreement.money.values_list("amount", flat=True)) == 1_000_000_000
    assert agreement.state == AgreementState.DRAFT


def test_the_budget_is_fitted_when_less_was_allocated_than_asked():
    pot = 2 * ASKED_2030 - 20_000_000
    found = agreed_call(definition=sample_definition(allocation=allocation_of(pot)))
    item = found.order[0]
    given = AllocationLine.objects.get(application=item.application).amount

    with clock.at(LATER):
        agreement = commands.draw_up_agreement(
            actor=found.agency, negotiation_id=negotiation_of(item.application).pk
        )

    national = sum(agreement.money.filter(source="national", year=2030).values_list("amount", flat=True))
    total = sum(agreement.money.values_list("amount", flat=True))
    everything_national = sum(agreement.money.filter(source="national").values_list("amount", flat=True))
    assert national == given
    assert everything_national * 100 <= total * 60


def test_an_agreement_drawn_up_twice_is_one():
    found = agreed_call()
    negotiation = negotiation_of(found.order[0].application)
    with clock.at(LATER):
        first = commands.draw_up_agreement(actor=found.agency, negotiation_id=negotiation.pk)
        second = commands.draw_up_agreement(actor=found.agency, negotiation_id=negotiation.pk)

    assert first.pk == second.pk
    assert Agreement.objects.count() == 1


def test_it_is_in_force_only_when_the_last_party_has_signed():
    found = agreed_call()
    item = found.order[0]
    with clock.at(LATER):
        agreement = commands.draw_up_agreement(
            actor=found.agency, negotiation_id=negotiation_of(item.application).pk
        )
        sign(agreement, found.agency)
        seen = []
        for actor in item.actors.values():
            seen.append(sign(agreement, actor).state)

    assert seen == [AgreementState.DRAFT] * (len(seen) - 1) + [AgreementState.IN_FORCE]


def test_a_stranger_learns_nothing_of_an_agreement():
    found = agreed_call()
    agreement = agreement_in_force(found)
    for stranger in (make_applicant("KR-26"), found.order[1].lead):
        with pytest.raises(NotFound):
            sign(agreement, stranger)
        with pytest.raises(NotFound):
            agreement_for(stranger, agreement.pk)
        assert agreement not in visible_agreements(stranger)
    assert list(visible_agreements(make_ministry_officer())) == [agreement]


def test_a_task_force_hands_on_no_more_than_the_agreement_holds():
    found = agreed_call()
    agreement = agreement_in_force(found)
    force = task_force_of(found)
    # The agreement holds 590,000,000 won of national money; each call hands on 300,000,000.
    with clock.at(LATER + timedelta(days=2)):
        child = commands.open_regional_call(
            actor=force, agreement_id=agreement.pk, definition=sample_regional(),
            operator_id=force.organisation or 0, slug="first", intake=WINDOW,
        )  # fmt: skip
        with pytest.raises(Refused) as refused:
            commands.open_regional_call(
                actor=force, agreement_id=agreement.pk, definition=sample_regional(),
                operator_id=force.organisation or 0, slug="second", intake=WINDOW,
            )  # fmt: skip

    assert refused.value.code == "beyond_agreement"
    assert refused.value.details == {"pot": 300_000_000, "available": 290_000_000}
    assert list(Call.objects.filter(parent_agreement=agreement.pk)) == [child]
    assert (child.parent_region, child.pot) == (found.order[0].application.region_id, 300_000_000)


def test_only_the_parties_own_task_force_opens_a_regional_call():
    found = agreed_call()
    agreement = agreement_in_force(found)
    other = task_force_of(found, 1)
    with clock.at(LATER + timedelta(days=2)):
        with pytest.raises(NotFound):
            commands.open_regional_call(
                actor=other, agreement_id=agreement.pk, definition=sample_regional(),
                operator_id=other.organisation or 0, intake=WINDOW,
            )  # fmt: skip
        with pytest.raises(NotAllowed):
            commands.open_regional_call(
                actor=found.agency, agreement_id=agreement.pk, definition=sample_regional(),
                operator_id=found.agency.organisation or 0, intake=WINDOW,
            )  # fmt: skip
