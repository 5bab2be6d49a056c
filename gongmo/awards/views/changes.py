"""Changes of an agreement: asked for, answered, and the yearly re-agreement."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from gongmo.awards import commands, policies, queries
from gongmo.awards.content import Content
from gongmo.awards.models import Agreement, PartyAct
from gongmo.awards.states import amendments_table, joins_table
from gongmo.awards.views.reading import won
from gongmo.definition.base import Text
from gongmo.definition.model import Definition
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotAllowed, NotFound, Refused
from gongmo.parties.pages import actor_of, said


@require_GET
def changes(request: HttpRequest, pk: int) -> HttpResponse:
    """Requests for changes, their differences, yearly results, and the forms for what comes next."""
    actor = actor_of(request)
    return changes_page(request, actor, queries.agreement_for(actor, pk))


@require_POST
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a change, or tell of it where that is enough."""
    actor = actor_of(request)
    agreement = queries.agreement_for(actor, pk)
    policies.ask_amendment.require(actor, agreement)
    try:
        made = commands.ask_amendment(
            actor=actor,
            agreement_id=pk,
            wish=_wish(request.POST, queries.changes_of(actor, agreement).content),
            reason=request.POST.get("reason", ""),
        )
    except (NotFound, NotAllowed):
        raise
    except Refused as refused:
        return changes_page(request, actor, agreement, refused)
    messages.success(
        request,
        said("승인을 요청했습니다.", "Approval is asked for.")
        if made.state == "asked"
        else said("변경을 알렸습니다. 바로 반영되었습니다.", "The change is told and counts at once."),
    )
    return redirect("awards:changes", pk)


@require_POST
def answer(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Approve, refuse or withdraw a request."""
    actor = actor_of(request)
    agreement = queries.agreement_of_amendment(actor, pk)
    try:
        if act == "withdraw":
            commands.withdraw_amendment(actor=actor, amendment_id=pk)
        elif act == "answer":
            commands.answer_amendment(
                actor=actor,
                amendment_id=pk,
                approved=request.POST.get("decision") == "approve",
                answer=request.POST.get("answer", ""),
            )
        else:
            raise NotFound
    except (NotFound, NotAllowed):
        raise
    except Refused as refused:
        return changes_page(request, actor, agreement, refused)
    messages.success(request, said("처리했습니다.", "Done."))
    return redirect("awards:changes", agreement.pk)


@require_POST
def yearly(request: HttpRequest, pk: int) -> HttpResponse:
    """Record a year's result."""
    actor = actor_of(request)
    agreement = queries.agreement_for(actor, pk)
    given = request.POST
    year = given.get("year", "")
    try:
        commands.record_yearly_result(
            actor=actor,
            agreement_id=pk,
            year=int(year) if year.isdecimal() and len(year) == 4 else 0,
            goes_on=given.get("result") == "continue",
            grade=given.get("grade", ""),
            opinion=given.get("opinion", ""),
        )
    except (NotFound, NotAllowed):
        raise
    except Refused as refused:
        return changes_page(request, actor, agreement, refused)
    messages.success(request, said("연차평가 결과를 기록했습니다.", "The result is recorded."))
    return redirect("awards:changes", pk)


@require_POST
def re_agree(request: HttpRequest, pk: int) -> HttpResponse:
    """Draw up the re-agreement of a year."""
    actor = actor_of(request)
    agreement = queries.agreement_for(actor, pk)
    policies.manage.require(actor, agreement.call)
    year = request.POST.get("year", "")
    try:
        commands.re_agree(
            actor=actor,
            agreement_id=pk,
            year=int(year) if year.isdecimal() and len(year) == 4 else 0,
            wish=_wish(request.POST, queries.changes_of(actor, agreement).content),
            reason=request.POST.get("reason", ""),
        )
    except (NotFound, NotAllowed):
        raise
    except Refused as refused:
        return changes_page(request, actor, agreement, refused)
    messages.success(
        request,
        said(
            "재협약안을 만들었습니다. 모든 당사자의 서명을 기다립니다.",
            "The re-agreement is drawn up and awaits the signatures of all parties.",
        ),
    )
    return redirect("awards:text", pk)


def _wish(given: QueryDict, content: Content | None) -> commands.Wish:
    """What the form says, as far as it has fields. Raises BadInput for a day or a sum that cannot be read."""
    ends: date | None = None
    if given.get("period_ends"):
        try:
            ends = date.fromisoformat(given.get("period_ends", ""))
        except ValueError:
            raise BadInput(
                "period", "끝나는 날을 날짜로 적어 주세요.", "Give a day.", field="period_ends"
            ) from None
    cells = {}
    for number, cell in enumerate(content.budget if content is not None else ()):
        amount = won(given.get(f"cell-{number}", ""), field="cells")
        if amount is not None:
            cells[cell.key] = amount
    heads, addresses = {}, {}
    for party in content.parties if content is not None else ():
        if f"head-{party.organisation}" in given:
            heads[party.organisation] = (
                given.get(f"title-{party.organisation}", "").strip(),
                given.get(f"head-{party.organisation}", "").strip(),
            )
            addresses[party.organisation] = given.get(f"address-{party.organisation}", "").strip()
    conditions = given.get("conditions")
    return commands.Wish(
        period_ends=ends,
        director=given.get("director"),
        scope=given.get("scope"),
        goals_text=given.get("goals_text"),
        conditions=None
        if conditions is None
        else tuple(line.strip() for line in conditions.splitlines() if line.strip()),
        cells=cells,
        heads=heads,
        addresses=addresses,
    )


def changes_page(
    request: HttpRequest, actor: Actor, agreement: Agreement, refused: Refused | None = None
) -> HttpResponse:
    """The page of an agreement's changes, with what was refused."""
    found = queries.changes_of(actor, agreement)
    names = {party.organisation_id: party.organisation.name for party in agreement.parties.all()}
    kinds = {
        kind.id: kind
        for kind in (
            found.definition.agreement.amendments if found.definition and found.definition.agreement else ()
        )
    }
    return render(
        request,
        "awards/changes.html",
        {
            "agreement": agreement,
            "found": found,
            "kinds": kinds,
            "cells": _cells(found.content, found.definition, names),
            "names": names,
            "years": range(agreement.period_starts.year, agreement.period_ends.year + 1),
            "states": amendments_table.shown,
            "joins": joins_table.shown,
            "acts": PartyAct,
            "movable": [
                (party.organisation, party.name)
                for party in (found.content.parties if found.content is not None else ())
                if party.organisation not in (agreement.call.operator_id, agreement.application.lead_id)
            ],
            "heirs": [
                (party.organisation, party.name)
                for party in (found.content.parties if found.content is not None else ())
                if party.organisation != agreement.call.operator_id
            ],
            "roles": _roles(found.definition),
            "typed": request.POST.dict() if refused is not None else {},
            "part": "parties" if "act" in request.POST else "",
            "refused": refused,
        },
        status=200 if refused is None else refused.status,
    )


def _roles(definition: Definition | None) -> list[tuple[str, Text]]:
    """The roles in which an organisation may join: parties of the agreement, never the lead."""
    if definition is None:
        return []
    terms = definition.agreement
    return [
        (role.id, role.name)
        for role in definition.consortium.roles
        if role.id != definition.consortium.lead_role and (terms is None or role.id in terms.parties)
    ]


def _cells(
    content: Content | None, definition: Definition | None, names: dict[int, str]
) -> list[tuple[int, str, int]]:
    """Every cell of the budget in force as (number, words, won)."""
    if content is None or definition is None:
        return []
    words = {
        **{each.id: each.name for each in definition.fields},
        **{each.id: each.name for each in definition.budget.categories},
        **{each.id: each.name for each in definition.budget.sources},
    }
    found = []
    for number, cell in enumerate(content.budget):
        parts = [words.get(each, Text(ko=each, en=each)) for each in (cell.field, cell.category, cell.source)]
        form = said("현물", "in kind") if cell.form.value == "in_kind" else said("현금", "cash")
        name = names.get(int(cell.organisation), cell.organisation)
        found.append(
            (
                number,
                " · ".join([name, str(cell.year), *(said(part.ko, part.en) for part in parts), form]),
                cell.amount,
            )
        )
    return found
