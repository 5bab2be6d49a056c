"""The pool, the committee, its conflicts of interest, and who may sit."""

import json
from datetime import date, timedelta

import pytest

from gongmo.calls.queries import definition_of
from gongmo.evaluation import commands
from gongmo.evaluation.conflicts import candidate, judged, values
from gongmo.evaluation.models import Disqualification, ScoreSheet
from gongmo.evaluation.states import SeatState, SheetState
from gongmo.kernel import clock
from gongmo.kernel.actor import OrganisationRole
from gongmo.kernel.errors import BadInput, NotAllowed, NotFound, Refused
from gongmo.ledger.models import Entry
from gongmo.parties import commands as parties
from gongmo.rules.committee import conflicts
from gongmo.screening import queries as screening
from tests.builders import (
    SYSTEM,
    make_agency_officer,
    make_applicant,
    make_ministry_officer,
    make_organisation,
)
from tests.evaluation.builders import (
    AT_EVALUATION,
    committee,
    eligible,
    fill,
    make_expert,
    opened,
    ready,
    seated,
)

pytestmark = pytest.mark.django_db


def test_an_expert_enters_the_pool_once() -> None:
    expert = make_expert(0)
    assert expert.actor.person is not None
    with pytest.raises(Refused) as refusal:
        commands.register_evaluator(
            actor=SYSTEM, person_id=expert.actor.person, label="다른 이름", sector="industry", expertise=[]
        )
    assert refusal.value.code == "evaluator_exists"


def test_applicants_do_not_keep_the_pool() -> None:
    with pytest.raises(NotAllowed):
        commands.register_evaluator(
            actor=make_applicant(), person_id=1, label="평가위원 X", sector="industry", expertise=[]
        )


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"label": " "}, "label_missing"),
        ({"sector": "sports"}, "unknown_sector"),
        ({"affiliations": [(1, date(2030, 1, 1), date(2029, 1, 1))]}, "affiliation_order"),
    ],
)
def test_unusable_experts_are_refused(given: dict[str, object], code: str) -> None:
    whole: dict[str, object] = {
        "person_id": 1,
        "label": "평가위원 X",
        "sector": "industry",
        "expertise": [],
        **given,
    }
    with pytest.raises(BadInput) as refusal:
        commands.register_evaluator(actor=SYSTEM, **whole)  # type: ignore[arg-type]
    assert refusal.value.code == code


def test_a_committee_needs_its_mix_of_sectors() -> None:
    found = eligible(1)
    with pytest.raises(Refused) as refusal:
        committee(found, experts=[make_expert(0), make_expert(0), make_expert(1)])
    assert refusal.value.code == "committee_not_whole"
    assert "연구계" in refusal.value.ko


def test_a_committee_needs_its_chair_among_its_members_and_nobody_twice() -> None:
    found = eligible(1)
    experts = [make_expert(number).evaluator.pk for number in range(3)]
    for ids, chair, code in (
        (experts, make_expert(0).evaluator.pk, "chair_not_a_member"),
        ([*experts, experts[0]], experts[0], "evaluator_twice"),
        ([*experts, 999_999], experts[0], "unknown_evaluator"),
    ):
        with clock.at(AT_EVALUATION), pytest.raises(BadInput) as refusal:
            commands.form_committee(
                actor=found.agency, call_id=found.call.pk, name="위원회", evaluator_ids=ids, chair_id=chair
            )
        assert refusal.value.code == code


def test_an_expert_of_any_partner_is_disqualified_for_that_application_only() -> None:
    found = eligible(2)
    partner = found.reviewed.partner(1)
    experts = [make_expert(0), make_expert(1), make_expert(2), make_expert(0, partner)]
    committee(found, experts=experts)
    assert [
        (d.seat.evaluator_id, d.application_id, d.kind)
        for d in Disqualification.objects.select_related("seat")
    ] == [(experts[3].evaluator.pk, found.application(1), "detected")]
    assert partner.name in Disqualification.objects.get().reason


def test_a_committee_is_refused_when_conflicts_leave_too_few_judges() -> None:
    found = eligible(1)
    partner = found.reviewed.partner()
    with pytest.raises(Refused) as refusal:
        committee(found, experts=[make_expert(0, partner), make_expert(1, partner), make_expert(2)])
    assert refusal.value.code == "too_few_judges"
    assert found.items[0].application.title in refusal.value.ko


def test_only_the_invited_expert_pledges_and_declines() -> None:
    found = committee(eligible(1))
    for actor in (found.experts[1].actor, found.agency, make_applicant()):
        with clock.at(AT_EVALUATION), pytest.raises(NotFound):
            commands.pledge(actor=actor, seat_id=found.seat(0).pk)
    with clock.at(AT_EVALUATION):
        assert (
            commands.pledge(actor=found.experts[0].actor, seat_id=found.seat(0).pk).state == SeatState.PLEDGED
        )
        assert (
            commands.decline(actor=found.experts[1].actor, seat_id=found.seat(1).pk).state
            == SeatState.DECLINED
        )
        with pytest.raises(Refused):
            commands.pledge(actor=found.experts[1].actor, seat_id=found.seat(1).pk)


def test_a_declared_conflict_voids_the_sheet_and_cannot_be_taken_back() -> None:
    found = ready(2, experts=4)
    opened(found)
    fill(found, 0, 0, 80)
    expert, seat = found.experts[0].actor, found.seat(0)
    with clock.at(AT_EVALUATION):
        commands.declare_conflict(
            actor=expert, seat_id=seat.pk, application_id=found.application(0), conflict=True
        )
        with pytest.raises(Refused) as refusal:
            commands.declare_conflict(
                actor=expert, seat_id=seat.pk, application_id=found.application(0), conflict=False
            )
    assert refusal.value.code == "conflict_declared"
    assert found.sheet(0, 0).state == SheetState.VOID
    assert found.sheet(0, 1).state == SheetState.OPEN
    assert Disqualification.objects.get().kind == "recused"


def test_a_challenge_is_recorded_by_chair_or_operator_never_by_the_member() -> None:
    found = ready(1, experts=4)
    opened(found)
    given = {"application_id": found.application(0), "reason": "신청 기관과 같은 과제를 했습니다."}
    with clock.at(AT_EVALUATION):
        for place, actor in ((1, found.experts[1].actor), (0, found.experts[0].actor)):
            with pytest.raises(NotAllowed):
                commands.challenge(actor=actor, seat_id=found.seat(place).pk, **given)  # type: ignore[arg-type]
        with pytest.raises(NotFound):
            commands.challenge(actor=make_applicant(), seat_id=found.seat(1).pk, **given)  # type: ignore[arg-type]
        with pytest.raises(NotAllowed):
            commands.challenge(actor=make_ministry_officer(), seat_id=found.seat(1).pk, **given)  # type: ignore[arg-type]
        made = commands.challenge(actor=found.experts[0].actor, seat_id=found.seat(1).pk, **given)  # type: ignore[arg-type]
        with pytest.raises(Refused):
            commands.challenge(actor=found.agency, seat_id=found.seat(1).pk, **given)  # type: ignore[arg-type]
    assert made.kind == "challenged"
    assert found.sheet(1, 0).state == SheetState.VOID


def test_a_relation_declared_later_counts_at_once() -> None:
    found = ready(2, experts=4)
    opened(found)
    with clock.at(AT_EVALUATION):
        commands.declare_relation(
            actor=found.experts[2].actor,
            evaluator_id=found.experts[2].evaluator.pk,
            organisation_id=found.reviewed.partner(1).pk,
            kind="adviser",
        )
        with pytest.raises(NotAllowed):
            commands.declare_relation(
                actor=found.experts[1].actor,
                evaluator_id=found.experts[2].evaluator.pk,
                organisation_id=found.reviewed.partner(1).pk,
                kind="adviser",
            )
    assert (found.sheet(2, 0).state, found.sheet(2, 1).state) == (SheetState.OPEN, SheetState.VOID)


def test_an_adviser_of_long_ago_may_judge() -> None:
    found = ready(1)
    with clock.at(AT_EVALUATION):
        commands.declare_relation(
            actor=SYSTEM,
            evaluator_id=found.experts[2].evaluator.pk,
            organisation_id=found.reviewed.partner().pk,
            kind="adviser",
            ended_on=date(2020, 1, 1),
        )
    assert not Disqualification.objects.exists()


def test_a_person_who_applies_in_this_call_judges_nobody() -> None:
    found = eligible(2)
    experts = [make_expert(number) for number in range(4)]
    assert experts[3].actor.person is not None
    with clock.at(AT_EVALUATION - timedelta(days=1)):
        parties.add_member(
            actor=SYSTEM,
            person_id=experts[3].actor.person,
            organisation_id=found.reviewed.partner(0).pk,
            role=OrganisationRole.VIEWER,
        )
    committee(found, experts=experts)
    seats = Disqualification.objects.values_list("seat__evaluator", "application")
    assert sorted(seats) == [(experts[3].evaluator.pk, found.application(place)) for place in (0, 1)]


def test_a_member_who_leaves_is_followed_by_a_reserve_with_sheets_at_once() -> None:
    found = seated(committee(eligible(1), reserves=1))
    run = opened(found)
    reserve = found.experts[3].actor
    with clock.at(AT_EVALUATION):
        with pytest.raises(NotAllowed):
            commands.declare_conflict(
                actor=reserve, seat_id=found.seat(3).pk, application_id=found.application(0), conflict=False
            )
        commands.leave(actor=found.experts[0].actor, seat_id=found.seat(0).pk, reason="건강")
        assert found.sheet(0, 0).state == SheetState.VOID
        assert not found.seat(3).reserve
        assert not ScoreSheet.objects.filter(run=run, seat=found.seat(3)).exists()
        commands.pledge(actor=reserve, seat_id=found.seat(3).pk)
    live = ScoreSheet.objects.filter(run=run).exclude(state=SheetState.VOID)
    assert {sheet.seat_id for sheet in live} == {found.seat(place).pk for place in (1, 2, 3)}
    assert not found.seat(0).chair
    told = json.loads(Entry.objects.get(act="evaluation.seat_reserve").body)["payload"]
    assert told["in_place_of"] == found.experts[0].evaluator.label
    assert told["short"] == []


def test_who_declines_is_followed_by_the_reserve_of_the_same_sector() -> None:
    found = committee(eligible(1), experts=[make_expert(n) for n in (0, 1, 2, 1, 0)], reserves=2)
    with clock.at(AT_EVALUATION):
        commands.decline(actor=found.experts[0].actor, seat_id=found.seat(0).pk, reason="출장")
    assert [found.seat(place).reserve for place in (3, 4)] == [True, False]
    assert (found.seat(0).state, found.seat(0).answer_reason) == (SeatState.DECLINED, "출장")


def test_without_a_reserve_the_record_says_which_applications_lack_judges() -> None:
    found = seated(committee(eligible(1)))
    with clock.at(AT_EVALUATION):
        for place in (0, 1):
            commands.leave(actor=found.experts[place].actor, seat_id=found.seat(place).pk, reason="건강")
    told = json.loads(Entry.objects.filter(act="evaluation.no_reserve").latest("sequence").body)["payload"]
    assert told["short"] == [[found.application(0), 1]]


def test_a_recusal_below_the_quorum_brings_in_a_reserve_without_conflict() -> None:
    found = eligible(1)
    experts = [make_expert(n) for n in (0, 1, 2)] + [
        make_expert(2, found.reviewed.partner(0)),
        make_expert(1),
    ]
    seated(committee(found, experts=experts, reserves=2))
    opened(found)
    with clock.at(AT_EVALUATION):
        for place in (1, 2):
            commands.declare_conflict(
                actor=experts[place].actor,
                seat_id=found.seat(place).pk,
                application_id=found.application(0),
                conflict=True,
            )
    assert [found.seat(place).reserve for place in (3, 4)] == [True, False]


def test_the_operator_names_the_chair_among_the_members() -> None:
    found = seated(committee(eligible(1), reserves=1))
    with clock.at(AT_EVALUATION):
        commands.name_chair(actor=found.agency, seat_id=found.seat(1).pk)
        with pytest.raises(Refused):
            commands.name_chair(actor=found.agency, seat_id=found.seat(3).pk)
        with pytest.raises(NotFound):
            commands.name_chair(actor=make_agency_officer(), seat_id=found.seat(2).pk)
    assert [found.seat(place).chair for place in (0, 1, 2)] == [False, True, False]


def test_nobody_sits_without_the_own_consent() -> None:
    found = eligible(1)
    experts = [make_expert(0), make_expert(1), make_expert(2, consented=False)]
    with pytest.raises(Refused) as refusal:
        committee(found, experts=experts)
    assert refusal.value.code == "consent_missing"


def test_conflicts_are_looked_up_against_every_organisation_of_every_application() -> None:
    found = eligible(2)
    for place in (0, 1):
        for member in found.items[place].application.members.all():
            expert = make_expert(0, member.organisation)
            home = make_organisation()
            assert home.pk != member.organisation_id
            with clock.at(AT_EVALUATION):
                applications = judged(found.call)
                value = values([expert.evaluator], applications)[expert.evaluator.pk]
                hits = {
                    application.pk
                    for application in applications
                    if conflicts(
                        definition_of(found.call), value, candidate(application), as_of=date(2030, 3, 28)
                    )
                }
            assert hits == {found.application(place)}
    assert screening.eligible_applications(found.call).count() == 2
