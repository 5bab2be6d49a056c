"""What must hold of the registers' answers and breakers in live data."""

import json
from collections.abc import Iterator

from gongmo.kernel.canonical import canonical_json
from gongmo.kernel.invariants import Broken, invariant
from gongmo.registers.models import Circuit, RegisterAnswer
from gongmo.registers.outcomes import Outcome, Register
from gongmo.registers.states import CircuitState


@invariant(
    "registers.answers",
    ko="등록부의 답은 알려진 등록부와 결과를 가지며 내용이 표준 JSON입니다.",
    en="Every register's answer names a known register and outcome, and its content is canonical JSON.",
)
def answers_readable() -> Iterator[Broken]:
    registers, outcomes = set(Register), set(Outcome)
    for row in RegisterAnswer.objects.order_by("id").iterator(chunk_size=500):
        if row.register not in registers or row.outcome not in outcomes:
            yield Broken(f"answer {row.pk}", f"{row.register}: {row.outcome}", "a known register and outcome")
        elif canonical_json(json.loads(row.payload)) != row.payload:
            yield Broken(f"answer {row.pk}", "content in another form", "canonical JSON")


@invariant(
    "registers.circuits",
    ko="멈춘 등록부에는 다시 확인할 때가 있고, 정상인 등록부에는 없습니다.",
    en="A register that is held off says when it is tried again, one that works does not.",
)
def circuits_say_when() -> Iterator[Broken]:
    for circuit in Circuit.objects.all():
        held = circuit.state != CircuitState.CLOSED
        if held != (circuit.retry_at is not None):
            yield Broken(
                circuit.register, f"{circuit.state}, tried at {circuit.retry_at}", "a time only while held"
            )
