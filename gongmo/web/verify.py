"""The public page that checks a receipt: what `gongmo receipt verify` says, in words, without keeping anything."""

import json
import os
import signal
import sys
import tempfile
from pathlib import Path
from threading import Lock
from typing import Any

from allauth.core.internal import ratelimit
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from gongmo.files.confined import run
from gongmo.files.names import safe_name
from gongmo.kernel.errors import BadInput, Refused
from gongmo.ledger.signing import public_key

MOST_RECEIPT = 5 * 1024**2
MOST_FILES = 100 * 1024**2
"""Bytes of a receipt, and of the files beside it, that are checked here; the command line has no such limit."""
A_MINUTE = 20
"""Checks a minute from one network address (of IPv6 its network, as in gongmo.web.throttling)."""
SECONDS = 3
"""Seconds of the processor for one check; a receipt with 300 files takes one."""
WALL = 20.0
"""Seconds for one check until it is ended. More than it may work: it stands behind what people wait for, and holds up only other checks."""
MEMORY = 1024**3
"""Bytes of memory for one check: a few MB of PDF can unpack to gigabytes."""

AGAIN = "10"
"""Seconds after which whoever found a check going on may come again."""
_one = Lock()
"""One check at a time in this process: strangers cause them, and each is a program that works for seconds."""


class _Later(Refused):
    status = 503


class _TooOften(Refused):
    status = 429


@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Upload a receipt (JSON or PDF) and, where wanted, the files that were handed in."""
    told: dict[str, Any] | None = None
    refused: Refused | None = None
    if request.method == "POST":
        try:
            told = _checked(request)
        except Refused as error:
            refused = error
    context = {"told": told, "refused": refused, "key": public_key()}
    response = render(request, "verify.html", context, status=refused.status if refused else 200)
    if isinstance(refused, _Later | _TooOften):
        response.headers["Retry-After"] = AGAIN if isinstance(refused, _Later) else "60"
    return response


def _checked(request: HttpRequest) -> dict[str, Any]:
    receipt = request.FILES.get("receipt")
    files = [each for each in request.FILES.getlist("files") if isinstance(each, UploadedFile)]
    if not isinstance(receipt, UploadedFile):
        raise BadInput(
            "receipt_missing",
            "확인할 접수증 파일(JSON 또는 PDF)을 골라 주세요.",
            "Choose the receipt (JSON or PDF) to check.",
            field="receipt",
        )
    if (receipt.size or 0) > MOST_RECEIPT or sum(each.size or 0 for each in files) > MOST_FILES:
        raise BadInput(
            "receipt_too_large",
            "이 화면에서는 접수증 5 MB, 함께 견줄 파일 100 MB까지 확인합니다. 더 큰 파일은 gongmo receipt verify 명령으로 확인해 주세요.",
            "This page checks receipts up to 5 MB and files up to 100 MB. Check larger ones with gongmo receipt verify.",
            field="receipt",
        )
    if not _one.acquire(blocking=False):
        raise _Later(
            "checking_another",
            "지금 다른 접수증을 확인하고 있습니다. 10초 뒤 다시 올려 주세요.",
            "Another receipt is being checked. Please send it again in 10 seconds.",
        )
    try:
        _throttle(request)
        return _told(receipt, files)
    finally:
        _one.release()


def _told(receipt: "UploadedFile[bytes]", files: "list[UploadedFile[bytes]]") -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="gongmo-verify-") as name:
        folder = Path(name)
        _write(receipt, folder / "receipt")
        arguments = ["receipt", "verify", str(folder / "receipt"), "--json"]
        if files:
            (folder / "files").mkdir()
            for place, each in enumerate(files):
                # Two files may carry one name; what counts is their content.
                (folder / "files" / str(place)).mkdir()
                _write(each, folder / "files" / str(place) / safe_name(each.name or "file"))
            arguments += ["--files", str(folder / "files")]
        return _run(arguments, folder)


def _run(arguments: list[str], folder: Path, *, wall: float = WALL) -> dict[str, Any]:
    """What the command tells, from a program of its own: whatever a stranger's file does to it, it does not do here."""
    with (folder / "told").open("wb") as out:
        code = run(
            # -I: nothing of the folder, in which a stranger's files lie, is a module.
            [sys.executable, "-I", "-m", "gongmo.cli.main", *arguments],
            wall=wall,
            memory=MEMORY,
            seconds=SECONDS,
            beside=True,
            stdout=out.fileno(),
            cwd=str(folder),
        )
    if code in (-signal.SIGKILL, -signal.SIGXCPU):
        raise BadInput(
            "check_too_long",
            "확인이 오래 걸려 멈췄습니다. 내려받은 접수증 그대로인지 보고 잠시 뒤 다시 올리거나, gongmo receipt verify 명령으로 확인해 주세요.",
            "The check took too long and was stopped. See that it is the receipt as downloaded and try again shortly, or use gongmo receipt verify.",
            field="receipt",
        )
    try:
        told: dict[str, Any] = json.loads((folder / "told").read_bytes())
    except ValueError:
        told = {}
    if "checks" not in told:
        # The command refused what it was given, and says so in JSON too, or it ended without a word.
        raise BadInput(
            "not_a_receipt",
            "접수증으로 읽을 수 없는 파일입니다. 접수증 화면에서 내려받은 JSON이나 PDF 파일을 고쳐 저장하지 않은 그대로 올려 주세요.",
            "This cannot be read as a receipt. Upload the JSON or PDF as it was downloaded, without saving it again.",
            field="receipt",
        )
    return told


def _write(upload: "UploadedFile[bytes]", path: Path) -> None:
    with path.open("wb") as handle:
        for chunk in upload.chunks():
            handle.write(chunk)
    os.chmod(path, 0o600)


def _throttle(request: HttpRequest) -> None:
    # Counted under a lock that all processes share; refused tries do not count, so that an office is not shut out for good.
    counted = {"check": f"{A_MINUTE}/m/ip"}
    if not ratelimit.consume(request, app="gongmo.web.verify", action="check", config=counted):
        raise _TooOften(
            "too_many_checks",
            "한 번에 많은 접수증을 확인했습니다. 1분 뒤에 다시 해 주세요.",
            "Too many checks at once. Please try again in a minute.",
        )
