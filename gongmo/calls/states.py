"""The life of a call. Whether it takes applications is decided by its instants, not by its state."""

from enum import StrEnum

from gongmo.kernel.states import Family, Shown, StateTable


class CallState(StrEnum):
    PUBLISHED = "published"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    FINISHED = "finished"


calls_table = StateTable(
    name="call",
    moves={
        CallState.PUBLISHED: frozenset({CallState.CLOSED, CallState.CANCELLED}),
        CallState.CLOSED: frozenset({CallState.PUBLISHED, CallState.FINISHED, CallState.CANCELLED}),
    },
    shown={
        CallState.PUBLISHED: Shown("공고", "Published", Family.PROGRESS),
        CallState.CLOSED: Shown("접수 마감", "Closed", Family.PROGRESS),
        CallState.CANCELLED: Shown("취소", "Cancelled", Family.STOPPED),
        CallState.FINISHED: Shown("완료", "Finished", Family.DONE),
    },
)
LIVES = {
    "coming": Shown("접수 전", "Not open yet", Family.PREPARING),
    "open": Shown("접수 중", "Open", Family.PROGRESS),
    "ended": calls_table.shown[CallState.CLOSED],
} | {state.value: shown for state, shown in calls_table.shown.items()}
"""Where a call stands for its readers (gongmo.calls.listing_views.call_life), the same words on every page."""
