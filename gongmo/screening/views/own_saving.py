"""What the consortium writes for open requests, kept as it is written."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse, RawPostDataException
from django.middleware.csrf import get_token
from django.views.decorators.http import require_GET, require_POST

from gongmo.kernel import clock
from gongmo.kernel.errors import BadInput, Refused
from gongmo.kernel.numbers import Kind, token
from gongmo.parties.pages import actor_of, said
from gongmo.screening import commands, queries
from gongmo.screening.models import ItemKind
from gongmo.screening.states import SupplementState

UNREADABLE = BadInput(
    "changes_unreadable",
    "보낸 내용을 읽을 수 없습니다. 화면을 새로 고치고 다시 저장해 주세요.",
    "What was sent cannot be read. Load the page again and save once more.",
)


@require_POST
def save(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what is being written for open requests; speaks as the pages of an application do (docs/writing.md)."""
    actor = actor_of(request)
    try:
        given = json.loads(request.body)
        changes = [
            commands.TextInput(str(each["path"]), str(each["value"]), int(each["base"]))
            for each in given["changes"][:200]
        ]
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError, RawPostDataException):
        queries.own_application(actor, pk)
        return _said_json(UNREADABLE)
    try:
        found = commands.save_supplement_texts(actor=actor, application_id=pk, changes=changes)
    except Refused as refused:
        return _said_json(refused)
    return JsonResponse(
        {"at": clock.now().isoformat(), "revision": 0, "results": [_told(each) for each in found]}
    )


@require_GET
def changes(request: HttpRequest, pk: int) -> HttpResponse:
    """What stands in the open requests now, as the pages of an application are told it."""
    actor = actor_of(request)
    application = queries.own_application(actor, pk)
    supplements = [
        one for one in queries.own_supplements(actor, application) if one.state == SupplementState.ASKED
    ]
    due = min((one.due_at for one in supplements), default=clock.now())
    fields = [
        {"path": f"reply:{one.pk}", "revision": one.draft_revision, "value": one.draft, "by": "", "at": None}
        for one in supplements
        if one.draft_revision
    ]
    fields += [
        {
            "path": f"item:{item.pk}",
            "revision": item.revision,
            "value": item.text,
            "by": item.saved_by.display_name if item.saved_by else "",
            "own": item.saved_by_id == actor.person,
            "at": item.saved_at.isoformat() if item.saved_at else None,
        }
        for one in supplements
        for item in one.items.all()
        if item.kind == ItemKind.ANSWER and item.revision
    ]
    now = clock.now()
    return JsonResponse(
        {
            "person": token(actor.person, Kind.PERSON) if actor.person is not None else None,
            "revision": 0,
            "state": "open",
            "closes_at": due.isoformat(),
            "closed": False,  # each request has its own deadline, told where it stands
            "at": now.isoformat(),
            "complete": True,
            "changes": fields,
            "writing": [],
            **({"token": get_token(request)} if request.GET.get("token") else {}),
        }
    )


def _told(each: commands.TextOutcome) -> dict[str, Any]:
    if each.refused is not None:
        return {
            "path": each.path,
            "state": "refused",
            "code": each.refused.code,
            "ko": each.refused.ko,
            "en": each.refused.en,
        }
    told: dict[str, Any] = {
        "path": each.path,
        "state": "conflict" if each.conflict else "saved",
        "revision": each.revision,
        "value": each.value,
    }
    if each.conflict:
        told |= {"by": each.by, "at": each.at.isoformat() if each.at else None}
    return told


def _said_json(refused: Refused) -> JsonResponse:
    answer = {"code": refused.code, "ko": refused.ko, "en": refused.en, "said": said(refused.ko, refused.en)}
    return JsonResponse(answer, status=refused.status)
