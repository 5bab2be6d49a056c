"""Telling both sides of a negotiation before its limit, and once it has passed."""

from django.db import transaction

from gongmo.awards import policies
from gongmo.awards.limits import limit_of, warned_from
from gongmo.awards.models import Negotiation
from gongmo.awards.states import NegotiationState
from gongmo.calls.queries import definition_of
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.ledger import commands as ledger
from gongmo.ledger.queries import history

ACT = "awards.warn_negotiation"


def warn_negotiations(*, actor: Actor) -> int:
    """Record, and thereby tell, every open negotiation whose limit is near or has passed; each of the two once. Returns how many."""
    today = clock.now().astimezone(clock.SEOUL).date()
    told = 0
    waiting = Negotiation.objects.filter(state=NegotiationState.OPEN).select_related("call__version")
    for found in waiting.order_by("pk"):
        definition = definition_of(found.call)
        limit = limit_of(definition, found)
        if limit is None or today < warned_from(definition, limit):
            continue
        passed = today > limit
        policies.manage.require(actor, found.call)
        with transaction.atomic():
            state = Negotiation.objects.select_for_update().values_list("state", flat=True).get(pk=found.pk)
            before = history("application", found.application_id, acts=frozenset({ACT}))
            said = any(
                each.payload["negotiation"] == found.pk and each.payload["passed"] == passed
                for each in before
            )
            if state != NegotiationState.OPEN or said:
                continue
            ledger.append(
                actor=actor,
                act=ACT,
                subject=("application", found.application_id),
                call=found.call.slug,
                payload={"negotiation": found.pk, "limit": limit, "passed": passed},
            )
            told += 1
    return told
