"""A view holds no rule and looks no row up: what a page shows it gets from its app's queries, which ask who reads (docs/architecture.md).

Looked at is every module that answers an address, and every module among the views. There is no list of exceptions.
"""

import ast
import inspect
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

PACKAGE = Path(__file__).resolve().parents[2] / "gongmo"
MANAGERS = frozenset({"objects", "_default_manager", "_base_manager"})
SHORTCUTS = frozenset({"get_object_or_404", "get_list_or_404", "aget_object_or_404", "aget_list_or_404"})
BUILDING = frozenset(
    {
        "filter",
        "exclude",
        "annotate",
        "aggregate",
        "values_list",
        "select_related",
        "prefetch_related",
        "select_for_update",
        "defer",
        "in_bulk",
    }
)
"""What makes one set of rows of another. In which order and on which page they stand is the page's own."""


def _patterns(found: Iterable[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for each in found:
        if isinstance(each, URLResolver):
            yield from _patterns(each.url_patterns)
        else:
            yield each


def answering() -> set[Path]:
    """The files of this package whose functions answer an address."""
    found = set()
    for pattern in _patterns(get_resolver().url_patterns):
        answer = inspect.unwrap(pattern.callback)
        module = getattr(answer, "view_class", answer).__module__
        if module.split(".")[0] == PACKAGE.name:
            found.add(Path(str(sys.modules[module].__file__)).resolve())
    return found


def named_views() -> set[Path]:
    """The files that are called views, whether they answer an address or help those that do."""
    return {*PACKAGE.glob("*/*views.py"), *PACKAGE.glob("*/views/**/*.py")}


def lookups(source: str) -> list[tuple[int, str]]:
    """Where a source looks rows up, by line."""
    found: list[tuple[int, str]] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and node.attr in MANAGERS | BUILDING | SHORTCUTS:
            found.append((node.lineno, node.attr))
        elif isinstance(node, ast.Name) and node.id in SHORTCUTS:
            found.append((node.lineno, node.id))
        elif isinstance(node, ast.ImportFrom):
            found += [(node.lineno, each.name) for each in node.names if each.name in SHORTCUTS]
    return found


def test_views_leave_every_look_up_to_queries() -> None:
    files = answering() | named_views()
    assert len(files) > 60
    found = [
        f"{path.relative_to(PACKAGE.parent)}:{line} {name}"
        for path in sorted(files)
        for line, name in lookups(path.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "Call.objects.get(pk=1)",
        "found = Call._default_manager",
        "from django.shortcuts import get_object_or_404 as one",
        "shortcuts.get_object_or_404(Call, pk=1)",
        "call.committees.filter(pk=1).exists()",
        "visible(actor).select_related('lead')",
    ],
)
def test_a_look_up_is_seen_in_each_of_its_shapes(source: str) -> None:
    assert lookups(source)


def test_asking_a_query_is_no_look_up() -> None:
    assert not lookups("found = queries.day_for(actor, pk)\nslots = list(found.slots.all())")
