"""A change of the parties: asked for by the lead, answered by the organisation that is to join."""

from datetime import date
from typing import BinaryIO, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongmo.awards import commands, policies, queries
from gongmo.awards.content import Content
from gongmo.awards.models import PartyAct
from gongmo.awards.states import joins_table
from gongmo.awards.views.changes import changes_page
from gongmo.awards.views.reading import won
from gongmo.definition.application import Truth
from gongmo.files.responses import send
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotAllowed, NotFound, Refused
from gongmo.parties.pages import actor_of, said


@require_POST
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask that a member leaves, joins or is replaced."""
    actor = actor_of(request)
    agreement = queries.agreement_for(actor, pk)
    policies.ask_amendment.require(actor, agreement)
    try:
        commands.ask_party_change(
            actor=actor,
            agreement_id=pk,
            wish=_wish(request.POST, queries.changes_of(actor, agreement).content),
            reason=request.POST.get("reason", ""),
            files=[(file.name or "", cast(BinaryIO, file)) for file in request.FILES.getlist("files")],
        )
    except (NotFound, NotAllowed):
        raise
    except Refused as refused:
        return changes_page(request, actor, agreement, refused)
    messages.success(
        request,
        said("들어올 기관에 참여를 요청했습니다.", "The newcomer is asked to join.")
        if request.POST.get("act") != PartyAct.LEAVES
        else said("승인을 요청했습니다.", "Approval is asked for."),
    )
    return redirect("awards:changes", pk)


def _wish(given: QueryDict, content: Content | None) -> commands.PartyWish:
    act = given.get("act", "")
    if act not in PartyAct.values:
        raise BadInput("act", "무엇이 바뀌는지 골라 주세요.", "Say what changes.", field="act")

    def party(name: str) -> int | None:
        text = given.get(name, "")
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None

    moves = {}
    for number, cell in enumerate(content.budget if content is not None else ()):
        amount = won(given.get(f"move-{number}", ""), field="moves")
        if amount:
            moves[cell.key] = amount
    return commands.PartyWish(
        act=PartyAct(act),
        leaving=party("leaving"),
        number=given.get("number", ""),
        role=given.get("role", ""),
        heir=party("heir"),
        moves=moves if act == PartyAct.JOINS else {},
    )


@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, pk: int) -> HttpResponse:
    """The newcomer reads the agreement, checks itself, consents, and joins or declines."""
    actor = actor_of(request)
    found = queries.joining_for(actor, pk)
    if request.method == "GET":
        return _join(request, actor, found)
    policies.answer_joining.require(actor, found.change)
    given = request.POST
    accepts = given.get("decision") == "join"
    try:
        if given.get("decision") not in ("join", "decline"):
            raise BadInput("decision", "참여할지 골라 주세요.", "Say whether you join.", field="decision")
        commands.answer_joining(
            actor=actor,
            amendment_id=pk,
            accepts=accepts,
            said={kind.id: _said(given, kind.id) for kind, _ in found.questions},
            consents={kind.id: given.get(f"consent-{kind.id}") == "yes" for kind in found.consents},
            reason=given.get("reason", ""),
        )
    except (NotFound, NotAllowed):
        raise
    except Refused as refused:
        return _join(request, actor, found, refused)
    messages.success(
        request,
        said(
            "참여를 수락했습니다. 운영기관이 승인하면 협약에 서명할 수 있습니다.",
            "You have accepted. Once the operator approves you can sign the agreement.",
        )
        if accepts
        else said("참여하지 않겠다고 답했습니다.", "You have declined."),
    )
    return redirect("awards:join", pk)


def _said(given: QueryDict, fact: str) -> commands.Said:
    value = given.get(f"fact-{fact}", "")
    ended = given.get(f"ended-{fact}", "").strip()
    if ended:
        try:
            date.fromisoformat(ended)
        except ValueError:
            raise BadInput(
                "earlier_ended_on",
                "앞선 과제가 끝난 날을 날짜로 적어 주세요.",
                "Give the day on which the earlier project ended.",
                field=f"ended-{fact}",
            ) from None
    return commands.Said(
        value=Truth(value) if value in ("yes", "no") else Truth.UNKNOWN,
        follow_up=True if given.get(f"follow-{fact}") == "yes" else None,
        earlier_ended_on=ended,
        note=given.get(f"note-{fact}", "").strip(),
    )


def _join(
    request: HttpRequest, actor: Actor, found: queries.Joining, refused: Refused | None = None
) -> HttpResponse:
    return render(
        request,
        "awards/join.html",
        {
            "found": found,
            "change": found.change,
            "agreement": found.change.amendment.agreement,
            "definition": found.definition,
            "roles": {role.id: role.name for role in found.definition.consortium.roles},
            "shown": joins_table.shown,
            "paper": found.paper,
            "blocks": [(type(block).__name__.lower(), block) for block in found.paper.blocks],
            "organisation": actor.organisation_name,
            "typed": request.POST.dict() if refused is not None else {},
            "refused": refused,
        },
        status=200 if refused is None else refused.status,
    )


@require_GET
def file(request: HttpRequest, pk: int, sha256: str) -> HttpResponseBase:
    """A document that came with a request for a change."""
    stored, name = queries.amendment_file(actor_of(request), pk, sha256)
    return send(stored, name, request=request)
