"""The record's public side: signed checkpoints, and the proof that each continues the one before. Nothing of what is recorded."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gongmo.kernel import clock
from gongmo.kernel.canonical import plain
from gongmo.kernel.errors import NotFound
from gongmo.kernel.public import keep, public
from gongmo.ledger import published
from gongmo.ledger.models import Checkpoint
from gongmo.ledger.signing import public_key, statement

PER_PAGE = 50
FORMAT, PROOF_FORMAT = "gongmo/checkpoints/1", "gongmo/consistency/1"


@public("page", "earlier", "later", mark="record")
@require_safe
def record(request: HttpRequest) -> HttpResponse:
    """The checkpoints, the newest first, how to check one, and two of them compared (`earlier`, `later`: sizes)."""
    newest = published.newest_checkpoint()
    total = published.count()
    pages = max(1, -(-total // PER_PAGE))
    page = min(_number(request.GET.get("page")) or 1, pages)
    earlier, later = _number(request.GET.get("earlier")), _number(request.GET.get("later"))
    proof, asked = None, bool(request.GET.get("earlier") or request.GET.get("later"))
    if earlier and later:
        try:
            proof = published.consistency(earlier, later)
        except NotFound:
            proof = None
    context = {
        "newest": newest,
        "statement": statement(newest.size, newest.root, newest.at).decode() if newest else "",
        "checkpoints": published.checkpoints(first=(page - 1) * PER_PAGE, count=PER_PAGE),
        "total": total,
        "page": page,
        "pages": pages,
        "key": public_key(),
        "asked": asked,
        "earlier": earlier or "",
        "later": later or (newest.size if newest else ""),
        "proof": proof,
        "holds": proof is not None and proof.holds(),
    }
    return keep(render(request, "ledger/record.html", context), at=clock.now())


@public("page", mark="record")
@require_safe
def checkpoints(request: HttpRequest) -> HttpResponse:
    """The same as JSON: {"format", "public_key", "total", "page", "pages", "checkpoints": [{size, root, at, signature, public_key}]}."""
    total = published.count()
    pages = max(1, -(-total // PER_PAGE))
    page = min(_number(request.GET.get("page")) or 1, pages)
    found = published.checkpoints(first=(page - 1) * PER_PAGE, count=PER_PAGE)
    return _json(
        {
            "format": FORMAT,
            "public_key": public_key(),
            "total": total,
            "page": page,
            "pages": pages,
            "checkpoints": [_told(each) for each in found],
        }
    )


@public("earlier", "later", mark="record")
@require_safe
def consistency(request: HttpRequest) -> HttpResponse:
    """The proof (RFC 9162, 2.1.4) that the record under the checkpoint of size `later` begins with that of size `earlier`."""
    earlier, later = _number(request.GET.get("earlier")), _number(request.GET.get("later"))
    if not earlier or not later:
        raise NotFound
    proof = published.consistency(earlier, later)
    return _json(
        {
            "format": PROOF_FORMAT,
            "earlier": _told(proof.earlier),
            "later": _told(proof.later),
            "path": list(proof.path),
        }
    )


def _told(point: Checkpoint) -> dict[str, Any]:
    return {
        "size": point.size,
        "root": point.root,
        "at": plain(point.at),
        "signature": point.signature,
        "public_key": point.public_key,
    }


def _json(value: dict[str, Any]) -> HttpResponse:
    response = JsonResponse(value, json_dumps_params={"ensure_ascii": False, "indent": 1})
    # Witnesses on other sites compare: there is nothing here that is not for everyone.
    response["Access-Control-Allow-Origin"] = "*"
    return keep(response, at=clock.now())


def _number(text: str | None) -> int:
    """A whole number above zero, 0 for anything else."""
    text = text or ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 15 else 0
