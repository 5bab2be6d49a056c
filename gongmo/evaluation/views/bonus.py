"""Bonus points: proposed with their ground by one officer, confirmed by another."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import BinaryIO, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from gongmo.calls.models import Call
from gongmo.calls.queries import call_by_slug, definition_of
from gongmo.evaluation import commands, policies, queries
from gongmo.evaluation.queries.belonging import of_call
from gongmo.evaluation.queries.bonus import bonus_file, bonuses_of
from gongmo.evaluation.states import bonuses_table
from gongmo.files.responses import send
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.parties.pages import actor_of, said
from gongmo.rules.ranking.exact import text
from gongmo.screening.queries import eligible_titles
from gongmo.screening.reading import number


@require_GET
def bonus(request: HttpRequest, slug: str) -> HttpResponse:
    """The bonus points of a call."""
    actor = actor_of(request)
    return _page(request, actor, call_by_slug(actor, slug))


def _page(
    request: HttpRequest,
    actor: Actor,
    call: Call,
    *,
    refused: Refused | None = None,
    typed: Mapping[str, str] | None = None,
) -> HttpResponse:
    found = bonuses_of(actor, call)
    rule = definition_of(call).evaluation.bonus
    manages = policies.manage(actor, call)
    fixed = queries.fixed_ranking(actor, call)
    return render(
        request,
        "evaluation/bonus.html",
        {
            "call": call,
            "rule": rule,
            "most": text(rule.max_points) if rule is not None else "",
            "clauses": {clause.id: clause.text for clause in definition_of(call).clauses},
            "bonuses": [
                (each, text(each.points), policies.confirm_bonus(actor, call, each.proposed_by_id))
                for each in found
            ],
            "waiting": sum(each.state == "proposed" for each in found),
            "applications": eligible_titles(call),
            "items": [(place, item) for place, item in enumerate(rule.items)] if rule is not None else [],
            "shown": bonuses_table.shown,
            "manages": manages and fixed is None,
            "refused": refused,
            "typed": typed or {},
        },
        status=200 if refused is None else refused.status,
    )


@require_POST
def act(request: HttpRequest, slug: str, act: str) -> HttpResponse:
    """`propose`, `confirm` or `refuse`. A refusal is told on the page, with everything that was typed."""
    actor = actor_of(request)
    call = call_by_slug(actor, slug)
    if act not in ("propose", "confirm", "refuse") or not policies.oversee(actor, call):
        raise NotFound
    given = request.POST.dict()
    try:
        if act == "propose":
            upload = request.FILES.get("file")
            pk = of_call(actor, call, "application", number(given.get("application", ""), "application"))
            commands.propose_bonus(
                actor=actor,
                application_id=pk,
                points=_points(given.get("points", "")),
                reason=given.get("reason", ""),
                item=int(given["item"]) if given.get("item", "").isdecimal() else None,
                name=upload.name if upload else None,
                stream=cast(BinaryIO, upload) if upload else None,
            )
            words = said(
                "가점을 제안했습니다. 다른 담당자가 확인하면 반영합니다.",
                "Proposed; it counts once another officer has confirmed it.",
            )
        else:
            pk = of_call(actor, call, "bonus", number(given.get("bonus", ""), "bonus"))
            commands.decide_bonus(actor=actor, bonus_id=pk, confirm=act == "confirm")
            words = (
                said("가점을 확인했습니다.", "The bonus is confirmed.")
                if act == "confirm"
                else said("가점을 반영하지 않기로 했습니다.", "The bonus is refused.")
            )
    except Refused as refused:
        if isinstance(refused, NotFound) or not policies.manage(actor, call):
            raise
        return _page(request, actor, call, refused=refused, typed=given)
    messages.success(request, words)
    return redirect("evaluation:bonus", slug)


def _points(given: str) -> Decimal:
    try:
        return Decimal(given.strip())
    except InvalidOperation:
        raise BadInput(
            "bad_bonus", "가점을 숫자로 적어 주세요.", "Give the bonus as a number.", field="points"
        ) from None


@require_GET
def file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The proof of a bonus."""
    found = bonus_file(actor_of(request), pk)
    if found.file is None:
        raise NotFound
    return send(found.file, found.file_name, inline=True)
