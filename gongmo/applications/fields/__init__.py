"""Every field of an application that is saved by itself: its path, who may write it, what it may hold, how it is read and written.

A path is the kind of field and its key, joined by colons: "title", "region", "summary", "fields", "answer:<place>", "kpi:<id>:<column>",
"cell:<organisation>:<year>:<field>:<category>:<source>:<form>:<0|1>", "fact:<member>:<fact>:<part>". `KINDS` is the whole table.
"""

from collections.abc import Hashable

from gongmo.applications.fields.base import Json, Kind, Place, UnknownField, text_of
from gongmo.applications.fields.cells import Cells
from gongmo.applications.fields.facts import Facts
from gongmo.applications.fields.form import Answers, Kpis
from gongmo.applications.fields.own import (
    SUMMARY_LIMIT,
    TITLE_LIMIT,
    Fields,
    Region,
    Summary,
    Title,
    clean_title,
)

KINDS: dict[str, Kind] = {
    "title": Title(),
    "region": Region(),
    "summary": Summary(),
    "fields": Fields(),
    "answer": Answers(),
    "kpi": Kpis(),
    "cell": Cells(),
    "fact": Facts(),
}
"""Every kind of field by the first word of its paths."""


def parse(at: Place, path: str) -> tuple[Kind, Hashable]:
    """The kind and the key of a path. Raises UnknownField."""
    name, _, rest = path.partition(":")
    kind = KINDS.get(name)
    if kind is None or len(path) > 200 or path.endswith(":"):
        raise UnknownField
    return kind, kind.key(at, rest)


__all__ = [
    "KINDS",
    "SUMMARY_LIMIT",
    "TITLE_LIMIT",
    "Json",
    "Kind",
    "Place",
    "UnknownField",
    "clean_title",
    "parse",
    "text_of",
]
