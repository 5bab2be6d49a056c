"""The consortium's pages: who owes what, reminding, inviting, deciding on an invitation, one member's page."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongmo.applications import commands
from gongmo.applications.commands.members import WORD_LIMIT
from gongmo.applications.models import Member
from gongmo.applications.policies import may_answer, may_edit, may_fill, may_remind, may_remove
from gongmo.applications.queries.invitations import role_of, waiting_count, waiting_links
from gongmo.applications.queries.members import (
    SHOW,
    SORTS,
    MemberRow,
    gone_members,
    member_rows,
    page_of,
)
from gongmo.applications.queries.whose import application_of_member
from gongmo.applications.states import MemberState, members_table
from gongmo.applications.views.base import Desk, actor_of, desk, kept, said, show
from gongmo.definition.base import OrganisationKind
from gongmo.kernel import clock
from gongmo.kernel.errors import NotAllowed, NotFound, Refused
from gongmo.kernel.korean import particle
from gongmo.parties.policies import may_edit_profile, may_manage
from gongmo.parties.queries import certificates, find_organisations
from gongmo.parties.words import CERTIFICATES
from gongmo.rules.consortium import KINDS


def rows(at: Desk) -> list[MemberRow]:
    """Every organisation with what it owes."""
    return member_rows(at.application, at.standing)


@require_GET
def members(request: HttpRequest, pk: int) -> HttpResponse:
    """Who takes part and who still owes what: searched, filtered, sorted, page by page."""
    at = desk(request, pk)
    waiting = _waiting(at)
    return kept(request, at, "members", lambda: _page(request, at, waiting=waiting), waiting)


def _waiting(at: Desk) -> int:
    """How many links to strangers nobody has taken yet: only the lead's writers are told."""
    lead = at.writable and may_edit(at.actor, at.application)
    return waiting_count(at.application.pk) if lead else 0


@require_POST
def remind(request: HttpRequest, pk: int) -> HttpResponse:
    """Remind the chosen organisations, or (`all`) everyone who owes something."""
    actor = actor_of(request)
    chosen = None
    if request.POST.get("whom") != "all":
        chosen = {int(each) for each in request.POST.getlist("member") if each.isdecimal() and len(each) < 18}
    try:
        done = commands.remind(
            actor=actor, application_id=pk, members=chosen, text=request.POST.get("text", "")
        )
    except (NotFound, NotAllowed):
        raise
    except Refused as refused:
        at = desk(request, pk)
        return _page(request, at, refused, waiting=_waiting(at))
    late = len(done.too_soon)
    messages.success(
        request,
        said(
            f"{len(done.told)}곳에 알렸습니다."
            + (f" {late}곳은 한 시간 안에 이미 알려서 뺐습니다." if late else ""),
            f"{len(done.told)} reminded."
            + (f" {late} were left out: they were reminded within the last hour." if late else ""),
        ),
    )
    return redirect("applications:members", pk)


def _page(request: HttpRequest, at: Desk, refused: Refused | None = None, *, waiting: int) -> HttpResponse:
    every = rows(at)
    kept = {
        "find": request.GET.get("find", "").strip()[:100],
        "show": request.GET.get("show", "") if request.GET.get("show") in SHOW else "all",
        "sort": request.GET.get("sort", "") if request.GET.get("sort") in SORTS else "order",
    }
    number = request.GET.get("page", "")
    page = page_of(
        every,
        words=kept["find"],
        show=kept["show"],
        sort=kept["sort"],
        page=int(number) if number.isdecimal() and len(number) < 6 else 1,
    )
    lead = may_edit(at.actor, at.application)
    own = next((row for row in every if at.own is not None and row.member.pk == at.own.pk), None)
    asked = {name: value for name, value in kept.items() if value not in ("", "all", "order")}
    owing = [row for row in every if row.left and not row.lead]
    context = {
        "found": page,
        "roles": {role.id: role.name for role in at.definition.consortium.roles},
        "total": len(every),
        "owing": len(owing),
        "reminded_at": max((row.reminded_at for row in every if row.reminded_at is not None), default=None),
        "kept": kept,
        "query": urlencode(asked),
        "tabs": _tabs(page.counts, kept),
        "searchable": len(every) > 8,
        "may_remind": at.writable and bool(owing) and may_remind(at.actor, at.application),
        "word_limit": WORD_LIMIT,
        "own": own,
        "mine": _mine(at, own),
        "gone": gone_members(at.application) if lead else [],
        "states": {state.value: shown for state, shown in members_table.shown.items()},
        "waiting": waiting,
        "findings": [obstacle for obstacle in at.obstacles if obstacle.group == "consortium"],
    }
    return show(request, "applications/members.html", at, context, page="members", refused=refused)


_TABS = {
    "all": ("모두", "All"),
    "owing": ("할 일이 남은 기관", "Owing"),
    "done": ("마친 기관", "Done"),
    "invited": ("답을 기다리는 기관", "Invited"),
}


def _tabs(counts: dict[str, int], kept: dict[str, str]) -> list[dict[str, Any]]:
    found = []
    for name in SHOW:
        asked = {
            key: value for key, value in {**kept, "show": name}.items() if value not in ("", "all", "order")
        }
        found.append(
            {
                "label": said(*_TABS[name]),
                "url": "?" + urlencode(asked),
                "current": kept["show"] == name,
                "count": counts[name],
            }
        )
    return found


def _mine(at: Desk, own: MemberRow | None) -> dict[str, Any] | None:
    """What the own organisation's people see of their part: what is left, and the certificates that its profile holds. One query."""
    if own is None:
        return None
    held = certificates(own.member.organisation_id)
    return {
        "certificates": [(each, CERTIFICATES[each.kind]) for each in held],
        "profile": may_edit_profile(at.actor, own.member.organisation_id),
    }


# --- One member -------------------------------------------------------------------------------------------------------
@require_GET
def member(request: HttpRequest, pk: int, member: int) -> HttpResponse:
    """One organisation: what is left of its part, its role, whether it buys assets, leaving."""
    return _member(request, pk, member)


@require_POST
def role(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a member another role."""
    wanted = request.POST.get("role", "")
    return _change(
        request,
        pk,
        lambda: commands.set_role(actor=actor_of(request), member_id=pk, role=wanted),
        (
            "역할을 바꿨습니다. 낼 서류가 달라질 수 있습니다.",
            "The role is changed. The documents that are due may differ.",
        ),
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


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an organisation out, or leave."""
    word = request.POST.get("word", "")
    return _change(
        request,
        pk,
        lambda: commands.remove_member(actor=actor_of(request), member_id=pk, word=word),
        (
            "기관을 뺐습니다. 다시 초대할 수 있고, 빼기 전의 내용은 저장 이력에 있습니다.",
            "Taken out. It can be invited again; what stood before is in the history.",
        ),
    )


def _change(request: HttpRequest, pk: int, act: Callable[[], Member], done: tuple[str, str]) -> HttpResponse:
    try:
        changed = act()
    except NotFound:
        raise
    except Refused as refused:
        return _member(request, application_of_member(pk), pk, refused)
    if changed.state == MemberState.REMOVED:
        if changed.organisation_id == actor_of(request).organisation:
            messages.success(request, said("컨소시엄에서 나왔습니다.", "You have left the consortium."))
            return redirect("applications:list")
        messages.success(request, said(*done))
        return redirect("applications:members", changed.application_id)
    messages.success(request, said(*done))
    return redirect("applications:member", changed.application_id, pk)


def _member(request: HttpRequest, pk: int, member_id: int, refused: Refused | None = None) -> HttpResponse:
    at = desk(request, pk, invited=refused is not None)
    row = next((each for each in rows(at) if each.member.pk == member_id), None)
    if row is None:
        if refused is not None:
            raise refused
        raise NotFound
    found = row.member
    lead = may_edit(at.actor, at.application)
    context = {
        "row": row,
        "own_place": at.own is not None and at.own.pk == found.pk,
        "kind": KINDS[OrganisationKind(found.organisation.kind)],
        "roles": {item.id: item.name for item in at.definition.consortium.roles},
        "choices": [
            (item.id, item.name)
            for item in at.definition.consortium.roles
            if item.id != at.definition.consortium.lead_role
        ],
        "may_role": at.writable and lead and not row.lead,
        "may_fill": at.writable and may_fill(at.actor, found),
        "may_remove": at.writable and not row.lead and may_remove(at.actor, found),
        "word_limit": WORD_LIMIT,
        "states": {state.value: shown for state, shown in members_table.shown.items()},
    }
    return show(request, "applications/members_one.html", at, context, page="members", refused=refused)


# --- Inviting ---------------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Invite by number, address or name, and the links that wait for an answer."""
    if request.method == "GET":
        return _invite_page(request, pk)
    posted = request.POST
    organisation = posted.get("organisation", "")
    try:
        if organisation:
            made = commands.invite(
                actor=actor_of(request),
                application_id=pk,
                organisation_id=int(organisation)
                if organisation.isdecimal() and len(organisation) < 18
                else 0,
                role=posted.get("role", ""),
            )
            name, mailed = made.organisation.name, False
        else:
            asked = commands.invite_by(
                actor=actor_of(request),
                application_id=pk,
                role=posted.get("role", ""),
                business_number=posted.get("number", ""),
                email=posted.get("email", ""),
                name=posted.get("name", ""),
                site=request.build_absolute_uri("/"),
            )
            mailed = asked.member is None
            name = asked.member.organisation.name if asked.member else posted.get("email", "").strip()
    except (NotFound, NotAllowed):
        raise
    except Refused as refused:
        return _invite_page(request, pk, refused)
    messages.success(
        request,
        said(
            f"{particle(name, '으로', '로')} 초대 링크를 보냈습니다. 기관을 등록하고 수락하면 참여가 됩니다."
            if mailed
            else f"{particle(name, '을', '를')} 초대했습니다. 그 기관이 수락하면 참여가 됩니다.",
            f"A link is on its way to {name}. The organisation registers and joins by accepting."
            if mailed
            else f"{name} is invited and joins by accepting.",
        ),
    )
    return redirect("applications:invite", pk)


@require_POST
def link(request: HttpRequest, pk: int, invitation: int) -> HttpResponse:
    """Send a waiting link again, or (`do=withdraw`) take it back."""
    actor = actor_of(request)
    try:
        if request.POST.get("do") == "withdraw":
            commands.withdraw_link(actor=actor, application_id=pk, invitation_id=invitation)
            messages.success(request, said("초대를 거두었습니다.", "The invitation is taken back."))
        else:
            made = commands.resend_link(
                actor=actor,
                application_id=pk,
                invitation_id=invitation,
                site=request.build_absolute_uri("/"),
            )
            messages.success(
                request,
                said(
                    f"{made.email} 주소로 새 링크를 보냈습니다. 앞서 보낸 링크는 쓸 수 없습니다.",
                    f"A new link is on its way to {made.email}. The one sent before does not work any more.",
                ),
            )
    except (NotFound, NotAllowed):
        raise
    except Refused as refused:
        return _invite_page(request, pk, refused)
    return redirect("applications:invite", pk)


def _invite_page(request: HttpRequest, pk: int, refused: Refused | None = None) -> HttpResponse:
    at = desk(request, pk)
    may_edit.require(at.actor, at.application)
    words = request.GET.get("q", "").strip()[:100]
    present = {each.organisation_id for each in at.members}
    found = find_organisations(words) if words else []
    consortium = at.definition.consortium
    roles = [(item.id, item.name) for item in consortium.roles if item.id != consortium.lead_role]
    names = dict(roles)
    now = clock.now()
    context = {
        "roles": roles,
        "usual": next((key for key, _ in roles if key != consortium.applicant_role), ""),
        "typed": request.POST,
        "wrong": getattr(refused, "field", None),
        "q": words,
        "results": sorted(((item, item.pk in present) for item in found), key=lambda each: each[1]),
        "links": [
            {
                "link": each,
                "role": names.get(role_of(each)[1], role_of(each)[1]),
                "over": now >= each.expires_at,
                "mine": each.invited_by_id == at.actor.person
                or may_manage(at.actor, each.organisation_id or 0),
            }
            for each in waiting_links(pk)
        ],
    }
    return show(request, "applications/members_invite.html", at, context, page="members", refused=refused)


# --- Deciding on an invitation ----------------------------------------------------------------------------------------
def invitation(request: HttpRequest, at: Desk, refused: Refused | None = None) -> HttpResponse:
    """What an invited organisation needs to decide: call, lead, title, summary, its role, the money that is planned for it."""
    own = at.own
    if own is None or own.state != MemberState.INVITED:
        raise NotFound
    sources = {source.id: source.name for source in at.definition.budget.sources}
    planned: dict[str, int] = {}
    for cell in at.value.budget:
        if cell.organisation == str(own.organisation_id):
            planned[cell.source] = planned.get(cell.source, 0) + cell.amount
    wanted = next((item for item in at.definition.consortium.roles if item.id == own.role), None)
    context = {
        "own": own,
        "role": wanted.name if wanted else own.role,
        "planned": [(sources.get(source, source), amount) for source, amount in planned.items()],
        "planned_total": sum(planned.values()),
        "documents": [
            kind.name
            for kind in at.definition.documents
            if kind.per == "organisation" and own.role in kind.roles
        ],
        "facts": len(at.definition.facts),
        "may_answer": may_answer(at.actor, own),
        "word_limit": WORD_LIMIT,
        "typed": request.POST.get("word", ""),
    }
    return show(request, "applications/members_invitation.html", at, context, refused=refused)


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept or decline an invitation, with a word."""
    accept = request.POST.get("accept") == "yes"
    try:
        place = commands.answer_invitation(
            actor=actor_of(request), member_id=pk, accept=accept, word=request.POST.get("word", "")
        )
    except (NotFound, NotAllowed):
        raise
    except Refused as refused:
        at = desk(request, application_of_member(pk), invited=True)
        if at.own is None or at.own.state != MemberState.INVITED:
            raise
        return invitation(request, at, refused)
    if accept:
        messages.success(
            request,
            said(
                "참여를 수락했습니다. 아래 ‘우리 기관의 몫’을 차례로 마쳐 주세요.",
                "You have joined. Please finish your part below.",
            ),
        )
        return redirect("applications:members", place.application_id)
    messages.success(request, said("참여를 거절했습니다.", "You have declined."))
    return redirect("applications:list")
