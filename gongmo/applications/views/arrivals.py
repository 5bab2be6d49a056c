"""The register of arrivals: what came by letter, post and e-mail, scanned, typed or pasted."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongmo.applications import commands
from gongmo.applications.commands.arrivals import Line, Outcome, Taken
from gongmo.applications.queries.arrivals import ArrivalState, RegisterRow, register_of
from gongmo.applications.states import ApplicationState, applications_table
from gongmo.applications.views.base import actor_of, said
from gongmo.calls.models import Call
from gongmo.calls.policies import operates
from gongmo.calls.queries import call_by_slug, definition_of
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.clock import SEOUL
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.kernel.korean import day
from gongmo.kernel.sheets import to_csv, to_xlsx

PER_PAGE = 100
FIELDS = ("channel", "arrived_on", "code", "codes", "application", "note", "files")
OPEN = (ArrivalState.WAITING, ArrivalState.MISSING)
FILTERS = {
    "open": ("아직", "Not yet", OPEN),
    "late": ("기한 뒤", "Late", (ArrivalState.LATE,)),
    "arrived": ("도착", "Arrived", (ArrivalState.ARRIVED, ArrivalState.LATE)),
}
"""Filters of the list: word and the states of which a channel must have one."""


@require_http_methods(["GET", "POST"])
def arrivals(request: HttpRequest, slug: str) -> HttpResponse:
    """The register: what has arrived, what has not; scan, type or paste codes, or choose an application."""
    actor = actor_of(request)
    call = _operated(actor, slug)
    if request.method == "GET":
        return _page(request, actor, call)
    outcomes: list[Outcome] = []
    try:
        arrived_on = _day(request.POST.get("arrived_on", ""))
        channel = request.POST.get("channel", "")
        if request.POST.get("application", ""):
            outcomes = [_one(request, actor, channel, arrived_on)]
        else:
            lines = list(_lines(request.POST.get("code", "") + "\n" + request.POST.get("codes", "")))
            if not lines:
                raise BadInput(
                    "code_missing",
                    "표지의 코드나 접수번호를 적거나, 신청을 골라 주세요.",
                    "Type a cover sheet's code or a receipt number, or choose an application.",
                    field="code",
                )
            outcomes = commands.register_arrivals(
                actor=actor, call_id=call.pk, channel=channel, arrived_on=arrived_on, lines=lines
            )
    except Refused as error:
        return _page(request, actor, call, refused=error)
    if all(outcome.taken in (Taken.REGISTERED, Taken.KNOWN) for outcome in outcomes):
        messages.success(request, _told(outcomes))
        query = urlencode({"channel": channel, "arrived_on": arrived_on.isoformat()})
        return redirect(f"{reverse('applications:arrivals', args=[slug])}?{query}")
    return _page(request, actor, call, outcomes=outcomes)


@require_POST
def undo(request: HttpRequest, slug: str) -> HttpResponse:
    """Take back an arrival that was registered by mistake."""
    actor = actor_of(request)
    call = _operated(actor, slug)
    number = request.POST.get("application", "")
    try:
        application = commands.undo_arrival(
            actor=actor,
            application_id=int(number) if number.isdecimal() else 0,
            channel=request.POST.get("channel", ""),
            reason=request.POST.get("reason", ""),
        )
    except NotFound:
        return _page(
            request,
            actor,
            call,
            refused=BadInput(
                "arrival_missing",
                "등록된 도착이 없습니다. 목록을 다시 확인해 주세요.",
                "Nothing is registered there. Look at the list again.",
            ),
        )
    except Refused as error:
        return _page(request, actor, call, refused=error)
    messages.success(
        request,
        said(
            f"‘{application.lead.name}’의 도착 등록을 거두었습니다. 기록에는 남아 있습니다.",
            f"The arrival of “{application.lead.name}” is taken back; the record keeps it.",
        ),
    )
    return redirect("applications:arrivals", slug)


@require_GET
def export(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """The register as CSV or XLSX, every application and channel in a row."""
    actor = actor_of(request)
    call = _operated(actor, slug)
    heads = [
        said(*words)
        for words in (
            ("접수번호", "Receipt"),
            ("주관기관", "Lead"),
            ("지역", "Region"),
            ("신청 상태", "State"),
            ("방법", "Channel"),
            ("기한", "Due"),
            ("도착일", "Arrived on"),
            ("도착 상태", "Arrival"),
            ("메모", "Note"),
            ("파일", "Files"),
            ("등록한 시각", "Registered at"),
            ("등록한 사람", "Registered by"),
        )
    ]
    rows = [
        (
            row.receipt_number,
            row.application.lead.name,
            said(row.application.region.ko, row.application.region.en) if row.application.region else "",
            _word(applications_table.shown[ApplicationState(row.application.state)]),
            said(state.channel.name.ko, state.channel.name.en),
            state.due_on,
            state.arrival.arrived_on if state.arrival else None,
            _word(state.shown),
            state.arrival.note if state.arrival else "",
            ", ".join(state.arrival.files) if state.arrival else "",
            state.arrival.registered_at if state.arrival else None,
            state.arrival.registered_by.display_name if state.arrival and state.arrival.registered_by else "",
        )
        for row in register_of(actor, call, definition_of(call), _today())
        for state in row.states
    ]
    if form == "csv":
        content, kind = to_csv(heads, rows), "text/csv; charset=utf-8"
    else:
        content = to_xlsx(said("도착", "Arrivals"), heads, rows)
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{call.slug}-arrivals.{form}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _operated(actor: Actor, slug: str) -> Call:
    call = call_by_slug(actor, slug)
    if not operates(actor, call):
        raise NotFound
    return call


def _one(request: HttpRequest, actor: Actor, channel: str, arrived_on: date) -> Outcome:
    """Register for an application that was chosen from the list, with a note and file names; this also corrects."""
    chosen = request.POST.get("application", "")
    try:
        arrival = commands.register_arrival(
            actor=actor,
            application_id=int(chosen) if chosen.isdecimal() else 0,
            channel=channel,
            arrived_on=arrived_on,
            note=request.POST.get("note", ""),
            files=request.POST.get("files", "").splitlines(),
        )
    except NotFound as error:
        raise BadInput(
            "application_missing", "신청을 골라 주세요.", "Choose the application.", field="application"
        ) from error
    return Outcome(Line(chosen), Taken.REGISTERED, arrival.application, arrival)


def _page(
    request: HttpRequest,
    actor: Actor,
    call: Call,
    *,
    refused: Refused | None = None,
    outcomes: list[Outcome] | None = None,
) -> HttpResponse:
    definition, today = definition_of(call), _today()
    rows = register_of(actor, call, definition, today)
    given = request.POST if request.method == "POST" else request.GET
    typed = {name: given.get(name, "") for name in FIELDS}
    typed["arrived_on"] = typed["arrived_on"] or today.isoformat()
    if outcomes is not None:
        typed["code"], typed["codes"] = (
            "",
            "\n".join(outcome.line.code for outcome in outcomes if outcome.taken is Taken.UNKNOWN),
        )
    show, text = request.GET.get("show", ""), request.GET.get("q", "").strip()
    of_channel = request.GET.get("of", "")
    shown = [row for row in rows if _matches(row, show, of_channel, text)]
    pages = max(1, -(-len(shown) // PER_PAGE))
    asked = request.GET.get("page", "1")
    page = min(pages, max(1, int(asked))) if asked.isdecimal() and len(asked) < 6 else 1
    kept = {"show": show, "of": of_channel, "q": text}
    context: dict[str, Any] = {
        "call": call,
        "channels": definition.intake.channels,
        "applications": rows,
        "rows": shown[(page - 1) * PER_PAGE : page * PER_PAGE],
        "found": len(shown),
        "page": page,
        "pages": pages,
        "counts": _counts(rows),
        "left": sum(1 for row in rows for state in row.states if state.state in OPEN),
        "filters": _filters(rows, kept),
        "show": show,
        "of": of_channel,
        "q": text,
        "query": urlencode({name: value for name, value in kept.items() if value}),
        "today": today,
        "typed": typed,
        "refused": refused,
        "outcomes": outcomes or [],
        "taken": Taken,
        "states": {state.value: shown for state, shown in applications_table.shown.items()},
    }
    status = refused.status if refused else 200
    return render(request, "applications/arrivals.html", context, status=status)


def _matches(row: RegisterRow, show: str, channel: str, text: str) -> bool:
    states = [state for state in row.states if not channel or state.channel.id == channel]
    if show in FILTERS and not any(state.state in FILTERS[show][2] for state in states):
        return False
    if not text:
        return True
    region = row.application.region
    told = (
        row.receipt_number,
        row.application.lead.name,
        row.application.title,
        region.ko if region else "",
        *(state.arrival.note for state in states if state.arrival),
    )
    return any(text.lower() in each.lower() for each in told)


def _counts(rows: list[RegisterRow]) -> list[tuple[Any, Counter[ArrivalState]]]:
    """Per channel of the call: how many applications stand in each state."""
    counts: dict[str, tuple[Any, Counter[ArrivalState]]] = {}
    for row in rows:
        for state in row.states:
            counts.setdefault(state.channel.id, (state, Counter()))[1][state.state] += 1
    return list(counts.values())


def _filters(rows: list[RegisterRow], kept: dict[str, str]) -> list[dict[str, Any]]:
    def link(show: str) -> str:
        asked = {**kept, "show": show}
        return "?" + urlencode({name: value for name, value in asked.items() if value})

    tabs = [
        {
            "label": said("전체", "All"),
            "url": link(""),
            "current": kept["show"] not in FILTERS,
            "count": len(rows),
        }
    ]
    for name, (ko, en, _) in FILTERS.items():
        count = sum(1 for row in rows if _matches(row, name, kept["of"], ""))
        tabs.append(
            {"label": said(ko, en), "url": link(name), "current": kept["show"] == name, "count": count}
        )
    return tabs


def _told(outcomes: list[Outcome]) -> str:
    done = [outcome for outcome in outcomes if outcome.taken is Taken.REGISTERED]
    known = len(outcomes) - len(done)
    first = (done or outcomes)[0]
    name = first.application.lead.name if first.application else ""
    if not done:
        return said(
            f"이미 등록되어 있습니다: {name}. 그대로 두었습니다.",
            f"Already registered: {name}. Left as it is.",
        )
    when = day(first.arrival.arrived_on) if first.arrival else ""
    more = len(done) - 1
    return said(
        f"도착을 등록했습니다: {name}"
        + (f" 외 {more}건" if more else "")
        + f", {when}"
        + (f" 이미 등록된 {known}건은 그대로 두었습니다." if known else ""),
        f"Registered: {name}"
        + (f" and {more} more" if more else "")
        + f", {when}"
        + (f" {known} were registered already." if known else ""),
    )


def _lines(text: str) -> Iterator[Line]:
    """One line a piece: the code, and after a tab, comma or semicolon a note."""
    for line in text.splitlines():
        tidy = line.replace("\t", ",").replace(";", ",")
        code, _, note = tidy.partition(",")
        if code.strip():
            yield Line(code.strip()[:300], note.strip(" ,")[:300])


def _word(shown: Any) -> str:
    return said(shown.ko, shown.en)


def _today() -> date:
    return clock.now().astimezone(SEOUL).date()


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadInput(
            "day_unreadable", "도착한 날을 골라 주세요.", "Choose the day of arrival.", field="arrived_on"
        ) from error
