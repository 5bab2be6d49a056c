"""From a signed-in person to the `Actor` that every command receives."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest

from gongmo.kernel.actor import PUBLIC, Actor, Role
from gongmo.parties.queries import capacities

SESSION_KEY = "gongmo_capacity"


def held_by(request: HttpRequest) -> dict[str, Actor]:
    """Every capacity of the signed-in person by its key; empty for visitors. Costs nothing after `actor_of`."""
    actor_of(request)
    held: dict[str, Actor] = getattr(request, "_gongmo_held", {})
    return held


def actor_of(request: HttpRequest) -> Actor:
    """Who acts in this request: the public for visitors; else the capacity chosen in this session, or the first.

    A signed-in person without any office or organisation acts as an applicant for none. Read once a request.
    """
    holder: Any = request
    if not hasattr(holder, "_gongmo_actor"):
        holder._gongmo_actor = _read(request)
    found: Actor = holder._gongmo_actor
    return found


def _read(request: HttpRequest) -> Actor:
    user = request.user
    # RequestIdentity has put the caller's own address there, also behind a proxy.
    address = str(request.META.get("REMOTE_ADDR", ""))
    if not user.is_authenticated:
        return replace(PUBLIC, address=address)
    held = capacities(user, address=address)
    holder: Any = request
    holder._gongmo_held = held
    chosen = held.get(request.session.get(SESSION_KEY, "")) or next(iter(held.values()), None)
    return chosen or Actor(role=Role.APPLICANT, person=user.pk, name=user.display_name, address=address)
