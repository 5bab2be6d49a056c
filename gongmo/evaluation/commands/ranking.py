"""The committee's decision on ties, and the fixing of the ranking (programme clause A-12)."""

from django.db import IntegrityError, transaction

from gongmo.applications.models import Application
from gongmo.calls.models import Call
from gongmo.evaluation import policies
from gongmo.evaluation.commands.base import locked_call, managed_call, manager, record, said, unfixed
from gongmo.evaluation.inputs import Inputs, collect, definition_by_hash
from gongmo.evaluation.models import Bonus, Objection, Ranking, Seat, SiteVisit, StageRun, TieDecision
from gongmo.evaluation.ranking_paper import ranking_paper
from gongmo.evaluation.states import BonusState, ObjectionState, StageState, VisitState, objections_table
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.canonical import canonical_json, sha256_hex
from gongmo.kernel.errors import BadInput, Refused
from gongmo.papers import content_text
from gongmo.rules import ranking as rules
from gongmo.screening.queries import eligible_applications, undecided_applications


def decide_tie(
    *, actor: Actor, call_id: int, order: list[int], reason: str, stage: str | None = None
) -> TieDecision:
    """Record the committee's decision on a tie: exactly the tied applications, best first.

    `stage` names the stage from which a tie leaves open who goes on; None: a tie in the final order. Refused while no
    such tie stands. The chair or the operator records it.
    """
    with transaction.atomic():
        call = locked_call(call_id)
        chair = (
            Seat.objects.select_related("evaluator")
            .filter(
                committee__call=call, committee__dissolution=None, chair=True, evaluator__person=actor.person
            )
            .first()
            if actor.person is not None
            else None
        )
        if not policies.chair_or_operator(actor, call, chair):
            manager(actor, call)
        reason = said(
            reason, field="reason", ko="의결한 까닭을 적어 주세요.", en="Give the committee's reason."
        )
        unfixed(call)
        inputs = collect(call)
        ranking = _ranked(call, inputs, through=stage)
        names = tuple(str(pk) for pk in order)
        open_ties = [
            group for tie in ranking.ties if tie.stage == stage for group in tie.groups if len(group) > 1
        ]
        if len(set(names)) != len(names) or not any(set(group) == set(names) for group in open_ties):
            raise Refused(
                "no_such_tie",
                "이 신청들 사이에 정해야 할 동점이 없습니다. 동점인 신청만, 빠짐없이 적어 주세요.",
                "There is no open tie between exactly these applications.",
                details={"ties": [[int(name) for name in group] for group in open_ties]},
            )
        decision = TieDecision.objects.create(
            call=call, stage=stage or "", order=list(order), reason=reason, decided_at=clock.now()
        )
        record(
            actor,
            call,
            "evaluation.decide_tie",
            ("tie", decision.pk),
            {"stage": stage, "order": list(order), "reason": reason},
        )
        return decision


def _ranked(call: Call, inputs: Inputs, *, through: str | None) -> rules.Ranking:
    """The ranking of locked stages, or a refusal that says what is missing. Stages of a re-evaluation count once they are locked."""
    definition = definition_by_hash(inputs.definition)
    scored = definition.evaluation.scored_stages()
    if through is not None:
        wanted = [stage.id for stage in scored]
        if through not in wanted:
            raise BadInput(
                "unknown_stage",
                "이 공고의 평가 단계를 골라 주세요.",
                "Choose a stage of this call.",
                field="stage",
            )
        scored = scored[: wanted.index(through) + 1]
    locked = set(
        StageRun.objects.filter(call=call, round=1, state=StageState.LOCKED).values_list("stage", flat=True)
    )
    missing = [stage for stage in scored if stage.id not in locked]
    if missing:
        raise Refused(
            "stage_not_locked",
            f"아직 확정하지 않은 평가 단계가 있습니다: {', '.join(stage.name.ko for stage in missing)}.",
            f"These stages are not locked yet: {', '.join(stage.name.en for stage in missing)}.",
        )
    try:
        return inputs.rank(definition, through=through)
    except rules.BadScores as error:
        raise Refused(
            "scores_incomplete",
            f"순위를 매길 수 없습니다. {error.ko}",
            f"The scores cannot be ranked. {error.en}",
        ) from None


def fix_ranking(*, actor: Actor, call_id: int) -> Ranking:
    """Fix the ranking from the locked stages: its canonical inputs, their hash, the result and the words of its document. Asked again,
    the fixed one is returned; after a re-evaluation on an objection the next version is fixed, and the earlier ones are kept.

    Refused while a stage is not locked, an application has fewer sheets than the quorum, an exclusion, a site visit, a bonus or a
    re-evaluation is pending, or a tie stands across the cut line.
    """
    with transaction.atomic():
        call = managed_call(actor, call_id)
        held = Ranking.objects.filter(call=call).first()
        rescored = _rescored(call, held)
        if held is not None and not rescored:
            return held
        inputs = collect(call)
        _nothing_pending(call)
        ranking = _ranked(call, inputs, through=None)
        _quorum(call, inputs)
        _decided(call, ranking)
        canonical, result = inputs.canonical(), canonical_json(ranking)
        now = clock.now()
        number = held.number + 1 if held is not None else 1
        paper = content_text(ranking_paper(call, inputs, ranking, number=number, at=now, rescored=rescored))
        try:
            with transaction.atomic():
                fixed = Ranking.objects.create(
                    call=call,
                    number=number,
                    objection=rescored[0] if rescored else None,
                    inputs=canonical,
                    inputs_hash=ranking.input_hash,
                    result=result,
                    paper=paper,
                    paper_hash=sha256_hex(paper),
                    fixed_at=now,
                    fixed_by_id=actor.person,
                )
        except IntegrityError:
            return Ranking.objects.get(call=call, number=number)
        for objection in rescored:
            objection.state = objections_table.require(
                ObjectionState(objection.state), ObjectionState.RESCORED
            )
            objection.save(update_fields=["state"])
        record(
            actor,
            call,
            "evaluation.fix_ranking",
            ("ranking", fixed.pk),
            {
                "number": number,
                "objections": [each.pk for each in rescored],
                "supersedes": None if held is None else held.inputs_hash,
                "inputs": sha256_hex(canonical),
                "input_hash": ranking.input_hash,
                "result": sha256_hex(result),
                "paper": fixed.paper_hash,
                "order": [
                    {
                        "application": int(entry.application),
                        "rank": entry.rank,
                        "standing": entry.standing.value,
                    }
                    for entry in ranking.entries
                ],
            },
        )
        return fixed


def _rescored(call: Call, held: Ranking | None) -> list[Objection]:
    """The upheld objections whose re-evaluations are locked, so that the next version may be fixed; none: nothing is to be fixed anew.

    Refused while the re-evaluation on one of them is not locked, so that a version never tells half of one.
    """
    if held is None:
        return []
    waiting = list(
        Objection.objects.select_for_update(of=("self",))
        .filter(ranking__call=call, state=ObjectionState.UPHELD)
        .order_by("pk")
    )
    for each in waiting:
        states = list(each.stage_runs.values_list("state", flat=True))
        if not states or any(state != StageState.LOCKED for state in states):
            raise Refused(
                "reevaluation_open",
                "받아들인 이의신청의 재평가가 끝나지 않았습니다. 재평가를 먼저 확정해 주세요.",
                "The re-evaluation on an upheld objection is not locked yet; lock it first.",
                details={"objection": each.pk},
            )
    return waiting


def _nothing_pending(call: Call) -> None:
    undecided = [application.title for application in undecided_applications(call)]
    if undecided:
        raise Refused(
            "eligibility_undecided",
            f"적격 여부가 다시 검토 중인 신청이 있습니다: {', '.join(undecided)}. 먼저 결정해 주세요.",
            f"The eligibility of some applications is open again: {', '.join(undecided)}. Decide it first.",
        )
    proposed = Bonus.objects.filter(application__call=call, state=BonusState.PROPOSED)
    unconfirmed = sorted(set(proposed.values_list("application__title", flat=True)))
    if unconfirmed:
        raise Refused(
            "bonus_unconfirmed",
            f"다른 담당자가 확인하지 않은 가점이 있습니다: {', '.join(unconfirmed)}. 먼저 확인해 주세요.",
            f"Bonus points wait for a second officer: {', '.join(unconfirmed)}. Have them confirmed or refused first.",
        )
    visits = SiteVisit.objects.filter(application__in=eligible_applications(call), state=VisitState.WANTED)
    waiting = list(visits.values_list("application__title", flat=True))
    if waiting:
        raise Refused(
            "visits_waiting",
            f"현장평가 기록이 없는 신청이 있습니다: {', '.join(waiting)}. 현장평가 결과를 먼저 기록해 주세요.",
            f"Site visits are not recorded yet: {', '.join(waiting)}.",
        )


def _quorum(call: Call, inputs: Inputs) -> None:
    quorum = definition_by_hash(inputs.definition).evaluation.committee.quorum
    counts: dict[tuple[str, str], int] = {}
    for stage, application, _ in inputs.sheets:
        counts[stage, application] = counts.get((stage, application), 0) + 1
    short = sorted(key for key, count in counts.items() if count < quorum)
    if short:
        titles = Application.objects.in_bulk([int(application) for _, application in short])
        names = ", ".join(titles[int(application)].title for _, application in short)
        raise Refused(
            "too_few_judges",
            f"유효한 평가표가 정족수({quorum}명)보다 적은 신청이 있습니다: {names}.",
            f"Some applications have fewer valid sheets than the quorum of {quorum}: {names}.",
        )


def _decided(call: Call, ranking: rules.Ranking) -> None:
    if ranking.outcome is not rules.Outcome.UNDECIDED:
        return
    tied = Application.objects.in_bulk([int(name) for name in ranking.undecided])
    names = ", ".join(tied[int(name)].title for name in ranking.undecided)
    raise Refused(
        "tie_undecided",
        f"선정선에 동점이 걸려 있습니다: {names}. 위원회의 동점 의결을 먼저 기록해 주세요.",
        f"A tie stands across the cut line: {names}. Record the committee's decision first.",
        details={"tied": [int(name) for name in ranking.undecided], "places": ranking.places_undecided},
    )
