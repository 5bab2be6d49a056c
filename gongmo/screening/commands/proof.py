"""Proof that the agency demands (programme clause A-5e): not handed in by its due instant, it excludes."""

from datetime import datetime
from typing import BinaryIO

from django.db import transaction

from gongmo.files.commands import store
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import NotFound, Refused
from gongmo.screening import policies
from gongmo.screening.commands.base import (
    before,
    due,
    fact_kind,
    locked_review_of,
    member_organisation,
    record,
    standing,
)
from gongmo.screening.models import ProofDemand


def demand_proof(
    *, actor: Actor, application_id: int, organisation_id: int, fact: str, due_at: datetime
) -> ProofDemand:
    """Demand proof of one organisation on one question, due before an instant. Refused when it was demanded already."""
    with transaction.atomic():
        review = locked_review_of(actor, application_id)
        standing(review)
        application = review.application
        fact_kind(application, fact)
        member_organisation(application, organisation_id)
        due(due_at)
        if application.proof_demands.filter(organisation_id=organisation_id, fact=fact).exists():
            raise Refused(
                "proof_demanded_already",
                "이 기관에 같은 증빙을 이미 요구했습니다. 요구한 기한과 제출 여부를 확인해 주세요.",
                "This proof has been demanded of the organisation already; see its due time and whether it came.",
            )
        demand = ProofDemand.objects.create(
            application=application,
            organisation_id=organisation_id,
            fact=fact,
            due_at=due_at,
            demanded_at=clock.now(),
        )
        record(
            actor,
            application,
            "screening.demand_proof",
            {"demand": demand.pk, "organisation": organisation_id, "fact": fact, "due_at": due_at},
        )
        return demand


def hand_in_proof(*, actor: Actor, demand_id: int, name: str, stream: BinaryIO) -> ProofDemand:
    """Hand in demanded proof. Refused at or after the due instant, and a second time."""
    demand = ProofDemand.objects.select_related("application__call").filter(pk=demand_id).first()
    if demand is None or not policies.hand_in(actor, demand.application, demand.organisation_id):
        raise NotFound
    now = before(demand.due_at)
    stored = store(stream=stream, name=name)
    with transaction.atomic():
        demand = (
            ProofDemand.objects.select_for_update(of=("self",))
            .select_related("application__call")
            .get(pk=demand_id)
        )
        if demand.handed_in_at is not None:
            raise Refused(
                "proof_handed_in", "이미 제출한 증빙입니다.", "This proof has been handed in already."
            )
        demand.handed_in_at = now
        demand.file = stored
        demand.file_name = name
        demand.save(update_fields=["handed_in_at", "file", "file_name"])
        record(
            actor,
            demand.application,
            "screening.hand_in_proof",
            {
                "demand": demand.pk,
                "organisation": demand.organisation_id,
                "fact": demand.fact,
                "handed_in_at": now,
                "file": stored.sha256,
            },
        )
        return demand
