"""The whole life of a call, against a model that fits on a page: from the opening to the agreed negotiations, in any order of acts.

Hypothesis chooses acts, instants and points, right and wrong ones alike. After each act the site must hold what the model holds; at the
end every invariant of `gongmo doctor` holds and `gongmo replay` recomputes the same verdicts and ranking.

GONGMO_TEST_LIVES=200 plays more lives than the few that every run has time for, other ones each time.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any
from unicodedata import normalize

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from gongmo.applications import commands as applications
from gongmo.applications.models import Application, Member, Submission
from gongmo.applications.queries.receipts import receipt_value
from gongmo.awards import commands as awards
from gongmo.awards.models import Negotiation
from gongmo.calls import commands as calls
from gongmo.calls.models import Call
from gongmo.calls.queries import definition_of
from gongmo.cli.doctor import discover
from gongmo.definition.application import FactSource, Truth
from gongmo.definition.base import OrganisationKind
from gongmo.definition.model import Definition
from gongmo.evaluation import commands as evaluation
from gongmo.evaluation import queries
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import Refused
from gongmo.kernel.invariants import examine, invariants
from gongmo.ledger import receipts
from gongmo.screening import commands as screening
from tests.awards.builders import Ranked, score_stage, seated
from tests.builders import (
    AT_OPENING,
    CLOSES,
    Submitted,
    good_cells,
    make_agency_officer,
    make_applicant,
    pdf,
    publish_sample_call,
    speak,
)
from tests.sample_call import C, sample_definition, t

pytestmark = pytest.mark.django_db

LIVES = int(os.environ.get("GONGMO_TEST_LIVES", "0"))
MOST = 4
CHOSEN = 2
KINDS = ("plan", "proof")
POINTS = [Decimal("7"), Decimal("8"), Decimal("9")]


@dataclass
class Proposal:
    """What the model knows of one application."""

    pk: int
    lead: Actor
    summary: str = "가상의 개요입니다."
    documents: set[str] = field(default_factory=set)
    standing: bool = False
    handed_in: int = 0
    received_at: datetime | None = None
    points: Decimal = Decimal(0)


def life_definition() -> Definition:
    """The sample call for companies that apply alone, with two documents."""
    kept = ("share_ceiling", "share_floor", "in_kind_cap", "budget_axes", "exclusion")
    rules = [each.model_dump(mode="json") for each in sample_definition().rules if each.kind in kept]
    documents = [
        {
            "id": name,
            **C,
            "number": number,
            "name": t(f"문서 {number}", f"Document {number}"),
            "per": "application",
            "roles": ["lead"],
            "formats": ["pdf"],
        }
        for number, name in enumerate(KINDS, 1)
    ]
    return sample_definition(id="life", rules=rules, documents=documents)


class Life(RuleBasedStateMachine):
    """One call, its people and a clock that only goes forward."""

    def __init__(self) -> None:
        super().__init__()
        self.whole = transaction.atomic()
        self.whole.__enter__()
        self.now = AT_OPENING
        self.closes = CLOSES
        self.phase = "intake"
        self.proposals: list[Proposal] = []
        self.selected: list[int] = []
        self.reserve: list[int] = []
        self.agreed: list[int] = []

    def teardown(self) -> None:
        try:
            if hasattr(self, "call"):
                self.everything_holds()
        finally:
            transaction.set_rollback(True)
            self.whole.__exit__(None, None, None)

    # --- Helpers ------------------------------------------------------------------------------------------------------
    @property
    def open(self) -> bool:
        return self.phase == "intake" and self.now < self.closes

    def standing(self) -> list[Proposal]:
        return [each for each in self.proposals if each.standing]

    def tries(self, lawful: bool, act: Callable[[], Any]) -> bool:
        """Do it at the model's instant: it succeeds exactly when the model says so. A refusal changes nothing."""
        with clock.at(self.now):
            try:
                with transaction.atomic():
                    act()
            except Refused as refused:
                if lawful:
                    raise AssertionError("this had to be taken") from refused
                return False
        assert lawful, "this had to be refused"
        return True

    # --- Intake -------------------------------------------------------------------------------------------------------
    def publish(self) -> None:
        self.agency = make_agency_officer()
        self.call: Call = publish_sample_call(self.agency, life_definition(), "life")

    @precondition(lambda self: self.phase == "intake" or not self.selected)
    @rule(step=st.sampled_from(["hours", "days", "just before", "at", "after"]))
    def time_passes(self, step: str) -> None:
        edge = {"just before": timedelta(microseconds=-1), "at": timedelta(0), "after": timedelta(minutes=1)}
        ahead = {"hours": timedelta(hours=5), "days": timedelta(days=6)}
        then = self.closes + edge[step] if step in edge else self.now + ahead[step]
        self.now = max(self.now, then)

    @precondition(lambda self: self.phase == "intake" and len(self.proposals) < MOST)
    @rule(ready=st.booleans())
    def an_applicant_starts(self, ready: bool) -> None:
        with clock.at(self.now):
            lead = make_applicant(kind=OrganisationKind.COMPANY)
        made: list[Application] = []

        def act() -> None:
            made.append(
                applications.start(actor=lead, call_id=self.call.pk, title="가상 사업", region="KR-48")
            )
            speak(self.call, Member.objects.get(application=made[0]), lead)
            applications.set_cells(
                actor=lead, application_id=made[0].pk, cells=good_cells(lead.organisation or 0)
            )
            applications.update_overview(
                actor=lead,
                application_id=made[0].pk,
                title="가상 사업",
                summary="가상의 개요입니다.",
                fields=["solution"],
            )

        if self.tries(self.open, act):
            self.proposals.append(Proposal(made[0].pk, lead))
            if ready:
                self.documents_are_handed_in(len(self.proposals) - 1, KINDS)
                self.it_is_submitted(len(self.proposals) - 1)

    # A draft may be written on after the deadline, which may still move; only handing in is refused.
    @precondition(lambda self: self.proposals and self.phase == "intake")
    @rule(
        place=st.integers(0, MOST - 1),
        text=st.text(st.characters(categories=("L", "N")), min_size=1, max_size=9),
    )
    def the_summary_is_saved(self, place: int, text: str) -> None:
        mine = self.proposals[place % len(self.proposals)]
        act = partial(
            applications.update_overview,
            actor=mine.lead,
            application_id=mine.pk,
            title="가상 사업",
            summary=text,
            fields=["solution"],
        )
        if self.tries(not mine.standing, act):
            mine.summary = normalize("NFC", text)

    @precondition(lambda self: self.proposals and self.phase == "intake")
    @rule(place=st.integers(0, MOST - 1), kinds=st.sampled_from([KINDS, KINDS[:1], KINDS[1:]]))
    def documents_are_handed_in(self, place: int, kinds: tuple[str, ...]) -> None:
        mine = self.proposals[place % len(self.proposals)]

        def act() -> None:
            for kind in kinds:
                applications.attach(
                    actor=mine.lead,
                    application_id=mine.pk,
                    kind=kind,
                    name=f"{kind}.pdf",
                    stream=pdf(f"{kind} {mine.pk}"),
                )

        if self.tries(not mine.standing, act):
            mine.documents |= set(kinds)

    @precondition(lambda self: self.proposals and self.phase in ("intake", "closed"))
    @rule(place=st.integers(0, MOST - 1))
    def it_is_submitted(self, place: int) -> None:
        mine = self.proposals[place % len(self.proposals)]
        complete = mine.documents == set(KINDS)
        # What stands already is answered with its receipt as long as the call is open.
        lawful = mine.standing or (self.open and complete)
        if self.tries(lawful, lambda: applications.submit(actor=mine.lead, application_id=mine.pk)):
            if not mine.standing:
                mine.handed_in, mine.received_at = mine.handed_in + 1, self.now
            mine.standing = True

    @precondition(lambda self: self.proposals and self.phase in ("intake", "closed"))
    @rule(place=st.integers(0, MOST - 1))
    def it_is_withdrawn(self, place: int) -> None:
        mine = self.proposals[place % len(self.proposals)]
        act = partial(applications.withdraw, actor=mine.lead, application_id=mine.pk, reason="고칩니다.")
        if self.tries(self.open and mine.standing, act):
            mine.standing = False

    @precondition(lambda self: self.phase == "intake")
    @rule(days=st.integers(-3, 20))
    def the_deadline_is_moved(self, days: int) -> None:
        then = self.closes + timedelta(days=days)
        act = partial(
            calls.extend,
            actor=self.agency,
            call_id=self.call.pk,
            closes_at=then,
            reason="접수 기간을 늘립니다.",
        )
        if self.tries(then > self.closes and then > self.now, act):
            self.closes = then

    @precondition(lambda self: self.phase == "intake")
    @rule()
    def it_is_closed(self) -> None:
        if self.tries(self.now >= self.closes, lambda: calls.close(actor=self.agency, call_id=self.call.pk)):
            self.phase = "closed"

    # --- From the closing to the agreed negotiations ------------------------------------------------------------------
    @precondition(lambda self: self.phase == "closed" and self.standing())
    @rule(points=st.lists(st.sampled_from(POINTS), min_size=MOST, max_size=MOST))
    def they_are_reviewed_and_scored(self, points: list[Decimal]) -> None:
        with clock.at(self.now):
            for review in screening.open_reviews(actor=self.agency, call_id=self.call.pk):
                organisation = review.application.members.get().organisation_id
                for fact in definition_of(self.call).facts:
                    screening.record_fact(
                        actor=self.agency,
                        application_id=review.application_id,
                        organisation_id=organisation,
                        fact=fact.id,
                        value=Truth.NO,
                        source=FactSource.REGISTER,
                        as_of=date(2030, 3, 15),
                    )
                applications.register_arrival(
                    actor=self.agency,
                    application_id=review.application_id,
                    channel="post",
                    arrived_on=date(2030, 3, 14),
                )
                screening.decide_eligible(actor=self.agency, review_id=review.pk)
            found = Ranked(self.call, self.agency)
            for mine, share in zip(self.standing(), points, strict=False):
                mine.points = share * 10
                row = Application.objects.get(pk=mine.pk)
                standing = Submission.objects.get(application=row, withdrawn_at=None)
                found.order.append(Submitted(row, mine.lead, {}, standing))
            seated(found)
            for stage in ("desk", "presentation"):
                score_stage(found, stage, {mine.pk: mine.points / 10 for mine in self.standing()})
        self.phase = "scored"

    @precondition(lambda self: self.phase == "scored")
    @rule(choice=st.randoms(use_true_random=False))
    def the_ranking_is_fixed(self, choice: Any) -> None:
        order = sorted(self.standing(), key=lambda mine: -mine.points)
        across = len(order) > CHOSEN and order[CHOSEN - 1].points == order[CHOSEN].points
        fix = partial(evaluation.fix_ranking, actor=self.agency, call_id=self.call.pk)
        if not self.tries(not across, fix):
            tied = [mine.pk for mine in order if mine.points == order[CHOSEN].points]
            choice.shuffle(tied)
            decide = partial(
                evaluation.decide_tie,
                actor=self.agency,
                call_id=self.call.pk,
                order=tied,
                reason="위원회가 의결했습니다.",
            )
            self.tries(True, decide)
            self.tries(True, fix)
            order.sort(key=lambda mine: (-mine.points, tied.index(mine.pk) if mine.pk in tied else 0))
        with clock.at(self.now):
            awards.open_negotiations(actor=self.agency, call_id=self.call.pk)
        self.selected = [mine.pk for mine in order[:CHOSEN]]
        self.reserve = [mine.pk for mine in order[CHOSEN:]]
        self.decided = across
        self.phase = "negotiating"

    @precondition(lambda self: self.phase == "negotiating" and self.selected)
    @rule(place=st.integers(0, CHOSEN - 1))
    def a_negotiation_succeeds(self, place: int) -> None:
        pk = self.selected[place % len(self.selected)]
        row = Negotiation.objects.get(application=pk)
        act = partial(
            awards.agree_negotiation, actor=self.agency, negotiation_id=row.pk, outcome="합의했습니다."
        )
        self.tries(True, act)
        self.selected.remove(pk)
        self.agreed.append(pk)

    @precondition(lambda self: self.phase == "negotiating" and self.selected)
    @rule(place=st.integers(0, CHOSEN - 1))
    def a_negotiation_fails(self, place: int) -> None:
        pk = self.selected[place % len(self.selected)]
        row = Negotiation.objects.get(application=pk)
        points = {mine.pk: mine.points for mine in self.proposals}
        first = [each for each in self.reserve if points[each] == points[self.reserve[0]]]
        shared = len(first) > 1 and not self.decided

        def act(following: int | None = None) -> None:
            awards.fail_negotiation(
                actor=self.agency,
                negotiation_id=row.pk,
                reason="합의하지 못했습니다.",
                next_application=following,
            )

        if not self.tries(not shared, act):
            self.tries(True, lambda: act(self.reserve[0]))
        self.selected.remove(pk)
        if self.reserve:
            self.selected.append(self.reserve.pop(0))

    # --- What must hold -----------------------------------------------------------------------------------------------
    @invariant()
    def the_site_holds_what_the_model_holds(self) -> None:
        for mine in self.proposals:
            row = Application.objects.get(pk=mine.pk)
            assert row.summary == mine.summary
            held = set(row.documents.filter(removed_at=None).values_list("kind", flat=True))
            assert held == mine.documents
            handed = list(Submission.objects.filter(application=row).order_by("pk"))
            assert len(handed) == mine.handed_in
            assert [each.withdrawn_at is None for each in handed[-1:]] == ([mine.standing] if handed else [])
            assert all(each.withdrawn_at is not None for each in handed[:-1])
            if handed:
                assert handed[-1].received_at == mine.received_at
        if self.phase == "negotiating":
            states = dict(Negotiation.objects.filter(call=self.call).values_list("application", "state"))
            assert sorted(pk for pk, state in states.items() if state == "open") == sorted(self.selected)
            assert sorted(pk for pk, state in states.items() if state == "agreed") == sorted(self.agreed)
            assert sorted(pk for pk, state in states.items() if state == "reserve") == sorted(self.reserve)

    def everything_holds(self) -> None:
        numbers = [each.receipt_number for each in Submission.objects.filter(application__call=self.call)]
        assert len(set(numbers)) == len(numbers)
        for handed in Submission.objects.filter(application__call=self.call):
            assert handed.received_at < self.closes
            assert all(each.holds for each in receipts.check(receipt_value(handed)))
        discover()
        for each in invariants():
            assert examine(each) == (), each.name
        assert queries.replay(self.call.slug).ok


class Intake(Life):
    """A life that begins at the opening."""

    @initialize()
    def open_it(self) -> None:
        self.publish()


class Choosing(Life):
    """A life that begins at the closing, with two to four submissions."""

    @initialize(count=st.integers(2, MOST))
    def close_with(self, count: int) -> None:
        self.publish()
        for _ in range(count):
            self.an_applicant_starts(ready=True)
        self.now = self.closes
        self.it_is_closed()


def lives(machine: type[Life], steps: int) -> None:
    chosen = settings(
        max_examples=LIVES or 6,
        stateful_step_count=steps,
        deadline=None,
        derandomize=not LIVES,
        suppress_health_check=list(HealthCheck),
        # A failing life is told as it was found: making it shorter would take many minutes.
        phases=[Phase.generate],
    )
    run_state_machine_as_test(machine, settings=chosen)


def test_any_intake_is_as_the_model_says() -> None:
    lives(Intake, steps=20)


def test_any_way_from_the_closing_to_the_negotiations_is_as_the_model_says() -> None:
    lives(Choosing, steps=10)
