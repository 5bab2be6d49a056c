"""The configuration in force."""

from django.conf import settings

from gongmo.registers.config import Configuration
from gongmo.registers.outcomes import Register


def configuration() -> Configuration:
    """What the environment said at start (gongmo.registers.config)."""
    found: Configuration = settings.GONGMO_REGISTERS
    return found


def is_on(register: Register) -> bool:
    """Whether this register has a key."""
    return register in configuration().services
