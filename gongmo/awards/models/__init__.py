"""What is stored by this floor, one module a use case."""

from gongmo.awards.models.agreement import Agreement, AgreementMoney, AgreementParty
from gongmo.awards.models.allocation import AllocationLine, AllocationRun
from gongmo.awards.models.negotiation import Negotiation, NegotiationNote

__all__ = [
    "Agreement",
    "AgreementMoney",
    "AgreementParty",
    "AllocationLine",
    "AllocationRun",
    "Negotiation",
    "NegotiationNote",
]
