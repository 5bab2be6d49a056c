"""States of negotiations and their offers, of agreements, their versions, amendments and the cases on ending them."""

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


class OfferState(StrEnum):
    STANDING = "standing"
    ACCEPTED = "accepted"
    ANSWERED = "answered"


offers_table = StateTable(
    name="offer",
    moves={
        OfferState.STANDING: frozenset({OfferState.ACCEPTED, OfferState.ANSWERED}),
        OfferState.ACCEPTED: frozenset({OfferState.ANSWERED}),
    },
    shown={
        OfferState.STANDING: Shown("답을 기다림", "Awaiting an answer", Family.ATTENTION),
        OfferState.ACCEPTED: Shown("받아들임", "Accepted", Family.DONE),
        OfferState.ANSWERED: Shown("다른 안이 나옴", "Answered by another", Family.PREPARING),
    },
)


class VersionState(StrEnum):
    SIGNING = "signing"
    IN_FORCE = "in_force"
    SUPERSEDED = "superseded"
    DROPPED = "dropped"


versions_table = StateTable(
    name="agreement_version",
    moves={
        VersionState.SIGNING: frozenset({VersionState.IN_FORCE, VersionState.DROPPED}),
        VersionState.IN_FORCE: frozenset({VersionState.SUPERSEDED}),
    },
    shown={
        VersionState.SIGNING: Shown("서명 중", "Being signed", Family.ATTENTION),
        VersionState.IN_FORCE: Shown("시행 중", "In force", Family.DONE),
        VersionState.SUPERSEDED: Shown("지난 판", "Superseded", Family.PREPARING),
        VersionState.DROPPED: Shown("거둠", "Dropped", Family.STOPPED),
    },
)


class AmendmentState(StrEnum):
    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    TOLD = "told"
    WITHDRAWN = "withdrawn"


amendments_table = StateTable(
    name="amendment",
    moves={
        AmendmentState.ASKED: frozenset(
            {AmendmentState.APPROVED, AmendmentState.REFUSED, AmendmentState.WITHDRAWN}
        ),
    },
    shown={
        AmendmentState.ASKED: Shown("승인 요청", "Approval asked", Family.ATTENTION),
        AmendmentState.APPROVED: Shown("승인", "Approved", Family.DONE),
        AmendmentState.REFUSED: Shown("승인하지 않음", "Not approved", Family.STOPPED),
        AmendmentState.TOLD: Shown("알림", "Told", Family.DONE),
        AmendmentState.WITHDRAWN: Shown("거둠", "Withdrawn", Family.PREPARING),
    },
)


class JoinState(StrEnum):
    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"


joins_table = StateTable(
    name="party_change",
    moves={JoinState.ASKED: frozenset({JoinState.ACCEPTED, JoinState.DECLINED})},
    shown={
        JoinState.ASKED: Shown("들어올 기관의 답을 기다림", "Awaiting the newcomer", Family.ATTENTION),
        JoinState.ACCEPTED: Shown("들어올 기관이 수락", "Accepted by the newcomer", Family.DONE),
        JoinState.DECLINED: Shown("들어올 기관이 거절", "Declined by the newcomer", Family.STOPPED),
    },
)


class CaseState(StrEnum):
    OPENED = "opened"
    HEARD = "heard"
    PROPOSED = "proposed"
    TERMINATED = "terminated"
    KEPT = "kept"


cases_table = StateTable(
    name="termination_case",
    moves={
        CaseState.OPENED: frozenset({CaseState.HEARD, CaseState.PROPOSED, CaseState.KEPT}),
        CaseState.HEARD: frozenset({CaseState.OPENED, CaseState.PROPOSED, CaseState.KEPT}),
        CaseState.PROPOSED: frozenset(
            {CaseState.OPENED, CaseState.HEARD, CaseState.TERMINATED, CaseState.KEPT}
        ),
    },
    shown={
        CaseState.OPENED: Shown("의견 기다림", "Awaiting statements", Family.ATTENTION),
        CaseState.HEARD: Shown("의견 들음", "Heard", Family.PROGRESS),
        CaseState.PROPOSED: Shown("다른 담당자의 확인 기다림", "Awaiting a second officer", Family.ATTENTION),
        CaseState.TERMINATED: Shown("해약", "Terminated", Family.STOPPED),
        CaseState.KEPT: Shown("협약 유지", "Agreement kept", Family.DONE),
    },
)
UNDER_WAY = (CaseState.OPENED, CaseState.HEARD, CaseState.PROPOSED)
