"""Pages on which officers review eligibility, and the ministry looks on."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.datastructures import MultiValueDict
from django.views.decorators.http import require_GET, require_POST

from gongmo.calls.models import Call
from gongmo.calls.queries import call_by_slug, definition_of
from gongmo.calls.states import CallState
from gongmo.definition.application import FactSource, Truth
from gongmo.files.models import StoredFile
from gongmo.files.responses import send
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.clock import SEOUL
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.parties.pages import actor_of, said
from gongmo.rules.finding import Finding, Status, Verdict
from gongmo.screening import commands, policies, queries, reading
from gongmo.screening.items import item_name, openable
from gongmo.screening.models import FactRecord, ProofDemand, Review, Supplement, SupplementItem
from gongmo.screening.states import ReviewState, SupplementState, reviews_table, supplements_table
from gongmo.screening.telling import SOURCES, TRUTHS, headline, history_of, subject_name

ORDER = {Status.FAIL: 0, Status.UNKNOWN: 1, Status.PASS: 2, Status.NOT_APPLICABLE: 3}


@require_GET
def queue(request: HttpRequest, slug: str) -> HttpResponse:
    """Every application of a call with where its review stands."""
    actor = actor_of(request)
    return _queue(request, actor, call_by_slug(actor, slug))


def _queue(
    request: HttpRequest,
    actor: Actor,
    call: Call,
    refused: Refused | None = None,
    undecided: list[tuple[Review, Refused]] | None = None,
) -> HttpResponse:
    reviews = list(queries.review_queue(actor, call))
    counts = {state: sum(review.state == state for review in reviews) for state in ReviewState}
    chosen = request.GET.get("state", "")
    tabs = [
        {"label": said("전체", "All"), "url": "?", "current": chosen not in counts, "count": len(reviews)}
    ]
    for state in ReviewState:
        shown = reviews_table.shown[state]
        tabs.append(
            {
                "label": said(shown.ko, shown.en),
                "url": f"?state={state}",
                "current": chosen == state,
                "count": counts[state],
            }
        )
    left = len(reviews) - counts[ReviewState.ELIGIBLE] - counts[ReviewState.EXCLUDED]
    return render(
        request,
        "screening/queue.html",
        {
            "call": call,
            "reviews": [review for review in reviews if chosen not in counts or review.state == chosen],
            "total": len(reviews),
            "left": left,
            "tabs": tabs,
            "shown": reviews_table.shown,
            "manages": policies.review(actor, call),
            "closed": call.state == CallState.CLOSED,
            "to_close": call.state == CallState.PUBLISHED and call.closes_at <= clock.now(),
            "open_here": sum(
                review.state == ReviewState.OPEN
                for review in reviews
                if chosen not in counts or review.state == chosen
            ),
            "undecided": undecided or [],
            "overdue": any(_overdue(call)),
            "refused": refused,
        },
        status=refused.status if refused else HTTPStatus.CONFLICT if undecided else HTTPStatus.OK,
    )


def _overdue(call: Call) -> list[int]:
    late = Supplement.objects.filter(
        application__call=call, state=SupplementState.ASKED, due_at__lte=clock.now()
    )
    return list(late.values_list("pk", flat=True)[:1])


@require_POST
def open_reviews(request: HttpRequest, slug: str) -> HttpResponse:
    """Open the reviews of a closed call."""
    actor = actor_of(request)
    call = call_by_slug(actor, slug)
    try:
        reviews = commands.open_reviews(actor=actor, call_id=call.pk)
    except Refused as refused:
        if isinstance(refused, NotFound):
            raise
        return _queue(request, actor, call, refused)
    messages.success(
        request,
        said(f"신청 {len(reviews)}건의 적격성 검토를 시작했습니다.", f"{len(reviews)} reviews are open."),
    )
    return redirect("screening:queue", slug)


@require_POST
def decide(request: HttpRequest, slug: str) -> HttpResponse:
    """Decide the chosen open reviews eligible, or all of them. Each stands alone: what a rule holds up is told, with why."""
    actor = actor_of(request)
    call = call_by_slug(actor, slug)
    found = {review.pk: review for review in queries.review_queue(actor, call)}
    policies.review.require(actor, call)
    chosen = [int(text) for text in request.POST.getlist("review") if text.isdecimal()]
    if request.POST.get("all"):
        chosen = [pk for pk, review in found.items() if review.state == ReviewState.OPEN]
    if not found.keys() >= set(chosen):
        raise NotFound
    undecided: list[tuple[Review, Refused]] = []
    decided = 0
    for pk in dict.fromkeys(chosen):
        try:
            commands.decide_eligible(actor=actor, review_id=pk)
            decided += 1
        except Refused as refused:
            undecided.append((found[pk], refused))
    if decided:
        messages.success(
            request,
            said(f"{decided}건을 적격으로 결정했습니다.", f"{decided} application(s) were decided eligible."),
        )
    if undecided:
        return _queue(request, actor, call, undecided=undecided)
    if not decided:
        nothing = BadInput(
            "nothing_chosen",
            "적격으로 결정할 신청을 골라 주세요.",
            "Choose the applications to decide eligible.",
            field="review",
        )
        return _queue(request, actor, call, nothing)
    return redirect("screening:queue", slug)


@require_POST
def expire(request: HttpRequest, slug: str) -> HttpResponse:
    """Let the reviews go on whose supplement requests ran out."""
    actor = actor_of(request)
    call = call_by_slug(actor, slug)
    expired = commands.expire_supplements(actor=actor, call_id=call.pk)
    messages.success(
        request,
        said(
            f"기한이 지난 보완 요청 {len(expired)}건을 닫았습니다.", f"{len(expired)} requests have run out."
        ),
    )
    return redirect("screening:queue", slug)


@require_GET
def review(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One application: facts with source and evidence, findings, and the acts."""
    actor = actor_of(request)
    return _review(request, actor, _found(actor, slug, pk))


def _found(actor: Actor, slug: str, pk: int) -> Review:
    found = queries.review_for(actor, pk)
    if found.application.call.slug != slug:
        raise NotFound
    return found


def _review(
    request: HttpRequest,
    actor: Actor,
    found: Review,
    *,
    part: str = "",
    refused: Refused | None = None,
    typed: Mapping[str, str] | None = None,
) -> HttpResponse:
    application = found.application
    call = application.call
    definition = definition_of(call)
    judgement = queries.verdicts(application)
    names = {organisation.id: organisation.name for organisation in judgement.value.organisations}
    findings = sorted(judgement.findings, key=lambda each: ORDER[each.status])
    state = ReviewState(found.state)
    today = clock.now().astimezone(SEOUL).date()
    # What came to light after the decision is judged on today's facts.
    grounds = queries.verdicts(application, on=today) if state is ReviewState.ELIGIBLE else judgement
    manages = policies.review(actor, call)
    return render(
        request,
        "screening/review.html",
        {
            "call": call,
            "application": application,
            "review": found,
            "shown": reviews_table.shown[state],
            "title": headline(state, judgement),
            "judgement": judgement,
            "passes": judgement.verdict is Verdict.PASS,
            "open": [(each, subject_name(each, names)) for each in findings if _stands_out(each)],
            "rest": [(each, subject_name(each, names)) for each in findings if not _stands_out(each)],
            "clauses": {clause.id: clause.text for clause in definition.clauses},
            "rows": list(queries.fact_rows(found, judgement, definition.facts)),
            "roles": {role.id: role.name for role in definition.consortium.roles},
            "organisations": [
                (member.organisation_id, member.organisation.name) for member in application.members.all()
            ],
            "kinds": [(kind.id, kind.name) for kind in definition.facts],
            "sources": SOURCES,
            "truths": TRUTHS,
            "source_choices": [(key, SOURCES[key]) for key in FactSource if key is not FactSource.SELF],
            "truth_choices": [(key, TRUTHS[key]) for key in Truth],
            "supplements": list(application.supplements.all()),
            "items": {
                supplement.pk: [(item, item_name(definition, item)) for item in supplement.items.all()]
                for supplement in application.supplements.all()
            },
            "openable": openable(definition, judgement.value) if manages else [],
            "supplement_shown": supplements_table.shown,
            "demands": list(application.proof_demands.all()),
            "facts": {kind.id: kind.name for kind in definition.facts},
            "grounds": _grounds(grounds.findings, names),
            "manages": manages,
            "may_confirm": policies.confirm(actor, call, found.proposed_by_id),
            "can": {then.value for then in reviews_table.moves.get(state, frozenset())} if manages else set(),
            "today": today,
            "history": history_of(found),
            "part": part,
            "refused": refused,
            "typed": typed or {},
        },
        status=200 if refused is None else refused.status,
    )


def _stands_out(finding: Finding) -> bool:
    return finding.status in (Status.FAIL, Status.UNKNOWN)


def _grounds(findings: tuple[Finding, ...], names: Mapping[str, str]) -> list[tuple[str, str]]:
    """The clauses on which an exclusion can stand now, with the organisation: ("A-5c|12", "A-5c 기관 · 조항")."""
    found: list[tuple[str, str]] = []
    for each in findings:
        if each.status is not Status.FAIL or each.clause is None or each.severity.value != "blocking":
            continue
        organisation = each.subject.organisation or ""
        where = names.get(organisation, said("신청 전체", "the application"))
        option = (
            f"{each.clause}|{organisation}",
            f"{each.clause} · {said(each.title.ko, each.title.en)} · {where}",
        )
        if option not in found:
            found.append(option)
    # An organisation's own ground before the contagion that follows from it.
    return sorted(found, key=lambda option: option[0].endswith("|"))


@require_POST
def act_on_review(request: HttpRequest, slug: str, pk: int, act: str) -> HttpResponse:
    """One act on a review. A refusal is told on the page, with everything that was typed."""
    actor = actor_of(request)
    found = _found(actor, slug, pk)
    run = ACTS.get(act)
    if run is None:
        raise NotFound
    try:
        ko, en = run(actor, found, request.POST.dict(), request.FILES)
    except Refused as refused:
        # A command that raises rolls back; what was read before it is read anew.
        again = _found(actor, slug, pk)
        return _review(request, actor, again, part=act, refused=refused, typed=request.POST.dict())
    messages.success(request, said(ko, en))
    return redirect("screening:review", slug, pk)


Given = Mapping[str, Any]
Files = MultiValueDict[str, Any]


def _fact(actor: Actor, found: Review, given: Given, files: Files) -> tuple[str, str]:
    upload = files.get("evidence")
    follow_up = {"yes": True, "no": False}.get(given.get("follow_up", ""))
    commands.record_fact(
        actor=actor,
        application_id=found.application_id,
        organisation_id=reading.number(given.get("organisation", ""), "organisation"),
        fact=given.get("fact", ""),
        value=reading.choice(Truth, given.get("value", ""), "value"),
        source=reading.choice(FactSource, given.get("source", ""), "source"),
        as_of=reading.needed_day(given.get("as_of", ""), "as_of"),
        since=reading.day(given.get("since", ""), "since"),
        until=reading.day(given.get("until", ""), "until"),
        follow_up=follow_up,
        earlier_ended_on=reading.day(given.get("earlier_ended_on", ""), "earlier_ended_on"),
        note=given.get("note", ""),
        evidence=None if upload is None else (upload.name, upload),
    )
    return "확인한 사실을 기록했습니다.", "The fact is recorded."


def _supplement(actor: Actor, found: Review, given: Given, files: Files) -> tuple[str, str]:
    commands.request_supplement(
        actor=actor,
        application_id=found.application_id,
        what=given.get("what", ""),
        due_at=reading.instant(given.get("due_at", ""), "due_at"),
        opened=[name.removeprefix("open-") for name in given if name.startswith("open-")],
    )
    return "보완을 요청했습니다.", "The supplement is asked for."


def _accept(actor: Actor, found: Review, given: Given, files: Files) -> tuple[str, str]:
    pk = reading.number(given.get("supplement", ""), "supplement")
    if not found.application.supplements.filter(pk=pk).exists():
        raise NotFound
    commands.accept_supplement(actor=actor, supplement_id=pk)
    return "보완을 완료로 처리했습니다.", "The supplement is accepted."


def _demand(actor: Actor, found: Review, given: Given, files: Files) -> tuple[str, str]:
    commands.demand_proof(
        actor=actor,
        application_id=found.application_id,
        organisation_id=reading.number(given.get("organisation", ""), "organisation"),
        fact=given.get("fact", ""),
        due_at=reading.instant(given.get("due_at", ""), "due_at"),
    )
    return "증빙을 요구했습니다.", "The proof is demanded."


def _eligible(actor: Actor, found: Review, given: Given, files: Files) -> tuple[str, str]:
    commands.decide_eligible(actor=actor, review_id=found.pk)
    return "적격으로 결정했습니다.", "Decided: eligible."


def _propose(actor: Actor, found: Review, given: Given, files: Files) -> tuple[str, str]:
    clause, _, organisation = given.get("ground", "").partition("|")
    commands.propose_exclusion(
        actor=actor,
        review_id=found.pk,
        clause=clause,
        organisation_id=int(organisation) if organisation.isdecimal() else None,
        reason=given.get("reason", ""),
        on=clock.now().astimezone(SEOUL).date() if found.state == ReviewState.ELIGIBLE else None,
    )
    return (
        "제외를 제안했습니다. 다른 담당자가 확정하면 제외됩니다.",
        "The exclusion is proposed; another officer confirms it.",
    )


def _confirm(actor: Actor, found: Review, given: Given, files: Files) -> tuple[str, str]:
    commands.confirm_exclusion(actor=actor, review_id=found.pk)
    return "제외를 확정했습니다.", "The exclusion is confirmed."


def _reinstate(actor: Actor, found: Review, given: Given, files: Files) -> tuple[str, str]:
    commands.reinstate(actor=actor, review_id=found.pk, reason=given.get("reason", ""))
    return "제외를 되돌렸습니다.", "The exclusion is lifted."


ACTS = {
    "fact": _fact,
    "supplement": _supplement,
    "accept": _accept,
    "demand": _demand,
    "eligible": _eligible,
    "propose": _propose,
    "confirm": _confirm,
    "reinstate": _reinstate,
}


@require_GET
def evidence(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The evidence of a fact, for those who oversee the review."""
    record = (
        FactRecord.objects.select_related("application__call", "evidence")
        .filter(pk=pk, evidence__isnull=False)
        .first()
    )
    return _overseen(
        request, record, record.evidence if record else None, record.evidence_name if record else ""
    )


@require_GET
def supplement_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file of an answer, for those who oversee the review and for the consortium."""
    row = Supplement.objects.select_related("application__call", "file").filter(pk=pk).first()
    return _overseen(request, row, row.file if row else None, row.file_name if row else "", own=True)


@require_GET
def item_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A document that was handed in for a request, for those who oversee the review (once it is answered) and for the consortium."""
    row = (
        SupplementItem.objects.select_related("supplement__application__call", "file")
        .filter(pk=pk, file__isnull=False)
        .first()
    )
    actor = actor_of(request)
    if row is None or row.file is None:
        raise NotFound
    application = row.supplement.application
    handed_in = row.supplement.state in (SupplementState.ANSWERED, SupplementState.ACCEPTED)
    overseen = handed_in and policies.oversee(actor, application.call)
    if not overseen and not policies.see_own(actor, application):
        raise NotFound
    return send(row.file, row.file_name, inline=True)


@require_GET
def proof_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Proof that was handed in, for those who oversee the review, the lead, and the organisation that it is about."""
    row = ProofDemand.objects.select_related("application__call", "file").filter(pk=pk).first()
    actor = actor_of(request)
    allowed = row is not None and actor.organisation in (row.application.lead_id, row.organisation_id)
    return _overseen(request, row, row.file if row else None, row.file_name if row else "", own=allowed)


def _overseen(
    request: HttpRequest, row: models.Model | None, stored: StoredFile | None, name: str, *, own: bool = False
) -> HttpResponseBase:
    actor = actor_of(request)
    if row is None or stored is None:
        raise NotFound
    application = row.application  # type: ignore[attr-defined]
    if not policies.oversee(actor, application.call) and not (own and policies.see_own(actor, application)):
        raise NotFound
    return send(stored, name, inline=True)
