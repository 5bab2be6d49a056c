"""The index of the corpus behind a narrow interface: parts are added and dropped, and asked for the projects that hold given features.

Where it is kept is a setting (GONGMO_SIMILAR_INDEX): files that each machine reads by itself, or tables of the database that all machines share.
"""

from gongmo.similarity.index.base import Index, Segments
from gongmo.similarity.index.chosen import chosen

__all__ = ["Index", "Segments", "chosen"]
