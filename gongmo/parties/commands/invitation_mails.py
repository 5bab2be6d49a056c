"""How many invitations go out by mail: an address gets few, and whoever registers an organisation cannot mail strangers without end."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from gongmo.kernel.clock import SEOUL
from gongmo.kernel.errors import Refused
from gongmo.parties.models import Invitation, InvitationPurpose

VALID = timedelta(days=3)
"""How long a link for a colleague works."""
VALID_FOR_ORGANISATION = timedelta(days=30)
"""How long a link for an organisation works: it may have to find the person in charge first."""
APART = timedelta(hours=1)
"""Between two mails to one address: long enough to look into the spam folder first."""
MOST_A_DAY = 20
"""Mailed invitations of colleagues and successors that an organisation makes in a day. Whoever brings more people in at once makes
links and passes them on, for which there is no bound: no mail to strangers leaves."""
MOST_TO_ONE = 3
"""Invitations of organisations that one organisation mails to one address within an hour, each for another business: a university's
office leads several applications with the same partner."""
MOST_ORGANISATIONS_A_DAY = 400
"""Invitations of organisations that one organisation, or one person for whichever, mails in a day, those taken back since included: a consortium
has up to 300, and its lead may have registered today. Anybody registers an organisation, and its mails go out in the agency's name."""


def span_of(purpose: str) -> timedelta:
    """How long an invitation works once it is mailed."""
    return VALID_FOR_ORGANISATION if purpose == InvitationPurpose.ORGANISATION else VALID


def waiting_for(made: Invitation, now: datetime) -> Invitation | None:
    """The invitation of a colleague or successor that waits at this address already."""
    if not made.email or made.purpose == InvitationPurpose.ORGANISATION:
        return None
    return (
        Invitation.objects.filter(
            organisation=made.organisation_id,
            purpose=made.purpose,
            email=made.email,
            accepted_at__isnull=True,
            ended_at__isnull=True,
            expires_at__gt=now,
        )
        .order_by("-pk")
        .first()
    )


def require_may_mail(made: Invitation, now: datetime) -> None:
    """Refuse the next mail to an address that had one lately, also for an invitation taken back since. `made` may be stored already."""
    if not made.email or (made.organisation_id is None and made.invited_by_id is None):
        return
    lately = sorted(each.expires_at - span_of(each.purpose) for each in _mailed_since(made, now - APART))
    own = made.pk is not None and made.expires_at - span_of(made.purpose) > now - APART
    most = MOST_TO_ONE if made.purpose == InvitationPurpose.ORGANISATION else 1
    if not own and len(lately) < most:
        return
    free = made.expires_at - span_of(made.purpose) if own else lately[-most]
    at = (free + APART).astimezone(SEOUL).strftime("%H:%M")
    raise Refused(
        "invited_lately",
        f"{made.email} 주소로는 이미 초대를 보냈습니다. 받는 사람에게 스팸 편지함을 살펴 달라고 알려 주세요. {at}부터 다시 보낼 수 있습니다.",
        f"An invitation has been mailed to {made.email} already. Ask to look into the spam folder. It can be mailed again from {at} (Seoul).",
        details={"again_at": (free + APART).isoformat()},
    )


def require_not_too_many(made: Invitation, now: datetime) -> None:
    """Refuse the mailed invitation beyond what an organisation mails in a day. Links without an address are not bound."""
    if not made.email:
        return
    day, its_own = now - timedelta(days=1), Q(organisation=made.organisation_id)
    if made.purpose == InvitationPurpose.ORGANISATION:
        most, by_it = MOST_ORGANISATIONS_A_DAY, its_own | Q(invited_by=made.invited_by_id)
        # A mail starts an invitation's span, the first one and each later one.
        mailed = Q(purpose=made.purpose, expires_at__gt=day + VALID_FOR_ORGANISATION)
    else:
        most, by_it = MOST_A_DAY, its_own
        mailed = Q(made_at__gt=day) & ~Q(email="") & ~Q(purpose=InvitationPurpose.ORGANISATION)
    count = Invitation.objects.filter(by_it, mailed).count()
    if count >= most:
        raise Refused(
            "invited_enough",
            f"하루에 보낼 수 있는 초대 전자우편은 {most}통입니다. 내일 다시 보내거나, 초대 링크를 만들어 직접 전해 주세요.",
            f"{most} invitations are mailed in a day. Send it tomorrow, or make a link and pass it on.",
        )


def _mailed_since(made: Invitation, since: datetime) -> QuerySet[Invitation]:
    """Invitations to the address that the organisation mailed after `since` and nobody accepted: a mail starts an invitation's span."""
    of_organisations = made.purpose == InvitationPurpose.ORGANISATION
    found = Invitation.objects.filter(
        organisation=made.organisation_id,
        email=made.email,
        accepted_at__isnull=True,
        expires_at__gt=since + span_of(made.purpose),
    )
    kind = InvitationPurpose.ORGANISATION
    return found.filter(purpose=kind) if of_organisations else found.exclude(purpose=kind)
