"""Every change of the eligibility review: open, facts, proof, supplements, decisions."""

from gongmo.screening.commands.decisions import (
    confirm_exclusion,
    decide_eligible,
    propose_exclusion,
    reinstate,
)
from gongmo.screening.commands.facts import record_fact
from gongmo.screening.commands.proof import demand_proof, hand_in_proof
from gongmo.screening.commands.reviews import open_reviews
from gongmo.screening.commands.supplement_items import (
    TextInput,
    TextOutcome,
    attach_to_supplement,
    save_supplement_texts,
)
from gongmo.screening.commands.supplements import (
    accept_supplement,
    answer_supplement,
    expire_supplements,
    request_supplement,
)

__all__ = [
    "TextInput",
    "TextOutcome",
    "accept_supplement",
    "answer_supplement",
    "attach_to_supplement",
    "confirm_exclusion",
    "decide_eligible",
    "demand_proof",
    "expire_supplements",
    "hand_in_proof",
    "open_reviews",
    "propose_exclusion",
    "record_fact",
    "reinstate",
    "request_supplement",
    "save_supplement_texts",
]
