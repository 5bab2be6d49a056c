"""From a signed-in person to the `Actor` that every command receives."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest

from gongmo.kernel.actor import PUBLIC, Actor, Role
from gongmo.parties.queries import capacities, capacity_after
from gongmo.web import second_factor

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


def withheld_from(request: HttpRequest) -> dict[str, Actor]:
    """Capacities in which this session may not act before its person has shown a second factor. Costs nothing after `actor_of`."""
    actor_of(request)
    held: dict[str, Actor] = getattr(request, "_gongmo_withheld", {})
    return held


def _read(request: HttpRequest) -> Actor:
    user = request.user
    # RequestIdentity has put the caller's own address there, also behind a proxy.
    address = str(request.META.get("REMOTE_ADDR", ""))
    if not user.is_authenticated:
        return replace(PUBLIC, address=address)
    held, withheld = second_factor.split(
        request, capacities(user, address=address, held=getattr(user, "held", None))
    )
    holder: Any = request
    holder._gongmo_held, holder._gongmo_withheld = held, withheld
    nobody = Actor(role=Role.APPLICANT, person=user.pk, name=user.display_name, address=address)
    key = request.session.get(SESSION_KEY, "")
    if not key:
        return next(iter(held.values()), nobody)
    if key not in held and key not in withheld:
        key = capacity_after(user, key) or ""
        if not key and request.method not in ("GET", "HEAD", "OPTIONS"):
            # What was typed for one organisation must not be done for another one: the next page says who acts.
            del request.session[SESSION_KEY]
            return nobody
        request.session[SESSION_KEY] = key
    return held.get(key) or next(iter(held.values()), nobody)


def choose_first(sender: object, request: HttpRequest, user: Any, **_: Any) -> None:
    """Receiver of Django's user_logged_in: the session remembers in which capacity it began, so that losing it is noticed."""
    held = capacities(user)
    if held and request.session.get(SESSION_KEY) not in held:
        request.session[SESSION_KEY] = next(iter(held))
