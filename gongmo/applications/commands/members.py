"""The consortium: inviting organisations, their answers, taking one out."""

from django.db import transaction

from gongmo.applications.commands.base import (
    changed,
    locked,
    locked_by_member,
    require_editable,
    require_present,
)
from gongmo.applications.models import Application, Member
from gongmo.applications.policies import may_answer, may_edit, may_fill, may_remove
from gongmo.applications.states import MemberState, members_table
from gongmo.calls.queries import definition_of
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotAllowed, Refused
from gongmo.kernel.korean import particle
from gongmo.parties.models import Organisation


def invite(*, actor: Actor, application_id: int, organisation_id: int, role: str) -> Member:
    """Invite an organisation into the consortium in a role of the call. One that declined or was taken out can be invited again."""
    with transaction.atomic():
        application = locked(actor, application_id)
        may_edit.require(actor, application)
        require_editable(application)
        consortium = definition_of(application.call).consortium
        if role not in {item.id for item in consortium.roles} or role == consortium.lead_role:
            raise BadInput("role_unknown", "역할을 다시 골라 주세요.", "Choose the role again.", field="role")
        organisation = Organisation.objects.filter(pk=organisation_id).first()
        if organisation is None:
            raise BadInput(
                "organisation_unknown",
                "기관을 다시 골라 주세요.",
                "Choose the organisation again.",
                field="organisation",
            )
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
            member.answered_at, member.answered_by = None, None
            member.save()
        member.application = application
        changed(
            actor,
            application,
            "applications.invite",
            {"member": member.pk, "organisation": organisation.pk, "name": organisation.name, "role": role},
        )
    return member


def answer_invitation(*, actor: Actor, member_id: int, accept: bool) -> Member:
    """Join the consortium, or decline. Declining takes out the money that was planned for the organisation."""
    with transaction.atomic():
        application, member = locked_by_member(actor, member_id)
        may_answer.require(actor, member)
        require_editable(application)
        then = MemberState.ACCEPTED if accept else MemberState.DECLINED
        member.state = members_table.require(MemberState(member.state), then)
        member.answered_at, member.answered_by_id = clock.now(), actor.person
        member.save(update_fields=["state", "answered_at", "answered_by"])
        if not accept:
            _take_out(application, member)
        changed(
            actor,
            application,
            "applications.answer_invitation",
            {"member": member.pk, "organisation": member.organisation_id, "accepted": accept},
            keep="" if accept else f"{member.organisation.name} 참여 거절",
        )
    return member


def remove_member(*, actor: Actor, member_id: int) -> Member:
    """Take an organisation out of the consortium, with its money and documents. The lead cannot be taken out."""
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
        member.state = members_table.require(MemberState(member.state), MemberState.REMOVED)
        member.save(update_fields=["state"])
        _take_out(application, member)
        changed(
            actor,
            application,
            "applications.remove_member",
            {"member": member.pk, "organisation": member.organisation_id},
            keep=f"{member.organisation.name} 제외",
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


def _take_out(application: Application, member: Member) -> None:
    application.cells.filter(organisation=member.organisation_id).delete()
    application.documents.filter(member=member, removed_at__isnull=True).update(removed_at=clock.now())
