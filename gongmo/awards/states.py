"""States of a negotiation and of an agreement."""

from enum import StrEnum

from gongmo.kernel.states import Family, Shown, StateTable


class NegotiationState(StrEnum):
    RESERVE = "reserve"
    OPEN = "open"
    AGREED = "agreed"
    FAILED = "failed"


negotiations_table = StateTable(
    name="negotiation",
    moves={
        NegotiationState.RESERVE: frozenset({NegotiationState.OPEN}),
        NegotiationState.OPEN: frozenset({NegotiationState.AGREED, NegotiationState.FAILED}),
    },
    shown={
        NegotiationState.RESERVE: Shown("예비순위", "Reserve", Family.PREPARING),
        NegotiationState.OPEN: Shown("우선협상 중", "Negotiating", Family.PROGRESS),
        NegotiationState.AGREED: Shown("협상 완료", "Agreed", Family.DONE),
        NegotiationState.FAILED: Shown("협상 결렬", "Failed", Family.STOPPED),
    },
)


class AgreementState(StrEnum):
    DRAFT = "draft"
    IN_FORCE = "in_force"
    TERMINATED = "terminated"
    FINISHED = "finished"


agreements_table = StateTable(
    name="agreement",
    moves={
        AgreementState.DRAFT: frozenset({AgreementState.IN_FORCE, AgreementState.TERMINATED}),
        AgreementState.IN_FORCE: frozenset({AgreementState.TERMINATED, AgreementState.FINISHED}),
    },
    shown={
        AgreementState.DRAFT: Shown("서명 중", "Being signed", Family.ATTENTION),
        AgreementState.IN_FORCE: Shown("협약 중", "In force", Family.DONE),
        AgreementState.TERMINATED: Shown("해약", "Terminated", Family.STOPPED),
        AgreementState.FINISHED: Shown("종료", "Finished", Family.DONE),
    },
)
