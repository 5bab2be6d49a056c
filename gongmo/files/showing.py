"""A stored file in all the ways a browser may ask for it, for the views of the floors whose documents it is (they decide who may see it)."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from gongmo.files import commands, queries, storage, tasks
from gongmo.files.models import StoredFile
from gongmo.files.names import safe_name
from gongmo.files.responses import refuse_infected, send, send_content


def serve(request: HttpRequest, stored: StoredFile, name: str) -> HttpResponseBase:
    """What `?show=` asks for: nothing: the file to download; `yes`: the file in the page (PDF and pictures); `pdf`: the PDF that the converter
    made of it; `page`: a page of its own with the viewer. Raises NotFound, and Refused for a file in which a virus was found.
    """
    asked = request.GET.get("show", "")
    if asked == "page":
        refuse_infected(stored)
        return render(request, "files/preview.html", {"shown": preview(stored, name, request.path)})
    made = storage.derived(stored.sha256, "pdf")
    if asked == "pdf" and (size := queries.size_of(made)) is not None:
        refuse_infected(stored)
        return send_content(
            made,
            f"{name}.pdf",
            size=size,
            media_type="application/pdf",
            etag=f'"{stored.sha256}-pdf"',
            inline=True,
            request=request,
        )
    return send(stored, name, inline=asked == "yes", request=request)


def preview(stored: StoredFile, name: str, url: str) -> dict[str, Any]:
    """What the macro `viewer` (files/_preview.html) and the preview page show. `url`: where `serve` answers for this file.

    Reads one row and at most one small file. Where a PDF can be made but is not there yet, it is asked for; the words are shown meanwhile.
    """
    kind = queries.preview_kind(stored)
    coming = (
        kind in ("text", "none") and stored.extension in commands.CONVERTED and bool(commands.converter())
    )
    if coming:
        tasks.convert.enqueue(key=f"convert:{stored.sha256}", sha256=stored.sha256)
    return {
        "kind": kind,
        "url": url,
        "source": f"{url}?show=pdf" if kind == "converted" else f"{url}?show=yes",
        "name": safe_name(name),
        "extension": stored.extension,
        "size": stored.size,
        "coming": coming,
        "pages": queries.text_of(stored.sha256) if kind == "text" else [],
        "inspected": queries.inspection(stored.sha256),
    }
