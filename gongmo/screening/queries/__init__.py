"""What may be read of the eligibility review."""

from gongmo.screening.queries.reviews import (
    OwnResult,
    eligible_applications,
    own_objections,
    own_proof_demands,
    own_result,
    own_supplements,
    review_for,
    review_queue,
    screened_value,
    undecided_applications,
    verdicts,
)

__all__ = [
    "OwnResult",
    "eligible_applications",
    "own_objections",
    "own_proof_demands",
    "own_result",
    "own_supplements",
    "review_for",
    "review_queue",
    "screened_value",
    "undecided_applications",
    "verdicts",
]
