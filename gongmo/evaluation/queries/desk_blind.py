"""The applications whose papers a blind stage will show."""

from django.db.models import Prefetch

from gongmo.applications.models import Application, ApplicationDocument, Member
from gongmo.applications.states import MemberState
from gongmo.calls.models import Call
from gongmo.screening.queries import eligible_applications


def readable_applications(call: Call) -> list[Application]:
    """The eligible applications with their members and documents. The caller has asked who reads."""
    members = Member.objects.filter(state=MemberState.ACCEPTED).select_related("organisation").order_by("id")
    documents = ApplicationDocument.objects.filter(removed_at__isnull=True).order_by("id")
    found = eligible_applications(call).select_related("lead", "region").order_by("pk")
    return list(
        found.prefetch_related(Prefetch("members", queryset=members)).prefetch_related(
            Prefetch("documents", queryset=documents)
        )
    )
