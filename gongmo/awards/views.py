"""Pages of the board, negotiation, allocation and agreements: parse, call one command or query, render."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from gongmo.applications.policies import may_see as see_application
from gongmo.awards import commands, policies, queries
from gongmo.awards.board import Lane
from gongmo.awards.board import board as read_board
from gongmo.awards.models import Agreement, Negotiation
from gongmo.awards.picture import agreement_money, source_totals
from gongmo.awards.states import AgreementState, NegotiationState, agreements_table, negotiations_table
from gongmo.calls.models import Call
from gongmo.calls.policies import may_publish
from gongmo.calls.queries import call_by_slug, definition_of
from gongmo.calls.states import calls_table
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.kernel.korean import stamp, won
from gongmo.ledger.queries import history
from gongmo.ledger.telling import timeline
from gongmo.parties.pages import actor_of, said


@require_GET
def boards(request: HttpRequest) -> HttpResponse:
    """The calls whose boards the person may see."""
    actor = actor_of(request)
    publishes = actor.organisation is not None and may_publish(actor, actor.organisation, second_level=False)
    return render(
        request,
        "awards/boards.html",
        {"calls": queries.overseen_calls(actor), "states": calls_table.shown, "publishes": publishes},
    )


@require_GET
def board(request: HttpRequest, slug: str) -> HttpResponse:
    """The pipeline board of a call."""
    actor = actor_of(request)
    call = call_by_slug(actor, slug)
    found = read_board(actor, call)
    return render(
        request,
        "awards/board.html",
        {
            "call": call,
            "steps": [{"label": step.name, "state": step.state} for step in found.steps],
            "columns": [_column(lane) for lane in found.lanes if lane.cards],
            "empty": [lane.name for lane in found.lanes if not lane.cards],
            "links": [
                {"label": name, "url": reverse(view, args=[slug])}
                for name, view in queries.work_pages(actor, call)
            ],
            "waiting": [(item, _page(item.page, slug)) for item in found.waiting],
            "others": timeline(found.others, limit=10),
            "manages": policies.manage(actor, call),
        },
    )


def _column(lane: Lane) -> dict[str, object]:
    cards = [
        {
            "title": card.title,
            "url": reverse("applications:application", args=[card.application]),
            "note": card.note,
            "meta": "" if card.at is None else stamp(card.at),
        }
        for card in lane.cards
    ]
    return {"label": lane.name, "family": lane.family.value, "cards": cards}


def _page(page: str, slug: str) -> str:
    """The address of the page on which a waiting thing is handled."""
    names = {
        "questions": "calls:call",
        "arrivals": "applications:arrivals",
        "screening": "screening:queue",
        "evaluation": "evaluation:stages",
        "negotiations": "awards:negotiations",
        "agreements": "awards:agreements",
    }
    return reverse(names[page], args=[] if page == "agreements" else [slug])


@require_GET
def negotiations(request: HttpRequest, slug: str) -> HttpResponse:
    """Negotiations in order, with their records, and the allocation."""
    actor = actor_of(request)
    call = call_by_slug(actor, slug)
    found = list(queries.negotiations_of(actor, call))
    return render(
        request,
        "awards/negotiations.html",
        {
            "call": call,
            "definition": definition_of(call),
            "negotiations": found,
            "states": negotiations_table.shown,
            "allocation": queries.allocation_of(actor, call),
            "tied": _tied(found),
            "names": {item.application_id: item.application.lead.name for item in found},
            "agreements": {item.application_id: item for item in queries.visible_agreements(actor, call)},
            "manages": policies.manage(actor, call),
            "ranked": queries.ranking_is_fixed(call),
        },
    )


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
        run = commands.allocate(actor=actor, call_id=call.pk)
    except Refused as refused:
        return _told(request, actor, call, refused)
    messages.success(
        request, said(f"{run.number}차 배분을 확정했습니다.", f"Allocation {run.number} is fixed.")
    )
    return redirect("awards:negotiations", slug=slug)


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
    negotiation = Negotiation.objects.select_related("call").filter(pk=pk).first()
    if negotiation is None or not policies.oversee(actor, negotiation.call):
        raise NotFound
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
    return back


def _negotiations_url(negotiation: Negotiation) -> str:
    target: HttpResponseRedirect = redirect("awards:negotiations", slug=negotiation.call.slug)
    return f"{target.url}#negotiation-{negotiation.pk}"


@require_GET
def agreements(request: HttpRequest) -> HttpResponse:
    """The agreements that the person may see."""
    actor = actor_of(request)
    found = list(queries.visible_agreements(actor).prefetch_related("money", "parties"))
    return render(
        request,
        "awards/agreements.html",
        {
            "agreements": [(item, source_totals(item)) for item in found],
            "states": agreements_table.shown,
        },
    )


@require_GET
def agreement(request: HttpRequest, pk: int) -> HttpResponse:
    """One agreement: parties and signatures, period, yearly money, calls under it, history."""
    actor = actor_of(request)
    return _agreement(request, actor, queries.agreement_for(actor, pk))


def _agreement(
    request: HttpRequest,
    actor: Actor,
    found: Agreement,
    *,
    typed: dict[str, str] | None = None,
    refused: Refused | None = None,
) -> HttpResponse:
    definition = definition_of(found.call)
    acts = frozenset(
        {
            "awards.draw_up_agreement",
            "awards.sign_agreement",
            "awards.terminate_agreement",
            "awards.agree_negotiation",
        }
    )
    children = list(queries.child_calls(found))
    return render(
        request,
        "awards/agreement.html",
        {
            "agreement": found,
            "definition": definition,
            "state": agreements_table.shown[found.state],  # type: ignore[index]
            "money": agreement_money(found, definition),
            "totals": source_totals(found),
            "roles": {role.id: role.name for role in definition.consortium.roles},
            "children": children,
            "handed_on": won(sum(child.pot or 0 for child in children)),
            "history": timeline(history("application", found.application_id, acts=acts)),
            "can_sign": policies.sign_agreement(actor, found)
            and any(
                party.organisation_id == actor.organisation and party.signed_at is None
                for party in found.parties.all()
            ),
            "manages": policies.manage(actor, found.call),
            "opens_calls": found.state == AgreementState.IN_FORCE
            and actor.organisation is not None
            and policies.open_regional_call(actor, found, actor.organisation),
            "reads_application": see_application(actor, found.application),
            "clauses": definition.clauses,
            "typed": typed or {},
            "refused": refused,
        },
        status=200 if refused is None else refused.status,
    )


@require_POST
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign for the person's organisation."""
    signed = commands.sign_agreement(actor=actor_of(request), agreement_id=pk)
    done = signed.in_force_at is not None
    messages.success(
        request,
        said(
            "모든 당사자가 서명하여 협약이 발효되었습니다.",
            "Everybody has signed; the agreement is in force.",
        )
        if done
        else said("서명했습니다.", "Signed."),
    )
    return redirect("awards:agreement", pk=pk)


@require_POST
def terminate(request: HttpRequest, pk: int) -> HttpResponse:
    """Terminate an agreement; the number is typed to confirm. A refusal is told on the page, with what was typed."""
    actor = actor_of(request)
    found = queries.agreement_for(actor, pk)
    given = request.POST.dict()
    try:
        if given.get("confirm", "").strip() != found.number:
            raise BadInput(
                "confirmation",
                f"확인을 위해 협약 번호 {found.number}를 그대로 적어 주세요. 아무것도 바뀌지 않았습니다.",
                f"Type the number {found.number} to confirm. Nothing was changed.",
                field="confirm",
            )
        commands.terminate_agreement(
            actor=actor, agreement_id=pk, clause=given.get("clause", ""), reason=given.get("reason", "")
        )
    except Refused as refused:
        if not policies.manage(actor, found.call):
            raise
        return _agreement(request, actor, queries.agreement_for(actor, pk), typed=given, refused=refused)
    messages.success(request, said("협약을 해약했습니다.", "The agreement is terminated."))
    return redirect("awards:agreement", pk=pk)
