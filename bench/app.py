"""The site with two bare neighbours in the same process, so that a page's cost can be told as a ratio.

`/__wsgi__` answers a constant; `/__view__` is a bare Django view with one query and no middleware.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse

from gongmo.web.wsgi import application as site  # isort: skip - starts Django, which the models need
from gongmo.parties.models import Region

Start = Callable[..., Any]


def application(environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
    """A WSGI application."""
    path = environ.get("PATH_INFO", "")
    if path == "/__wsgi__":
        start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "2")])
        return [b"ok"]
    if path == "/__view__":
        response = bare_view(WSGIRequest(environ))
        start_response("200 OK", list(response.items()))
        return [response.content]
    return site(environ, start_response)


def bare_view(request: WSGIRequest) -> HttpResponse:
    """One query, one line."""
    return HttpResponse(Region.objects.values_list("ko", flat=True).order_by("code").first() or "")
