"""What an index of the corpus can do."""

from collections.abc import Mapping
from typing import Protocol

from gongmo.rules.similarity.postings import Block, Numbers, Weights
from gongmo.rules.similarity.words import Features

Segments = Mapping[int, Numbers]
"""The live parts of the index: a segment's id, and the ids of its projects by place."""


class Index(Protocol):
    """Keeps blocks of features under their segment's id."""

    def add(self, segment: int, block: Block) -> None:
        """Keep a block. Replaces what stood under that id."""

    def drop(self, segment: int) -> None:
        """Forget a block; nothing to do where there is none."""

    def missing(self, segments: Segments) -> list[int]:
        """Segments that this index does not hold."""

    def query(
        self, segments: Segments, terms: Features, weights: Weights, limit: int
    ) -> list[tuple[int, float]]:
        """The projects with the highest sum of the weights of the features listed for them, best first: (project id, sum)."""
