"""Roles in which nobody acts without a second factor (GONGMO_REQUIRE_SECOND_FACTOR): an authenticator app or a passkey."""

from typing import Any, cast

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.http import HttpRequest

from gongmo.kernel.actor import Actor, Role
from gongmo.parties.models import Person
from gongmo.parties.queries import actors_of

SET_UP = "gongmo_second_factor"
"""The session's key that says which person set up a second factor in it: whoever did has just shown it."""
GOES_ON = "gongmo_after_second_factor"
"""The session's key for the page to which the person wanted to go."""


def required_roles() -> frozenset[Role]:
    """The roles that need a second factor in this installation."""
    return frozenset(Role(each) for each in settings.GONGMO_SECOND_FACTOR_ROLES)


def used(request: HttpRequest) -> bool:
    """Whether this session's person has shown a second factor in it. Asks no database."""
    person = cast(Any, request.user)
    if request.session.get(SET_UP) == person.pk:
        return True
    return any(each.get("method") == "mfa" for each in get_authentication_records(request, person))


def split(request: HttpRequest, held: dict[str, Actor]) -> tuple[dict[str, Actor], dict[str, Actor]]:
    """The capacities in which this session may act, and those that wait for the second factor."""
    needs = required_roles()
    if not needs or used(request):
        return held, {}
    waiting = {key: actor for key, actor in held.items() if actor.role in needs}
    return {key: actor for key, actor in held.items() if key not in waiting}, waiting


def is_required_of(person: Person) -> bool:
    """Whether the person holds a role that needs a second factor."""
    needs = required_roles()
    return bool(needs) and any(actor.role in needs for actor in actors_of(person))


def added(sender: object, request: HttpRequest, user: Person, **_: Any) -> None:
    """Receiver of allauth's authenticator_added: setting one up shows that one has it."""
    request.session[SET_UP] = user.pk
