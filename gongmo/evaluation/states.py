"""States in the evaluation: a committee, a seat, a stage, a score sheet, a site visit, a substitute presenter, a presentation."""

from enum import StrEnum

from gongmo.kernel.states import Family, Shown, StateTable


class SeatState(StrEnum):
    INVITED = "invited"
    PLEDGED = "pledged"
    RECUSED = "recused"
    DECLINED = "declined"
    DISSOLVED = "dissolved"


seats_table = StateTable(
    name="seat",
    moves={
        SeatState.INVITED: frozenset({SeatState.PLEDGED, SeatState.DECLINED, SeatState.DISSOLVED}),
        SeatState.PLEDGED: frozenset({SeatState.RECUSED, SeatState.DISSOLVED}),
    },
    shown={
        SeatState.INVITED: Shown("위촉 요청", "Invited", Family.ATTENTION),
        SeatState.PLEDGED: Shown("위촉·서약", "Seated", Family.DONE),
        SeatState.RECUSED: Shown("회피", "Recused", Family.STOPPED),
        SeatState.DECLINED: Shown("거절", "Declined", Family.STOPPED),
        SeatState.DISSOLVED: Shown("위원회 해산", "Committee dissolved", Family.STOPPED),
    },
)


class StageState(StrEnum):
    OPEN = "open"
    LOCKED = "locked"


stages_table = StateTable(
    name="stage",
    moves={StageState.OPEN: frozenset({StageState.LOCKED})},
    shown={
        StageState.OPEN: Shown("평가 중", "Open", Family.PROGRESS),
        StageState.LOCKED: Shown("평가 완료", "Locked", Family.DONE),
    },
)


class SheetState(StrEnum):
    OPEN = "open"
    LOCKED = "locked"
    VOID = "void"


sheets_table = StateTable(
    name="sheet",
    moves={
        SheetState.OPEN: frozenset({SheetState.LOCKED, SheetState.VOID}),
        SheetState.LOCKED: frozenset({SheetState.VOID}),
        # Only a sheet that fell with its application's exclusion rises again with it.
        SheetState.VOID: frozenset({SheetState.OPEN}),
    },
    shown={
        SheetState.OPEN: Shown("채점 중", "Scoring", Family.PROGRESS),
        SheetState.LOCKED: Shown("확정", "Locked", Family.DONE),
        SheetState.VOID: Shown("무효", "Void", Family.STOPPED),
    },
)


class VisitState(StrEnum):
    WANTED = "wanted"
    PLANNED = "planned"
    DONE = "done"
    DROPPED = "dropped"


visits_table = StateTable(
    name="site_visit",
    moves={
        # A plan may be changed; a visit that took place without one is recorded too.
        VisitState.WANTED: frozenset({VisitState.PLANNED, VisitState.DONE, VisitState.DROPPED}),
        VisitState.PLANNED: frozenset({VisitState.PLANNED, VisitState.DONE, VisitState.DROPPED}),
        # The next committee may find a visit necessary that fell with the one before.
        VisitState.DROPPED: frozenset({VisitState.WANTED}),
    },
    shown={
        VisitState.WANTED: Shown("현장평가 필요", "Visit wanted", Family.ATTENTION),
        VisitState.PLANNED: Shown("현장평가 예정", "Visit planned", Family.PROGRESS),
        VisitState.DONE: Shown("현장평가 완료", "Visited", Family.DONE),
        VisitState.DROPPED: Shown("현장평가 취소", "Visit dropped", Family.STOPPED),
    },
)


class SubstituteState(StrEnum):
    ASKED = "asked"
    CONSENTED = "consented"
    REFUSED = "refused"


substitutes_table = StateTable(
    name="substitute",
    moves={
        SubstituteState.ASKED: frozenset({SubstituteState.CONSENTED, SubstituteState.REFUSED}),
        SubstituteState.REFUSED: frozenset({SubstituteState.ASKED}),
    },
    shown={
        SubstituteState.ASKED: Shown("동의 요청", "Consent asked", Family.ATTENTION),
        SubstituteState.CONSENTED: Shown("동의", "Consented", Family.DONE),
        SubstituteState.REFUSED: Shown("동의하지 않음", "Refused", Family.STOPPED),
    },
)


class DayState(StrEnum):
    PLANNED = "planned"
    ANNOUNCED = "announced"


days_table = StateTable(
    name="presentation_day",
    moves={
        DayState.PLANNED: frozenset({DayState.ANNOUNCED}),
        # Times that changed are announced again.
        DayState.ANNOUNCED: frozenset({DayState.ANNOUNCED}),
    },
    shown={
        DayState.PLANNED: Shown("알리기 전", "Not announced", Family.PREPARING),
        DayState.ANNOUNCED: Shown("알림", "Announced", Family.DONE),
    },
)


class SlotState(StrEnum):
    WAITING = "waiting"
    TALKING = "talking"
    ASKING = "asking"
    DONE = "done"
    ABSENT = "absent"


slots_table = StateTable(
    name="presentation_slot",
    moves={
        SlotState.WAITING: frozenset({SlotState.TALKING, SlotState.ABSENT}),
        SlotState.TALKING: frozenset({SlotState.ASKING, SlotState.DONE}),
        SlotState.ASKING: frozenset({SlotState.DONE}),
        # Who comes late after all, as long as nobody else is on.
        SlotState.ABSENT: frozenset({SlotState.WAITING}),
    },
    shown={
        SlotState.WAITING: Shown("차례를 기다림", "Waiting", Family.PREPARING),
        SlotState.TALKING: Shown("발표 중", "Presenting", Family.PROGRESS),
        SlotState.ASKING: Shown("질의응답 중", "Questions", Family.PROGRESS),
        SlotState.DONE: Shown("발표 마침", "Done", Family.DONE),
        SlotState.ABSENT: Shown("불참", "Absent", Family.STOPPED),
    },
)


class BonusState(StrEnum):
    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


bonuses_table = StateTable(
    name="bonus",
    moves={BonusState.PROPOSED: frozenset({BonusState.CONFIRMED, BonusState.REFUSED})},
    shown={
        BonusState.PROPOSED: Shown("확인 대기", "To be confirmed", Family.ATTENTION),
        BonusState.CONFIRMED: Shown("반영", "Counts", Family.DONE),
        BonusState.REFUSED: Shown("반영하지 않음", "Does not count", Family.STOPPED),
    },
)


class ObjectionState(StrEnum):
    FILED = "filed"
    DISMISSED = "dismissed"
    UPHELD = "upheld"
    RESCORED = "rescored"


objections_table = StateTable(
    name="objection",
    moves={
        ObjectionState.FILED: frozenset({ObjectionState.DISMISSED, ObjectionState.UPHELD}),
        ObjectionState.UPHELD: frozenset({ObjectionState.RESCORED}),
    },
    shown={
        ObjectionState.FILED: Shown("이의신청 접수", "Filed", Family.ATTENTION),
        ObjectionState.DISMISSED: Shown("받아들이지 않음", "Dismissed", Family.STOPPED),
        ObjectionState.UPHELD: Shown("다시 평가", "To be evaluated anew", Family.PROGRESS),
        ObjectionState.RESCORED: Shown("다시 평가함", "Evaluated anew", Family.DONE),
    },
)


class ProposalState(StrEnum):
    PROPOSED = "proposed"
    FIXED = "fixed"
    DROPPED = "dropped"


proposals_table = StateTable(
    name="proposal",
    moves={ProposalState.PROPOSED: frozenset({ProposalState.FIXED, ProposalState.DROPPED})},
    shown={
        ProposalState.PROPOSED: Shown("제안", "Proposed", Family.PROGRESS),
        ProposalState.FIXED: Shown("확정", "Fixed", Family.DONE),
        ProposalState.DROPPED: Shown("쓰지 않음", "Not used", Family.STOPPED),
    },
)


class ChallengeState(StrEnum):
    ASKED = "asked"
    UPHELD = "upheld"
    REJECTED = "rejected"
    LAPSED = "lapsed"


challenges_table = StateTable(
    name="challenge",
    moves={
        ChallengeState.ASKED: frozenset(
            {ChallengeState.UPHELD, ChallengeState.REJECTED, ChallengeState.LAPSED}
        )
    },
    shown={
        ChallengeState.ASKED: Shown("기피 신청", "Challenged", Family.ATTENTION),
        ChallengeState.UPHELD: Shown("받아들임", "Upheld", Family.DONE),
        ChallengeState.REJECTED: Shown("받아들이지 않음", "Rejected", Family.STOPPED),
        ChallengeState.LAPSED: Shown("위원회 해산으로 끝남", "Ended with the committee", Family.STOPPED),
    },
)
