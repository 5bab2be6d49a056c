"""Replaying a call's decisions: recomputed from the ledger's entries, compared with what the ledger and the tables say.

| recomputed | from | compared with |
|---|---|---|
| every version of the ranking | points, bonus, eligibility and decisions in the entries; the definition's text, whose hash the entries name | hashes of inputs and result in the entry that fixed it; the table's texts |
| the seal of every sheet of a locked stage | points, hash of the texts and secret in the stage's entry | the commitment in the entry by which the expert locked it |
| the last verdict on every application | the review's kept inputs, whose hash the decision's entry names | verdict and hash of the findings in that entry; the review's state |
| the ranking document | its kept words | their hash in the entry that fixed the ranking |
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from gongmo.calls.models import Call, CallVersion
from gongmo.definition.model import Definition
from gongmo.evaluation.inputs import definition_by_hash
from gongmo.evaluation.models import Ranking
from gongmo.evaluation.replaying import FixedThen, Fold
from gongmo.kernel.canonical import canonical_json, digest, sha256_hex
from gongmo.kernel.errors import BadInput, NotFound
from gongmo.ledger.queries import Record, entries_of_call
from gongmo.rules.finding import verdict, without_words
from gongmo.screening.judgement import plain_findings, recompute
from gongmo.screening.models import Review
from gongmo.screening.states import ReviewState

DECISIONS = frozenset({"screening.decide_eligible", "screening.confirm_exclusion", "screening.reinstate"})
DECIDED = (ReviewState.ELIGIBLE, ReviewState.EXCLUDED)


@dataclass(frozen=True, slots=True)
class Replay:
    """A replay: whether everything agrees, every difference in words, and how many of each were recomputed."""

    ok: bool
    differences: list[str]
    verdicts: int
    rankings: int
    sheets: int = 0
    entries: int = 0


@dataclass(slots=True)
class _Told:
    """What one pass over a call's entries keeps: the fold of the ranking, and the last decision on each review."""

    fold: Fold
    verdicts: dict[int, dict[str, Any]] = field(default_factory=dict)
    entries: int = 0

    def read(self, entries: Iterable[Record]) -> "_Told":
        self.fold.read(self._watched(entries))
        return self

    def _watched(self, entries: Iterable[Record]) -> Iterator[Record]:
        for entry in entries:
            self.entries += 1
            if entry.act in DECISIONS and "inputs" in entry.payload:
                self.verdicts[int(entry.subject_id)] = entry.payload
            yield entry


def replay(call_slug: str) -> Replay:
    """Recompute every eligibility verdict and every version of the ranking of a call, and compare. Raises NotFound for an unknown call."""
    call = Call.objects.filter(slug=call_slug).first()
    if call is None:
        raise NotFound
    told = _Told(Fold(call.slug)).read(entries_of_call(call.slug))
    differences = [*_verdicts(call, told.verdicts), *_rankings(call, told.fold)]
    return Replay(
        ok=not differences,
        differences=differences,
        verdicts=len(told.verdicts),
        rankings=len(told.fold.versions),
        sheets=told.fold.checked,
        entries=told.entries,
    )


def replayed_rankings(call: Call) -> list[str]:
    """Where the call's fixed rankings differ from those that the ledger's entries give."""
    return list(_rankings(call, Fold(call.slug).read(entries_of_call(call.slug))))


def _verdicts(call: Call, told: dict[int, dict[str, Any]]) -> Iterator[str]:
    kept = dict(told)
    reviews = (
        Review.objects.filter(application__call=call)
        .order_by("id")
        .values_list("id", "state", "inputs", "findings")
    )
    for pk, state, inputs, findings in reviews.iterator(chunk_size=200):
        payload = kept.pop(pk, None)
        if payload is None:
            if state in DECIDED:
                yield f"review {pk}: {state}, and the ledger tells of no decision"
            continue
        if state not in DECIDED:
            # Decided once, and open again (an exclusion is proposed, say): the kept inputs are those of what is pending.
            continue
        if sha256_hex(inputs) != payload["inputs"]:
            yield f"review {pk}: the ledger keeps inputs {payload['inputs']}, the table {sha256_hex(inputs)}"
            continue
        try:
            found = recompute(inputs)
        except (ValueError, KeyError) as error:
            yield f"review {pk}: inputs that cannot be judged: {error}"
            continue
        if (again := verdict(found).value) != payload["verdict"]:
            yield f"review {pk}: verdict {payload['verdict']} in the ledger, {again} recomputed"
        if digest(findings) != payload["findings"]:
            yield f"review {pk}: other findings than the ledger tells of"
        elif without_words(plain_findings(found)) != without_words(findings):
            yield f"review {pk}: other findings than its inputs give"
        if (state == ReviewState.ELIGIBLE) != (payload["verdict"] == "pass"):
            yield f"review {pk}: {state} in the table, {payload['verdict']} in the ledger"
    for pk in kept:
        yield f"review {pk}: decided in the ledger, missing in the table"


def _rankings(call: Call, fold: Fold) -> Iterator[str]:
    yield from fold.seals
    held = {each.number: each for each in Ranking.objects.filter(call=call)}
    for told in fold.versions:
        stored = held.pop(told.number, None)
        yield from (f"ranking {told.number}: {each}" for each in _version(told, stored))
    for number in sorted(held):
        yield f"ranking {number}: the ledger does not tell that it was fixed"


def _version(told: FixedThen, stored: Ranking | None) -> Iterator[str]:
    """One fixing: the ledger's own scores, ranked again, against the hashes in its entry and against the table."""
    if told.inputs is None:
        yield "the ledger tells of no stage that was opened"
        return
    try:
        ranking = told.inputs.rank(_definition(told.inputs.definition))
    except (ValueError, KeyError, BadInput) as error:
        yield f"the ledger's scores cannot be ranked: {error}"
        return
    inputs, result = told.inputs.canonical(), canonical_json(ranking)
    again = {"inputs": sha256_hex(inputs), "input_hash": ranking.input_hash, "result": sha256_hex(result)}
    for name, value in again.items():
        if told.told[name] != value:
            yield f"{name}: the ledger keeps {told.told[name]}, {value} recomputed"
    if stored is None:
        yield "the ledger tells that it was fixed, and there is none"
        return
    if inputs != stored.inputs:
        yield from _inputs_differ(inputs, stored.inputs)
    if stored.inputs_hash != ranking.input_hash:
        yield f"input hash {stored.inputs_hash} in the table, {ranking.input_hash} recomputed"
    if stored.result != result:
        yield f"result {sha256_hex(stored.result)} in the table, {sha256_hex(result)} recomputed"
    paper = told.told.get("paper", "")
    if not paper == stored.paper_hash == (sha256_hex(stored.paper) if stored.paper else ""):
        yield f"document: the ledger keeps {paper}, the table {sha256_hex(stored.paper)}"


def _definition(sha256: str) -> Definition:
    """The definition that the ledger names, once its text has that hash. Raises ValueError."""
    text = CallVersion.objects.filter(sha256=sha256).values_list("definition", flat=True).first()
    if text is None or sha256_hex(text) != sha256:
        raise ValueError(f"the definition {sha256} is not kept as it was")
    return definition_by_hash(sha256)


def _inputs_differ(ours: str, stored: str) -> Iterator[str]:
    """Which parts of the inputs differ, so that one looks in the right place."""
    try:
        one, other = json.loads(ours), json.loads(stored)
    except ValueError:
        yield "the stored inputs cannot be read"
        return
    for part in sorted({*one, *other}):
        if one.get(part) != other.get(part):
            yield f"inputs, {part}: the ledger and the table differ"
