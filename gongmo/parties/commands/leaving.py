"""What ends with a person's place: the links that they made and their sessions."""

from datetime import datetime

from gongmo.kernel.actor import Actor
from gongmo.parties.models import Invitation, InvitationPurpose
from gongmo.parties.sessions import end_sessions


def leave(*, actor: Actor, person_id: int, organisation_id: int | None, now: datetime) -> None:
    """Within a transaction that appends an entry: the links that the person made for the organisation die, and the person is signed out.

    Whoever ends the own place stays signed in: they must read that it is done, and their rights are read anew at each request.
    """
    if organisation_id is not None:
        Invitation.objects.filter(
            organisation=organisation_id,
            invited_by=person_id,
            purpose__in=(InvitationPurpose.MEMBER, InvitationPurpose.HAND_OVER),
            accepted_at__isnull=True,
            ended_at__isnull=True,
        ).update(ended_at=now)
    begin_anew(actor=actor, person_id=person_id)


def begin_anew(*, actor: Actor, person_id: int) -> None:
    """Within such a transaction: whose role another person has changed signs in again, so that no session is older than its rights."""
    if actor.person != person_id:
        end_sessions(person_id)
