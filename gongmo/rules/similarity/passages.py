"""Two texts laid beside each other: which sentences of the one tell what a sentence of the other tells, and how much of each that is."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gongmo.rules.similarity.words import Features, features, spans, stem_feature

Weigh = Callable[[Features], NDArray[np.float32]]
"""How telling each feature is, in nats; 0 for one that tells nothing."""
Matrix = NDArray[np.float32]

_END = re.compile(r"[.!?。;]+(?=\s|$)|\n+|[•·▪□○■●◦※]+\s*|(?<=다)\.(?=[가-힣])")
SHORT = 15
"""Letters below which a sentence is read together with the next one."""
LONG = 220
"""Letters above which a sentence is read in pieces."""
ALIKE = 0.45
"""Likeness of two sentences from which they count as one passage."""
SLACK = 0.35
"""How much the words count that only the longer of two sentences has: copied sentences are joined and cut."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """Where a sentence begins and ends in its text, its stems with their places, and their features."""

    start: int
    end: int
    words: tuple[tuple[int, int, str], ...]
    features: Features


def sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences of a clean text. Very short ones are joined to the next, very long ones cut between words."""
    ends = [found.end() for found in _END.finditer(text)]
    if not ends or ends[-1] < len(text):
        ends.append(len(text))
    words = spans(text)
    found: list[Sentence] = []
    start = at = 0
    for end in ends:
        if end - start < SHORT and end < len(text):
            continue
        held: list[tuple[int, int, str]] = []
        while at < len(words) and words[at][0] < end:
            if held and words[at][1] - held[0][0] > LONG:
                found.append(_sentence(held))
                held = []
            held.append(words[at])
            at += 1
        if held:
            found.append(_sentence(held))
        start = end
    return tuple(found)


def _sentence(words: list[tuple[int, int, str]]) -> Sentence:
    return Sentence(words[0][0], words[-1][1], tuple(words), features(word[2] for word in words)[0])


@dataclass(frozen=True, slots=True)
class Passage:
    """Sentences that stand for each other: from `left[0]` to `left[1]` in the one text, `right` in the other; likeness from 0 to 1."""

    left: tuple[int, int]
    right: tuple[int, int]
    likeness: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """How alike two texts are.

    `of_left` and `of_right` are the shares of each text, weighted by how telling its words are, that stand in the other in the same or
    similar words (0 to 1). `passages` are those places, in the order of the left text. `weight` is the sum of what they share.
    """

    of_left: float
    of_right: float
    weight: float
    passages: tuple[Passage, ...]


NOTHING = Comparison(0.0, 0.0, 0.0, ())


def likenesses(
    left: Sequence[Sentence], right: Sequence[Sentence], weigh: Weigh
) -> tuple[Matrix, Matrix, Matrix]:
    """The likeness of every sentence of the one with every sentence of the other, and the weight of each sentence."""
    own, others = _features_of(left), _features_of(right)
    shared = np.intersect1d(np.unique(own[0]), np.unique(others[0]), assume_unique=True)
    weights = weigh(shared)
    one, two = _table(own, shared, len(left)), _table(others, shared, len(right))
    both = (one * weights) @ two.T
    first, second = _sums(own, weigh, len(left)), _sums(others, weigh, len(right))
    less = np.minimum(first[:, None], second[None, :])
    more = np.maximum(first[:, None], second[None, :])
    return both / np.maximum(less + SLACK * (more - less), np.float32(1e-6)), first, second


def _features_of(found: Sequence[Sentence]) -> tuple[Features, NDArray[np.int64]]:
    lengths = [len(each.features) for each in found]
    return np.concatenate([each.features for each in found]), np.repeat(np.arange(len(found)), lengths)


def _table(given: tuple[Features, NDArray[np.int64]], shared: Features, rows: int) -> Matrix:
    table = np.zeros((rows, len(shared)), dtype=np.float32)
    if len(shared):
        at = np.searchsorted(shared, given[0])
        at[at == len(shared)] = 0
        there = shared[at] == given[0]
        table[given[1][there], at[there]] = 1
    return table


def _sums(given: tuple[Features, NDArray[np.int64]], weigh: Weigh, rows: int) -> Matrix:
    return np.bincount(given[1], weights=weigh(given[0]), minlength=rows).astype(np.float32)


def compare(left: Sequence[Sentence], right: Sequence[Sentence], weigh: Weigh) -> Comparison:
    """Lay two texts beside each other."""
    if not left or not right:
        return NOTHING
    alike, first, second = likenesses(left, right, weigh)
    alike = np.where(alike >= ALIKE, np.minimum(alike, np.float32(1)), np.float32(0))
    pairs = np.argwhere(alike > 0)
    if not len(pairs):
        return NOTHING
    ours, theirs = alike.max(axis=1), alike.max(axis=0)
    weight = float((theirs * second).sum())
    return Comparison(
        float((ours * first).sum() / max(float(first.sum()), 1e-6)),
        weight / max(float(second.sum()), 1e-6),
        weight,
        _passages(left, right, _one_to_one(alike, pairs), alike),
    )


def _one_to_one(alike: Matrix, pairs: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Each sentence in one pair at most, the likest first; of equals those that stand in the same order."""
    order = sorted(pairs.tolist(), key=lambda pair: (-round(float(alike[pair[0], pair[1]]), 3), *pair))
    ours: set[int] = set()
    theirs: set[int] = set()
    taken = []
    for one, two in order:
        if one not in ours and two not in theirs:
            ours.add(one)
            theirs.add(two)
            taken.append((one, two))
    return sorted(taken)


def _passages(
    left: Sequence[Sentence], right: Sequence[Sentence], pairs: list[tuple[int, int]], alike: Matrix
) -> tuple[Passage, ...]:
    """Pairs that follow each other in both texts are one passage."""
    runs: list[list[tuple[int, int]]] = []
    for pair in pairs:
        if runs and (runs[-1][-1][0] + 1, runs[-1][-1][1] + 1) == pair:
            runs[-1].append(pair)
        else:
            runs.append([pair])
    return tuple(
        Passage(
            (left[run[0][0]].start, left[run[-1][0]].end),
            (right[run[0][1]].start, right[run[-1][1]].end),
            float(np.mean([alike[pair] for pair in run])),
        )
        for run in runs
    )


def shared_words(
    left: Sequence[Sentence], right: Sequence[Sentence], passage: Passage
) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """The places of the words that a passage has on both sides: of its left text, of its right text."""
    ours = [word for each in left if passage.left[0] <= each.start < passage.left[1] for word in each.words]
    theirs = [
        word for each in right if passage.right[0] <= each.start < passage.right[1] for word in each.words
    ]
    both = {word[2] for word in ours} & {word[2] for word in theirs}
    return (
        [(start, end) for start, end, stem in ours if stem in both],
        [(start, end) for start, end, stem in theirs if stem in both],
    )


def shared_stems(left: Sequence[Sentence], right: Sequence[Sentence]) -> dict[str, int]:
    """The stems that both texts hold, each with its feature; digits and single letters left out."""
    both = {word[2] for each in left for word in each.words} & {
        word[2] for each in right for word in each.words
    }
    return {stem: stem_feature(stem) for stem in both if len(stem) > 1 and not stem.isdigit()}
