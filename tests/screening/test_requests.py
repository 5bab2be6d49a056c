"""Facts with evidence, demanded proof, and requests for supplements with their deadlines."""

import io
from datetime import date, timedelta

import pytest

from gongmo.definition.application import FactSource, Truth
from gongmo.kernel import clock
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.screening import commands, queries
from gongmo.screening.states import ReviewState, SupplementState
from tests.builders import make_applicant, pdf
from tests.screening.builders import AT_REVIEW, Reviewed, found_out, in_review

pytestmark = pytest.mark.django_db
DUE = AT_REVIEW + timedelta(days=5)


def demand(found: Reviewed) -> int:
    return commands.demand_proof(
        actor=found.agency,
        application_id=found.items[0].application.pk,
        organisation_id=found.partner().pk,
        fact="arrears",
        due_at=DUE,
    ).pk


def ask(found: Reviewed) -> int:
    return commands.request_supplement(
        actor=found.agency,
        application_id=found.items[0].application.pk,
        what="사업계획서 3쪽의 표를 다시 내 주세요.",
        due_at=DUE,
    ).pk


def test_evidence_is_stored_with_its_fact() -> None:
    found = in_review()
    with clock.at(AT_REVIEW):
        record = commands.record_fact(
            actor=found.agency,
            application_id=found.items[0].application.pk,
            organisation_id=found.partner().pk,
            fact="arrears",
            value=Truth.NO,
            source=FactSource.CERTIFICATE,
            as_of=date(2030, 3, 14),
            evidence=("납세증명서.pdf", pdf("certificate")),
        )
    assert record.evidence is not None
    assert record.evidence_name == "납세증명서.pdf"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"source": FactSource.SELF}, "source_self"),
        ({"as_of": date(2030, 4, 30)}, "as_of_ahead"),
        ({"since": date(2030, 2, 2), "until": date(2030, 2, 1)}, "since_after_until"),
        ({"source": FactSource.CERTIFICATE}, "evidence_missing"),
        ({"fact": "weather"}, "unknown_fact"),
        ({"evidence": ("x.pdf", io.BytesIO(b""))}, "file_empty"),
    ],
)
def test_unusable_facts_are_refused_in_words(changes: dict[str, object], code: str) -> None:
    found = in_review()
    given: dict[str, object] = {
        "fact": "arrears",
        "value": Truth.NO,
        "source": FactSource.OFFICER,
        "as_of": date(2030, 3, 15),
        **changes,
    }
    with clock.at(AT_REVIEW), pytest.raises(BadInput) as refusal:
        commands.record_fact(
            actor=found.agency,
            application_id=found.items[0].application.pk,
            organisation_id=found.partner().pk,
            **given,  # type: ignore[arg-type]
        )
    assert refusal.value.code == code


def test_a_fact_about_a_stranger_is_refused() -> None:
    found = in_review()
    stranger = make_applicant()
    with clock.at(AT_REVIEW), pytest.raises(BadInput) as refusal:
        commands.record_fact(
            actor=found.agency,
            application_id=found.items[0].application.pk,
            organisation_id=stranger.organisation or 0,
            fact="arrears",
            value=Truth.NO,
            source=FactSource.OFFICER,
            as_of=date(2030, 3, 15),
        )
    assert refusal.value.code == "not_a_member"


def test_proof_that_is_not_handed_in_excludes_from_its_due_instant_on() -> None:
    found = in_review()
    application = found.items[0].application
    with clock.at(AT_REVIEW):
        demand(found)
    for instant, wanted in ((DUE - timedelta(microseconds=1), "unknown"), (DUE, "fail")):
        with clock.at(instant):
            proof = [f for f in queries.verdicts(application).open() if f.rule == "proof"]
        assert [finding.status.value for finding in proof] == [wanted]


def test_proof_in_time_passes_and_at_the_due_instant_is_refused() -> None:
    found = in_review()
    with clock.at(AT_REVIEW):
        pk = demand(found)
    partner = found.items[0].actors[found.partner().pk]
    with clock.at(DUE), pytest.raises(Refused) as refusal:
        commands.hand_in_proof(actor=partner, demand_id=pk, name="proof.pdf", stream=pdf("proof"))
    assert refusal.value.code == "past_due"
    with clock.at(DUE - timedelta(microseconds=1)):
        commands.hand_in_proof(actor=partner, demand_id=pk, name="proof.pdf", stream=pdf("proof"))
        with pytest.raises(Refused) as again:
            commands.hand_in_proof(actor=partner, demand_id=pk, name="proof.pdf", stream=pdf("proof"))
    assert again.value.code == "proof_handed_in"
    with clock.at(DUE + timedelta(days=1)):
        assert commands.decide_eligible(actor=found.agency, review_id=found.review().pk).state == "eligible"


def test_proof_is_handed_in_by_the_lead_or_the_organisation_concerned_only() -> None:
    found = in_review()
    item = found.items[0]
    with clock.at(AT_REVIEW):
        pk = demand(found)
        outsiders = [make_applicant(), found.agency]
        outsiders += [
            actor
            for organisation, actor in item.actors.items()
            if organisation not in (item.application.lead_id, found.partner().pk)
        ]
        for actor in outsiders:
            with pytest.raises(NotFound):
                commands.hand_in_proof(actor=actor, demand_id=pk, name="proof.pdf", stream=pdf("proof"))
        assert commands.hand_in_proof(
            actor=item.lead, demand_id=pk, name="proof.pdf", stream=pdf("proof")
        ).handed_in_at


def test_proof_is_demanded_once_and_only_with_a_due_instant_ahead() -> None:
    found = in_review()
    with clock.at(AT_REVIEW):
        demand(found)
        with pytest.raises(Refused) as twice:
            demand(found)
    assert twice.value.code == "proof_demanded_already"
    with clock.at(DUE), pytest.raises(BadInput) as late:
        demand(found)
    assert late.value.code == "due_not_ahead"


def test_a_review_waits_for_its_supplements_and_goes_on_when_all_are_accepted() -> None:
    found = in_review()
    lead = found.items[0].lead
    with clock.at(AT_REVIEW):
        first, second = ask(found), ask(found)
        assert found.review().state == ReviewState.SUPPLEMENT
        with pytest.raises(Refused):
            commands.decide_eligible(actor=found.agency, review_id=found.review().pk)
        for pk in (first, second):
            commands.answer_supplement(
                actor=lead, supplement_id=pk, answer="고쳤습니다.", name="table.pdf", stream=pdf("table")
            )
        commands.accept_supplement(actor=found.agency, supplement_id=first)
        assert found.review().state == ReviewState.SUPPLEMENT
        commands.accept_supplement(actor=found.agency, supplement_id=second)
        assert found.review().state == ReviewState.OPEN
        assert commands.decide_eligible(actor=found.agency, review_id=found.review().pk).state == "eligible"


def test_a_supplement_at_its_due_instant_is_late_and_expires() -> None:
    found = in_review()
    with clock.at(AT_REVIEW):
        pk = ask(found)
    with clock.at(DUE):
        with pytest.raises(Refused) as refusal:
            commands.answer_supplement(actor=found.items[0].lead, supplement_id=pk, answer="늦었습니다.")
        assert refusal.value.code == "past_due"
        expired = commands.expire_supplements(actor=found.agency, call_id=found.call.pk)
    assert [each.state for each in expired] == [SupplementState.OVERDUE]
    assert found.review().state == ReviewState.OPEN


def test_only_the_lead_answers_and_only_the_consortium_sees_a_request() -> None:
    found = in_review()
    item = found.items[0]
    with clock.at(AT_REVIEW):
        pk = ask(found)
        partner = item.actors[found.partner().pk]
        with pytest.raises(Refused):
            commands.answer_supplement(actor=partner, supplement_id=pk, answer="제가 냅니다.")
        with pytest.raises(NotFound):
            commands.answer_supplement(actor=make_applicant(), supplement_id=pk, answer="제가 냅니다.")
    assert [each.pk for each in queries.own_supplements(partner, item.application)] == [pk]
    with pytest.raises(NotFound):
        queries.own_supplements(make_applicant(), item.application)


def test_queue_counts_what_waits() -> None:
    found = in_review(2)
    with clock.at(AT_REVIEW):
        ask(found)
        demand(found)
        found_out(found, found.partner(1), place=1)
    queue = list(queries.review_queue(found.agency, found.call))
    assert [(r.asked, r.answered, r.demanded) for r in queue] == [(1, 0, 1), (0, 0, 0)]  # type: ignore[attr-defined]
    with pytest.raises(NotFound):
        queries.review_queue(found.items[0].lead, found.call)
