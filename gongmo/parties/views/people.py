"""An organisation's people: members and officers, invitations, roles, handing over."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongmo.kernel.actor import OrganisationRole, Role
from gongmo.kernel.errors import BadInput, NotAllowed, NotFound, Refused
from gongmo.kernel.korean import particle
from gongmo.kernel.numbers import Kind, sent
from gongmo.parties import commands, policies, queries, words
from gongmo.parties.models import InvitationPurpose
from gongmo.parties.pages import actor_of, said
from gongmo.parties.sessions import end_sessions
from gongmo.parties.views.base import CAPACITY, inside, organisation_context, own_person, site


@login_required
@require_GET
def people(request: HttpRequest, pk: int) -> HttpResponse:
    """Members, officers and waiting invitations."""
    return _people_page(request, pk)


def _people_page(
    request: HttpRequest, pk: int, link: str = "", refused: Refused | None = None
) -> HttpResponse:
    actor, found = inside(request, pk)
    return render(
        request,
        "parties/people.html",
        {
            **organisation_context(actor, found, "people"),
            "members": list(queries.members(actor, pk)),
            "officers": list(queries.officers(actor, pk)),
            "waiting": list(queries.waiting_invitations(actor, pk)),
            "roles": words.ROLES,
            "place_words": words.PLACES,
            "place_meanings": words.PLACE_MEANINGS,
            "purposes": words.PURPOSES,
            "link": link,
            "refused": refused,
            "typed": request.POST,
            "full_link": request.build_absolute_uri,
        },
        status=refused.status if refused else 200,
    )


@login_required
@never_cache
@require_POST
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """POST `role` and `email`: mail an invitation; without an address show a link to pass on, once, for it is not kept."""
    try:
        role = OrganisationRole(request.POST.get("role", ""))
    except ValueError:
        role = OrganisationRole.VIEWER
    email = request.POST.get("email", "").strip()
    by_mail = request.POST.get("by") != "link"
    try:
        if by_mail and not email:
            policies.may_manage.require(actor_of(request), pk)
            raise BadInput(
                "email",
                "초대할 사람의 전자우편 주소를 적어 주세요.",
                "Write the e-mail address of the person to invite.",
                field="email",
            )
        made, token = commands.invite_member(
            actor=actor_of(request),
            organisation_id=pk,
            role=role,
            email=email if by_mail else "",
            site=site(request),
        )
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        return _people_page(request, pk, refused=refused)
    if by_mail:
        again = made.expires_at - made.made_at > commands.VALID
        messages.success(
            request,
            said(
                f"{email} 주소로 보낸 초대가 답을 기다리고 있어, 그 초대를 다시 보냈습니다. 앞서 보낸 링크는 이제 쓸 수 없습니다."
                if again
                else f"{email} 주소로 초대를 보냈습니다.",
                f"The invitation that waits at {email} is mailed again. The earlier link no longer works."
                if again
                else f"The invitation is on its way to {email}.",
            ),
        )
        return redirect("parties:people", pk)
    return _people_page(request, pk, request.build_absolute_uri(reverse("parties:join", args=[token])))


@login_required
@require_POST
def withdraw_invitation(request: HttpRequest, pk: int) -> HttpResponse:
    """POST: take an invitation back."""
    made = commands.withdraw_invitation(actor=actor_of(request), invitation_id=pk)
    messages.success(request, said("초대를 거두었습니다.", "The invitation is taken back."))
    return redirect("parties:people", made.organisation_id) if made.organisation_id else redirect("/")


@login_required
@require_POST
def resend_invitation(request: HttpRequest, pk: int) -> HttpResponse:
    """POST: mail an invitation once more."""
    actor = actor_of(request)
    try:
        made = commands.resend_invitation(actor=actor, invitation_id=pk, site=site(request))
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        if actor.organisation is None:
            raise
        return _people_page(request, actor.organisation, refused=refused)
    messages.success(
        request,
        said(
            "초대 전자우편을 다시 보냈습니다. 앞서 보낸 링크는 이제 쓸 수 없습니다.",
            "The invitation is mailed again. The earlier link no longer works.",
        ),
    )
    return redirect("parties:people", made.organisation_id) if made.organisation_id else redirect("/")


@login_required
@require_POST
def change_role(request: HttpRequest, pk: int, place: int) -> HttpResponse:
    """POST `role`: give a member another role."""
    inside(request, pk)
    policies.may_manage.require(actor_of(request), pk)
    try:
        role = OrganisationRole(request.POST.get("role", ""))
    except ValueError as error:
        raise BadInput("role", "역할을 골라 주세요.", "Choose a role.", field="role") from error
    try:
        made = commands.change_role(actor=actor_of(request), membership_id=place, role=role)
    except Refused as error:
        if error.code != "last_owner":
            raise
        return _people_page(request, pk, refused=error)
    word = words.PLACES[role]
    messages.success(
        request,
        said(
            f"{made.person.display_name} 님의 역할을 {particle(f'‘{word.ko}’', '으로', '로')} 바꾸었습니다.",
            f"{made.person.display_name} is now {word.en}.",
        ),
    )
    return redirect("parties:people", pk)


@login_required
@require_POST
def end_place(request: HttpRequest, pk: int, place: int) -> HttpResponse:
    """POST: end a member's place."""
    commands.end_membership(actor=actor_of(request), membership_id=place)
    messages.success(request, said("구성원에서 뺐습니다.", "The place is ended."))
    return redirect("parties:people", pk)


@login_required
@require_POST
def add_person(request: HttpRequest, pk: int) -> HttpResponse:
    """POST `email` and `role`, by an operator: give a registered person a place or an office in the organisation at once."""
    actor = actor_of(request)
    policies.may_operate.require(actor)
    email = request.POST.get("email", "")
    try:
        found = queries.find_person(actor, email)
        if found is None:
            raise BadInput(
                "email",
                "이 주소로 등록된 사람이 없습니다. 먼저 사람을 등록하거나 초대해 주세요.",
                "Nobody is registered with this address. Register the person first, or invite them.",
                field="operator_email",
            )
        role = request.POST.get("role", "")
        if role in set(OrganisationRole):
            commands.add_member(
                actor=actor, person_id=found.pk, organisation_id=pk, role=OrganisationRole(role)
            )
        else:
            commands.grant_role(actor=actor, person_id=found.pk, role=_granted(role), organisation_id=pk)
    except Refused as error:
        return _people_page(request, pk, refused=error)
    name = found.display_name
    messages.success(request, said(f"{name} 님을 지정했습니다.", f"{name} is appointed."))
    return redirect("parties:people", pk)


def _granted(role: str) -> Role:
    try:
        return Role(role)
    except ValueError as error:
        raise BadInput("role", "역할을 골라 주세요.", "Choose a role.", field="operator_role") from error


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand everything over. POST `to` (a colleague's id) does it now; `email` mails the offer; `by`=link shows a link to pass on."""
    actor, found = inside(request, pk)
    policies.may_hand_over.require(actor, pk, actor.person or 0)
    refused: Refused | None = None
    link = ""
    if request.method == "POST":
        try:
            done = _handed_over(request, pk)
        except Refused as error:
            refused = error
        else:
            if isinstance(done, HttpResponse):
                return done
            link = done
    members, officers = list(queries.members(actor, pk)), list(queries.officers(actor, pk))
    colleagues = {each.person_id: each.person.display_name for each in members}
    colleagues |= {each.person_id: each.person.display_name for each in officers}
    own = {
        "places": [each for each in members if each.person_id == actor.person],
        "offices": [each for each in officers if each.person_id == actor.person],
    }
    return render(
        request,
        "parties/hand_over.html",
        {
            **organisation_context(actor, found, "people"),
            "colleagues": colleagues,
            "own": own,
            "roles": words.ROLES,
            "place_words": words.PLACES,
            "typed": request.POST,
            "refused": refused,
            "wrong": getattr(refused, "field", None),
            "link": link,
        },
        status=refused.status if refused else 200,
    )


def _handed_over(request: HttpRequest, pk: int) -> HttpResponse | str:
    """Do what the form asks: a redirect when it is done or mailed, the link where it is to be passed on."""
    actor = actor_of(request)
    if request.POST.get("by") in ("mail", "link"):
        email = request.POST.get("email", "").strip() if request.POST["by"] == "mail" else ""
        if request.POST["by"] == "mail" and not email:
            raise BadInput(
                "email",
                "이어받을 사람의 전자우편 주소를 적어 주세요.",
                "Write the e-mail address of whoever takes over.",
                field="email",
            )
        _, token = commands.offer_hand_over(actor=actor, organisation_id=pk, email=email, site=site(request))
        if not email:
            return request.build_absolute_uri(reverse("parties:join", args=[token]))
        messages.success(
            request,
            said(
                f"{email} 주소로 인수인계 링크를 보냈습니다. 받은 사람이 수락하면 넘어갑니다.",
                f"The offer is on its way to {email}. It takes effect when it is accepted.",
            ),
        )
        return redirect("parties:people", pk)
    taker = sent(request.POST.get("to", ""), Kind.PERSON)
    from_person = sent(request.POST.get("from", ""), Kind.PERSON) or actor.person or 0
    # Only colleagues: an id typed by hand must not tell who else is registered.
    known = {each.person_id for each in queries.members(actor, pk)}
    known |= {each.person_id for each in queries.officers(actor, pk)}
    if taker is None or taker not in known:
        raise BadInput("to", "이어받을 사람을 골라 주세요.", "Choose who takes over.", field="to")
    commands.hand_over(actor=actor, organisation_id=pk, from_person_id=from_person, to_person_id=taker)
    messages.success(
        request,
        said(
            "인수인계를 마쳤습니다. 한 일은 기록에 그대로 남습니다.",
            "The hand-over is done. What was done stays in the record.",
        ),
    )
    if from_person != actor.person:
        return redirect("parties:people", pk)
    end_sessions(from_person, but=request.session)
    return redirect("parties:profile")


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows what an invitation offers, POST accepts it (`organisation`: for which of the own organisations)."""
    found = commands.read_invitation(token)
    if found.purpose == InvitationPurpose.ORGANISATION:
        return _join_as_organisation(request, token)
    if found.organisation is None:
        raise NotFound
    if request.method == "POST":
        made = commands.accept_invitation(actor=actor_of(request), token=token)
        if made is not None:
            request.session[CAPACITY] = f"membership-{made.pk}"
        else:
            request.session.pop(CAPACITY, None)
        name = found.organisation.name
        messages.success(
            request,
            said(f"‘{name}’의 역할을 이어받았습니다.", f"You have taken over at “{name}”.")
            if found.hands_over
            else said(f"‘{name}’의 구성원이 되었습니다.", f"You are a member of “{name}”."),
        )
        return redirect(found.next or reverse("parties:organisation", args=[found.organisation.pk]))
    place = None if found.hands_over else OrganisationRole(found.role)
    return render(
        request,
        "parties/join.html",
        {
            "invitation": found,
            "place": words.PLACES[place] if place else None,
            "meaning": words.PLACE_MEANINGS[place] if place else None,
        },
    )


def _join_as_organisation(request: HttpRequest, token: str) -> HttpResponse:
    found = commands.read_invitation(token)
    refused: Refused | None = None
    chosen = sent(request.POST.get("organisation", ""), Kind.ORGANISATION)
    if request.method == "POST" and chosen is not None:
        try:
            _, leads_to = commands.accept_for_organisation(
                actor=actor_of(request), token=token, organisation_id=chosen
            )
        except Refused as error:
            refused = error
        else:
            places = queries.capacities(own_person(request))
            for key, capacity in places.items():
                if capacity.organisation == chosen and capacity.organisation_role is not None:
                    request.session[CAPACITY] = key
            messages.success(request, said("초대를 수락했습니다.", "The invitation is accepted."))
            return redirect(leads_to or reverse("parties:organisation", args=[chosen]))
    own = [
        place.organisation
        for place in queries.places_of(own_person(request))
        if place.role in (OrganisationRole.OWNER, OrganisationRole.SIGNER)
        and found.business_number in ("", place.organisation.business_number)
    ]
    registered = queries.find_by_business_number(found.business_number) if found.business_number else None
    return render(
        request,
        "parties/join_organisation.html",
        {
            "invitation": found,
            "own": own,
            "registered": registered,
            "token": token,
            "refused": refused,
        },
        status=refused.status if refused else 200,
    )
