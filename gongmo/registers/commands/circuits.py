"""What operators do with a breaker. The machine's matter: the log keeps it, not the record."""

import logging

from django.db import transaction

from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import NotFound, Refused
from gongmo.registers import policies
from gongmo.registers.models import Circuit
from gongmo.registers.outcomes import Register
from gongmo.registers.settings import is_on
from gongmo.registers.states import CircuitState

log = logging.getLogger(__name__)


def try_at_once(*, actor: Actor, register: Register) -> None:
    """End a register's pause, so that the next question tries it (after a key was mended). Raises NotFound, or Refused without a pause."""
    if not policies.operate(actor):
        raise NotFound
    with transaction.atomic():
        circuit = Circuit.objects.select_for_update().filter(pk=register.value).first()
        if circuit is None or circuit.state != CircuitState.OPEN or not is_on(register):
            raise Refused(
                "not_held",
                "이 등록부는 멈춰 있지 않습니다.",
                "This register is not held off.",
            )
        circuit.retry_at = clock.now()
        circuit.save(update_fields=["retry_at"])
    log.info("register %s is tried at once for person %s", register.value, actor.person)
