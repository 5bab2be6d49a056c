"""The consortium's page: inviting, answering, taking out, marking the purchase of assets."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from gongmo.applications import commands, presentation
from gongmo.applications.models import Member
from gongmo.applications.policies import may_answer, may_fill, may_remove
from gongmo.applications.states import MemberState, members_table
from gongmo.applications.views.base import actor_of, desk, said, show
from gongmo.definition.base import OrganisationKind
from gongmo.kernel.errors import NotFound, Refused
from gongmo.parties.queries import find_organisations
from gongmo.rules.consortium import KINDS


@require_GET
def members(request: HttpRequest, pk: int) -> HttpResponse:
    """Who takes part, who was asked, and whom to ask (found by name or business number)."""
    return _page(request, pk)


@require_POST
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Invite an organisation."""
    organisation = request.POST.get("organisation", "")
    try:
        member = commands.invite(
            actor=actor_of(request),
            application_id=pk,
            organisation_id=int(organisation) if organisation.isdecimal() else 0,
            role=request.POST.get("role", ""),
        )
    except NotFound:
        raise
    except Refused as refused:
        return _page(request, pk, refused)
    name = member.organisation.name
    messages.success(
        request,
        said(
            f"{name}을(를) 초대했습니다. 그 기관이 수락하면 참여가 됩니다.",
            f"{name} is invited and joins by accepting.",
        ),
    )
    return redirect("applications:members", pk)


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept or decline an invitation."""
    accept = request.POST.get("accept") == "yes"
    member = commands.answer_invitation(actor=actor_of(request), member_id=pk, accept=accept)
    if accept:
        messages.success(
            request,
            said(
                "참여를 수락했습니다. 자가점검과 동의를 마쳐 주세요.",
                "You have joined. Please finish the self-check and consents.",
            ),
        )
        return redirect("applications:statements", member.application_id)
    messages.success(request, said("참여를 거절했습니다.", "You have declined."))
    return redirect("applications:list")


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an organisation out."""
    return _change(
        request,
        pk,
        lambda: commands.remove_member(actor=actor_of(request), member_id=pk),
        ("기관을 뺐습니다. 다시 초대할 수 있습니다.", "Taken out. It can be invited again."),
    )


@require_POST
def assets(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark whether an organisation buys assets."""
    value = request.POST.get("value") == "yes"
    return _change(
        request,
        pk,
        lambda: commands.set_buys_assets(actor=actor_of(request), member_id=pk, value=value),
        ("자산 취득 여부를 바꿨습니다.", "The mark is changed."),
    )


def _change(request: HttpRequest, pk: int, act: Callable[[], Member], done: tuple[str, str]) -> HttpResponse:
    try:
        member = act()
    except NotFound:
        raise
    except Refused as refused:
        return _page(request, Member.objects.get(pk=pk).application_id, refused)
    messages.success(request, said(*done))
    own = member.organisation_id == actor_of(request).organisation
    gone = own and member.state == MemberState.REMOVED
    return redirect("applications:list") if gone else redirect("applications:members", member.application_id)


def _page(request: HttpRequest, pk: int, refused: Refused | None = None) -> HttpResponse:
    at = desk(request, pk)
    words = request.GET.get("q", "").strip()
    present = {member.organisation_id for member in at.members}
    found = [item for item in find_organisations(words) if item.pk not in present] if words else []
    consortium = at.definition.consortium
    names = {role.id: role.name for role in consortium.roles}
    rows = [
        {
            "member": member,
            "role": names.get(member.role, member.role),
            "shown": members_table.shown[MemberState(member.state)],
            "kind": KINDS[OrganisationKind(member.organisation.kind)],
            "fill": at.writable and may_fill(at.actor, member),
            "remove": at.writable
            and may_remove(at.actor, member)
            and member.organisation_id != at.application.lead_id,
            "answer": at.writable and member.state == MemberState.INVITED and may_answer(at.actor, member),
        }
        for member in at.members
    ]
    groups = presentation.grouped(at.definition, at.value, at.findings)
    context = {
        "rows": rows,
        "q": words,
        "found": [(item, KINDS[OrganisationKind(item.kind)]) for item in found],
        "roles": [(role.id, role.name) for role in consortium.roles if role.id != consortium.lead_role],
        "group": next((group for group in groups if group.id == "consortium"), None),
    }
    return show(request, "applications/members.html", at, context, page="members", refused=refused)
