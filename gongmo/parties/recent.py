"""Acts that bind (signing, submitting) ask once more who sits at the keyboard, when the sign-in is some time ago."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpRequest, HttpResponseBase

SIGNED_IN_AT = "gongmo_signed_in_at"
"""The session's key for the second (unix) in which it was opened; signing up leaves no record of its own."""

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def signed_in_within(request: HttpRequest | None, minutes: int) -> bool:
    """Whether this session's person typed a password or used a second factor within so many minutes (by the real clock)."""
    if request is None or not request.user.is_authenticated:
        return False
    shown = [float(each["at"]) for each in get_authentication_records(request, cast(Any, request.user))]
    return time.time() - max([float(request.session.get(SIGNED_IN_AT, 0)), *shown]) < minutes * 60


def recent_sign_in_required(
    minutes: int = 30, *, methods: tuple[str, ...] = ("POST",)
) -> Callable[[View[P]], View[P]]:
    """A view's decorator: who signed in longer ago confirms it (password, code or passkey) and goes on where they were.

    A form that was sent is kept meanwhile and taken afterwards, but not files: put it on forms without them. People who come from another
    sign-in service and have no second factor here cannot confirm; they pass.
    """

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if (
                request.method in methods
                and request.user.is_authenticated
                and not signed_in_within(request, minutes)
                and get_adapter().get_reauthentication_methods(request.user)
            ):
                raise ReauthenticationRequired
            return view(request, *args, **kwargs)

        return wrapped

    return decorate
