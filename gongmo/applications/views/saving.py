"""What pages that save by themselves talk to: saving fields, and what others have saved since."""

import hashlib
import json
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.middleware.csrf import get_token
from django.views.decorators.http import require_GET, require_POST

from gongmo.applications import commands, queries
from gongmo.applications.queries.changes import changes_since, writers
from gongmo.applications.sent import SIGNED_OUT, changes_in
from gongmo.applications.views.base import actor_of, said
from gongmo.kernel import clock, numbers
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, Refused


@require_POST
def save(request: HttpRequest, pk: int) -> HttpResponse:
    """Save fields: {"changes": [{"path", "value", "base", "tried"?}]} → {"at", "revision", "results": [...]} (docs/writing.md)."""
    actor = actor_of(request)
    if actor.person is None:
        return _refused(SIGNED_OUT, 403)
    try:
        changes = changes_in(request.body if request.content_type == "application/json" else b"")
    except BadInput as refused:
        queries.application_for(actor, pk)  # Whoever may not know of it is not told what was wrong.
        return _refused(refused)
    try:
        outcome = commands.save_fields(actor=actor, application_id=pk, changes=changes)
    except Refused as refused:
        return _refused(refused)
    results: list[dict[str, Any]] = []
    for item in outcome.results:
        told: dict[str, Any] = {"path": item.path, "state": item.state.value}
        if item.state is not commands.SaveState.REFUSED:
            told |= {"revision": item.revision, "value": item.value}
        if item.code:
            told |= {"code": item.code, "ko": item.ko, "en": item.en}
        if item.at is not None:
            told |= {"by": item.by, "own": item.own, "at": item.at.isoformat()}
        results.append(told)
    now = clock.now()
    return JsonResponse(
        {
            "at": now.isoformat(),
            "revision": outcome.revision,
            "closes_at": outcome.closes_at.isoformat(),
            "closed": now >= outcome.closes_at,
            "results": results,
        }
    )


@require_GET
def changes(request: HttpRequest, pk: int) -> HttpResponse:
    """What was saved since revision `after`, and who is writing where. `focus` notes the own place, `token` asks for a CSRF token."""
    actor = actor_of(request)
    if actor.person is None:
        return _refused(SIGNED_OUT, 403)
    after = request.GET.get("after", "")
    try:
        found = changes_since(actor, pk, int(after) if after.isdecimal() and len(after) < 10 else 0)
    except Refused as refused:
        return _refused(refused)
    here = writers(actor, pk, request.GET.get("focus", "")[:200])
    token = get_token(request) if request.GET.get("token") else None
    tag = _tag(actor, found.revision, found.state, found.closes_at, here)
    if token is None and request.headers.get("If-None-Match", "") == tag:
        response: HttpResponse = HttpResponseNotModified()
    else:
        now = clock.now()
        response = JsonResponse(
            {
                "person": numbers.token(actor.person, numbers.Kind.PERSON),
                "revision": found.revision,
                "state": found.state,
                "closes_at": found.closes_at.isoformat(),
                "closed": now >= found.closes_at,
                "at": now.isoformat(),
                "complete": found.complete,
                "changes": [
                    {
                        "path": item.path,
                        "revision": item.revision,
                        "value": item.value,
                        "by": item.by,
                        "own": item.person == actor.person,
                        "at": item.at.isoformat(),
                    }
                    for item in found.fields
                ],
                "writing": [{"name": item.name, "path": item.path} for item in here],
                **({"token": token} if token else {}),
            }
        )
    response["ETag"] = tag
    return response


def _tag(actor: Actor, revision: int, state: str, closes_at: datetime, here: list[Any]) -> str:
    closed = clock.now() >= closes_at
    what = json.dumps([actor.person, revision, state, closes_at.isoformat(), closed, here])
    return f'W/"{hashlib.sha256(what.encode()).hexdigest()[:24]}"'


def _refused(refused: Refused, status: int | None = None) -> JsonResponse:
    answer = {"code": refused.code, "ko": refused.ko, "en": refused.en, "said": said(refused.ko, refused.en)}
    return JsonResponse(answer, status=status or refused.status)
