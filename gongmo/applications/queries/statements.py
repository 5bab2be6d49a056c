"""What an organisation's own people said for it."""

from django.db.models import QuerySet

from gongmo.applications.models import Consent, Member
from gongmo.applications.policies import may_speak_for
from gongmo.kernel.actor import Actor
from gongmo.ledger.prepared import prepared


def consents_of(actor: Actor, member: Member) -> dict[str, Consent]:
    """The member's consents that were given or taken back, by kind, each with who said so: for those who may answer for the organisation
    (policy applications.speak_for), for others none. One statement."""
    if not may_speak_for(actor, member):
        return {}
    return {item.kind: item for item in _consents(member=member.pk)}


@prepared
def _consents(*, member: int) -> QuerySet[Consent]:
    return Consent.objects.filter(member=member).select_related("given_by").order_by("pk")
