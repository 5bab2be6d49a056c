"""What a web process tells of itself every few seconds: its memory, and how full it is."""

from gongmo.kernel.memory import held_bytes
from gongmo.operation import metrics
from gongmo.web.places import Kind, Load

_turned = [0] * len(Kind)


def tell(load: Load) -> None:
    """Set this process's gauges, and count whom the gate has turned away since the last time."""
    memory = held_bytes()
    metrics.PROCESSES.set(1)
    metrics.MEMORY.set(memory)
    metrics.MEMORY_MOST.set(memory)
    metrics.GATE_RUNNING.set(sum(load.running))
    metrics.GATE_WAITING.set(sum(load.waiting))
    for kind, turned in zip(Kind, load.turned, strict=True):
        if more := turned - _turned[kind]:
            _turned[kind] = turned
            metrics.TURNED_AWAY.labels(kind.name.lower()).inc(more)
