"""State tables: the states of a thing and the moves that are allowed, as plain data that can be drawn and tested."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from gongmo.kernel.errors import Refused

S = TypeVar("S", bound=StrEnum)


class Family(StrEnum):
    """The five families in which every state is shown (screens.md): word, colour and icon stay the same everywhere."""

    PREPARING = "preparing"
    PROGRESS = "progress"
    ATTENTION = "attention"
    DONE = "done"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Shown:
    """How a state is shown: Korean and English word, and its family."""

    ko: str
    en: str
    family: Family


@dataclass(frozen=True)
class StateTable(Generic[S]):
    """Allowed moves `{state: {next states}}` and how each state is shown."""

    name: str
    moves: Mapping[S, frozenset[S]]
    shown: Mapping[S, Shown]

    def allows(self, now: S, then: S) -> bool:
        return then in self.moves.get(now, frozenset())

    def require(self, now: S, then: S) -> S:
        """The next state, or Refused with both states named."""
        if now == then and not self.allows(now, then):
            # A second press, another window, a colleague: the thing is as it was wanted.
            raise Refused(
                f"{self.name}_state",
                f"이미 ‘{self.shown[now].ko}’ 상태입니다. 다른 창이나 다른 사람이 먼저 처리했습니다. 지금 상태를 확인해 주세요.",
                f"It is “{self.shown[now].en}” already: another window or somebody else was first. Look at it as it is now.",
                details={"now": now.value, "then": then.value},
            )
        if not self.allows(now, then):
            raise Refused(
                f"{self.name}_state",
                f"지금은 ‘{self.shown[now].ko}’ 상태라서 ‘{self.shown[then].ko}’ 상태로 바꿀 수 없습니다.",
                f"It is now “{self.shown[now].en}” and cannot become “{self.shown[then].en}”.",
                details={"now": now.value, "then": then.value},
            )
        return then

    def choices(self) -> list[tuple[str, str]]:
        """For a Django field."""
        return [(state.value, shown.ko) for state, shown in self.shown.items()]
