"""The ranking: fixed, in its versions, and provisional for the operator."""

from dataclasses import dataclass
from datetime import datetime

from gongmo.applications.models import Application
from gongmo.calls.models import Call
from gongmo.calls.queries import definition_of
from gongmo.evaluation import policies
from gongmo.evaluation.inputs import Inputs, collect, definition_by_hash, parse
from gongmo.evaluation.models import Ranking, ResultNotice, StageRun
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


def ranking_then(call: Call, at: datetime) -> rules.Ranking:
    """The version of the ranking that stood at an instant, as the rules' value. Raises Refused where none did."""
    held = Ranking.objects.filter(call=call, fixed_at__lte=at).first()
    return ranking_value(call, number=0 if held is None else held.number)


def ranking_is_fixed(call: Call) -> bool:
    """Whether a ranking of the call is fixed. One statement."""
    return Ranking.objects.filter(call=call).exists()


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


def notice_of(actor: Actor, call: Call, held: Ranking) -> ResultNotice | None:
    """The notice by which this version's results were told, for those who oversee the call. Raises NotFound for others."""
    if not policies.oversee(actor, call):
        raise NotFound
    return ResultNotice.objects.filter(ranking=held).first()


@dataclass(frozen=True, slots=True)
class Moved:
    """An application whose place is not that of the version before."""

    application: int
    title: str
    rank_before: int | None
    rank: int | None
    standing_before: rules.Standing
    standing: rules.Standing


def moved(actor: Actor, call: Call, held: Ranking) -> list[Moved]:
    """What a version changed against the one before, in the new order. Raises NotFound for those who may not oversee."""
    before = fixed_ranking(actor, call, number=held.number - 1)
    if before is None:
        return []
    one, other = ranking_value(call, number=before.number), ranking_value(call, number=held.number)
    was = {entry.application: entry for entry in one.entries}
    changed = [
        (was[entry.application], entry)
        for entry in other.entries
        if entry.application in was
        and (was[entry.application].rank, was[entry.application].standing) != (entry.rank, entry.standing)
    ]
    titles = dict(
        Application.objects.filter(pk__in=[int(entry.application) for _, entry in changed]).values_list(
            "pk", "title"
        )
    )
    return [
        Moved(
            int(new.application), titles[int(new.application)], old.rank, new.rank, old.standing, new.standing
        )
        for old, new in changed
    ]


def advance_ties(actor: Actor, call: Call) -> list[tuple[str, list[tuple[int, str]]]]:
    """Ties that leave open who goes on from a locked stage, while a later one is not open: (stage, [(application, title)]).

    For the operator only; nothing but the names of the tied. Raises NotFound for others.
    """
    if not policies.manage(actor, call):
        raise NotFound
    scored = definition_of(call).evaluation.scored_stages()
    states = dict(StageRun.objects.filter(call=call, round=1).values_list("stage", "state"))
    over = [stage for stage in scored if states.get(stage.id) == StageState.LOCKED]
    if not over or len(over) == len(scored) or over[-1].advance is None:
        return []
    inputs = collect(call)
    try:
        ranking = inputs.rank(definition_by_hash(inputs.definition), through=over[-1].id)
    except rules.BadScores:
        return []
    groups = [
        (tie.stage or "", group)
        for tie in ranking.ties
        if tie.stage is not None and tie.across_line
        for group in tie.groups
        if len(group) > 1
    ]
    wanted = [int(name) for _, group in groups for name in group]
    titles = dict(Application.objects.filter(pk__in=wanted).values_list("pk", "title"))
    return [(stage, [(int(name), titles[int(name)]) for name in group]) for stage, group in groups]
