"""An application for its own consortium during the review, and what was asked of it. Each raises NotFound for everybody else."""

from typing import TypeVar

from gongmo.applications.models import Application
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import NotFound
from gongmo.screening import policies
from gongmo.screening.models import ProofDemand, Review, ReviewObjection, Supplement, SupplementItem


def own_application(actor: Actor, application_id: int) -> Application:
    """The application with its call, version, lead, region and members, for somebody of its consortium (policy
    screening.see_own_result). Two statements."""
    found = (
        Application.objects.select_related("call__version", "lead", "region")
        .prefetch_related("members__organisation")
        .filter(pk=application_id)
        .first()
    )
    if found is None or not policies.see_own(actor, found):
        raise NotFound
    return found


def own_item(actor: Actor, item_id: int) -> SupplementItem:
    """One opened document or text of a request; its `supplement.application` is as `own_application` gives it."""
    found = SupplementItem.objects.select_related("supplement").filter(pk=item_id).first()
    if found is None:
        raise NotFound
    found.supplement = _own(actor, found.supplement)
    return found


def own_supplement(actor: Actor, supplement_id: int) -> Supplement:
    """One request; its `application` is as `own_application` gives it."""
    return _own(actor, Supplement.objects.filter(pk=supplement_id).first())


def own_demand(actor: Actor, demand_id: int) -> ProofDemand:
    """One demand for proof; its `application` is as `own_application` gives it."""
    return _own(actor, ProofDemand.objects.filter(pk=demand_id).first())


def own_objection(actor: Actor, objection_id: int) -> ReviewObjection:
    """One objection; its `review.application` is as `own_application` gives it."""
    found = ReviewObjection.objects.select_related("review").filter(pk=objection_id).first()
    if found is None:
        raise NotFound
    found.review = _own(actor, found.review)
    return found


T = TypeVar("T", ProofDemand, Review, Supplement)


def _own(actor: Actor, found: T | None) -> T:
    """What belongs to an application, with that application."""
    if found is None:
        raise NotFound
    found.application = own_application(actor, found.application_id)
    return found
