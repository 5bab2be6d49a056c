"""States of a list of earlier projects on its way into the corpus, and of a search."""

from enum import StrEnum

from gongmo.kernel.states import Family, Shown, StateTable


class ImportState(StrEnum):
    PREVIEW = "preview"
    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
    DROPPING = "dropping"
    DROPPED = "dropped"


imports_table = StateTable(
    name="corpus_import",
    moves={
        ImportState.PREVIEW: frozenset({ImportState.WAITING, ImportState.DROPPED}),
        ImportState.WAITING: frozenset({ImportState.DONE, ImportState.FAILED}),
        ImportState.FAILED: frozenset({ImportState.WAITING, ImportState.DROPPING}),
        ImportState.DONE: frozenset({ImportState.DROPPING}),
        ImportState.DROPPING: frozenset({ImportState.DROPPED}),
    },
    shown={
        ImportState.PREVIEW: Shown("확인 기다림", "To be confirmed", Family.ATTENTION),
        ImportState.WAITING: Shown("가져오는 중", "Coming in", Family.PROGRESS),
        ImportState.DONE: Shown("가져옴", "In the corpus", Family.DONE),
        ImportState.FAILED: Shown("멈춤", "Stopped", Family.ATTENTION),
        ImportState.DROPPING: Shown("지우는 중", "Being deleted", Family.PROGRESS),
        ImportState.DROPPED: Shown("지움", "Deleted", Family.STOPPED),
    },
)


class Verdict(StrEnum):
    """What an officer says of an earlier project beside an application."""

    SAME = "same"
    NOT_SAME = "not_same"
    FOLLOW_UP = "follow_up"


VERDICTS = {
    Verdict.NOT_SAME: Shown("같거나 비슷하지 않음", "Not the same", Family.DONE),
    Verdict.SAME: Shown("같거나 비슷함", "The same or similar", Family.STOPPED),
    Verdict.FOLLOW_UP: Shown("끝난 과제의 후속 지원", "Follow-up of an ended project", Family.ATTENTION),
}
