"""What a search finds of an application, what officers judge, and what becomes of it in the eligibility review."""

import io
from datetime import date, timedelta

import pytest

from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotAllowed, NotFound, Refused
from gongmo.ledger.models import Entry
from gongmo.rules.finding import Status
from gongmo.screening import queries as screening
from gongmo.screening.models import FactRecord
from gongmo.similarity import commands, queries
from gongmo.similarity.models import EarlierProject, Look, PairLook
from gongmo.similarity.standing import to_be_judged
from gongmo.similarity.states import Verdict
from gongmo.similarity.tasks import catch_up
from gongmo.tasks import run_waiting
from tests.builders import make_agency_officer, make_ministry_officer, pdf
from tests.screening.builders import AT_REVIEW, Reviewed, in_review
from tests.similarity.builders import TOLD, brought_in, retell, similar_definition

pytestmark = pytest.mark.django_db


@pytest.fixture
def found() -> Reviewed:
    """A call in review with one application that retells an earlier project, searched for."""
    brought_in()
    made = in_review(1, similar_definition())
    retell(made.items[0].application)
    with clock.at(AT_REVIEW + timedelta(hours=1)):
        commands.look(application_id=made.items[0].application.pk)
    return made


def judged(found: Reviewed, verdict: Verdict, actor: Actor | None = None, **more: object) -> None:
    given: dict[str, object] = {
        "actor": actor or found.agency,
        "application_id": found.items[0].application.pk,
        "project_id": EarlierProject.objects.get(number="가상-1").pk,
        "organisation_id": found.partner().pk,
        "verdict": verdict,
        "reason": "목표와 내용을 견주었습니다.",
        **more,
    }
    with clock.at(AT_REVIEW + timedelta(hours=2)):
        commands.judge(**given)  # type: ignore[arg-type]


def duplicate_of(found: Reviewed) -> FactRecord | None:
    return (
        FactRecord.objects.filter(
            application=found.items[0].application, organisation=found.partner(), fact="duplicate"
        )
        .order_by("-pk")
        .first()
    )


def test_a_search_keeps_what_it_found_with_its_parts(found: Reviewed) -> None:
    match = queries.matches(found.items[0].application)[0]

    assert match.project.number == "가상-1"
    assert match.score >= 500
    assert match.told["goals"] > 500
    assert match.passages
    assert to_be_judged(found.items[0].application, similar_definition().similar) == [
        ("project", match.project_id)
    ]


def test_a_search_again_replaces_the_one_before(found: Reviewed) -> None:
    commands.look(application_id=found.items[0].application.pk)

    assert Look.objects.count() == 1


def test_a_judgement_of_the_same_becomes_a_fact_that_fails_the_rule(found: Reviewed) -> None:
    judged(found, Verdict.SAME)

    fact = duplicate_of(found)
    assert fact is not None
    assert (fact.value, fact.source, fact.follow_up) == ("yes", "officer", None)
    assert "가상-1" in fact.note
    acts = list(Entry.objects.order_by("-sequence").values_list("act", flat=True)[:2])
    assert acts == ["screening.record_fact", "similarity.judge"]


def test_a_follow_up_needs_its_end_and_its_proof(found: Reviewed) -> None:
    with pytest.raises(BadInput, match="ended_on_missing"):
        judged(found, Verdict.FOLLOW_UP)
    with pytest.raises(BadInput, match="evidence_missing"):
        judged(found, Verdict.FOLLOW_UP, ended_on=date(2029, 12, 31))

    judged(found, Verdict.FOLLOW_UP, ended_on=date(2029, 12, 31), evidence=("end.pdf", pdf("end")))

    fact = duplicate_of(found)
    assert fact is not None
    assert (fact.value, fact.follow_up, fact.earlier_ended_on) == ("yes", True, date(2029, 12, 31))
    assert fact.evidence is not None


def test_taking_a_judgement_back_answers_no(found: Reviewed) -> None:
    judged(found, Verdict.SAME)

    judged(found, Verdict.NOT_SAME, reason="다시 보니 대상 공정이 다릅니다.")

    fact = duplicate_of(found)
    assert fact is not None
    assert fact.value == "no"
    assert "다시 보니" in fact.note


def test_not_the_same_alone_writes_no_fact(found: Reviewed) -> None:
    judged(found, Verdict.NOT_SAME)

    assert duplicate_of(found) is None


def test_the_check_is_concluded_only_when_everything_is_judged(found: Reviewed) -> None:
    application = found.items[0].application
    with pytest.raises(Refused, match="not_judged"):
        commands.conclude(actor=found.agency, application_id=application.pk, reason="마칩니다.")
    judged(found, Verdict.NOT_SAME)

    with clock.at(AT_REVIEW + timedelta(hours=3)):
        commands.conclude(actor=found.agency, application_id=application.pk, reason="모두 살폈습니다.")

    fact = duplicate_of(found)
    assert fact is not None
    assert (fact.value, fact.note.startswith("중복성 검토")) == ("no", True)


def test_a_conclusion_does_not_answer_no_over_a_yes(found: Reviewed) -> None:
    judged(found, Verdict.SAME)

    with clock.at(AT_REVIEW + timedelta(hours=3)):
        commands.conclude(
            actor=found.agency, application_id=found.items[0].application.pk, reason="모두 살폈습니다."
        )

    fact = duplicate_of(found)
    assert fact is not None
    assert fact.value == "yes"


def test_the_call_s_rules_see_the_judgement(found: Reviewed) -> None:
    judged(found, Verdict.SAME)

    held = screening.verdicts(found.items[0].application).value

    partner = next(each for each in held.organisations if each.id == str(found.partner().pk))
    assert partner.facts["duplicate"].value.value == "yes"
    assert Status.FAIL  # the sample call has no rule on it; the fact is what every rule reads


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_judgement_without_a_reason_is_refused(found: Reviewed, reason: str) -> None:
    with pytest.raises(BadInput, match="reason_missing"):
        judged(found, Verdict.SAME, reason=reason)


def test_a_project_that_was_not_found_beside_it_cannot_be_judged(found: Reviewed) -> None:
    stranger = EarlierProject.objects.exclude(number="가상-1").first()
    assert stranger is not None

    with pytest.raises(NotFound):
        judged(found, Verdict.SAME, project_id=stranger.pk)


def test_only_the_operator_judges(found: Reviewed) -> None:
    with pytest.raises(NotAllowed):
        judged(found, Verdict.SAME, actor=make_ministry_officer())
    for stranger in (make_agency_officer(), found.items[0].lead):
        with pytest.raises(NotFound):
            judged(found, Verdict.SAME, actor=stranger)


def test_a_judgement_outlives_its_list(found: Reviewed) -> None:
    judged(found, Verdict.SAME)
    project = EarlierProject.objects.get(number="가상-1")
    assert project.corpus_import is not None

    commands.drop_import(actor=found.agency, import_id=project.corpus_import.pk)
    commands.empty_import(import_id=project.corpus_import.pk)

    page = queries.one(found.agency, found.call.slug, found.items[0].application.pk)
    assert page.history[0].told["title"] == TOLD[1]
    assert page.matches == ()


def test_two_applications_that_copy_each_other_are_told_and_the_common_words_are_not() -> None:
    made = in_review(4, similar_definition())
    same = "우리 지역 용접 업체 스무 곳의 이음매 사진을 모아 기공을 찾는 판별기를 만듭니다. 배운 판별기는 조선소 야드에서 석 달 동안 시험합니다."
    common = "이 공고의 취지에 따라 지역 기업의 도입과 정착을 한곳에서 함께 돕는 체계를 만들겠습니다."
    own = (
        same,
        same.replace("판별기를", "판별기도").replace("시험합니다", "시험한다"),
        "감귤 선과장의 당도 기록으로 출하 시기를 정합니다.",
        "염색 공장의 폐열을 되돌려 쓰는 조절기를 답니다.",
    )
    for item, text in zip(made.items, own, strict=True):
        retell(item.application, f"{common} {text}")

    look = commands.look_pairs(call_id=made.call.pk)

    assert isinstance(look, PairLook)
    pairs = [(pair.left_id, pair.right_id) for pair in look.pairs.filter(score__gte=400)]
    assert pairs == [(made.items[0].application.pk, made.items[1].application.pk)]
    assert look.common >= 1
    assert to_be_judged(made.items[1].application, None) == [("other", made.items[0].application.pk)]
    commands.judge(
        actor=made.agency,
        application_id=made.items[1].application.pk,
        other_id=made.items[0].application.pk,
        organisation_id=made.items[1].application.lead_id,
        verdict=Verdict.SAME,
        reason="같은 글입니다.",
    )
    assert to_be_judged(made.items[1].application, None) == []
    assert to_be_judged(made.items[0].application, None) != []


def test_the_schedule_adds_own_calls_and_searches_what_was_not_searched_yet(found: Reviewed) -> None:
    from gongmo.files.commands import inspect_waiting

    Look.objects.all().delete()
    inspect_waiting()

    with clock.at(AT_REVIEW + timedelta(hours=4)):
        catch_up()
        run_waiting(only="similarity.")

    own = EarlierProject.objects.get(own_application=found.items[0].application.pk)
    assert (own.owner_id, own.supported, own.own_call) == (found.call.operator_id, False, found.call.slug)
    look = Look.objects.get()
    # A call's own applications are no earlier projects of it.
    assert own.pk not in look.matches.values_list("project", flat=True)


def test_adding_own_applications_again_changes_nothing_and_support_is_noted_once(found: Reviewed) -> None:
    pk = found.items[0].application.pk
    for _ in range(2):
        commands.add_own(application_id=pk)
        commands.note_supported(application_id=pk, ended_on=date(2031, 12, 31))

    own = EarlierProject.objects.get(own_application=pk)
    assert (own.supported, own.ended_on) == (True, date(2031, 12, 31))


def test_own_applications_are_seen_by_their_operator_and_the_ministry_only(found: Reviewed) -> None:
    commands.add_own(application_id=found.items[0].application.pk)
    own = EarlierProject.objects.get(own_application=found.items[0].application.pk)

    assert queries.project_for(found.agency, own.pk) == own
    assert queries.project_for(make_ministry_officer(), own.pk) == own
    with pytest.raises(NotFound):
        queries.project_for(make_agency_officer(), own.pk)
    assert queries.corpus(make_agency_officer()).own == 0
    assert queries.corpus(found.agency).own == 1


def test_words_come_from_attached_files_too(found: Reviewed) -> None:
    from gongmo.files.commands import inspect_waiting
    from gongmo.similarity.texts import words_of_application

    inspect_waiting()

    words = words_of_application(found.items[0].application)

    assert words is not None
    assert not words.waiting
    assert any(heading.endswith(".pdf") for heading, _, _ in words.parts)


def test_the_proof_can_be_opened_by_overseers(found: Reviewed) -> None:
    judged(
        found,
        Verdict.FOLLOW_UP,
        ended_on=date(2029, 12, 31),
        evidence=("end.pdf", io.BytesIO(pdf("end").read())),
    )
    made = queries.one(found.agency, found.call.slug, found.items[0].application.pk).history[0]

    assert queries.judgement_file(make_ministry_officer(), made.pk) == made
    with pytest.raises(NotFound):
        queries.judgement_file(found.items[0].lead, made.pk)
