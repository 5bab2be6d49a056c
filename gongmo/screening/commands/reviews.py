"""Opening the eligibility reviews once the intake is over (programme clause A-11a)."""

from django.db import transaction

from gongmo.applications.models import Application
from gongmo.applications.states import ApplicationState
from gongmo.calls.models import Call
from gongmo.calls.states import CallState
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import NotFound, Refused
from gongmo.ledger.commands import append
from gongmo.screening.commands.base import reviewer
from gongmo.screening.models import Review


def open_reviews(*, actor: Actor, call_id: int) -> list[Review]:
    """Open a review for every submitted application of a closed call. Asked again, it opens none twice.

    Returns all reviews of the call. Refused before the call is closed.
    """
    with transaction.atomic():
        call = Call.objects.select_for_update(of=("self",)).filter(pk=call_id).first()
        if call is None:
            raise NotFound
        reviewer(actor, call)
        if call.state != CallState.CLOSED:
            raise Refused(
                "call_not_closed",
                "접수를 마감한 뒤에 적격성 검토를 시작할 수 있습니다.",
                "Eligibility can be reviewed after the call has been closed.",
            )
        first = not Review.objects.filter(application__call=call).exists()
        waiting = list(
            Application.objects.filter(call=call, state=ApplicationState.SUBMITTED, review__isnull=True)
        )
        now = clock.now()
        for application in waiting:
            Review.objects.create(application=application, opened_at=now)
        if waiting or first:
            append(
                actor=actor,
                act="screening.open_reviews",
                subject=("call", call.pk),
                call=call.slug,
                payload={"applications": [application.pk for application in waiting]},
            )
        return list(
            Review.objects.filter(application__call=call)
            .select_related("application")
            .order_by("application_id")
        )
