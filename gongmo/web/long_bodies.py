"""Which requests may have a long body, and of whom: addresses with forms for files, and people who are signed in.

Every view that reads a file of its request stands in one of these tables; tests/web/test_long_bodies.py finds the next one.
"""

import logging
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.core.handlers.wsgi import get_path_info
from django.db import Error
from django.http import parse_cookie
from django.urls import Resolver404, resolve

from gongmo.web.sessions import SessionStore

log = logging.getLogger(__name__)

FORM = 1024**2
"""Bytes that anybody may send to any address: the longest of our forms without a file has fewer."""

DOCUMENTS = frozenset(
    {
        "applications:attach",
        "awards:act_on_case",
        "awards:ask_party_change",
        "awards:open_case",
        "awards:upload_own",
        "evaluation:act",
        "evaluation:act_on_bonus",
        "evaluation:act_on_visit",
        "evaluation:result",
        "parties:certificates",
        "screening:act",
        "screening:answer",
        "screening:attach",
        "screening:fact",
        "screening:hand_in",
        "screening:objection",
        "similarity:begin",
        "similarity:judge",
    }
)
"""Forms with documents, each up to GONGMO_FILE_LIMIT. Long documents come in pieces (gongmo.files); these are for browsers without JavaScript."""
TABLES = frozenset(
    {
        "applications:members_import",
        "applications:money_import",
        "awards:regional_call",
        "calls:correct",
        "calls:publish",
        "evaluation:pool_import",
    }
)
"""Forms with a table or a call's definition, of which none is longer than what every signed-in person may send."""
STRANGERS = frozenset({"web:verify"})
"""Forms with files for everybody: the check of a receipt. Of somebody unknown it takes no more than what every signed-in person may send."""


def name_of(environ: dict[str, Any]) -> str:
    """The name of the address that was asked for; "" where there is none."""
    try:
        return resolve(get_path_info(environ)).view_name
    except (Resolver404, UnicodeDecodeError):
        return ""


def signed_in(environ: dict[str, Any]) -> bool:
    """Whether the request carries the session of somebody who is signed in: one look-up. Raises the errors of django.db.

    A session alone is not enough: whoever begins to sign up has one.
    """
    key = parse_cookie(str(environ.get("HTTP_COOKIE", ""))).get(str(settings.SESSION_COOKIE_NAME), "")
    return bool(key) and SESSION_KEY in SessionStore(key).load()


def asked(environ: dict[str, Any]) -> bool | None:
    """The same; None where the database does not answer."""
    try:
        return signed_in(environ)
    except Error:
        log.warning("a long body was not taken: the database does not say whose it is", exc_info=True)
        return None
