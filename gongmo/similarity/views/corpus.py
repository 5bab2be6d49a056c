"""Pages of the corpus: lists come in and go, projects are looked up."""

from typing import BinaryIO, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_POST

from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotAllowed, NotFound, Refused
from gongmo.kernel.sheets import to_xlsx
from gongmo.parties.pages import actor_of, said
from gongmo.similarity import commands, places, policies, queries
from gongmo.similarity.reading import PARTS, Problem, Row, rows_of
from gongmo.similarity.searching import Found
from gongmo.similarity.states import ImportState, imports_table

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PREVIEW = 20
LOOKED = 2000
"""Rows that a preview reads for problems."""
TEMPLATE = ("과제고유번호", "과제명", "과제수행기관명", "부처명", "사업명", "기준연도", "총연구기간_종료", "총연구비_합계(원)", "요약문_연구목표", "요약문_연구내용", "요약문_기대효과", "요약문_한글키워드")  # fmt: skip


@require_GET
def corpus(request: HttpRequest) -> HttpResponse:
    """What the corpus holds, and the way in."""
    return _corpus(request, actor_of(request))


def _corpus(
    request: HttpRequest, actor: Actor, refused: Refused | None = None, name: str = ""
) -> HttpResponse:
    page = queries.corpus(actor)
    return render(
        request,
        "similarity/corpus.html",
        {
            "page": page,
            "year_rows": [(str(year), f"{number:,}") for year, number in page.years],
            "shown": imports_table.shown,
            "refused": refused,
            "name": name,
        },
        status=refused.status if refused else 200,
    )


@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Upload a list."""
    actor = actor_of(request)
    queries.corpus(actor)
    policies.keep_corpus.require(actor)
    upload = request.FILES.get("file")
    try:
        if upload is None:
            raise BadInput(
                "file_missing", "올릴 파일을 골라 주세요.", "Choose a file to upload.", field="file"
            )
        made = commands.begin_import(
            actor=actor,
            name=request.POST.get("name", ""),
            file_name=upload.name or "",
            stream=cast(BinaryIO, upload),
        )
    except (NotFound, NotAllowed):
        raise
    except Refused as refused:
        return _corpus(request, actor, refused, request.POST.get("name", ""))
    return redirect("similarity:import", made.pk)


@require_GET
def one_import(request: HttpRequest, pk: int) -> HttpResponse:
    """A list: what it would bring, how far it is, what was left out."""
    actor = actor_of(request)
    found = queries.import_for(actor, pk)
    rows: list[Row] = []
    problems: list[Problem] = []
    unused: list[str] = []
    refused: Refused | None = None
    if found.state == ImportState.PREVIEW:
        try:
            with places.fetched(found.pk, found.file_name) as path:
                name = places.short_name(found.pk, found.file_name)
                for number, (reading, row) in enumerate(rows_of(path, name)):
                    unused = reading.unused
                    if isinstance(row, Problem):
                        problems.append(row)
                    elif len(rows) < PREVIEW:
                        rows.append(row)
                    if number >= LOOKED:
                        break
        except (BadInput, OSError) as error:
            refused = error if isinstance(error, BadInput) else None
    return render(
        request,
        "similarity/import.html",
        {
            "found": found,
            "shown": imports_table.shown[ImportState(found.state)],
            "rows": rows,
            "row_problems": problems[:100],
            "unused": unused,
            "looked": LOOKED,
            "columns": [
                {"key": said(name.ko, name.en), "value": found.mapping.get(part) or said("없음", "none")}
                for part, name in PARTS.items()
            ],
            "refused": refused,
            "keeps": policies.keep_corpus(actor),
        },
    )


@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring the list in."""
    actor = actor_of(request)
    queries.import_for(actor, pk)
    commands.confirm_import(actor=actor, import_id=pk)
    messages.success(
        request,
        said(
            "가져오기를 시작했습니다. 이 화면에서 얼마나 되었는지 볼 수 있습니다.",
            "The list is coming in; this page shows how far it is.",
        ),
    )
    return redirect("similarity:import", pk)


@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the list out again."""
    actor = actor_of(request)
    found = queries.import_for(actor, pk)
    commands.drop_import(actor=actor, import_id=pk)
    messages.success(request, said(f"‘{found.name}’ 목록을 지웁니다.", f"“{found.name}” is being deleted."))
    return redirect("similarity:corpus")


@require_GET
def find(request: HttpRequest) -> HttpResponse:
    """Look projects up by a line, a whole text, or a number."""
    actor = actor_of(request)
    words = request.GET.get("q", "")
    refused: Refused | None = None
    found: list[Found] = []
    try:
        found = queries.find_projects(actor, words)
    except BadInput as error:
        refused = error
    return render(
        request,
        "similarity/find.html",
        {"words": words, "found": found, "refused": refused},
        status=refused.status if refused else 200,
    )


@require_GET
def project(request: HttpRequest, pk: int) -> HttpResponse:
    """One earlier project in the words of its list."""
    return render(request, "similarity/project.html", {"project": queries.project_for(actor_of(request), pk)})


@require_GET
def template(request: HttpRequest) -> HttpResponse:
    """An empty list with the heads that are known."""
    queries.corpus(actor_of(request))
    response = HttpResponse(to_xlsx("앞선 과제", TEMPLATE, []), content_type=XLSX)
    response.headers["Content-Disposition"] = (
        content_disposition_header(True, "앞선 과제 목록.xlsx") or "attachment"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
