"""Uploads over HTTP: the tus 1.0.0 protocol (core, creation, creation-with-upload, checksum, expiration, termination).

https://tus.io/protocols/resumable-upload. Answers are JSON sentences where the protocol leaves the body free. What changes
something needs the page's CSRF token in X-CSRFToken, as every post of the house does.
"""

import base64
import binascii
import hashlib
import tempfile
from collections.abc import Callable
from datetime import UTC
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.urls import reverse
from django.utils.http import http_date
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

from gongmo.files import commands, queries
from gongmo.files.commands.uploads import PIECE
from gongmo.files.models import Upload, UploadState
from gongmo.files.policies import may_upload
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import Refused

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,checksum,expiration,termination"
CONTENT = "application/offset+octet-stream"
ALGORITHMS = ("sha256", "sha1")
LARGEST_PIECE = 16 * 1024**2
"""Bytes that a piece may have: what the gate in front of the site takes in before a request has a place (gongmo/web/taking_in.py). No view
waits for a sender, so that nobody holds a place by sending a byte now and then."""

STATUS = {
    "upload_offset": 409,
    "upload_closed": 409,
    "upload_quota": 413,
    "file_too_large": 413,
    "storage_full": 507,
    "storage_failed": 503,
    "storage_away": 503,
    "files.upload": 403,
}


class Unspoken(Exception):
    """A request that the protocol does not know. `status` and a sentence for whoever writes a client."""

    def __init__(self, status: int, sentence: str, **headers: str) -> None:
        super().__init__(sentence)
        self.status, self.sentence, self.headers = status, sentence, headers


def uploads(request: HttpRequest) -> HttpResponse:
    """OPTIONS: what is spoken. POST: begin an upload. GET: the own uploads that are under way (`?purpose=`), as JSON."""
    return _answered(request, {"OPTIONS": _options, "POST": _create, "GET": _list})


def upload(request: HttpRequest, upload_id: str) -> HttpResponse:
    """HEAD: how far it is. PATCH: a piece. DELETE: drop it. GET: its state as JSON, for the page that waits."""
    return _answered(
        request,
        {
            "OPTIONS": _options,
            "HEAD": lambda request: _head(request, upload_id),
            "PATCH": lambda request: _patch(request, upload_id),
            "DELETE": lambda request: _delete(request, upload_id),
            "GET": lambda request: JsonResponse(_state(queries.upload_for(_actor(request), upload_id))),
        },
    )


@require_POST
def finish(request: HttpRequest, upload_id: str) -> HttpResponse:
    """Everything was sent: have it checked and kept. `sha256`: what the sender counted."""

    def act(request: HttpRequest) -> HttpResponse:
        sha256 = request.POST.get("sha256", "")
        return JsonResponse(
            _state(commands.finish_upload(actor=_actor(request), upload_id=upload_id, sha256=sha256))
        )

    return _answered(request, {"POST": act})


def _answered(
    request: HttpRequest, methods: dict[str, Callable[[HttpRequest], HttpResponse]]
) -> HttpResponse:
    """The answer of the method that was asked for; refusals as JSON with the protocol's status."""
    method = request.headers.get("X-HTTP-Method-Override", request.method or "").upper()
    if request.method != "POST" and method != request.method:
        method = request.method or ""
    if method not in methods:
        return HttpResponseNotAllowed(sorted(methods))
    response: HttpResponse
    try:
        if method in ("PATCH", "DELETE") or (method == "POST" and methods.get("GET") is _list):
            may_upload.require(_actor(request))
            if request.headers.get("Tus-Resumable") != VERSION:
                raise Unspoken(412, f"Tus-Resumable must be {VERSION}.")
        response = methods[method](request)
    except Unspoken as unspoken:
        response = JsonResponse({"code": "protocol", "message": unspoken.sentence}, status=unspoken.status)
        for name, value in unspoken.headers.items():
            response[name.replace("_", "-")] = value
    except Refused as refused:
        response = JsonResponse(
            {"code": refused.code, "message": _say(refused.ko, refused.en), **_offset(refused)},
            status=STATUS.get(refused.code, refused.status),
        )
    response["Tus-Resumable"] = VERSION
    if response.status_code == 412:
        response["Tus-Version"] = VERSION
    response["Cache-Control"] = "private, no-store"
    return response


def _options(request: HttpRequest) -> HttpResponse:
    response = HttpResponse(status=204)
    response["Tus-Version"] = VERSION
    response["Tus-Extension"] = EXTENSIONS
    response["Tus-Max-Size"] = str(commands.limit_of())
    response["Tus-Checksum-Algorithm"] = ",".join(ALGORITHMS)
    return response


def _list(request: HttpRequest) -> HttpResponse:
    actor = _actor(request)
    may_upload.require(actor)
    found = queries.uploads_under_way(actor, request.GET.get("purpose"))
    return JsonResponse({"uploads": [_state(each) for each in found]})


def _create(request: HttpRequest) -> HttpResponse:
    _ = _fit(request)
    told = _metadata(request.headers.get("Upload-Metadata", ""))
    made = commands.create_upload(
        actor=_actor(request),
        name=told.get("filename", ""),
        size=_number(request, "Upload-Length"),
        purpose=told.get("purpose", ""),
        modified=told.get("modified", ""),
        sha256=told.get("sha256", ""),
    )
    if request.content_type == CONTENT:
        try:
            made = _received(request, made.pk, 0)
        except Unspoken:
            commands.discard_upload(actor=_actor(request), upload_id=made.pk)
            raise
    response = HttpResponse(status=201)
    response["Location"] = reverse("files:upload", args=[made.pk])
    return _standing(response, made)


def _head(request: HttpRequest, upload_id: str) -> HttpResponse:
    found = queries.upload_for(_actor(request), upload_id)
    response = _standing(HttpResponse(), found)
    response["Upload-Length"] = str(found.size)
    return response


def _patch(request: HttpRequest, upload_id: str) -> HttpResponse:
    if request.content_type != CONTENT:
        raise Unspoken(415, f"Content-Type must be {CONTENT}.")
    return _standing(
        HttpResponse(status=204), _received(request, upload_id, _number(request, "Upload-Offset"))
    )


def _delete(request: HttpRequest, upload_id: str) -> HttpResponse:
    commands.discard_upload(actor=_actor(request), upload_id=upload_id)
    return HttpResponse(status=204)


def _fit(request: HttpRequest) -> int:
    """The bytes of the request's body. Raises Unspoken 413 for more than a piece may have: nothing of it is read."""
    told = request.META.get("CONTENT_LENGTH") or "0"
    length = int(told) if told.isascii() and told.isdecimal() and len(told) < 19 else 0
    if length > LARGEST_PIECE:
        raise Unspoken(413, f"A piece may hold {LARGEST_PIECE} bytes; send smaller ones.")
    return length


def _received(request: HttpRequest, upload_id: str, offset: int) -> Upload:
    """Take the request's body as the next piece."""
    length, actor = _fit(request), _actor(request)
    if offset + length > queries.upload_for(actor, upload_id).size:
        raise Unspoken(413, "The piece is longer than what is missing.")
    checksum = request.headers.get("Upload-Checksum", "")
    if not checksum:
        return commands.append(actor=actor, upload_id=upload_id, offset=offset, stream=_Body(request))
    with tempfile.SpooledTemporaryFile(max_size=4 * 1024**2) as held:
        _check(request, checksum, held)
        return commands.append(actor=actor, upload_id=upload_id, offset=offset, stream=held)


def _check(request: HttpRequest, checksum: str, held: Any) -> None:
    """Copy the body aside and compare it with the checksum that came with it. Raises Unspoken 460 where they differ."""
    algorithm, _, told = checksum.partition(" ")
    if algorithm not in ALGORITHMS:
        raise Unspoken(400, f"Upload-Checksum: {', '.join(ALGORITHMS)} are known.")
    hashed = hashlib.new(algorithm, usedforsecurity=False)
    body = _Body(request)
    while piece := body.read(PIECE):
        hashed.update(piece)
        held.write(piece)
    if base64.b64encode(hashed.digest()).decode() != told.strip():
        raise Unspoken(
            460,
            _say(
                "오는 도중에 달라진 조각이 있어 다시 받습니다.",
                "A piece was altered on its way; sending it again.",
            ),
        )
    held.seek(0)


class _Body:
    """The request's body; a sender who goes away ends it."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def read(self, size: int, /) -> bytes:
        try:
            return self.request.read(size)
        except OSError:
            return b""


def _metadata(header: str) -> dict[str, str]:
    """The pairs of Upload-Metadata: names with base64 values. Raises Unspoken where one cannot be read."""
    told: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in header.split(","))):
        name, _, value = pair.partition(" ")
        try:
            told[name] = base64.b64decode(value, validate=True).decode("utf-8").replace("\0", "")
        except (binascii.Error, UnicodeDecodeError) as error:
            raise Unspoken(400, f"Upload-Metadata: {name!r} is not base64 of UTF-8.") from error
    return told


def _number(request: HttpRequest, header: str) -> int:
    value = request.headers.get(header, "")
    if not (value.isascii() and value.isdecimal() and len(value) < 19):
        raise Unspoken(400, f"{header} must be a whole number.")
    return int(value)


def _standing(response: HttpResponse, found: Upload) -> HttpResponse:
    response["Upload-Offset"] = str(found.offset)
    if found.state == UploadState.RECEIVING:
        response["Upload-Expires"] = http_date(found.expires_at.astimezone(UTC).timestamp())
    return response


def _state(found: Upload) -> dict[str, Any]:
    told = found.refusal or {}
    return {
        "id": found.pk,
        "name": found.name,
        "size": found.size,
        "offset": found.offset,
        "modified": found.modified,
        "purpose": found.purpose,
        "state": found.state,
        "sha256": found.file_id or "",
        "code": told.get("code", ""),
        "message": _say(told.get("ko", ""), told.get("en", "")),
    }


def _offset(refused: Refused) -> dict[str, int]:
    return {"offset": refused.details["offset"]} if "offset" in refused.details else {}


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _say(ko: str, en: str) -> str:
    return en if (get_language() or "ko").startswith("en") else ko
