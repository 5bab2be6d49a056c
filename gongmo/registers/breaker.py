"""The circuit breaker: a register that fails is left alone for a while, by every process, and then tried by one of them.

Short transactions of its own: no lock is held while a register is asked.
"""

import logging
from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import F

from gongmo.kernel import clock
from gongmo.registers.config import Configuration
from gongmo.registers.models import Circuit
from gongmo.registers.outcomes import Register
from gongmo.registers.states import CircuitState, circuits_table
from gongmo.registers.trouble import Down, Trouble

log = logging.getLogger(__name__)
PROBE = timedelta(minutes=10)
"""A trial whose process died is taken up by another after this."""
AFTER_MIDNIGHT = time(0, 10)
"""Quotas are counted by the day, Seoul."""


def enter(register: Register) -> None:
    """Pass, or raise Down(HELD) while the register is left alone. When its pause is over, one caller passes to try it."""
    standing = Circuit.objects.filter(pk=register.value).first()
    if standing is None or standing.state == CircuitState.CLOSED:
        return
    now = clock.now()
    if standing.retry_at is not None and now < standing.retry_at:
        raise Down(Trouble.HELD, standing.trouble)
    with transaction.atomic():
        circuit = Circuit.objects.select_for_update().get(pk=register.value)
        if circuit.state == CircuitState.CLOSED:
            return
        if circuit.retry_at is not None and now < circuit.retry_at:
            raise Down(Trouble.HELD, circuit.trouble)
        if circuit.state == CircuitState.OPEN:
            circuit.state = circuits_table.require(CircuitState.OPEN, CircuitState.PROBING)
        # Nobody else tries until this one has come back, or must be taken for dead.
        circuit.retry_at = now + PROBE
        circuit.save(update_fields=["state", "retry_at"])


def went_well(register: Register) -> None:
    """A request was answered, whatever the answer: the breaker closes."""
    now = clock.now()
    fine = {
        "state": CircuitState.CLOSED,
        "failures": 0,
        "openings": 0,
        "retry_at": None,
        "trouble": "",
        "detail": "",
    }
    touched = Circuit.objects.filter(pk=register.value).update(
        **fine, went_well_at=now, requests=F("requests") + 1
    )
    if not touched:
        Circuit.objects.get_or_create(
            pk=register.value, defaults={**fine, "went_well_at": now, "requests": 1}
        )


def failed(register: Register, down: Down, configuration: Configuration) -> None:
    """A request failed with all its tries. What only concerns that request (REFUSED) says nothing about the register."""
    if down.trouble in (Trouble.OFF, Trouble.HELD):
        return
    now = clock.now()
    with transaction.atomic():
        Circuit.objects.get_or_create(pk=register.value)
        circuit = Circuit.objects.select_for_update().get(pk=register.value)
        circuit.requests += 1
        circuit.failed_at = now
        if down.trouble is Trouble.REFUSED:
            if circuit.state == CircuitState.PROBING:
                # It answered: it is there.
                circuit.state, circuit.retry_at, circuit.openings = CircuitState.CLOSED, None, 0
            circuit.save()
            return
        circuit.failures += 1
        circuit.trouble, circuit.detail = down.trouble.value, down.detail
        at_once = down.trouble in (Trouble.KEY, Trouble.QUOTA)
        if at_once or circuit.state == CircuitState.PROBING or circuit.failures >= configuration.failures:
            if circuit.state != CircuitState.OPEN:
                circuit.opened_at = now
                circuit.openings += 1
            circuit.state = CircuitState.OPEN
            circuit.retry_at = now + _pause(down.trouble, circuit.openings, now, configuration)
            log.warning("register %s is left alone until %s: %s", register.value, circuit.retry_at, down)
        circuit.save()


def _pause(trouble: Trouble, openings: int, now: datetime, configuration: Configuration) -> timedelta:
    if trouble is Trouble.QUOTA:
        tomorrow = now.astimezone(clock.SEOUL).date() + timedelta(days=1)
        return datetime.combine(tomorrow, AFTER_MIDNIGHT, clock.SEOUL) - now
    if trouble is Trouble.KEY:
        return configuration.key_pause
    doubled: int = 2 ** min(openings - 1, 10)
    return min(configuration.pause * doubled, configuration.longest_pause)
