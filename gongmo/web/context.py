"""What every page knows (the names that layout.html documents)."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from gongmo.kernel import clock
from gongmo.kernel.actor import PUBLIC, Actor
from gongmo.web.jinja import t
from gongmo.web.navigation import navigation

CONTRAST_COOKIE = "gongmo_contrast"


def page(request: HttpRequest) -> dict[str, Any]:
    """`actor`, `nav`, `user_menu`, `sign_in_url`, `server_now` (the request's instant), `rehearsal`, `high_contrast`, `request_id`.

    Works for requests that failed before the middleware gave them an actor.
    """
    actor: Actor = getattr(request, "actor", PUBLIC)
    signed_in = actor.person is not None
    return {
        "actor": actor,
        "nav": navigation(request, actor),
        "user_menu": _user_menu(actor) if signed_in else None,
        "sign_in_url": "" if signed_in else reverse("account_login"),
        "server_now": getattr(request, "received_at", None) or clock.now(),
        "rehearsal": settings.GONGMO_REHEARSAL_MARK.exists(),
        "high_contrast": request.COOKIES.get(CONTRAST_COOKIE) == "high",
        "request_id": getattr(request, "request_id", ""),
    }


def _user_menu(actor: Actor) -> dict[str, Any]:
    return {
        "name": actor.name,
        "note": actor.organisation_name,
        "sign_out": reverse("account_logout"),
        "links": [
            {"label": t("비밀번호 바꾸기", "Change password"), "url": reverse("account_change_password")},
            {"label": t("2단계 인증", "Two-factor sign-in"), "url": reverse("mfa_index")},
        ],
    }
