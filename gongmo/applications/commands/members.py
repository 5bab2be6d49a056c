"""The consortium's members: inviting known organisations, their answers, roles, taking one out."""

from django.db import transaction

from gongmo.applications.commands.base import (
    changed,
    keep_standing,
    locked,
    locked_by_member,
    require_editable,
    require_present,
)
from gongmo.applications.commands.journal import Change
from gongmo.applications.fields.base import require_length, text_of
from gongmo.applications.models import Application, Member
from gongmo.applications.policies import may_answer, may_edit, may_fill, may_remove
from gongmo.applications.states import MemberState, members_table
from gongmo.calls.queries import definition_of
from gongmo.definition.model import Definition
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotAllowed, Refused
from gongmo.kernel.korean import particle
from gongmo.parties.models import Organisation

WORD_LIMIT = 500
"""Letters of the word with which an organisation answers or leaves, and of a reminder's."""


def invite(*, actor: Actor, application_id: int, organisation_id: int, role: str) -> Member:
    """Invite an organisation into the consortium in a role of the call. One that declined or was taken out can be invited again."""
    with transaction.atomic():
        application = locked(actor, application_id)
        may_edit.require(actor, application)
        require_editable(application)
        require_role(definition_of(application.call), role)
        organisation = Organisation.objects.filter(pk=organisation_id).first()
        if organisation is None:
            raise BadInput(
                "organisation_unknown",
                "기관을 다시 골라 주세요.",
                "Choose the organisation again.",
                field="organisation",
            )
        member = put_in(application, organisation, role)
        changed(
            actor,
            application,
            "applications.invite",
            {"member": member.pk, "organisation": organisation.pk, "name": organisation.name, "role": role},
        )
    return member


def answer_invitation(*, actor: Actor, member_id: int, accept: bool, word: str = "") -> Member:
    """Join the consortium, or decline, with a word to the lead. Declining takes out the money that was planned for the organisation.

    The record keeps the answer, not the word.
    """
    with transaction.atomic():
        application, member = locked_by_member(actor, member_id)
        may_answer.require(actor, member)
        require_editable(application)
        then = MemberState.ACCEPTED if accept else MemberState.DECLINED
        state = members_table.require(MemberState(member.state), then)
        word = cleaned_word(word)
        gone = [] if accept else _take_out(application, member)
        member.state = state
        member.answered_at, member.answered_by_id, member.answer_note = clock.now(), actor.person, word
        member.save(update_fields=["state", "answered_at", "answered_by", "answer_note"])
        changed(
            actor,
            application,
            "applications.answer_invitation",
            {"member": member.pk, "organisation": member.organisation_id, "accepted": accept},
            keep="" if accept else f"{member.organisation.name} 참여 거절",
            fields=gone,
        )
    return member


def remove_member(*, actor: Actor, member_id: int, word: str = "") -> Member:
    """Take an organisation out of the consortium, with its money and documents, or leave it with a word. The lead cannot be taken out.

    What stood before is kept as a version.
    """
    with transaction.atomic():
        application, member = locked_by_member(actor, member_id)
        may_remove.require(actor, member)
        require_editable(application)
        if member.organisation_id == application.lead_id:
            raise Refused(
                "member_is_lead",
                "주관기관은 컨소시엄에서 뺄 수 없습니다.",
                "The lead cannot be taken out of the consortium.",
            )
        state = members_table.require(MemberState(member.state), MemberState.REMOVED)
        word = cleaned_word(word)
        gone = _take_out(application, member)
        member.state, member.answer_note = state, word
        member.save(update_fields=["state", "answer_note"])
        left = actor.organisation == member.organisation_id
        changed(
            actor,
            application,
            "applications.remove_member",
            {"member": member.pk, "organisation": member.organisation_id},
            keep=f"{member.organisation.name} {'나감' if left else '제외'}",
            fields=gone,
        )
    return member


def set_role(*, actor: Actor, member_id: int, role: str) -> Member:
    """Give a member another role of the call. Which documents it owes follows from its role. The lead's role stays."""
    with transaction.atomic():
        application, member = locked_by_member(actor, member_id)
        may_edit.require(actor, application)
        require_editable(application)
        require_present(member)
        if member.organisation_id == application.lead_id:
            raise Refused(
                "member_is_lead",
                "주관기관의 역할은 바꿀 수 없습니다.",
                "The lead's role cannot be changed.",
            )
        require_role(definition_of(application.call), role)
        before = member.role
        if role != before:
            member.role = role
            member.save(update_fields=["role"])
            changed(
                actor,
                application,
                "applications.set_role",
                {
                    "member": member.pk,
                    "organisation": member.organisation_id,
                    "before": before,
                    "role": role,
                },
            )
    return member


def set_buys_assets(*, actor: Actor, member_id: int, value: bool) -> Member:
    """Say whether an organisation buys assets in the project (then its asset purchase plan is due)."""
    with transaction.atomic():
        application, member = locked_by_member(actor, member_id)
        may_fill.require(actor, member)
        require_editable(application)
        require_present(member)
        member.buys_assets = value
        member.save(update_fields=["buys_assets"])
        changed(
            actor,
            application,
            "applications.set_buys_assets",
            {"member": member.pk, "organisation": member.organisation_id, "value": value},
        )
    return member


def require_part(actor: Actor, application: Application, organisation_ids: set[int]) -> None:
    """Refuse unless the actor may edit every one of these organisations' parts: the lead all, a member its own."""
    if may_edit(actor, application):
        return
    own = Member.objects.filter(application=application, organisation_id=actor.organisation or 0)
    for member in own.select_related("application"):
        may_fill.require(actor, member)
    if organisation_ids - {actor.organisation or 0}:
        raise NotAllowed(
            may_fill.name,
            f"다른 기관의 몫은 고칠 수 없습니다. {may_fill.ko}",
            f"You may not edit another organisation's part. {may_fill.en}",
        )


# --- Parts, for the commands beside this one ------------------------------------------------------------------------
def require_role(definition: Definition, role: str) -> None:
    """Refuse a role that a member cannot have. Raises BadInput."""
    consortium = definition.consortium
    if role not in {item.id for item in consortium.roles} or role == consortium.lead_role:
        raise BadInput("role_unknown", "역할을 다시 골라 주세요.", "Choose the role again.", field="role")


def put_in(application: Application, organisation: Organisation, role: str) -> Member:
    """An invited place for the organisation, in a transaction that appends an entry. Raises Refused where it has one."""
    now = clock.now()
    member = Member.objects.filter(application=application, organisation=organisation).first()
    if member is None:
        member = Member.objects.create(
            application=application, organisation=organisation, role=role, invited_at=now
        )
    elif member.state in (MemberState.INVITED, MemberState.ACCEPTED):
        raise Refused(
            "member_already",
            f"{particle(organisation.name, '은', '는')} 이미 초대했거나 참여하고 있습니다.",
            f"{organisation.name} has already been invited or has joined.",
        )
    else:
        member.state = members_table.require(MemberState(member.state), MemberState.INVITED)
        member.role, member.invited_at = role, now
        member.answered_at, member.answered_by, member.answer_note = None, None, ""
        member.reminded_at = None
        member.save()
    member.application = application
    return member


def cleaned_word(word: str) -> str:
    """A word from one organisation to another as it is stored. Raises BadInput where it is too long."""
    word = text_of(word, lines=True)
    require_length("남기는 말은", "the word", word, WORD_LIMIT, field="word")
    return word


def _take_out(application: Application, member: Member) -> list[Change]:
    """Take its money and documents out; the journal's lines of its cells."""
    keep_standing(application, f"{member.organisation.name} 빠지기 전")
    cells = application.cells.filter(organisation=member.organisation_id)
    gone = [
        Change(
            f"cell:{cell.organisation_id}:{cell.year}:{cell.field}:{cell.category}:{cell.source}:{cell.form}"
            f":{int(cell.direct_support)}",
            cell.amount,
            0,
        )
        for cell in cells
    ]
    cells.delete()
    application.documents.filter(member=member, removed_at__isnull=True).update(removed_at=clock.now())
    return gone
