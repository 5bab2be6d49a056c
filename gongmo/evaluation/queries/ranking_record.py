"""The entries of the record that a ranking rests on, so that every number can be followed to the act that brought it there."""

import json
from dataclasses import dataclass

from gongmo.calls.models import Call
from gongmo.evaluation import policies
from gongmo.evaluation.models import Ranking
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import NotFound
from gongmo.ledger.models import Entry
from gongmo.ledger.queries import Inclusion, Record, after, prove

OPEN_ACTS = frozenset(
    {
        "evaluation.open_stage",
        "evaluation.lock_sheet",
        "evaluation.lock_stage",
        "evaluation.void_sheets",
        "evaluation.give_bonus",
        "evaluation.decide_tie",
        "evaluation.fix_ranking",
        "evaluation.tell_results",
    }
)


@dataclass(frozen=True, slots=True)
class Sources:
    """Where in the record the numbers stand: the locking of each stage, by (stage, round), each application's bonus, each tie's
    decision, and the fixing of each version. Sequence numbers of entries."""

    stages: dict[tuple[str, int], int]
    sheets: dict[tuple[str, str, str], int]
    """The entry by which (stage, application, evaluator) was locked by its expert; of a re-evaluation the later one."""
    bonus: dict[str, tuple[int, ...]]
    ties: tuple[int, ...]
    fixed: dict[int, int]


def sources_of(actor: Actor, call: Call, *, number: int | None = None) -> Sources:
    """One statement over the call's entries of these acts, up to the fixing of the version of that number. Raises NotFound for those who
    may not oversee."""
    if not policies.oversee(actor, call):
        raise NotFound
    stages: dict[tuple[str, int], int] = {}
    sheets: dict[tuple[str, str, str], int] = {}
    bonus: dict[str, tuple[int, ...]] = {}
    ties: list[int] = []
    fixed: dict[int, int] = {}
    own: dict[int, int] = {}
    entries = Entry.objects.filter(call=call.slug, act__in=OPEN_ACTS).order_by("sequence")
    for sequence, act, subject, body in entries.values_list(
        "sequence", "act", "subject_id", "body"
    ).iterator():
        if act == "evaluation.lock_sheet":
            own[int(subject)] = sequence
            continue
        given = json.loads(body)["payload"]
        if act == "evaluation.lock_stage":
            stages[given["stage"], given.get("round", 1)] = sequence
            for sheet in given["sheets"]:
                key = (given["stage"], str(sheet["application"]), sheet["evaluator"])
                sheets[key] = own.get(sheet["sheet"], sequence)
        elif act == "evaluation.give_bonus":
            name = str(given["application"])
            bonus[name] = (*bonus.get(name, ()), sequence)
        elif act == "evaluation.decide_tie":
            ties.append(sequence)
        elif act == "evaluation.fix_ranking":
            fixed[given.get("number", 1)] = sequence
            if number == given.get("number", 1):
                break
    return Sources(stages, sheets, bonus, tuple(ties), fixed)


def entry_of(actor: Actor, call: Call, sequence: int) -> tuple[Record, str, Inclusion | None]:
    """One entry of a call's evaluation with its body's text and the proof that the signed record holds it.

    For the operator; for the ministry once the ranking is fixed. Raises NotFound for others, and for other entries.
    """
    if not policies.oversee(actor, call):
        raise NotFound
    if not policies.manage(actor, call) and not Ranking.objects.filter(call=call).exists():
        raise NotFound
    found = Entry.objects.filter(sequence=sequence, call=call.slug, act__in=OPEN_ACTS).first()
    if found is None:
        raise NotFound
    told = after(sequence - 1, sequence, acts=OPEN_ACTS, limit=1)[0]
    return told, found.body, prove(sequence)
