"""Sending a stored file to a browser: whole or in ranges, shown or downloaded, never guessed at."""

import re
from collections.abc import Iterator
from typing import BinaryIO, cast

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header, parse_etags

from gongmo.files.models import Inspection, ScanState, StoredFile
from gongmo.files.names import safe_name
from gongmo.files.queries import open_file
from gongmo.kernel.errors import Refused

SHOWN = frozenset({"pdf", "jpg", "png"})
CHUNK = 64 * 1024
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


def send(
    stored: StoredFile, name: str, *, inline: bool = False, request: HttpRequest | None = None
) -> FileResponse:
    """Stream the content under a safe name. `inline` shows a PDF or a picture in the page; everything else is downloaded.

    The content type is the one found in the content, and the browser is told not to guess another. With the `request`, a part of the file
    is sent where one is asked for (big downloads go on after a break, the viewer reads single pages), and nothing where the browser has it.
    Raises NotFound, and Refused for a file in which the virus scanner found something.
    """
    refuse_infected(stored)
    return send_content(
        open_file(stored.sha256),
        name,
        size=stored.size,
        media_type=stored.media_type,
        etag=f'"{stored.sha256}"',
        inline=inline and stored.extension in SHOWN,
        request=request,
    )


def refuse_infected(stored: StoredFile) -> None:
    """Raise Refused for a file in which the virus scanner found something: it is kept, and served to nobody."""
    if Inspection.objects.filter(pk=stored.pk, scan=ScanState.FOUND).exists():
        raise Refused(
            "file_infected",
            "바이러스 검사에서 걸린 파일이라 열 수 없습니다. 낸 분은 원본을 검사한 뒤 다시 올려 주세요.",
            "The virus scanner found something in this file, so it cannot be opened. Whoever handed it in should check the original and upload it again.",
        )


def send_content(
    content: BinaryIO,
    name: str,
    *,
    size: int,
    media_type: str,
    etag: str,
    inline: bool,
    request: HttpRequest | None,
) -> FileResponse:
    """Stream an open file of `size` bytes, or the part or the nothing that the request asks for. Closes it."""
    response: StreamingHttpResponse | HttpResponse
    status, start, end = _asked(request, size, etag)
    if status == 200:
        whole = FileResponse(content, content_type=media_type)
        whole.block_size = CHUNK
        response = whole
    elif status == 206:
        response = StreamingHttpResponse(_part(content, start, end), status=206, content_type=media_type)
        response["Content-Range"] = f"bytes {start}-{end}/{size}"
        response["Content-Length"] = str(end - start + 1)
    else:
        content.close()
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


def _part(content: BinaryIO, start: int, end: int) -> Iterator[bytes]:
    with content:
        content.seek(start)
        left = end - start + 1
        while left and (piece := content.read(min(CHUNK, left))):
            left -= len(piece)
            yield piece
