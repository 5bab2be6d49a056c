"""Negotiations in their order, and the allocation."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from gongmo.awards import commands, policies, queries
from gongmo.awards.models import Negotiation
from gongmo.awards.states import NegotiationState, negotiations_table
from gongmo.awards.views.reading import won_needed
from gongmo.calls.models import Call
from gongmo.calls.queries import call_by_slug, definition_of
from gongmo.evaluation.queries import ranking_is_fixed
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.parties.pages import actor_of, said


@require_GET
def negotiations(request: HttpRequest, slug: str) -> HttpResponse:
    """Negotiations in order, with their records, and the allocation."""
    actor = actor_of(request)
    call = call_by_slug(actor, slug)
    found = list(queries.negotiations_of(actor, call))
    allocation = queries.allocation_of(actor, call)
    return render(
        request,
        "awards/negotiations.html",
        {
            "call": call,
            "definition": definition_of(call),
            "negotiations": found,
            "states": negotiations_table.shown,
            "allocation": allocation,
            "shares": {} if allocation is None else _shares(allocation.result),
            "tied": _tied(found),
            "following": next((item for item in found if item.state == NegotiationState.RESERVE), None),
            "since": queries.since_opened(actor, call, found),
            "officers": queries.officers_in_charge(found),
            "names": {item.application_id: item.application.lead.name for item in found},
            "agreements": {item.application_id: item for item in queries.visible_agreements(actor, call)},
            "manages": policies.manage(actor, call),
            "ranked": ranking_is_fixed(call),
            "adjustable": policies.manage(actor, call) and not queries.has_agreements(call),
        },
    )


def _shares(result: Mapping[str, Any]) -> dict[str | None, Decimal]:
    """Percent of the pot for each application, two places, and under None for what is left."""
    amounts = {each["application"]: each["amount"] for each in result["amounts"]} | {None: result["left"]}
    pot = max(result["pot"], 1)
    return {name: (Decimal(amount * 100) / pot).quantize(Decimal("0.01")) for name, amount in amounts.items()}


def _tied(found: list[Negotiation]) -> list[tuple[int, str]]:
    """The reserves that share the next rank, as choices; empty where the next in rank is clear."""
    reserve = [item for item in found if item.state == NegotiationState.RESERVE]
    tied = [item for item in reserve if item.rank == reserve[0].rank]
    return [(item.application_id, item.application.lead.name) for item in tied] if len(tied) > 1 else []


@require_POST
def open_negotiations(request: HttpRequest, slug: str) -> HttpResponse:
    """Open negotiations with the selected applications."""
    actor = actor_of(request)
    call = call_by_slug(actor, slug)
    try:
        made = commands.open_negotiations(actor=actor, call_id=call.pk)
    except Refused as refused:
        return _told(request, actor, call, refused)
    preferred = sum(1 for item in made if item.opened_at is not None)
    messages.success(
        request,
        said(
            f"우선협상대상 {preferred}건의 협상을 시작했습니다.",
            f"Negotiations with {preferred} were opened.",
        ),
    )
    return redirect("awards:negotiations", slug=slug)


@require_POST
def allocate(request: HttpRequest, slug: str) -> HttpResponse:
    """Allocate the pot among the successful negotiations."""
    actor = actor_of(request)
    call = call_by_slug(actor, slug)
    try:
        run = commands.allocate(
            actor=actor, call_id=call.pk, amounts=_amounts(request), reason=request.POST.get("reason", "")
        )
    except Refused as refused:
        return _told(request, actor, call, refused)
    messages.success(
        request, said(f"{run.number}차 배분을 확정했습니다.", f"Allocation {run.number} is fixed.")
    )
    return redirect("awards:negotiations", slug=slug)


def _amounts(request: HttpRequest) -> dict[int, int]:
    """Sums set by hand: "amount-<application>". Raises BadInput."""
    found = {}
    for key, typed in request.POST.items():
        name = key.removeprefix("amount-")
        if name == key or not name.isdecimal():
            continue
        found[int(name)] = won_needed(str(typed), field="amounts")
    return found


def _told(request: HttpRequest, actor: Actor, call: Call, refused: Refused) -> HttpResponse:
    """Tell a refusal on the page of negotiations. What the actor may not see or do stays with the error pages."""
    if not policies.manage(actor, call):
        raise refused
    messages.error(request, said(refused.ko, refused.en))
    return redirect("awards:negotiations", slug=call.slug)


@require_POST
def act_on_negotiation(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """One act on a negotiation: note, agree, fail, agreement. A refusal is told on the page it came from."""
    actor = actor_of(request)
    negotiation = queries.negotiation_for(actor, pk)
    text = request.POST.get("text", "")
    back = HttpResponseRedirect(_negotiations_url(negotiation))
    try:
        if act == "note":
            commands.note_negotiation(actor=actor, negotiation_id=pk, text=text)
            messages.success(request, said("협상 기록을 남겼습니다.", "The meeting is recorded."))
        elif act == "agree":
            commands.agree_negotiation(actor=actor, negotiation_id=pk, outcome=text)
            messages.success(request, said("협상을 마쳤습니다.", "The negotiation is concluded."))
        elif act == "fail":
            _confirmed(negotiation, request.POST.get("confirm", ""))
            chosen = request.POST.get("next", "")
            promoted = commands.fail_negotiation(
                actor=actor,
                negotiation_id=pk,
                reason=text,
                next_application=int(chosen) if chosen.isdecimal() else None,
            )
            if promoted is None:
                messages.warning(
                    request,
                    said(
                        "협상 결렬을 기록했습니다. 남은 예비순위가 없습니다.",
                        "The failure is recorded; no reserve is left.",
                    ),
                )
            else:
                messages.success(
                    request,
                    said(
                        f"협상 결렬을 기록하고 {promoted.place}번째 순서와 협상을 시작했습니다.",
                        f"The failure is recorded and the negotiation with place {promoted.place} is open.",
                    ),
                )
        elif act == "agreement":
            made = commands.draw_up_agreement(actor=actor, negotiation_id=pk)
            messages.success(
                request, said(f"협약 {made.number}을 만들었습니다.", f"Agreement {made.number} is drawn up.")
            )
            return redirect("awards:agreement", pk=made.pk)
        else:
            raise NotFound
    except Refused as refused:
        if isinstance(refused, NotFound):
            raise
        messages.error(request, said(refused.ko, refused.en))
        request.session[f"negotiation-{pk}-text"] = text
        request.session[f"negotiation-{pk}-act"] = act
        return back
    for kept in ("text", "act"):
        request.session.pop(f"negotiation-{pk}-{kept}", None)
    return back


def _confirmed(negotiation: Negotiation, typed: str) -> None:
    """A failure cannot be taken back, and others are told of it at once: the lead's name is typed. Raises BadInput."""
    name = negotiation.application.lead.name
    if typed.strip() != name:
        raise BadInput(
            "confirmation",
            f"결렬은 되돌릴 수 없습니다. 확인 칸에 ‘{name}’을(를) 그대로 적어 주세요.",
            f"A failure cannot be taken back: type “{name}” in the confirmation box.",
            field="confirm",
        )


def _negotiations_url(negotiation: Negotiation) -> str:
    target: HttpResponseRedirect = redirect("awards:negotiations", slug=negotiation.call.slug)
    return f"{target.url}#negotiation-{negotiation.pk}"
