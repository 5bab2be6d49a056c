"""The site with three bare neighbours in the same process, so that a page's cost can be told as a ratio.

`/__wsgi__` answers a constant; `/__view__` is a bare Django view with one query and no middleware; `/__signed__/` is that same view
behind all of the site's middleware, which also asks who acts. Every answer tells in a header how much processor time its thread spent.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from threading import local
from typing import Any

from django.core.handlers.wsgi import WSGIRequest
from django.db import DEFAULT_DB_ALIAS, connections
from django.http import HttpRequest, HttpResponse
from django.urls import path

from gongmo.web.wsgi import application as site  # isort: skip - starts Django, which the models need
from gongmo.parties.models import Region
from gongmo.web import urls
from gongmo.web.acting import actor_of

Start = Callable[..., Any]
SPENT = "X-Bench-Processor"
"""The header with the milliseconds of processor time: a machine that does other work, too, does not change them much."""


def application(environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
    """A WSGI application."""
    began = time.thread_time()

    def started(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
        spent = (time.thread_time() - began) * 1000
        return start_response(status, [*headers, (SPENT, f"{spent:.4f}")], *more)

    return _answer(environ, started)


def _answer(environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
    address = environ.get("PATH_INFO", "")
    if address == "/__wsgi__":
        start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "2")])
        return [b"ok"]
    if address == "/__view__":
        with _own_connection():
            response = bare_view(WSGIRequest(environ))
        start_response("200 OK", list(response.items()))
        return [response.content]
    return site(environ, start_response)


@contextmanager
def _own_connection() -> Iterator[None]:
    """One kept connection for each thread, as a bare Django has: the site lends its connections to requests and takes them back."""
    if not hasattr(_held, "connection"):
        _held.connection = connections.create_connection(DEFAULT_DB_ALIAS)
    connections[DEFAULT_DB_ALIAS] = _held.connection
    try:
        yield
    finally:
        del connections[DEFAULT_DB_ALIAS]


_held = local()


def bare_view(request: HttpRequest) -> HttpResponse:
    """One query, one line."""
    return HttpResponse(Region.objects.values_list("ko", flat=True).order_by("code").first() or "")


def signed_view(request: HttpRequest) -> HttpResponse:
    """The bare view, asking first who acts."""
    return bare_view(request) if actor_of(request).person else HttpResponse(status=403)


urls.urlpatterns.append(path("__signed__/", signed_view))
