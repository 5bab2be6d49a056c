"""The evaluator's desk: answer the invitation, declare conflicts, score, lock. Nothing of anybody else's."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongmo.applications.queries import submitted_value
from gongmo.calls.queries import definition_of
from gongmo.definition.model import Definition
from gongmo.evaluation import commands, queries
from gongmo.evaluation.models import ScoreSheet, SiteVisit
from gongmo.evaluation.presentation import presentation_stage
from gongmo.evaluation.queries.desk import neighbours, own_totals
from gongmo.evaluation.states import StageState, seats_table, sheets_table
from gongmo.files.responses import send
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.parties.pages import actor_of, said
from gongmo.rules.form import told_answers
from gongmo.rules.ranking.exact import text
from gongmo.screening.items import item_name, supplemented
from gongmo.screening.judgement import accepted_items
from gongmo.screening.models import ItemKind
from gongmo.screening.reading import number


@require_GET
def seats(request: HttpRequest) -> HttpResponse:
    """Every committee on which the expert sits or is asked to sit."""
    actor = actor_of(request)
    found = list(queries.my_seats(actor))
    return render(request, "evaluation/seats.html", {"seats": found, "shown": seats_table.shown})


@require_GET
def desk(request: HttpRequest, pk: int) -> HttpResponse:
    """One seat: what is to be declared on, and the own sheets by stage."""
    return _desk(request, actor_of(request), pk)


def _desk(request: HttpRequest, actor: Actor, pk: int, refused: Refused | None = None) -> HttpResponse:
    found = queries.desk_of(actor, pk)
    call = found.seat.committee.call
    evaluation = definition_of(call).evaluation
    names = {stage.id: stage.name for stage in evaluation.stages}
    by_stage: dict[str, list[object]] = {}
    for line in found.sheets:
        by_stage.setdefault(line.sheet.run.stage, []).append(line)
    criteria = {stage.id: len(evaluation.criteria_of(stage)) for stage in evaluation.scored_stages()}
    maximum = {
        stage.id: text(sum((c.max_points for c in evaluation.criteria_of(stage)), Decimal(0)))
        for stage in evaluation.scored_stages()
    }
    return render(
        request,
        "evaluation/desk.html",
        {
            "seat": found.seat,
            "call": call,
            "shown": seats_table.shown,
            "sheet_shown": sheets_table.shown,
            "to_declare": found.to_declare,
            "stages": [(stage, names[stage], lines) for stage, lines in reversed(by_stage.items())],
            "criteria": criteria,
            "maximum": maximum,
            "left": sum(line.sheet.state == "open" for line in found.sheets),
            "refused": refused,
        },
        status=200 if refused is None else refused.status,
    )


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Pledge and accept the seat, or decline it."""
    actor = actor_of(request)
    try:
        if request.POST.get("answer") == "decline":
            commands.decline(actor=actor, seat_id=pk)
            messages.success(request, said("위촉을 거절했습니다.", "You have declined the seat."))
            return redirect("evaluation:desk")
        if request.POST.get("pledge") != "yes":
            raise BadInput(
                "pledge_missing",
                "비밀유지와 청렴 서약에 동의해 주세요.",
                "Please agree to the pledge.",
                field="pledge",
            )
        commands.pledge(actor=actor, seat_id=pk)
    except Refused as refused:
        if isinstance(refused, NotFound):
            raise
        return _desk(request, actor, pk, refused)
    messages.success(
        request,
        said("위촉을 수락했습니다. 이해충돌을 신고해 주세요.", "You have a seat. Please declare conflicts."),
    )
    return redirect("evaluation:seat", pk)


@require_POST
def declare(request: HttpRequest, pk: int) -> HttpResponse:
    """Declare on applications, as many as were answered at once."""
    actor = actor_of(request)
    if not queries.my_seats(actor).filter(pk=pk).exists():
        raise NotFound
    answers = {
        number(name.removeprefix("conflict-"), name): value
        for name, value in request.POST.items()
        if name.startswith("conflict-") and value in ("yes", "no")
    }
    try:
        for application, value in answers.items():
            commands.declare_conflict(
                actor=actor,
                seat_id=pk,
                application_id=application,
                conflict=value == "yes",
                note=str(request.POST.get(f"note-{application}", "")),
            )
    except Refused as refused:
        if isinstance(refused, NotFound):
            raise
        return _desk(request, actor, pk, refused)
    messages.success(
        request,
        said(f"{len(answers)}건을 신고했습니다.", f"You have declared on {len(answers)} application(s)."),
    )
    return redirect("evaluation:seat", pk)


@require_http_methods(["GET", "POST"])
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The score sheet beside the documents. Saving keeps everything; a refused save keeps what was typed."""
    actor = actor_of(request)
    found = queries.sheet_for(actor, pk)
    if request.method == "GET":
        return _sheet(request, actor, found)
    before = found.revision
    try:
        points = {
            name.removeprefix("points-"): _points(name, str(value))
            for name, value in request.POST.items()
            if name.startswith("points-")
        }
        comments = {
            name.removeprefix("comment-"): str(value)
            for name, value in request.POST.items()
            if name.startswith("comment-")
        }
        revision = request.POST.get("revision", "")
        commands.save_sheet(
            actor=actor,
            sheet_id=pk,
            points=points,
            comments=comments,
            overall_opinion=str(request.POST.get("overall_opinion", "")),
            revision=int(revision) if revision.isdecimal() else -1,
        )
        if request.POST.get("then") == "lock":
            if request.POST.get("sure") != "yes":
                raise BadInput(
                    "not_sure",
                    "저장했습니다. 확정하려면 더 고칠 것이 없다고 표시해 주세요.",
                    "Saved. To lock the sheet, tick that there is nothing left to change.",
                    field="sure",
                )
            commands.lock_sheet(actor=actor, sheet_id=pk)
            messages.success(request, said("평가표를 확정했습니다.", "The sheet is locked."))
            return redirect("evaluation:seat", found.seat_id)
    except Refused as refused:
        if isinstance(refused, NotFound):
            raise
        again = queries.sheet_for(actor, pk)
        # After a refused lock what was typed is saved already; a refused save keeps it in the form.
        return _sheet(request, actor, again, refused, {} if again.revision != before else request.POST.dict())
    messages.success(request, said("저장했습니다.", "Saved."))
    following = neighbours(actor, found)[1] if request.POST.get("then") == "next" else None
    return redirect("evaluation:sheet", following or pk)


def _points(name: str, value: str) -> Decimal | None:
    if not value.strip():
        return None
    try:
        return Decimal(value.strip())
    except InvalidOperation:
        criterion = name.removeprefix("points-")
        told = {"ko": "점수를 숫자로 적어 주세요.", "en": "Give a number."}
        raise BadInput(
            "bad_points", told["ko"], told["en"], field=criterion, details={"fields": {criterion: told}}
        ) from None


def _sheet(
    request: HttpRequest,
    actor: Actor,
    found: ScoreSheet,
    refused: Refused | None = None,
    typed: Mapping[str, str] | None = None,
) -> HttpResponse:
    definition = definition_of(found.run.version)
    evaluation = definition.evaluation
    stage = evaluation.stage(found.run.stage)
    wanted = {criterion.id for criterion in evaluation.criteria_of(stage)}
    held = {score.criterion: score for score in found.scores.all()}
    given = [score.points for score in held.values() if score.points is not None]
    before, after, place, count = neighbours(actor, found)
    final_stage = presentation_stage(definition)
    visit = SiteVisit.objects.filter(application=found.application).first()
    return render(
        request,
        "evaluation/sheet.html",
        {
            "sheet": found,
            "application": found.application,
            "call": found.run.call,
            "stage": stage,
            "groups": [
                (group, [criterion for criterion in group.criteria if criterion.id in wanted])
                for group in evaluation.criteria
                if any(criterion.id in wanted for criterion in group.criteria)
            ],
            "held": held,
            "points_text": {
                name: text(score.points) for name, score in held.items() if score.points is not None
            },
            "total": text(sum(given, Decimal(0))) if given else None,
            "missing": len(wanted) - len(given),
            "maximum": text(sum((c.max_points for c in evaluation.criteria_of(stage)), Decimal(0))),
            "step": text(evaluation.point_step.step),
            "open": found.state == "open" and found.run.state == StageState.OPEN,
            **_papers(found, definition),
            "kinds": {document.id: document.name for document in definition.documents},
            "roles": {role.id: role.name for role in definition.consortium.roles},
            "before": before,
            "after": after,
            "place": place,
            "count": count,
            "totals": [(title, text(points), mine) for title, points, mine in own_totals(actor, found)],
            "visit": visit,
            "may_want_visit": visit is None
            and final_stage is not None
            and stage.id == final_stage.id
            and any(not each.scored for each in evaluation.stages),
            "field": refused.field if isinstance(refused, BadInput) else None,
            "wrong": (refused.details.get("fields", {}) if refused else {}),
            "refused": refused,
            "typed": typed or {},
        },
        status=200 if refused is None else refused.status,
    )


def _papers(found: ScoreSheet, definition: Definition) -> dict[str, object]:
    """The documents in the definition's order: those for all first, each organisation's own apart; and what was written.

    Documents that an accepted supplement replaced are left out, its own ones told beside. The longest of those for all is opened:
    it is the one that the score rests on.
    """
    order = {document.id: document.number for document in definition.documents}
    completed = accepted_items(found.application)
    mended = [item for item in completed if item.kind == ItemKind.DOCUMENT]
    replaced = {(item.place, item.organisation_id) for item in mended}
    papers = sorted(
        (
            each
            for each in found.application.documents.all()
            if (each.kind, each.member.organisation_id if each.member else None) not in replaced
        ),
        key=lambda each: (order.get(each.kind, 0), each.pk),
    )
    value = supplemented(submitted_value(found.application), completed)
    shared = [each for each in papers if each.member_id is None]
    shown = [each for each in shared or papers if each.file.extension in ("pdf", "jpg", "png")]
    return {
        "answers": told_answers(definition, value.fields, value.answers or {}),
        "kpis": value.kpis or (),
        "mended": [(item, item_name(definition, item)) for item in mended],
        "shared": shared,
        "each_own": [each for each in papers if each.member_id is not None],
        "first": max(shown, key=lambda each: each.file.size, default=None),
    }


@require_GET
def document(request: HttpRequest, pk: int, document: int) -> HttpResponseBase:
    """A document of the application on an own sheet."""
    found = queries.sheet_for(actor_of(request), pk)
    for each in found.application.documents.all():
        if each.pk == document:
            return send(each.file, each.name, inline=True)
    raise NotFound


@require_GET
def supplement(request: HttpRequest, pk: int, item: int) -> HttpResponseBase:
    """A document that an accepted supplement put in place of a submitted one, on an own sheet."""
    found = queries.sheet_for(actor_of(request), pk)
    for each in accepted_items(found.application):
        if each.pk == item and each.file is not None:
            return send(each.file, each.file_name, inline=True)
    raise NotFound


@require_POST
def want_visit(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that the committee finds a site visit necessary."""
    actor = actor_of(request)
    found = queries.sheet_for(actor, pk)
    try:
        commands.want_site_visit(
            actor=actor, application_id=found.application_id, reason=str(request.POST.get("reason", ""))
        )
    except Refused as refused:
        return _sheet(request, actor, found, refused, request.POST.dict())
    messages.success(request, said("현장평가가 필요하다고 기록했습니다.", "The site visit is asked for."))
    return redirect("evaluation:sheet", pk)
