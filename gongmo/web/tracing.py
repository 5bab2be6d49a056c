"""Each request's caller and number, on its answer, its error page and its log lines. Imported while logging is set up: no models here."""

import logging
import re
import uuid
from collections.abc import Callable
from contextvars import ContextVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse

Handler = Callable[[HttpRequest], HttpResponse]

_request_id: ContextVar[str] = ContextVar("gongmo_request_id", default="-")
_GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


class RequestIdentity:
    """Gives each request a number (`request.request_id`, X-Request-ID) that error pages show and logs carry.

    Behind a proxy (GONGMO_BEHIND_PROXY) the proxy's number is kept, and REMOTE_ADDR becomes the caller's address as the
    proxy told it, so that sign-in limits, the record and the logs all see the same one.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        number = (
            given if settings.GONGMO_BEHIND_PROXY and _GIVEN_ID.fullmatch(given) else uuid.uuid4().hex[:16]
        )
        request.request_id = number  # type: ignore[attr-defined]
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
        if settings.GONGMO_BEHIND_PROXY and forwarded:
            # The last entry is the one that our own proxy wrote.
            request.META["REMOTE_ADDR"] = forwarded.rsplit(",", 1)[-1].strip()
        token = _request_id.set(number)
        try:
            response = self.get_response(request)
        finally:
            _request_id.reset(token)
        response["X-Request-ID"] = number
        return response


class RequestIdFilter(logging.Filter):
    """Puts the request's number on each log line."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = _request_id.get()
        return True
