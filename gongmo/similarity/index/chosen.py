"""The index that the setting names."""

from functools import cache

from django.conf import settings

from gongmo.similarity.index.base import Index
from gongmo.similarity.index.file import FileIndex
from gongmo.similarity.index.table import TableIndex


def chosen() -> Index:
    """The index of this installation."""
    return _made(settings.GONGMO_SIMILAR_INDEX, str(settings.GONGMO_HOME))


@cache
def _made(kind: str, home: str) -> Index:
    return TableIndex() if kind == "table" else FileIndex(home)
