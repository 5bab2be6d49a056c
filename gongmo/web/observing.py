"""Counts and times every request, and writes its line in the log. Names routes, never addresses; tells nothing of persons."""

import logging
import time
from collections.abc import Callable
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from gongmo.operation import metrics, pace
from gongmo.web import statements

log = logging.getLogger("gongmo.requests")

Handler = Callable[[HttpRequest], HttpResponse]

UNSEEN = frozenset({"/healthz", "/readyz", "/metrics"})
"""What monitors ask every few seconds: neither counted nor logged."""
NOWHERE = "nowhere"
STATIC = "static"


class Observed:
    """Around everything but the request's number."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path in UNSEEN:
            return self.get_response(request)
        began = time.perf_counter()
        tally = statements.begin()
        response = self.get_response(request)
        took = time.perf_counter() - began
        route = route_name(request, response.status_code)
        metrics.observe(route, request.method or "", response.status_code, took)
        if code := getattr(request, "refused_code", ""):
            metrics.refused(code)
        if route is not STATIC:
            pace.took(took)
        if settings.GONGMO_REQUEST_LOG:
            log.info(
                "request",
                extra={
                    "fields": {
                        "route": route,
                        "method": request.method,
                        "status": response.status_code,
                        "ms": round(took * 1000, 1),
                        "statements": tally.count,
                        "sql_ms": round(tally.seconds * 1000, 1),
                        **_ids(request),
                    }
                },
            )
        return response


def route_name(request: HttpRequest, status: int) -> str:
    """The name of the page that was asked for: one of the names in the code, whatever was typed."""
    match = request.resolver_match
    if match is not None:
        return match.view_name or NOWHERE
    if request.path.startswith(settings.STATIC_URL):
        return STATIC
    # Answered before a view was looked for: from memory, or by a redirect.
    return NOWHERE if status == 404 else _named(request.path_info)


@lru_cache(maxsize=2048)
def _named(path: str) -> str:
    try:
        return resolve(path).view_name or NOWHERE
    except Resolver404:
        return NOWHERE


def _ids(request: HttpRequest) -> dict[str, int]:
    """The small numbers in the address, by which rows are found. Words and long numbers are left out."""
    match = request.resolver_match
    if match is None:
        return {}
    found = {name: value for name, value in match.kwargs.items() if isinstance(value, int) and value < 10**8}
    return {"ids": found} if found else {}  # type: ignore[dict-item]
