"""Pages of the own account, organisations and the permission catalogue: parse, call one command or query, render."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.module_loading import autodiscover_modules
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongmo.definition.base import OrganisationKind
from gongmo.kernel import clock
from gongmo.kernel.actor import OrganisationRole, Role
from gongmo.kernel.errors import BadInput, Refused
from gongmo.kernel.policy import catalogue
from gongmo.ledger.telling import timeline
from gongmo.parties import commands, policies, queries, words
from gongmo.parties.models import Membership, Organisation, Person
from gongmo.parties.pages import actor_of, said

CAPACITY = "gongmo_capacity"
"""The session's key under which the web floor finds the chosen capacity."""

FIELDS = (
    "name",
    "region",
    "business_number",
    "corporate_number",
    "founded_on",
    "address",
    "representative_title",
)


@login_required
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """The own account: name, capacities, organisations. POST `display_name` changes the name."""
    actor = actor_of(request)
    person = Person.objects.get(pk=actor.person or 0)
    refused: Refused | None = None
    typed = person.display_name
    if request.method == "POST":
        typed = request.POST.get("display_name", "")
        try:
            commands.rename_person(actor=actor, person_id=person.pk, display_name=typed)
        except BadInput as error:
            refused = error
        else:
            messages.success(request, said("이름을 바꾸었습니다.", "The name is changed."))
            return redirect("parties:profile")
    return render(
        request,
        "parties/profile.html",
        {
            "person": person,
            "typed": typed,
            "refused": refused,
            "capacities": list(queries.capacities(person).items()),
            "places": list(queries.places_of(person)),
            "roles": words.ROLES,
            "place_words": words.PLACES,
        },
        status=refused.status if refused else 200,
    )


@login_required
@require_http_methods(["GET", "POST"])
def new_organisation(request: HttpRequest) -> HttpResponse:
    """Register the own organisation and become its owner."""
    # Whoever holds another office registers as the person, not in that office.
    actor = actor_of(request)
    acting = actor if policies.is_operator(actor) else actor.acting_as(Role.APPLICANT)
    refused: Refused | None = None
    typed: Mapping[str, str] = {}
    if request.method == "POST":
        typed = request.POST.dict()
        try:
            made = commands.register_organisation(actor=acting, kind=typed.get("kind", ""), **_fields(typed))
        except Refused as error:
            refused = error
        else:
            place = Membership.objects.filter(
                organisation=made, person=actor.person, until__isnull=True
            ).first()
            if place is not None:
                request.session[CAPACITY] = f"membership-{place.pk}"
            messages.success(
                request,
                said(f"‘{made.name}’ 기관을 등록했습니다.", f"“{made.name}” is registered."),
            )
            return redirect("parties:organisation", made.pk)
    kinds = [kind for kind in OrganisationKind if policies.may_register_organisation(acting, kind)]
    return _form(
        request, "parties/organisation_form.html", typed, refused, {"organisation": None, "kinds": kinds}
    )


@login_required
@require_http_methods(["GET", "POST"])
def edit_organisation(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an organisation's profile."""
    actor, found = actor_of(request), queries.organisation(pk)
    policies.may_manage.require(actor, pk)
    refused: Refused | None = None
    typed: Mapping[str, str] = _stored(found)
    if request.method == "POST":
        typed = request.POST.dict()
        try:
            commands.update_organisation(actor=actor, organisation_id=pk, **_fields(typed))
        except Refused as error:
            refused = error
        else:
            messages.success(request, said("기관 정보를 저장했습니다.", "The profile is saved."))
            return redirect("parties:organisation", pk)
    return _form(
        request, "parties/organisation_form.html", typed, refused, {"organisation": found, "kinds": []}
    )


def _form(
    request: HttpRequest,
    template: str,
    typed: Mapping[str, str],
    refused: Refused | None,
    more: dict[str, Any],
) -> HttpResponse:
    today = clock.now().astimezone(clock.SEOUL).date()
    return render(
        request,
        template,
        {
            "typed": typed,
            "refused": refused,
            "wrong": getattr(refused, "field", None),
            "regions": list(queries.regions_on(today)),
            "kind_words": words.KINDS,
            **more,
        },
        status=refused.status if refused else 200,
    )


def _fields(typed: Mapping[str, str]) -> dict[str, Any]:
    fields: dict[str, Any] = {field: typed.get(field, "").strip() for field in FIELDS}
    fields["region"] = fields["region"] or None
    fields["business_number"] = fields["business_number"] or None
    fields["founded_on"] = _day(fields["founded_on"])
    return fields


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadInput(
            "founded_on",
            "설립일을 2019-03-11처럼 적어 주세요.",
            "Write the founding day as in 2019-03-11.",
            field="founded_on",
        ) from error


def _stored(organisation: Organisation) -> dict[str, str]:
    return {
        "name": organisation.name,
        "region": organisation.region_id or "",
        "business_number": organisation.business_number or "",
        "corporate_number": organisation.corporate_number,
        "founded_on": organisation.founded_on.isoformat() if organisation.founded_on else "",
        "address": organisation.address,
        "representative_title": organisation.representative_title,
    }


@login_required
@require_GET
def organisation(request: HttpRequest, pk: int) -> HttpResponse:
    """An organisation's profile; its members and history for its own people."""
    return _organisation_page(request, pk)


def _organisation_page(request: HttpRequest, pk: int, link: str = "") -> HttpResponse:
    actor, found = actor_of(request), queries.organisation(pk)
    inside = policies.may_see_members(actor, pk)
    return render(
        request,
        "parties/organisation.html",
        {
            "organisation": found,
            "kind": words.KINDS[OrganisationKind(found.kind)],
            "inside": inside,
            "may_manage": policies.may_manage(actor, pk),
            "may_invite": policies.may_manage(actor, pk)
            and actor.organisation_role is OrganisationRole.OWNER,
            "members": list(queries.members(actor, pk)) if inside else [],
            "history": timeline(queries.organisation_history(actor, pk, limit=100), limit=20)
            if inside
            else [],
            "place_words": words.PLACES,
            "place_meanings": words.PLACE_MEANINGS,
            "link": link,
        },
    )


@login_required
@never_cache
@require_POST
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """POST `role` (or `hands_over`): show a signed link to pass on. Nothing is stored, so there is nothing to redirect to."""
    try:
        role = OrganisationRole(request.POST.get("role", ""))
    except ValueError:
        role = OrganisationRole.VIEWER
    token = commands.invitation(
        actor=actor_of(request),
        organisation_id=pk,
        role=role,
        hands_over=request.POST.get("hands_over") == "yes",
    )
    return _organisation_page(request, pk, request.build_absolute_uri(reverse("parties:join", args=[token])))


@login_required
@require_POST
def end_place(request: HttpRequest, pk: int, place: int) -> HttpResponse:
    """POST: end a member's place."""
    commands.end_membership(actor=actor_of(request), membership_id=place)
    messages.success(request, said("구성원에서 뺐습니다.", "The place is ended."))
    return redirect("parties:organisation", pk)


@login_required
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows what an invitation offers, POST accepts it."""
    if request.method == "POST":
        made = commands.accept_invitation(actor=actor_of(request), token=token)
        request.session[CAPACITY] = f"membership-{made.pk}"
        messages.success(
            request,
            said(
                f"‘{made.organisation.name}’의 구성원이 되었습니다.",
                f"You are a member of “{made.organisation.name}”.",
            ),
        )
        return redirect("parties:organisation", made.organisation_id)
    found = commands.read_invitation(token)
    return render(
        request,
        "parties/join.html",
        {"invitation": found, "place": words.PLACES[found.role], "meaning": words.PLACE_MEANINGS[found.role]},
    )


@require_GET
def permissions(request: HttpRequest) -> HttpResponse:
    """The permission catalogue: every named permission with its sentence, made from the predicates themselves."""
    autodiscover_modules("policies")
    areas: dict[str, list[Any]] = {}
    for policy in catalogue():
        areas.setdefault(policy.name.split(".")[0], []).append(policy)
    order = [*words.AREAS, *sorted(areas.keys() - words.AREAS.keys())]
    shown = [(words.AREAS.get(name), name, areas[name]) for name in order if name in areas]
    return render(request, "parties/permissions.html", {"areas": shown})
