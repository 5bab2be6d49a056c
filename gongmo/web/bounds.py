"""How long a sign-in lasts: at most GONGMO_SESSION_HOURS from the password on, and GONGMO_IDLE_MINUTES without an act of its person."""

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from gongmo.parties.recent import SIGNED_IN_AT

Handler = Callable[[HttpRequest], HttpResponse]
SEEN_AT = "gongmo_seen_at"
"""The session's key for the second (unix) of the last act that was noted."""
STEP = 300
"""Seconds between two notes: a session is not written with each request."""


class SessionBounds:
    """Signs out whose time is over, before any page knows them. What pages ask by themselves in the background does not lengthen it.

    By the real clock, also in a rehearsal.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            self._bound(request)
        return self.get_response(request)

    def _bound(self, request: HttpRequest) -> None:
        began = request.session.get(SIGNED_IN_AT)
        if began is None:
            return
        now, idle = time.time(), settings.GONGMO_IDLE_MINUTES * 60
        seen = max(began, request.session.get(SEEN_AT, 0))
        if now - began >= settings.SESSION_COOKIE_AGE or (idle and now - seen >= idle):
            logout(request)
        elif idle and now - seen >= min(STEP, idle / 4) and _by_hand(request):
            request.session[SEEN_AT] = int(now)


def _by_hand(request: HttpRequest) -> bool:
    """Whether a person did this: opened a page or sent something; not what an open page asks for every few seconds."""
    if request.method not in ("GET", "HEAD"):
        return True
    return request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
