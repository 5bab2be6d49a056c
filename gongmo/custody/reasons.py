"""The reason for a download: asked once for an address, remembered for half an hour in the session, and noted with each download."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve

from gongmo.custody.watched import WATCHED
from gongmo.definition.base import Text
from gongmo.kernel import clock
from gongmo.kernel.errors import BadInput, NotFound

SESSION_KEY = "gongmo_reasons"
LASTS = timedelta(minutes=30)
MOST = 300
"""Characters of a reason."""
PURPOSES = {
    "review": Text(ko="적격성 검토", en="Eligibility review"),
    "evaluation": Text(ko="평가위원회 운영", en="Running the evaluation committee"),
    "report": Text(ko="내부 보고·결재", en="Reporting or approval inside the office"),
    "contact": Text(ko="신청기관·위원 연락", en="Contacting applicants or experts"),
    "audit": Text(ko="감사·자료 제출 요구", en="Audit or a lawful demand for data"),
    "other": Text(ko="그 밖(아래에 적어 주세요)", en="Other (please write it below)"),
}


def given(session: SessionBase, address: str) -> str:
    """The reason that this session gave for the address within the last half hour, or ""."""
    told = session.get(SESSION_KEY, {}).get(address)
    if told is None or told[1] < clock.now().timestamp():
        return ""
    return str(told[0])


def give(session: SessionBase, address: str, purpose: str, words: str) -> None:
    """Remember the reason. Raises BadInput for one that says nothing, NotFound for an address that asks for none."""
    if not asks(address):
        raise NotFound
    words = " ".join(words.split())
    if purpose not in PURPOSES:
        raise BadInput(
            "purpose", "내려받는 목적을 골라 주세요.", "Please choose what you need it for.", field="purpose"
        )
    if purpose == "other" and len(words) < 5:
        raise BadInput(
            "words",
            "어디에 쓰려는지 다섯 글자 이상 적어 주세요.",
            "Please write at least five letters on what you need it for.",
            field="words",
        )
    reason = PURPOSES[purpose].ko if purpose != "other" else ""
    reason = f"{reason}: {words}" if reason and words else reason or words
    now = clock.now()
    standing = {key: told for key, told in session.get(SESSION_KEY, {}).items() if told[1] > now.timestamp()}
    session[SESSION_KEY] = {**standing, address: [reason[:MOST], (now + LASTS).timestamp()]}


def asks(address: str) -> bool:
    """Whether this is the address, on this site, of a download that asks for a reason."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or not parts.path.startswith("/"):
        return False
    try:
        watch = WATCHED.get(resolve(parts.path).view_name)
    except Resolver404:
        return False
    return watch is not None and watch.reason


def ask(request: HttpRequest, refused: BadInput | None = None, **typed: Any) -> HttpResponse:
    """The form that asks why, in the place of the download."""
    address = str(typed.get("next") or request.get_full_path())
    back = urlsplit(request.headers.get("Referer", ""))
    here = back.netloc in ("", request.get_host()) and back.path.startswith("/") and not asks(back.path)
    return render(
        request,
        "custody/reason.html",
        {
            "next": address,
            "back": typed.get("back") or (back.path if here and back.path != "/privacy/reason/" else "/"),
            "purposes": list(PURPOSES.items()),
            "purpose": typed.get("purpose", ""),
            "words": typed.get("words", ""),
            "most": MOST,
            "refused": refused,
        },
        status=refused.status if refused else 200,
    )
