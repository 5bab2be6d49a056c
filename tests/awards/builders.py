"""A sample call carried through its stages by commands, up to the fixed ranking and beyond."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from gongmo.applications import commands as applications
from gongmo.applications.commands.signatures import Hand
from gongmo.applications.models import Application
from gongmo.awards import commands as awards
from gongmo.awards.models import Agreement, AgreementVersion, Negotiation
from gongmo.calls.models import Call
from gongmo.calls.queries import definition_of
from gongmo.definition.application import FactSource, Truth
from gongmo.definition.base import OrganisationKind
from gongmo.definition.model import Definition
from gongmo.evaluation import commands as evaluation
from gongmo.evaluation.models import Evaluator, ScoreSheet, Seat, StageRun
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor, Role
from gongmo.screening import commands as screening
from tests.builders import (
    AFTER,
    SYSTEM,
    Submitted,
    close_sample_call,
    make_agency_officer,
    make_organisation,
    officer,
    publish_sample_call,
    submitted_application,
)

LATER = AFTER + timedelta(days=60)
SECTORS = ("industry", "academia", "research")


@dataclass
class Ranked:
    """A call with a fixed ranking; `order` are the submitted applications, best first."""

    call: Call
    agency: Actor
    order: list[Submitted] = field(default_factory=list)


def reviewed_call(count: int, definition: Definition | None = None, slug: str | None = None) -> Ranked:
    """`count` applications, submitted and found eligible."""
    agency = make_agency_officer()
    call = publish_sample_call(agency, definition, slug)
    found = Ranked(call, agency)
    regions = ("KR-26", "KR-27", "KR-48", "KR-49")
    for number in range(count):
        item = submitted_application(call, regions[number % 4])
        with clock.at(AFTER):
            applications.register_arrival(
                actor=agency, application_id=item.application.pk, channel="post", arrived_on=date(2030, 3, 14)
            )
        found.order.append(item)
    close_sample_call(call, agency)
    with clock.at(AFTER + timedelta(days=1)):
        for review in screening.open_reviews(actor=agency, call_id=call.pk):
            for organisation in review.application.members.values_list("organisation_id", flat=True):
                for fact in definition_of(call).facts:
                    screening.record_fact(
                        actor=agency,
                        application_id=review.application_id,
                        organisation_id=organisation,
                        fact=fact.id,
                        value=Truth.NO,
                        source=FactSource.REGISTER,
                        as_of=date(2030, 3, 15),
                    )
            screening.decide_eligible(actor=agency, review_id=review.pk)
    return found


def make_evaluators(count: int) -> list[tuple[Evaluator, Actor]]:
    """Experts of organisations that have nothing to do with any application, one sector after the other."""
    made = []
    for number in range(count):
        actor = officer(Role.EVALUATOR, None)
        assert actor.person is not None
        home = make_organisation(OrganisationKind.UNIVERSITY, None)
        evaluator = evaluation.register_evaluator(
            actor=SYSTEM,
            person_id=actor.person,
            label=f"평가위원 {actor.person}",
            sector=SECTORS[number % 3],
            expertise=["solution"],
            affiliations=[(home.pk, date(2020, 1, 1), None)],
            pool_consent_on=date(2030, 1, 1),
            privacy_consent_on=date(2030, 1, 1),
        )
        made.append((evaluator, actor))
    return made


def score_stage(found: Ranked, stage: str, points: dict[int, Decimal]) -> None:
    """Open a stage, let every seat give an application its `points` per criterion share, lock sheets and stage."""
    run: StageRun = evaluation.open_stage(actor=found.agency, call_id=found.call.pk, stage=stage)
    for sheet in ScoreSheet.objects.filter(run=run).select_related("seat__evaluator__person"):
        person = sheet.seat.evaluator.person
        expert = Actor(role=Role.EVALUATOR, person=person.pk, name=person.display_name, origin="test")
        share = points[sheet.application_id]
        evaluation.save_sheet(
            actor=expert,
            sheet_id=sheet.pk,
            points={"1-1": share * 2, "1-2": share * 2, "2-1": share * 6},
            comments={},
            overall_opinion="시험을 위한 의견입니다.",
            revision=sheet.revision,
        )
        evaluation.lock_sheet(actor=expert, sheet_id=sheet.pk)
    evaluation.lock_stage(actor=found.agency, run_id=run.pk)


def seated(found: Ranked, count: int = 3) -> None:
    """A committee without conflicts that has pledged and declared."""
    experts = make_evaluators(count)
    committee = evaluation.form_committee(
        actor=found.agency,
        call_id=found.call.pk,
        name="평가위원회",
        evaluator_ids=[evaluator.pk for evaluator, _ in experts],
        chair_id=experts[0][0].pk,
    )
    actors = {evaluator.pk: actor for evaluator, actor in experts}
    for seat in Seat.objects.filter(committee=committee):
        actor = actors[seat.evaluator_id]
        evaluation.pledge(actor=actor, seat_id=seat.pk)
        for item in found.order:
            evaluation.declare_conflict(
                actor=actor, seat_id=seat.pk, application_id=item.application.pk, conflict=False
            )


def ranked_call(
    count: int = 4, definition: Definition | None = None, slug: str | None = None, tied_reserves: bool = False
) -> Ranked:
    """A call with a fixed ranking: each application scores half a point per share less than the one before.

    With `tied_reserves` the third and fourth have equal scores.
    """
    found = reviewed_call(count, definition, slug)
    points = {}
    for place, item in enumerate(found.order):
        step = 2 if tied_reserves and place >= 2 else place
        points[item.application.pk] = Decimal("9.5") - Decimal("0.5") * step
    with clock.at(AFTER + timedelta(days=10)):
        seated(found)
        for stage in ("desk", "presentation"):
            score_stage(found, stage, points)
        evaluation.fix_ranking(actor=found.agency, call_id=found.call.pk)
    return found


def negotiation_of(application: Application) -> Negotiation:
    return Negotiation.objects.get(application=application)


def agreed_call(count: int = 4, definition: Definition | None = None, slug: str | None = None) -> Ranked:
    """Two negotiations concluded and the money allocated."""
    found = ranked_call(count, definition, slug)
    with clock.at(LATER):
        awards.open_negotiations(actor=found.agency, call_id=found.call.pk)
        for item in found.order[:2]:
            awards.agree_negotiation(
                actor=found.agency,
                negotiation_id=negotiation_of(item.application).pk,
                outcome="합의했습니다.",
            )
        awards.allocate(actor=found.agency, call_id=found.call.pk)
    return found


def agreement_in_force(found: Ranked, place: int = 0) -> Agreement:
    """The agreement of the application at that place, signed by everybody."""
    item = found.order[place]
    with clock.at(LATER + timedelta(days=1)):
        agreement = awards.draw_up_agreement(
            actor=found.agency, negotiation_id=negotiation_of(item.application).pk
        )
        sign_by_all(agreement, found.agency, *item.actors.values())
    agreement.refresh_from_db()
    return agreement


def task_force_of(found: Ranked, place: int = 0) -> Actor:
    """A task force officer of the lead of the application at that place."""
    return officer(Role.TASK_FORCE, found.order[place].application.lead)


def second_officer(found: Ranked) -> Actor:
    """Another officer of the call's operator."""
    return officer(Role.AGENCY, found.call.operator)


def end_agreement(found: Ranked, agreement: Agreement, clause: str = "T-1") -> Agreement:
    """A case carried to the agreement's end: opened, the time for statements over, proposed and confirmed."""
    with clock.at(LATER + timedelta(days=2)):
        case = awards.open_case(
            actor=found.agency,
            agreement=agreement,
            clause=clause,
            reason="제외 사유가 드러났습니다.",
            evidence="등록부 조회",
        )
    with clock.at(LATER + timedelta(days=40)):
        awards.propose_decision(
            actor=found.agency, case_id=case.pk, terminate=True, reasons="제외 사유가 드러났습니다."
        )
        awards.confirm_decision(actor=second_officer(found), case_id=case.pk)
    agreement.refresh_from_db()
    return agreement


def sign_by_all(agreement: Agreement, *actors: Actor) -> None:
    """Each signs the version that is being signed, over its text as it is."""
    for actor in actors:
        sign(agreement, actor)


def sign(agreement: Agreement, actor: Actor) -> Agreement:
    """One signs the version that is being signed (or the last)."""
    newest = AgreementVersion.objects.filter(agreement=agreement).latest("number")
    return awards.sign_agreement(
        actor=actor, agreement_id=agreement.pk, paper_sha256=newest.paper_sha256, hand=Hand("김담당", "원장")
    )
