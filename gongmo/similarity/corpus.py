"""The corpus as it can be searched now: its live segments, and how many projects hold each feature. Kept while nothing changes."""

import hashlib
import threading
import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gongmo.rules.similarity.postings import BINS, Frequencies, Numbers, no_frequencies, weights_of
from gongmo.rules.similarity.words import Features
from gongmo.similarity.models import Segment

LEAST = 2000
"""A small corpus is weighed as if it held so many projects: of ten texts nearly every word would be rare."""

_kept: "Corpus | None" = None
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Corpus:
    """`segments` by id with their projects; `cells` counts projects by feature; `mark` changes whenever a segment comes or goes."""

    segments: dict[int, Numbers]
    cells: Frequencies
    mark: str

    @property
    def total(self) -> int:
        return sum(map(len, self.segments.values()))

    def weigh(self, found: Features) -> NDArray[np.float32]:
        """How telling each feature is in this corpus."""
        return weights_of(found, self.cells, max(self.total, LEAST))


def corpus_mark(segments: list[int]) -> str:
    """The mark of a corpus with these segments."""
    return hashlib.sha256(",".join(map(str, segments)).encode()).hexdigest()


def current() -> Corpus:
    """The corpus now. One statement while nothing has changed."""
    global _kept
    live = list(Segment.objects.filter(live=True).order_by("pk").values_list("pk", flat=True))
    kept = _kept
    if kept is not None and list(kept.segments) == live:
        return kept
    with _lock:
        cells = no_frequencies()
        segments: dict[int, Numbers] = {}
        for row in Segment.objects.filter(pk__in=live).order_by("pk").iterator(chunk_size=1):
            segments[row.pk] = np.frombuffer(zlib.decompress(row.numbers), dtype=np.int64)
            cells += np.frombuffer(zlib.decompress(row.cells), dtype=np.uint32, count=BINS)
        made = Corpus(segments, cells, corpus_mark(live))
        _kept = made
    return made
