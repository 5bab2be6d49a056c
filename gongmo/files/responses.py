"""Sending a stored file to a browser."""

from django.http import FileResponse

from gongmo.files.models import StoredFile
from gongmo.files.names import safe_name
from gongmo.files.queries import open_file

_SHOWN = frozenset({"pdf", "jpg", "png"})


def send(stored: StoredFile, name: str, *, inline: bool = False) -> FileResponse:
    """Stream the content under a safe name. `inline` shows a PDF or a picture in the page; everything else is downloaded.

    The content type is the one found in the content, and the browser is told not to guess another. Raises NotFound.
    """
    response = FileResponse(
        open_file(stored.sha256),
        as_attachment=not (inline and stored.extension in _SHOWN),
        filename=safe_name(name),
        content_type=stored.media_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
