"""A call to take along: on paper, as data, as days in a calendar."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.utils.http import parse_etags
from django.views.decorators.http import require_safe

from gongmo.calls import calendar, prints, queries
from gongmo.calls.views import instants_of
from gongmo.files.responses import send
from gongmo.kernel import clock
from gongmo.kernel.errors import NotFound
from gongmo.kernel.public import keep, public
from gongmo.parties.pages import actor_of, said


@require_safe
def pdf(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The version in force as PDF, in the reader's language."""
    return _print(request, slug, "pdf")


@require_safe
def hwpx(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The version in force as HWPX, in the reader's language."""
    return _print(request, slug, "hwpx")


def _print(request: HttpRequest, slug: str, form: str) -> HttpResponseBase:
    actor = actor_of(request)
    call = queries.call_by_slug(actor, slug)
    if call.version is None:
        raise NotFound
    made = prints.printed(call.version, "en" if said("ko", "en") == "en" else "ko", form)
    etag = f'"{made.file.sha256[:32]}"'
    held = parse_etags(request.headers.get("If-None-Match", ""))
    response: HttpResponseBase
    if held == ["*"] or etag in [tag.removeprefix("W/") for tag in held]:
        response = HttpResponseNotModified()
    else:
        name = said(
            f"{call.title_ko} (제{call.version.number}판)", f"{call.title_en} (v{call.version.number})"
        )
        response = send(made.file, f"{name}.{form}", inline=form == "pdf")
    response["ETag"] = etag
    if actor.person is None:
        # The address stays and its content follows the version: ask again, which costs nothing.
        response["Cache-Control"] = "public, max-age=0, must-revalidate"
    response["Vary"] = "Cookie"
    return response


@public("version")
@require_safe
def definition(request: HttpRequest, slug: str) -> HttpResponse:
    """The frozen definition (canonical JSON) of the version in force, or of ?version=; its SHA-256 is that of these bytes."""
    call = queries.call_by_slug(actor_of(request), slug)
    asked = request.GET.get("version", "")
    if asked and not (asked.isascii() and asked.isdecimal() and len(asked) < 6):
        raise NotFound
    number = int(asked) if asked else call.version.number if call.version else 0
    version = queries.version_of(call, number)
    response = HttpResponse(version.definition, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{call.slug}-v{version.number}.json"'
    response["Access-Control-Allow-Origin"] = "*"
    response["X-Definition-SHA256"] = version.sha256
    return keep(response, at=clock.now())


@public()
@require_safe
def calendar_of_call(request: HttpRequest, slug: str) -> HttpResponse:
    """The call's opening, closing and dated milestones."""
    call = queries.call_by_slug(actor_of(request), slug)
    page = request.build_absolute_uri(f"/calls/{call.slug}/")
    made = calendar.of_calls([call], said(call.title_ko, call.title_en), lambda _: page)
    return keep(calendar.response(made, f"{call.slug}.ics"), at=clock.now(), instants=instants_of(call))
