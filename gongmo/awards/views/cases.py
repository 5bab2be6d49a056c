"""The case on ending an agreement: its page, and one act each."""

from contextlib import suppress
from datetime import date
from typing import BinaryIO, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from gongmo.awards import commands, policies, queries
from gongmo.awards.models import Agreement
from gongmo.awards.states import UNDER_WAY, AgreementState, cases_table
from gongmo.awards.views.reading import won, won_needed
from gongmo.calls.queries import definition_of
from gongmo.files.responses import send
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotAllowed, NotFound, Refused
from gongmo.parties.pages import actor_of, said
from gongmo.rules.termination import Paid


@require_GET
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """The cases on ending one agreement, the one under way first."""
    actor = actor_of(request)
    return _page(request, actor, queries.agreement_for(actor, pk))


@require_POST
def open_case(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a case for a cause, or ask for consent ("consent" in the form)."""
    actor = actor_of(request)
    agreement = queries.agreement_for(actor, pk)
    given = request.POST
    file = request.FILES.get("file")
    try:
        if given.get("consent"):
            commands.ask_consent(actor=actor, agreement_id=pk, reason=given.get("reason", ""))
        else:
            commands.open_case(
                actor=actor,
                agreement=pk,
                clause=given.get("clause", ""),
                reason=given.get("reason", ""),
                evidence=given.get("evidence", ""),
                name=file.name or "" if file else "",
                stream=cast(BinaryIO, file.file) if file else None,
            )
    except (NotFound, NotAllowed):
        raise
    except Refused as refused:
        return _page(request, actor, agreement, refused)
    messages.success(
        request,
        said("당사자에게 알렸습니다. 의견을 기다립니다.", "The parties are told and are being heard."),
    )
    return redirect("awards:case", pk)


@require_POST
def act_on_case(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """State, consent, propose, return or confirm. A refusal is told on the case's page with what was typed."""
    actor = actor_of(request)
    agreement = queries.agreement_of_case(actor, pk)
    try:
        done = _acted(request, actor, pk, act, agreement)
    except (NotFound, NotAllowed):
        raise
    except Refused as refused:
        return _page(request, actor, agreement, refused)
    messages.success(request, done)
    return redirect("awards:case", agreement.pk)


def _acted(request: HttpRequest, actor: Actor, pk: int, act: str, agreement: Agreement) -> str:
    given = request.POST
    file = request.FILES.get("file")
    if act == "state":
        commands.state_case(
            actor=actor,
            case_id=pk,
            text=given.get("text", ""),
            name=file.name or "" if file else "",
            stream=cast(BinaryIO, file.file) if file else None,
        )
        return said("의견을 냈습니다.", "Your statement is in.")
    if act == "consent":
        agreed = given.get("answer") == "yes"
        commands.consent(actor=actor, case_id=pk, agreed=agreed, text=given.get("text", ""))
        return said("답을 남겼습니다.", "Your answer is recorded.")
    if act == "propose":
        commands.propose_decision(
            actor=actor,
            case_id=pk,
            terminate=given.get("proposal") == "terminate",
            reasons=given.get("reasons", ""),
            money=_money(given.dict()),
        )
        return said("제안했습니다. 다른 담당자가 확인합니다.", "Proposed; another officer confirms.")
    if act == "return":
        commands.return_proposal(actor=actor, case_id=pk, reason=given.get("reason", ""))
        return said("제안을 되돌렸습니다.", "The proposal is sent back.")
    if act == "confirm":
        if given.get("confirm", "").strip() != agreement.number:
            raise BadInput(
                "confirmation",
                f"확인을 위해 협약 번호 {agreement.number}을(를) 그대로 적어 주세요. 아무것도 바뀌지 않았습니다.",
                f"Type the number {agreement.number} to confirm. Nothing was changed.",
                field="confirm",
            )
        commands.confirm_decision(actor=actor, case_id=pk)
        return said("결정을 확정했습니다.", "The decision is final.")
    raise NotFound


def _money(given: dict[str, str]) -> list[Paid]:
    """The figures of the form: "paid-2025-national", "spent-…", "on-…"; rows without a payment are not yet established."""
    found = []
    for key, typed in given.items():
        if not key.startswith("paid-") or not typed.strip():
            continue
        _, year, source = key.split("-", 2)
        if not year.isdecimal():
            raise NotFound
        day: date | None = None
        with suppress(ValueError):
            day = date.fromisoformat(given.get(f"on-{year}-{source}", ""))
        spent = won(given.get(f"spent-{year}-{source}", ""), field="paid") or 0
        found.append(Paid(int(year), source, won_needed(typed, field="paid"), spent, day))
    return found


@require_GET
def case_file(request: HttpRequest, pk: int, sha256: str) -> HttpResponseBase:
    """A file that came with a ground or a statement."""
    stored, name = queries.case_file(actor_of(request), pk, sha256)
    return send(stored, name, request=request)


def _page(
    request: HttpRequest, actor: Actor, agreement: Agreement, refused: Refused | None = None
) -> HttpResponse:
    definition = definition_of(agreement.call)
    found = [queries.case_view(actor, agreement, each) for each in queries.cases_of(actor, agreement)]
    current = found[0] if found and found[0].case.state in UNDER_WAY else None
    standing = agreement.state in (AgreementState.DRAFT, AgreementState.IN_FORCE)
    context = {
        "agreement": agreement,
        "definition": definition,
        "current": current,
        "earlier": found[1:] if current else found,
        "states": cases_table.shown,
        "manages": policies.manage(actor, agreement.call),
        "may_ask": standing and current is None and policies.sign_agreement(actor, agreement),
        "may_open": standing and policies.manage(actor, agreement.call),
        "clauses": definition.clauses,
        "sources": {source.id: source.name for source in definition.budget.sources},
        "typed": request.POST.dict() if refused is not None else {},
        "refused": refused,
    }
    return render(request, "awards/case.html", context, status=200 if refused is None else refused.status)
