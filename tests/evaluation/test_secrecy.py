"""Who may not see what: own sheets only, nothing before it is locked, no names beyond labels, nothing for applicants."""

import json
import re
from decimal import Decimal

import pytest

from gongmo.definition.model import Definition
from gongmo.evaluation import commands, queries
from gongmo.evaluation.models import ScoreSheet
from gongmo.evaluation.queries.desk_scores import own_scores
from gongmo.evaluation.sealing import commitment, sealed_texts
from gongmo.kernel import clock
from gongmo.kernel.actor import PUBLIC, Actor, Role
from gongmo.kernel.errors import NotFound
from gongmo.ledger.queries import entries_of_call, history
from tests.builders import make_agency_officer, make_ministry_officer
from tests.evaluation.builders import (
    AT_EVALUATION,
    both_stages,
    committee,
    eligible,
    fill,
    fixed,
    make_expert,
    opened,
    ready,
    scored,
    seated,
    told,
)
from tests.sample_call import C, sample_definition

pytestmark = pytest.mark.django_db


def disclosing(what: str) -> Definition:
    return sample_definition(
        disclosure={**C, "results_public": False, "documents_returned": False, "applicant_sees": what}
    )


def save(actor: Actor, sheet: ScoreSheet) -> ScoreSheet:
    with clock.at(AT_EVALUATION):
        return commands.save_sheet(
            actor=actor,
            sheet_id=sheet.pk,
            points={"1-1": Decimal(10)},
            comments={},
            overall_opinion="",
            revision=sheet.revision,
        )


def test_an_evaluator_reads_and_writes_own_sheets_only() -> None:
    found = ready(1)
    opened(found)
    fill(found, 0, 0, 80, lock=False)
    theirs = found.sheet(0, 0)
    for actor in (
        found.experts[1].actor,
        found.agency,
        make_ministry_officer(),
        found.items[0].lead,
        PUBLIC,
        # The same person in another capacity is not at the desk.
        Actor(role=Role.AGENCY, person=found.experts[0].actor.person, organisation=found.agency.organisation),
    ):
        with pytest.raises(NotFound):
            queries.sheet_for(actor, theirs.pk)
        with pytest.raises(NotFound):
            save(actor, theirs)
        with pytest.raises(NotFound):
            queries.desk_of(actor, found.seat(0).pk)
    assert queries.sheet_for(found.experts[0].actor, theirs.pk).pk == theirs.pk


def test_nothing_of_an_application_is_shown_before_pledge_and_declaration() -> None:
    found = committee(eligible(2))
    expert = found.experts[0]
    assert queries.desk_of(expert.actor, found.seat(0).pk).to_declare == ()
    seated(found, declare=False)
    opened(found)
    desk = queries.desk_of(expert.actor, found.seat(0).pk)
    assert (desk.sheets, len(desk.to_declare)) == ((), 2)
    sheet = found.sheet(0, 0)
    with pytest.raises(NotFound):
        queries.sheet_for(expert.actor, sheet.pk)
    with pytest.raises(NotFound):
        save(expert.actor, sheet)
    with clock.at(AT_EVALUATION):
        commands.declare_conflict(
            actor=expert.actor, seat_id=found.seat(0).pk, application_id=found.application(0), conflict=False
        )
    assert queries.sheet_for(expert.actor, sheet.pk).pk == sheet.pk
    with pytest.raises(NotFound):
        queries.sheet_for(expert.actor, found.sheet(0, 1).pk)


def test_an_application_with_a_conflict_is_not_on_the_desk_at_all() -> None:
    found = eligible(2)
    experts = [make_expert(0), make_expert(1), make_expert(2), make_expert(0, found.reviewed.partner(0))]
    seated(committee(found, experts=experts))
    opened(found)
    desk = queries.desk_of(experts[3].actor, found.seat(3).pk)
    assert [line.sheet.application_id for line in desk.sheets] == [found.application(1)]
    assert desk.to_declare == ()


def test_a_voided_sheet_is_gone_from_the_desk() -> None:
    found = ready(1, experts=4)
    opened(found)
    fill(found, 0, 0, 80)
    pk = found.sheet(0, 0).pk
    with clock.at(AT_EVALUATION):
        commands.challenge(
            actor=found.agency, seat_id=found.seat(0).pk, application_id=found.application(0), reason="기피"
        )
    with pytest.raises(NotFound):
        queries.sheet_for(found.experts[0].actor, pk)
    assert queries.desk_of(found.experts[0].actor, found.seat(0).pk).sheets == ()


def test_own_totals_hold_nobody_elses() -> None:
    found = ready(2)
    opened(found)
    fill(found, 0, 0, 80)
    fill(found, 1, 0, 55)
    fill(found, 1, 1, 65)
    mine = own_scores(found.experts[0].actor, found.sheet(0, 0).run_id)
    assert {(each.sheet.seat_id, each.total) for each in mine.sheets} == {
        (found.seat(0).pk, Decimal("80.000")),
        (found.seat(0).pk, None),
    }


def test_the_operator_sees_who_is_done_and_no_points_before_the_stage_is_locked() -> None:
    found = ready(2)
    opened(found)
    fill(found, 0, 0, 80)
    desk = queries.progress_of(found.agency, found.call)[0]
    assert sorted(desk.done) == sorted(
        (expert.evaluator.label, 1 if place == 0 else 0, 2) for place, expert in enumerate(found.experts)
    )
    assert desk.left == 5
    provisional = queries.provisional_ranking(found.agency, found.call)
    assert (provisional.ranking, provisional.inputs) == (None, None)


def test_the_ledger_tells_no_points_before_the_stage_is_locked_and_all_of_them_after() -> None:
    found = ready(1)
    opened(found)
    for expert in range(3):
        fill(found, expert, 0, 85)
    before = json.dumps(
        [e.payload for e in entries_of_call(found.call.slug) if "sheet" in e.act],
        default=str,
        ensure_ascii=False,
    )
    assert '"points"' not in before
    scored(found, "desk", [85])
    locked = [e.payload for e in entries_of_call(found.call.slug) if e.act == "evaluation.lock_stage"]
    assert [sheet["points"] for sheet in locked[0]["sheets"]] == [{"1-1": "17", "1-2": "17", "2-1": "51"}] * 3


def test_a_seal_cannot_be_guessed_from_the_points() -> None:
    found = ready(1)
    opened(found)
    sheet = fill(found, 0, 0, 85)
    sealed = next(e.payload for e in entries_of_call(found.call.slug) if e.act == "evaluation.lock_sheet")
    points = {"1-1": "17", "1-2": "17", "2-1": "51"}
    assert sealed["commitment"] == commitment(sheet.pk, sheet.seal, points, sealed_texts(sheet))
    assert sealed["commitment"] != commitment(sheet.pk, "", points, sealed_texts(sheet))
    assert len(sheet.seal) == 64


def test_provisional_ranks_are_the_operators_alone() -> None:
    found = both_stages([90, 80])
    assert queries.provisional_ranking(found.agency, found.call).ranking is not None
    for actor in (
        make_ministry_officer(),
        make_agency_officer(),
        found.experts[0].actor,
        found.items[0].lead,
        PUBLIC,
    ):
        with pytest.raises(NotFound):
            queries.provisional_ranking(actor, found.call)
        with pytest.raises(NotFound):
            queries.committees_of(actor, found.call)
        if actor.role is not Role.MINISTRY:
            with pytest.raises(NotFound):
                queries.progress_of(actor, found.call)


def test_the_ministry_sees_how_far_a_stage_is_and_no_points() -> None:
    found = ready(1)
    opened(found)
    fill(found, 0, 0, 80)
    desk = queries.progress_of(make_ministry_officer(), found.call)[0]
    assert desk.left == 2
    assert {(done, of) for _, done, of in desk.done} == {(1, 1), (0, 1)}
    assert re.findall(r"\b80\b", repr(desk)) == []


def test_the_ministry_sees_the_fixed_ranking_by_labels_and_others_see_none() -> None:
    found = both_stages([90, 80])
    assert queries.fixed_ranking(make_ministry_officer(), found.call) is None
    fixed(found)
    held = queries.fixed_ranking(make_ministry_officer(), found.call)
    assert held is not None
    labels = {sheet["evaluator"] for sheet in json.loads(held.inputs)["sheets"]}
    assert labels == {expert.evaluator.label for expert in found.experts}
    for actor in (make_agency_officer(), found.experts[0].actor, found.items[0].lead, PUBLIC):
        with pytest.raises(NotFound):
            queries.fixed_ranking(actor, found.call)


def test_applicants_learn_only_whether_they_are_selected_where_nothing_else_is_disclosed() -> None:
    found = both_stages([90, 80])
    item = found.items[0]
    fixed(found)
    assert queries.own_result(item.lead, item.application) is None
    told(found)
    shown = queries.own_result(item.lead, item.application)
    assert shown is not None
    assert (shown.standing, shown.place, shown.opinions, shown.final, shown.evaluators) == (
        "selected",
        None,
        (),
        None,
        (),
    )
    acts = {record.act for record in history("application", item.application.pk)}
    assert not {act for act in acts if act.startswith("evaluation.")}


@pytest.mark.parametrize(("what", "final"), [("opinion", None), ("scores", Decimal("90.00"))])
def test_only_what_the_definition_discloses_is_shown_and_never_its_authors(
    what: str, final: Decimal | None
) -> None:
    found = both_stages([90], disclosing(what))
    item = found.items[0]
    fixed(found)
    assert queries.own_result(item.lead, item.application) is None
    told(found)
    shown = queries.own_result(item.lead, item.application)
    assert shown is not None
    assert (shown.opinions, shown.final) == (("시험을 위한 의견입니다.",) * 6, final)
    for actor in (make_agency_officer(), found.experts[0].actor, PUBLIC):
        with pytest.raises(NotFound):
            queries.own_result(actor, item.application)


def test_the_record_names_evaluators_by_their_labels() -> None:
    found = ready(1)
    opened(found)
    fill(found, 0, 0, 80)
    acts = [entry for entry in entries_of_call(found.call.slug) if entry.actor_role == "evaluator"]
    assert {entry.actor_name for entry in acts} == {expert.evaluator.label for expert in found.experts}
