"""Replaying a call's decisions: from the ledger's entries alone, compared with what the tables say."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from gongmo.calls.models import Call
from gongmo.evaluation.inputs import Fold, definition_by_hash
from gongmo.evaluation.models import Ranking
from gongmo.kernel.canonical import canonical_json, sha256_hex
from gongmo.kernel.errors import BadInput, NotFound
from gongmo.ledger.queries import entries_of_call
from gongmo.screening.invariants import DECIDED, recomputed
from gongmo.screening.models import Review


@dataclass(frozen=True, slots=True)
class Replay:
    """A replay: whether everything agrees, every difference in words, and how many verdicts and rankings were recomputed."""

    ok: bool
    differences: list[str]
    verdicts: int
    rankings: int


def replay(call_slug: str) -> Replay:
    """Recompute every eligibility verdict and the ranking of a call, and compare. Raises NotFound for an unknown call."""
    call = Call.objects.filter(slug=call_slug).first()
    if call is None:
        raise NotFound
    reviews = list(Review.objects.filter(application__call=call, state__in=DECIDED).order_by("id"))
    differences = [
        f"{broken.subject}: {broken.observed} != {broken.expected}"
        for review in reviews
        for broken in recomputed(review)
    ]
    held = Ranking.objects.filter(call=call).first()
    differences += replayed_ranking(call, held)
    return Replay(not differences, differences, len(reviews), 1 if held is not None else 0)


def replayed_ranking(call: Call, held: Ranking | None) -> Iterator[str]:
    """Where the fixed ranking differs from the one that the ledger's entries give."""
    fold = Fold().read(entries_of_call(call.slug))
    if held is None:
        if fold.fixed is not None:
            yield "the ledger tells of a fixed ranking, and there is none"
        return
    if fold.fixed is None:
        yield "the ledger does not tell that the ranking was fixed"
        return
    try:
        inputs = fold.inputs(call.slug)
        definition = definition_by_hash(inputs.definition)
        ranking = inputs.rank(definition)
    except (ValueError, KeyError, BadInput) as error:
        yield f"the ledger's scores cannot be ranked: {error}"
        return
    canonical, result = inputs.canonical(), canonical_json(ranking)
    if canonical != held.inputs:
        yield from _inputs_differ(canonical, held.inputs)
    if ranking.input_hash != held.inputs_hash:
        yield f"input hash {held.inputs_hash} != {ranking.input_hash}"
    if result != held.result:
        yield f"result {sha256_hex(held.result)} != {sha256_hex(result)} recomputed"
    for name, text in (("inputs", held.inputs), ("result", held.result)):
        if fold.fixed[name] != sha256_hex(text):
            yield f"{name}: the ledger keeps {fold.fixed[name]}, the table {sha256_hex(text)}"


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
