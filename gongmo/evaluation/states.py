"""States in the evaluation: a committee, a seat, a stage, a score sheet, a site visit, a substitute presenter."""

from enum import StrEnum

from gongmo.kernel.states import Family, Shown, StateTable


class SeatState(StrEnum):
    INVITED = "invited"
    PLEDGED = "pledged"
    RECUSED = "recused"
    DECLINED = "declined"


seats_table = StateTable(
    name="seat",
    moves={
        SeatState.INVITED: frozenset({SeatState.PLEDGED, SeatState.DECLINED}),
        SeatState.PLEDGED: frozenset({SeatState.RECUSED}),
    },
    shown={
        SeatState.INVITED: Shown("위촉 요청", "Invited", Family.ATTENTION),
        SeatState.PLEDGED: Shown("위촉·서약", "Seated", Family.DONE),
        SeatState.RECUSED: Shown("회피", "Recused", Family.STOPPED),
        SeatState.DECLINED: Shown("거절", "Declined", Family.STOPPED),
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
    DONE = "done"


visits_table = StateTable(
    name="site_visit",
    moves={VisitState.WANTED: frozenset({VisitState.DONE})},
    shown={
        VisitState.WANTED: Shown("현장평가 필요", "Visit wanted", Family.ATTENTION),
        VisitState.DONE: Shown("현장평가 완료", "Visited", Family.DONE),
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
