"""The own organisation's self-check and consents."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from gongmo.applications import commands, presentation
from gongmo.applications.models import Consent, Declaration
from gongmo.applications.policies import may_speak_for
from gongmo.applications.states import MemberState
from gongmo.applications.values import CONSENTS
from gongmo.applications.views.base import Desk, desk, said, show
from gongmo.definition.application import Truth
from gongmo.kernel.errors import BadInput, NotFound, Refused

SAVED = ("저장했습니다.", "Saved.")


@require_http_methods(["GET", "POST"])
def statements(request: HttpRequest, pk: int) -> HttpResponse:
    """The own organisation's self-check and consents, and how far the others are."""
    at = desk(request, pk)
    own = at.own
    mine = own is not None and own.state == MemberState.ACCEPTED and may_speak_for(at.actor, own)
    stored: dict[str, Declaration] = (
        {item.fact: item for item in own.declarations.all()} if own is not None and mine else {}
    )
    given = set(Consent.objects.filter(member__in=at.members, given=True).values_list("member_id", "kind"))
    refused: Refused | None = None
    if request.method == "POST" and own is not None:
        try:
            _say(request, at, own.pk, stored, given)
        except NotFound:
            raise
        except Refused as error:
            refused = error
        else:
            messages.success(request, said(*SAVED))
            return redirect(
                "applications:documents" if request.POST.get("next") else "applications:statements", pk
            )
    posted = request.POST if refused is not None else None
    answers = []
    for fact in at.definition.facts:
        kept = stored.get(fact.id)
        answers.append(
            {
                "fact": fact,
                "value": posted.get(f"fact-{fact.id}", "") if posted else kept.value if kept else "",
                "follow_up": posted.get(f"follow-{fact.id}") == "yes"
                if posted
                else bool(kept and kept.follow_up),
                "ended": posted.get(f"ended-{fact.id}", "")
                if posted
                else kept.earlier_ended_on
                if kept
                else "",
                "note": posted.get(f"note-{fact.id}", "") if posted else kept.note if kept else "",
                "exceptions": [
                    exception
                    for rule in at.definition.rules
                    if rule.kind == "exclusion" and rule.fact == fact.id
                    for exception in rule.exceptions
                ],
            }
        )
    required = [kind.id for kind in CONSENTS if kind.required]
    context = {
        "own": own,
        "mine": mine,
        "answers": answers,
        "consents": [
            (
                kind,
                posted.get(f"consent-{kind.id}") == "yes"
                if posted
                else own is not None and (own.pk, kind.id) in given,
            )
            for kind in CONSENTS
        ],
        "progress": [
            (
                member,
                presentation.answered(at.definition, member),
                all((member.pk, kind) in given for kind in required),
            )
            for member in at.members
        ],
    }
    return show(request, "applications/statements.html", at, context, page="statements", refused=refused)


def _say(
    request: HttpRequest,
    at: Desk,
    member_id: int,
    stored: dict[str, Declaration],
    given: set[tuple[int, str]],
) -> None:
    """Say what differs from what was said before: each answer and each consent is an act of its own."""
    for fact in at.definition.facts:
        answer = request.POST.get(f"fact-{fact.id}", "")
        if not answer:
            continue
        if answer not in {truth.value for truth in Truth}:
            raise BadInput(
                "answer_unknown",
                "답을 다시 골라 주세요.",
                "Choose the answer again.",
                field=f"fact-{fact.id}",
            )
        follow_up = True if request.POST.get(f"follow-{fact.id}") == "yes" else None
        ended = _day(request.POST.get(f"ended-{fact.id}", ""), f"ended-{fact.id}")
        note = request.POST.get(f"note-{fact.id}", "").replace("\r\n", "\n").strip()
        kept = stored.get(fact.id)
        if kept is not None and (kept.value, kept.follow_up, kept.earlier_ended_on, kept.note) == (
            answer,
            follow_up,
            ended,
            note,
        ):
            continue
        commands.declare(
            actor=at.actor,
            member_id=member_id,
            fact=fact.id,
            value=Truth(answer),
            follow_up=follow_up,
            earlier_ended_on=ended,
            note=note,
        )
    for kind in CONSENTS:
        wanted = request.POST.get(f"consent-{kind.id}") == "yes"
        if wanted != ((member_id, kind.id) in given):
            commands.consent(actor=at.actor, member_id=member_id, kind=kind.id, given=wanted)


def _day(text: str, field: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise BadInput(
            "day_unreadable", "날짜를 다시 골라 주세요.", "Choose the day again.", field=field
        ) from error
