"""Questions and answers of a call: read and search them, ask one, answer one, correct an answer."""

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from gongmo.calls import commands, due, queries
from gongmo.calls.models import Call, Question
from gongmo.calls.policies import may_ask, operates
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.clock import SEOUL
from gongmo.kernel.errors import NotFound, Refused
from gongmo.kernel.public import keep, public
from gongmo.parties.pages import actor_of, said

PER_PAGE = 20
LETTERS = 100
STATES = ("", "waiting", "mine")


@dataclass(frozen=True, slots=True)
class Row:
    """A question with the day by which it is to be answered (None: the call promises none) and whether that day has passed."""

    question: Question
    due: date | None
    late: bool


@public("q", "page")
@require_safe
def questions(request: HttpRequest, slug: str) -> HttpResponse:
    """The questions of a call that the reader may see. The operator's own: what waits for an answer, with its due day."""
    actor = actor_of(request)
    return _list(request, actor, queries.call_by_slug(actor, slug))


@require_POST
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask a question. What was typed stays when it is refused."""
    actor = actor_of(request)
    call = queries.call_by_slug(actor, slug)
    title, body = request.POST.get("title", ""), request.POST.get("body", "")
    try:
        asked = commands.ask(actor=actor, call_id=call.pk, title=title, body=body)
    except NotFound:
        raise
    except Refused as refused:
        return _list(request, actor, call, typed={"title": title, "body": body}, refused=refused)
    messages.success(
        request,
        said(
            "질문을 남겼습니다. 답변이 오면 여기에 나타나고 알림으로도 알려 드립니다.",
            "Your question has been sent. The answer will stand here, and you will be notified.",
        ),
    )
    return redirect("calls:question", slug, asked.pk)


@public()
@require_safe
def question(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One question with its answer and the answers that stood before."""
    actor = actor_of(request)
    return _one(request, actor, queries.question_for(actor, slug, pk))


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a question, or correct a published answer. What was typed stays when it is refused."""
    actor = actor_of(request)
    found = queries.question_by_id(actor, pk)
    typed = {"answer": request.POST.get("answer", ""), "reason": request.POST.get("reason", "")}
    public_answer = request.POST.get("public") == "yes"
    try:
        commands.answer(
            actor=actor, question_id=pk, answer=typed["answer"], public=public_answer, reason=typed["reason"]
        )
    except Refused as refused:
        if not operates(actor, found.call):
            raise
        return _one(
            request,
            actor,
            queries.question_for(actor, found.call.slug, pk),
            typed=typed | {"public": "yes" if public_answer else ""},
            refused=refused,
        )
    messages.success(request, said("답변했습니다.", "Answered."))
    if queries.waiting(found.call).exists():
        return redirect(reverse("calls:questions", args=[found.call.slug]) + "?state=waiting")
    return redirect("calls:question", found.call.slug, pk)


def _list(
    request: HttpRequest,
    actor: Actor,
    call: Call,
    *,
    typed: dict[str, str] | None = None,
    refused: Refused | None = None,
) -> HttpResponse:
    now = clock.now()
    own = operates(actor, call)
    words = " ".join(request.GET.get("q", "").split())[:LETTERS]
    state = request.GET.get("state", "")
    state = state if state in STATES and (state != "waiting" or own) else ""
    shown = queries.questions_found(actor, call, words=words, state=state)
    total = shown.count()
    pages = max(1, -(-total // PER_PAGE))
    page = _page(request.GET.get("page", ""), pages)
    definition = queries.definition_of(call)
    today = now.astimezone(SEOUL).date()
    rows = []
    for item in shown[(page - 1) * PER_PAGE : page * PER_PAGE]:
        day = due.answer_due(definition, item.asked_at) if item.answered_at is None else None
        rows.append(Row(item, day, day is not None and day < today))
    here = reverse("calls:questions", args=[call.slug])
    tabs = []
    if own or actor.person is not None:
        tabs.append({"label": said("모두", "All"), "url": here, "current": not state})
    if own:
        tabs.append(
            {
                "label": said("답변 전", "Waiting"),
                "url": f"{here}?state=waiting",
                "current": state == "waiting",
                "count": queries.waiting(call).count(),
            }
        )
    elif actor.person is not None:
        tabs.append(
            {"label": said("내 질문", "Mine"), "url": f"{here}?state=mine", "current": state == "mine"}
        )
    kept = urlencode({name: value for name, value in (("q", words), ("state", state)) if value})
    context = {
        "call": call,
        "rows": rows,
        "total": total,
        "words": words,
        "state": state,
        "tabs": tabs,
        "page": page,
        "pages": pages,
        "query": f"?{kept}&" if kept else "?",
        "promises": any(period.id == due.ANSWER for period in definition.periods),
        "contacts": definition.contacts,
        "operates": own,
        "asks": may_ask(actor, call) and not own,
        "takes_questions": queries.takes_questions(call),
        "person": actor.person,
        "typed": typed or {},
        "refused": refused,
    }
    status = refused.status if refused else 200
    return keep(render(request, "calls/questions.html", context, status=status), at=now)


def _one(
    request: HttpRequest,
    actor: Actor,
    found: Question,
    *,
    typed: dict[str, str] | None = None,
    refused: Refused | None = None,
) -> HttpResponse:
    now = clock.now()
    own = operates(actor, found.call)
    day = due.answer_due(queries.definition_of(found.call), found.asked_at)
    context = {
        "call": found.call,
        "question": found,
        "versions": queries.answers_of(actor, found),
        "published": found.public and found.answered_at is not None,
        "due": day if found.answered_at is None else None,
        "late": day is not None and day < now.astimezone(SEOUL).date(),
        "mine": actor.person is not None and found.asked_by_id == actor.person,
        "operates": own,
        "typed": typed
        or {"answer": found.answer, "public": "yes" if found.public or not found.answered_at else ""},
        "refused": refused,
    }
    status = refused.status if refused else 200
    return keep(render(request, "calls/question.html", context, status=status), at=now)


def _page(text: str, pages: int) -> int:
    return min(max(1, int(text)), pages) if text.isascii() and text.isdecimal() and len(text) < 9 else 1
