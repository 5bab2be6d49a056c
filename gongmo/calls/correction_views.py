"""What a correction or an extension changed, readable: the differences between a version and the one before it."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gongmo.calls import queries
from gongmo.calls.markdown import plain
from gongmo.definition.base import Text
from gongmo.definition.labels import label
from gongmo.kernel import clock
from gongmo.kernel.actor import Role
from gongmo.kernel.errors import NotFound
from gongmo.kernel.public import keep, public
from gongmo.parties.pages import actor_of, address

Group = tuple[Text, list[dict[str, Any]]]


@public()
@require_safe
def correction(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The changes of one version, by the part of the call that they touch, with the reason."""
    actor = actor_of(request)
    call = queries.call_by_slug(actor, slug)
    if number < 2:
        raise NotFound
    version, before = queries.version_of(call, number), queries.version_of(call, number - 1)
    old, new = queries.definition_of(before), queries.definition_of(version)
    latest = call.version.number if call.version else number
    # A window says the same thing at several places: it is told once, on top.
    moved = (old.intake.opens, old.intake.closes) != (new.intake.opens, new.intake.closes)
    told = [change for change in version.changes if not (moved and change["path"] in WINDOW)]
    context = {
        "call": call,
        "version": version,
        "groups": grouped(told),
        "count": len(told) + moved,
        "moved": (old.intake.closes, new.intake.closes) if moved else None,
        "announcement_changed": plain(before.announcement_ko) != plain(version.announcement_ko),
        "standing": {clause.id for clause in new.clauses},
        "latest": latest,
        "previous": number - 1 if number > 2 else None,
        "next": number + 1 if number < latest else None,
        "own_url": address("applications:list") if actor.role is Role.APPLICANT else "",
    }
    return keep(render(request, "calls/correction.html", context), at=clock.now())


WINDOW = ("intake.opens", "intake.closes")


def grouped(changes: Iterable[dict[str, Any]]) -> list[Group]:
    """Changes by the first part of their path, in their order."""
    found: dict[str, Group] = {}
    for change in changes:
        first = change["path"].split(".")[0]
        name = label(first)
        # The part's name stands above them already.
        told = change | {
            "ko": change["ko"].removeprefix(f"{name.ko} › "),
            "en": change["en"].removeprefix(f"{name.en} › "),
        }
        found.setdefault(first, (name, []))[1].append(told)
    return list(found.values())
