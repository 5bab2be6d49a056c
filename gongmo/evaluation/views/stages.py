"""The page on which the operator carries the evaluation from stage to stage, and sees who is done."""

from collections.abc import Mapping
from typing import Any, BinaryIO, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.datastructures import MultiValueDict
from django.views.decorators.http import require_GET, require_POST

from gongmo.calls.models import Call
from gongmo.calls.queries import call_by_slug, definition_of
from gongmo.evaluation import commands, policies, queries
from gongmo.evaluation.queries.belonging import of_call
from gongmo.evaluation.queries.presentation import unheld_turns
from gongmo.evaluation.queries.ranking import advance_ties
from gongmo.evaluation.queries.visits import visit_file as file_of_visit
from gongmo.evaluation.states import sheets_table, stages_table, substitutes_table, visits_table
from gongmo.evaluation.views.ranking import ranking_page
from gongmo.files.responses import send
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.clock import SEOUL
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.parties.pages import actor_of, said
from gongmo.screening.queries import eligible_applications, undecided_applications
from gongmo.screening.reading import instant, needed_day, number

Given = Mapping[str, Any]
Files = MultiValueDict[str, Any]


@require_GET
def stages(request: HttpRequest, slug: str) -> HttpResponse:
    """The stages of a call."""
    actor = actor_of(request)
    return _page(request, actor, call_by_slug(actor, slug))


def _page(
    request: HttpRequest,
    actor: Actor,
    call: Call,
    *,
    part: str = "",
    refused: Refused | None = None,
    typed: Mapping[str, str] | None = None,
) -> HttpResponse:
    progress, again = queries.whole_progress(actor, call)
    manages = policies.manage(actor, call)
    committees = queries.committees_of(actor, call) if manages else []
    definition = definition_of(call)
    fixed = queries.fixed_ranking(actor, call)
    locked = [each for each in progress if each.run is not None and each.run.state == "locked"]
    opened = next((each for each in progress if each.run is not None and each.run.state == "open"), None)
    following = next((each for each in progress if each.run is None), None) if opened is None else None
    return render(
        request,
        "evaluation/stages.html",
        {
            "call": call,
            "manages": manages,
            "progress": progress,
            "again": again,
            "shown": stages_table.shown,
            "sheet_shown": sheets_table.shown,
            "committees": committees,
            "waiting_seats": [
                seat
                for view in committees
                for seat in view.seats
                if seat.state == "invited" and not seat.reserve
            ],
            "opened": opened,
            "judged_before": locked[-1].run.committee_id if locked and locked[-1].run else None,
            "unheld": {
                each.run.pk: unheld_turns(each.run)
                for each in (*progress, *again)
                if manages
                and each.run is not None
                and each.run.state == "open"
                and each.stage.presenter != "none"
            },
            "following": following,
            "all_locked": len(locked) == len(progress),
            "fixed": fixed,
            "undecided": undecided_applications(call).count(),
            "eligible": eligible_applications(call).count(),
            "advance_ties": advance_ties(actor, call) if manages and not fixed else [],
            "has_bonus": definition.evaluation.bonus is not None,
            "visits": list(queries.visits_of(actor, call)) if manages else [],
            "visit_shown": visits_table.shown,
            "substitutes": list(queries.substitutes_of(actor, call)) if manages else [],
            "substitute_shown": substitutes_table.shown,
            "has_visits": any(not stage.scored for stage in definition.evaluation.stages),
            "steps": [
                {
                    "label": each.stage.name,
                    "state": "coming"
                    if each.run is None
                    else ("done" if each.run.state == "locked" else "current"),
                    "note": f"{each.stage.weight.normalize():f} %",
                }
                for each in progress
            ],
            "now": clock.now(),
            "today": clock.now().astimezone(SEOUL).date(),
            "part": part,
            "refused": refused,
            "typed": typed or {},
        },
        status=200 if refused is None else refused.status,
    )


@require_POST
def act_on_stages(request: HttpRequest, slug: str, act: str) -> HttpResponse:
    """One act on the stages. A refusal is told on the page, with everything that was typed."""
    actor = actor_of(request)
    call = call_by_slug(actor, slug)
    run = ACTS.get(act)
    if run is None or not policies.oversee(actor, call):
        raise NotFound
    policies.manage.require(actor, call)
    given = request.POST.dict()
    try:
        ko, en = run(actor, call, given, request.FILES)
    except NotFound:
        raise
    except Refused as refused:
        if _from_ranking(act, given):
            return ranking_page(request, actor, call, part=act, refused=refused, typed=given)
        return _page(request, actor, call, part=act, refused=refused, typed=given)
    messages.success(request, said(ko, en))
    return redirect("evaluation:ranking" if _from_ranking(act, given) else "evaluation:stages", slug)


def _from_ranking(act: str, given: Given) -> bool:
    """Whether the act was done on the ranking's page, to which its answer leads back."""
    return act in ("fix", "tell") or given.get("back") == "ranking"


def _open(actor: Actor, call: Call, given: Given, files: Files) -> tuple[str, str]:
    committee = given.get("committee", "")
    run = commands.open_stage(
        actor=actor,
        call_id=call.pk,
        stage=given.get("stage", ""),
        committee_id=int(committee) if committee.isdecimal() else None,
        due_at=instant(given["due_at"], "due_at") if given.get("due_at", "").strip() else None,
    )
    name = definition_of(run.version).evaluation.stage(run.stage).name
    return (
        f"‘{name.ko}’ 단계를 열고 평가표를 나누었습니다.",
        f"“{name.en}” is open and the sheets are given out.",
    )


def _typed(call: Call, given: Given) -> None:
    """What cannot be undone is confirmed by typing the call's name in addresses."""
    if given.get("confirm", "").strip() != call.slug:
        raise BadInput(
            "confirmation",
            f"되돌릴 수 없는 일입니다. 확인 칸에 공고 주소 이름 ‘{call.slug}’을(를) 그대로 적어 주세요.",
            f"This cannot be undone: type “{call.slug}” in the confirmation box.",
            field="confirm",
        )


def _lock(actor: Actor, call: Call, given: Given, files: Files) -> tuple[str, str]:
    _typed(call, given)
    run = commands.lock_stage(actor=actor, run_id=_run(actor, call, given), reason=given.get("reason", ""))
    name = definition_of(run.version).evaluation.stage(run.stage).name
    return f"‘{name.ko}’ 단계를 확정했습니다.", f"“{name.en}” is locked."


def _remind(actor: Actor, call: Call, given: Given, files: Files) -> tuple[str, str]:
    seats = commands.remind(actor=actor, run_id=_run(actor, call, given))
    return (
        f"아직 확정하지 않은 위원 {len(seats)}명에게 알렸습니다.",
        f"{len(seats)} evaluator(s) with open sheets are reminded.",
    )


def _due(actor: Actor, call: Call, given: Given, files: Files) -> tuple[str, str]:
    commands.set_due(
        actor=actor, run_id=_run(actor, call, given), due_at=instant(given.get("due_at", ""), "due_at")
    )
    return "평가 마감을 정했습니다.", "The sheets' due time is set."


def _run(actor: Actor, call: Call, given: Given) -> int:
    """The stage of this call that is meant."""
    return of_call(actor, call, "run", number(given.get("run", ""), "run"))


def _visit(actor: Actor, call: Call, given: Given, files: Files) -> tuple[str, str]:
    pk = of_call(actor, call, "visit", number(given.get("visit", ""), "visit"))
    upload = files.get("file")
    commands.record_visit(
        actor=actor,
        visit_id=pk,
        visited_on=needed_day(given.get("visited_on", ""), "visited_on"),
        memo=given.get("memo", ""),
        name=upload.name if upload else None,
        stream=cast(BinaryIO, upload) if upload else None,
    )
    return "현장평가를 기록했습니다.", "The site visit is recorded."


def _substitute(actor: Actor, call: Call, given: Given, files: Files) -> tuple[str, str]:
    pk = of_call(actor, call, "substitute", number(given.get("substitute", ""), "substitute"))
    consent = given.get("consent") == "yes"
    commands.answer_substitute(actor=actor, substitute_id=pk, consent=consent)
    if consent:
        return "대리 발표에 동의했습니다.", "Consent to the substitute presenter is given."
    return "대리 발표에 동의하지 않았습니다.", "Consent to the substitute presenter is refused."


def _tie(actor: Actor, call: Call, given: Given, files: Files) -> tuple[str, str]:
    places = sorted(
        (number(value, name), int(name.removeprefix("place-")))
        for name, value in given.items()
        if name.startswith("place-") and name.removeprefix("place-").isdecimal()
    )
    if len({place for place, _ in places}) != len(places):
        raise Refused(
            "same_place",
            "순서가 겹칩니다. 서로 다른 순서를 골라 주세요.",
            "Two share a place; choose different ones.",
        )
    commands.decide_tie(
        actor=actor,
        call_id=call.pk,
        order=[application for _, application in places],
        reason=given.get("reason", ""),
        stage=given.get("stage") or None,
    )
    return "동점 의결을 기록했습니다.", "The decision on the tie is recorded."


def _fix(actor: Actor, call: Call, given: Given, files: Files) -> tuple[str, str]:
    _typed(call, given)
    commands.fix_ranking(actor=actor, call_id=call.pk)
    return "순위를 확정했습니다.", "The ranking is fixed."


def _tell(actor: Actor, call: Call, given: Given, files: Files) -> tuple[str, str]:
    _typed(call, given)
    commands.tell_results(actor=actor, call_id=call.pk)
    return "신청 기관에 결과를 통보했습니다.", "The applicants are told the results."


ACTS = {
    "open": _open,
    "lock": _lock,
    "remind": _remind,
    "due": _due,
    "tell": _tell,
    "visit": _visit,
    "substitute": _substitute,
    "tie": _tie,
    "fix": _fix,
}


@require_GET
def visit_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file of a recorded visit, for the operator and the members who judge the application."""
    stored, name = file_of_visit(actor_of(request), pk)
    return send(stored, name, inline=True)
