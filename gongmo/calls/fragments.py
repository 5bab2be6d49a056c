"""The large part of a call's page, which says what its frozen version says: rendered once a version and language, then taken from memory."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any

from django.template.loader import render_to_string
from markupsafe import Markup

from gongmo.calls import markdown, presentation
from gongmo.calls.models import Call, CallVersion
from gongmo.calls.queries import definition_of
from gongmo.definition.base import Text
from gongmo.kernel.errors import NotFound
from gongmo.parties.pages import said

KEPT = 128
Names = Callable[[], dict[str, Text]]
"""Names of region codes, read only where a part is made."""

_parts: OrderedDict[tuple[Any, ...], Markup] = OrderedDict()
_lock = Lock()


def rules_of(call: Call, names: Names) -> Markup:
    """What the call's version in force says, in the reader's language: announcement, rules, documents, criteria, clauses."""
    version = call.version
    if version is None:
        raise NotFound
    return _kept("rules", version, lambda: _rules(call, version, names()))


def clauses_of(call: Call) -> Markup:
    """The clauses of the version in force, and what was settled by default."""
    version = call.version
    if version is None:
        raise NotFound
    return _kept("clauses", version, lambda: _clauses(version))


def _kept(part: str, version: CallVersion, make: Callable[[], Markup]) -> Markup:
    key = (part, version.pk, version.sha256, version.published_at, said("ko", "en"))
    with _lock:
        known = _parts.get(key)
        if known is not None:
            _parts.move_to_end(key)
            return known
    made = make()
    with _lock:
        _parts[key] = made
        while len(_parts) > KEPT:
            _parts.popitem(last=False)
    return made


def forget() -> None:
    """Forget every part (tests that reuse keys)."""
    with _lock:
        _parts.clear()


def _rules(call: Call, version: CallVersion, names: dict[str, Text]) -> Markup:
    definition = definition_of(version)
    # An announcement that exists in Korean alone is better than none.
    text = said(version.announcement_ko, version.announcement_en) or version.announcement_ko
    clauses = {clause.id for clause in definition.clauses}
    context = {
        "call": call,
        "definition": definition,
        "announcement": markdown.render(text, level=3, clauses=clauses) if text else "",
        "glance": presentation.glance(definition, call.parent_region, names),
        "eligibility": presentation.eligibility_lines(definition, names),
        "exclusions": presentation.exclusion_lines(definition),
        "money": presentation.money_lines(definition),
        "limits": presentation.limits(definition),
        "documents": presentation.document_lines(definition),
        "evaluation": presentation.evaluation_lines(definition),
    }
    return Markup(render_to_string("calls/_rules.html", context))  # noqa: S704 - the template escapes


def _clauses(version: CallVersion) -> Markup:
    definition = definition_of(version)
    context = {"definition": definition, "defaults": presentation.default_lines(definition)}
    return Markup(render_to_string("calls/_clauses.html", context))  # noqa: S704 - the template escapes
