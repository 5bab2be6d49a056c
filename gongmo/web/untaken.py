"""What is told to somebody whose body was not taken in: a page for a browser, a sentence as JSON for a program. Drawn without a request or a database."""

import json
import time
from datetime import datetime
from typing import Any

from django.conf import settings
from django.template.loader import get_template
from django.urls import reverse
from django.utils import translation

from gongmo.kernel import clock
from gongmo.web.context import CONTRAST_COOKIE
from gongmo.web.jinja import t
from gongmo.web.taking_in import Refusal
from gongmo.web.waiting import chosen, guards, wants_page

Answer = tuple[str, list[tuple[str, str]], bytes]


def untaken(environ: dict[str, Any], refused: Refusal) -> Answer:
    """Status, headers and body."""
    cookies = environ.get("HTTP_COOKIE", "")
    language = chosen(cookies)
    with translation.override(language):
        sentence = t(refused.ko, refused.en)
        if wants_page(environ):
            kind, text = "text/html", _page(refused, sentence, f"{CONTRAST_COOKIE}=high" in cookies)
        else:
            told = {"code": "not_taken", "message": sentence}
            kind, text = "application/json", json.dumps(told, ensure_ascii=False)
    body = text.encode()
    headers = [("Content-Type", f"{kind}; charset=utf-8"), ("Content-Length", str(len(body)))]
    headers += [("Content-Language", language), ("Cache-Control", "no-store"), *guards()]
    if refused.again:
        headers.append(("Retry-After", "5"))
    return refused.status, headers, body


def _page(refused: Refusal, sentence: str, contrast: bool) -> str:
    return str(
        get_template("error.html").render(
            {
                "status": int(refused.status[:3]),
                "title": t("보내신 내용을 받지 않았습니다", "What was sent was not taken"),
                "sentence": sentence,
                "sign_in_url": reverse(settings.LOGIN_URL) if refused.sign_in else "",
                "server_now": datetime.fromtimestamp(time.time(), clock.SEOUL),
                "high_contrast": contrast,
                "rehearsal": settings.GONGMO_REHEARSAL_MARK.exists(),
            }
        )
    )
