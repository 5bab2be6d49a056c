"""Texts as pages show them: cut into pieces, passages numbered, words that both sides have marked, long stretches without a passage shortened."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gongmo.rules.similarity.passages import Passage, Sentence, sentences, shared_words

AROUND = 220
"""Letters that are shown before and after a passage."""
WHOLE = 1200
"""A stretch without a passage that is no longer is shown whole."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Text in a row: in a passage (`number` from 1; `first` where it begins) or outside; `shared` words stand on both sides; `left_out`
    letters stand in for a shortened stretch."""

    text: str = ""
    number: int = 0
    first: bool = False
    shared: bool = False
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a text under its heading."""

    heading: str
    pieces: tuple[Piece, ...]
    passages: int


@dataclass(frozen=True, slots=True)
class Beside:
    """Two texts beside each other, and each passage's likeness in percent, by its number from 1."""

    left: tuple[Part, ...]
    right: tuple[Part, ...]
    likenesses: tuple[int, ...]


def passages_of(stored: Iterable[Sequence[int]]) -> list[Passage]:
    """Passages from their stored form, the likest first as far as pages number them: in the order of the left text."""
    return [Passage((one[0], one[1]), (one[2], one[3]), one[4] / 1000) for one in stored]


def beside(
    left: str,
    left_parts: Sequence[tuple[str, int, int]],
    right: str,
    right_parts: Sequence[tuple[str, int, int]],
    stored: Iterable[Sequence[int]],
) -> Beside:
    """Lay two clean texts beside each other by their stored passages."""
    found = passages_of(stored)
    ours, theirs = sentences(left), sentences(right)
    marks = _marks(ours, theirs, found)
    return Beside(
        _parts(left, left_parts, [each.left for each in found], marks[0]),
        _parts(right, right_parts, [each.right for each in found], marks[1]),
        tuple(round(100 * each.likeness) for each in found),
    )


def _marks(
    left: Sequence[Sentence], right: Sequence[Sentence], found: Sequence[Passage]
) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    ours: list[tuple[int, int]] = []
    theirs: list[tuple[int, int]] = []
    for passage in found:
        one, two = shared_words(left, right, passage)
        ours += one
        theirs += two
    return ours, theirs


def _parts(
    text: str,
    parts: Sequence[tuple[str, int, int]],
    spans: Sequence[tuple[int, int]],
    words: Sequence[tuple[int, int]],
) -> tuple[Part, ...]:
    made = []
    for heading, start, end in parts:
        inside = sorted(
            (max(start, a), min(end, b), number)
            for number, (a, b) in enumerate(spans, 1)
            if a < end and b > start
        )
        pieces: list[Piece] = []
        at = start
        for a, b, number in inside:
            a = max(a, at)
            if a >= b:
                continue
            pieces += _plain(text, at, a, tail=bool(pieces), head=True)
            pieces += _passage(text, a, b, number, spans[number - 1][0] == a or a == start, words)
            at = b
        pieces += _plain(text, at, end, tail=bool(pieces), head=False)
        made.append(Part(heading, tuple(pieces), len(inside)))
    return tuple(made)


def _plain(text: str, start: int, end: int, *, tail: bool, head: bool) -> list[Piece]:
    """A stretch without a passage: its end is shown before the next passage (`head`), its beginning after the last (`tail`)."""
    if end - start <= WHOLE:
        return [Piece(text[start:end])] if text[start:end].strip() else []
    first = text[start : start + AROUND] if tail else ""
    last = text[end - AROUND : end] if head else ""
    if not first and not last:
        first = text[start : start + WHOLE]
    left_out = end - start - len(first) - len(last)
    return [
        piece
        for piece in (Piece(first), Piece(left_out=left_out), Piece(last))
        if piece.text or piece.left_out
    ]


def _passage(
    text: str, start: int, end: int, number: int, first: bool, words: Sequence[tuple[int, int]]
) -> list[Piece]:
    pieces: list[Piece] = []
    at = start
    for a, b in sorted(each for each in words if each[0] >= start and each[1] <= end):
        if a < at:
            continue
        if a > at:
            pieces.append(Piece(text[at:a], number, first and not pieces))
        pieces.append(Piece(text[a:b], number, first and not pieces, shared=True))
        at = b
    if at < end:
        pieces.append(Piece(text[at:end], number, first and not pieces))
    return pieces
