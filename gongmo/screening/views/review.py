"""Pages of one application's review: everything about it, and one fact beside its evidence."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongmo.calls.queries import definition_of
from gongmo.definition.application import FactSource, Truth
from gongmo.definition.model import Definition
from gongmo.files.showing import preview
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.clock import SEOUL
from gongmo.kernel.errors import NotFound, Refused
from gongmo.parties.pages import actor_of, address, said
from gongmo.registers.queries import Line, last_answers
from gongmo.rules.finding import Finding, Status, Verdict
from gongmo.screening import policies, queries
from gongmo.screening.deadlines import objection_deadline
from gongmo.screening.exclusion_notice import exclusion_notices
from gongmo.screening.items import item_name, openable
from gongmo.screening.judgement import Judgement
from gongmo.screening.models import Review
from gongmo.screening.officers import officers_of
from gongmo.screening.queries.matrix import matrix
from gongmo.screening.states import ReviewState, objections_table, reviews_table, supplements_table
from gongmo.screening.telling import SOURCES, TRUTHS, headline, history_of, subject_name
from gongmo.screening.views.acts import ACTS, FACT_ACTS

ORDER = {Status.FAIL: 0, Status.UNKNOWN: 1, Status.PASS: 2, Status.NOT_APPLICABLE: 3}


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
    supplements = list(application.supplements.all())
    return render(
        request,
        "screening/review.html",
        {
            "call": call,
            "application": application,
            "review": found,
            "shown": reviews_table.shown[state],
            "title": headline(state, judgement),
            "passes": judgement.verdict is Verdict.PASS,
            "open": [(each, subject_name(each, names)) for each in findings if _stands_out(each)],
            "rest": [(each, subject_name(each, names)) for each in findings if not _stands_out(each)],
            "clauses": {clause.id: clause.text for clause in definition.clauses},
            "matrix": matrix(found, judgement, definition),
            "roles": {role.id: role.name for role in definition.consortium.roles},
            "organisations": [
                (member.organisation_id, member.organisation.name) for member in application.members.all()
            ],
            "kinds": [(kind.id, kind.name) for kind in definition.facts],
            "facts": {kind.id: kind.name for kind in definition.facts},
            "supplements": supplements,
            "items": {
                supplement.pk: [(item, item_name(definition, item)) for item in supplement.items.all()]
                for supplement in supplements
            },
            "openable": openable(definition, judgement.value) if manages else [],
            "supplement_shown": supplements_table.shown,
            "demands": list(application.proof_demands.all()),
            "grounds": _grounds(grounds.findings, names),
            "ground_gone": _ground_gone(found, judgement, today),
            "letters": _notices(found, names) if state is ReviewState.EXCLUSION_PROPOSED else [],
            "objections": list(found.objections.all()),
            "objection_shown": objections_table.shown,
            "objection_until": _objection_until(found, definition),
            "may_answer_objection": policies.answer_objection(actor, call, found.proposed_by_id),
            "officers": officers_of(call) if manages else [],
            "manages": manages,
            "may_confirm": policies.confirm(actor, call, found.proposed_by_id),
            "own_proposal": actor.person is not None and actor.person == found.proposed_by_id,
            "can": {then.value for then in reviews_table.moves.get(state, frozenset())} if manages else set(),
            "similar": address("similarity:one", call.slug, application.pk),
            "history": history_of(found),
            "now": clock.now(),
            "part": part,
            "refused": refused,
            "typed": typed or {},
            **_words(),
        },
        status=200 if refused is None else refused.status,
    )


def _words() -> dict[str, Any]:
    return {
        "sources": SOURCES,
        "truths": TRUTHS,
        "source_choices": [(key, SOURCES[key]) for key in FactSource if key is not FactSource.SELF],
        "truth_choices": [(key, TRUTHS[key]) for key in Truth],
        "today": clock.now().astimezone(SEOUL).date(),
    }


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


def _ground_gone(found: Review, judgement: Judgement, today: date) -> bool:
    """Whether no recorded fact carries the exclusion any more: neither as of the closing day nor as of today."""
    if found.state not in (ReviewState.EXCLUDED, ReviewState.EXCLUSION_PROPOSED):
        return False
    wanted = None if found.organisation_id is None else str(found.organisation_id)

    def carries(found_out: Judgement) -> bool:
        return any(
            each.status is Status.FAIL
            and each.clause == found.clause
            and wanted in (None, each.subject.organisation)
            for each in found_out.open()
        )

    return not carries(judgement) and not carries(queries.verdicts(found.application, on=today))


def _notices(found: Review, names: Mapping[str, str]) -> list[tuple[str, Any]]:
    """What will be told to whom once the exclusion is confirmed, as it would be sent now."""
    return [
        (", ".join(names.get(str(pk), "–") for pk in notice.organisations), notice)
        for notice in exclusion_notices(found, found.clause, found.organisation_id, clock.now())
    ]


def _objection_until(found: Review, definition: Definition) -> Any:
    if found.state != ReviewState.EXCLUDED or found.decided_at is None:
        return None
    return objection_deadline(definition, found.decided_at)


@require_POST
def act_on_review(request: HttpRequest, slug: str, pk: int, act: str) -> HttpResponse:
    """One act on a review. A refusal is told on the page, with everything that was typed."""
    actor = actor_of(request)
    found = _found(actor, slug, pk)
    try:
        ko, en = ACTS[act](actor, found, request.POST.dict(), request.FILES)
    except Refused as refused:
        # A command that raises rolls back; what was read before it is read anew.
        again = _found(actor, slug, pk)
        return _review(request, actor, again, part=act, refused=refused, typed=request.POST.dict())
    messages.success(request, said(ko, en))
    return redirect("screening:review", slug, pk)


@require_http_methods(["GET", "POST"])
def fact(request: HttpRequest, slug: str, pk: int, organisation: int, rule: str) -> HttpResponse:
    """One organisation under one exclusion clause: evidence on one side, every record and what to do on the other.

    Posts: `act` "fact" records what was found out, "demand" demands proof.
    """
    actor = actor_of(request)
    found = _found(actor, slug, pk)
    if request.method != "POST":
        return _fact(request, actor, found, organisation, rule)
    act = request.POST.get("act", "")
    call = found.application.call
    definition = definition_of(call)
    kind = next(
        (each.fact for each in definition.rules if each.id == rule and each.kind == "exclusion"), None
    )
    if kind is None or act not in FACT_ACTS:
        raise NotFound
    given = {**request.POST.dict(), "organisation": str(organisation), "fact": kind}
    try:
        ko, en = FACT_ACTS[act](actor, found, given, request.FILES)
    except Refused as refused:
        if isinstance(refused, NotFound) or not policies.review(actor, call):
            raise
        again = _found(actor, slug, pk)
        return _fact(request, actor, again, organisation, rule, part=act, refused=refused, typed=given)
    messages.success(request, said(ko, en))
    return redirect("screening:fact", slug, pk, organisation, rule)


def _fact(
    request: HttpRequest,
    actor: Actor,
    found: Review,
    organisation: int,
    rule: str,
    *,
    part: str = "",
    refused: Refused | None = None,
    typed: Mapping[str, str] | None = None,
) -> HttpResponse:
    application = found.application
    definition = definition_of(application.call)
    judgement: Judgement = queries.verdicts(application)
    grid = matrix(found, judgement, definition)
    cell = grid.cell(str(organisation), rule)
    if cell is None:
        raise NotFound
    asked = request.GET.get("record", "")
    with_files = [record for record in cell.records if record.evidence is not None]
    seen = next((record for record in with_files if str(record.pk) == asked), None)
    if seen is None:
        seen = with_files[0] if with_files else None
    shown = None
    if seen is not None and seen.evidence is not None:
        shown = preview(seen.evidence, seen.evidence_name, reverse("screening:evidence", args=[seen.pk]))
    manages = policies.review(actor, application.call)
    return render(
        request,
        "screening/fact.html",
        {
            "call": application.call,
            "application": application,
            "review": found,
            "cell": cell,
            "whole": grid.whole.get(rule),
            "registers": _registers(found, organisation),
            "neighbours": _neighbours(grid.rows, organisation, rule),
            "roles": {role.id: role.name for role in definition.consortium.roles},
            "clauses": {clause.id: clause.text for clause in definition.clauses},
            "seen": seen,
            "evidence": shown,
            "manages": manages,
            "closes_at": application.call.closes_at,
            "part": part,
            "refused": refused,
            "typed": typed or {},
            **_words(),
        },
        status=200 if refused is None else refused.status,
    )


def _registers(found: Review, organisation: int) -> list[Line]:
    """What registers last said of the organisation's numbers."""
    owner = next(
        member.organisation
        for member in found.application.members.all()
        if member.organisation_id == organisation
    )
    numbers = [number for number in (owner.business_number, owner.corporate_number) if number]
    lines = last_answers(numbers)
    return [line for number in numbers for line in lines.get(number, [])]


def _neighbours(rows: Any, organisation: int, rule: str) -> tuple[Any, Any]:
    """The cells before and after this one, row by row, to walk through all of them."""
    line = [cell for _, cells in rows for cell in cells]
    at = next(
        place
        for place, cell in enumerate(line)
        if cell.organisation.id == str(organisation) and cell.rule.id == rule
    )
    return line[at - 1] if at else None, line[at + 1] if at + 1 < len(line) else None
