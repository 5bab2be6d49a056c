"""A sample call carried into its evaluation, through commands: eligible applications, experts, a seated committee, scores."""

import json
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from gongmo.calls.models import Call
from gongmo.definition.base import OrganisationKind
from gongmo.definition.model import Definition
from gongmo.evaluation import commands
from gongmo.evaluation.models import (
    Committee,
    Evaluator,
    Objection,
    Ranking,
    ResultNotice,
    ScoreSheet,
    Seat,
    StageRun,
)
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor, Role
from gongmo.parties.models import Organisation
from gongmo.screening import commands as screening
from tests.builders import SYSTEM, Submitted, make_agency_officer, make_organisation, officer
from tests.sample_call import sample_definition
from tests.screening.builders import AT_REVIEW, Reviewed, in_review

AT_EVALUATION = AT_REVIEW + timedelta(days=10)
SECTORS = ("industry", "academia", "research")


@dataclass(frozen=True)
class Expert:
    """An expert, the own organisation, and the actor."""

    evaluator: Evaluator
    home: Organisation
    actor: Actor


@dataclass
class Evaluated:
    """A call in evaluation."""

    reviewed: Reviewed
    experts: list[Expert] = field(default_factory=list)
    committee: Committee | None = None

    @property
    def call(self) -> Call:
        return self.reviewed.call

    @property
    def agency(self) -> Actor:
        return self.reviewed.agency

    @property
    def items(self) -> list[Submitted]:
        return self.reviewed.items

    def application(self, place: int) -> int:
        return self.items[place].application.pk

    def seat(self, place: int) -> Seat:
        """The expert's seat, of several (on a dissolved committee and the next) the newest."""
        return Seat.objects.filter(evaluator=self.experts[place].evaluator).latest("pk")

    def sheet(self, expert: int, item: int, stage: str = "desk") -> ScoreSheet:
        return ScoreSheet.objects.get(
            seat=self.seat(expert), application=self.application(item), run__stage=stage
        )


def make_expert(number: int, home: Organisation | None = None, *, consented: bool = True) -> Expert:
    """An expert of the next sector, who works at `home` (a new university when none is given)."""
    actor = officer(Role.EVALUATOR, None)
    assert actor.person is not None
    home = home or make_organisation(OrganisationKind.UNIVERSITY, None)
    evaluator = commands.register_evaluator(
        actor=SYSTEM,
        person_id=actor.person,
        label=f"평가위원 {actor.person}",
        sector=SECTORS[number % 3],
        expertise=["solution"],
        affiliations=[(home.pk, date(2020, 1, 1), None)],
        pool_consent_on=date(2030, 1, 1) if consented else None,
        privacy_consent_on=date(2030, 1, 1) if consented else None,
    )
    return Expert(evaluator, home, actor)


def eligible(count: int = 2, definition: Definition | None = None) -> Evaluated:
    """`count` applications decided eligible, nobody asked to evaluate yet."""
    reviewed = in_review(count, definition)
    with clock.at(AT_REVIEW):
        for place in range(count):
            screening.decide_eligible(actor=reviewed.agency, review_id=reviewed.review(place).pk)
    return Evaluated(reviewed)


def committee(
    found: Evaluated, count: int = 3, experts: list[Expert] | None = None, reserves: int = 0
) -> Evaluated:
    """Invite a committee; the last `reserves` experts are reserves."""
    found.experts = experts or [make_expert(number) for number in range(count + reserves)]
    ids = [expert.evaluator.pk for expert in found.experts]
    regular = ids[: len(ids) - reserves]
    with clock.at(AT_EVALUATION):
        found.committee = commands.form_committee(
            actor=found.agency,
            call_id=found.call.pk,
            name="평가위원회",
            evaluator_ids=regular,
            chair_id=regular[0],
            reserve_ids=ids[len(regular) :],
        )
    return found


def seated(found: Evaluated, *, declare: bool = True) -> Evaluated:
    """Every regular expert pledges and declares no conflict."""
    with clock.at(AT_EVALUATION):
        for place, expert in enumerate(found.experts):
            seat = found.seat(place)
            if seat.reserve:
                continue
            commands.pledge(actor=expert.actor, seat_id=seat.pk)
            out = set(seat.disqualifications.values_list("application_id", flat=True))
            for item in found.items if declare else ():
                if item.application.pk not in out:
                    commands.declare_conflict(
                        actor=expert.actor,
                        seat_id=seat.pk,
                        application_id=item.application.pk,
                        conflict=False,
                    )
    return found


def ready(count: int = 2, experts: int = 3, definition: Definition | None = None) -> Evaluated:
    """Eligible applications and a seated committee."""
    return seated(committee(eligible(count, definition), experts))


def opened(found: Evaluated, stage: str = "desk") -> StageRun:
    with clock.at(AT_EVALUATION):
        return commands.open_stage(actor=found.agency, call_id=found.call.pk, stage=stage)


def fill(
    found: Evaluated,
    expert: int,
    item: int,
    total: Decimal | int,
    stage: str = "desk",
    *,
    lock: bool = True,
    opinion: str = "시험을 위한 의견입니다.",
) -> ScoreSheet:
    """A sheet with this total out of 100 (a multiple of 5), shared out 20 : 20 : 60 over the criteria, and locked."""
    sheet = found.sheet(expert, item, stage)
    share = Decimal(total) / 10
    with clock.at(AT_EVALUATION):
        sheet = commands.save_sheet(
            actor=found.experts[expert].actor,
            sheet_id=sheet.pk,
            points={"1-1": share * 2, "1-2": share * 2, "2-1": share * 6},
            comments={"1-1": "구체적입니다."},
            overall_opinion=opinion,
            revision=sheet.revision,
        )
        return commands.lock_sheet(actor=found.experts[expert].actor, sheet_id=sheet.pk) if lock else sheet


def scored(found: Evaluated, stage: str, totals: list[int]) -> StageRun:
    """Open a stage, give each application its total from every expert who has a sheet, lock everything."""
    run = opened(found, stage)
    for sheet in ScoreSheet.objects.filter(run=run, state="open").select_related("seat"):
        expert = next(n for n, e in enumerate(found.experts) if e.evaluator.pk == sheet.seat.evaluator_id)
        item = next(n for n, each in enumerate(found.items) if each.application.pk == sheet.application_id)
        fill(found, expert, item, totals[item], stage)
    with clock.at(AT_EVALUATION):
        return commands.lock_stage(actor=found.agency, run_id=run.pk)


def both_stages(totals: list[int], definition: Definition | None = None) -> Evaluated:
    """Every stage scored with the same totals, nothing fixed yet."""
    found = ready(len(totals), definition=definition)
    for stage in ("desk", "presentation"):
        scored(found, stage, totals)
    return found


def fixed(found: Evaluated) -> Ranking:
    with clock.at(AT_EVALUATION):
        return commands.fix_ranking(actor=found.agency, call_id=found.call.pk)


def with_evaluation(**changes: object) -> Definition:
    """The sample call with parts of its evaluation replaced (JSON values)."""
    whole = json.loads(sample_definition().model_dump_json())["evaluation"]
    return sample_definition(evaluation={**whole, **changes})


def another_officer(found: Evaluated) -> Actor:
    """A second officer of the operator."""
    assert found.agency.organisation is not None
    return make_agency_officer(Organisation.objects.get(pk=found.agency.organisation))


def told(found: Evaluated, at: datetime = AT_EVALUATION) -> ResultNotice:
    """The results of the newest ranking told."""
    with clock.at(at):
        return commands.tell_results(actor=found.agency, call_id=found.call.pk)


def objected(found: Evaluated, place: int = 0, at: datetime = AT_EVALUATION) -> Objection:
    """The lead of an application objects."""
    with clock.at(at):
        return commands.object_to_result(
            actor=found.items[place].lead,
            application_id=found.application(place),
            reason="기준 1-1의 의견이 다른 신청의 것으로 보입니다.",
        )


def upheld(found: Evaluated, place: int = 0) -> Objection:
    """An objection that another officer upheld."""
    objection = objected(found, place)
    with clock.at(AT_EVALUATION):
        return commands.answer_objection(
            actor=another_officer(found), objection_id=objection.pk, uphold=True, answer="다시 평가합니다."
        )


def panel(found: Evaluated, originals: int = 1) -> tuple[Committee, list[Expert]]:
    """A panel of three for a re-evaluation, `originals` of them members of the first committee."""
    experts = [*found.experts[:originals], *(make_expert(number) for number in range(originals, 3))]
    ids = [expert.evaluator.pk for expert in experts]
    with clock.at(AT_EVALUATION):
        made = commands.form_committee(
            actor=found.agency,
            call_id=found.call.pk,
            name="재평가위원회",
            evaluator_ids=ids,
            chair_id=ids[0],
        )
        for expert in experts:
            seat = Seat.objects.get(committee=made, evaluator=expert.evaluator)
            commands.pledge(actor=expert.actor, seat_id=seat.pk)
    return made, experts


def scored_anew(found: Evaluated, objection: Objection, experts: list[Expert], total: int) -> None:
    """Every sheet of a re-evaluation filled with this total, locked, and its stages locked."""
    by_evaluator = {expert.evaluator.pk: expert for expert in experts}
    share = Decimal(total) / 10
    with clock.at(AT_EVALUATION):
        for sheet in ScoreSheet.objects.filter(run__objection=objection).select_related("seat"):
            expert = by_evaluator[sheet.seat.evaluator_id]
            commands.declare_conflict(
                actor=expert.actor,
                seat_id=sheet.seat_id,
                application_id=sheet.application_id,
                conflict=False,
            )
            saved = commands.save_sheet(
                actor=expert.actor,
                sheet_id=sheet.pk,
                points={"1-1": share * 2, "1-2": share * 2, "2-1": share * 6},
                comments={},
                overall_opinion="다시 본 의견입니다.",
                revision=sheet.revision,
            )
            commands.lock_sheet(actor=expert.actor, sheet_id=saved.pk)
        for run in objection.stage_runs.order_by("pk"):
            commands.lock_stage(actor=found.agency, run_id=run.pk)
