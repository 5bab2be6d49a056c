"""Inviting people and organisations by links that work once. Nobody learns from an invitation who is registered."""

import hashlib
import secrets
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Q
from django.utils.http import url_has_allowed_host_and_scheme

from gongmo.kernel import clock
from gongmo.kernel.actor import Actor, OrganisationRole, Role
from gongmo.kernel.errors import BadInput, NotAllowed, NotFound, Refused
from gongmo.ledger import commands as ledger
from gongmo.ledger.locks import lock
from gongmo.parties import checks, policies, post
from gongmo.parties.commands.handover import hand_over_to
from gongmo.parties.commands.invitation_mails import (
    VALID,
    VALID_FOR_ORGANISATION,
    require_may_mail,
    require_not_too_many,
    span_of,
    waiting_for,
)
from gongmo.parties.commands.people import email_address
from gongmo.parties.commands.places import place
from gongmo.parties.invited import hearer
from gongmo.parties.models import (
    Grant,
    Invitation,
    InvitationPurpose,
    Membership,
    Organisation,
    Person,
)

KEPT_AFTER = timedelta(days=30)
"""How long the address of an invitation that nobody accepted is kept."""


# --- Making -----------------------------------------------------------------------------------------------------------
def invitation(
    *, actor: Actor, organisation_id: int, role: OrganisationRole, hands_over: bool = False
) -> str:
    """The secret of a link to pass on by oneself: `invite_member` or `offer_hand_over` without an address."""
    if hands_over:
        return offer_hand_over(actor=actor, organisation_id=organisation_id)[1]
    return invite_member(actor=actor, organisation_id=organisation_id, role=role)[1]


def invite_member(
    *, actor: Actor, organisation_id: int, role: OrganisationRole, email: str = "", site: str = ""
) -> tuple[Invitation, str]:
    """Offer a place in the organisation, for three days, once. With `email` the link is mailed and only that address may accept.

    Answers the invitation and the link's secret. It dies when the inviter is no longer an owner. An address that is invited already
    keeps its one invitation, which is mailed again. Raises BadInput, NotAllowed, NotFound, Refused (invitation_mails).
    """
    with transaction.atomic():
        if not lock(Organisation, organisation_id):
            raise NotFound
        policies.may_manage.require(actor, organisation_id)
        return _make(
            actor,
            Invitation(
                purpose=InvitationPurpose.MEMBER,
                organisation_id=organisation_id,
                role=OrganisationRole(role).value,
                email=email_address(email) if email.strip() else "",
            ),
            VALID,
            site,
        )


def offer_hand_over(
    *, actor: Actor, organisation_id: int, email: str = "", site: str = ""
) -> tuple[Invitation, str]:
    """Offer the own place and roles in the organisation to whoever accepts first. Raises BadInput, NotAllowed, NotFound, Refused."""
    with transaction.atomic():
        if not lock(Organisation, organisation_id):
            raise NotFound
        policies.may_hand_over.require(actor, organisation_id, actor.person or 0)
        if not _holds_anything(actor.person, organisation_id):
            raise Refused(
                "nothing_to_hand_over",
                "이 기관에서 넘겨줄 역할이 없습니다.",
                "You hold nothing in this organisation that could be handed over.",
            )
        return _make(
            actor,
            Invitation(
                purpose=InvitationPurpose.HAND_OVER,
                organisation_id=organisation_id,
                email=email_address(email) if email.strip() else "",
            ),
            VALID,
            site,
        )


def invite_organisation(
    *,
    actor: Actor,
    email: str,
    business_number: str = "",
    name: str = "",
    topic: str = "",
    reference: str = "",
    next: str = "",
    site: str = "",
) -> Invitation:
    """Invite an organisation that may not be registered yet: its link leads to sign-up, to registering it, and back to `next`.

    `topic` and `reference` name the business of the floor above that invites (gongmo.parties.invited). The caller has asked whether
    the actor may invite to that business. Works for 30 days, once; the link may be passed on inside the invited organisation.
    `next` is a path of this site. Raises BadInput, NotAllowed.
    """
    policies.may_invite_organisations.require(actor)
    number = checks.digits(business_number)
    if number and not checks.is_business_number(number):
        raise BadInput(
            "business_number",
            "사업자등록번호 10자리를 다시 확인해 주세요. 확인 숫자가 맞지 않습니다.",
            "Check the ten digits of the business number: its check digit does not fit.",
            field="business_number",
        )
    if not _own_path(next):
        raise ValueError("next must be a path of this site")
    with transaction.atomic():
        made, _ = _make(
            actor,
            Invitation(
                purpose=InvitationPurpose.ORGANISATION,
                organisation_id=actor.organisation,
                email=email_address(email),
                business_number=number,
                name=" ".join(name.split())[:200],
                topic=topic,
                reference=reference,
                next=next,
            ),
            VALID_FOR_ORGANISATION,
            site,
        )
    return made


def resend_invitation(*, actor: Actor, invitation_id: int, site: str = "") -> Invitation:
    """Mail a waiting invitation once more, with a new secret and a new span. The link sent before stops working.

    Raises NotFound, Refused (one without an address; mailed within the hour).
    """
    with transaction.atomic():
        made = _waiting(actor, invitation_id)
        if not made.email:
            raise Refused(
                "invitation_without_address",
                "전자우편 주소 없이 만든 초대입니다. 새 초대 링크를 만들어 전해 주세요.",
                "This invitation has no address. Make a new link and pass it on.",
            )
        _mail_again(actor, made, site)
    return made


def withdraw_invitation(*, actor: Actor, invitation_id: int) -> Invitation:
    """Take a waiting invitation back: its link stops working."""
    with transaction.atomic():
        made = _waiting(actor, invitation_id)
        made.ended_at = clock.now()
        made.save(update_fields=["ended_at"])
        _record(actor, "parties.withdraw_invitation", made)
    return made


def forget_invited_addresses(*, actor: Actor) -> int:
    """Forget the addresses of invitations that ran out or were taken back a month ago. Answers how many."""
    policies.may_operate.require(actor)
    before = clock.now() - KEPT_AFTER
    with transaction.atomic():
        old = Invitation.objects.filter(Q(expires_at__lt=before) | Q(ended_at__lt=before)).exclude(email="")
        keys = list(old.select_for_update().values_list("pk", flat=True))
        if not keys:
            return 0
        Invitation.objects.filter(pk__in=keys).update(email="")
        ledger.append(
            actor=actor,
            act="parties.forget_addresses",
            subject=("invitations", ""),
            payload={"count": len(keys)},
        )
    return len(keys)


# --- Accepting --------------------------------------------------------------------------------------------------------
def read_invitation(token: str) -> Invitation:
    """What a link offers. Raises NotFound for an unknown one, Refused for one that was used, ran out or was taken back."""
    found = (
        Invitation.objects.select_related("organisation", "invited_by").filter(secret=_hash(token)).first()
    )
    if found is None:
        raise NotFound
    if (
        found.accepted_at is not None
        or found.ended_at is not None
        or clock.now() >= found.expires_at
        or not _inviter_still_may(found)
    ):
        raise Refused(
            "invitation_over",
            "이미 쓰였거나 기한이 지났거나 거두어진 초대 링크입니다. 초대한 사람에게 새 링크를 요청해 주세요.",
            "The link was used, has run out or was taken back. Ask for a new one.",
        )
    return found


def accept_invitation(*, actor: Actor, token: str) -> Membership | None:
    """Take the offered place, or all that is handed over; None where that was roles without a place.

    Raises NotAllowed for visitors and for other people than the invited one, NotFound, Refused.
    """
    person_id = _signed_in(actor)
    with transaction.atomic():
        found = read_invitation(token)
        if found.purpose == InvitationPurpose.ORGANISATION or found.organisation_id is None:
            raise NotFound
        # The organisation first, then the invitation: of two who open a link at once, one takes the place.
        organisation_id = found.organisation_id
        lock(Organisation, organisation_id)
        lock(Invitation, found.pk)
        found = read_invitation(token)
        _require_addressed(found, person_id)
        _not_put_out(found, person_id)
        _accepted(found, person_id, organisation_id)
        if not found.hands_over:
            return place(
                actor=actor,
                person_id=person_id,
                organisation_id=organisation_id,
                role=OrganisationRole(found.role),
                now=clock.now(),
                invited_by=found.invited_by_id,
            )
        return hand_over_to(
            actor=actor,
            organisation_id=organisation_id,
            from_person_id=found.invited_by_id or 0,
            to_person_id=person_id,
        )


def accept_for_organisation(*, actor: Actor, token: str, organisation_id: int) -> tuple[Invitation, str]:
    """Accept an invitation of organisations for one whose owner or signer the person is. Answers it and the address to go to.

    Raises NotAllowed, NotFound, and Refused when the invitation names another organisation's business number.
    """
    person_id = _signed_in(actor)
    with transaction.atomic():
        found = read_invitation(token)
        if found.purpose != InvitationPurpose.ORGANISATION:
            raise NotFound
        lock(Organisation, organisation_id)
        lock(Invitation, found.pk)
        found = read_invitation(token)
        organisation = Organisation.objects.filter(pk=organisation_id).first()
        own = Membership.objects.filter(
            person=person_id,
            organisation=organisation_id,
            until__isnull=True,
            role__in=(OrganisationRole.OWNER, OrganisationRole.SIGNER),
        ).first()
        if organisation is None or own is None:
            raise NotAllowed(
                "parties.accept_for_organisation",
                "기관의 대표 담당자나 서명자가 초대를 수락합니다.",
                "An owner or signer of the organisation accepts the invitation.",
            )
        if found.business_number and organisation.business_number != found.business_number:
            raise Refused(
                "invitation_of_another",
                "이 초대는 다른 사업자등록번호의 기관에 보낸 것입니다. 그 기관을 골라 주세요.",
                "The invitation is for an organisation with another business number.",
            )
        acting = Actor(
            role=Role.APPLICANT,
            person=person_id,
            name=actor.name,
            organisation=organisation.pk,
            organisation_name=organisation.name,
            organisation_role=OrganisationRole(own.role),
            origin=actor.origin,
            address=actor.address,
        )
        _accepted(found, person_id, organisation.pk)
        _record(acting, "parties.accept_invitation", found)
        hears = hearer(found.topic)
        leads_to = hears(acting, found, organisation) if hears is not None else None
    return found, leads_to or found.next


# --- Parts ------------------------------------------------------------------------------------------------------------
def _make(actor: Actor, made: Invitation, span: timedelta, site: str) -> tuple[Invitation, str]:
    made.invited_by_id, made.made_at = actor.person, clock.now()
    if standing := waiting_for(made, made.made_at):
        # The one invitation of this address, as it is meant now.
        lock(Invitation, standing.pk)
        standing.role, standing.invited_by_id = made.role, actor.person
        standing.save(update_fields=["role", "invited_by"])
        return standing, _mail_again(actor, standing, site)
    require_may_mail(made, made.made_at)
    require_not_too_many(made, made.made_at)
    secret = secrets.token_urlsafe(24)
    made.secret = _hash(secret)
    if made.email:
        # Inviting an address again replaces what waits there.
        Invitation.objects.filter(
            organisation=made.organisation_id,
            purpose=made.purpose,
            email=made.email,
            topic=made.topic,
            reference=made.reference,
            accepted_at__isnull=True,
            ended_at__isnull=True,
        ).update(ended_at=made.made_at)
    made.expires_at = made.made_at + span
    made.save(force_insert=True)
    _record(actor, "parties.invite", made)
    if made.email:
        post.send_invitation(made, secret, site=site)
    return made, secret


def _mail_again(actor: Actor, made: Invitation, site: str) -> str:
    """Mail a waiting invitation with a new secret, which is answered; in a transaction that asked for permission."""
    now = clock.now()
    require_may_mail(made, now)
    secret = secrets.token_urlsafe(24)
    made.secret, made.expires_at = _hash(secret), now + span_of(made.purpose)
    made.save(update_fields=["secret", "expires_at"])
    _record(actor, "parties.resend_invitation", made)
    post.send_invitation(made, secret, site=site)
    return secret


def _record(actor: Actor, act: str, made: Invitation) -> None:
    """The record says that somebody was invited, and to what; not the address."""
    ledger.append(
        actor=actor,
        act=act,
        subject=("organisation", made.organisation_id or ""),
        payload={
            "invitation": made.pk,
            "purpose": made.purpose,
            "role": made.role,
            "topic": made.topic,
            "reference": made.reference,
            "accepted_for": made.accepted_for_id,
        },
    )


def _accepted(found: Invitation, person_id: int, organisation_id: int) -> None:
    """Within a transaction that appends an entry."""
    found.accepted_at, found.accepted_by_id = clock.now(), person_id
    found.accepted_for_id = organisation_id
    found.save(update_fields=["accepted_at", "accepted_by", "accepted_for"])


def _waiting(actor: Actor, invitation_id: int) -> Invitation:
    """A waiting invitation, locked, for whoever may manage it."""
    lock(Invitation, invitation_id)
    made = (
        Invitation.objects.select_related("organisation")
        .filter(pk=invitation_id, accepted_at__isnull=True, ended_at__isnull=True)
        .first()
    )
    if made is None:
        raise NotFound
    mine = made.invited_by_id is not None and made.invited_by_id == actor.person
    if not (mine or (made.organisation_id and policies.may_manage(actor, made.organisation_id))):
        raise NotFound
    return made


def _inviter_still_may(found: Invitation) -> bool:
    if found.purpose == InvitationPurpose.ORGANISATION or found.invited_by_id is None:
        return True
    if found.hands_over:
        return _holds_anything(found.invited_by_id, found.organisation_id or 0)
    owns = Membership.objects.filter(
        organisation=found.organisation_id,
        person=found.invited_by_id,
        until__isnull=True,
        role=OrganisationRole.OWNER,
    )
    operates = Grant.objects.filter(person=found.invited_by_id, role=Role.OPERATOR, until__isnull=True)
    return owns.exists() or operates.exists()


def _holds_anything(person_id: int | None, organisation_id: int) -> bool:
    held = Q(person=person_id, organisation=organisation_id, until__isnull=True)
    return Membership.objects.filter(held).exists() or Grant.objects.filter(held).exists()


def _require_addressed(found: Invitation, person_id: int) -> None:
    """A mailed invitation is for whoever reads that mailbox."""
    if not found.email:
        return
    own = Person.objects.filter(pk=person_id, email=found.email).exists()
    if (
        not own
        and not EmailAddress.objects.filter(user=person_id, email__iexact=found.email, verified=True).exists()
    ):
        raise NotAllowed(
            "parties.accept_invitation",
            f"이 초대는 {masked(found.email)} 앞으로 보낸 것입니다. 그 주소의 계정으로 로그인하거나, 지금 주소로 다시 초대해 달라고 요청해 주세요.",
            f"This invitation was sent to {masked(found.email)}. Sign in with that address, or ask to be invited with yours.",
        )


def _not_put_out(found: Invitation, person_id: int) -> None:
    """A link that was made before somebody's place ended does not let that person in again; a new one does."""
    held = Membership.objects.filter(person=person_id, organisation=found.organisation_id)
    if held.filter(until__gte=found.made_at).exists() and not held.filter(until__isnull=True).exists():
        raise Refused(
            "place_ended",
            "이 링크를 받은 뒤 구성원에서 빠졌습니다. 다시 들어오려면 대표 담당자에게 새 링크를 요청해 주세요.",
            "Your place ended after this link was made. Ask an owner for a new link to come back.",
        )


def masked(email: str) -> str:
    """An address that its owner recognises and a stranger does not learn: "of…@example.kr"."""
    name, _, domain = email.partition("@")
    return f"{name[:2]}…@{domain}"


def _signed_in(actor: Actor) -> int:
    if actor.person is None:
        raise NotAllowed(
            "parties.accept_invitation",
            "로그인한 뒤에 초대를 수락해 주세요.",
            "Sign in to accept the invitation.",
        )
    return actor.person


def _own_path(path: str) -> bool:
    return not path or (path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None))


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
