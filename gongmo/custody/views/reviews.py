"""The monthly review of the access log: months, one month with its signature, one person's accesses, the log as a file."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from gongmo.custody import commands, queries, words
from gongmo.custody.months import COMMAND_LINE, Month, notes_of
from gongmo.kernel import clock
from gongmo.kernel.errors import BadInput, Refused
from gongmo.kernel.sheets import Cell, to_csv, to_xlsx
from gongmo.parties.pages import actor_of, said
from gongmo.privacy.models import AccessNote
from gongmo.rules.access import Oddity, uncovered

PAGE = 100
MOST_ROWS = 100_000


@login_required
@require_GET
def reviews(request: HttpRequest) -> HttpResponse:
    """The months that the person may review."""
    lines = queries.months(actor_of(request))
    return render(
        request,
        "custody/reviews.html",
        {"lines": lines, "waiting": [each for each in lines if each.over and not each.done]},
    )


@login_required
@require_http_methods(["GET", "POST"])
def month(request: HttpRequest, month: str, scope: str) -> HttpResponse:
    """One month. POST `opinion` and `check-<kind>` sign its review."""
    actor = actor_of(request)
    whose, when = queries.scope_of(actor, scope), Month.read(month)
    refused: Refused | None = None
    checks = {each.value: request.POST.get(f"check-{each.value}", "") for each in Oddity}
    opinion = request.POST.get("opinion", "")
    if request.method == "POST":
        try:
            commands.sign_off(actor=actor, month=when, scope=whose, opinion=opinion, checks=checks)
        except Refused as error:
            refused = error
        else:
            messages.success(
                request, said("점검을 마쳤습니다. 기록에 남겼습니다.", "The review is signed and recorded.")
            )
            return redirect("custody:month", month, scope)
    figures, counted_at = queries.figures(when, whose)
    signed = list(queries.signatures(when, whose))
    downloads = queries.exports(when, whose)
    names = queries.names_of(
        [
            *(each.person for each in figures.people),
            *(each.person for each in figures.standouts),
            *(each.person for each in downloads),
            *(each.reviewer_id for each in signed),
        ]
    )
    waiting = uncovered(figures.accessors, [each.reviewer_id for each in signed])
    return render(
        request,
        "custody/month.html",
        {
            "month": when,
            "scope": whose,
            "figures": figures,
            "counted_at": counted_at,
            "signed": signed,
            "downloads": downloads,
            "names": names,
            "waiting": sorted(names[each] for each in waiting),
            "own_wait": actor.person in waiting and actor.person in {each.reviewer_id for each in signed},
            "may_sign": clock.now() >= when.end and actor.person not in {each.reviewer_id for each in signed},
            "over": clock.now() >= when.end,
            "oddities": [each for each in Oddity if any(one.oddity is each for one in figures.standouts)],
            "checks": checks,
            "opinion": opinion,
            "refused": refused,
            "field": refused.field if isinstance(refused, BadInput) else None,
            "longest": commands.LONGEST,
            **_words(),
        },
        status=refused.status if refused else 200,
    )


@login_required
@require_GET
def person(request: HttpRequest, month: str, scope: str, person: int) -> HttpResponse:
    """One person's accesses in a month."""
    actor = actor_of(request)
    whose, when = queries.scope_of(actor, scope), Month.read(month)
    found = Paginator(queries.notes_by(when, whose, person), PAGE)
    page = found.get_page(request.GET.get("page"))
    return render(
        request,
        "custody/person.html",
        {
            "month": when,
            "scope": whose,
            "name": queries.names_of([person])[person],
            "command_line": person == COMMAND_LINE,
            "page": page,
            "pages": found.num_pages,
            "total": found.count,
            **_words(),
        },
    )


@login_required
@require_GET
def export(request: HttpRequest, month: str, scope: str, form: str) -> HttpResponse:
    """A month's notes as XLSX or CSV."""
    actor = actor_of(request)
    whose, when = queries.scope_of(actor, scope), Month.read(month)
    notes = list(notes_of(when, whose.organisation).order_by("at", "id")[:MOST_ROWS])
    heads = [
        said("때", "When"),
        said("사람", "Who"),
        said("역할", "Role"),
        said("접속 주소", "From"),
        said("한 일", "Did"),
        said("화면", "Page"),
        said("대상", "Whose data"),
        said("결과", "Outcome"),
        said("조건", "Filter"),
        said("까닭", "Reason"),
    ]
    rows = list(_rows(notes))
    if form == "csv":
        content, kind = to_csv(heads, rows), "text/csv; charset=utf-8"
    else:
        content = to_xlsx(said("접속기록", "Access log"), heads, rows)
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="access-{when}-{whose.key}.{form}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _rows(notes: Iterable[AccessNote]) -> Iterable[list[Cell]]:
    notes = list(notes)
    names = queries.names_of({each.person for each in notes})
    for each in notes:
        kind, role = words.KINDS[each.kind], words.ROLES.get(each.role)
        yield [
            each.at,
            names.get(each.person or COMMAND_LINE, ""),
            said(role.ko, role.en) if role else each.role,
            each.address,
            said(kind.ko, kind.en),
            each.page,
            subject(each),
            said("거절", "refused") if each.refused else said("보임", "shown"),
            each.detail,
            each.reason,
        ]


def subject(note: AccessNote) -> str:
    """Whose data a note is about, in words and by number: a reviewer need not know more."""
    word = words.SUBJECTS.get(note.subject_type)
    told = f"{said(word.ko, word.en) if word else note.subject_type} {note.subject_id}".strip()
    return f"{told} (gongmo {note.page[4:].replace('_', ' ')})" if note.page.startswith("cli:") else told


def _words() -> dict[str, Any]:
    return {
        "kinds": words.KINDS,
        "kind_order": list(words.KINDS)[:5],
        "role_words": words.ROLES,
        "oddity_words": words.ODDITIES,
        "subject": subject,
    }
