"""Every change after the ranking: one function a use case, one transaction each."""

from gongmo.awards.commands.agreement import draw_up_agreement
from gongmo.awards.commands.allocation import allocate
from gongmo.awards.commands.amendment import (
    Wish,
    answer_amendment,
    ask_amendment,
    re_agree,
    record_yearly_result,
    withdraw_amendment,
)
from gongmo.awards.commands.case_deciding import confirm_decision, propose_decision, return_proposal
from gongmo.awards.commands.case_hearing import consent, state_case
from gongmo.awards.commands.case_opening import ask_consent, open_case
from gongmo.awards.commands.finishing import finish_agreement
from gongmo.awards.commands.negotiation import (
    agree_negotiation,
    fail_negotiation,
    note_negotiation,
    open_negotiations,
)
from gongmo.awards.commands.newcomer import Said, answer_joining
from gongmo.awards.commands.offers import Terms, accept_points, make_offer
from gongmo.awards.commands.own_signature import add_own_signature
from gongmo.awards.commands.party_changes import PartyWish, ask_party_change
from gongmo.awards.commands.regional import open_regional_call
from gongmo.awards.commands.versions import (
    Revision,
    enqueue_print,
    enqueue_seal,
    revise_agreement,
    sign_agreement,
)

__all__ = [
    "PartyWish",
    "Revision",
    "Said",
    "Terms",
    "Wish",
    "accept_points",
    "add_own_signature",
    "agree_negotiation",
    "allocate",
    "answer_amendment",
    "answer_joining",
    "ask_amendment",
    "ask_consent",
    "ask_party_change",
    "confirm_decision",
    "consent",
    "draw_up_agreement",
    "enqueue_print",
    "enqueue_seal",
    "fail_negotiation",
    "finish_agreement",
    "make_offer",
    "note_negotiation",
    "open_case",
    "open_negotiations",
    "open_regional_call",
    "propose_decision",
    "re_agree",
    "record_yearly_result",
    "return_proposal",
    "revise_agreement",
    "sign_agreement",
    "state_case",
    "withdraw_amendment",
]
