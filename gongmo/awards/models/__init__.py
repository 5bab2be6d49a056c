"""What is stored by this floor, one module a use case."""

from gongmo.awards.models.agreement import Agreement, AgreementMoney, AgreementParty
from gongmo.awards.models.allocation import AllocationLine, AllocationRun
from gongmo.awards.models.negotiation import (
    Negotiation,
    NegotiationNote,
    NegotiationOffer,
    NegotiationPoint,
    Side,
)
from gongmo.awards.models.party_changes import AmendmentFile, PartyAct, PartyChange
from gongmo.awards.models.termination import (
    CaseKind,
    TerminationCase,
    TerminationGround,
    TerminationMoney,
    TerminationStatement,
)
from gongmo.awards.models.versions import (
    AgreementPrint,
    AgreementSignature,
    AgreementVersion,
    Amendment,
    PrintKind,
    VersionCause,
    YearlyResult,
)

__all__ = [
    "Agreement",
    "AgreementMoney",
    "AgreementParty",
    "AgreementPrint",
    "AgreementSignature",
    "AgreementVersion",
    "AllocationLine",
    "AllocationRun",
    "Amendment",
    "AmendmentFile",
    "CaseKind",
    "Negotiation",
    "NegotiationNote",
    "NegotiationOffer",
    "NegotiationPoint",
    "PartyAct",
    "PartyChange",
    "PrintKind",
    "Side",
    "TerminationCase",
    "TerminationGround",
    "TerminationMoney",
    "TerminationStatement",
    "VersionCause",
    "YearlyResult",
]
