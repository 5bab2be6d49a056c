"""The pool of experts: list, file in and out, one expert's profile for the keepers and for the expert."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongmo.definition.base import Text
from gongmo.evaluation import commands, policies, pool_file
from gongmo.evaluation.commands.pool_keeping import employer
from gongmo.evaluation.queries import pool as queries
from gongmo.evaluation.queries.belonging import of_expert
from gongmo.evaluation.views.committee import SECTOR_NAMES
from gongmo.kernel.actor import Actor, Role
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.kernel.numbers import Kind, token
from gongmo.parties.pages import actor_of, said
from gongmo.parties.queries import standing_regions
from gongmo.rules.committee import Relation
from gongmo.screening import reading
from gongmo.screening.reading import day, needed_day, number

STATES = {
    "ready": Text(ko="위촉할 수 있음", en="Ready"),
    "consent": Text(ko="동의 없음", en="Consent missing"),
    "inactive": Text(ko="빠짐", en="Not active"),
}
FAMILIES = {"ready": "done", "consent": "attention", "inactive": "stopped"}
RELATIONS = {
    Relation.SELF: Text(ko="본인이 관계자", en="a party in person"),
    Relation.SPOUSE: Text(ko="배우자(였던 사람)", en="spouse, also former"),
    Relation.RELATIVE: Text(ko="친족", en="relative"),
    Relation.TESTIMONY: Text(ko="증언·감정", en="testimony"),
    Relation.ADVICE: Text(ko="자문", en="advice"),
    Relation.RESEARCH: Text(ko="연구·용역", en="research or service"),
    Relation.AGENT: Text(ko="대리인", en="agent"),
    Relation.ADVISER: Text(ko="고문·자문위원", en="adviser"),
}


def _regions() -> list[tuple[str, str]]:
    return [(each.code, said(each.ko, each.en)) for each in standing_regions()]


@require_GET
def pool(request: HttpRequest) -> HttpResponse:
    """The pool with its filters."""
    actor = actor_of(request)
    wanted = queries.Wanted(
        *(str(request.GET.get(name, ""))[:80] for name in ("words", "sector", "region", "state"))
    )
    rows = queries.pool(actor, wanted)
    counts: dict[str, int] = {}
    for row in rows:
        counts[row.evaluator.sector] = counts.get(row.evaluator.sector, 0) + 1
    return render(
        request,
        "evaluation/pool.html",
        {
            "rows": rows,
            "counts": counts,
            "wanted": wanted,
            "filtered": wanted != queries.Wanted(),
            "sectors": SECTOR_NAMES,
            "states": STATES,
            "families": FAMILIES,
            "regions": _regions(),
            "year": queries.this_year(),
        },
    )


@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The pool as a file."""
    form = "csv" if request.GET.get("form") == "csv" else "xlsx"
    content = pool_file.export(queries.pool(actor_of(request)), form)
    return _file(content, f"evaluators.{form}")


@require_GET
def template(request: HttpRequest) -> HttpResponse:
    """The file to fill in."""
    if not policies.keep_pool(actor_of(request)):
        raise NotFound
    return _file(pool_file.template(), "evaluators-template.xlsx")


def _file(content: bytes, name: str) -> HttpResponse:
    kind = (
        "text/csv; charset=utf-8"
        if name.endswith(".csv")
        else "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    made = HttpResponse(content, content_type=kind)
    made["Content-Disposition"] = f'attachment; filename="{name}"'
    made["X-Content-Type-Options"] = "nosniff"
    return made


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Read a file and show what it would change; taking it is a second step."""
    actor = actor_of(request)
    if not policies.keep_pool(actor):
        raise NotFound
    if request.method == "GET":
        return _upload(request)
    try:
        if "rows" in request.POST:
            done = commands.import_evaluators(
                actor=actor, rows=pool_file.unpacked(str(request.POST.get("rows", "")))
            )
            messages.success(
                request,
                said(
                    f"새 후보 {done.made}명을 등록하고 {done.renewed}명의 정보를 새로 했습니다.",
                    f"{done.made} experts are new, {done.renewed} renewed.",
                ),
            )
            return redirect("evaluation:pool")
        file = request.FILES.get("file")
        if file is None:
            raise BadInput("file_missing", "파일을 골라 주세요.", "Choose a file.", field="file")
        size = file.size or 0
        content = file.read() if size <= pool_file.LIMITS.size else b"0" * (pool_file.LIMITS.size + 1)
        regions = pool_file.region_names(standing_regions())
        return _upload(request, reading=pool_file.read(file.name or "", content, regions))
    except Refused as refused:
        if isinstance(refused, NotFound):
            raise
        return _upload(request, refused=refused)


def _upload(
    request: HttpRequest, reading: pool_file.Reading | None = None, refused: Refused | None = None
) -> HttpResponse:
    return render(
        request,
        "evaluation/pool_import.html",
        {
            "reading": reading,
            "packed": pool_file.packed(reading.rows) if reading is not None else "",
            "people": len({row.email for row in reading.rows}) if reading is not None else 0,
            "sectors": SECTOR_NAMES,
            "refused": refused,
            "most": pool_file.MOST,
        },
        status=200 if refused is None else refused.status,
    )


@require_GET
def expert(request: HttpRequest, pk: int) -> HttpResponse:
    """One expert for the keepers."""
    return _profile(request, queries.profile(actor_of(request), pk))


@require_GET
def own(request: HttpRequest) -> HttpResponse:
    """The expert's own profile; to an evaluator who stands in no pool yet, who can change that."""
    actor = actor_of(request)
    try:
        found = queries.own_profile(actor)
    except NotFound:
        if actor.role is not Role.EVALUATOR:
            raise
        return render(request, "evaluation/pool_none.html")
    return _profile(request, found)


def _profile(
    request: HttpRequest, found: queries.Profile, part: str = "", refused: Refused | None = None
) -> HttpResponse:
    return render(
        request,
        "evaluation/pool_profile.html",
        {
            "profile": found,
            "expert": found.evaluator,
            "sectors": SECTOR_NAMES,
            "relations": RELATIONS,
            "regions": _regions(),
            "year": queries.this_year(),
            "outside": found.evaluator.outside_sessions
            if found.evaluator.outside_year == queries.this_year()
            else 0,
            "part": part,
            "refused": refused,
            "typed": request.POST if refused is not None else {},
        },
        status=200 if refused is None else refused.status,
    )


@require_POST
def act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """One act on a profile. A refusal is told on the page, with what was typed."""
    actor = actor_of(request)
    found = queries.profile(actor, pk)
    run = ACTS.get(act)
    if run is None:
        raise NotFound
    try:
        ko, en = run(actor, pk, request.POST)
    except Refused as refused:
        if isinstance(refused, NotFound):
            raise
        return _profile(request, found, act, refused)
    messages.success(request, said(ko, en))
    return redirect("evaluation:own_profile") if found.own else redirect("evaluation:expert", pk)


def _get(given: QueryDict, name: str) -> str:
    return str(given.get(name, "")).strip()


def _update(actor: Actor, pk: int, given: QueryDict) -> tuple[str, str]:
    commands.update_evaluator(
        actor=actor,
        evaluator_id=pk,
        sector=_get(given, "sector"),
        expertise=_get(given, "expertise").split(","),
        region=_get(given, "region") or None,
        active=given.get("active") == "yes",
        outside_sessions=number(_get(given, "outside") or "0", "outside"),
    )
    return "고쳤습니다.", "Changed."


def _consent(actor: Actor, pk: int, given: QueryDict) -> tuple[str, str]:
    if given.get("pool") != "yes" or given.get("privacy") != "yes":
        raise BadInput("consents", "두 가지에 모두 동의해 주세요.", "Both consents are needed.", field="pool")
    commands.give_consent(actor=actor, evaluator_id=pk)
    return "동의했습니다.", "You have consented."


def _withdraw(actor: Actor, pk: int, given: QueryDict) -> tuple[str, str]:
    commands.withdraw_consent(actor=actor, evaluator_id=pk)
    return "동의를 거두었습니다. 이제 새로 위촉되지 않습니다.", "Your consent is taken back."


def _work(actor: Actor, pk: int, given: QueryDict) -> tuple[str, str]:
    commands.add_affiliation(
        actor=actor,
        evaluator_id=pk,
        organisation=_get(given, "organisation"),
        business_number=_get(given, "number"),
        position=_get(given, "position"),
        since=needed_day(_get(given, "since"), "since"),
        until=day(_get(given, "until"), "until"),
    )
    return "소속을 적었습니다.", "The affiliation is added."


def _end(actor: Actor, pk: int, given: QueryDict) -> tuple[str, str]:
    work = of_expert(
        pk, "affiliation", reading.row(_get(given, "affiliation"), Kind.AFFILIATION, "affiliation")
    )
    commands.end_affiliation(
        actor=actor,
        affiliation_id=work,
        until=needed_day(_get(given, "until"), f"until-{token(work, Kind.AFFILIATION)}"),
    )
    return "소속의 마지막 날을 적었습니다.", "The last day is entered."


def _relation(actor: Actor, pk: int, given: QueryDict) -> tuple[str, str]:
    found, _, _ = employer(_get(given, "organisation"), _get(given, "number"))
    if found is None:
        raise BadInput(
            "organisation_unknown",
            "등록된 기관을 찾지 못했습니다. 사업자등록번호로 적거나, 그 기관이 신청하면 이해충돌 신고에서 알려 주세요.",
            "No such organisation is registered. Give its business number, or declare it when it applies.",
            field="relation-organisation",
        )
    commands.declare_relation(
        actor=actor,
        evaluator_id=pk,
        organisation_id=found.pk,
        kind=_get(given, "kind"),
        note=_get(given, "note"),
        ended_on=day(_get(given, "ended_on"), "ended_on"),
    )
    return "관계를 신고했습니다.", "The relation is declared."


def _absence(actor: Actor, pk: int, given: QueryDict) -> tuple[str, str]:
    first = needed_day(_get(given, "since"), "away-since")
    commands.add_absence(
        actor=actor,
        evaluator_id=pk,
        since=first,
        until=day(_get(given, "until"), "away-until") or first,
        note=_get(given, "note"),
    )
    return "참석할 수 없는 날을 적었습니다.", "The days away are entered."


def _present(actor: Actor, pk: int, given: QueryDict) -> tuple[str, str]:
    absence = of_expert(pk, "absence", reading.row(_get(given, "absence"), Kind.ABSENCE, "absence"))
    commands.drop_absence(actor=actor, absence_id=absence)
    return "지웠습니다.", "Removed."


ACTS: dict[str, Callable[[Actor, int, QueryDict], tuple[str, str]]] = {
    "update": _update,
    "consent": _consent,
    "withdraw": _withdraw,
    "work": _work,
    "end": _end,
    "relation": _relation,
    "absence": _absence,
    "present": _present,
}
