"""bench.app with one more neighbour: `/__list__/`, a bare list of 50 rows in a Django template, two queries, behind nothing but sign-in."""

import time
from typing import Any

from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine

from bench.app import SPENT, Start

from bench.app import application as site  # isort: skip - starts Django, which the models need
from django.conf import settings
from django.contrib.sessions.models import Session

from gongmo.applications.models import Application

ROWS = 50
_PAGE = Engine().from_string(
    """<!DOCTYPE html><html lang="ko"><head><meta charset="utf-8"><title>Rows</title></head><body><h1>Rows</h1><table>
<thead><tr><th>Number</th><th>Title</th><th>Organisation</th><th>State</th><th>Changed</th></tr></thead><tbody>
{% for row in rows %}<tr><td>{{ row.pk }}</td><td><a href="/applications/{{ row.pk }}/">{{ row.title }}</a></td>
<td>{{ row.lead.name }}</td><td>{{ row.state }}</td><td>{{ row.changed_at|date:"Y-m-d H:i" }}</td></tr>
{% endfor %}</tbody></table></body></html>"""
)


def bare_list(request: HttpRequest) -> HttpResponse:
    """Two queries: whose session it is, and the rows with their organisations."""
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    if not Session.objects.filter(session_key=key).exists():
        return HttpResponse(status=403)
    rows = Application.objects.select_related("lead").order_by("-pk")[:ROWS]
    return HttpResponse(_PAGE.render(Context({"rows": list(rows)})))


def application(environ: dict[str, Any], start_response: Start) -> Any:
    """A WSGI application."""
    if environ.get("PATH_INFO") != "/__list__/":
        return site(environ, start_response)
    began = time.thread_time()
    response = bare_list(WSGIRequest(environ))
    spent = (time.thread_time() - began) * 1000
    start_response(f"{response.status_code} OK", [*response.items(), (SPENT, f"{spent:.4f}")])
    return [response.content]
