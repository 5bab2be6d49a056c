"""States of an eligibility review, of a request for supplements and of an objection."""

from enum import StrEnum

from gongmo.kernel.states import Family, Shown, StateTable


class ReviewState(StrEnum):
    OPEN = "open"
    SUPPLEMENT = "supplement"
    ELIGIBLE = "eligible"
    EXCLUSION_PROPOSED = "exclusion_proposed"
    EXCLUDED = "excluded"


reviews_table = StateTable(
    name="review",
    moves={
        ReviewState.OPEN: frozenset(
            {ReviewState.SUPPLEMENT, ReviewState.ELIGIBLE, ReviewState.EXCLUSION_PROPOSED}
        ),
        ReviewState.SUPPLEMENT: frozenset({ReviewState.OPEN, ReviewState.EXCLUSION_PROPOSED}),
        ReviewState.EXCLUSION_PROPOSED: frozenset({ReviewState.OPEN, ReviewState.EXCLUDED}),
        ReviewState.ELIGIBLE: frozenset({ReviewState.EXCLUSION_PROPOSED}),
        ReviewState.EXCLUDED: frozenset({ReviewState.ELIGIBLE}),
    },
    shown={
        ReviewState.OPEN: Shown("적격성 검토", "Under review", Family.PROGRESS),
        ReviewState.SUPPLEMENT: Shown("보완 요청", "Supplement asked", Family.ATTENTION),
        ReviewState.ELIGIBLE: Shown("적격", "Eligible", Family.DONE),
        ReviewState.EXCLUSION_PROPOSED: Shown("제외 확인 중", "Exclusion to be confirmed", Family.ATTENTION),
        ReviewState.EXCLUDED: Shown("제외", "Excluded", Family.STOPPED),
    },
)


class SupplementState(StrEnum):
    ASKED = "asked"
    ANSWERED = "answered"
    ACCEPTED = "accepted"
    OVERDUE = "overdue"
    WITHDRAWN = "withdrawn"


supplements_table = StateTable(
    name="supplement",
    moves={
        SupplementState.ASKED: frozenset(
            {SupplementState.ANSWERED, SupplementState.OVERDUE, SupplementState.WITHDRAWN}
        ),
        SupplementState.ANSWERED: frozenset({SupplementState.ACCEPTED, SupplementState.ASKED}),
    },
    shown={
        SupplementState.ASKED: Shown("보완 요청", "Asked", Family.ATTENTION),
        SupplementState.ANSWERED: Shown("보완 제출", "Answered", Family.PROGRESS),
        SupplementState.ACCEPTED: Shown("보완 완료", "Accepted", Family.DONE),
        SupplementState.OVERDUE: Shown("기한 지남", "Overdue", Family.STOPPED),
        SupplementState.WITHDRAWN: Shown("요청 거둠", "Taken back", Family.PREPARING),
    },
)


class ObjectionState(StrEnum):
    FILED = "filed"
    WITHDRAWN = "withdrawn"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


objections_table = StateTable(
    name="objection",
    moves={
        ObjectionState.FILED: frozenset(
            {ObjectionState.WITHDRAWN, ObjectionState.ACCEPTED, ObjectionState.REJECTED}
        ),
    },
    shown={
        ObjectionState.FILED: Shown("이의신청 접수", "Objection filed", Family.ATTENTION),
        ObjectionState.WITHDRAWN: Shown("이의신청 철회", "Objection withdrawn", Family.PREPARING),
        ObjectionState.ACCEPTED: Shown("이의 인용", "Objection upheld", Family.DONE),
        ObjectionState.REJECTED: Shown("이의 기각", "Objection rejected", Family.STOPPED),
    },
)
