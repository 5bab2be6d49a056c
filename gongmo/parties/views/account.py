"""The own account."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.module_loading import autodiscover_modules
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongmo.kernel import clock
from gongmo.kernel.errors import BadInput, Refused
from gongmo.kernel.policy import catalogue
from gongmo.parties import commands, queries, words
from gongmo.parties.pages import actor_of, said
from gongmo.parties.views.base import own_person

_YEAR = 365 * 24 * 3600


@login_required
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """The own account: name, capacities, organisations, sign-in. POST `display_name` and `language` change them."""
    person = own_person(request)
    refused: Refused | None = None
    typed = person.display_name
    if request.method == "POST":
        typed = request.POST.get("display_name", "")
        language = request.POST.get("language", "")
        try:
            commands.rename_person(
                actor=actor_of(request), person_id=person.pk, display_name=typed, language=language
            )
        except BadInput as error:
            refused = error
        else:
            messages.success(request, said("저장했습니다.", "Saved."))
            response = redirect("parties:profile")
            if language in dict(settings.LANGUAGES):
                response.set_cookie(
                    settings.LANGUAGE_COOKIE_NAME,
                    language,
                    max_age=_YEAR,
                    secure=settings.LANGUAGE_COOKIE_SECURE,
                    httponly=True,
                    samesite="Lax",
                )
            return response
    held = queries.capacities(person)
    return render(
        request,
        "parties/profile.html",
        {
            "person": person,
            "typed": typed,
            "refused": refused,
            "capacities": list(held.items()),
            "places": [capacity for capacity in held.values() if capacity.organisation_role is not None],
            "offices": [
                capacity
                for capacity in held.values()
                if capacity.organisation_role is None and capacity.organisation is not None
            ],
            "roles": words.ROLES,
            "place_words": words.PLACES,
            "facts": queries.account_facts(person),
            "languages": settings.LANGUAGES,
        },
        status=refused.status if refused else 200,
    )


@login_required
@require_GET
def own_data(request: HttpRequest) -> HttpResponse:
    """Everything that the account holds about the person, as a JSON file."""
    person = own_person(request)
    response = JsonResponse(queries.own_data(person), json_dumps_params={"ensure_ascii": False, "indent": 2})
    day = clock.now().astimezone(clock.SEOUL).date().isoformat()
    response["Content-Disposition"] = f'attachment; filename="gongmo-my-data-{day}.json"'
    return response


@login_required
@require_http_methods(["GET", "POST"])
def close(request: HttpRequest) -> HttpResponse:
    """GET lists what closing the account means; POST with the own address typed in `confirm` closes it."""
    person = own_person(request)
    refused: Refused | None = None
    if request.method == "POST":
        try:
            if request.POST.get("confirm", "").strip().lower() != person.email:
                raise BadInput(
                    "confirm",
                    "계정의 전자우편 주소를 똑같이 적어 주세요.",
                    "Type the account's e-mail address exactly.",
                    field="confirm",
                )
            commands.close_account(actor=actor_of(request), person_id=person.pk)
        except Refused as error:
            refused = error
        else:
            logout(request)
            messages.success(request, said("계정을 닫았습니다.", "The account is closed."))
            return redirect("/")
    return render(
        request,
        "parties/close.html",
        {"person": person, "refused": refused, "held": list(queries.capacities(person).values())},
        status=refused.status if refused else 200,
    )


@login_required
@require_POST
def leave(request: HttpRequest, place: int) -> HttpResponse:
    """POST: leave an organisation."""
    ended = commands.end_membership(actor=actor_of(request), membership_id=place)
    name = ended.organisation.name
    messages.success(request, said(f"‘{name}’에서 나왔습니다.", f"You left “{name}”."))
    return redirect("parties:profile")


@login_required
@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """POST: sign out one of the own devices."""
    commands.end_own_session(actor=actor_of(request), session_id=pk)
    messages.success(request, said("그 기기에서 로그아웃했습니다.", "That device is signed out."))
    return redirect("usersessions_list")


@require_GET
def permissions(request: HttpRequest) -> HttpResponse:
    """The permission catalogue: every named permission with its sentence, made from the predicates themselves."""
    autodiscover_modules("policies")
    areas: dict[str, list[object]] = {}
    for policy in catalogue():
        areas.setdefault(policy.name.split(".")[0], []).append(policy)
    order = [*words.AREAS, *sorted(areas.keys() - words.AREAS.keys())]
    shown = [(words.AREAS.get(name), name, areas[name]) for name in order if name in areas]
    return render(request, "parties/permissions.html", {"areas": shown})
