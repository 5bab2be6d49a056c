"""What the pages of every app ask of a request: who acts, in which language, and where another page is."""

from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from gongmo.kernel.actor import Actor


def actor_of(request: HttpRequest) -> Actor:
    """The person's capacity that the middleware put on the request."""
    holder: Any = request
    actor: Any = holder.actor
    if type(actor) is SimpleLazyObject:
        # Read now and put there bare: each look through the wrapping costs.
        _ = actor.role
        holder.actor = actor = actor._wrapped
    found: Actor = actor
    return found


def said(ko: str, en: str) -> str:
    """A sentence in the reader's language."""
    return en if (get_language() or "ko").startswith("en") else ko


def address(name: str, *args: object) -> str:
    """The address of a page of a floor above, or "" where this installation does not have it."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
