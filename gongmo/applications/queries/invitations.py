"""Links by which organisations that may not be registered yet come into a consortium."""

from django.db.models import QuerySet

from gongmo.ledger.prepared import prepared
from gongmo.parties.models import Invitation

TOPIC = "applications.member"


def reference(application_id: int, role: str) -> str:
    """What an invitation of organisations remembers: the application and the role that is offered."""
    return f"{application_id}/{role}"


def role_of(invitation: Invitation) -> tuple[int, str]:
    """The application and the role that a link offers."""
    application, _, role = invitation.reference.partition("/")
    return int(application), role


def waiting_count(application_id: int) -> int:
    """How many `waiting_links` there are. One query."""
    return len(_waiting(prefix=f"{application_id}/"))


@prepared
def _waiting(*, prefix: str) -> QuerySet[Invitation, int]:
    found = Invitation.objects.filter(
        topic=TOPIC, reference__startswith=prefix, accepted_at__isnull=True, ended_at__isnull=True
    )
    return found.order_by().values_list("pk", flat=True)


def waiting_links(application_id: int) -> QuerySet[Invitation]:
    """Links of the application that nobody has accepted or taken back, newest first; those that ran out too. One query.

    The caller has asked whether the reader may see them.
    """
    return (
        Invitation.objects.filter(
            topic=TOPIC,
            reference__startswith=f"{application_id}/",
            accepted_at__isnull=True,
            ended_at__isnull=True,
        )
        .select_related("invited_by")
        .order_by("-made_at", "-pk")
    )


def waiting_addresses(application_id: int) -> frozenset[tuple[str, str]]:
    """The business numbers and addresses to which `waiting_links` went, as pairs. One statement. The caller has asked likewise."""
    return frozenset(waiting_links(application_id).values_list("business_number", "email"))
