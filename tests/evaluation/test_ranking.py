"""Fixing the ranking, ties, bonus points, visits, presenters; replaying all of it; and finding what was changed by hand."""

import json
from datetime import date, timedelta
from decimal import Decimal
from importlib import import_module

import pytest

from gongmo.evaluation import commands, queries
from gongmo.evaluation.inputs import collect, parse
from gongmo.evaluation.models import Ranking, Score, ScoreSheet
from gongmo.kernel import clock
from gongmo.kernel.canonical import canonical_json
from gongmo.kernel.errors import BadInput, NotAllowed, NotFound, Refused
from gongmo.kernel.invariants import invariants
from gongmo.ledger.queries import entries_of_call
from gongmo.rules.ranking import Standing
from gongmo.screening import commands as screening
from tests.builders import make_applicant, make_ministry_officer, pdf
from tests.evaluation.builders import (
    AT_EVALUATION,
    Evaluated,
    another_officer,
    both_stages,
    eligible,
    fill,
    fixed,
    opened,
    ready,
    scored,
    with_evaluation,
)
from tests.screening.builders import excluded, found_out

pytestmark = pytest.mark.django_db


def broken() -> set[str]:
    for module in ("screening", "evaluation", "ledger"):
        import_module(f"gongmo.{module}.invariants")
    wanted = ("screening.", "evaluation.", "ledger.")
    return {check.name for check in invariants() if check.name.startswith(wanted) and list(check.check())}


def order_of(held: Ranking) -> list[int]:
    return [int(entry.application) for entry in queries.ranking_value(held.call, number=held.number).entries]


def test_the_ranking_is_weighted_over_stages_and_cut_at_the_count() -> None:
    found = ready(3)
    scored(found, "desk", [90, 70, 80])
    scored(found, "presentation", [70, 90, 80])
    held = fixed(found)
    ranking = queries.ranking_value(found.call)
    assert order_of(held) == [found.application(place) for place in (1, 2, 0)]
    assert [entry.final for entry in ranking.entries] == [
        Decimal("82.00"),
        Decimal("80.00"),
        Decimal("78.00"),
    ]
    assert [entry.standing for entry in ranking.entries] == [
        Standing.SELECTED,
        Standing.SELECTED,
        Standing.RESERVE,
    ]
    assert held.inputs_hash == ranking.input_hash
    assert canonical_json(ranking) == held.result
    assert broken() == set()


def test_fixing_again_returns_the_fixed_one_and_tells_the_ledger_once() -> None:
    found = both_stages([90, 80])
    assert fixed(found).pk == fixed(found).pk
    assert sum(entry.act == "evaluation.fix_ranking" for entry in entries_of_call(found.call.slug)) == 1


def test_a_ranking_waits_for_every_stage() -> None:
    found = ready(1)
    scored(found, "desk", [80])
    with pytest.raises(Refused) as refusal:
        fixed(found)
    assert refusal.value.code == "stage_not_locked"
    with pytest.raises(Refused):
        queries.ranking_value(found.call)


def test_only_the_operator_fixes() -> None:
    found = both_stages([90])
    with pytest.raises(NotAllowed):
        commands.fix_ranking(actor=make_ministry_officer(), call_id=found.call.pk)
    for actor in (found.experts[0].actor, found.items[0].lead):
        with pytest.raises(NotFound):
            commands.fix_ranking(actor=actor, call_id=found.call.pk)


def test_a_tie_across_the_line_waits_for_the_committee_and_is_told() -> None:
    found = both_stages([90, 80, 80])
    with pytest.raises(Refused) as refusal:
        fixed(found)
    assert refusal.value.code == "tie_undecided"
    tied = [found.application(1), found.application(2)]
    assert refusal.value.details == {"tied": tied, "places": 1}
    with clock.at(AT_EVALUATION):
        for wrong in ([tied[0]], [found.application(0), tied[0]], [tied[0], tied[0]]):
            with pytest.raises(Refused) as no_tie:
                commands.decide_tie(
                    actor=found.agency, call_id=found.call.pk, order=wrong, reason="지역 균형"
                )
            assert no_tie.value.code == "no_such_tie"
        commands.decide_tie(
            actor=found.agency, call_id=found.call.pk, order=[tied[1], tied[0]], reason="지역 균형"
        )
    held = fixed(found)
    assert order_of(held) == [found.application(0), tied[1], tied[0]]
    assert queries.ranking_value(found.call).selected == (str(found.application(0)), str(tied[1]))
    assert queries.replay(found.call.slug).ok
    assert broken() == set()


def test_a_tie_above_the_line_is_told_and_does_not_stop_the_ranking() -> None:
    found = both_stages([80, 80, 70])
    fixed(found)
    ranking = queries.ranking_value(found.call)
    assert queries.open_ties(ranking) == [(None, (str(found.application(0)), str(found.application(1))))]
    assert [entry.rank for entry in ranking.entries] == [1, 1, 3]


def test_a_tie_is_decided_by_chair_or_operator_only() -> None:
    found = both_stages([80, 80, 80])
    order = [found.application(place) for place in (2, 0, 1)]
    for actor, refusal in ((found.experts[1].actor, NotFound), (make_ministry_officer(), NotAllowed)):
        with pytest.raises(refusal):
            commands.decide_tie(actor=actor, call_id=found.call.pk, order=order, reason="지역 균형")
    with clock.at(AT_EVALUATION):
        commands.decide_tie(
            actor=found.experts[0].actor, call_id=found.call.pk, order=order, reason="지역 균형"
        )
    assert order_of(fixed(found)) == order


def test_bonus_points_count_once_another_officer_has_confirmed_them() -> None:
    definition = with_evaluation(bonus={"clause": "T-1", "max_points": "3"})
    found = both_stages([90, 85], definition)
    second = another_officer(found)
    given = {"application_id": found.application(1), "reason": "지역 협력"}
    with clock.at(AT_EVALUATION):
        made = [
            commands.propose_bonus(actor=found.agency, points=Decimal("2.5"), **given)  # type: ignore[arg-type]
            for _ in range(2)
        ]
        with pytest.raises(BadInput):
            commands.propose_bonus(actor=found.agency, points=Decimal("3.5"), **given)  # type: ignore[arg-type]
        with pytest.raises(Refused) as waiting:
            fixed(found)
        assert waiting.value.code == "bonus_unconfirmed"
        with pytest.raises(NotAllowed):
            commands.decide_bonus(actor=found.agency, bonus_id=made[0].pk, confirm=True)
        for bonus in made:
            commands.decide_bonus(actor=second, bonus_id=bonus.pk, confirm=True)
    fixed(found)
    assert queries.ranking_value(found.call).entry(str(found.application(1))).final == Decimal("88.00")
    assert queries.replay(found.call.slug).ok
    assert broken() == set()


def test_refused_bonus_points_do_not_count() -> None:
    found = both_stages([90, 85], with_evaluation(bonus={"clause": "T-1", "max_points": "3"}))
    with clock.at(AT_EVALUATION):
        made = commands.propose_bonus(
            actor=found.agency, application_id=found.application(1), points=Decimal(3), reason="지역 협력"
        )
        commands.decide_bonus(actor=another_officer(found), bonus_id=made.pk, confirm=False)
    fixed(found)
    assert queries.ranking_value(found.call).entry(str(found.application(1))).final == Decimal("85.00")


def test_a_bonus_names_one_of_the_calls_items_and_each_item_once() -> None:
    item = {"ko": "지역 균형", "en": "Balance"}
    found = eligible(1, with_evaluation(bonus={"clause": "T-1", "max_points": "3", "items": [item]}))
    given = {"application_id": found.application(0), "points": Decimal(1), "reason": "증빙"}
    with clock.at(AT_EVALUATION):
        with pytest.raises(BadInput):
            commands.propose_bonus(actor=found.agency, **given)  # type: ignore[arg-type]
        commands.propose_bonus(
            actor=found.agency,
            item=0,
            name="proof.pdf",
            stream=pdf("proof"),
            **given,  # type: ignore[arg-type]
        )
        with pytest.raises(Refused) as twice:
            commands.propose_bonus(actor=found.agency, item=0, **given)  # type: ignore[arg-type]
    assert twice.value.code == "bonus_twice"


def test_bonus_is_refused_where_the_call_has_none() -> None:
    found = eligible(1)
    with clock.at(AT_EVALUATION), pytest.raises(Refused) as refusal:
        commands.propose_bonus(
            actor=found.agency, application_id=found.application(0), points=Decimal(1), reason="가점"
        )
    assert refusal.value.code == "no_bonus"


def test_an_application_excluded_during_the_evaluation_gets_no_rank() -> None:
    found = ready(2)
    scored(found, "desk", [90, 80])
    with clock.at(AT_EVALUATION):
        excluded(found.reviewed)
    scored(found, "presentation", [0, 80])
    fixed(found)
    ranking = queries.ranking_value(found.call)
    assert {entry.application: entry.standing.value for entry in ranking.entries} == {
        str(found.application(1)): "selected",
        str(found.application(0)): "withdrawn",
    }
    assert queries.replay(found.call.slug).ok
    assert broken() == set()


def test_an_exclusion_after_the_ranking_leaves_it_as_it_was() -> None:
    found = both_stages([90, 80])
    held = fixed(found)
    with clock.at(AT_EVALUATION + timedelta(days=100)):
        excluded(found.reviewed)
    assert ScoreSheet.objects.filter(state="void").count() == 0
    assert order_of(held) == [found.application(0), found.application(1)]
    assert queries.replay(found.call.slug).ok
    assert broken() == set()


def test_nothing_changes_once_the_ranking_is_fixed() -> None:
    found = both_stages([90, 80])
    fixed(found)
    with clock.at(AT_EVALUATION):
        for act in (
            lambda: commands.challenge(
                actor=found.agency,
                seat_id=found.seat(1).pk,
                application_id=found.application(0),
                reason="뒤늦은 기피",
            ),
            lambda: commands.leave(actor=found.experts[0].actor, seat_id=found.seat(0).pk, reason="사퇴"),
            lambda: commands.open_stage(actor=found.agency, call_id=found.call.pk, stage="desk"),
            lambda: commands.decide_tie(
                actor=found.agency, call_id=found.call.pk, order=[found.application(0)], reason="동점"
            ),
        ):
            with pytest.raises(Refused) as refusal:
                act()
            assert refusal.value.code == "ranking_fixed"


def test_the_ledger_alone_gives_the_same_inputs_as_the_tables() -> None:
    found = both_stages([90, 80, 70])
    held = fixed(found)
    assert collect(found.call).canonical() == held.inputs
    assert parse(held.inputs).canonical() == held.inputs
    replay = queries.replay(found.call.slug)
    assert (replay.ok, replay.verdicts, replay.rankings, replay.differences) == (True, 3, 1, [])
    with pytest.raises(NotFound):
        queries.replay("no-such-call")


def test_doctor_and_replay_find_what_was_changed_by_hand() -> None:
    found = both_stages([90, 80])
    held = fixed(found)
    Score.objects.filter(sheet=found.sheet(0, 0), criterion="1-1").update(points=Decimal(1))
    assert broken() == {"evaluation.sheets_as_sealed", "evaluation.ranking_recomputes"}
    Score.objects.filter(sheet=found.sheet(0, 0), criterion="1-1").update(points=Decimal(18))
    assert broken() == set()
    changed = json.loads(held.inputs)
    changed["sheets"][0]["points"]["1-1"] = "1"
    Ranking.objects.filter(pk=held.pk).update(inputs=canonical_json(changed))
    assert not queries.replay(found.call.slug).ok
    assert broken() == {"evaluation.ranking_recomputes", "ledger.rows"}
    Ranking.objects.filter(pk=held.pk).update(inputs=held.inputs, result=held.result.replace("90", "91", 1))
    assert not queries.replay(found.call.slug).ok
    assert broken() == {"evaluation.ranking_recomputes", "ledger.rows"}


def test_doctor_finds_a_changed_opinion() -> None:
    found = ready(1)
    opened(found)
    fill(found, 0, 0, 80)
    ScoreSheet.objects.filter(state="locked").update(overall_opinion="바뀐 의견")
    assert broken() == {"evaluation.sheets_as_sealed"}


def test_a_site_visit_is_the_presentation_committees_and_holds_the_ranking_until_it_is_recorded() -> None:
    found = ready(1)
    scored(found, "desk", [80])
    member = found.experts[1].actor
    given = {"application_id": found.application(0), "reason": "설비를 확인해야 합니다."}
    with clock.at(AT_EVALUATION), pytest.raises(NotFound):
        commands.want_site_visit(actor=member, **given)  # type: ignore[arg-type]
    opened(found, "presentation")
    with clock.at(AT_EVALUATION):
        with pytest.raises(Refused):
            commands.want_site_visit(actor=found.agency, **given)  # type: ignore[arg-type]
        with pytest.raises(NotFound):
            commands.want_site_visit(actor=found.items[0].lead, **given)  # type: ignore[arg-type]
        visit = commands.want_site_visit(actor=member, **given)  # type: ignore[arg-type]
    scored(found, "presentation", [80])
    with pytest.raises(Refused) as waiting:
        fixed(found)
    assert waiting.value.code == "visits_waiting"
    with clock.at(AT_EVALUATION):
        with pytest.raises(BadInput):
            commands.record_visit(
                actor=found.agency, visit_id=visit.pk, visited_on=date(2031, 1, 1), memo="미래"
            )
        with pytest.raises(NotFound):
            commands.record_visit(
                actor=found.items[0].lead, visit_id=visit.pk, visited_on=date(2030, 3, 27), memo="확인"
            )
        commands.record_visit(
            actor=found.agency,
            visit_id=visit.pk,
            visited_on=date(2030, 3, 27),
            memo="설비를 확인했습니다.",
            name="memo.pdf",
            stream=pdf("memo"),
        )
    assert fixed(found)


def test_a_substitute_presenter_needs_the_operators_prior_consent() -> None:
    found = ready(1)
    item = found.items[0]
    given = {
        "application_id": item.application.pk,
        "organisation_id": found.reviewed.partner().pk,
        "presenter": "담당자 B",
        "reason": "총괄책임자의 해외 출장",
    }
    with clock.at(AT_EVALUATION):
        with pytest.raises(NotFound):
            commands.ask_substitute(actor=make_applicant(), **given)  # type: ignore[arg-type]
        with pytest.raises(BadInput):
            commands.ask_substitute(
                actor=item.lead,
                **{**given, "organisation_id": make_applicant().organisation},  # type: ignore[arg-type]
            )
        asked = commands.ask_substitute(actor=item.lead, **given)  # type: ignore[arg-type]
        with pytest.raises(NotFound):
            commands.answer_substitute(actor=item.lead, substitute_id=asked.pk, consent=True)
        commands.answer_substitute(actor=found.agency, substitute_id=asked.pk, consent=False)
        again = commands.ask_substitute(actor=item.lead, **given)  # type: ignore[arg-type]
        assert again.pk == asked.pk
        answered = commands.answer_substitute(actor=found.agency, substitute_id=asked.pk, consent=True)
        assert answered.state == "consented"
    told = [entry.payload for entry in entries_of_call(found.call.slug) if "substitute" in entry.act]
    assert "담당자 B" not in json.dumps(told, ensure_ascii=False)


def test_after_the_presentations_no_presenter_changes() -> None:
    found: Evaluated = both_stages([80])
    with clock.at(AT_EVALUATION), pytest.raises(Refused) as refusal:
        commands.ask_substitute(
            actor=found.items[0].lead,
            application_id=found.application(0),
            organisation_id=found.reviewed.partner().pk,
            presenter="담당자 B",
            reason="늦음",
        )
    assert refusal.value.code == "presentation_over"


def test_a_pending_exclusion_holds_the_ranking() -> None:
    found = both_stages([90, 80])
    with clock.at(AT_EVALUATION):
        found_out(found.reviewed, found.reviewed.partner())
        screening.propose_exclusion(
            actor=found.agency,
            review_id=found.reviewed.review().pk,
            clause="T-1",
            organisation_id=None,
            reason="체납",
        )
    with pytest.raises(Refused) as refusal:
        fixed(found)
    assert refusal.value.code == "eligibility_undecided"
