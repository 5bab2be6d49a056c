"""Searches for one application, and the comparison of a call's applications with each other. Derived: they may be made again at any time."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from itertools import combinations

import numpy as np
from django.db import transaction
from django.db.models import Q
from numpy.typing import NDArray

from gongmo.applications.models import Application
from gongmo.applications.states import ApplicationState
from gongmo.calls.models import Call
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import NotFound
from gongmo.rules.similarity.passages import Passage, Sentence, Weigh, compare, sentences, shared_stems, side
from gongmo.rules.similarity.postings import count, no_frequencies, weights_of
from gongmo.rules.similarity.score import Told, overall, without
from gongmo.rules.similarity.words import Features
from gongmo.similarity import policies
from gongmo.similarity.corpus import current
from gongmo.similarity.models import Look, Match, Pair, PairLook
from gongmo.similarity.searching import Found, search
from gongmo.similarity.texts import Words, words_of_application, words_of_call

SHARED_BY = 3
"""Applications of a call that must say a sentence for it to count as everybody's; and more than a third of them."""
PAIRS = 300
LEAST_PAIR = 0.15
FEW = 30


def ask_looks(*, actor: Actor, call: Call, application_id: int | None = None) -> None:
    """Have one application, or every one of a call and their pairs, searched for anew, beside the request."""
    from gongmo.similarity import tasks  # Tasks call commands.

    if not policies.oversee(actor, call):
        raise NotFound
    policies.judge.require(actor, call)
    standing = Application.objects.filter(call=call, state=ApplicationState.SUBMITTED)
    ids = list(
        (standing if application_id is None else standing.filter(pk=application_id)).values_list(
            "pk", flat=True
        )
    )
    if application_id is not None and not ids:
        raise NotFound
    with transaction.atomic():
        for each in ids:
            tasks.look.enqueue(key=f"similarity.look:{each}", again=True, application_id=each)
        if application_id is None:
            tasks.look_pairs.enqueue(key=f"similarity.pairs:{call.pk}", again=True, call_id=call.pk)


def look(*, application_id: int, words: Words | None = None) -> Look | None:
    """Search for an application's standing submission and keep what was found in place of an earlier search. None without a submission."""
    application = (
        Application.objects.select_related("call__version", "call__operator", "lead")
        .filter(pk=application_id)
        .first()
    )
    given = words or (words_of_application(application) if application is not None else None)
    if application is None or given is None:
        return None
    call = application.call
    corpus = current()
    common = side(sentences(words_of_call(call)), corpus.weigh)
    own = without(sentences(given.text), common)
    # A call's own applications are compared with each other, not with the corpus.
    where = (Q(owner=None) | Q(owner=call.operator)) & ~Q(own_call=call.slug)
    found = search(given.text, title=application.title, where=where, text_sentences=own)
    with transaction.atomic():
        Look.objects.filter(application=application).delete()
        made = Look.objects.create(
            application=application,
            text=given.text,
            parts=[list(part) for part in given.parts],
            unread=list(given.unread),
            sources=given.sources,
            corpus=corpus.mark,
            among=corpus.total,
            looked_at=clock.now(),
        )
        Match.objects.bulk_create([_match(made, each) for each in found])
    return made


def _match(made: Look, found: Found) -> Match:
    return Match(
        look=made,
        project=found.project,
        score=_thousandths(found.told.score),
        told=_told(found.told, found.terms),
        passages=_passages(found.told.passages),
    )


def _thousandths(value: float) -> int:
    return round(1000 * min(1.0, max(0.0, value)))


def _maybe(value: float | None) -> int | None:
    return None if value is None else _thousandths(value)


def _told(told: Told, terms: Sequence[tuple[str, int]]) -> dict[str, object]:
    return {
        "of_application": _thousandths(told.of_left),
        "of_project": _thousandths(told.of_right),
        "title": _maybe(told.title),
        "goals": _maybe(told.goals),
        "content": _maybe(told.content),
        "terms": [list(term) for term in terms],
    }


def _passages(found: Sequence[Passage]) -> list[list[int]]:
    return [[*each.left, *each.right, round(1000 * each.likeness)] for each in found]


def look_pairs(*, call_id: int, words: dict[int, Words] | None = None) -> PairLook | None:
    """Compare a call's submitted applications with each other. What the call itself says, and what more than a third of them say, is left out."""
    call = Call.objects.select_related("version").filter(pk=call_id).first()
    if call is None:
        return None
    rows = list(
        Application.objects.filter(call=call, state=ApplicationState.SUBMITTED)
        .select_related("call__version")
        .order_by("pk")
    )
    given = {
        row.pk: found
        for row in rows
        if (found := (words or {}).get(row.pk) or words_of_application(row)) is not None
    }
    texts = {pk: sentences(found.text) for pk, found in given.items()}
    whole = [_all_features(text) for text in texts.values() if text]
    weigh = _rarity(whole)
    every = _everybodys(list(texts.values()))
    common = side([*sentences(words_of_call(call)), *every], weigh)
    own = {pk: side(without(text, common), weigh) for pk, text in texts.items()}
    sets = [set(each.tolist()) for each in whole]
    pairs: list[tuple[int, int, Told, list[tuple[str, int]]]] = []
    for left, right in combinations(sorted(own), 2):
        both = compare(own[left], own[right])
        letters = min(sum(each.end - each.start for each in own[pk].sentences) for pk in (left, right))
        score = overall(both, letters)
        if score >= LEAST_PAIR:
            shared = shared_stems(own[left].sentences, own[right].sentences)
            held = {stem: sum(feature in each for each in sets) for stem, feature in shared.items()}
            rare = sorted((number, stem) for stem, number in held.items() if number)[:8]
            told = Told(score, both.of_left, both.of_right, None, None, None, both.passages)
            pairs.append((left, right, told, [(stem, number) for number, stem in rare]))
    pairs.sort(key=lambda each: -each[2].score)
    with transaction.atomic():
        PairLook.objects.filter(call=call).delete()
        made = PairLook.objects.create(
            call=call,
            sources=pairs_mark(given),
            among=len(given),
            common=len(every),
            looked_at=clock.now(),
        )
        Pair.objects.bulk_create(
            [
                Pair(
                    look=made,
                    left_id=left,
                    right_id=right,
                    score=_thousandths(told.score),
                    told=_told(told, terms),
                    passages=_passages(told.passages),
                )
                for left, right, told, terms in pairs[:PAIRS]
            ]
        )
    return made


def _all_features(text: Sequence[Sentence]) -> Features:
    return np.unique(np.concatenate([each.features for each in text]))


def _rarity(whole: Sequence[Features]) -> Weigh:
    """How telling a word is among a call's applications: what more than half of them say tells nothing. Few are weighed as if they were 30."""
    cells = no_frequencies()
    count(whole, cells)
    often = np.uint32(max(2, len(whole) // 2))
    last = np.uint32(len(cells) - 1)

    def weigh(found: Features) -> NDArray[np.float32]:
        told: NDArray[np.float32] = np.where(
            cells[found & last] > often, np.float32(0), weights_of(found, cells, max(len(whole), FEW))
        )
        return told

    return weigh


def pairs_mark(given: dict[int, Words]) -> str:
    """What a comparison was made from, as a mark."""
    return hashlib.sha256("|".join(f"{pk}:{given[pk].sources}" for pk in sorted(given)).encode()).hexdigest()


def _everybodys(texts: list[tuple[Sentence, ...]]) -> list[Sentence]:
    """Sentences that more than a third of the applications (and at least three) say in the same stems."""
    least = max(SHARED_BY, len(texts) // 3 + 1)
    if len(texts) < least:
        return []
    said: Counter[tuple[str, ...]] = Counter()
    first: dict[tuple[str, ...], Sentence] = {}
    for text in texts:
        keys = {tuple(word[2] for word in each.words): each for each in text}
        said.update(keys.keys())
        for key, each in keys.items():
            first.setdefault(key, each)
    return [first[key] for key, times in said.items() if times >= least]
