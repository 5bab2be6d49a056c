"""Pages for what went wrong: one plain sentence that says what to do, and the request's number for the help desk."""

import logging

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.html import escape

from gongmo.kernel.errors import Refused
from gongmo.web.jinja import t

log = logging.getLogger(__name__)


def wants_json(request: HttpRequest) -> bool:
    """Whether a program asked rather than a browser."""
    return request.path.startswith("/api/") or request.get_preferred_type(
        ["text/html", "application/json"]
    ) == ("application/json")


def show(request: HttpRequest, status: int, title: str, sentence: str, code: str) -> HttpResponse:
    """The error page with this status. Falls back to bare HTML where even the layout fails (a database that is down)."""
    if wants_json(request):
        return JsonResponse({"code": code, "message": sentence}, status=status)
    number = getattr(request, "request_id", "")
    context = {"status": status, "title": title, "sentence": sentence, "code": code, "request_id": number}
    try:
        html: str = render_to_string("error.html", context, request)
    except Exception:
        log.exception("the error page itself failed")
        html = (
            f'<!DOCTYPE html><html lang="{t("ko", "en")}"><meta charset="utf-8"><title>{escape(title)}</title>'
            f"<h1>{escape(title)}</h1><p>{escape(sentence)}</p><p>{escape(number)}</p>"
            f'<p><a href="/">{escape(t("처음 화면으로", "Start page"))}</a></p></html>'
        )
    return HttpResponse(html, status=status)


def refusal(request: HttpRequest, refused: Refused) -> HttpResponse:
    """A command's or a query's refusal as a page (or JSON), in the reader's language."""
    titles = {
        403: t("이 일을 할 권한이 없습니다", "You may not do this"),
        404: t("찾으시는 내용이 없습니다", "Not found"),
        422: t("입력을 확인해 주세요", "Please check the input"),
    }
    # Counted by its code (gongmo.web.observing).
    request.refused_code = refused.code  # type: ignore[attr-defined]
    title = titles.get(refused.status, t("지금은 처리할 수 없습니다", "This cannot be done now"))
    return show(request, refused.status, title, t(refused.ko, refused.en), refused.code)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    sentence = t(
        "요청을 읽을 수 없습니다. 앞 화면으로 돌아가 다시 시도해 주세요.",
        "The request could not be read. Please go back and try again.",
    )
    return show(
        request, 400, t("요청을 읽을 수 없습니다", "The request could not be read"), sentence, "bad_request"
    )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    sentence = t(
        "이 화면을 볼 권한이 없습니다. 담당 기관에 문의하거나 다른 계정으로 로그인해 주세요.",
        "You may not see this page. Ask the organisation in charge, or sign in with another account.",
    )
    return show(request, 403, t("이 일을 할 권한이 없습니다", "You may not do this"), sentence, "forbidden")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    sentence = t(
        "찾으시는 내용이 없거나 볼 수 있는 권한이 없습니다. 주소를 확인하거나 처음 화면에서 찾아 주세요.",
        "There is no such page, or you may not see it. Check the address, or look for it from the start page.",
    )
    return show(request, 404, t("찾으시는 내용이 없습니다", "Not found"), sentence, "not_found")


def server_error(request: HttpRequest) -> HttpResponse:
    sentence = t(
        "서버에서 문제가 생겼습니다. 저장한 내용은 그대로 있습니다. 잠시 뒤 다시 시도하고, 계속되면 아래 번호를 알려 주세요.",
        "Something went wrong on the server. What you saved is safe. Please try again shortly; if it goes on, tell us the number below.",
    )
    return show(request, 500, t("문제가 생겼습니다", "Something went wrong"), sentence, "server_error")


def too_many(request: HttpRequest, seconds: int = 60) -> HttpResponse:
    """429: asked too often; when to try again, also for programs (Retry-After, RFC 9110 10.2.3)."""
    minutes = -(-seconds // 60)
    sentence = t(
        "짧은 시간에 너무 여러 번 요청했습니다. {n}분 뒤에 다시 시도해 주세요. 이미 받은 전자우편의 번호는 그대로 쓸 수 있습니다.",
        "Too many requests in a short time. Please try again in {n} min. A code that you got by mail still works.",
        n=minutes,
    )
    title = t("잠시 뒤에 다시 시도해 주세요", "Please try again later")
    response = show(request, 429, title, sentence, "too_many_requests")
    response["Retry-After"] = str(seconds)
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    sentence = t(
        "화면을 연 지 오래되었거나 쿠키가 막혀 있어 보내지 못했습니다. 화면을 새로 고친 뒤 다시 보내 주세요.",
        "The page was open too long or cookies are blocked, so nothing was sent. Reload the page and send it again.",
    )
    return show(request, 403, t("보내지 못했습니다", "Not sent"), sentence, "csrf")
