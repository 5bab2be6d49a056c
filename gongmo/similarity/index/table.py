"""The index in the database: a row for each feature of a segment with all its places, found by plain SQL on either database."""

from collections.abc import Iterator

import numpy as np

from gongmo.rules.similarity.postings import Block, Places, Weights
from gongmo.rules.similarity.words import Features
from gongmo.similarity.index.base import Segments
from gongmo.similarity.models import Posting

BATCH = 5000
ASKED = 400
"""Features asked for in one statement."""


class TableIndex:
    """Rows of `Posting`."""

    def add(self, segment: int, block: Block) -> None:
        self.drop(segment)
        batch: list[Posting] = []
        for term, places in block.lists():
            batch.append(Posting(segment=segment, term=term, places=places.tobytes()))
            if len(batch) == BATCH:
                Posting.objects.bulk_create(batch)
                batch = []
        Posting.objects.bulk_create(batch)

    def drop(self, segment: int) -> None:
        Posting.objects.filter(segment=segment).delete()

    def missing(self, segments: Segments) -> list[int]:
        return [each for each in segments if not Posting.objects.filter(segment=each).exists()]

    def query(
        self, segments: Segments, terms: Features, weights: Weights, limit: int
    ) -> list[tuple[int, float]]:
        weight = dict(zip(terms.tolist(), weights.tolist(), strict=True))
        lists: dict[int, list[tuple[Places, float]]] = {}
        for segment, term, stored in _rows(list(weight)):
            if segment in segments:
                lists.setdefault(segment, []).append((np.frombuffer(stored, dtype=np.uint32), weight[term]))
        found: list[tuple[int, float]] = []
        for segment, held in lists.items():
            numbers = segments[segment]
            places = np.concatenate([each for each, _ in held])
            each_weight = np.repeat([one for _, one in held], [len(each) for each, _ in held])
            sums = np.bincount(places, weights=each_weight, minlength=len(numbers))
            top = np.argpartition(sums, -limit)[-limit:] if len(sums) > limit else np.arange(len(sums))
            found += [(int(numbers[place]), float(sums[place])) for place in top if sums[place] > 0]
        return sorted(found, key=lambda each: (-each[1], each[0]))[:limit]


def _rows(terms: list[int]) -> Iterator[tuple[int, int, bytes]]:
    for start in range(0, len(terms), ASKED):
        part = Posting.objects.filter(term__in=terms[start : start + ASKED])
        for segment, term, places in part.values_list("segment", "term", "places").iterator(chunk_size=2000):
            yield segment, term, bytes(places)
