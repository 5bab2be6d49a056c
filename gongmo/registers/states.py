"""States of a register's circuit breaker."""

from enum import StrEnum

from gongmo.kernel.states import Family, Shown, StateTable


class CircuitState(StrEnum):
    CLOSED = "closed"
    OPEN = "open"
    PROBING = "probing"


circuits_table = StateTable(
    name="circuit",
    moves={
        CircuitState.CLOSED: frozenset({CircuitState.OPEN}),
        CircuitState.OPEN: frozenset({CircuitState.PROBING}),
        CircuitState.PROBING: frozenset({CircuitState.CLOSED, CircuitState.OPEN}),
    },
    shown={
        CircuitState.CLOSED: Shown("정상", "Working", Family.DONE),
        CircuitState.OPEN: Shown("멈춤", "Held off", Family.STOPPED),
        CircuitState.PROBING: Shown("다시 확인 중", "Being tried", Family.PROGRESS),
    },
)
