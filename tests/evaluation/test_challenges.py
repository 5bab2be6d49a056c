"""Challenges by an applicant: only where the call shows its committee, decided without the member, scores out and a reserve in."""

import pytest
from django.test import Client

from gongmo.evaluation import commands
from gongmo.evaluation.models import Challenge
from gongmo.evaluation.queries import committee as queries
from gongmo.evaluation.states import SheetState
from gongmo.kernel import clock
from gongmo.kernel.errors import BadInput, NotAllowed, NotFound, Refused
from gongmo.parties.models import Person
from tests.builders import make_agency_officer, make_applicant
from tests.evaluation.builders import (
    AT_EVALUATION,
    Evaluated,
    committee,
    eligible,
    make_expert,
    opened,
    seated,
    with_evaluation,
)

pytestmark = pytest.mark.django_db


def shown(*, experts: int = 4, reserves: int = 1, applications: int = 2, see: str = "names") -> Evaluated:
    definition = with_evaluation(forming={"clause": "T-1", "applicants_see": see})
    found = eligible(applications, definition)
    return seated(committee(found, experts=[make_expert(n) for n in range(experts)], reserves=reserves))


def asked(found: Evaluated, place: int = 1, application: int = 0) -> Challenge:
    with clock.at(AT_EVALUATION):
        return commands.ask_challenge(
            actor=found.items[application].lead,
            application_id=found.application(application),
            seat_id=found.seat(place).pk,
            reason="신청 기관과 같은 과제를 두고 다투었습니다.",
        )


def test_an_applicant_sees_members_only_where_the_call_says_so() -> None:
    found = shown()
    lead = found.items[0].lead
    _, members = queries.seen_by_applicant(lead, found.application(0))
    assert len(members) == 3
    assert all(member.employers for member in members)
    for actor in (found.items[1].lead, make_applicant(), found.agency, found.experts[0].actor):
        with pytest.raises(NotFound):
            queries.seen_by_applicant(actor, found.application(0))


def test_where_the_call_shows_nothing_nobody_can_challenge_or_learn_of_members() -> None:
    found = shown(see="nothing")
    with pytest.raises(NotFound):
        queries.seen_by_applicant(found.items[0].lead, found.application(0))
    with pytest.raises(NotFound):
        asked(found)


def test_a_challenge_waits_once_and_is_upheld_without_the_member() -> None:
    found = shown(experts=4, reserves=1)
    opened(found)
    made = asked(found)
    with pytest.raises(Refused):
        asked(found)
    with clock.at(AT_EVALUATION):
        for actor, error in (
            (found.experts[1].actor, NotAllowed),
            (found.experts[2].actor, NotFound),
            (make_agency_officer(), NotFound),
            (found.items[0].lead, NotFound),
        ):
            with pytest.raises(error):
                commands.decide_challenge(actor=actor, challenge_id=made.pk, upheld=True, reason="까닭")
        decided = commands.decide_challenge(
            actor=found.experts[0].actor,
            challenge_id=made.pk,
            upheld=True,
            reason="다툼이 있었던 사실을 확인함",
            in_favour=2,
            against=0,
        )
        with pytest.raises(Refused):
            commands.decide_challenge(actor=found.agency, challenge_id=made.pk, upheld=False, reason="다시")
    assert decided.state == "upheld"
    assert found.sheet(1, 0).state == SheetState.VOID
    assert found.sheet(1, 1).state == SheetState.OPEN
    assert found.seat(3).reserve


def test_an_upheld_challenge_below_the_quorum_brings_in_a_reserve() -> None:
    found = shown(experts=5, reserves=2)
    opened(found)
    for place in (1, 2):
        made = asked(found, place)
        with clock.at(AT_EVALUATION):
            commands.decide_challenge(actor=found.agency, challenge_id=made.pk, upheld=True, reason="사실")
    assert sorted(found.seat(place).reserve for place in (3, 4)) == [False, True]


@pytest.mark.parametrize(
    ("upheld", "votes"), [(True, (9, 0)), (True, (1, 1)), (False, (2, 0)), (True, (0, 2))]
)
def test_votes_are_of_the_others_and_carry_the_decision(upheld: bool, votes: tuple[int, int]) -> None:
    found = shown()
    made = asked(found)
    with clock.at(AT_EVALUATION), pytest.raises(BadInput):
        commands.decide_challenge(
            actor=found.agency,
            challenge_id=made.pk,
            upheld=upheld,
            reason="까닭",
            in_favour=votes[0],
            against=votes[1],
        )


def test_a_rejected_challenge_leaves_the_sheet_and_is_answered() -> None:
    found = shown()
    opened(found)
    made = asked(found)
    with clock.at(AT_EVALUATION):
        commands.decide_challenge(
            actor=found.agency, challenge_id=made.pk, upheld=False, reason="근거가 없음"
        )
    assert found.sheet(1, 0).state == SheetState.OPEN
    assert queries.own_challenges(found.items[0].lead, found.items[0].application)[0].answer == "근거가 없음"


def test_the_pages_of_a_challenge_work_without_scripts(client: Client) -> None:
    found = shown()
    lead, page = found.items[0].lead, f"/applications/{found.application(0)}/evaluators/"
    client.force_login(Person.objects.get(pk=lead.person))
    with clock.at(AT_EVALUATION):
        assert "누가 이 신청을 평가합니까" in client.get(page).content.decode()
        assert client.post(page, {"seat": "", "reason": "x"}).status_code == 422
        assert client.post(page, {"seat": found.seat(1).pk, "reason": "다툼"}).status_code == 302
        made = Challenge.objects.get()
        client.force_login(found.experts[0].evaluator.person)
        desk = f"/desk/{found.seat(0).pk}/challenges/"
        assert "결정할 기피 신청이 1건" in client.get(desk).content.decode()
        assert client.get(f"/desk/{found.seat(1).pk}/challenges/").status_code == 404
        assert client.post(desk, {"challenge": made.pk, "reason": "x"}).status_code == 422
        client.force_login(Person.objects.get(pk=found.agency.person))
        home = f"/evaluation/{found.call.slug}/committee/"
        assert "다툼" in client.get(home).content.decode()
        given = {
            "challenge": made.pk,
            "decision": "reject",
            "reason": "근거 없음",
            "in_favour": "0",
            "against": "2",
        }
        assert client.post(f"{home}decide/", given).status_code == 302
        assert "근거 없음" in client.get(home).content.decode()
    made.refresh_from_db()
    assert (made.state, made.against) == ("rejected", 2)
