"""How often strangers may ask at the doors of sign-in: counted so that nobody keeps somebody else out.

Whatever is answered with "too often" is counted for the network address and what was typed together: another network address is never
bound by it. What is counted for an e-mail address alone only keeps its mailbox from being flooded: the mail is left out and the page
answers as ever. One network address gets far less than the count for everywhere allows, so one alone never uses that up.
The numbers stand in settings.ACCOUNT_RATE_LIMITS.
"""

from typing import Any

from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal import ratelimit
from django.http import HttpRequest

from gongmo.web.errors import too_many

APP = "allauth.account"
ASKED_MINUTES = 30
"""Within these minutes `code_asked` counts (settings.ACCOUNT_RATE_LIMITS): what the page tells."""
BY_STRANGERS = frozenset(
    f"account/email/{name}"
    for name in (
        "account_already_exists",
        "email_confirmation",
        "email_confirmation_signup",
        "password_reset_code",
        "unknown_account",
    )
)
"""Mails that anybody causes who types an address."""


def here(request: HttpRequest, typed: str) -> str:
    """The key of what was typed, at one network address (of IPv6 its network: one person holds all of it)."""
    return f"{typed.strip().lower()}|{ratelimit.get_ip(request)}"


def require_code_asked_seldom(request: HttpRequest, door: str, email: str) -> None:
    """Count a request for a code. Raises the answer 429 where this network address asked for this e-mail address too often."""
    key = f"{door}|{here(request, email)}"
    if not ratelimit.consume(request, app=APP, action="code_asked", key=key):
        raise ImmediateHttpResponse(too_many(request, ASKED_MINUTES * 60))


def may_mail(template: str, email: str) -> bool:
    """Whether this mail goes out: False where strangers had too many of its kind sent to the address."""
    request = context.request
    if template not in BY_STRANGERS or request is None:
        return True
    counts = (("mail_here", here(request, email)), ("mail_everywhere", email.strip().lower()))
    return all(
        ratelimit.consume(request, app=APP, action=action, key=key, limit_get=True) for action, key in counts
    )


def count_failure(request: HttpRequest, login: str, known: bool) -> list[Any] | None:
    """Count a try to sign in, before it is made: what to take back if it succeeds, or None where it may not be made.

    A browser in which the account was signed in before (`known`) is bound by `login_failed` alone: five tries in five minutes.
    """
    counted: list[Any] = []
    if known:
        return counted
    for action, key in (("login_failed_here", here(request, login)), ("login_failed_everywhere", login)):
        usage = ratelimit.consume(request, app=APP, action=action, key=key)
        if not usage:
            return None
        counted.append(usage)
    return counted


def forget_failures(request: HttpRequest, login: str) -> None:
    """After its owner set a new password by a code, an account starts anew."""
    ratelimit.clear(request, app=APP, action="login_failed_here", key=here(request, login))
    ratelimit.clear(request, app=APP, action="login_failed_everywhere", key=login.strip().lower())
