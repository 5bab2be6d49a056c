"""One figure for how alike two texts are, and the parts that it is made of."""

from collections.abc import Sequence
from dataclasses import dataclass

from gongmo.rules.similarity.passages import (
    Comparison,
    Passage,
    Sentence,
    Side,
    Weigh,
    compare,
    likenesses,
    sentences,
    shared_weights,
    side,
)
from gongmo.rules.similarity.words import clean

ENOUGH = 150
"""Letters below which a text is too short to say much: its likeness counts in proportion."""


def overall(found: Comparison, letters: int) -> float:
    """The likeness from 0 to 1: three quarters the larger of the two shares, one quarter the smaller.

    A short text that was taken over whole into a long plan is as alike as half a summary that makes up a whole one. `letters` is
    the length of the shorter text.
    """
    more, less = max(found.of_left, found.of_right), min(found.of_left, found.of_right)
    return (0.75 * more + 0.25 * less) * min(1.0, letters / ENOUGH)


@dataclass(frozen=True, slots=True)
class Told:
    """A likeness and its parts, each from 0 to 1: how much of the one text stands in the other, and how much of the earlier project's title,
    goals and content stands in the application (None: there is nothing of that kind)."""

    score: float
    of_left: float
    of_right: float
    title: float | None
    goals: float | None
    content: float | None
    passages: tuple[Passage, ...]


def share_of(part: str, left: Side) -> float | None:
    """How much of a text stands in the other one, None where there is no text."""
    right = side(sentences(clean(part)), left.weigh)
    return compare(left, right).of_right if left.sentences and right.sentences else None


def title_likeness(left: str, right: str, weigh: Weigh) -> float | None:
    """How alike two titles are, None where one has no words. No threshold: a title is one sentence."""
    one, two = side(sentences(clean(left)), weigh), side(sentences(clean(right)), weigh)
    if not one.sentences or not two.sentences:
        return None
    return float(likenesses(one, two, shared_weights(one, two)).max())


def without(found: Sequence[Sentence], common: Side, from_: float = 0.8) -> tuple[Sentence, ...]:
    """The sentences that are not among the common ones: a call's own words, headings that everybody has."""
    if not found or not common.sentences:
        return tuple(found)
    own = side(found, common.weigh)
    most = likenesses(own, common, shared_weights(own, common)).max(axis=1)
    return tuple(
        each
        for each, alike, weight in zip(found, most, own.sums, strict=True)
        if alike < from_ and weight > 0
    )
