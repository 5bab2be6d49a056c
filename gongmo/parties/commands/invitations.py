"""Inviting a colleague by a signed link: no address is asked for, so nobody learns who is registered."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.core import signing
from django.db import transaction

from gongmo.kernel import clock
from gongmo.kernel.actor import Actor, OrganisationRole
from gongmo.kernel.errors import NotAllowed, NotFound, Refused
from gongmo.parties import policies
from gongmo.parties.commands.places import hand_over_to, place
from gongmo.parties.models import Membership, Organisation

SALT = "gongmo.parties.invitation"
VALID = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Invitation:
    """What an invitation link says. `hands_over` means that the inviter's own place goes to whoever accepts."""

    organisation: Organisation
    role: OrganisationRole
    hands_over: bool
    inviter: Membership
    expires_at: datetime


def invitation(
    *, actor: Actor, organisation_id: int, role: OrganisationRole, hands_over: bool = False
) -> str:
    """A signed text that lets whoever signs in with it take a place in the organisation, for three days.

    It stops working when the inviter is no longer an owner, so a hand-over link works once. Raises NotAllowed, NotFound.
    """
    policies.may_manage.require(actor, organisation_id)
    own = _owner_place(organisation_id, actor.person)
    if own is None:
        raise NotAllowed(
            "parties.invite",
            "기관의 대표 담당자만 초대할 수 있습니다.",
            "Only an owner of the organisation invites people.",
        )
    return signing.dumps(
        {
            "place": own.pk,
            "role": own.role if hands_over else OrganisationRole(role).value,
            "hands_over": hands_over,
            "until": int((clock.now() + VALID).timestamp()),
        },
        salt=SALT,
    )


def read_invitation(token: str) -> Invitation:
    """What a link says. Raises NotFound for a forged one, Refused for one that has run out or was taken back."""
    try:
        told = signing.loads(token, salt=SALT)
    except signing.BadSignature as error:
        raise NotFound from error
    own = (
        Membership.objects.select_related("organisation", "person")
        .filter(pk=told["place"], until__isnull=True, role=OrganisationRole.OWNER)
        .first()
    )
    until = datetime.fromtimestamp(told["until"], UTC)
    if own is None or clock.now() >= until:
        raise Refused(
            "invitation_over",
            "초대 링크의 기한이 지났거나 거두어졌습니다. 초대한 사람에게 새 링크를 요청해 주세요.",
            "The invitation has run out or was taken back. Ask for a new link.",
        )
    return Invitation(own.organisation, OrganisationRole(told["role"]), bool(told["hands_over"]), own, until)


def accept_invitation(*, actor: Actor, token: str) -> Membership:
    """Take the place that a link offers. Raises NotAllowed for visitors, NotFound, Refused (also for whoever lost a place since)."""
    if actor.person is None:
        raise NotAllowed(
            "parties.accept_invitation",
            "로그인한 뒤에 초대를 수락해 주세요.",
            "Sign in to accept the invitation.",
        )
    with transaction.atomic():
        # The organisation's row is locked: of two who open a hand-over link at once, one takes the place.
        found = read_invitation(token)
        Organisation.objects.select_for_update().get(pk=found.organisation.pk)
        found = read_invitation(token)
        _not_put_out(found, actor.person)
        if not found.hands_over:
            return place(
                actor=actor,
                person_id=actor.person,
                organisation_id=found.organisation.pk,
                role=found.role,
                now=clock.now(),
                invited_by=found.inviter.person_id,
            )
        new = hand_over_to(
            actor=actor,
            organisation_id=found.organisation.pk,
            from_person_id=found.inviter.person_id,
            to_person_id=actor.person,
        )
        if new is None:
            raise NotFound
        return new


def _not_put_out(found: Invitation, person_id: int) -> None:
    """A link that was passed on before somebody's place ended does not let that person in again; a new one does."""
    ended = Membership.objects.filter(
        person=person_id, organisation=found.organisation, until__gte=found.expires_at - VALID
    )
    if ended.exists():
        raise Refused(
            "place_ended",
            "이 링크를 받은 뒤 구성원에서 빠졌습니다. 다시 들어오려면 대표 담당자에게 새 링크를 요청해 주세요.",
            "Your place ended after this link was made. Ask an owner for a new link to come back.",
        )


def _owner_place(organisation_id: int, person_id: int | None) -> Membership | None:
    return Membership.objects.filter(
        organisation=organisation_id, person=person_id, until__isnull=True, role=OrganisationRole.OWNER
    ).first()
