"""What happens around every request: its instant, its language, who acts, and refusals told as pages."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.functional import SimpleLazyObject
from requests import RequestException

from gongmo.kernel import clock
from gongmo.kernel.errors import NotAllowed, Refused
from gongmo.parties.queries import has_second_factor
from gongmo.web import second_factor
from gongmo.web.acting import actor_of, withheld_from
from gongmo.web.errors import refusal, show
from gongmo.web.jinja import t
from gongmo.web.shedding import RECEIVED
from gongmo.web.taking_in import SLOW

Handler = Callable[[HttpRequest], HttpResponse]

# How long a request may plausibly have waited between the proxy and here.
_LONGEST_WAIT = timedelta(minutes=5)
_MILLISECONDS = 1e11


class RequestInstant:
    """Takes the moment of receipt once. `request.received_at` and `clock.now()` answer it all through the request.

    A trusted proxy may say when it received the request (GONGMO_REQUEST_START_HEADER), so that a request which waited in
    a queue before a deadline still counts as received before it.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        name = settings.GONGMO_REQUEST_START_HEADER
        self.header = "HTTP_" + name.upper().replace("-", "_") if name else ""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # The gate took the instant when the whole request had been received; what waited there since does not count.
        received = request.META.get(RECEIVED) or clock.now()
        if self.header and SLOW not in request.META:
            received = _told_start(request.META.get(self.header, ""), received)
        request.received_at = received  # type: ignore[attr-defined]
        with clock.at(received):
            return self.get_response(request)


def _told_start(value: str, now: datetime) -> datetime:
    """The proxy's instant, or `now` where it is unreadable, in the future or implausibly old."""
    try:
        seconds = float(value.removeprefix("t="))
        # Some proxies tell milliseconds: as seconds they would lie thousands of years ahead.
        told = datetime.fromtimestamp(seconds / 1000 if seconds > _MILLISECONDS else seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return now
    return told if now - _LONGEST_WAIT <= told <= now else now


class Language:
    """Korean, unless the reader chose English (a cookie). The browser's own preference does not decide."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        code = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        request.LANGUAGE_CODE = code
        with translation.override(code):
            response = self.get_response(request)
        response.setdefault("Content-Language", code)
        return response


class ActingPerson:
    """`request.actor`: who acts, in which role and for which organisation. Read from the database only when asked for."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: actor_of(request))  # type: ignore[attr-defined]
        return self.get_response(request)


class Refusals:
    """Turns a command's or a query's refusal into a page with its sentence; a visitor who may not is asked to sign in."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, RequestException) and request.path.startswith("/accounts/"):
            return _other_service_down(request)
        if not isinstance(exception, Refused):
            return None
        if (
            isinstance(exception, NotAllowed)
            and not request.user.is_authenticated
            and request.method == "GET"
        ):
            return redirect_to_login(request.get_full_path())
        return refusal(request, exception)


def _other_service_down(request: HttpRequest) -> HttpResponse:
    """A sign-in service that does not answer is no fault of ours, nor of the person."""
    return show(
        request,
        503,
        t("다른 로그인 서비스가 답하지 않습니다", "The other sign-in service does not answer"),
        t(
            "잠시 뒤 다시 하거나, 로그인 화면에서 비밀번호로 로그인해 주세요.",
            "Try again later, or sign in with your password.",
        ),
        "sign_in_service_down",
    )


class SecondFactor:
    """Leads whoever holds a role that needs a second factor to set one up, or to show it, before anything else.

    The pages of sign-in, sign-out, language and contrast stay open. Costs nothing where no role needs one.
    """

    OPEN = ("/accounts/", "/language/", "/contrast/", "/health/")

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (
            settings.GONGMO_SECOND_FACTOR_ROLES
            and not request.path.startswith(self.OPEN)
            and request.user.is_authenticated
        ):
            if withheld_from(request):
                return self._lead(request)
            if request.session.get(second_factor.GOES_ON) == request.get_full_path():
                del request.session[second_factor.GOES_ON]
        return self.get_response(request)

    def _lead(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return show(
                request,
                403,
                t("2단계 인증이 필요합니다", "A second factor is needed"),
                t(
                    "이 역할은 2단계 인증을 마친 뒤에 일할 수 있습니다. 앞 화면을 다시 열어 인증해 주세요.",
                    "This role needs a second factor. Open the page again and show it.",
                ),
                "second_factor",
            )
        if has_second_factor(request.user.pk or 0):
            return redirect_to_login(request.get_full_path(), reverse("mfa_reauthenticate"))
        request.session[second_factor.GOES_ON] = request.get_full_path()
        return HttpResponseRedirect(reverse("mfa_index"))


class ReadableForms:
    """Refuses (400) what no form of ours sends and no database or number can hold, before a page has to stumble over it."""

    # Python reads no number of more than 4,300 digits.
    LONGEST_NUMBER = 4000

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> None:
        for data in (request.GET, request.POST):
            for name, values in data.lists():
                for text in (name, *map(str, values)):
                    if "\0" in text:
                        raise SuspiciousOperation("NUL in a form")
                    if len(text) > self.LONGEST_NUMBER and text.rsplit("-", 1)[-1].strip().isdecimal():
                        raise SuspiciousOperation("an endless number in a form")


class PrivatePages:
    """What a signed-in person is shown is kept by no cache: neither a proxy's nor that of a browser on a shared computer."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated:
            response.setdefault("Cache-Control", "private, no-store")
        return response
