"""The index in files: three arrays a segment, mapped into memory, so that only what a query touches is read."""

import os
import tempfile
from functools import lru_cache
from pathlib import Path

import numpy as np

from gongmo.rules.similarity.postings import Block, Weights, best
from gongmo.rules.similarity.words import Features
from gongmo.similarity.index.base import Segments

PARTS = ("terms", "starts", "places")


class FileIndex:
    """GONGMO_HOME/similarity/<segment>.<part>.npy."""

    def __init__(self, home: str) -> None:
        self.folder = Path(home) / "similarity"

    def add(self, segment: int, block: Block) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for part in PARTS:
            descriptor, draft = tempfile.mkstemp(dir=self.folder)
            with os.fdopen(descriptor, "wb") as handle:
                np.save(handle, getattr(block, part), allow_pickle=False)
            Path(draft).replace(self._path(segment, part))
        _opened.cache_clear()

    def drop(self, segment: int) -> None:
        _opened.cache_clear()
        for part in PARTS:
            self._path(segment, part).unlink(missing_ok=True)

    def missing(self, segments: Segments) -> list[int]:
        return [each for each in segments if not all(self._path(each, part).is_file() for part in PARTS)]

    def query(
        self, segments: Segments, terms: Features, weights: Weights, limit: int
    ) -> list[tuple[int, float]]:
        found: list[tuple[int, float]] = []
        for segment, numbers in segments.items():
            try:
                arrays = _opened(tuple(str(self._path(segment, part)) for part in PARTS))
            except OSError:
                continue  # Not made on this machine yet: the schedule sees to it (index.missing).
            found += best(Block(numbers, *arrays), terms, weights, limit)
        return sorted(found, key=lambda each: (-each[1], each[0]))[:limit]

    def _path(self, segment: int, part: str) -> Path:
        return self.folder / f"{segment}.{part}.npy"


@lru_cache(maxsize=256)
def _opened(paths: tuple[str, ...]) -> tuple[np.ndarray, ...]:
    # As plain arrays over the mapping: the class of the mapping slows every small look by microseconds.
    return tuple(np.asarray(np.load(path, mmap_mode="r", allow_pickle=False)) for path in paths)
