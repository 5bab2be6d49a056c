"""The committee page: who sits, from which sector, who does not judge which application, and forming a committee."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from gongmo.calls.models import Call
from gongmo.calls.queries import call_by_slug, definition_of
from gongmo.definition.base import Text
from gongmo.evaluation import commands, policies, queries
from gongmo.evaluation.assignments import SITTING
from gongmo.evaluation.commands.by_hand import meeting_days
from gongmo.evaluation.models import DisqualificationKind
from gongmo.evaluation.queries.belonging import of_call
from gongmo.evaluation.queries.committee import committee_pages, dissolved_committees
from gongmo.evaluation.queries.forming import committees_formed, proposals_of
from gongmo.evaluation.queries.pool import away
from gongmo.evaluation.sectors import standings
from gongmo.evaluation.states import challenges_table, proposals_table, seats_table
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.kernel.numbers import Kind
from gongmo.parties.pages import actor_of, said
from gongmo.screening.queries import eligible_titles
from gongmo.screening.reading import number, row

SECTOR_NAMES = {
    "industry": Text(ko="산업계", en="Industry"),
    "academia": Text(ko="학계", en="Academia"),
    "research": Text(ko="연구계", en="Research"),
}
KIND_NAMES = {
    DisqualificationKind.DETECTED.value: Text(ko="제척", en="Conflict found"),
    DisqualificationKind.CHALLENGED.value: Text(ko="기피", en="Challenged"),
    DisqualificationKind.RECUSED.value: Text(ko="회피", en="Recused"),
}


@require_GET
def committee(request: HttpRequest, slug: str) -> HttpResponse:
    """The committees of a call."""
    actor = actor_of(request)
    return _page(request, actor, call_by_slug(actor, slug))


def _page(
    request: HttpRequest,
    actor: Actor,
    call: Call,
    *,
    part: str = "",
    refused: Refused | None = None,
    typed: Mapping[str, object] | None = None,
) -> HttpResponse:
    pages = committee_pages(actor, call)
    views = [page.view for page in pages]
    evaluation = definition_of(call).evaluation
    rules = evaluation.committee
    pool = list(queries.evaluator_pool(actor, call))
    return render(
        request,
        "evaluation/committee.html",
        {
            "call": call,
            "pages": pages,
            "dissolved": dissolved_committees(actor, call),
            "suggested": suggested_name(actor, call),
            "views": views,
            "settings": evaluation.formed_by(),
            "proposals": proposals_of(actor, call),
            "proposal_shown": proposals_table.shown,
            "challenge_shown": challenges_table.shown,
            "rules": rules,
            "sectors": SECTOR_NAMES,
            "kinds": KIND_NAMES,
            "sector_standings": {
                view.committee.pk: standings(
                    rules,
                    ((each.evaluator.sector, each.reserve) for each in view.seats if each.state in SITTING),
                )
                for view in views
            },
            "shown": seats_table.shown,
            "pool": pool,
            "absences": away(pool, meeting_days(call)),
            "seats": [
                (seat.pk, seat.evaluator.label)
                for view in views
                for seat in view.seats
                if seat.state == "pledged" and not seat.reserve
            ],
            "applications": eligible_titles(call),
            "fixed": queries.fixed_ranking(actor, call) is not None,
            "part": part,
            "refused": refused,
            "typed": typed or {},
        },
        status=200 if refused is None else refused.status,
    )


def suggested_name(actor: Actor, call: Call) -> str:
    """A name for the next committee that none of the call has had."""
    formed = committees_formed(actor, call)
    return (
        said(f"평가위원회 {formed + 1}", f"Evaluation committee {formed + 1}")
        if formed
        else said("평가위원회", "Evaluation committee")
    )


@require_POST
def act_on_committee(request: HttpRequest, slug: str, act: str) -> HttpResponse:
    """One act on a committee. A refusal is told on the page, with everything that was typed."""
    actor = actor_of(request)
    call = call_by_slug(actor, slug)
    run = ACTS.get(act)
    if run is None or not policies.manage(actor, call):
        raise NotFound
    try:
        ko, en = run(actor, call, request.POST)
    except Refused as refused:
        if isinstance(refused, NotFound):
            raise
        typed: dict[str, object] = dict(request.POST.items())
        typed |= {name: request.POST.getlist(name) for name in ("member", "reserve")}
        return _page(request, actor, call, part=act, refused=refused, typed=typed)
    messages.success(request, said(ko, en))
    return redirect("evaluation:committee", slug)


def _form(actor: Actor, call: Call, given: QueryDict) -> tuple[str, str]:
    members = [number(value, "member") for value in given.getlist("member")]
    reserves = [number(value, "reserve") for value in given.getlist("reserve")]
    commands.form_committee(
        actor=actor,
        call_id=call.pk,
        name=given.get("name", "") or "",
        evaluator_ids=members,
        chair_id=number(given.get("chair", "") or "", "chair"),
        despite=given.get("despite", "") or "",
        reserve_ids=[each for each in reserves if each not in members],
    )
    return (
        "위원회를 구성하고 위원들에게 위촉을 요청했습니다.",
        "The committee is formed and its members are invited.",
    )


def _invite(actor: Actor, call: Call, given: QueryDict) -> tuple[str, str]:
    pk = of_call(actor, call, "committee", number(given.get("committee", "") or "", "committee"))
    seat = commands.invite_expert(
        actor=actor,
        committee_id=pk,
        evaluator_id=number(given.get("evaluator", "") or "", "evaluator"),
        reserve=given.get("as") == "reserve",
        panel=number(given.get("panel", "") or "1", "panel"),
        reason=given.get("reason", "") or "",
        despite=given.get("despite", "") or "",
    )
    label = seat.evaluator.label
    return f"{label}에게 위촉을 요청했습니다.", f"{label} is asked to join."


def _dissolve(actor: Actor, call: Call, given: QueryDict) -> tuple[str, str]:
    pk = of_call(actor, call, "committee", number(given.get("committee", "") or "", "committee"))
    held = next((each for each in queries.committees_of(actor, call) if each.committee.pk == pk), None)
    if held is not None and (given.get("confirm", "") or "").strip() != held.committee.name:
        raise BadInput(
            "confirm",
            f"확인을 위해 위원회 이름 ‘{held.committee.name}’을(를) 그대로 적어 주세요.",
            f"Type the committee's name “{held.committee.name}” to confirm.",
            field="confirm",
        )
    commands.dissolve_committee(actor=actor, committee_id=pk, reason=given.get("reason", "") or "")
    return (
        "위원회를 해산하고 위원들에게 알렸습니다. 새 위원회를 구성해 주세요.",
        "The committee is dissolved and its members are told. Form another one.",
    )


def _seat(actor: Actor, call: Call, given: QueryDict) -> int:
    return of_call(actor, call, "seat", number(given.get("seat", "") or "", "seat"))


def _reserve(actor: Actor, call: Call, given: QueryDict) -> tuple[str, str]:
    commands.seat_reserve(actor=actor, seat_id=_seat(actor, call, given))
    return "예비위원을 위촉했습니다.", "The reserve has a seat now."


def _leave(actor: Actor, call: Call, given: QueryDict) -> tuple[str, str]:
    commands.leave(actor=actor, seat_id=_seat(actor, call, given), reason=given.get("reason", "") or "")
    return "위원의 회피를 기록했습니다.", "The member has left the committee."


def _challenge(actor: Actor, call: Call, given: QueryDict) -> tuple[str, str]:
    commands.challenge(
        actor=actor,
        seat_id=_seat(actor, call, given),
        application_id=number(given.get("application", "") or "", "application"),
        reason=given.get("reason", "") or "",
    )
    return "기피를 기록하고 평가표를 무효로 했습니다.", "The challenge is upheld and the sheet is void."


def _chair(actor: Actor, call: Call, given: QueryDict) -> tuple[str, str]:
    commands.name_chair(actor=actor, seat_id=_seat(actor, call, given))
    return "위원장을 정했습니다.", "The chair is named."


def _assign(actor: Actor, call: Call, given: QueryDict) -> tuple[str, str]:
    pk = of_call(actor, call, "committee", number(given.get("committee", "") or "", "committee"))
    made = commands.assign_missing(actor=actor, committee_id=pk)
    return f"{made}건을 새로 배정했습니다.", f"{made} assignments are made."


def _decide(actor: Actor, call: Call, given: QueryDict) -> tuple[str, str]:
    pk = of_call(actor, call, "challenge", row(given.get("challenge", "") or "", Kind.CHALLENGE, "challenge"))
    decision = given.get("decision", "")
    if decision not in ("uphold", "reject"):
        raise BadInput("decision", "받아들일지 골라 주세요.", "Choose the decision.", field="decision")
    votes = [str(given.get(name, "") or "").strip() for name in ("in_favour", "against")]
    commands.decide_challenge(
        actor=actor,
        challenge_id=pk,
        upheld=decision == "uphold",
        reason=given.get("reason", "") or "",
        in_favour=number(votes[0], "in_favour") if votes[0] else None,
        against=number(votes[1], "against") if votes[1] else None,
    )
    return "기피 신청에 대한 결정을 기록했습니다.", "The decision on the challenge is recorded."


ACTS = {
    "form": _form,
    "invite": _invite,
    "dissolve": _dissolve,
    "reserve": _reserve,
    "leave": _leave,
    "challenge": _challenge,
    "chair": _chair,
    "assign": _assign,
    "decide": _decide,
}
