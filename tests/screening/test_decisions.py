"""Deciding eligibility: on facts, by two officers for an exclusion, and in a way that can be recomputed."""

from datetime import date, timedelta
from importlib import import_module

import pytest

from gongmo.definition.application import FactSource, Truth
from gongmo.kernel import clock
from gongmo.kernel.errors import BadInput, NotAllowed, NotFound, Refused
from gongmo.kernel.invariants import invariants
from gongmo.ledger.queries import entries_of_call, history
from gongmo.rules.finding import Verdict
from gongmo.screening import commands, queries
from gongmo.screening.judgement import plain_findings, recompute
from gongmo.screening.models import FactRecord, Review
from gongmo.screening.states import ReviewState
from tests.builders import (
    AFTER,
    close_sample_call,
    make_agency_officer,
    make_ministry_officer,
    publish_sample_call,
    submitted_application,
)
from tests.screening.builders import AT_REVIEW, excluded, found_out, in_review

pytestmark = pytest.mark.django_db
CHECKS = ("gongmo.screening.invariants", "gongmo.ledger.invariants")


def broken() -> list[str]:
    for module in CHECKS:
        import_module(module)
    return [
        f"{check.name}: {each}"
        for check in invariants()
        if check.name.startswith(("screening.", "ledger."))
        for each in check.check()
    ]


def test_open_reviews_takes_submitted_applications_only_and_opens_none_twice() -> None:
    found = in_review(2)
    with clock.at(AT_REVIEW):
        again = commands.open_reviews(actor=found.agency, call_id=found.call.pk)
    assert [review.application_id for review in again] == [item.application.pk for item in found.items]
    assert sum(entry.act == "screening.open_reviews" for entry in entries_of_call(found.call.slug)) == 1


def test_open_reviews_refuses_before_the_call_is_closed() -> None:
    agency = make_agency_officer()
    call = publish_sample_call(agency)
    submitted_application(call)
    with clock.at(AFTER), pytest.raises(Refused) as refusal:
        commands.open_reviews(actor=agency, call_id=call.pk)
    assert refusal.value.code == "call_not_closed"


def test_eligible_when_every_blocking_finding_passes() -> None:
    found = in_review()
    with clock.at(AT_REVIEW):
        review = commands.decide_eligible(actor=found.agency, review_id=found.review().pk)
    assert review.state == ReviewState.ELIGIBLE
    assert list(queries.eligible_applications(found.call)) == [found.items[0].application]
    assert plain_findings(recompute(review.inputs)) == review.findings
    assert broken() == []


def test_eligible_is_refused_while_a_fact_is_unknown_and_says_which() -> None:
    found = in_review()
    with clock.at(AT_REVIEW):
        found_out(found, found.partner(), Truth.UNKNOWN, FactSource.OFFICER)
        with pytest.raises(Refused) as refusal:
            commands.decide_eligible(actor=found.agency, review_id=found.review().pk)
    assert refusal.value.code == "not_eligible_yet"
    assert found.partner().name in refusal.value.ko
    assert {each["status"] for each in refusal.value.details["open"]} == {"unknown"}
    assert found.review().state == ReviewState.OPEN


def test_eligible_is_refused_while_originals_have_not_arrived() -> None:
    agency = make_agency_officer()
    call = publish_sample_call(agency)
    item = submitted_application(call)
    close_sample_call(call, agency)
    with clock.at(AT_REVIEW):
        commands.open_reviews(actor=agency, call_id=call.pk)
        with pytest.raises(Refused) as refusal:
            commands.decide_eligible(actor=agency, review_id=item.application.review.pk)
    assert [finding.rule for finding in refusal.value.findings] == ["post"]


def test_one_excluded_partner_excludes_the_whole_consortium() -> None:
    found = in_review(2)
    with clock.at(AT_REVIEW):
        found_out(found, found.partner())
        judgement = queries.verdicts(found.items[0].application)
        assert judgement.verdict is Verdict.FAIL
        assert {f.subject.kind.value for f in judgement.open()} == {"organisation", "application"}
        review = excluded(found)
        commands.decide_eligible(actor=found.agency, review_id=found.review(1).pk)
    assert review.state == ReviewState.EXCLUDED
    assert list(queries.eligible_applications(found.call)) == [found.items[1].application]
    assert broken() == []


def test_exclusion_is_refused_without_a_recorded_ground() -> None:
    found = in_review()
    with clock.at(AT_REVIEW), pytest.raises(Refused) as refusal:
        commands.propose_exclusion(
            actor=found.agency,
            review_id=found.review().pk,
            clause="T-1",
            organisation_id=found.partner().pk,
            reason="근거 없이",
        )
    assert refusal.value.code == "no_ground"
    assert found.review().state == ReviewState.OPEN


def test_exclusion_needs_a_clause_of_the_call_and_a_reason() -> None:
    found = in_review()
    with clock.at(AT_REVIEW):
        found_out(found, found.partner())
        for clause, reason, code in (("Z-9", "체납", "unknown_clause"), ("T-1", "  ", "reason_missing")):
            with pytest.raises(BadInput) as refusal:
                commands.propose_exclusion(
                    actor=found.agency,
                    review_id=found.review().pk,
                    clause=clause,
                    organisation_id=None,
                    reason=reason,
                )
            assert refusal.value.code == code


def test_the_officer_who_proposed_cannot_confirm() -> None:
    found = in_review()
    with clock.at(AT_REVIEW):
        found_out(found, found.partner())
        review = commands.propose_exclusion(
            actor=found.agency, review_id=found.review().pk, clause="T-1", organisation_id=None, reason="체납"
        )
        with pytest.raises(NotAllowed):
            commands.confirm_exclusion(actor=found.agency, review_id=review.pk)
        assert (
            commands.confirm_exclusion(actor=found.second, review_id=review.pk).state == ReviewState.EXCLUDED
        )


def test_confirming_is_refused_when_the_ground_fell_away() -> None:
    found = in_review()
    with clock.at(AT_REVIEW):
        found_out(found, found.partner())
        review = commands.propose_exclusion(
            actor=found.agency, review_id=found.review().pk, clause="T-1", organisation_id=None, reason="체납"
        )
        found_out(found, found.partner(), Truth.NO, FactSource.OFFICER)
        with pytest.raises(Refused) as refusal:
            commands.confirm_exclusion(actor=found.second, review_id=review.pk)
        assert refusal.value.code == "no_ground"
        assert commands.reinstate(actor=found.second, review_id=review.pk, reason="사실이 아님").state == (
            ReviewState.OPEN
        )


def test_a_lifted_exclusion_needs_facts_that_pass() -> None:
    found = in_review()
    with clock.at(AT_REVIEW):
        review = excluded(found)
        with pytest.raises(Refused) as refusal:
            commands.reinstate(actor=found.agency, review_id=review.pk, reason="이의신청 인용")
        assert refusal.value.code == "not_eligible_yet"
        found_out(found, found.partner(), Truth.NO, FactSource.OFFICER)
        lifted = commands.reinstate(actor=found.agency, review_id=review.pk, reason="이의신청 인용")
    assert (lifted.state, lifted.clause, lifted.reason) == (ReviewState.ELIGIBLE, "", "")
    assert broken() == []


def test_an_eligible_application_can_be_excluded_later() -> None:
    found = in_review()
    with clock.at(AT_REVIEW):
        commands.decide_eligible(actor=found.agency, review_id=found.review().pk)
    with clock.at(AT_REVIEW + timedelta(days=200)):
        review = excluded(found)
    assert review.state == ReviewState.EXCLUDED
    assert broken() == []


def test_weightier_sources_win_and_the_newest_of_equals() -> None:
    found = in_review()
    partner = found.partner()
    with clock.at(AT_REVIEW):
        for value, source, wanted in (
            (Truth.YES, FactSource.REGISTER, "yes"),
            (Truth.NO, FactSource.OFFICER, "no"),
            (Truth.YES, FactSource.REGISTER, "no"),
            (Truth.UNKNOWN, FactSource.OFFICER, "unknown"),
        ):
            found_out(found, partner, value, source)
            judged = queries.screened_value(found.items[0].application)
            fact = next(o for o in judged.organisations if o.id == str(partner.pk)).facts["arrears"]
            assert fact.value.value == wanted


@pytest.mark.parametrize("act", ["fact", "decide", "propose"])
def test_others_learn_nothing_and_the_ministry_may_only_look(act: str) -> None:
    found = in_review()
    review = found.review()
    acts = {
        "fact": lambda actor: commands.record_fact(
            actor=actor,
            application_id=found.items[0].application.pk,
            organisation_id=found.partner().pk,
            fact="arrears",
            value=Truth.NO,
            source=FactSource.OFFICER,
            as_of=date(2030, 3, 15),
        ),
        "decide": lambda actor: commands.decide_eligible(actor=actor, review_id=review.pk),
        "propose": lambda actor: commands.propose_exclusion(
            actor=actor, review_id=review.pk, clause="T-1", organisation_id=None, reason="까닭"
        ),
    }
    for stranger in (make_agency_officer(), found.items[0].lead):
        with clock.at(AT_REVIEW), pytest.raises(NotFound):
            acts[act](stranger)
    with clock.at(AT_REVIEW), pytest.raises(NotAllowed):
        acts[act](make_ministry_officer())


def test_the_applicants_history_tells_nothing_of_the_review() -> None:
    found = in_review()
    with clock.at(AT_REVIEW):
        excluded(found)
    acts = {record.act for record in history("application", found.items[0].application.pk)}
    assert not acts & {
        "screening.record_fact",
        "screening.propose_exclusion",
        "screening.confirm_exclusion",
        "screening.decide_eligible",
    }


def test_the_consortium_sees_a_confirmed_result_only_and_its_ground_only_where_it_concerns() -> None:
    found = in_review()
    item = found.items[0]
    partner = found.partner()
    other = next(a for pk, a in item.actors.items() if pk not in (partner.pk, item.application.lead_id))
    with clock.at(AT_REVIEW):
        found_out(found, partner)
        commands.propose_exclusion(
            actor=found.agency,
            review_id=found.review().pk,
            clause="T-1",
            organisation_id=partner.pk,
            reason="체납 확인",
        )
        proposed = queries.own_result(item.lead, item.application)
        commands.confirm_exclusion(actor=found.second, review_id=found.review().pk)
    assert proposed is not None
    assert proposed.state == "open"
    for actor in (item.lead, item.actors[partner.pk]):
        own = queries.own_result(actor, item.application)
        assert own is not None
        assert (own.state, own.clause, own.organisation, own.reason) == (
            "excluded",
            "T-1",
            partner.name,
            "체납 확인",
        )
    assert queries.own_result(other, item.application) == queries.OwnResult("excluded", "T-1")
    with pytest.raises(NotFound):
        queries.own_result(found.agency, item.application)


def test_doctor_finds_a_changed_verdict_and_a_changed_fact() -> None:
    found = in_review(2)
    with clock.at(AT_REVIEW):
        excluded(found)
        commands.decide_eligible(actor=found.agency, review_id=found.review(1).pk)
    Review.objects.filter(pk=found.review().pk).update(state=ReviewState.ELIGIBLE)
    assert any("screening.verdict_recomputes" in each for each in broken())
    FactRecord.objects.update(value="no")
    assert any("screening.facts_recorded" in each for each in broken())
    Review.objects.filter(pk=found.review().pk).update(
        state=ReviewState.EXCLUDED, confirmed_by=found.agency.person
    )
    assert any("screening.four_eyes" in each for each in broken())


def test_a_ground_that_arose_after_the_closing_day_excludes_an_eligible_application_only_on_a_later_day() -> (
    None
):
    found = in_review()
    partner = found.partner()
    later = AT_REVIEW + timedelta(days=200)
    given = {"review_id": found.review().pk, "clause": "T-1", "organisation_id": partner.pk, "reason": "폐업"}
    with clock.at(AT_REVIEW), pytest.raises(BadInput) as early:
        commands.propose_exclusion(actor=found.agency, on=date(2030, 3, 18), **given)  # type: ignore[arg-type]
    assert early.value.code == "bad_day"
    with clock.at(AT_REVIEW):
        commands.decide_eligible(actor=found.agency, review_id=found.review().pk)
    with clock.at(later):
        commands.record_fact(
            actor=found.agency,
            application_id=found.items[0].application.pk,
            organisation_id=partner.pk,
            fact="arrears",
            value=Truth.YES,
            source=FactSource.REGISTER,
            as_of=date(2030, 9, 1),
            since=date(2030, 8, 1),
        )
        with pytest.raises(Refused) as on_closing_day:
            commands.propose_exclusion(actor=found.agency, **given)  # type: ignore[arg-type]
        assert on_closing_day.value.code == "no_ground"
        commands.propose_exclusion(actor=found.agency, on=date(2030, 9, 1), **given)  # type: ignore[arg-type]
        commands.confirm_exclusion(actor=found.second, review_id=found.review().pk)
    assert found.review().state == ReviewState.EXCLUDED
    assert broken() == []
