"""Forming a committee: what is asked, the proposal with its reasons, changes by hand, fixing."""

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongmo.calls.models import Call
from gongmo.calls.queries import call_by_slug, definition_of
from gongmo.evaluation import commands, policies
from gongmo.evaluation.commands.base import reevaluated
from gongmo.evaluation.conflicts import judged
from gongmo.evaluation.forming import Asked
from gongmo.evaluation.queries import forming as queries
from gongmo.evaluation.queries.belonging import of_call
from gongmo.evaluation.queries.pool import natural
from gongmo.evaluation.queries.ranking import ranking_is_fixed
from gongmo.evaluation.sectors import standings
from gongmo.evaluation.states import proposals_table
from gongmo.evaluation.views.committee import SECTOR_NAMES, suggested_name
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.parties.pages import actor_of, said
from gongmo.screening.reading import day, number


def _managed(request: HttpRequest, slug: str) -> tuple[Actor, Call]:
    actor = actor_of(request)
    call = call_by_slug(actor, slug)
    if not policies.manage(actor, call):
        raise NotFound
    return actor, call


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """What is asked of the committee; the post computes a proposal."""
    actor, call = _managed(request, slug)
    if request.method == "GET":
        return _new(request, actor, call)
    try:
        made = commands.propose_committee(
            actor=actor, call_id=call.pk, name=str(request.POST.get("name", "")), asked=_asked(request.POST)
        )
    except Refused as refused:
        if isinstance(refused, NotFound):
            raise
        return _new(request, actor, call, refused)
    return redirect("evaluation:proposal", slug, made.pk)


def _asked(given: QueryDict) -> Asked:
    def count(name: str, default: int | None) -> int | None:
        text = str(given.get(name, "")).strip()
        return default if not text else number(text, name)

    days = [day(str(given.get(name, "")), name) for name in ("day1", "day2", "day3")]
    words = [each.strip() for each in str(given.get("expertise", "")).split(",") if each.strip()]
    follows = str(given.get("follows", ""))
    return Asked(
        panels=count("panels", 1) or 1,
        size=count("size", None),
        reserves=count("reserves", None),
        expertise=tuple(dict.fromkeys(word[:60] for word in words[:20])),
        days=tuple(sorted(each for each in days if each is not None)),
        follows=number(follows, "follows") if follows else None,
        left_out=tuple(sorted({number(each, "left_out") for each in given.getlist("left_out")})),
        left_out_reason=str(given.get("left_out_reason", "")).strip()[:300],
    )


def _new(request: HttpRequest, actor: Actor, call: Call, refused: Refused | None = None) -> HttpResponse:
    definition = definition_of(call)
    committees = queries.committee_names(actor, call)
    return render(
        request,
        "evaluation/forming_new.html",
        {
            "call": call,
            "settings": definition.evaluation.formed_by(),
            "rules": definition.evaluation.committee,
            "sectors": SECTOR_NAMES,
            "pool": queries.experts_by_label(actor, call),
            "suggestions": ", ".join(
                f"{word} {count}{said('명', '')}"
                for word, count in queries.expertise_of_pool(actor, call)[:8]
            ),
            "committees": committees,
            "applications": len(judged(call)),
            "closed": ranking_is_fixed(call) and not reevaluated(call),
            "refused": refused,
            "typed": request.POST if refused is not None else {},
            "chosen": request.POST.getlist("left_out") if refused is not None else [],
            "suggested": suggested_name(actor, call),
        },
        status=200 if refused is None else refused.status,
    )


@require_GET
def proposal(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One proposal with its reasons."""
    actor, call = _managed(request, slug)
    return _proposal(request, actor, call, pk)


def _proposal(
    request: HttpRequest,
    actor: Actor,
    call: Call,
    pk: int,
    part: str = "",
    refused: Refused | None = None,
    typed: Mapping[str, object] | None = None,
) -> HttpResponse:
    view = queries.proposal_of(actor, call, pk)
    seated = {each.expert.id for each in view.seats}
    return render(
        request,
        "evaluation/forming_proposal.html",
        {
            "call": call,
            "view": view,
            "proposal": view.proposal,
            "shown": proposals_table.shown,
            "sectors": SECTOR_NAMES,
            "panels": [
                (panel, [each for each in view.seats if each.panel == panel.number])
                for panel in view.problem.panels
            ],
            "seated": [(each.expert.id, each.expert.id) for each in view.seats],
            "others": [
                (each.id, f"{each.id} · {said(SECTOR_NAMES[each.sector].ko, SECTOR_NAMES[each.sector].en)}")
                for each in sorted(
                    view.problem.experts, key=lambda each: (bool(each.barred), natural(each.id))
                )
                if each.id not in seated
            ],
            "thin": [
                each
                for each in standings(
                    definition_of(call).evaluation.committee,
                    ((seat.expert.sector, seat.reserve) for seat in view.seats),
                )
                if each.thin
            ],
            "drawn": queries.proposals_drawn(actor, call),
            "part": part,
            "refused": refused,
            "typed": typed or {},
        },
        status=200 if refused is None else refused.status,
    )


@require_POST
def act(request: HttpRequest, slug: str, pk: int, act: str) -> HttpResponse:
    """One act on a proposal; a refusal is told on the page."""
    actor, call = _managed(request, slug)
    run = ACTS.get(act)
    if run is None:
        raise NotFound
    of_call(actor, call, "proposal", pk)
    try:
        ko, en = run(actor, call, pk, request.POST)
    except Refused as refused:
        if isinstance(refused, NotFound):
            raise
        return _proposal(request, actor, call, pk, act, refused, request.POST.dict())
    messages.success(request, said(ko, en))
    return (
        redirect("evaluation:committee", slug)
        if act in ("fix", "drop")
        else redirect("evaluation:proposal", slug, pk)
    )


def _get(given: QueryDict, name: str) -> str:
    return str(given.get(name, "")).strip()


def _change(actor: Actor, call: Call, pk: int, given: QueryDict) -> tuple[str, str]:
    chair = given.get("chair") == "yes"
    breaks = commands.change_proposal(
        actor=actor,
        proposal_id=pk,
        out=_get(given, "out"),
        into="" if chair else _get(given, "into"),
        reason=_get(given, "reason"),
        panel=number(_get(given, "panel") or "1", "panel"),
        chair=chair,
    )
    if breaks:
        return (
            f"바꾸었습니다. 지키지 못하는 기준이 {len(breaks)}가지 있습니다.",
            f"Changed. {len(breaks)} limit(s) are not kept.",
        )
    return "바꾸었습니다. 모든 기준을 지킵니다.", "Changed. Every limit is kept."


def _fix(actor: Actor, call: Call, pk: int, given: QueryDict) -> tuple[str, str]:
    if _get(given, "confirm") != call.slug:
        raise BadInput(
            "confirmation",
            f"위원들에게 위촉 요청이 나갑니다. 확인 칸에 공고 주소 이름 ‘{call.slug}’을(를) 그대로 적어 주세요.",
            f"Invitations go out. Type “{call.slug}” in the confirmation box.",
            field="confirm",
        )
    commands.fix_proposal(actor=actor, proposal_id=pk, reason=_get(given, "reason"))
    return (
        "위원회를 구성하고 위원들에게 위촉을 요청했습니다.",
        "The committee is formed and its members are invited.",
    )


def _drop(actor: Actor, call: Call, pk: int, given: QueryDict) -> tuple[str, str]:
    commands.drop_proposal(actor=actor, proposal_id=pk)
    return (
        "구성안을 쓰지 않기로 했습니다. 기록에는 남습니다.",
        "The proposal is put aside; the record keeps it.",
    )


ACTS: dict[str, Callable[[Actor, Call, int, QueryDict], tuple[str, str]]] = {
    "change": _change,
    "fix": _fix,
    "drop": _drop,
}
