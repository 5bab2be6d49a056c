"""The ranking: fixed, provisional for the operator, and what the definition discloses to the applicant (programme clause A-13)."""

from dataclasses import dataclass
from decimal import Decimal

from gongmo.applications.models import Application
from gongmo.applications.policies import may_see
from gongmo.calls.models import Call
from gongmo.calls.queries import definition_of
from gongmo.evaluation import policies
from gongmo.evaluation.inputs import Inputs, collect, definition_by_hash, parse
from gongmo.evaluation.models import Ranking, ScoreSheet, StageRun
from gongmo.evaluation.states import SheetState, StageState
from gongmo.kernel.actor import Actor, Role
from gongmo.kernel.errors import NotFound, Refused
from gongmo.rules import ranking as rules


def ranking_value(call: Call) -> rules.Ranking:
    """The fixed ranking of a call as the rules' value, for the floors above. Raises Refused where none is fixed."""
    held = Ranking.objects.filter(call=call).first()
    if held is None:
        raise Refused(
            "ranking_not_fixed",
            "아직 순위를 확정하지 않았습니다. 순위를 먼저 확정해 주세요.",
            "The ranking is not fixed yet; fix it first.",
        )
    inputs = parse(held.inputs)
    return inputs.rank(definition_by_hash(inputs.definition))


def fixed_ranking(actor: Actor, call: Call) -> Ranking | None:
    """The fixed ranking for those who oversee the call, None before. Raises NotFound for others."""
    if not policies.oversee(actor, call):
        raise NotFound
    return Ranking.objects.filter(call=call).first()


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
    locked = set(StageRun.objects.filter(call=call, state=StageState.LOCKED).values_list("stage", flat=True))
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


@dataclass(frozen=True, slots=True)
class Disclosed:
    """What an applicant sees of the own evaluation. `final` is None unless the definition discloses scores."""

    opinions: tuple[str, ...]
    final: Decimal | None


def disclosed_to(actor: Actor, application: Application) -> Disclosed | None:
    """What the definition lets the consortium see of its own evaluation, once the ranking is fixed; None where that is nothing.

    Never who wrote it. Raises NotFound for those who may not see the application.
    """
    if actor.role is not Role.APPLICANT or not may_see(actor, application):
        raise NotFound
    held = Ranking.objects.filter(call=application.call_id).first()
    if held is None:
        return None
    inputs = parse(held.inputs)
    definition = definition_by_hash(inputs.definition)
    allowed = definition.disclosure.applicant_sees
    if allowed == "selection_only" or str(application.pk) not in inputs.applications:
        return None
    opinions = ScoreSheet.objects.filter(application=application, state=SheetState.LOCKED).exclude(
        overall_opinion=""
    )
    # Sorted by their words: the order of the seats would tell who wrote what.
    words = tuple(sorted(opinions.values_list("overall_opinion", flat=True)))
    if allowed == "opinion":
        return Disclosed(words, None)
    return Disclosed(words, inputs.rank(definition).entry(str(application.pk)).final)
