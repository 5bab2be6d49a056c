"""A searchable block of texts: for each feature, which texts hold it. Plain arrays; where they are kept is not decided here.

Only a text's rarest features are listed (`DEPTH`), so that a block of 200,000 summaries stays small and lists stay short; how many
texts hold a feature is counted before that.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gongmo.rules.similarity.words import Features

DEPTH = 192
"""Features of a text that are listed: its rarest ones."""
BINS = 1 << 21
"""Cells in which it is counted how many texts hold a feature. Two features in one cell are counted as one: a little too common."""
BLOCK = 50_000
"""Texts in one block at most: what is held in memory while it is made."""

Weights = NDArray[np.float32]
Numbers = NDArray[np.int64]
Places = NDArray[np.uint32]
Frequencies = NDArray[np.uint32]


def no_frequencies() -> Frequencies:
    """Nothing counted yet."""
    return np.zeros(BINS, dtype=np.uint32)


def weights_of(found: Features, frequencies: Frequencies, total: int) -> Weights:
    """How telling each feature is: ln((total + 1) / (texts that hold it + 0.5)), never below 0. One that all hold tells nothing."""
    held = frequencies[found & np.uint32(BINS - 1)].astype(np.float32)
    weights: Weights = np.maximum(np.log(np.float32(total + 1) / (held + np.float32(0.5))), np.float32(0))
    return weights


@dataclass(frozen=True, slots=True)
class Block:
    """`numbers[p]` is the text at place p. Feature `terms[i]` (rising) is listed for the places `places[starts[i]:starts[i + 1]]`."""

    numbers: Numbers
    terms: Features
    starts: NDArray[np.uint64]
    places: Places

    def lists(self) -> Iterator[tuple[int, Places]]:
        """Every feature with its places."""
        for at, term in enumerate(self.terms):
            yield int(term), self.places[int(self.starts[at]) : int(self.starts[at + 1])]


def count(texts: Iterable[Features], frequencies: Frequencies) -> None:
    """Add to the counts the texts that hold each feature. Changes `frequencies`."""
    for found in texts:
        cells = found & np.uint32(BINS - 1)
        frequencies[np.unique(cells)] += 1


def block_of(
    numbers: Sequence[int],
    texts: Sequence[Features],
    frequencies: Frequencies,
    total: int,
    depth: int = DEPTH,
) -> Block:
    """The block of these texts, given the counts over all texts (these among them)."""
    held = np.fromiter((min(len(found), depth) for found in texts), dtype=np.int64, count=len(texts))
    keys = np.empty(int(held.sum()), dtype=np.uint64)
    at = 0
    for place, found in enumerate(texts):
        kept = found
        if len(found) > depth:
            common = frequencies[found & np.uint32(BINS - 1)]
            kept = found[np.argpartition(common, depth - 1)[:depth]]
        keys[at : at + len(kept)] = (kept.astype(np.uint64) << np.uint64(32)) | np.uint64(place)
        at += len(kept)
    keys.sort()
    terms = (keys >> np.uint64(32)).astype(np.uint32)
    first = np.flatnonzero(np.concatenate(([True], terms[1:] != terms[:-1]))) if len(terms) else np.zeros(0)
    return Block(
        np.array(numbers, dtype=np.int64),
        terms[first.astype(np.int64)] if len(terms) else terms,
        np.append(first, len(keys)).astype(np.uint64),
        (keys & np.uint64(0xFFFFFFFF)).astype(np.uint32),
    )


def asked(
    found: Features, frequencies: Frequencies, total: int, *, reach: int = 60_000, share: float = 0.02
) -> tuple[Features, Weights]:
    """The features to look for, rarest first: those that fewer than `share` of all texts hold (at least 50), until `reach` texts are listed."""
    weights = weights_of(found, frequencies, total)
    held = frequencies[found & np.uint32(BINS - 1)]
    order = np.argsort(held, kind="stable")
    order = order[held[order] > 0]
    order = order[held[order] <= max(50, share * total)]
    order = order[np.cumsum(held[order]) <= reach]
    return found[order], weights[order]


def scores(block: Block, terms: Features, weights: Weights) -> Weights:
    """For each place of the block the sum of the weights of the features listed for it."""
    at = np.searchsorted(block.terms, terms)
    at[at == len(block.terms)] = 0
    there = block.terms[at] == terms if len(block.terms) else np.zeros(len(terms), dtype=bool)
    at, weights = at[there], weights[there]
    begins, ends = block.starts[at], block.starts[at + 1]
    if not len(at):
        return np.zeros(len(block.numbers), dtype=np.float32)
    listed = np.concatenate([block.places[int(a) : int(b)] for a, b in zip(begins, ends, strict=True)])
    each = np.repeat(weights, (ends - begins).astype(np.int64))
    return np.bincount(listed, weights=each, minlength=len(block.numbers)).astype(np.float32)


def best(block: Block, terms: Features, weights: Weights, limit: int) -> list[tuple[int, float]]:
    """The texts of the block with the highest sums, at most so many: (number, sum)."""
    found = scores(block, terms, weights)
    places = np.argpartition(found, -limit)[-limit:] if len(found) > limit else np.arange(len(found))
    places = places[found[places] > 0]
    return [(int(block.numbers[place]), float(found[place])) for place in places]
