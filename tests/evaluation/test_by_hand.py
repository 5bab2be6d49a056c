"""Experts chosen by hand: the yearly limit and days away are looked up, a sector that empties is said, and one more can be asked."""

import json
from datetime import timedelta

import pytest

from gongmo.evaluation import commands
from gongmo.evaluation.models import Committee, Evaluator, Seat
from gongmo.evaluation.sectors import standings
from gongmo.evaluation.states import SeatState
from gongmo.kernel import clock
from gongmo.kernel.clock import SEOUL
from gongmo.kernel.errors import BadInput, NotAllowed, NotFound, Refused
from gongmo.ledger.models import Entry
from tests.builders import make_applicant, make_ministry_officer
from tests.evaluation.builders import AT_EVALUATION, Evaluated, committee, eligible, make_expert, seated
from tests.evaluation.test_pages import get, post, read
from tests.sample_call import sample_definition

TODAY = AT_EVALUATION.astimezone(SEOUL).date()
RULES = sample_definition().evaluation.committee


def test_a_sector_is_thin_where_one_departure_empties_it_and_no_reserve_is_of_it() -> None:
    found = {
        each.sector: (each.lacks, each.thin)
        for each in standings(
            RULES, [("industry", False), ("industry", False), ("academia", False), ("industry", True)]
        )
    }
    assert found == {"industry": (False, False), "academia": (False, True), "research": (True, False)}


@pytest.mark.django_db
def test_who_is_away_or_at_the_yearly_limit_is_asked_by_hand_only_for_a_recorded_reason() -> None:
    found = eligible(1)
    experts = [make_expert(number) for number in range(3)]
    with clock.at(AT_EVALUATION):
        commands.add_absence(
            actor=experts[0].actor,
            evaluator_id=experts[0].evaluator.pk,
            since=TODAY,
            until=TODAY + timedelta(days=2),
        )
    Evaluator.objects.filter(pk=experts[1].evaluator.pk).update(outside_year=TODAY.year, outside_sessions=45)
    with pytest.raises(BadInput) as refused:
        committee(found, experts=experts)
    ids = [each.evaluator.pk for each in experts]
    with clock.at(AT_EVALUATION):
        commands.form_committee(
            actor=found.agency,
            call_id=found.call.pk,
            name="위원회",
            evaluator_ids=ids,
            chair_id=ids[0],
            despite="본인이 올 수 있다고 했습니다.",
        )
    assert (refused.value.code, refused.value.field) == ("unavailable", "despite")
    assert "참석할 수 없습니다" in refused.value.ko
    assert "한도는 45회" in refused.value.ko
    told = json.loads(Entry.objects.get(act="evaluation.form_committee").body)["payload"]["forming"]
    assert (len(told["unavailable"]), told["despite"]) == (2, "본인이 올 수 있다고 했습니다.")


def emptied() -> Evaluated:
    """A committee of which the only member from research has declined, with no reserve of that sector."""
    found = committee(eligible(1), experts=[make_expert(n) for n in (0, 1, 2, 0)], reserves=1)
    with clock.at(AT_EVALUATION):
        commands.decline(actor=found.experts[2].actor, seat_id=found.seat(2).pk)
    found.experts.pop(2)
    return seated(found)


@pytest.mark.django_db
def test_an_empty_sector_is_said_and_one_more_expert_fills_it() -> None:
    found = emptied()
    address = f"/evaluation/{found.call.slug}/committee/"
    _, before = get(found.agency, address)
    more = make_expert(2)
    held = Committee.objects.get()
    with clock.at(AT_EVALUATION), pytest.raises(Refused) as closed:
        commands.open_stage(actor=found.agency, call_id=found.call.pk, stage="desk")
    status, after = post(
        found.agency,
        f"{address}invite/",
        committee=held.pk,
        evaluator=more.evaluator.pk,
        reason="연구계가 비었습니다.",
        **{"as": "member"},
    )
    with clock.at(AT_EVALUATION):
        commands.pledge(actor=more.actor, seat_id=Seat.objects.get(evaluator=more.evaluator).pk)
        run = commands.open_stage(actor=found.agency, call_id=found.call.pk, stage="desk")
    assert closed.value.code == "committee_not_whole"
    assert "연구계 위원이 0명입니다" in read(before)
    assert (status, f"{more.evaluator.label}에게 위촉을 요청했습니다" in after) == (200, True)
    assert "연구계 위원이 0명입니다" not in read(after)
    assert "연구계 위원이 1명뿐이고" in read(after)
    assert run.sheets.filter(seat__evaluator=more.evaluator).count() == 1


@pytest.mark.django_db
def test_only_the_operator_asks_one_more_and_nobody_twice() -> None:
    found = committee(eligible(1))
    held = Committee.objects.get()
    given = {"committee_id": held.pk, "evaluator_id": make_expert(0).evaluator.pk, "reason": "더 필요합니다."}
    with clock.at(AT_EVALUATION):
        for actor, error in ((make_applicant(), NotFound), (make_ministry_officer(), NotAllowed)):
            with pytest.raises(error):
                commands.invite_expert(actor=actor, **given)  # type: ignore[arg-type]
        made = commands.invite_expert(actor=found.agency, reserve=True, **given)  # type: ignore[arg-type]
        with pytest.raises(Refused) as twice:
            commands.invite_expert(actor=found.agency, **given)  # type: ignore[arg-type]
    assert (made.reserve, made.state) == (True, SeatState.INVITED)
    assert twice.value.code == "seated_before"
