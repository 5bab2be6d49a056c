"""Every change of the eligibility review: open, officers, facts, proof, supplements, decisions, objections."""

from gongmo.screening.commands.decisions import (
    confirm_exclusion,
    decide_eligible,
    propose_exclusion,
    reinstate,
)
from gongmo.screening.commands.facts import record_fact
from gongmo.screening.commands.many import MOST as MOST_AT_ONCE
from gongmo.screening.commands.many import decide_many, remind, request_supplements, send_notice
from gongmo.screening.commands.objections import answer_objection, file_objection, withdraw_objection
from gongmo.screening.commands.officers import assign_officer, hand_over
from gongmo.screening.commands.proof import demand_proof, hand_in_proof
from gongmo.screening.commands.reviews import open_reviews
from gongmo.screening.commands.saved_views import forget_view, save_view
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
    withdraw_supplement,
)

__all__ = [
    "MOST_AT_ONCE",
    "TextInput",
    "TextOutcome",
    "accept_supplement",
    "answer_objection",
    "answer_supplement",
    "assign_officer",
    "attach_to_supplement",
    "confirm_exclusion",
    "decide_eligible",
    "decide_many",
    "demand_proof",
    "expire_supplements",
    "file_objection",
    "forget_view",
    "hand_in_proof",
    "hand_over",
    "open_reviews",
    "propose_exclusion",
    "record_fact",
    "reinstate",
    "remind",
    "request_supplement",
    "request_supplements",
    "save_supplement_texts",
    "save_view",
    "send_notice",
    "withdraw_objection",
    "withdraw_supplement",
]
