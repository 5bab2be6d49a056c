"""The search: from a text to the earlier projects that tell the same, with the passages that both have."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.db.models import Q

from gongmo.rules.similarity.passages import Sentence, compare, sentences, shared_stems
from gongmo.rules.similarity.postings import BINS, asked
from gongmo.rules.similarity.score import Told, overall, share_of, title_likeness
from gongmo.rules.similarity.words import Features, clean
from gongmo.similarity.corpus import LEAST, Corpus, current
from gongmo.similarity.index import chosen
from gongmo.similarity.models import EarlierProject

WINDOW = 1600
"""Letters that are asked for at once: a long plan is asked piece by piece, or its many words would drown a short project's."""
CANDIDATES = 40
"""Projects that the index names for each piece."""
COMPARED = 25
"""Projects that are laid beside the text, for each piece."""
LEAST_SCORE = 0.05
"""Likeness below which a project is not told."""
RARE = 0.15
"""How much of the likeness are rare words that both have, wherever they stand: they still tell when hardly a sentence is left as it was."""


@dataclass(frozen=True, slots=True)
class Found:
    """An earlier project with its likeness; `terms` are words that both have and few projects hold: (word, projects that hold it)."""

    project: EarlierProject
    told: Told
    terms: tuple[tuple[str, int], ...]


def body(project: EarlierProject) -> str:
    """The words of an earlier project that are laid beside an application, as its page shows them."""
    return clean(
        "\n".join(part for part in (project.goals, project.content, project.effects) if part) or project.title
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
    """Projects that the index names, each with the share of the asked weight that it holds in its best piece (0 to 1)."""
    best: dict[int, float] = {}
    for piece in windows(found):
        terms, weights = asked(piece, corpus.cells, max(corpus.total, LEAST))
        whole = float(weights.sum())
        if not whole:
            continue
        for number, sum_ in chosen().query(corpus.segments, terms, weights, CANDIDATES)[:COMPARED]:
            best[number] = max(best.get(number, 0.0), sum_ / whole)
    return best


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
    left = sentences(text) if text_sentences is None else text_sentences
    if not left:
        return []
    named = candidates(left, corpus)
    rows = (
        EarlierProject.objects.filter(pk__in=list(named))
        .filter(where or Q())
        .select_related("corpus_import", "owner")
    )
    ranked: list[tuple[float, EarlierProject, Told]] = []
    for project in rows:
        told = _told(left, named[project.pk], project, corpus)
        if told.score >= LEAST_SCORE:
            ranked.append((told.score, project, told))
    ranked.sort(key=lambda each: (-each[0], each[1].pk))
    return [_whole(left, title, project, told, corpus) for _, project, told in ranked[:limit]]


def _told(left: Sequence[Sentence], rare: float, project: EarlierProject, corpus: Corpus) -> Told:
    words = body(project)
    right = sentences(words)
    both = compare(left, right, corpus.weigh)
    letters = min(len(words), sum(each.end - each.start for each in left))
    score = (1 - RARE) * overall(both, letters) + RARE * rare
    return Told(score, both.of_left, both.of_right, None, None, None, both.passages)


def _whole(
    left: Sequence[Sentence], title: str, project: EarlierProject, told: Told, corpus: Corpus
) -> Found:
    """The same with the parts that only a told project needs."""
    shared = shared_stems(left, sentences(body(project)))
    held = {stem: int(corpus.cells[feature & (BINS - 1)]) for stem, feature in shared.items()}
    rare = sorted((count, stem) for stem, count in held.items() if 0 < count <= max(3, corpus.total // 100))[
        :8
    ]
    whole = Told(
        told.score,
        told.of_left,
        told.of_right,
        title_likeness(title, project.title, corpus.weigh) if title else None,
        share_of(project.goals, left, corpus.weigh),
        share_of("\n".join((project.content, project.effects)), left, corpus.weigh),
        told.passages,
    )
    return Found(project, whole, tuple((stem, count) for count, stem in rare))
