"""Parts of pages that are the same for everyone, also for those who have signed in: rendered once, then taken from memory.

What a frozen version says is kept by the version; what also shows questions, notices and other calls is kept under the mark of what the public
reads (gongmo.calls.marks) and until the next instant at which it says something else.
"""

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from threading import Lock
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from markupsafe import Markup

from gongmo.calls import markdown, marks, presentation
from gongmo.calls.models import Call, CallVersion
from gongmo.calls.queries import definition_of
from gongmo.definition.base import Text
from gongmo.kernel.errors import NotFound
from gongmo.kernel.public import Span
from gongmo.parties.pages import said

KEPT = 128
Names = Callable[[], dict[str, Text]]
"""Names of region codes, read only where a part is made."""

_parts: OrderedDict[tuple[Any, ...], Markup] = OrderedDict()
_shared: OrderedDict[tuple[Any, ...], tuple[str, tuple[Markup, ...], Span]] = OrderedDict()
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


def shared(
    request: HttpRequest,
    key: tuple[Any, ...],
    now: datetime,
    make: Callable[[], tuple[tuple[Markup, ...], Span]],
) -> tuple[tuple[Markup, ...], Span]:
    """Parts of a page by their key, with the span in which they hold; made where nothing kept is right any more.

    One statement (the mark), none where the web floor has read the mark for this request already.
    """
    mark = getattr(request, "public_mark", None)
    mark = marks.standing().value if mark is None else mark
    whole = (*key, said("ko", "en"))
    with _lock:
        known = _shared.get(whole)
        if known is not None:
            _shared.move_to_end(whole)
    if known is not None and known[0] == mark and known[2].holds(now):
        return known[1], known[2]
    parts, span = make()
    with _lock:
        _shared[whole] = (mark, parts, span)
        while len(_shared) > KEPT:
            _shared.popitem(last=False)
    return parts, span


def rendered(template: str, context: dict[str, Any]) -> Markup:
    """A part from its template, which may use nothing of the request."""
    return Markup(render_to_string(template, context))  # noqa: S704 - templates escape


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
    return rendered("calls/_rules.html", context)


def _clauses(version: CallVersion) -> Markup:
    definition = definition_of(version)
    context = {"definition": definition, "defaults": presentation.default_lines(definition)}
    return rendered("calls/_clauses.html", context)
