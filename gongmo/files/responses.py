"""Sending a stored file to a browser: whole or in ranges, shown or downloaded, never guessed at."""

import re
from collections.abc import Iterator
from typing import BinaryIO, cast

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header, parse_etags

from gongmo.files import storage
from gongmo.files.models import Inspection, ScanState, StoredFile
from gongmo.files.names import safe_name
from gongmo.files.queries import open_key
from gongmo.kernel.errors import Refused

SHOWN = frozenset({"pdf", "jpg", "png"})
CHUNK = 64 * 1024
SIGNED_FROM = 8 * 1024**2
"""Bytes from which on a download is worth a signed address; smaller ones are streamed."""
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


def send(
    stored: StoredFile, name: str, *, inline: bool = False, request: HttpRequest | None = None
) -> FileResponse:
    """Stream the content under a safe name. `inline` shows a PDF or a picture in the page; everything else is downloaded.

    The content type is the one found in the content, and the browser is told not to guess another. With the `request`, a part of the file
    is sent where one is asked for (big downloads go on after a break, the viewer reads single pages), and nothing where the browser has it.
    A large download may be answered with a signed address of the storage instead (GONGMO_FILES_SIGNED): the caller has asked the policy
    before, and the access log notes the answer before it leaves. Raises NotFound, and Refused for a file in which the virus scanner
    found something or while the storage does not answer.
    """
    refuse_infected(stored)
    if not inline and request is not None and (elsewhere := _signed(stored, name)):
        return cast(FileResponse, elsewhere)
    return send_content(
        storage.content(stored.sha256),
        name,
        size=stored.size,
        media_type=stored.media_type,
        etag=f'"{stored.sha256}"',
        inline=inline and stored.extension in SHOWN,
        request=request,
    )


def _signed(stored: StoredFile, name: str) -> HttpResponse | None:
    """A short-lived address of the storage, where the installation wants such and the file is large."""
    seconds = int(getattr(settings, "GONGMO_FILES_SIGNED", 0))
    if not seconds or stored.size < SIGNED_FROM:
        return None
    address = storage.current().signed(
        storage.content(stored.sha256),
        seconds=seconds,
        disposition=content_disposition_header(True, safe_name(name)) or "attachment",
        media_type=stored.media_type,
    )
    if address is None:
        return None
    # Made by the storage's library of the settings' own address; nothing of the request stands in it.
    response = HttpResponse(status=302)
    response["Location"] = address
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response


def refuse_infected(stored: StoredFile) -> None:
    """Raise Refused for a file in which the virus scanner found something: it is kept, and served to nobody."""
    if Inspection.objects.filter(pk=stored.pk, scan=ScanState.FOUND).exists():
        raise Refused(
            "file_infected",
            "바이러스 검사에서 걸린 파일이라 열 수 없습니다. 낸 분은 원본을 검사한 뒤 다시 올려 주세요.",
            "The virus scanner found something in this file, so it cannot be opened. Whoever handed it in should check the original and upload it again.",
        )


def send_content(
    key: str,
    name: str,
    *,
    size: int,
    media_type: str,
    etag: str,
    inline: bool,
    request: HttpRequest | None,
) -> FileResponse:
    """Stream what the storage keeps under a key, `size` bytes, or the part or the nothing that the request asks for. Raises as `open_file`."""
    response: StreamingHttpResponse | HttpResponse
    status, start, end = _asked(request, size, etag)
    if status == 200:
        whole = FileResponse(open_key(key), content_type=media_type)
        whole.block_size = CHUNK
        whole["Content-Length"] = str(size)
        response = whole
    elif status == 206:
        part = _part(open_key(key, start, end), end - start + 1)
        response = StreamingHttpResponse(part, status=206, content_type=media_type)
        response["Content-Range"] = f"bytes {start}-{end}/{size}"
        response["Content-Length"] = str(end - start + 1)
    else:
        response = HttpResponse(status=status, content_type=media_type)
        if status == 416:
            response["Content-Range"] = f"bytes */{size}"
    told = content_disposition_header(not inline, safe_name(name))
    if told:
        response["Content-Disposition"] = told
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = etag
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    if inline and media_type.startswith("image/"):
        # Nothing in a picture may act, whatever a browser makes of it. (Browsers' own PDF viewers do not start in a sandbox.)
        response._csp_update = {"sandbox": []}  # type: ignore[union-attr]
    return cast(FileResponse, response)


def _asked(request: HttpRequest | None, size: int, etag: str) -> tuple[int, int, int]:
    """Status, first and last byte of what is to be sent (RFC 9110, sections 13 and 14). Of several ranges the whole is sent."""
    whole = (200, 0, size - 1)
    if request is None:
        return whole
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        return (304, 0, -1)
    match = _RANGE.fullmatch(request.headers.get("Range", "").replace(" ", ""))
    if match is None or request.headers.get("If-Range", etag) != etag or len(match[0]) > 60:
        return whole
    first, last = match.groups()
    if first:
        start, end = int(first), min(int(last), size - 1) if last else size - 1
    elif last:
        start, end = max(0, size - int(last)), size - 1
    else:
        return whole
    return (206, start, end) if start <= end else (416, 0, -1)


def _part(content: BinaryIO, left: int) -> Iterator[bytes]:
    with content:
        while left and (piece := content.read(min(CHUNK, left))):
            left -= len(piece)
            yield piece
