"""Telling before a negotiation's limit, and once it has passed: both sides while it runs, and whoever has not signed once it is agreed."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q

from gongmo.awards import policies
from gongmo.awards.limits import limit_of, warned_from
from gongmo.awards.models import Agreement, AgreementParty, Negotiation
from gongmo.awards.states import AgreementState, NegotiationState
from gongmo.calls.queries import definition_of
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.ledger import commands as ledger
from gongmo.ledger.queries import history

NEGOTIATING, SIGNING = "awards.warn_negotiation", "awards.warn_agreement"
UNSIGNED = Q(state=NegotiationState.AGREED) & (
    Q(application__agreement__isnull=True) | Q(application__agreement__state=AgreementState.DRAFT)
)
"""Agreed, but no agreement is in force: nobody is bound yet when the limit comes."""


def warn_negotiations(*, actor: Actor) -> int:
    """Record, and thereby tell, every negotiation whose limit is near or has passed while it runs, or while its agreement is not signed by
    all; each of the two once. Returns how many."""
    today = clock.now().astimezone(clock.SEOUL).date()
    told = 0
    waiting = Negotiation.objects.filter(Q(state=NegotiationState.OPEN) | UNSIGNED)
    for found in waiting.select_related("call__version").order_by("pk"):
        definition = definition_of(found.call)
        limit = limit_of(definition, found)
        if limit is None or today < warned_from(definition, limit):
            continue
        passed = today > limit
        policies.manage.require(actor, found.call)
        with transaction.atomic():
            list(Negotiation.objects.select_for_update().filter(pk=found.pk).values_list("pk", flat=True))
            act, more = _now(found)
            before = history("application", found.application_id, acts=frozenset({act}))
            said = any(
                each.payload["negotiation"] == found.pk and each.payload["passed"] == passed
                for each in before
            )
            if said or not act:
                continue
            ledger.append(
                actor=actor,
                act=act,
                subject=("application", found.application_id),
                call=found.call.slug,
                payload={"negotiation": found.pk, "limit": limit, "passed": passed, **more},
            )
            told += 1
    return told


def _now(found: Negotiation) -> tuple[str, Mapping[str, Any]]:
    """Which warning the locked negotiation needs as it stands now, with what it adds; "" for none."""
    state = Negotiation.objects.values_list("state", flat=True).get(pk=found.pk)
    if state == NegotiationState.OPEN:
        return NEGOTIATING, {}
    if state != NegotiationState.AGREED:
        return "", {}
    agreement = Agreement.objects.filter(application=found.application_id).first()
    if agreement is None:
        return SIGNING, {"agreement": None, "unsigned": []}
    if agreement.state != AgreementState.DRAFT:
        return "", {}
    left = AgreementParty.objects.filter(agreement=agreement, signed_at__isnull=True).order_by("pk")
    return SIGNING, {
        "agreement": agreement.pk,
        "unsigned": list(left.values_list("organisation_id", flat=True)),
    }
