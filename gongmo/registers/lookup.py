"""Looking an address up while a person waits: under the breaker, with short limits and a single try."""

from dataclasses import replace

from gongmo.registers import breaker
from gongmo.registers.adapters.addresses import Place, search
from gongmo.registers.outcomes import Register
from gongmo.registers.settings import configuration
from gongmo.registers.trouble import Down, Trouble

SECONDS = 3.0


def addresses(keyword: str) -> tuple[list[Place], int]:
    """The first addresses for a keyword and how many there are. At most three seconds. Raises Down."""
    settings = configuration()
    service = settings.services.get(Register.ADDRESSES)
    if service is None:
        raise Down(Trouble.OFF)
    breaker.enter(Register.ADDRESSES)
    hurried = replace(
        settings,
        connect_seconds=min(settings.connect_seconds, SECONDS / 2),
        read_seconds=min(settings.read_seconds, SECONDS),
        total_seconds=min(settings.total_seconds, SECONDS),
    )
    try:
        found = search(hurried, service, keyword)
    except Down as down:
        breaker.failed(Register.ADDRESSES, down, settings)
        raise
    breaker.went_well(Register.ADDRESSES)
    return found
