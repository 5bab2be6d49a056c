"""What may be read of registers: their last answers by number, and how they fare."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Max

from gongmo.definition.base import Text
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import NotFound
from gongmo.kernel.states import Shown
from gongmo.parties.models import Organisation
from gongmo.registers import policies
from gongmo.registers.commands.asking import of_row
from gongmo.registers.models import Circuit, RegisterAnswer, Wanted
from gongmo.registers.outcomes import NAMES, Outcome, Register, shown
from gongmo.registers.settings import configuration, is_on
from gongmo.registers.states import CircuitState, circuits_table
from gongmo.registers.trouble import WORDS, Trouble
from gongmo.registers.values import Answer

ORGANISATIONS = (
    Register.BUSINESS_STATUS,
    Register.BUSINESS_VALIDATION,
    Register.ACCOUNTS,
    Register.OUTLINE,
)
"""The registers that speak of organisations."""


@dataclass(frozen=True, slots=True)
class Line:
    """The last answer of one register on one number, as pages show it.

    `waiting` holds since when and how often it could not be asked for, and when it is tried next; then `answer` is the last real one.
    """

    register: Register
    name: Text
    number: str
    answer: Answer | None
    shown: Shown | None
    waiting: "Waiting | None" = None

    @property
    def outcome(self) -> Outcome | None:
        """What is known: UNAVAILABLE where the register could not be asked and nothing was known before."""
        if self.answer is not None:
            return self.answer.outcome
        return Outcome.UNAVAILABLE if self.waiting is not None else None


@dataclass(frozen=True, slots=True)
class Waiting:
    """An outage on somebody's behalf."""

    since: datetime
    tries: int
    why: Text
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class Health:
    """How one register fares."""

    register: Register
    name: Text
    on: bool
    state: CircuitState
    shown: Shown
    why: Text | None
    detail: str
    retry_at: datetime | None
    went_well_at: datetime | None
    failed_at: datetime | None
    requests: int
    wanted: int


def last_answers(
    numbers: Iterable[str], registers: Sequence[Register] = ORGANISATIONS
) -> dict[str, list[Line]]:
    """The last answers by number, in the order of `registers`; registers without an answer or an outage are left out. Three statements.

    For floors above, which have decided who may see them.
    """
    wanted = sorted({number for number in numbers if number})
    keys = [register.value for register in registers]
    answers: dict[tuple[str, str], RegisterAnswer] = {}
    waiting: dict[tuple[str, str], Wanted] = {}
    for start in range(0, len(wanted), 500):
        part = wanted[start : start + 500]
        rows = RegisterAnswer.objects.filter(number__in=part, register__in=keys)
        real = rows.exclude(outcome=Outcome.UNAVAILABLE)
        newest = real.values("number", "register").annotate(newest=Max("id")).values_list("newest", flat=True)
        answers.update(
            ((row.number, row.register), row) for row in RegisterAnswer.objects.filter(pk__in=list(newest))
        )
        waiting.update(
            ((row.number, row.register), row)
            for row in Wanted.objects.filter(number__in=part, register__in=keys).order_by("tried_at")
        )
    pauses = _pauses() if waiting else {}
    found: dict[str, list[Line]] = {}
    for number in wanted:
        for register in registers:
            row, wait = answers.get((number, register.value)), waiting.get((number, register.value))
            if row is not None or wait is not None:
                found.setdefault(number, []).append(_line(register, number, row, wait, pauses))
    return found


def own_lines(actor: Actor, organisation: Organisation) -> list[Line]:
    """What registers last said of an organisation, for its own people and operators. Raises NotFound. Five statements at most."""
    if not policies.see_own(actor, organisation.pk):
        raise NotFound
    numbers = [number for number in (organisation.business_number, organisation.corporate_number) if number]
    found = last_answers(numbers)
    return [line for number in numbers for line in found.get(number, ())]


def history(number: str, *, limit: int = 20) -> list[Line]:
    """Every answer on a number, newest first, outages with them. One statement."""
    rows = RegisterAnswer.objects.filter(number=number).order_by("-id")[:limit]
    return [_line(Register(row.register), number, row, None, {}) for row in rows]


def _line(
    register: Register,
    number: str,
    row: RegisterAnswer | None,
    wait: Wanted | None,
    pauses: Mapping[str, datetime | None],
) -> Line:
    answer = of_row(row) if row is not None else None
    outcome = answer.outcome if answer is not None else Outcome.UNAVAILABLE
    return Line(
        register=register,
        name=NAMES[register],
        number=number,
        answer=answer,
        shown=shown(register, outcome),
        waiting=None
        if wait is None
        else Waiting(wait.since, wait.tries, WORDS[Trouble(wait.trouble)], pauses.get(register.value)),
    )


def _pauses() -> dict[str, datetime | None]:
    return dict(Circuit.objects.values_list("register", "retry_at"))


def troubled() -> list[Health]:
    """The registers that are held off now: what a page says above its acts. One statement."""
    return [each for each in _healths() if each.on and each.state is not CircuitState.CLOSED]


def healths(actor: Actor) -> list[Health]:
    """Every register for its operator. Raises NotFound for others. Two statements."""
    if not policies.operate(actor):
        raise NotFound
    counts: dict[str, int] = {}
    for register in Wanted.objects.values_list("register", flat=True):
        counts[register] = counts.get(register, 0) + 1
    return [replace(each, wanted=counts.get(each.register.value, 0)) for each in _healths()]


def _healths() -> list[Health]:
    rows = {circuit.register: circuit for circuit in Circuit.objects.all()}
    found = []
    for register in Register:
        circuit = rows.get(register.value) or Circuit(register=register.value)
        state = CircuitState(circuit.state)
        found.append(
            Health(
                register=register,
                name=NAMES[register],
                on=is_on(register),
                state=state,
                shown=circuits_table.shown[state],
                why=WORDS[Trouble(circuit.trouble)] if circuit.trouble else None,
                detail=circuit.detail,
                retry_at=circuit.retry_at,
                went_well_at=circuit.went_well_at,
                failed_at=circuit.failed_at,
                requests=circuit.requests,
                wanted=0,
            )
        )
    return found


def any_on() -> bool:
    """Whether any register that speaks of organisations has a key."""
    return any(register in configuration().services for register in ORGANISATIONS)
