"""The consortium as a spreadsheet file: out, the template, and in through a preview."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongmo.applications import commands, member_file, member_reader
from gongmo.applications.policies import may_edit
from gongmo.applications.queries.invitations import waiting_addresses
from gongmo.applications.views.base import Desk, desk, said, show
from gongmo.applications.views.consortium import rows
from gongmo.files.names import safe_name
from gongmo.kernel import clock
from gongmo.kernel.errors import BadInput, NotAllowed, NotFound, Refused
from gongmo.parties.queries import names_by_number, region_table

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
def export(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """Who takes part and what each owes, as XLSX or CSV."""
    at = desk(request, pk)
    content = member_file.export(at.definition, rows(at), form)
    stamp = clock.now().astimezone(clock.SEOUL)
    kind = "text/csv; charset=utf-8" if form == "csv" else XLSX
    return _file(content, kind, f"{at.application.title[:60]} 컨소시엄 {stamp:%Y-%m-%d %H%M}.{form}")


@require_GET
def template(request: HttpRequest, pk: int) -> HttpResponse:
    """The file to fill in."""
    at = _lead(request, pk)
    today = clock.now().astimezone(clock.SEOUL).date()
    regions = [region.name.ko for region in region_table().regions.values() if region.valid_on(today)]
    return _file(member_file.template(at.definition, regions), XLSX, "참여기관 적을 파일.xlsx")


@require_http_methods(["GET", "POST"])
def bring_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Upload a file and see row by row whom it would invite. Nothing is written here."""
    at = _lead(request, pk)
    if request.method == "GET" or not at.writable:
        return _page(request, at)
    upload = request.FILES.get("file")
    try:
        if upload is None or not upload.size:
            raise BadInput(
                "file_missing",
                "올릴 파일을 골라 주세요. 빈 파일은 읽을 수 없습니다.",
                "Choose a file to upload; an empty one cannot be read.",
                field="file",
            )
        if upload.size > member_reader.LIMITS.size:
            most = member_reader.LIMITS.size // 1024**2
            raise BadInput(
                "file_too_large",
                f"{most} MB까지 올릴 수 있습니다. 목록만 남겨 다시 저장해 주세요.",
                f"At most {most} MB. Keep only the list and save it again.",
                field="file",
            )
        reading = member_reader.read(
            upload.name or "",
            upload.read(),
            at.definition,
            at.value,
            region_table(),
            known=names_by_number,
            waiting=waiting_addresses(pk),
        )
    except BadInput as refused:
        return _page(request, at, refused)
    return _page(request, at, reading=reading)


@require_POST
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Invite the rows of the preview."""
    at = _lead(request, pk)
    try:
        done = commands.import_members(
            actor=at.actor,
            application_id=pk,
            rows=member_file.unpacked(request.POST.get("rows", "")),
            site=request.build_absolute_uri("/"),
        )
    except (NotFound, NotAllowed):
        raise
    except Refused as refused:
        return _page(request, at, refused)
    messages.success(
        request,
        said(
            f"등록된 기관 {done.invited}곳을 초대하고, {done.mailed}곳에 링크를 보냈습니다.",
            f"{done.invited} registered organisations are invited, {done.mailed} links are on their way.",
        ),
    )
    for row, why in done.left_out[:20]:
        messages.warning(
            request, said(f"{row.row}행 {row.name}: {why.ko}", f"Row {row.row} {row.name}: {why.en}")
        )
    if len(done.left_out) > 20:
        more = len(done.left_out) - 20
        messages.warning(
            request, said(f"그 밖에 {more}줄도 초대하지 않았습니다.", f"{more} more rows were left out.")
        )
    return redirect("applications:members", pk)


def _lead(request: HttpRequest, pk: int) -> Desk:
    at = desk(request, pk)
    may_edit.require(at.actor, at.application)
    return at


def _page(
    request: HttpRequest,
    at: Desk,
    refused: Refused | None = None,
    reading: member_reader.Reading | None = None,
) -> HttpResponse:
    context = {
        "reading": reading,
        "packed": member_file.packed(reading.rows) if reading else "",
        "mailed": sum(1 for row in reading.rows if not row.known) if reading else 0,
        "most": member_reader.LIMITS.rows,
        "most_mb": member_reader.LIMITS.size // 1024**2,
    }
    return show(request, "applications/members_import.html", at, context, page="members", refused=refused)


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response.headers["Content-Disposition"] = (
        content_disposition_header(True, safe_name(name)) or "attachment"
    )
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
