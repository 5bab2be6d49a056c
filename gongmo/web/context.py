"""What every page knows (the names that layout.html documents)."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from markupsafe import Markup

from gongmo.kernel.actor import PUBLIC, Actor, Role
from gongmo.notices.queries import unread
from gongmo.parties.kept import Later, holes_of, instant_of, token_of
from gongmo.web.acting import held_by
from gongmo.web.header import header
from gongmo.web.jinja import t, url
from gongmo.web.navigation import navigation

CONTRAST_COOKIE = "gongmo_contrast"


def page(request: HttpRequest) -> dict[str, Any]:
    """`actor`, `header` (of a signed-in person; else the layout makes it), `nav`, `user_menu`, `notices` (address and number of unread ones), `sign_in_url`, `server_now` (the request's instant), `rehearsal`, `high_contrast`, `request_id`, `mail_in_files`.

    Works for requests that failed before the middleware gave them an actor.
    """
    actor: Actor = getattr(request, "actor", PUBLIC)
    # A page for everyone holds no form token of anybody and no instant that would grow old with it.
    if getattr(request, "public", False):
        begun = {"csrf_token": "", "csrf_input": "", "clock_url": url("web:clock")}
    else:
        begun = _token(request)
    holes = holes_of(request)
    found = begun | {
        "actor": actor,
        "user_menu": None,
        "notices": None,
        "sign_in_url": "",
        "server_now": Later(holes) if holes is not None else instant_of(request),
        "rehearsal": settings.GONGMO_REHEARSAL_MARK.exists(),
        "high_contrast": request.COOKIES.get(CONTRAST_COOKIE) == "high",
        "request_id": getattr(request, "request_id", ""),
        # Without a mail server a person would wait in vain: the page that promises a mail says where it lies.
        "mail_in_files": settings.GONGMO_MAIL_BACKEND.endswith("filebased.EmailBackend"),
    }
    if actor.person is None:
        return found | {"nav": navigation(request, actor), "sign_in_url": _sign_in_url(request)}
    if holes is not None:
        return found | {"header": header(request, {}), "nav": []}
    found |= signed_in(request)
    return found | {"header": header(request, found)}


def signed_in(request: HttpRequest) -> dict[str, Any]:
    """What the header of a signed-in person's page says."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return {
        "nav": navigation(request, actor),
        "user_menu": _user_menu(request, actor),
        "notices": {"url": url("notices:list"), "unread": unread(request.user)},
        "high_contrast": request.COOKIES.get(CONTRAST_COOKIE) == "high",
    }


def _token(request: HttpRequest) -> dict[str, Any]:
    """The form token, drawn once a page and only where a page shows it."""
    holes = holes_of(request)
    token = holes.hole(token_of) if holes is not None else SimpleLazyObject(lambda: token_of(request))
    return {
        "csrf_token": token,
        "csrf_input": SimpleLazyObject(
            lambda: Markup('<input type="hidden" name="csrfmiddlewaretoken" value="{}">').format(token)
        ),
    }


def _sign_in_url(request: HttpRequest) -> str:
    """The sign-in page, which leads back to the page that is read."""
    address = url("account_login")
    if request.method != "GET" or request.path == "/" or request.path.startswith("/accounts/"):
        return address
    return f"{address}?{urlencode({'next': request.get_full_path()})}"


ROLE_WORDS = {
    Role.MINISTRY: ("소관부처", "Ministry"),
    Role.AGENCY: ("운영기관 담당자", "Agency officer"),
    Role.TASK_FORCE: ("지역 사업단 담당자", "Task force officer"),
    Role.APPLICANT: ("신청기관", "Applicant"),
    Role.EVALUATOR: ("평가위원", "Evaluator"),
    Role.OPERATOR: ("시스템 운영자", "System operator"),
}


def capacity_words(actor: Actor) -> str:
    """A capacity in words: the role and, where there is one, the organisation."""
    role = t(*ROLE_WORDS.get(actor.role, ("", "")))
    return f"{role} · {actor.organisation_name}" if actor.organisation_name else role


def _user_menu(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    capacities = [
        {"key": key, "label": capacity_words(held), "current": held == actor}
        for key, held in held_by(request).items()
    ]
    return {
        "capacities": capacities,
        "name": actor.name,
        "note": capacity_words(actor),
        "sign_out": url("account_logout"),
        "links": [
            {"label": t("내 계정", "My account"), "url": url("parties:profile")},
            {"label": t("비밀번호 바꾸기", "Change password"), "url": url("account_change_password")},
            {"label": t("2단계 인증", "Two-factor sign-in"), "url": url("mfa_index")},
        ],
    }
