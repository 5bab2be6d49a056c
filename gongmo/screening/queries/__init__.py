"""What may be read of the eligibility review."""

from gongmo.screening.queries.own import own_application, own_demand, own_item, own_objection, own_supplement
from gongmo.screening.queries.reviews import (
    OwnResult,
    eligible_applications,
    eligible_titles,
    own_objections,
    own_proof_demands,
    own_result,
    own_supplements,
    review_for,
    review_queue,
    reviews_to_decide,
    screened_value,
    undecided_applications,
    verdicts,
)

__all__ = [
    "OwnResult",
    "eligible_applications",
    "eligible_titles",
    "own_application",
    "own_demand",
    "own_item",
    "own_objection",
    "own_objections",
    "own_proof_demands",
    "own_result",
    "own_supplement",
    "own_supplements",
    "review_for",
    "review_queue",
    "reviews_to_decide",
    "screened_value",
    "undecided_applications",
    "verdicts",
]
