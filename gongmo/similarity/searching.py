"""The search: from a text to the earlier projects that tell the same, with the passages that both have."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.db.models import Q

from gongmo.rules.similarity.passages import Sentence, Side, compare, sentences, shared_stems, side
from gongmo.rules.similarity.postings import BINS, asked
from gongmo.rules.similarity.score import Told, overall, share_of, title_likeness
from gongmo.rules.similarity.words import Features, clean
from gongmo.similarity.corpus import LEAST, Corpus, current
from gongmo.similarity.index import chosen
from gongmo.similarity.models import EarlierProject
from gongmo.similarity.texts import GAP

WINDOW = 1600
"""Letters that are asked for at once: a long plan is asked piece by piece, or its many words would drown a short project's."""
CANDIDATES = 50
"""Projects that the index names for each piece."""
COMPARED = 20
"""Projects that are laid beside a text of one piece; five more for each further piece, up to `COMPARED_MOST`."""
COMPARED_MOST = 100
LEAST_SCORE = 0.02
"""Likeness below which a project is not told."""
RARE = 0.3
"""How much of the likeness are rare words that both have, wherever they stand: they still tell when hardly a sentence is left as it was."""

SOLID = 80.0
"""Weight in nats from which rare words that both have count in full: two or three are soon there by chance."""


@dataclass(frozen=True, slots=True)
class Found:
    """An earlier project with its likeness; `terms` are words that both have and few projects hold: (word, projects that hold it)."""

    project: EarlierProject
    told: Told
    terms: tuple[tuple[str, int], ...]


def body(project: EarlierProject) -> str:
    """The words of an earlier project that are laid beside an application, as its page shows them."""
    return clean(
        GAP.join(part for part in (project.goals, project.content, project.effects) if part) or project.title
    )


def windows(found: Sequence[Sentence]) -> list[Features]:
    """The features of the pieces of a text, each about `WINDOW` letters long and half covered by the next."""
    pieces: list[Features] = []
    start = 0
    while start < len(found):
        end = start
        while end < len(found) and found[end].end - found[start].start <= WINDOW:
            end += 1
        end = max(end, start + 1)
        pieces.append(np.unique(np.concatenate([each.features for each in found[start:end]])))
        if end >= len(found):
            break
        start = max(start + 1, (start + end) // 2)
    return pieces


def candidates(found: Sequence[Sentence], corpus: Corpus) -> dict[int, float]:
    """Projects that the index names, with the share of the asked weight that each holds (0 to 1, of its best piece), the likeliest ones.

    Of a long text those go first that hold most in all pieces together: what is taken over may be scattered.
    """
    best: dict[int, float] = {}
    sums: dict[int, float] = {}
    pieces = windows(found)
    for piece in pieces:
        terms, weights = asked(piece, corpus.cells, max(corpus.total, LEAST))
        whole = float(weights.sum())
        if not whole:
            continue
        for number, held in chosen().query(corpus.segments, terms, weights, CANDIDATES):
            best[number] = max(best.get(number, 0.0), held / whole * min(1.0, held / SOLID))
            sums[number] = sums.get(number, 0.0) + held
    most = min(COMPARED_MOST, COMPARED + 5 * (len(pieces) - 1))
    first = sorted(sums, key=lambda number: (-sums[number], number))[:most]
    return {number: best[number] for number in first}


def search(
    text: str,
    *,
    title: str = "",
    where: Q | None = None,
    limit: int = 20,
    text_sentences: Sequence[Sentence] | None = None,
) -> list[Found]:
    """The earlier projects most like a clean text, best first, among those of the filter `where`.

    `text_sentences` are the sentences that are looked for, where not all are.
    """
    corpus = current()
    left = side(sentences(text) if text_sentences is None else text_sentences, corpus.weigh)
    if not left.sentences:
        return []
    named = candidates(left.sentences, corpus)
    rows = EarlierProject.objects.filter(pk__in=list(named)).filter(where or Q())
    ranked: list[tuple[float, EarlierProject, Told, Side]] = []
    for project in rows.select_related("corpus_import", "owner"):
        told, right = _told(left, named[project.pk], project, corpus)
        if told.score >= LEAST_SCORE:
            ranked.append((told.score, project, told, right))
    ranked.sort(key=lambda each: (-each[0], each[1].pk))
    return [_whole(left, title, project, told, right, corpus) for _, project, told, right in ranked[:limit]]


def _told(left: Side, rare: float, project: EarlierProject, corpus: Corpus) -> tuple[Told, Side]:
    words = body(project)
    right = side(sentences(words), corpus.weigh)
    both = compare(left, right)
    letters = min(len(words), sum(each.end - each.start for each in left.sentences))
    score = (1 - RARE) * overall(both, letters) + RARE * rare
    return Told(score, both.of_left, both.of_right, None, None, None, both.passages), right


def _whole(left: Side, title: str, project: EarlierProject, told: Told, right: Side, corpus: Corpus) -> Found:
    """The same with the parts that only a told project needs."""
    shared = shared_stems(left.sentences, right.sentences)
    held = {stem: int(corpus.cells[feature & (BINS - 1)]) for stem, feature in shared.items()}
    rare = sorted((count, stem) for stem, count in held.items() if 0 < count <= max(3, corpus.total // 100))
    whole = Told(
        told.score,
        told.of_left,
        told.of_right,
        title_likeness(title, project.title, corpus.weigh) if title else None,
        share_of(project.goals, left),
        share_of(GAP.join((project.content, project.effects)), left),
        told.passages,
    )
    return Found(project, whole, tuple((stem, count) for count, stem in rare[:8]))
