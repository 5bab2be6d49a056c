"""Pages of the registers: how each fares (operators), what they say of an organisation and its address (its own people)."""

from collections.abc import Mapping
from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongmo.kernel import clock
from gongmo.kernel.errors import NotFound, Refused
from gongmo.parties import commands as parties
from gongmo.parties import policies as parties_policies
from gongmo.parties.pages import actor_of, said
from gongmo.parties.views.base import day, inside, organisation_context
from gongmo.registers import commands, lookup, policies, queries
from gongmo.registers.adapters.addresses import Place
from gongmo.registers.outcomes import Register
from gongmo.registers.settings import is_on
from gongmo.registers.trouble import WORDS, Down

PATIENCE = timedelta(minutes=1)
"""How long the page looks for an answer by itself."""


@login_required
@require_GET
def health(request: HttpRequest) -> HttpResponse:
    """How each register fares, for operators."""
    found = queries.healths(actor_of(request))
    return render(request, "registers/health.html", {"registers": found})


@login_required
@require_POST
def try_now(request: HttpRequest, register: str) -> HttpResponse:
    """POST: end a register's pause."""
    if register not in set(Register):
        raise NotFound
    commands.try_at_once(actor=actor_of(request), register=Register(register))
    messages.success(
        request,
        said(
            "다음 질문부터 이 등록부에 다시 묻습니다. 밀린 질문은 5분 안에 다시 묻습니다.",
            "The next question tries this register again; what waits is asked within five minutes.",
        ),
    )
    return redirect("registers:health")


@login_required
@require_http_methods(["GET", "POST"])
def organisation(request: HttpRequest, pk: int) -> HttpResponse:
    """What registers say of an organisation. POST has its number verified (`opened_on`, `head`)."""
    actor, found = inside(request, pk)
    refused: Refused | None = None
    typed: Mapping[str, str] = {
        "opened_on": found.founded_on.isoformat() if found.founded_on else "",
        "head": found.representative_name,
    }
    if request.method == "POST":
        policies.verify_own.require(actor, pk)
        typed = request.POST.dict()
        try:
            commands.verify_number(
                actor=actor,
                organisation_id=pk,
                opened_on=day(typed, "opened_on"),
                head=typed.get("head", ""),
            )
        except NotFound:
            raise
        except Refused as error:
            refused = error
        else:
            messages.success(request, said("국세청에 묻고 있습니다.", "The Tax Service is being asked."))
            asked = int(clock.now().timestamp())
            return redirect(f"{reverse('registers:organisation', args=[pk])}?asked={asked}")
    lines = queries.own_lines(actor, found)
    return render(
        request,
        "registers/organisation.html",
        {
            **organisation_context(actor, found, "registers"),
            "lines": lines,
            "pending": _pending(request, lines),
            "on": is_on(Register.BUSINESS_VALIDATION),
            "may_verify": policies.verify_own(actor, pk),
            "troubled": queries.troubled(),
            "typed": typed,
            "refused": refused,
            "wrong": getattr(refused, "field", None),
        },
        status=refused.status if refused else 200,
    )


def _pending(request: HttpRequest, lines: list[queries.Line]) -> str:
    """The moment of the question while its answer is looked for, "" once it is there or patience is over."""
    asked = request.GET.get("asked", "")
    if not asked.isdecimal() or len(asked) > 12:
        return ""
    since = int(asked)
    now = clock.now().timestamp()
    answered = any(line.answer is not None and line.answer.asked_at.timestamp() >= since for line in lines)
    return "" if answered or not since <= now <= since + PATIENCE.total_seconds() else asked


@login_required
@require_http_methods(["GET", "POST"])
def address(request: HttpRequest, pk: int) -> HttpResponse:
    """Look an address up (`q`). POST takes one over into the profile (`address`)."""
    actor, found = inside(request, pk)
    parties_policies.may_edit_profile.require(actor, pk)
    if request.method == "POST":
        chosen = request.POST.get("address", "").strip()
        if chosen:
            parties.update_organisation(actor=actor, organisation_id=pk, address=chosen)
            messages.success(request, said("주소를 저장했습니다.", "The address is saved."))
            return redirect("parties:edit_organisation", pk)
    keyword = request.GET.get("q", "").strip()
    places: list[Place] = []
    total, down = 0, None
    if keyword:
        try:
            places, total = lookup.addresses(keyword)
        except Down as error:
            down = WORDS[error.trouble]
    return render(
        request,
        "registers/address.html",
        {
            **organisation_context(actor, found, "profile"),
            "keyword": keyword,
            "places": places,
            "total": total,
            "down": down,
            "on": is_on(Register.ADDRESSES),
        },
    )
