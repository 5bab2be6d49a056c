"""An organisation's profile, its certificates and its history."""

from collections.abc import Mapping
from typing import Any, BinaryIO, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongmo.definition.base import OrganisationKind
from gongmo.files.responses import send
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor, Role
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.parties import commands, outside, policies, queries, words
from gongmo.parties.histories import acts_of_organisation
from gongmo.parties.models import CertificateKind, InvitationPurpose, Organisation
from gongmo.parties.pages import actor_of, said
from gongmo.parties.views.base import CAPACITY, day, inside, organisation_context, own_person

FIELDS = (
    "name",
    "region",
    "business_number",
    "corporate_number",
    "founded_on",
    "address",
    "representative_title",
    "representative_name",
    "phone",
    "website",
)
HISTORY = 200
"""How many acts the history shows."""


@login_required
@require_http_methods(["GET", "POST"])
def new_organisation(request: HttpRequest) -> HttpResponse:
    """Register the own organisation and become its owner. `invitation` (a link's secret) fills in what it names and is accepted."""
    # Whoever holds another office registers as the person, not in that office.
    actor = actor_of(request)
    acting = actor if policies.is_operator(actor) else actor.acting_as(Role.APPLICANT)
    token = request.POST.get("invitation", "") or request.GET.get("invitation", "")
    invited = commands.read_invitation(token) if token else None
    refused: Refused | None = None
    typed: Mapping[str, str] = {}
    if invited is not None and invited.purpose == InvitationPurpose.ORGANISATION:
        typed = {"name": invited.name, "business_number": invited.business_number}
    if request.method == "POST":
        typed = request.POST.dict()
        try:
            made = commands.register_organisation(actor=acting, kind=typed.get("kind", ""), **_fields(typed))
        except Refused as error:
            refused = error
        else:
            place = queries.place_in(actor, made.pk)
            if place is not None:
                request.session[CAPACITY] = f"membership-{place.pk}"
            messages.success(
                request,
                said(f"‘{made.name}’ 기관을 등록했습니다.", f"“{made.name}” is registered."),
            )
            if invited is not None and place is not None:
                return _accept(request, token, made)
            return redirect("parties:organisation", made.pk)
    kinds = [kind for kind in OrganisationKind if policies.may_register_organisation(acting, kind)]
    more = {"organisation": None, "kinds": kinds, "token": token, "invited": invited}
    return _form(request, typed, refused, more)


def _accept(request: HttpRequest, token: str, made: Organisation) -> HttpResponse:
    """Registered on an invitation: accept it, unless it names another number, which its page then says."""
    try:
        _, leads_to = commands.accept_for_organisation(
            actor=actor_of(request), token=token, organisation_id=made.pk
        )
    except Refused as refused:
        messages.warning(request, said(refused.ko, refused.en))
        return redirect("parties:join", token)
    return redirect(leads_to or "/")


@login_required
@require_http_methods(["GET", "POST"])
def edit_organisation(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an organisation's profile."""
    actor, found, _ = _seen(request, pk)
    policies.may_edit_profile.require(actor, pk)
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
    return _form(request, typed, refused, {"organisation": found, "kinds": []})


def _form(
    request: HttpRequest, typed: Mapping[str, str], refused: Refused | None, more: dict[str, Any]
) -> HttpResponse:
    today = clock.now().astimezone(clock.SEOUL).date()
    return render(
        request,
        "parties/organisation_form.html",
        {
            "typed": typed,
            "refused": refused,
            "wrong": getattr(refused, "field", None),
            "regions": list(queries.regions_on(today)),
            "kind_words": words.KINDS,
            "address_page": outside.address_page(more["organisation"]) if more["organisation"] else "",
            **more,
        },
        status=refused.status if refused else 200,
    )


def _fields(typed: Mapping[str, str]) -> dict[str, Any]:
    fields: dict[str, Any] = {field: typed.get(field, "").strip() for field in FIELDS}
    fields["region"] = fields["region"] or None
    fields["business_number"] = fields["business_number"] or None
    fields["founded_on"] = day(typed, "founded_on")
    return fields


def _stored(organisation: Organisation) -> dict[str, str]:
    stored = {field: str(getattr(organisation, field) or "") for field in FIELDS if field != "region"}
    return {**stored, "region": organisation.region_id or ""}


@login_required
@require_GET
def organisation(request: HttpRequest, pk: int) -> HttpResponse:
    """An organisation's profile. Its own people also see what is missing and where its other pages are."""
    actor, found, other = _seen(request, pk)
    context = organisation_context(actor, found, "profile")
    expiring = []
    if context["inside"]:
        expiring = [held for held in queries.certificates(pk) if held.validity in ("soon", "expired")]
    return render(
        request,
        "parties/organisation.html",
        {
            **context,
            "kind": words.KINDS[OrganisationKind(found.kind)],
            "confirmed": outside.number_of(found) if context["inside"] else None,
            "other_capacity": other,
            "expiring": expiring,
            "certificate_words": words.CERTIFICATES,
            "missing": _missing(found) if context["may_edit"] else [],
        },
    )


def _seen(request: HttpRequest, pk: int) -> tuple[Actor, Organisation, str | None]:
    """Who acts, an organisation whose profile they may see, and in which other capacity they belong to it.

    Who registered before a deadline is nobody else's business: strangers are answered as if it were not there (NotFound).
    """
    actor, found = actor_of(request), queries.organisation(pk)
    other = None
    if not policies.may_see_members(actor, pk):
        held = queries.capacities(own_person(request))
        other = next((key for key, capacity in held.items() if capacity.organisation == pk), None)
    if other is None and not policies.may_see_organisation(actor, pk):
        raise NotFound
    return actor, found, other


def _missing(found: Organisation) -> list[str]:
    """Fields that applications and documents want and that are empty, in words."""
    wanted = (
        "business_number",
        "founded_on",
        "address",
        "representative_title",
        "representative_name",
        "phone",
    )
    return [
        said(words.FIELDS[field].ko, words.FIELDS[field].en) for field in wanted if not getattr(found, field)
    ]


@login_required
@require_http_methods(["GET", "POST"])
def certificates(request: HttpRequest, pk: int) -> HttpResponse:
    """The organisation's certificates. POST adds one (`kind`, `file`, `number`, `title`, days, `replaces`)."""
    actor, found = inside(request, pk)
    refused: Refused | None = None
    typed: Mapping[str, str] = {}
    if request.method == "POST":
        typed = request.POST.dict()
        try:
            _add(request, pk, typed)
        except Refused as error:
            refused = error
        else:
            messages.success(request, said("증명서를 등록했습니다.", "The certificate is added."))
            return redirect("parties:certificates", pk)
    current, past = queries.certificates_of(actor, pk)
    return render(
        request,
        "parties/certificates.html",
        {
            **organisation_context(actor, found, "certificates"),
            "current": current,
            "past": past,
            "kinds": words.CERTIFICATES,
            "validity": words.VALIDITY,
            "typed": typed,
            "refused": refused,
            "wrong": getattr(refused, "field", None),
        },
        status=refused.status if refused else 200,
    )


def _add(request: HttpRequest, pk: int, typed: Mapping[str, str]) -> None:
    policies.may_edit_profile.require(actor_of(request), pk)
    sent = request.FILES.get("file")
    if sent is None or sent.file is None:
        raise BadInput(
            "certificate_file",
            "증명서 파일을 골라 주세요.",
            "Choose the certificate's file.",
            field="file",
        )
    replaces = typed.get("replaces", "")
    try:
        commands.add_certificate(
            actor=actor_of(request),
            organisation_id=pk,
            kind=typed.get("kind", ""),
            name=sent.name or "",
            stream=cast(BinaryIO, sent.file),
            number=typed.get("number", ""),
            title=typed.get("title", ""),
            issued_on=day(typed, "issued_on"),
            expires_on=day(typed, "expires_on"),
            replaces=int(replaces) if replaces.isdecimal() else None,
        )
    except BadInput as error:
        # What is wrong with the file's content is told at the file.
        error.field = error.field or "file"
        raise


@login_required
@require_POST
def end_certificate(request: HttpRequest, pk: int) -> HttpResponse:
    """POST: take a certificate out of use."""
    ended = commands.end_certificate(actor=actor_of(request), certificate_id=pk)
    messages.success(
        request,
        said(
            "증명서를 더는 쓰지 않습니다. 이미 제출한 것은 그대로입니다.",
            "The certificate is no longer used. What was handed in keeps it.",
        ),
    )
    return redirect("parties:certificates", ended.organisation_id)


@login_required
@require_GET
def certificate_file(request: HttpRequest, pk: int) -> FileResponse:
    """A certificate's file, for the organisation's own people."""
    found = queries.certificate(actor_of(request), pk)
    kind = words.CERTIFICATES[CertificateKind(found.kind)].ko
    name = found.file_name or f"{kind}.{found.file.extension}"
    return send(found.file, name, inline=True)


@login_required
@require_GET
def organisation_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who held what from when to when, and every recorded act with what it changed."""
    actor, found = inside(request, pk)
    return render(
        request,
        "parties/history.html",
        {
            **organisation_context(actor, found, "history"),
            "spans": queries.spans(actor, pk),
            "acts": acts_of_organisation(queries.organisation_history(actor, pk, limit=HISTORY)),
            "roles": words.ROLES,
            "place_words": words.PLACES,
        },
    )
