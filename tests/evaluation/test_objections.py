"""Telling the result, objecting to it once and in time, and the re-evaluation that gives a new version of the ranking."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from gongmo.definition.model import Definition
from gongmo.evaluation import commands, queries
from gongmo.evaluation.models import Objection, Ranking, ScoreSheet
from gongmo.kernel import clock
from gongmo.kernel.clock import SEOUL
from gongmo.kernel.errors import BadInput, NotAllowed, NotFound, Refused
from gongmo.ledger.queries import entries_of_call
from tests.builders import make_applicant, make_ministry_officer, pdf
from tests.evaluation.builders import (
    AT_EVALUATION,
    Evaluated,
    another_officer,
    both_stages,
    fixed,
    objected,
    panel,
    scored_anew,
    told,
    upheld,
)
from tests.evaluation.test_ranking import broken, order_of
from tests.sample_call import C, sample_definition, t
from tests.screening.test_pages import signed_in

pytestmark = pytest.mark.django_db

PERIODS = [
    {"id": "objection", **C, "name": t("이의신청", "Objection"), "days": 10, "roll_to_working_day": True},
    {"id": "objection_answer", **C, "name": t("답변", "Answer"), "days": 14},
]


def objectable(**changes: object) -> Definition:
    return sample_definition(periods=PERIODS, **changes)


def announced(totals: list[int], **changes: object) -> Evaluated:
    """Evaluated, fixed and told."""
    found = both_stages(totals, objectable(**changes))
    fixed(found)
    told(found)
    return found


def test_results_are_told_once_by_the_operator_and_not_before_they_are_fixed() -> None:
    found = both_stages([90, 80], objectable())
    with pytest.raises(Refused) as early:
        told(found)
    assert early.value.code == "ranking_not_fixed"
    fixed(found)
    for actor in (make_applicant(), found.items[0].lead):
        with clock.at(AT_EVALUATION), pytest.raises(NotFound):
            commands.tell_results(actor=actor, call_id=found.call.pk)
    with clock.at(AT_EVALUATION), pytest.raises(NotAllowed):
        commands.tell_results(actor=make_ministry_officer(), call_id=found.call.pk)
    first = told(found)
    assert told(found, AT_EVALUATION + timedelta(days=3)) == first


def test_the_days_for_objections_end_at_the_midnight_after_the_last_working_day() -> None:
    found = announced([90, 80])
    until = Ranking.objects.get().notice.objections_until
    # Told on Monday 2030-03-25 or so: ten days on, moved past a day off.
    assert until is not None
    there = until.astimezone(SEOUL)
    assert (there.hour, there.minute) == (0, 0)
    last = (there - timedelta(days=1)).date()
    assert last.weekday() < 5
    assert (last - AT_EVALUATION.astimezone(SEOUL).date()).days >= 10
    objected(found, at=until - timedelta(microseconds=1))
    with pytest.raises(Refused) as late:
        objected(found, place=1, at=until)
    assert late.value.code == "objection_late"


def test_an_applicant_objects_once_and_to_the_own_result_only() -> None:
    found = announced([90, 80])
    with clock.at(AT_EVALUATION):
        for actor in (make_applicant(), found.items[1].lead, found.agency, make_ministry_officer()):
            with pytest.raises(NotFound):
                commands.object_to_result(
                    actor=actor, application_id=found.application(0), reason="남의 결과"
                )
        partner = found.items[0].actors[found.reviewed.partner(0).pk]
        with pytest.raises(NotAllowed):
            commands.object_to_result(actor=partner, application_id=found.application(0), reason="참여기관")
        with pytest.raises(BadInput):
            commands.object_to_result(
                actor=found.items[0].lead, application_id=found.application(0), reason="  "
            )
        made = commands.object_to_result(
            actor=found.items[0].lead,
            application_id=found.application(0),
            reason="점수를 다시 봐 주세요.",
            files=[("proof.pdf", pdf("proof"))],
        )
    assert [each.name for each in made.files.all()] == ["proof.pdf"]
    assert made.answer_by is not None
    with pytest.raises(Refused) as twice:
        objected(found)
    assert twice.value.code == "objected_already"


def test_nobody_objects_before_the_result_is_told() -> None:
    found = both_stages([90, 80], objectable())
    fixed(found)
    with pytest.raises(NotFound):
        objected(found)


def test_there_are_no_objections_where_the_call_has_no_period_for_them() -> None:
    found = both_stages([90, 80])
    fixed(found)
    told(found)
    with pytest.raises(Refused) as none:
        objected(found)
    assert none.value.code == "no_objections"


def test_another_officer_answers_than_the_one_who_fixed_the_ranking() -> None:
    found = announced([90, 80])
    objection = objected(found)
    given = {"objection_id": objection.pk, "uphold": False, "answer": "기준대로 평가했습니다."}
    second = another_officer(found)
    with clock.at(AT_EVALUATION):
        with pytest.raises(NotAllowed):
            commands.answer_objection(actor=found.agency, **given)  # type: ignore[arg-type]
        with pytest.raises(NotFound):
            commands.answer_objection(actor=found.items[0].lead, **given)  # type: ignore[arg-type]
        answered = commands.answer_objection(actor=second, **given)  # type: ignore[arg-type]
        with pytest.raises(Refused):
            commands.answer_objection(actor=second, **given)  # type: ignore[arg-type]
    assert answered.state == "dismissed"
    assert fixed(found).number == 1


def test_an_upheld_objection_gives_a_new_version_and_keeps_the_first() -> None:
    found = announced([80, 90])
    first = Ranking.objects.get()
    objection = upheld(found)
    with pytest.raises(Refused) as open_:
        fixed(found)
    assert open_.value.code == "reevaluation_open"
    committee, experts = panel(found)
    with clock.at(AT_EVALUATION):
        runs = commands.open_reevaluation(
            actor=found.agency, objection_id=objection.pk, committee_id=committee.pk
        )
    assert [(run.stage, run.round) for run in runs] == [("desk", 2), ("presentation", 2)]
    assert ScoreSheet.objects.filter(run__in=runs).count() == 6
    scored_anew(found, objection, experts, 95)
    second = fixed(found)
    assert (second.number, order_of(second)) == (2, [found.application(0), found.application(1)])
    first.refresh_from_db()
    assert order_of(first) == [found.application(1), found.application(0)]
    objection.refresh_from_db()
    assert objection.state == "rescored"
    assert queries.ranking_value(found.call).entry(str(found.application(0))).final == 95
    assert queries.ranking_value(found.call, number=1).entry(str(found.application(0))).final == 80
    replay = queries.replay(found.call.slug)
    assert (replay.ok, replay.rankings, replay.differences) == (True, 2, [])
    assert broken() == set()
    last = next(e for e in entries_of_call(found.call.slug) if e.payload.get("number") == 2)
    assert (last.payload["supersedes"], last.payload["objections"]) == (first.inputs_hash, [objection.pk])
    assert fixed(found) == second


def test_a_panel_needs_an_original_member() -> None:
    found = announced([80, 90])
    objection = upheld(found)
    committee, _ = panel(found, originals=0)
    with clock.at(AT_EVALUATION), pytest.raises(Refused) as alone:
        commands.open_reevaluation(actor=found.agency, objection_id=objection.pk, committee_id=committee.pk)
    assert alone.value.code == "no_original_member"


def test_only_an_upheld_objection_is_evaluated_anew() -> None:
    found = announced([80, 90])
    objection = objected(found)
    with clock.at(AT_EVALUATION), pytest.raises(Refused) as early:
        commands.open_reevaluation(
            actor=found.agency,
            objection_id=objection.pk,
            committee_id=found.committee.pk,  # type: ignore[union-attr]
        )
    assert early.value.code == "objection_not_upheld"


def test_what_the_first_ranking_was_computed_from_stays_during_a_re_evaluation() -> None:
    found = announced([80, 90])
    upheld(found)
    with clock.at(AT_EVALUATION):
        commands.leave(actor=found.experts[1].actor, seat_id=found.seat(1).pk, reason="사퇴")
    assert not ScoreSheet.objects.filter(state="void").exists()
    assert queries.replay(found.call.slug).ok
    assert broken() == set()


def test_after_a_new_version_the_result_is_told_again_and_the_right_to_object_is_used_up() -> None:
    found = announced([80, 90])
    objection = upheld(found)
    committee, experts = panel(found)
    with clock.at(AT_EVALUATION):
        commands.open_reevaluation(actor=found.agency, objection_id=objection.pk, committee_id=committee.pk)
    with pytest.raises(Refused):
        fixed(found)
    scored_anew(found, objection, experts, 70)
    second = fixed(found)
    assert told(found).ranking == second
    with pytest.raises(Refused) as used:
        objected(found)
    assert used.value.code == "objected_already"
    # The other has not objected yet, and may.
    assert objected(found, 1).ranking == second
    assert Objection.objects.count() == 2


def test_the_pages_of_result_objection_and_re_evaluation_lead_from_one_to_the_next() -> None:
    found = announced([80, 90])
    lead = signed_in(found.items[0].lead)
    second = signed_in(another_officer(found))
    own, room = f"/applications/{found.application(0)}/result/", f"/evaluation/{found.call.slug}/"
    with clock.at(AT_EVALUATION):
        assert "이의신청서 쓰기" in lead.get(own).content.decode()
        refused = lead.post(own, {"reason": ""})
        assert (refused.status_code, "까닭을 적어 주세요" in refused.content.decode()) == (422, True)
        sent = lead.post(own, {"reason": "점수를 다시 봐 주세요.", "files": pdf_file()}, follow=True)
        assert "이의신청을 접수했습니다" in sent.content.decode()
        objection = Objection.objects.get()
        html = second.get(f"{room}objections/").content.decode()
        assert "점수를 다시 봐 주세요." in html
        assert "proof.pdf" in html
        given = {"objection": objection.pk, "uphold": "yes", "answer": "다시 평가합니다."}
        assert "답했습니다" in second.post(f"{room}objections/answer/", given, follow=True).content.decode()
        assert "다시 평가합니다." in lead.get(own).content.decode()
        assert "위원회를 먼저 구성해" in second.get(f"{room}objections/").content.decode()
    committee, experts = panel(found)
    with clock.at(AT_EVALUATION):
        html = second.post(
            f"{room}objections/again/", {"objection": objection.pk, "committee": committee.pk}, follow=True
        ).content.decode()
        assert "재평가를 시작" in html
        assert "이의신청에 따른 재평가" in second.get(room).content.decode()
    scored_anew(found, objection, experts, 95)
    fixed(found)
    with clock.at(AT_EVALUATION):
        html = second.get(f"{room}ranking/").content.decode()
        assert "제2판" in html
        assert "다시 평가한 판" in html
        assert "제1판" in second.get(f"{room}ranking/?version=1").content.decode()
        assert second.get(f"{room}ranking/?version=3").status_code == 404
        for form in ("pdf", "hwpx"):
            assert second.get(f"{room}ranking/1.{form}").status_code == 200
        told_ = second.post(f"{room}tell/", {"confirm": found.call.slug}, follow=True).content.decode()
        assert "통보했습니다" in told_
        assert "선정되었습니다" in lead.get(own).content.decode()


def pdf_file() -> SimpleUploadedFile:
    return SimpleUploadedFile("proof.pdf", pdf("proof").read(), "application/pdf")
