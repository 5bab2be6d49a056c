"""The operator's pages: everybody and every organisation of this installation."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongmo.kernel.actor import Role
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.parties import commands, policies, queries, words
from gongmo.parties.pages import actor_of, said
from gongmo.parties.views.base import page_of

GRANTED = (Role.MINISTRY, Role.AGENCY, Role.TASK_FORCE, Role.EVALUATOR, Role.OPERATOR)


def _require(request: HttpRequest) -> None:
    """Others are told that there is no such page."""
    if not policies.may_operate(actor_of(request)):
        raise NotFound


@login_required
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """Everybody, by name, address (`q`) or role (`role`), 50 to a page."""
    _require(request)
    words_asked = request.GET.get("q", "").strip()
    role = request.GET.get("role", "")
    role = role if role in {each.value for each in GRANTED} else ""
    found = queries.all_people(actor_of(request), words_asked, role=role)
    return render(
        request,
        "parties/operator_people.html",
        {
            "page": page_of(request, found),
            "q": words_asked,
            "role": role,
            "granted": GRANTED,
            "roles": words.ROLES,
            "place_words": words.PLACES,
        },
    )


@login_required
@require_http_methods(["GET", "POST"])
def new_person(request: HttpRequest) -> HttpResponse:
    """Register a person, who then sets a password by the sign-in page's “forgotten password”."""
    _require(request)
    refused: Refused | None = None
    if request.method == "POST":
        try:
            made = commands.register_person(
                actor=actor_of(request),
                email=request.POST.get("email", ""),
                display_name=request.POST.get("display_name", ""),
            )
        except Refused as error:
            refused = error
        else:
            messages.success(
                request,
                said(f"{made.display_name} 님을 등록했습니다.", f"{made.display_name} is registered."),
            )
            return redirect("parties:operator_person", made.pk)
    return render(
        request,
        "parties/operator_person_new.html",
        {"typed": request.POST, "refused": refused, "wrong": getattr(refused, "field", None)},
        status=refused.status if refused else 200,
    )


@login_required
@require_http_methods(["GET", "POST"])
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: roles, places, sign-in. POST `role` and `organisation` (a name or a business number) grants a role."""
    _require(request)
    refused: Refused | None = None
    if request.method == "POST":
        try:
            _grant(request, pk)
        except Refused as error:
            if isinstance(error, NotFound):
                raise
            refused = error
        else:
            messages.success(request, said("역할을 부여했습니다.", "The role is granted."))
            return redirect("parties:operator_person", pk)
    found = queries.one_person(actor_of(request), pk)
    return render(
        request,
        "parties/operator_person.html",
        {
            "person": found,
            "facts": queries.account_facts(found),
            "granted": GRANTED,
            "roles": words.ROLES,
            "place_words": words.PLACES,
            "typed": request.POST,
            "refused": refused,
            "wrong": getattr(refused, "field", None),
        },
        status=refused.status if refused else 200,
    )


def _grant(request: HttpRequest, pk: int) -> None:
    try:
        role = Role(request.POST.get("role", ""))
    except ValueError as error:
        raise BadInput("role", "역할을 골라 주세요.", "Choose a role.", field="role") from error
    named = request.POST.get("organisation", "").strip()
    organisation_id: int | None = None
    if named and role not in (Role.EVALUATOR, Role.OPERATOR):
        organisation_id = _organisation_named(named)
    commands.grant_role(actor=actor_of(request), person_id=pk, role=role, organisation_id=organisation_id)


def _organisation_named(named: str) -> int:
    """The one organisation of that name or number. Raises BadInput where there is none or more than one."""
    found = queries.find_organisations(named)
    exact = [each for each in found if each.name == named]
    fitting = exact if len(exact) == 1 else found
    if len(fitting) == 1:
        return fitting[0].pk
    if not fitting:
        raise BadInput(
            "organisation",
            "이 이름이나 번호의 기관이 없습니다. 기관 목록에서 확인해 주세요.",
            "No organisation has this name or number. Look it up in the list.",
            field="organisation",
        )
    some = ", ".join(each.name for each in fitting[:5])
    raise BadInput(
        "organisation",
        f"여러 기관이 있습니다({some}). 이름을 끝까지 적거나 사업자등록번호를 적어 주세요.",
        f"Several organisations fit ({some}). Write the whole name or the business number.",
        field="organisation",
    )


@login_required
@require_POST
def revoke(request: HttpRequest, pk: int, grant: int) -> HttpResponse:
    """POST: end a granted role."""
    _require(request)
    commands.revoke_role(actor=actor_of(request), grant_id=grant)
    messages.success(request, said("역할을 끝냈습니다.", "The role is ended."))
    return redirect("parties:operator_person", pk)


@login_required
@require_POST
def reset_second_factor(request: HttpRequest, pk: int) -> HttpResponse:
    """POST: remove a person's second factors."""
    _require(request)
    commands.reset_second_factor(actor=actor_of(request), person_id=pk)
    messages.success(
        request,
        said(
            "2단계 인증을 초기화했습니다. 다음 로그인 때 새로 등록합니다.",
            "The second factor is reset. A new one is set up at the next sign-in.",
        ),
    )
    return redirect("parties:operator_person", pk)


@login_required
@require_POST
def sign_out(request: HttpRequest, pk: int) -> HttpResponse:
    """POST: end all sessions of a person."""
    _require(request)
    ended = commands.sign_out_everywhere(actor=actor_of(request), person_id=pk)
    messages.success(
        request,
        said(f"열린 로그인 {ended}개를 끝냈습니다.", f"{ended} sessions are ended."),
    )
    return redirect("parties:operator_person", pk)


@login_required
@require_POST
def close_account(request: HttpRequest, pk: int) -> HttpResponse:
    """POST: close a person's account."""
    _require(request)
    commands.close_account(actor=actor_of(request), person_id=pk)
    messages.success(request, said("계정을 닫았습니다.", "The account is closed."))
    return redirect("parties:operator_people")


@login_required
@require_GET
def organisations(request: HttpRequest) -> HttpResponse:
    """Every organisation, by name or business number (`q`), 50 to a page."""
    _require(request)
    words_asked = request.GET.get("q", "").strip()
    found = queries.all_organisations(actor_of(request), words_asked)
    return render(
        request,
        "parties/operator_organisations.html",
        {"page": page_of(request, found), "q": words_asked, "kinds": words.KINDS},
    )
