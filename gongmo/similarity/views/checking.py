"""Pages on which officers see what an application is similar to, and judge it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.datastructures import MultiValueDict
from django.views.decorators.http import require_GET, require_POST

from gongmo.calls.models import Call
from gongmo.calls.queries import call_by_slug, definition_of
from gongmo.definition.similar import USUAL
from gongmo.files.responses import send
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotAllowed, NotFound, Refused
from gongmo.kernel.korean import particle
from gongmo.parties.pages import actor_of, said
from gongmo.similarity import commands, policies, queries
from gongmo.similarity.models import Match, Pair
from gongmo.similarity.states import VERDICTS, Verdict


@require_GET
def overview(request: HttpRequest, slug: str) -> HttpResponse:
    """Every application of a call with what was found, and pairs that tell the same."""
    actor = actor_of(request)
    call = call_by_slug(actor, slug)
    found = queries.overview(actor, call)
    return render(
        request,
        "similarity/overview.html",
        {
            "call": call,
            "found": found,
            "open": sum(row.open for row in found.rows),
            "unlooked": sum(row.look is None for row in found.rows),
            "manages": policies.judge(actor, call),
            **_ground(call),
        },
    )


def _ground(call: Call) -> dict[str, Any]:
    """The clause that the check serves, and the question that it answers."""
    definition = definition_of(call)
    settings = definition.similar
    clauses = {clause.id: clause.text for clause in definition.clauses}
    fact = next(
        (each for each in definition.facts if settings is not None and each.id == settings.fact), None
    )
    return {
        "settings": settings,
        "usual": USUAL,
        "fact": fact,
        "clause": fact.clause if fact is not None else "",
        "clause_text": clauses.get(fact.clause) if fact is not None and fact.clause else None,
    }


@require_POST
def look(request: HttpRequest, slug: str, pk: int | None = None) -> HttpResponse:
    """Have the search made anew, beside the request."""
    actor = actor_of(request)
    call = call_by_slug(actor, slug)
    commands.ask_looks(actor=actor, call=call, application_id=pk)
    messages.success(
        request,
        said(
            "찾기를 시작했습니다. 몇 초 뒤에 이 화면을 새로 고치면 결과가 보입니다.",
            "The search has begun. Reload this page in a few seconds.",
        ),
    )
    return redirect("similarity:overview", slug) if pk is None else redirect("similarity:one", slug, pk)


@require_GET
def application(request: HttpRequest, pk: int) -> HttpResponse:
    """To the application's check, whatever its call is called."""
    return redirect("similarity:one", queries.slug_of(actor_of(request), pk), pk)


@require_GET
def one(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One application: what was found, one of them beside it, the judgement."""
    return _one(request, actor_of(request), slug, pk)


def _one(
    request: HttpRequest,
    actor: Actor,
    slug: str,
    pk: int,
    *,
    refused: Refused | None = None,
    typed: Mapping[str, str] | None = None,
) -> HttpResponse:
    found = queries.one(actor, slug, pk)
    call = found.application.call
    wanted = (typed or request.GET).get("project", "")
    chosen = _chosen(found, wanted)
    others = [(pair, pair.right if pair.left_id == pk else pair.left) for pair in found.pairs]
    other = next(
        (each for each in others if str(each[1].pk) == (typed or request.GET).get("other", "")), None
    )
    if other is not None:
        chosen = None
    key = ("other", other[1].pk) if other else ("project", chosen.project_id) if chosen else None
    beside = (
        queries.match_beside(found.look, chosen) if chosen is not None and found.look is not None else None
    )
    if other is not None:
        beside = queries.pair_for(actor, call, other[0].left_id, other[0].right_id)[1]
    held = found.judgements.get(key) if key is not None else None
    return render(
        request,
        "similarity/one.html",
        {
            "call": call,
            "application": found.application,
            "found": found,
            "look": found.look,
            "chosen": chosen,
            "other": other,
            "others": others,
            "beside": beside,
            "flipped": other is not None and other[0].right_id == pk,
            "held": held,
            "parts": _parts(chosen),
            "verdicts": VERDICTS,
            "verdict_choices": [(each.value, said(shown.ko, shown.en)) for each, shown in VERDICTS.items()],
            "organisations": [(each.pk, each.name) for each in found.members],
            "likely": _likely(found, chosen),
            "manages": policies.judge(actor, call),
            "refused": refused,
            "typed": typed or {},
            **_ground(call),
        },
        status=refused.status if refused is not None else 200,
    )


def _chosen(found: queries.One, wanted: str) -> Match | None:
    """The earlier project that is shown beside: the one asked for, else the first that waits to be judged, else the likest."""
    for match in found.matches:
        if wanted and str(match.project_id) == wanted:
            return match
    waiting = [match for match in found.matches if ("project", match.project_id) in found.open]
    return next(iter(waiting or found.matches), None)


def _parts(chosen: Match | None) -> list[dict[str, object]]:
    """The parts of a likeness in percent, as bars."""
    if chosen is None:
        return []
    names = (
        ("title", said("제목", "Title")),
        ("goals", said("목표", "Goals")),
        ("content", said("내용과 기대효과", "Content and effects")),
    )
    return [
        {"label": name, "value": round(chosen.told[key] / 10)}
        for key, name in names
        if chosen.told.get(key) is not None
    ]


def _likely(found: queries.One, chosen: Match | None) -> str:
    """The member of the consortium that the earlier project names as its own organisation, else the lead."""
    if chosen is not None:
        name = chosen.project.organisation.replace(" ", "")
        for each in found.members:
            if name and (each.name.replace(" ", "") in name or name in each.name.replace(" ", "")):
                return str(each.pk)
    return str(found.application.lead_id)


@require_POST
def judge(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Judge an earlier project or another application; a refusal is told on the page with everything that was typed."""
    actor = actor_of(request)
    policies.judge.require(actor, queries.application_for(actor, slug, pk).call)
    given = request.POST
    try:
        made = commands.judge(
            actor=actor,
            application_id=pk,
            verdict=_verdict(given.get("verdict", "")),
            reason=given.get("reason", ""),
            organisation_id=_number(given.get("organisation", ""), "organisation") or 0,
            project_id=_number(given.get("project", ""), "project"),
            other_id=_number(given.get("other", ""), "other"),
            ended_on=_day(given.get("ended_on", "")),
            evidence=_upload(request.FILES),
        )
    except (NotFound, NotAllowed):
        raise
    except Refused as refused:
        return _one(request, actor, slug, pk, refused=refused, typed=given.dict())
    shown = VERDICTS[Verdict(made.verdict)]
    messages.success(
        request, said(f"{particle(f'‘{shown.ko}’', '으로', '로')} 판단했습니다.", f"Judged: {shown.en}.")
    )
    return redirect("similarity:one", slug, pk)


@require_POST
def conclude(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Conclude the check of an application."""
    actor = actor_of(request)
    policies.judge.require(actor, queries.application_for(actor, slug, pk).call)
    try:
        commands.conclude(actor=actor, application_id=pk, reason=request.POST.get("conclusion", ""))
    except (NotFound, NotAllowed):
        raise
    except Refused as refused:
        return _one(request, actor, slug, pk, refused=refused, typed=request.POST.dict())
    messages.success(request, said("중복성 검토를 마쳤습니다.", "The duplication check is concluded."))
    return redirect("similarity:one", slug, pk)


def _verdict(text: str) -> Verdict:
    try:
        return Verdict(text)
    except ValueError:
        raise BadInput(
            "verdict_missing", "판단을 골라 주세요.", "Choose a judgement.", field="verdict"
        ) from None


def _number(text: str, field: str) -> int | None:
    if not text.strip():
        return None
    if not text.isdecimal() or int(text) >= 2**63:
        raise BadInput("not_chosen", "하나를 골라 주세요.", "Choose one.", field=field)
    return int(text)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError:
        raise BadInput(
            "not_a_day", "날짜를 2030-03-15처럼 적어 주세요.", "Give the day as 2030-03-15.", field="ended_on"
        ) from None


def _upload(files: MultiValueDict[str, Any]) -> tuple[str, Any] | None:
    upload = files.get("evidence")
    return None if upload is None else (upload.name, upload)


@require_GET
def pair(request: HttpRequest, slug: str, left: int, right: int) -> HttpResponse:
    """Two applications that tell the same, beside each other."""
    actor = actor_of(request)
    call = call_by_slug(actor, slug)
    found, beside = queries.pair_for(actor, call, left, right)
    return render(
        request,
        "similarity/pair.html",
        {"call": call, "pair": found, "beside": beside, "share": _shares(found), **_ground(call)},
    )


def _shares(found: Pair) -> tuple[int, int]:
    return round(found.told["of_application"] / 10), round(found.told["of_project"] / 10)


@require_GET
def evidence(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The proof of a follow-up."""
    found = queries.judgement_file(actor_of(request), pk)
    assert found.evidence is not None  # noqa: S101 - judgement_file refuses one without
    return send(found.evidence, found.evidence_name)
