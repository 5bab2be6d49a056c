"""Bonus points, the committee's decision on ties, and the fixing of the ranking (programme clause A-12)."""

from decimal import Decimal

from django.db import IntegrityError, transaction

from gongmo.applications.models import Application
from gongmo.calls.models import Call
from gongmo.evaluation import policies
from gongmo.evaluation.commands.base import locked_call, managed_call, manager, record, said, unfixed
from gongmo.evaluation.inputs import Inputs, collect, definition_by_hash
from gongmo.evaluation.models import Bonus, Ranking, Seat, SiteVisit, StageRun, TieDecision
from gongmo.evaluation.states import StageState, VisitState
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.canonical import canonical_json, sha256_hex
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.rules import ranking as rules
from gongmo.rules.ranking.exact import text
from gongmo.screening.queries import eligible_applications, undecided_applications


def give_bonus(*, actor: Actor, application_id: int, points: Decimal, reason: str) -> Bonus:
    """Give bonus points of one item, with their ground. Refused where the definition has none, and above its maximum."""
    reason = said(
        reason, field="reason", ko="가점의 근거를 적어 주세요.", en="Give the ground of the bonus.", limit=300
    )
    with transaction.atomic():
        call_id = Application.objects.filter(pk=application_id).values_list("call_id", flat=True).first()
        if call_id is None:
            raise NotFound
        call = managed_call(actor, call_id)
        unfixed(call)
        definition = definition_by_hash(collect(call).definition)
        bonus = definition.evaluation.bonus
        if bonus is None:
            raise Refused("no_bonus", "이 공고에는 가점이 없습니다.", "This call has no bonus points.")
        if not eligible_applications(call).filter(pk=application_id).exists():
            raise NotFound
        if (
            not points.is_finite()
            or not 0 < points <= bonus.max_points
            or int(points.as_tuple().exponent) < -3
        ):
            raise BadInput(
                "bad_bonus",
                f"가점은 0점보다 크고 {text(bonus.max_points)}점 이하로, 소수 셋째 자리까지 적어 주세요.",
                f"A bonus is above 0 and at most {text(bonus.max_points)} points, with up to three decimals.",
                field="points",
            )
        given = Bonus.objects.create(
            application_id=application_id, points=points, reason=reason, given_at=clock.now()
        )
        record(
            actor,
            call,
            "evaluation.give_bonus",
            ("bonus", given.pk),
            {"application": application_id, "points": text(points), "reason": reason},
        )
        return given


def decide_tie(
    *, actor: Actor, call_id: int, order: list[int], reason: str, stage: str | None = None
) -> TieDecision:
    """Record the committee's decision on a tie: exactly the tied applications, best first.

    `stage` names the stage from which a tie leaves open who goes on; None: a tie in the final order. Refused while no
    such tie stands. The chair or the operator records it.
    """
    reason = said(reason, field="reason", ko="의결한 까닭을 적어 주세요.", en="Give the committee's reason.")
    with transaction.atomic():
        call = locked_call(call_id)
        chair = (
            Seat.objects.select_related("evaluator")
            .filter(committee__call=call, chair=True, evaluator__person=actor.person)
            .first()
            if actor.person is not None
            else None
        )
        if not policies.chair_or_operator(actor, call, chair):
            manager(actor, call)
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
    """The ranking of locked stages, or a refusal that says what is missing."""
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
    locked = set(StageRun.objects.filter(call=call, state=StageState.LOCKED).values_list("stage", flat=True))
    missing = [stage for stage in scored if stage.id not in locked]
    if missing:
        raise Refused(
            "stage_not_locked",
            f"아직 확정하지 않은 평가 단계가 있습니다: {', '.join(stage.name.ko for stage in missing)}.",
            f"These stages are not locked yet: {', '.join(stage.name.en for stage in missing)}.",
        )
    return inputs.rank(definition, through=through)


def fix_ranking(*, actor: Actor, call_id: int) -> Ranking:
    """Fix the ranking from the locked stages, with its canonical inputs, their hash and the result. Fixed once: asked again,
    the fixed one is returned.

    Refused while a stage is not locked, an application has fewer sheets than the quorum, an exclusion or a site visit is
    pending, or a tie stands across the cut line.
    """
    with transaction.atomic():
        call = managed_call(actor, call_id)
        held = Ranking.objects.filter(call=call).first()
        if held is not None:
            return held
        inputs = collect(call)
        _nothing_pending(call)
        ranking = _ranked(call, inputs, through=None)
        _quorum(call, inputs)
        _decided(call, ranking)
        canonical, result = inputs.canonical(), canonical_json(ranking)
        try:
            with transaction.atomic():
                fixed = Ranking.objects.create(
                    call=call,
                    inputs=canonical,
                    inputs_hash=ranking.input_hash,
                    result=result,
                    fixed_at=clock.now(),
                    fixed_by_id=actor.person,
                )
        except IntegrityError:
            return Ranking.objects.get(call=call)
        record(
            actor,
            call,
            "evaluation.fix_ranking",
            ("ranking", fixed.pk),
            {
                "inputs": sha256_hex(canonical),
                "input_hash": ranking.input_hash,
                "result": sha256_hex(result),
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


def _nothing_pending(call: Call) -> None:
    undecided = [application.title for application in undecided_applications(call)]
    if undecided:
        raise Refused(
            "eligibility_undecided",
            f"적격 여부가 다시 검토 중인 신청이 있습니다: {', '.join(undecided)}. 먼저 결정해 주세요.",
            f"The eligibility of some applications is open again: {', '.join(undecided)}. Decide it first.",
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
