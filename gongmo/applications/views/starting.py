"""Starting an application, and registering the own organisation for those who come for the first time."""

from datetime import date

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from gongmo.applications import commands, presentation
from gongmo.applications.policies import may_start
from gongmo.applications.queries.regions import eligible_regions
from gongmo.applications.queries.whose import own_application_to
from gongmo.applications.views.base import actor_of, said
from gongmo.calls.models import Call
from gongmo.calls.queries import call_by_slug, definition_of, open_now
from gongmo.definition.base import OrganisationKind
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor, Role
from gongmo.kernel.clock import SEOUL
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.parties import commands as parties
from gongmo.parties.policies import BY_OPERATOR_ONLY
from gongmo.parties.queries import organisation as organisation_of
from gongmo.parties.queries import region_table, regions_on
from gongmo.rules.consortium import KINDS

PROFILE = ("name", "kind", "region", "business_number", "founded_on", "address")


@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """Start an application to a call. A running application of the same organisation is opened instead."""
    actor = actor_of(request)
    call = call_by_slug(actor, slug)
    if actor.role is Role.PUBLIC:
        return redirect_to_login(request.get_full_path())
    if actor.role is Role.APPLICANT and actor.organisation is None:
        return _register_page(request, call)
    if (pk := own_application_to(actor, call)) is not None:
        return redirect("applications:application", pk)
    may_start.require(actor, call)
    title = request.POST.get("title", "")
    if request.method == "POST":
        try:
            application = commands.start(
                actor=actor, call_id=call.pk, title=title, region=request.POST.get("region") or None
            )
        except NotFound:
            raise
        except Refused as refused:
            return _start_page(request, actor, call, title, refused)
        messages.success(
            request,
            said(
                "신청을 시작했습니다. 아래 차례대로 채워 주세요.",
                "The application is started. Fill it in step by step.",
            ),
        )
        return redirect("applications:overview", application.pk)
    return _start_page(request, actor, call, title)


@require_POST
def register(request: HttpRequest, slug: str) -> HttpResponse:
    """Register the own organisation; its first person becomes its owner. Then the application can start."""
    actor = actor_of(request)
    call = call_by_slug(actor, slug)
    if actor.role is Role.PUBLIC:
        return redirect_to_login(request.path)
    typed = {name: request.POST.get(name, "").strip() for name in PROFILE}
    try:
        parties.register_organisation(
            actor=actor,
            name=typed["name"],
            kind=typed["kind"],
            region=typed["region"] or None,
            business_number=typed["business_number"] or None,
            founded_on=_day(typed["founded_on"]),
            address=typed["address"],
        )
    except NotFound:
        raise
    except Refused as refused:
        return _register_page(request, call, typed, refused)
    messages.success(
        request,
        said(
            "기관을 등록했습니다. 이제 신청을 시작할 수 있습니다.",
            "Your organisation is registered. You can start now.",
        ),
    )
    return redirect("applications:start", slug)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise BadInput(
            "founded_on_unreadable",
            "설립일을 다시 골라 주세요.",
            "Choose the founding day again.",
            field="founded_on",
        ) from error


def _regions() -> list[tuple[str, object]]:
    today = clock.now().astimezone(SEOUL).date()
    return [(region.code, {"ko": region.ko, "en": region.en}) for region in regions_on(today)]


def _start_page(
    request: HttpRequest, actor: Actor, call: Call, title: str, refused: Refused | None = None
) -> HttpResponse:
    definition = definition_of(call)
    organisation = organisation_of(actor.organisation or 0)
    context = {
        "call": call,
        "definition": definition,
        "organisation": organisation,
        "kind": KINDS[OrganisationKind(organisation.kind)],
        "obstacles": presentation.first_look(definition, organisation, call.parent_region, region_table()),
        "clauses": {clause.id: clause.text for clause in definition.clauses},
        "is_open": open_now(call),
        "regions": eligible_regions(definition),
        "title_typed": title,
        "refused": refused,
    }
    return render(request, "applications/start.html", context, status=refused.status if refused else 200)


def _register_page(
    request: HttpRequest, call: Call, typed: dict[str, str] | None = None, refused: Refused | None = None
) -> HttpResponse:
    context = {
        "call": call,
        "regions": _regions(),
        "kinds": [(kind.value, KINDS[kind]) for kind in OrganisationKind if kind not in BY_OPERATOR_ONLY],
        "typed": typed or {"kind": OrganisationKind.COMPANY.value},
        "refused": refused,
    }
    return render(request, "applications/register.html", context, status=refused.status if refused else 200)
