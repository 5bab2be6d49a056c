"""Forming a call's committee: proposed, explained, changed by hand, fixed in one recorded act, and the same when computed again."""

import json

import pytest
from django.test import Client

from gongmo.cli.committee import compare
from gongmo.evaluation import commands
from gongmo.evaluation.forming import Asked
from gongmo.evaluation.models import Assignment, Committee, Proposal, ScoreSheet, Seat
from gongmo.evaluation.queries import forming as queries
from gongmo.evaluation.queries.committee import committee_pages
from gongmo.kernel import clock
from gongmo.kernel.errors import BadInput, NotAllowed, NotFound, Refused
from gongmo.ledger.models import Entry
from gongmo.parties.models import Person
from tests.builders import make_agency_officer, make_ministry_officer
from tests.evaluation.builders import (
    AT_EVALUATION,
    Evaluated,
    eligible,
    make_expert,
    opened,
    with_evaluation,
)

pytestmark = pytest.mark.django_db


def pooled(count: int = 9, applications: int = 2, **settings: object) -> Evaluated:
    """Eligible applications and experts in the pool, nobody asked."""
    definition = with_evaluation(forming={"clause": "T-1", "reserves": 0, **settings})
    found = eligible(applications, definition)
    found.experts = [make_expert(number) for number in range(count)]
    return found


def proposed(found: Evaluated, **asked: object) -> Proposal:
    with clock.at(AT_EVALUATION):
        return commands.propose_committee(
            actor=found.agency,
            call_id=found.call.pk,
            name="평가위원회",
            asked=Asked(**asked),  # type: ignore[arg-type]
        )


def labels(proposal: Proposal) -> list[str]:
    return [each["expert"] for each in proposal.seats]


def fix(found: Evaluated, proposal: Proposal, reason: str = "") -> Committee:
    with clock.at(AT_EVALUATION):
        return commands.fix_proposal(actor=found.agency, proposal_id=proposal.pk, reason=reason)


def test_a_proposal_keeps_the_limits_and_every_draw_is_recorded() -> None:
    found = pooled()
    first, second = proposed(found), proposed(found)

    assert (first.draw, second.draw) == (1, 2)
    assert len(labels(first)) == 3
    view = queries.proposal_of(found.agency, found.call, first.pk)
    assert (view.breaks, view.proven) == ((), True)
    assert len(view.left_out) == 6
    entries = Entry.objects.filter(act="evaluation.propose_committee").order_by("sequence")
    payloads = [json.loads(each.body)["payload"] for each in entries]
    assert [each["seed"] for each in payloads] == [first.seed, second.seed]
    assert payloads[0]["inputs"] == first.inputs_hash


def test_fixing_invites_in_one_act_with_seed_hash_and_solver() -> None:
    found = pooled(reserves=1)
    proposal = proposed(found)
    made = fix(found, proposal)

    seats = Seat.objects.filter(committee=made)
    assert sorted(seats.values_list("evaluator__label", flat=True)) == sorted(labels(proposal))
    assert seats.filter(chair=True, reserve=False).count() == 1
    assert seats.filter(reserve=True).count() == 1
    told = json.loads(Entry.objects.get(act="evaluation.form_committee").body)["payload"]["forming"]
    assert (told["seed"], told["inputs"], told["draw"]) == (proposal.seed, proposal.inputs_hash, 1)
    assert told["solver"].startswith("HiGHS")
    with pytest.raises(Refused) as refusal:
        fix(found, proposal)
    assert refusal.value.code == "proposal_closed"


def test_experts_without_consent_away_left_out_or_in_conflict_are_told_so() -> None:
    found = pooled(6)
    silent = make_expert(0, consented=False)
    away, partner = found.experts[1], make_expert(2, found.reviewed.partner(0))
    with clock.at(AT_EVALUATION):
        day = AT_EVALUATION.date()
        commands.add_absence(actor=away.actor, evaluator_id=away.evaluator.pk, since=day, until=day)
    out = found.experts[0].evaluator
    proposal = proposed(found, left_out=(out.pk,), left_out_reason="다른 사업의 자문을 맡고 있음")
    view = queries.proposal_of(found.agency, found.call, proposal.pk)
    reasons = {expert.id: reason for expert, reason in view.left_out}

    assert reasons[silent.evaluator.label].kind == "consent"
    assert reasons[away.evaluator.label].kind == "absent"
    assert "다른 사업의 자문" in reasons[out.label].text.ko
    assert reasons[partner.evaluator.label].kind == "conflicts"


def test_a_hand_change_is_told_what_it_breaks_and_fixing_refuses_it() -> None:
    found = pooled()
    proposal = proposed(found)
    sectors = {each.evaluator.label: each.evaluator.sector for each in found.experts}
    held = labels(proposal)
    other = next(name for name in sectors if name not in held and sectors[name] == "industry")
    gone = next(name for name in held if sectors[name] == "research")
    same = next(name for name in sectors if name not in held and sectors[name] == "research")
    with clock.at(AT_EVALUATION):
        broken = commands.change_proposal(
            actor=found.agency, proposal_id=proposal.pk, out=gone, into=other, reason="시험"
        )
        assert [each.kind for each in broken] == ["sector_least"]
        with pytest.raises(Refused) as refusal:
            commands.fix_proposal(actor=found.agency, proposal_id=proposal.pk, reason="그래도")
        assert "연구계" in refusal.value.ko
        mended = commands.change_proposal(
            actor=found.agency, proposal_id=proposal.pk, out=other, into=same, reason="연구계로 바꿈"
        )
        assert mended == ()
        commands.change_proposal(
            actor=found.agency, proposal_id=proposal.pk, out=same, chair=True, reason="호선"
        )
    committee = fix(found, Proposal.objects.get(pk=proposal.pk))
    assert Seat.objects.get(committee=committee, chair=True).evaluator.label == same
    assert Entry.objects.filter(act="evaluation.change_proposal").count() == 3


@pytest.mark.parametrize(
    "given",
    [
        {"out": "모르는 사람", "into": ""},
        {"out": "", "into": "모르는 사람"},
        {"out": "", "into": ""},
        {"out": "", "into": "", "reason": " "},
    ],
)
def test_an_unusable_change_is_refused(given: dict[str, str]) -> None:
    found = pooled(4)
    proposal = proposed(found)
    with clock.at(AT_EVALUATION), pytest.raises(BadInput):
        commands.change_proposal(actor=found.agency, proposal_id=proposal.pk, **{"reason": "까닭", **given})


def test_what_has_changed_since_the_proposal_counts_when_it_is_fixed() -> None:
    found = pooled(9)
    proposal = proposed(found)
    chosen = next(each for each in found.experts if each.evaluator.label == labels(proposal)[0])
    with clock.at(AT_EVALUATION):
        commands.withdraw_consent(actor=chosen.actor, evaluator_id=chosen.evaluator.pk)
    with pytest.raises(Refused) as refusal:
        fix(found, proposal)
    assert refusal.value.code == "limits_broken"


def test_a_soft_limit_is_missed_only_with_a_reason() -> None:
    found = pooled(9, expertise=["양자 컴퓨팅"])
    proposal = proposed(found)
    view = queries.proposal_of(found.agency, found.call, proposal.pk)
    assert "양자 컴퓨팅" in view.breaks[0].ko
    assert view.forbidding == 0
    with pytest.raises(BadInput):
        fix(found, proposal)
    assert fix(found, proposal, "국내에 후보가 없음").pk


def test_only_the_operator_forms() -> None:
    found = pooled(4)
    for actor, error in ((make_agency_officer(), NotFound), (make_ministry_officer(), NotAllowed)):
        with clock.at(AT_EVALUATION), pytest.raises(error):
            commands.propose_committee(actor=actor, call_id=found.call.pk, name="위원회", asked=Asked())
        with pytest.raises(NotFound):
            queries.proposals_of(actor, found.call)


@pytest.mark.parametrize(
    "asked",
    [{"panels": 0}, {"panels": 99}, {"size": 1}, {"reserves": 99}, {"left_out": (1,)}],
)
def test_unusable_wishes_are_refused(asked: dict[str, object]) -> None:
    found = pooled(3)
    with pytest.raises(BadInput):
        proposed(found, **asked)


def test_a_later_committee_keeps_an_original_member() -> None:
    found = pooled(12)
    first = fix(found, proposed(found))
    with clock.at(AT_EVALUATION):
        for seat in first.seats.select_related("evaluator"):
            expert = next(each for each in found.experts if each.evaluator.pk == seat.evaluator_id)
            commands.pledge(actor=expert.actor, seat_id=seat.pk)
            commands.update_evaluator(
                actor=found.agency,
                evaluator_id=seat.evaluator_id,
                sector=seat.evaluator.sector,
                expertise=[],
                region=None,
                active=True,
                outside_sessions=30,
            )
        later = commands.propose_committee(
            actor=found.agency, call_id=found.call.pk, name="재평가위원회", asked=Asked(follows=first.pk)
        )
        made = commands.fix_proposal(actor=found.agency, proposal_id=later.pk)
    members = set(first.seats.values_list("evaluator", flat=True))
    assert made.follows_id == first.pk
    assert len(members & set(made.seats.values_list("evaluator", flat=True))) == 1


def test_panels_judge_their_own_applications_only() -> None:
    found = pooled(9, applications=4)
    made = fix(found, proposed(found, panels=2))
    seats = Seat.objects.filter(committee=made).select_related("evaluator")
    assert sorted(seats.values_list("panel", flat=True)) == [1, 1, 1, 2, 2, 2]
    assert Assignment.objects.filter(seat__committee=made).count() == 12
    with clock.at(AT_EVALUATION):
        for seat in seats:
            expert = next(each for each in found.experts if each.evaluator.pk == seat.evaluator_id)
            commands.pledge(actor=expert.actor, seat_id=seat.pk)
    run = opened(found)
    sheets = ScoreSheet.objects.filter(run=run)
    assert sheets.count() == 12
    page = committee_pages(found.agency, found.call)[0]
    assert (len(page.judges), page.assigned, page.panels, page.short) == (4, 12, 2, ())
    pairs = set(sheets.values_list("seat_id", "application_id"))
    assert pairs == set(Assignment.objects.values_list("seat_id", "application_id"))


def test_each_application_has_its_own_judges_where_the_call_says_so() -> None:
    found = pooled(9, applications=4, assignment="per_application", judges=3)
    made = fix(found, proposed(found, size=9))
    counts: dict[int, int] = {}
    for application in Assignment.objects.filter(seat__committee=made).values_list(
        "application_id", flat=True
    ):
        counts[application] = counts.get(application, 0) + 1
    assert counts == {found.application(n): 3 for n in range(4)}

    seat = Seat.objects.filter(committee=made, assignments__isnull=False).first()
    assert seat is not None
    expert = next(each for each in found.experts if each.evaluator.pk == seat.evaluator_id)
    lost = seat.assignments.count()
    with clock.at(AT_EVALUATION):
        commands.decline(actor=expert.actor, seat_id=seat.pk, reason="일정이 겹침")
        filled = commands.assign_missing(actor=found.agency, committee_id=made.pk)
    assert filled <= lost
    assert Seat.objects.get(pk=seat.pk).answer_reason == "일정이 겹침"


def test_a_proposal_computed_again_is_the_same_and_a_changed_one_is_seen() -> None:
    found = pooled(9)
    proposal = proposed(found)
    assert queries.replayed(proposal).differences == ()
    assert [each.differences for each in compare(found.call.slug)] == [()]
    proposal.inputs = proposal.inputs.replace('"sessions":0', '"sessions":7', 1)
    assert "inputs" in queries.replayed(proposal).differences[0]


def test_the_pages_form_a_committee_without_scripts(client: Client) -> None:
    found = pooled(9)
    assert found.agency.person is not None
    client.force_login(Person.objects.get(pk=found.agency.person))
    home = f"/evaluation/{found.call.slug}/"
    with clock.at(AT_EVALUATION):
        assert "어떤 위원회가 필요합니까" in client.get(f"{home}committee/new/").content.decode()
        refused = client.post(f"{home}committee/new/", {"name": "평가위원회", "size": "1"})
        assert refused.status_code == 422
        assert "정족수" in refused.content.decode()
        made = client.post(f"{home}committee/new/", {"name": "평가위원회", "size": "3", "day1": "2030-04-10"})
        page = client.get(made["Location"]).content.decode()
        assert "기준을 모두 지키는 구성안입니다" in page
        assert "추첨" in page
        proposal = Proposal.objects.get()
        act = f"{home}proposals/{proposal.pk}/"
        out = labels(proposal)[0]
        changed = client.post(f"{act}change/", {"out": out, "into": "", "reason": "시험"})
        assert changed.status_code == 302
        assert "지키지 못하는 기준이" in client.get(act).content.decode()
        assert client.post(f"{act}fix/", {"confirm": found.call.slug}).status_code == 409
        client.post(f"{act}change/", {"out": "", "into": out, "reason": "되돌림"})
        assert client.post(f"{act}fix/", {"confirm": ""}).status_code == 422
        client.post(f"{act}drop/")
        assert Proposal.objects.get().state == "dropped"
        again = client.post(f"{home}committee/new/", {"name": "평가위원회"})
        done = client.post(f"{again['Location']}fix/", {"confirm": found.call.slug})
        assert done["Location"] == f"{home}committee/"
        assert "평가위원회" in client.get(done["Location"]).content.decode()
    assert client.get(f"{home}proposals/987654/").status_code == 404
