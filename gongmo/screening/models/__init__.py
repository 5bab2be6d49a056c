"""What is stored of the eligibility review."""

from gongmo.screening.models.objections import ReviewObjection
from gongmo.screening.models.reviews import FactRecord, ProofDemand, Review
from gongmo.screening.models.supplements import ItemKind, Supplement, SupplementItem
from gongmo.screening.models.workbench import ReviewDigest, SavedView

__all__ = [
    "FactRecord",
    "ItemKind",
    "ProofDemand",
    "Review",
    "ReviewDigest",
    "ReviewObjection",
    "SavedView",
    "Supplement",
    "SupplementItem",
]
