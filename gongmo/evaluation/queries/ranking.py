"""The ranking: fixed, in its versions, and provisional for the operator."""

from dataclasses import dataclass
from datetime import datetime

from gongmo.calls.models import Call
from gongmo.calls.queries import definition_of
from gongmo.evaluation import policies
from gongmo.evaluation.inputs import Inputs, collect, definition_by_hash, parse
from gongmo.evaluation.models import Ranking, StageRun
from gongmo.evaluation.states import StageState
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import NotFound, Refused
from gongmo.rules import ranking as rules


def ranking_value(call: Call, *, number: int | None = None) -> rules.Ranking:
    """The fixed ranking of a call as the rules' value, for the floors above: the newest version, or the one of that number.

    Raises Refused where none is fixed.
    """
    found = Ranking.objects.filter(call=call)
    held = (found if number is None else found.filter(number=number)).first()
    if held is None:
        raise Refused(
            "ranking_not_fixed",
            "아직 순위를 확정하지 않았습니다. 순위를 먼저 확정해 주세요.",
            "The ranking is not fixed yet; fix it first.",
        )
    inputs = parse(held.inputs)
    return inputs.rank(definition_by_hash(inputs.definition))


def ranking_by_hash(call: Call, input_hash: str) -> rules.Ranking | None:
    """The version of the ranking with these inputs as the rules' value: what an earlier act was founded on. None where there is none."""
    held = Ranking.objects.filter(call=call, inputs_hash=input_hash).first()
    return None if held is None else ranking_value(call, number=held.number)


def fixed_ranking(actor: Actor, call: Call, *, number: int | None = None) -> Ranking | None:
    """The fixed ranking (the newest version, or that of a number) for those who oversee the call, None before. Raises NotFound for
    others, and for a version that there is not."""
    if not policies.oversee(actor, call):
        raise NotFound
    found = Ranking.objects.filter(call=call).select_related("objection__application")
    if number is None:
        return found.first()
    held = found.filter(number=number).first()
    if held is None:
        raise NotFound
    return held


def versions_of(actor: Actor, call: Call) -> list[tuple[int, datetime]]:
    """Every version of the ranking with the instant of its fixing, newest first. Raises NotFound for those who may not oversee."""
    if not policies.oversee(actor, call):
        raise NotFound
    return list(Ranking.objects.filter(call=call).values_list("number", "fixed_at"))


@dataclass(frozen=True, slots=True)
class Provisional:
    """What the ranking would be now. `ranking` is None while a stage is not locked or sheets are missing; `why` says so."""

    ranking: rules.Ranking | None
    inputs: Inputs | None
    why_ko: str = ""
    why_en: str = ""


def provisional_ranking(actor: Actor, call: Call) -> Provisional:
    """The ranking before it is fixed, for the operator only, from locked stages only. Raises NotFound for others."""
    if not policies.manage(actor, call):
        raise NotFound
    locked = set(
        StageRun.objects.filter(call=call, round=1, state=StageState.LOCKED).values_list("stage", flat=True)
    )
    scored = definition_of(call).evaluation.scored_stages()
    missing = [stage for stage in scored if stage.id not in locked]
    if missing:
        return Provisional(
            None,
            None,
            f"모든 평가 단계를 확정하면 순위가 나옵니다. 남은 단계: {', '.join(s.name.ko for s in missing)}.",
            f"The ranking appears when every stage is locked. Left: {', '.join(s.name.en for s in missing)}.",
        )
    inputs = collect(call)
    try:
        return Provisional(inputs.rank(definition_by_hash(inputs.definition)), inputs)
    except rules.BadScores as error:
        return Provisional(None, inputs, error.ko, error.en)


def open_ties(ranking: rules.Ranking) -> list[tuple[str | None, tuple[str, ...]]]:
    """The ties that nothing has decided: (stage or None, applications)."""
    return [(tie.stage, group) for tie in ranking.ties for group in tie.groups if len(group) > 1]
