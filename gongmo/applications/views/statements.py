"""The own organisation's self-check, consents and pledge."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongmo.applications import commands, statements_form
from gongmo.applications.models import Consent
from gongmo.applications.policies import may_speak_for
from gongmo.applications.queries.members import member_rows
from gongmo.applications.queries.reading import TakenOut
from gongmo.applications.queries.revisions import revisions_of
from gongmo.applications.queries.statements import consents_of
from gongmo.applications.statements_form import StatementsForm
from gongmo.applications.states import MemberState
from gongmo.applications.values import CONSENTS, ConsentKind
from gongmo.applications.views.base import Desk, desk, kept, said, show
from gongmo.definition.papers import Article, Template
from gongmo.kernel.errors import NotAllowed, NotFound, Refused


@dataclass(frozen=True, slots=True)
class Card:
    """A consent as the page shows it: what it is, the call's words on it, and what was answered."""

    kind: ConsentKind
    told: Article | None
    stored: Consent | None

    @property
    def given(self) -> bool:
        return self.stored is not None and self.stored.given


SAVED = ("저장했습니다.", "Saved.")


@require_http_methods(["GET", "POST"])
def statements(request: HttpRequest, pk: int) -> HttpResponse:
    """The self-check, which saves by itself or by its button, and the consents below it."""
    try:
        at = desk(request, pk)
    except TakenOut as gone:
        if request.method == "GET":
            raise
        # What was typed when the organisation was taken out can still be copied.
        typed = [
            value
            for name, value in request.POST.dict().items()
            if name.endswith(":note") and str(value).strip()
        ]
        return render(
            request, "applications/statements_gone.html", {"refused": gone, "typed": typed}, status=404
        )
    given = _given(at)
    if request.method == "GET":
        told = tuple((each.kind, each.given, each.given_at, _giver(each)) for each in given.values())
        return kept(request, at, "statements", lambda: _page(request, at, _form(at), given), told)
    form = _form(at)
    if form is None:
        own = at.own
        if own is None:
            raise NotAllowed(may_speak_for.name, may_speak_for.ko, may_speak_for.en)
        may_speak_for.require(at.actor, own)
        return redirect("applications:statements", pk)
    try:
        changes = statements_form.sent(form, request.POST.dict())
        outcome = commands.save_fields(actor=at.actor, application_id=pk, changes=changes, by_hand=True)
    except NotFound:
        raise
    except Refused as refused:
        return _page(request, at, form, given, refused)
    if statements_form.noted(form, outcome.results):
        unusable = any(row.refused for row in form.rows.values())
        return _page(request, at, form, given, status=422 if unusable else 409)
    messages.success(request, said(*SAVED))
    if request.POST.get("next"):
        return redirect("applications:documents", pk)
    return redirect("applications:statements", pk)


@require_GET
def verdict(request: HttpRequest, pk: int) -> HttpResponse:
    """What the rules say of the stored answers, as a piece of the page: asked for after every saved answer."""
    at = desk(request, pk)
    form = _form(at)
    if form is None:
        raise NotFound
    return show(request, "applications/statements_verdicts.html", at, _verdicts(at, form))


@require_POST
def consents(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the ticked consents, or take one back (`back`)."""
    at = desk(request, pk)
    own = at.own
    if own is None:
        raise NotAllowed(may_speak_for.name, may_speak_for.ko, may_speak_for.en)
    back = request.POST.get("back", "")
    wanted = [back] if back else request.POST.getlist("consent")
    try:
        for kind in wanted[: len(CONSENTS)]:
            commands.consent(actor=at.actor, member_id=own.pk, kind=kind, given=not back)
    except (NotFound, NotAllowed):
        raise
    except Refused as refused:
        return _page(request, at, _form(at), _given(at), refused)
    if not wanted:
        messages.warning(request, said("동의할 항목을 표시해 주세요.", "Tick what you consent to."))
    elif back:
        messages.success(
            request,
            said(
                "동의를 거두었습니다. 제출하기 전에는 다시 할 수 있습니다.",
                "Taken back. You can give it again.",
            ),
        )
    else:
        messages.success(request, said("동의를 기록했습니다.", "Your consent is recorded."))
    return redirect(reverse("applications:statements", args=[pk]) + "#consents")


def _form(at: Desk) -> StatementsForm | None:
    """The own form, where the actor answers for an organisation that has joined."""
    own = at.own
    if own is None or own.state != MemberState.ACCEPTED or not may_speak_for(at.actor, own):
        return None
    value = next((item for item in at.value.organisations if item.id == str(own.organisation_id)), None)
    return statements_form.form_of(
        at.definition, own, value, at.findings, revisions_of(at.application, f"fact:{own.pk}")
    )


def _given(at: Desk) -> dict[str, Consent]:
    """The consents of the own organisation that were given or taken back, where the actor answers for it. One query."""
    own = at.own
    return consents_of(at.actor, own) if own is not None and own.state == MemberState.ACCEPTED else {}


def _giver(consent: Consent) -> str:
    return consent.given_by.display_name if consent.given_by is not None else ""


def _verdicts(at: Desk, form: StatementsForm | None) -> dict[str, Any]:
    every = member_rows(at.application, at.standing)
    return {
        "form": form,
        "own": at.own,
        "left": sum(1 for each in form.questions if each.parts["value"].value == "unknown") if form else 0,
        "others": sum(1 for row in every if at.own is None or row.member.pk != at.own.pk),
        "others_left": sum(
            1
            for row in every
            if (row.unanswered or row.consents) and (at.own is None or row.member.pk != at.own.pk)
        ),
    }


def _page(
    request: HttpRequest,
    at: Desk,
    form: StatementsForm | None,
    given: dict[str, Consent],
    refused: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    told = _told(at)
    cards = [Card(kind, told.get(kind.id), given.get(kind.id)) for kind in CONSENTS]
    context = {
        **_verdicts(at, form),
        "mine": form is not None,
        "required": [card for card in cards if card.kind.required],
        "optional": [card for card in cards if not card.kind.required],
        "open_consents": sum(1 for card in cards if not card.given),
        "looked_at": [row for row in form.rows.values() if row.refused or row.conflict] if form else [],
        "values": {
            "call": said(at.application.call.title_ko, at.application.call.title_en),
            "title": at.application.title,
            "organisation": at.own.organisation.name if at.own is not None else "",
            "lead": at.application.lead.name,
        },
    }
    return show(
        request,
        "applications/statements.html",
        at,
        context,
        page="statements",
        refused=refused,
        status=status,
    )


def _told(at: Desk) -> dict[str, Article]:
    """What the call's own words say of each consent: purpose, items, how long."""
    return {
        article.consent: article
        for kind in at.definition.documents
        if kind.paper is not None and kind.paper.template is Template.CONSENT
        for article in kind.paper.articles
        if article.consent
    }
