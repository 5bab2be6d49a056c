"""The reader's own choices: language, contrast, and the capacity in which to act."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from gongmo.kernel.clock import now
from gongmo.parties.queries import capacities
from gongmo.web.acting import SESSION_KEY
from gongmo.web.context import CONTRAST_COOKIE

_YEAR = 365 * 24 * 3600


def _back(request: HttpRequest) -> HttpResponseRedirect:
    """To the page that the form named, when it is one of ours."""
    asked = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(asked if safe else "/")


def _remember(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name, value, max_age=_YEAR, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
    )


def _from_elsewhere(request: HttpRequest) -> bool:
    """Whether another site's page sent this. The two choices below need no token (pages for everyone hold none): they change
    nothing but how the reader's own browser shows our pages, and browsers say where a request comes from."""
    return request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none")


@require_GET
def clock(request: HttpRequest) -> HttpResponse:
    """The server's instant (ISO 8601, microseconds), for pages that are kept and can hold no clock of their own. Not kept by anyone."""
    response = HttpResponse(now().isoformat(timespec="microseconds") + "\n", content_type="text/plain")
    response["Cache-Control"] = "no-store"
    return response


@csrf_exempt
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """POST `language` (ko or en) and `next`: read on in that language."""
    response = _back(request)
    chosen = request.POST.get("language", "")
    if _from_elsewhere(request):
        return response
    if chosen in dict(settings.LANGUAGES):
        _remember(response, settings.LANGUAGE_COOKIE_NAME, chosen)
    return response


@csrf_exempt
@require_POST
def contrast(request: HttpRequest) -> HttpResponse:
    """POST `contrast` (high or normal) and `next`."""
    response = _back(request)
    if _from_elsewhere(request):
        return response
    if request.POST.get("contrast") == "high":
        _remember(response, CONTRAST_COOKIE, "high")
    else:
        response.delete_cookie(CONTRAST_COOKIE, samesite="Lax")
    return response


@require_POST
@login_required
def act_as(request: HttpRequest) -> HttpResponse:
    """POST `capacity` (a key of `parties.queries.capacities`) and `next`: act in that capacity from now on in this session."""
    chosen = request.POST.get("capacity", "")
    if request.user.is_authenticated and chosen in capacities(request.user):
        request.session[SESSION_KEY] = chosen
    return _back(request)
