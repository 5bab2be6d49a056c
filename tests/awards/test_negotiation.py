"""Who is negotiated with, and who follows after a failure (A-12)."""

import pytest

from gongmo.awards import commands
from gongmo.awards.models import Negotiation
from gongmo.awards.queries import negotiations_of
from gongmo.awards.states import NegotiationState
from gongmo.kernel import clock
from gongmo.kernel.errors import BadInput, NotAllowed, NotFound, Refused
from gongmo.ledger.models import Entry
from tests.awards.builders import LATER, negotiation_of, ranked_call, reviewed_call
from tests.builders import make_agency_officer, make_ministry_officer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _later():
    with clock.at(LATER):
        yield


def states() -> list[tuple[int, str]]:
    return list(Negotiation.objects.order_by("place").values_list("application_id", "state"))


def test_the_selected_are_negotiated_with_and_the_others_wait_in_order():
    found = ranked_call(4)

    commands.open_negotiations(actor=found.agency, call_id=found.call.pk)

    ids = [item.application.pk for item in found.order]
    assert states() == [
        (ids[0], NegotiationState.OPEN),
        (ids[1], NegotiationState.OPEN),
        (ids[2], NegotiationState.RESERVE),
        (ids[3], NegotiationState.RESERVE),
    ]


def test_negotiations_are_opened_only_once():
    found = ranked_call(3)
    commands.open_negotiations(actor=found.agency, call_id=found.call.pk)

    with pytest.raises(Refused) as refused:
        commands.open_negotiations(actor=found.agency, call_id=found.call.pk)

    assert refused.value.code == "negotiations_open"
    assert Negotiation.objects.count() == 3


def test_negotiations_need_a_fixed_ranking():
    found = reviewed_call(2)

    with pytest.raises(Refused):
        commands.open_negotiations(actor=found.agency, call_id=found.call.pk)

    assert not Negotiation.objects.exists()


def test_a_failure_promotes_exactly_the_next_in_rank():
    found = ranked_call(4)
    commands.open_negotiations(actor=found.agency, call_id=found.call.pk)
    second = negotiation_of(found.order[1].application)

    promoted = commands.fail_negotiation(
        actor=found.agency, negotiation_id=second.pk, reason="조건이 맞지 않습니다."
    )

    assert promoted is not None
    assert promoted.application_id == found.order[2].application.pk
    assert promoted.promoted_for_id == second.pk
    assert [state for _, state in states()] == ["open", "failed", "open", "reserve"]


def test_a_failed_negotiation_cannot_fail_again():
    found = ranked_call(4)
    commands.open_negotiations(actor=found.agency, call_id=found.call.pk)
    first = negotiation_of(found.order[0].application)
    commands.fail_negotiation(actor=found.agency, negotiation_id=first.pk, reason="결렬")

    with pytest.raises(Refused):
        commands.fail_negotiation(actor=found.agency, negotiation_id=first.pk, reason="결렬")

    assert [state for _, state in states()] == ["failed", "open", "open", "reserve"]


def test_without_a_reserve_the_failure_promotes_nobody():
    found = ranked_call(2)
    commands.open_negotiations(actor=found.agency, call_id=found.call.pk)

    promoted = commands.fail_negotiation(
        actor=found.agency, negotiation_id=negotiation_of(found.order[1].application).pk, reason="결렬"
    )

    assert promoted is None
    assert [state for _, state in states()] == ["open", "failed"]


def test_tied_reserves_are_told_and_the_committees_choice_is_followed():
    found = ranked_call(4, tied_reserves=True)
    commands.open_negotiations(actor=found.agency, call_id=found.call.pk)
    first = negotiation_of(found.order[0].application)

    with pytest.raises(Refused) as refused:
        commands.fail_negotiation(actor=found.agency, negotiation_id=first.pk, reason="결렬")
    first.refresh_from_db()
    untouched = first.state
    promoted = commands.fail_negotiation(
        actor=found.agency,
        negotiation_id=first.pk,
        reason="결렬",
        next_application=found.order[3].application.pk,
    )

    assert refused.value.code == "reserve_tied"
    assert untouched == NegotiationState.OPEN
    assert promoted is not None
    assert promoted.application_id == found.order[3].application.pk


def test_a_meeting_is_recorded_with_its_instant_and_an_empty_one_is_refused():
    found = ranked_call(2)
    commands.open_negotiations(actor=found.agency, call_id=found.call.pk)
    first = negotiation_of(found.order[0].application)

    note = commands.note_negotiation(
        actor=found.agency, negotiation_id=first.pk, text=" 사업비를 논의했습니다. "
    )

    assert (note.text, note.held_at) == ("사업비를 논의했습니다.", LATER)
    with pytest.raises(BadInput):
        commands.note_negotiation(actor=found.agency, negotiation_id=first.pk, text="  ")


def test_another_agencys_officer_and_an_applicant_may_not_open_negotiations():
    found = ranked_call(2)
    for stranger in (make_agency_officer(), found.order[0].lead, make_ministry_officer()):
        with pytest.raises(NotAllowed):
            commands.open_negotiations(actor=stranger, call_id=found.call.pk)


def test_the_ministry_reads_negotiations_and_applicants_do_not():
    found = ranked_call(2)
    commands.open_negotiations(actor=found.agency, call_id=found.call.pk)

    assert negotiations_of(make_ministry_officer(), found.call).count() == 2
    with pytest.raises(NotFound):
        negotiations_of(found.order[0].lead, found.call)


def test_every_act_is_in_the_record():
    found = ranked_call(3)
    commands.open_negotiations(actor=found.agency, call_id=found.call.pk)
    commands.fail_negotiation(
        actor=found.agency, negotiation_id=negotiation_of(found.order[1].application).pk, reason="결렬"
    )

    acts = list(
        Entry.objects.filter(act__startswith="awards.").order_by("sequence").values_list("act", flat=True)
    )

    assert acts == ["awards.open_negotiations", "awards.fail_negotiation", "awards.promote_next_in_rank"]
