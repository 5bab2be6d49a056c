"""Writing pages: overview, money, self-check and consents, documents."""

from dataclasses import dataclass
from datetime import date
from typing import BinaryIO, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from gongmo.applications import budget_form, commands, presentation
from gongmo.applications.models import ApplicationDocument, Consent, Declaration
from gongmo.applications.policies import may_edit, may_fill, may_speak_for
from gongmo.applications.states import MemberState
from gongmo.applications.values import CONSENTS
from gongmo.applications.views.base import Desk, actor_of, desk, said, show
from gongmo.definition.application import Truth
from gongmo.kernel.errors import BadInput, NotFound, Refused

SAVED = ("저장했습니다.", "Saved.")


@require_http_methods(["GET", "POST"])
def overview(request: HttpRequest, pk: int) -> HttpResponse:
    """Title, summary and fields of support."""
    at = desk(request, pk)
    application = at.application
    if request.method == "GET":
        typed = {
            "title": application.title,
            "summary": application.summary,
            "fields": application.fields,
            "revision": application.revision,
        }
        return show(request, "applications/overview.html", at, {"typed": typed}, page="overview")
    revision = request.POST.get("revision", "")
    typed = {
        "title": request.POST.get("title", ""),
        "summary": request.POST.get("summary", ""),
        "fields": request.POST.getlist("fields"),
        "revision": application.revision,
    }
    try:
        commands.update_overview(
            actor=at.actor,
            application_id=pk,
            title=typed["title"],
            summary=typed["summary"],
            fields=typed["fields"],
            revision=int(revision) if revision.isdecimal() else None,
        )
    except NotFound:
        raise
    except Refused as refused:
        stale = application if refused.code == "application_stale" else None
        return show(
            request,
            "applications/overview.html",
            at,
            {"typed": typed, "stale": stale},
            page="overview",
            refused=refused,
        )
    messages.success(request, said(*SAVED))
    return redirect("applications:members" if request.POST.get("next") else "applications:overview", pk)


@require_http_methods(["GET", "POST"])
def money(request: HttpRequest, pk: int) -> HttpResponse:
    """The budget table. Rows that the actor may edit are inputs; what cannot be read stays as typed, with its fault.

    A large consortium's table is shown one organisation at a time (`?organisation=`).
    """
    at = desk(request, pk)
    table = _table(request, at)
    if request.method == "GET":
        return _money_page(request, at, table, _stored(at, table))
    rows = budget_form.typed_rows(request.POST, table.columns)
    if request.POST.get("more"):
        rows += budget_form.blank_rows(len(rows), budget_form.BLANK_ROWS, table.first, table.columns)
        return _money_page(request, at, table, rows)
    cells = budget_form.read_rows(rows, table.columns)
    if any(row.errors for row in rows):
        refused = BadInput(
            "cells_unreadable",
            "빨간 칸을 고쳐 주세요. 연도·분야·비목을 고르고, 금액은 0 이상의 정수(원)로 적어 주세요.",
            "Mend the marked cells: choose year, field and category, and write whole won from 0.",
            field="cells",
        )
        return _money_page(request, at, table, rows, refused)
    try:
        commands.set_cells(actor=at.actor, application_id=pk, cells=[cell for _, _, cell in cells])
    except NotFound:
        raise
    except Refused as refused:
        for item in refused.details.get("cells", ()):
            row, column, _ = cells[item["index"]]
            row.errors[budget_form.name_of(column)] = said(item["ko"], item["en"])
        return _money_page(request, at, table, rows, refused)
    messages.success(request, said(*SAVED))
    if request.POST.get("next"):
        return redirect("applications:statements", pk)
    one = f"?organisation={table.one}" if table.one else ""
    return redirect(reverse("applications:money", args=[pk]) + one)


@dataclass(frozen=True)
class _Table:
    """What of the budget is on the page: its columns, the organisations that may be edited, and the only one shown ("" for all)."""

    columns: list[presentation.Column]
    editable: list[tuple[str, str]]
    one: str
    first: str


def _table(request: HttpRequest, at: Desk) -> _Table:
    editable = [
        (str(member.organisation_id), member.organisation.name)
        for member in at.members
        if may_fill(at.actor, member)
    ]
    keys = [key for key, _ in editable]
    own = str(at.actor.organisation)
    first = own if own in keys else (keys[0] if keys else "")
    one = ""
    if len(at.value.budget) > budget_form.MOST_CELLS:
        asked = request.POST.get("organisation") or request.GET.get("organisation", "")
        one = first = asked if asked in keys else first
    return _Table(presentation.columns(at.definition, at.value.budget), editable, one, first)


def _stored(at: Desk, table: _Table) -> list[budget_form.FormRow]:
    keys = [table.one] if table.one else [key for key, _ in table.editable]
    cells = at.application.cells.filter(organisation__in=[int(key) for key in keys])
    rows = budget_form.stored_rows(cells.order_by("organisation", "year", "id"), table.columns)
    count = budget_form.BLANK_ROWS if at.writable and table.editable else 0
    return rows + budget_form.blank_rows(len(rows), count, table.first, table.columns)


def _money_page(
    request: HttpRequest,
    at: Desk,
    table: _Table,
    rows: list[budget_form.FormRow],
    refused: Refused | None = None,
) -> HttpResponse:
    definition, value = at.definition, at.value
    names = {organisation.id: organisation.name for organisation in value.organisations}
    by_organisation, totals = presentation.rows_by(definition, value.budget, names, "organisation")
    groups = presentation.grouped(definition, value, at.findings)
    context = {
        "columns": table.columns,
        "rows": rows,
        "names": names,
        "one": table.one,
        "editable": table.editable,
        "organisations": [item for item in table.editable if not table.one or item[0] == table.one],
        "years": [(str(year.year), f"{year.year}") for year in definition.budget.years],
        "fields": [(field.id, field.name) for field in definition.fields],
        "categories": [(category.id, category.name) for category in definition.budget.categories],
        "bars": presentation.bars(definition, value),
        "sources": presentation.source_parts(definition, value),
        "by_organisation": by_organisation,
        "totals": totals,
        "group": next((group for group in groups if group.id == "money"), None),
    }
    return show(request, "applications/money.html", at, context, page="money", refused=refused)


@require_http_methods(["GET", "POST"])
def statements(request: HttpRequest, pk: int) -> HttpResponse:
    """The own organisation's self-check and consents, and how far the others are."""
    at = desk(request, pk)
    own = at.own
    mine = own is not None and own.state == MemberState.ACCEPTED and may_speak_for(at.actor, own)
    stored: dict[str, Declaration] = (
        {item.fact: item for item in own.declarations.all()} if own is not None and mine else {}
    )
    given = set(Consent.objects.filter(member__in=at.members, given=True).values_list("member_id", "kind"))
    refused: Refused | None = None
    if request.method == "POST" and own is not None:
        try:
            _say(request, at, own.pk, stored, given)
        except NotFound:
            raise
        except Refused as error:
            refused = error
        else:
            messages.success(request, said(*SAVED))
            return redirect(
                "applications:documents" if request.POST.get("next") else "applications:statements", pk
            )
    posted = request.POST if refused is not None else None
    answers = []
    for fact in at.definition.facts:
        kept = stored.get(fact.id)
        answers.append(
            {
                "fact": fact,
                "value": posted.get(f"fact-{fact.id}", "") if posted else kept.value if kept else "",
                "follow_up": posted.get(f"follow-{fact.id}") == "yes"
                if posted
                else bool(kept and kept.follow_up),
                "ended": posted.get(f"ended-{fact.id}", "")
                if posted
                else kept.earlier_ended_on
                if kept
                else "",
                "note": posted.get(f"note-{fact.id}", "") if posted else kept.note if kept else "",
                "exceptions": [
                    exception
                    for rule in at.definition.rules
                    if rule.kind == "exclusion" and rule.fact == fact.id
                    for exception in rule.exceptions
                ],
            }
        )
    required = [kind.id for kind in CONSENTS if kind.required]
    context = {
        "own": own,
        "mine": mine,
        "answers": answers,
        "consents": [
            (
                kind,
                posted.get(f"consent-{kind.id}") == "yes"
                if posted
                else own is not None and (own.pk, kind.id) in given,
            )
            for kind in CONSENTS
        ],
        "progress": [
            (
                member,
                presentation.answered(at.definition, member),
                all((member.pk, kind) in given for kind in required),
            )
            for member in at.members
        ],
    }
    return show(request, "applications/statements.html", at, context, page="statements", refused=refused)


def _say(
    request: HttpRequest,
    at: Desk,
    member_id: int,
    stored: dict[str, Declaration],
    given: set[tuple[int, str]],
) -> None:
    """Say what differs from what was said before: each answer and each consent is an act of its own."""
    for fact in at.definition.facts:
        answer = request.POST.get(f"fact-{fact.id}", "")
        if not answer:
            continue
        if answer not in {truth.value for truth in Truth}:
            raise BadInput(
                "answer_unknown",
                "답을 다시 골라 주세요.",
                "Choose the answer again.",
                field=f"fact-{fact.id}",
            )
        follow_up = True if request.POST.get(f"follow-{fact.id}") == "yes" else None
        ended = _day(request.POST.get(f"ended-{fact.id}", ""), f"ended-{fact.id}")
        note = request.POST.get(f"note-{fact.id}", "").replace("\r\n", "\n").strip()
        kept = stored.get(fact.id)
        if kept is not None and (kept.value, kept.follow_up, kept.earlier_ended_on, kept.note) == (
            answer,
            follow_up,
            ended,
            note,
        ):
            continue
        commands.declare(
            actor=at.actor,
            member_id=member_id,
            fact=fact.id,
            value=Truth(answer),
            follow_up=follow_up,
            earlier_ended_on=ended,
            note=note,
        )
    for kind in CONSENTS:
        wanted = request.POST.get(f"consent-{kind.id}") == "yes"
        if wanted != ((member_id, kind.id) in given):
            commands.consent(actor=at.actor, member_id=member_id, kind=kind.id, given=wanted)


def _day(text: str, field: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise BadInput(
            "day_unreadable", "날짜를 다시 골라 주세요.", "Choose the day again.", field=field
        ) from error


@require_http_methods(["GET"])
def documents(request: HttpRequest, pk: int) -> HttpResponse:
    """Every due document: what is there, what is missing, and where to hand it in."""
    return _documents_page(request, desk(request, pk))


@require_POST
def attach(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand in one document."""
    actor = actor_of(request)
    kind, member = request.POST.get("kind", ""), request.POST.get("member", "")
    upload = request.FILES.get("file")
    place = f"{kind}-{member or 'all'}"
    try:
        if upload is None:
            raise BadInput(
                "file_missing", "올릴 파일을 골라 주세요.", "Choose the file to hand in.", field="file"
            )
        commands.attach(
            actor=actor,
            application_id=pk,
            kind=kind,
            name=upload.name or kind,
            stream=cast(BinaryIO, upload),
            member_id=int(member) if member.isdecimal() else None,
        )
    except NotFound:
        raise
    except Refused as refused:
        return _documents_page(request, desk(request, pk), refused, place)
    messages.success(request, said("문서를 올렸습니다.", "The document is in."))
    return redirect(reverse("applications:documents", args=[pk]) + f"#{place}")


@require_POST
def detach(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a document down."""
    try:
        document = commands.detach(actor=actor_of(request), document_id=pk)
    except NotFound:
        raise
    except Refused as refused:
        found = ApplicationDocument.objects.get(pk=pk)
        return _documents_page(request, desk(request, found.application_id), refused)
    messages.success(
        request,
        said(
            f"‘{document.name}’을(를) 내렸습니다. 기록에는 남아 있습니다.",
            f"“{document.name}” is taken down; the record keeps it.",
        ),
    )
    return redirect("applications:documents", document.application_id)


def _documents_page(
    request: HttpRequest, at: Desk, refused: Refused | None = None, place: str = ""
) -> HttpResponse:
    given = ApplicationDocument.objects.filter(application=at.application, removed_at__isnull=True)
    rows = presentation.document_rows(at.definition, at.value, at.members, given.select_related("file"))
    lead = may_edit(at.actor, at.application)
    context = {
        "rows": [(row, lead if row.member is None else may_fill(at.actor, row.member)) for row in rows],
        "missing": sum(1 for row in rows if row.document is None),
        "place": place,
    }
    return show(request, "applications/documents.html", at, context, page="documents", refused=refused)
