"""Two texts laid beside each other: which sentences of the one tell what a sentence of the other tells, and how much of each that is."""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gongmo.rules.similarity.words import Features, features, features_of_stem, spans

Weigh = Callable[[Features], NDArray[np.float32]]
"""How telling each feature is, in nats; 0 for one that tells nothing."""
Matrix = NDArray[np.float32]

_END = re.compile(
    r"[.!?。;]+(?=\s|$)|\n[ \t]*\n\s*|\n(?=\s*(?:[-*•·▪□○■●◦※]|\d+[.)]|[가-힣][.)]))|(?<=다)\.(?=[가-힣])"
)
"""Where a sentence ends: its point, an empty line, a line that begins a list. A line's end alone is none: PDF has one in every row."""
SHORT = 15
"""Letters below which a sentence is read together with the next one."""
LONG = 220
"""Letters above which a sentence is read in pieces."""
ALIKE = 0.45
"""Likeness of two sentences from which they count as one passage."""
EVIDENCE = 3.0
"""Weight in nats that two sentences share at least to count as one passage: a few common words are no passage."""
CHANCE = 2.5
"""How much more that is for each time that there are e times as many sentences to choose from."""
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
    found_ends = [(found.end(), "\n" in found.group()) for found in _END.finditer(text)]
    if not found_ends or found_ends[-1][0] < len(text):
        found_ends.append((len(text), True))
    words = spans(text)
    found: list[Sentence] = []
    start = at = 0
    for end, breaks in found_ends:
        if end - start < SHORT and not breaks and end < len(text):
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


@dataclass(frozen=True, slots=True)
class Side:
    """A text made ready to be laid beside others: its sentences, all their features, the sentence of each, and each sentence's weight."""

    sentences: tuple[Sentence, ...]
    features: Features
    rows: NDArray[np.int64]
    unique: Features
    sums: Matrix
    weigh: Weigh


def side(found: Sequence[Sentence], weigh: Weigh) -> Side:
    """Make a text ready. All texts that are laid beside each other must be weighed alike."""
    if not found:
        nothing = np.zeros(0, dtype=np.uint32)
        return Side((), nothing, np.zeros(0, dtype=np.int64), nothing, np.zeros(0, dtype=np.float32), weigh)
    every = np.concatenate([each.features for each in found])
    rows = np.repeat(np.arange(len(found)), [len(each.features) for each in found])
    sums = np.bincount(rows, weights=weigh(every), minlength=len(found)).astype(np.float32)
    return Side(tuple(found), every, rows, np.unique(every), sums, weigh)


def shared_weights(left: Side, right: Side) -> Matrix:
    """The weight of what every sentence of the one has in common with every sentence of the other."""
    shared = np.intersect1d(left.unique, right.unique, assume_unique=True)
    weighed: Matrix = _table(left, shared) * left.weigh(shared)
    both: Matrix = np.matmul(weighed, _table(right, shared).T, dtype=np.float32)
    return both


def _table(given: Side, shared: Features) -> Matrix:
    table = np.zeros((len(given.sentences), len(shared)), dtype=np.float32)
    if len(shared):
        at = np.searchsorted(shared, given.features)
        at[at == len(shared)] = 0
        there = shared[at] == given.features
        table[given.rows[there], at[there]] = 1
    return table


def likenesses(left: Side, right: Side, both: Matrix) -> Matrix:
    """From 0 to 1 how alike every sentence of the one and of the other are."""
    less = np.minimum(left.sums[:, None], right.sums[None, :])
    more = np.maximum(left.sums[:, None], right.sums[None, :])
    alike: Matrix = np.minimum(
        both / np.maximum(less + SLACK * (more - less), np.float32(1e-6)), np.float32(1)
    )
    return alike


def compare(left: Side, right: Side) -> Comparison:
    """Lay two texts beside each other."""
    if not left.sentences or not right.sentences:
        return NOTHING
    both = shared_weights(left, right)
    alike = likenesses(left, right, both)
    # The more sentences there are to choose from, the more must two of them share before it is no chance.
    enough = EVIDENCE + CHANCE * math.log(len(left.sentences))
    alike = np.where((alike >= ALIKE) & (both >= enough), alike, np.float32(0)).astype(np.float32)
    pairs = np.argwhere(alike > 0)
    if not len(pairs):
        return NOTHING
    weight = float((alike.max(axis=0) * right.sums).sum())
    return Comparison(
        float((alike.max(axis=1) * left.sums).sum() / max(float(left.sums.sum()), 1e-6)),
        weight / max(float(right.sums.sum()), 1e-6),
        weight,
        _passages(left.sentences, right.sentences, _one_to_one(alike, pairs), alike),
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
    return {stem: found[-1] for stem in both if (found := features_of_stem(stem))}
