"""Each request's caller and number, on its answer, its error page and its log lines."""

import uuid
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse

from gongmo.kernel import tracing
from gongmo.web.peers import address_of, speaks_for_others

Handler = Callable[[HttpRequest], HttpResponse]


class ProxyOnly:
    """Where GONGMO_PROXIES names the proxies, what anybody else says in their name is taken off the request before it is looked at."""

    def __init__(self, get_response: Handler) -> None:
        if not settings.GONGMO_PROXIES:
            raise MiddlewareNotUsed
        self.get_response = get_response
        told = {
            "HTTP_X_REQUEST_ID",
            "HTTP_X_FORWARDED_FOR",
            "HTTP_X_FORWARDED_PROTO",
            "HTTP_X_FORWARDED_HOST",
        }
        if name := settings.GONGMO_REQUEST_START_HEADER:
            told.add("HTTP_" + name.upper().replace("-", "_"))
        self.told = told

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self.told & request.META.keys() and not speaks_for_others(request.META):
            for name in self.told:
                request.META.pop(name, None)
        return self.get_response(request)


class RequestIdentity:
    """Gives each request a number (`request.request_id`, X-Request-ID) that error pages show and logs and tasks carry.

    Behind a proxy (GONGMO_BEHIND_PROXY) the proxy's number is kept, and REMOTE_ADDR becomes the caller's address as the
    proxy told it, so that sign-in limits, the record and the logs all see the same one.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "") if settings.GONGMO_BEHIND_PROXY else ""
        number = given if given and tracing.well_formed(given) else uuid.uuid4().hex[:16]
        request.request_id = number  # type: ignore[attr-defined]
        request.META["REMOTE_ADDR"] = address_of(request.META)
        with tracing.carrying(number):
            response = self.get_response(request)
        response["X-Request-ID"] = number
        return response
