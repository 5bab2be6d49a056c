"""Challenges (기피): the applicant's page, and the chair's."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from gongmo.evaluation import challenge_policies, commands
from gongmo.evaluation.queries import committee as queries
from gongmo.evaluation.states import challenges_table
from gongmo.evaluation.views.committee import SECTOR_NAMES
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.kernel.numbers import Kind
from gongmo.parties.pages import actor_of, said
from gongmo.screening.reading import number, row


@require_http_methods(["GET", "POST"])
def applicant(request: HttpRequest, pk: int) -> HttpResponse:
    """Who evaluates an own application, where the call shows it, and challenging a member."""
    actor = actor_of(request)
    application, members = queries.seen_by_applicant(actor, pk)
    refused: Refused | None = None
    if request.method == "POST":
        try:
            commands.ask_challenge(
                actor=actor,
                application_id=pk,
                seat_id=row(str(request.POST.get("seat", "")), Kind.SEAT, "seat"),
                reason=str(request.POST.get("reason", "")),
            )
            messages.success(
                request,
                said(
                    "기피를 신청했습니다. 그 위원을 뺀 위원회가 결정합니다.",
                    "The challenge is filed. The committee decides without that member.",
                ),
            )
            return redirect("evaluation:challenge", pk)
        except Refused as error:
            if isinstance(error, NotFound):
                raise
            refused = error
    return render(
        request,
        "evaluation/challenge.html",
        {
            "application": application,
            "call": application.call,
            "members": members,
            "challenges": queries.own_challenges(actor, application),
            "may": challenge_policies.ask_challenge(actor, application),
            "sectors": SECTOR_NAMES,
            "shown": challenges_table.shown,
            "refused": refused,
            "typed": request.POST if refused is not None else {},
        },
        status=200 if refused is None else refused.status,
    )


@require_http_methods(["GET", "POST"])
def chair(request: HttpRequest, pk: int) -> HttpResponse:
    """The chair records the committee's decisions."""
    actor = actor_of(request)
    seat, waiting = queries.to_decide(actor, pk)
    refused: Refused | None = None
    if request.method == "POST":
        try:
            decided = row(str(request.POST.get("challenge", "")), Kind.CHALLENGE, "challenge")
            if decided not in {each.pk for each in waiting}:
                raise NotFound
            decide(request, decided)
            messages.success(request, said("결정을 기록했습니다.", "The decision is recorded."))
            return redirect("evaluation:chair_challenges", pk)
        except Refused as error:
            if isinstance(error, NotFound):
                raise
            refused = error
    return render(
        request,
        "evaluation/challenges_chair.html",
        {
            "seat": seat,
            "call": seat.committee.call,
            "challenges": waiting,
            "shown": challenges_table.shown,
            "refused": refused,
            "typed": request.POST if refused is not None else {},
        },
        status=200 if refused is None else refused.status,
    )


def decide(request: HttpRequest, challenge_id: int) -> None:
    """Record a decision from a form: upheld or not, the votes, the reason."""
    decision = str(request.POST.get("decision", ""))
    if decision not in ("uphold", "reject"):
        raise BadInput("decision", "받아들일지 골라 주세요.", "Choose the decision.", field="decision")

    def votes(name: str) -> int | None:
        text = str(request.POST.get(name, "")).strip()
        return number(text, name) if text else None

    commands.decide_challenge(
        actor=actor_of(request),
        challenge_id=challenge_id,
        upheld=decision == "uphold",
        reason=str(request.POST.get("reason", "")),
        in_favour=votes("in_favour"),
        against=votes("against"),
    )
