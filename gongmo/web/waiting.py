"""What a reader is shown while everything is taken: a page with the server's clock that opens itself again and keeps the reader's place."""

import hashlib
import hmac
import json
import random
import re
import time
from datetime import datetime
from functools import lru_cache
from typing import Any

from csp.utils import build_policy
from django.conf import settings
from django.template.loader import get_template
from django.utils import translation
from django.utils.html import escape

from gongmo.kernel import clock
from gongmo.kernel.korean import stamp
from gongmo.kernel.numbers import EITHER
from gongmo.web.context import CONTRAST_COOKIE
from gongmo.web.jinja import t

COOKIE = "gongmo_waiting"
"""The reader's ticket: since when (Unix milliseconds), signed, so that nobody can say to have come earlier."""
KEPT = 120
"""Seconds for which a ticket holds: whoever does not come back by then waits anew."""
AGAIN = (3, 7)
"""Seconds after which the page opens itself again, drawn between these, lest all come back at once."""
_TICKET = re.compile(rf"(?:^|;\s*){COOKIE}=(\d{{13}})\.([0-9a-f]{{32}})(?:;|$)")
_MARKS = ("\ue001", "\ue002", "\ue003", "\ue004")
_ONLY = "\ue005"
_APPLICATION = re.compile(rf"/applications/{EITHER}/")


class Waiting:
    """Answers for those who are turned away, and their tickets."""

    def since(self, cookies: str, now: float) -> float:
        """Since when (Unix seconds) the sender of these cookies has waited: `now` without a ticket that holds."""
        found = _TICKET.search(cookies) if COOKIE in cookies else None
        if found is None or not hmac.compare_digest(found[2], _seal(found[1])):
            return now
        told = int(found[1]) / 1000
        return told if now - KEPT <= told <= now else now

    def answer(self, environ: dict[str, Any], since: float) -> tuple[str, list[tuple[str, str]], bytes]:
        """Status, headers and body: the page for a browser, a sentence as JSON for a program or a script."""
        seconds = random.randint(*AGAIN)  # noqa: S311 - spreads load, guards nothing
        headers = [("Retry-After", str(seconds)), ("Cache-Control", "no-store"), *guards()]
        told = f"{int(since * 1000):013d}"
        secure = "; Secure" if settings.SESSION_COOKIE_SECURE else ""
        headers.append(
            (
                "Set-Cookie",
                f"{COOKIE}={told}.{_seal(told)}; Max-Age={KEPT}; Path=/; HttpOnly; SameSite=Lax{secure}",
            )
        )
        cookies = environ.get("HTTP_COOKIE", "")
        language = chosen(cookies)
        if wants_page(environ):
            headers.append(("Content-Type", "text/html; charset=utf-8"))
            contrast = f"{CONTRAST_COOKIE}=high" in cookies
            page = _page(language, contrast, int(time.time()))
            path = environ.get("PATH_INFO", "/").encode("latin-1", "replace").decode("utf-8", "replace")
            waited = stamp(datetime.fromtimestamp(since, clock.SEOUL), seconds=True)
            own = _APPLICATION.match(path)
            before, link, after = page.split(_ONLY)
            page = before + (link if own else "") + after
            told_here = (str(seconds), waited, escape(path), f"{own[0]}submit/" if own else "")
            for mark, value in zip(_MARKS, told_here, strict=True):
                page = page.replace(mark, value)
            body = page.encode()
        else:
            headers.append(("Content-Type", "application/json"))
            with translation.override(language):
                sentence = t(
                    "지금 접속이 많습니다. 잠시 뒤 다시 요청해 주세요.",
                    "Very busy. Please ask again shortly.",
                )
            body = json.dumps({"code": "busy", "message": sentence}, ensure_ascii=False).encode()
        headers += [("Content-Language", language), ("Content-Length", str(len(body)))]
        return "503 Service Unavailable", headers, body


def guards() -> list[tuple[str, str]]:
    """The headers that every page of the site carries."""
    found = [
        ("Content-Security-Policy", str(build_policy())),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", str(settings.SECURE_REFERRER_POLICY)),
        ("Cross-Origin-Opener-Policy", str(settings.SECURE_CROSS_ORIGIN_OPENER_POLICY)),
        ("X-Frame-Options", str(settings.X_FRAME_OPTIONS)),
    ]
    if settings.SECURE_HSTS_SECONDS:
        found.append(("Strict-Transport-Security", f"max-age={settings.SECURE_HSTS_SECONDS}"))
    return found


def wants_page(environ: dict[str, Any]) -> bool:
    """Whether a browser asks for a page to show: neither a script of ours nor a program."""
    aim = environ.get("HTTP_SEC_FETCH_DEST", "document")
    return (
        "text/html" in environ.get("HTTP_ACCEPT", "")
        and "HTTP_HX_REQUEST" not in environ
        and aim in ("document", "iframe", "")
    )


def forgotten() -> tuple[str, str]:
    """The header that takes the ticket back from whoever was let in."""
    return ("Set-Cookie", f"{COOKIE}=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax")


def _seal(told: str) -> str:
    key = f"gongmo.waiting:{settings.SECRET_KEY}".encode()
    return hmac.new(key, told.encode("ascii"), hashlib.sha256).hexdigest()[:32]


def chosen(cookies: str) -> str:
    """The language that these cookies ask for."""
    found = re.search(rf"(?:^|;\s*){settings.LANGUAGE_COOKIE_NAME}=([a-z]+)", cookies)
    return found[1] if found and found[1] in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


@lru_cache(maxsize=8)
def _page(language: str, contrast: bool, second: int) -> str:
    """The page of this second; what differs between readers are marks in it. Drawn without a database."""
    again, since, path, submit = _MARKS
    with translation.override(language):
        return str(
            get_template("waiting.html").render(
                {
                    "server_now": datetime.fromtimestamp(second, clock.SEOUL),
                    "high_contrast": contrast,
                    "rehearsal": settings.GONGMO_REHEARSAL_MARK.exists(),
                    "again": again,
                    "since": since,
                    "path_hole": path,
                    "submit": submit,
                    "only": _ONLY,
                }
            )
        )
