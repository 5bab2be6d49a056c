"""Inviting organisations by number or address: registered ones at once, others by a link that leads them here."""

from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse

from gongmo.applications.commands.base import changed, locked, read, require_editable
from gongmo.applications.commands.members import invite, put_in, require_role
from gongmo.applications.models import Application, Member
from gongmo.applications.policies import PRESENT, may_edit
from gongmo.applications.queries.invitations import TOPIC, reference, role_of, waiting_links
from gongmo.calls.queries import definition_of
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.kernel.korean import particle
from gongmo.ledger.locks import lock
from gongmo.parties import checks
from gongmo.parties import commands as parties
from gongmo.parties.invited import when_accepted
from gongmo.parties.models import Invitation, Organisation
from gongmo.parties.queries import find_by_business_number

MOST_WAITING = 1000
"""Links of one application that may wait at once: mails are not sent without end."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom an invitation went to: a registered organisation's place, or a link by mail."""

    member: Member | None = None
    link: Invitation | None = None


def invite_by(
    *,
    actor: Actor,
    application_id: int,
    role: str,
    business_number: str = "",
    email: str = "",
    name: str = "",
    site: str = "",
) -> Asked:
    """Invite by business number: the registered organisation at once, else by a mailed link, for which the address is needed.

    By an address alone it is always the link: nobody learns whether somebody is registered under it. Raises BadInput, NotAllowed,
    NotFound, Refused.
    """
    number = checks.digits(business_number)
    email = email.strip()
    with transaction.atomic():
        application = locked(actor, application_id)
        may_edit.require(actor, application)
        if not number and not email:
            raise BadInput(
                "invitation_empty",
                "사업자등록번호나 담당자의 전자우편 주소를 적어 주세요.",
                "Write the business number or the e-mail address of the person in charge.",
                field="number",
            )
        if number and not checks.is_business_number(number):
            raise BadInput(
                "business_number",
                "사업자등록번호 10자리를 다시 확인해 주세요. 확인 숫자가 맞지 않습니다.",
                "Check the ten digits of the business number: its check digit does not fit.",
                field="number",
            )
        require_editable(application)
        require_role(definition_of(application.call), role)
        known = find_by_business_number(number) if number else None
        if known is not None:
            return Asked(
                member=invite(actor=actor, application_id=application_id, organisation_id=known.pk, role=role)
            )
        if not email:
            raise BadInput(
                "organisation_not_registered",
                "아직 등록되지 않은 기관입니다. 담당자의 전자우편 주소를 적으면 등록하고 참여하는 링크를 보냅니다.",
                "This organisation is not registered yet. With the e-mail address of its person in charge it gets a link to register and join.",
                field="email",
            )
        require_not_waiting(list(waiting_links(application.pk)), number, email)
        return Asked(link=send_link(actor, application, role, number, email, name, site))


def resend_link(*, actor: Actor, application_id: int, invitation_id: int, site: str = "") -> Invitation:
    """Mail a waiting link once more; the one sent before stops working. For whoever invited, and the lead's owners."""
    _link(actor, application_id, invitation_id)
    return parties.resend_invitation(actor=actor, invitation_id=invitation_id, site=site)


def withdraw_link(*, actor: Actor, application_id: int, invitation_id: int) -> Invitation:
    """Take a waiting link back. For whoever invited, and the lead's owners."""
    _link(actor, application_id, invitation_id)
    return parties.withdraw_invitation(actor=actor, invitation_id=invitation_id)


@when_accepted(TOPIC)
def take_up(actor: Actor, invitation: Invitation, organisation: Organisation) -> str | None:
    """An organisation followed its link: it gets an invited place and decides on the application's page.

    Runs in the transaction of the acceptance, in which the invitation is locked: the link was for this application and the lead still
    leads it, so nothing else is asked of the actor.
    """
    application_id, role = role_of(invitation)
    if not lock(Application, application_id):
        raise NotFound
    application = Application.objects.select_related("call", "call__version", "lead").get(pk=application_id)
    if application.lead_id != invitation.organisation_id:
        raise NotFound
    address = reverse("applications:application", args=[application_id])
    standing = Member.objects.filter(
        application=application, organisation=organisation, state__in=PRESENT
    ).first()
    if standing is not None:
        return address
    require_editable(application)
    require_role(definition_of(application.call), role)
    member = put_in(application, organisation, role)
    changed(
        actor,
        application,
        "applications.take_up_link",
        {
            "member": member.pk,
            "organisation": organisation.pk,
            "name": organisation.name,
            "role": role,
            "invitation": invitation.pk,
        },
    )
    return address


# --- Parts ------------------------------------------------------------------------------------------------------------
def require_not_waiting(waiting: list[Invitation], number: str, email: str) -> None:
    """Refuse a second link to the same number or address, and links without end."""
    for each in waiting:
        if (number and each.business_number == number) or each.email == email.lower():
            raise Refused(
                "link_waiting",
                f"{particle(number if number and each.business_number == number else email, '으로', '로')} 보낸 초대가 아직 답을 기다립니다. 아래 목록에서 다시 보낼 수 있습니다.",
                "An invitation to this number or address is still waiting. You can send it again from the list below.",
            )
    if len(waiting) >= MOST_WAITING:
        raise Refused(
            "too_many_waiting",
            f"답을 기다리는 초대 링크가 {MOST_WAITING:,}개입니다. 쓰지 않는 것을 거두어 주세요.",
            f"{MOST_WAITING:,} links are waiting. Take back those that are not needed.",
        )


def send_link(
    actor: Actor, application: Application, role: str, number: str, email: str, name: str, site: str
) -> Invitation:
    """Mail a link for a place in this application, in a transaction that has asked everything."""
    return parties.invite_organisation(
        actor=actor,
        email=email,
        business_number=number,
        name=name,
        topic=TOPIC,
        reference=reference(application.pk, role),
        next=reverse("applications:application", args=[application.pk]),
        site=site,
    )


def _link(actor: Actor, application_id: int, invitation_id: int) -> None:
    # The application is not locked: whoever accepts locks the invitation first and the application after it.
    application = read(actor, application_id)
    may_edit.require(actor, application)
    require_editable(application)
    if not any(each.pk == invitation_id for each in waiting_links(application_id)):
        raise NotFound
