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
from gongmo.evaluation.models import DisqualificationKind, Seat
from gongmo.evaluation.states import seats_table
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import NotFound, Refused
from gongmo.parties.pages import actor_of, said
from gongmo.screening.queries import eligible_applications
from gongmo.screening.reading import number

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
    views = queries.committees_of(actor, call)
    rules = definition_of(call).evaluation.committee
    return render(
        request,
        "evaluation/committee.html",
        {
            "call": call,
            "views": views,
            "rules": rules,
            "sectors": SECTOR_NAMES,
            "kinds": KIND_NAMES,
            "shown": seats_table.shown,
            "pool": list(queries.evaluator_pool(actor, call)) if not views or part == "form" else [],
            "seats": [
                (seat.pk, seat.evaluator.label)
                for view in views
                for seat in view.seats
                if seat.state == "pledged" and not seat.reserve
            ],
            "applications": [
                (pk, title) for pk, title in eligible_applications(call).values_list("pk", "title")
            ],
            "fixed": queries.fixed_ranking(actor, call) is not None,
            "part": part,
            "refused": refused,
            "typed": typed or {},
        },
        status=200 if refused is None else refused.status,
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
        reserve_ids=[each for each in reserves if each not in members],
    )
    return (
        "위원회를 구성하고 위원들에게 위촉을 요청했습니다.",
        "The committee is formed and its members are invited.",
    )


def _seat(call: Call, given: QueryDict) -> int:
    pk = number(given.get("seat", "") or "", "seat")
    if not Seat.objects.filter(pk=pk, committee__call=call).exists():
        raise NotFound
    return pk


def _reserve(actor: Actor, call: Call, given: QueryDict) -> tuple[str, str]:
    commands.seat_reserve(actor=actor, seat_id=_seat(call, given))
    return "예비위원을 위촉했습니다.", "The reserve has a seat now."


def _leave(actor: Actor, call: Call, given: QueryDict) -> tuple[str, str]:
    commands.leave(actor=actor, seat_id=_seat(call, given), reason=given.get("reason", "") or "")
    return "위원의 회피를 기록했습니다.", "The member has left the committee."


def _challenge(actor: Actor, call: Call, given: QueryDict) -> tuple[str, str]:
    commands.challenge(
        actor=actor,
        seat_id=_seat(call, given),
        application_id=number(given.get("application", "") or "", "application"),
        reason=given.get("reason", "") or "",
    )
    return "기피를 기록하고 평가표를 무효로 했습니다.", "The challenge is upheld and the sheet is void."


ACTS = {"form": _form, "reserve": _reserve, "leave": _leave, "challenge": _challenge}
