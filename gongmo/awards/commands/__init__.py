"""Every change after the ranking: one function a use case, one transaction each."""

from gongmo.awards.commands.agreement import draw_up_agreement, sign_agreement
from gongmo.awards.commands.allocation import allocate
from gongmo.awards.commands.negotiation import (
    agree_negotiation,
    fail_negotiation,
    note_negotiation,
    open_negotiations,
)
from gongmo.awards.commands.regional import open_regional_call
from gongmo.awards.commands.termination import terminate_agreement

__all__ = [
    "agree_negotiation",
    "allocate",
    "draw_up_agreement",
    "fail_negotiation",
    "note_negotiation",
    "open_negotiations",
    "open_regional_call",
    "sign_agreement",
    "terminate_agreement",
]
